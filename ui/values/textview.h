// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/values/background.h"
#include "ui/values/bytesearch.h"
#include "ui/values/textrows.h"

#include <QAbstractScrollArea>
#include <QBasicTimer>
#include <QTextLayout>

#include <map>
#include <memory>
#include <optional>

namespace cleat::ui {

/// A long text, read-only, with a caret, a selection and the numbers of its lines. Costs what is to be seen, not what there is: 25 MiB open at once, whatever their lines.
/// Characters that cannot be seen and bytes that are not UTF-8 are marked. GUI thread.
class TextView final : public QAbstractScrollArea, public Findable
{
    Q_OBJECT
public:
    explicit TextView(QWidget *parent = nullptr);
    ~TextView() override;

    enum class Place { Start, Keep };
    /// Keep: the same text, changed: the place and the selection stay as far as they can.
    void setBytes(ValueBytes bytes, Place place = Place::Start);
    enum class Wrap { Off, On };
    void setWrap(Wrap wrap);
    Wrap wrap() const { return m_wrap; }

    /// The selection, in bytes; begin == end: none, and the caret is there.
    std::size_t selectionBegin() const { return std::min(m_anchor, m_caret); }
    std::size_t selectionEnd() const { return std::max(m_anchor, m_caret); }
    void select(std::size_t begin, std::size_t end);
    /// What is selected, else all.
    QString selectedText() const;
    void copy() const;
    /// The rows that are known of and whether these are all.
    const TextRows &rows() const { return *m_rows; }
    bool isReading() const { return m_reading.isRunning(); }

    void find(const FindWish &wish) override;
    void findStep(Step step) override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void timerEvent(QTimerEvent *event) override;

private:
    class Numbers;
    /// A row that is laid out.
    struct Laid {
        TextRows::Spot spot;
        TextRows::Row row;
        ShownRow shown;
        std::unique_ptr<QTextLayout> layout;
    };

    int rowHeight() const;
    int wholeRows() const;
    int numbersWidth() const;
    int wantedCells() const;
    void cutRows();
    void refreshScrollBars();
    const Laid &laid(std::uint64_t number) const;
    int xOf(const Laid &laid, std::size_t offset) const;
    std::size_t offsetAt(const QPoint &point) const;
    std::size_t offsetInRow(std::uint64_t number, int x) const;
    void paintRow(QPainter &painter, const Laid &laid, int y);
    void paintNumbers(QPainter &painter);
    enum class Moving { Caret, Selection };
    void moveTo(std::size_t offset, Moving moving);
    bool moveByKey(const QKeyEvent &event);
    void moveRows(std::int64_t by, Moving moving);
    std::size_t stepped(std::size_t offset, int by) const;
    std::size_t wordEdge(std::size_t offset, int by) const;
    void ensureVisible(std::size_t offset);
    void showHit(std::size_t number);
    void tellFind();

    Numbers *m_numbers;
    std::shared_ptr<const TextRows> m_rows;
    ValueBytes m_bytes;
    Wrap m_wrap = Wrap::On;
    std::size_t m_anchor = 0;
    std::size_t m_caret = 0;
    std::optional<int> m_wishedX; ///< where up and down go
    mutable std::map<std::uint64_t, Laid> m_laid;
    std::uint64_t m_mostLines = 0; ///< that there may be: the numbers' room never shrinks while a value is shown, or its rows would be cut again and again
    int m_widest = 0; ///< of the rows that were seen, in pixels
    std::optional<std::size_t> m_topWhenRead; ///< what is to stand at the top once the rows are known
    std::optional<std::size_t> m_seenWhenRead;
    bool m_dragging = false;
    QBasicTimer m_dragTimer;
    FindWish m_wish;
    ByteHits m_found;
    std::size_t m_hit = 0; ///< from 1
    BackgroundWork m_searching;
    BackgroundWork m_reading;
};

} // namespace cleat::ui
