// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/values/background.h"
#include "ui/values/bytesearch.h"
#include "ui/values/valueview.h"

#include <QAbstractScrollArea>

namespace cleat::ui {

/// Bytes as hexadecimal digits, sixteen a row (eight where it is narrow), with their place before and their characters after them. Read-only, with a caret and a selection. GUI thread.
class HexView final : public QAbstractScrollArea, public Findable
{
    Q_OBJECT
public:
    explicit HexView(QWidget *parent = nullptr);
    ~HexView() override;

    enum class Place { Start, Keep };
    void setBytes(ValueBytes bytes, Place place = Place::Start);
    int rowBytes() const { return m_rowBytes; }

    /// In bytes; begin == end: none.
    std::size_t selectionBegin() const { return m_anchor < m_caret ? m_anchor : m_caret; }
    std::size_t selectionEnd() const;
    /// From the first byte to the one before `end`.
    void select(std::size_t begin, std::size_t end);
    /// As digits or, where the characters are used, as text. All of it when nothing is selected.
    QString selectedText() const;
    void copy() const;

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
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    enum class Side { Digits, Characters };
    int rowHeight() const;
    int wholeRows() const;
    int charWidth() const;
    int placeDigits() const;
    int digitsX(int column) const;
    int charactersX(int column) const;
    int rowWidth() const;
    void fit();
    void refreshScrollBars();
    std::size_t byteAt(const QPoint &point, Side side) const;
    Side sideAt(int x) const;
    enum class Moving { Caret, Selection };
    void moveTo(std::int64_t byte, Moving moving);
    void ensureVisible(std::size_t byte);
    QString asDigits(std::string_view bytes) const;
    QString asCharacters(std::string_view bytes) const;
    void showHit(std::size_t number);
    void tellFind();

    ValueBytes m_bytes;
    int m_rowBytes = 16;
    std::size_t m_anchor = 0; ///< the byte where the selection began
    std::size_t m_caret = 0; ///< the byte where it ends, which is in it
    bool m_selected = false; ///< more than the caret
    Side m_side = Side::Digits;
    FindWish m_wish;
    ByteHits m_found;
    std::size_t m_hit = 0; ///< from 1
    QString m_problem;
    BackgroundWork m_searching;
};

} // namespace cleat::ui
