// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPlainTextEdit>
#include <QTextDocument>

namespace cleat::ui {

/// An editor for the text of a file: line numbers, the current line, marks with a wavy line, a sign in the margin and a tool tip. Enter keeps the indentation;
/// Tab and Shift+Tab indent by two blanks.
class CodeEditor final : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit CodeEditor(QWidget *parent = nullptr);

    struct Mark {
        enum class Kind { Warning, Error };
        Kind kind = Kind::Error;
        int line = 0;   ///< from 1; 0: of the whole file, shown nowhere
        int column = 0; ///< from 1, in UTF-16 units; 0: the whole line
        QString text;
        bool operator==(const Mark &) const = default;
    };
    void setMarks(const QList<Mark> &marks);
    /// The marks of a line, one below the other; empty when there are none. From 1.
    QString markText(int line) const;

    /// Puts the cursor there and shows it, in the middle where it was out of sight. Lines and columns count from 1.
    void showPlace(int line, int column = 1);
    /// Makes the text another one, changing only the lines that differ: the cursor and the view stay with their lines, and it can be undone.
    void replaceText(const QString &text);

    enum class Direction { Forward, Backward };
    /// What is being looked for is marked wherever it stands, also while the text changes; empty: nothing is.
    void setSearch(const QString &text, QTextDocument::FindFlags flags = {});
    /// Selects the next hit from the cursor on, and begins anew at the end; false when there is none.
    bool showHit(Direction direction);
    /// Selects the first hit at or behind the selection's start.
    bool showFirstHit();
    /// The number of the selected hit, from 1; 0: none is selected.
    int currentHit() const;
    int hits() const { return static_cast<int>(m_hits.size()); }

Q_SIGNALS:
    void hitsChanged();

protected:
    bool event(QEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    class Margin;
    int marginWidth() const;
    void layOutMargin();
    void paintMargin(QPaintEvent *event);
    bool showToolTip(const QPoint &global, int line);
    void refreshSelections();
    QTextCursor markedText(const Mark &mark) const;
    bool select(const QTextCursor &hit);
    void findHits();
    void indentLines(Direction direction);

    Margin *m_margin;
    QList<Mark> m_marks;
    QString m_search;
    QTextDocument::FindFlags m_searchFlags;
    QList<QTextCursor> m_hits;
};

} // namespace cleat::ui
