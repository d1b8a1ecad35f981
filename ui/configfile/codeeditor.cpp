// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/configfile/codeeditor.h"

#include "core/base/linediff.h"
#include "ui/configfile/editedtext.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QTextBlock>
#include <QToolTip>

#include <algorithm>
#include <functional>
#include <set>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int signSize = 14;
constexpr int mostHits = 2000;
const QString indentation = QStringLiteral("  ");

/// A line's indentation.
QString indentOf(const QString &line)
{
    qsizetype end = 0;
    while (end < line.size() && (line[end] == u' ' || line[end] == u'\t'))
        ++end;
    return line.left(end);
}

bool isWordPart(QChar c)
{
    return c.isLetterOrNumber() || u"_-.$\"'[]"_s.contains(c);
}

} // namespace

class CodeEditor::Margin final : public QWidget
{
public:
    explicit Margin(CodeEditor &editor) : QWidget(&editor), m_editor(editor) { setCursor(Qt::ArrowCursor); }

protected:
    void paintEvent(QPaintEvent *event) override { m_editor.paintMargin(event); }
    void mousePressEvent(QMouseEvent *event) override
    {
        const QTextCursor cursor = m_editor.cursorForPosition({0, qRound(event->position().y())});
        m_editor.showPlace(cursor.blockNumber() + 1);
        m_editor.setFocus(Qt::MouseFocusReason);
    }
    void wheelEvent(QWheelEvent *event) override { m_editor.wheelEvent(event); }
    bool event(QEvent *event) override
    {
        if (event->type() == QEvent::ToolTip) {
            const auto *help = static_cast<QHelpEvent *>(event);
            return m_editor.showToolTip(help->globalPos(), m_editor.cursorForPosition({0, help->pos().y()}).blockNumber() + 1);
        }
        return QWidget::event(event);
    }

private:
    CodeEditor &m_editor;
};

CodeEditor::CodeEditor(QWidget *parent) : QPlainTextEdit(parent), m_margin(new Margin(*this))
{
    setFont(monospaceFont());
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTabStopDistance(fontMetrics().horizontalAdvance(u' ') * 4);
    connect(this, &QPlainTextEdit::blockCountChanged, this, &CodeEditor::layOutMargin);
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect &rect, int dy) {
        if (dy != 0)
            m_margin->scroll(0, dy);
        else
            m_margin->update(0, rect.y(), m_margin->width(), rect.height());
    });
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, [this] {
        refreshSelections();
        m_margin->update();
    });
    connect(document(), &QTextDocument::contentsChanged, this, [this] {
        if (!m_search.isEmpty())
            findHits();
    });
    layOutMargin();
    refreshSelections();
}

void CodeEditor::setMarks(const QList<Mark> &marks)
{
    if (m_marks == marks)
        return;
    m_marks = marks;
    refreshSelections();
    m_margin->update();
}

QString CodeEditor::markText(int line) const
{
    QStringList texts;
    for (const Mark &mark : m_marks) {
        if (mark.line == line && line > 0)
            texts << mark.text;
    }
    return texts.join(u'\n');
}

void CodeEditor::showPlace(int line, int column)
{
    const QTextBlock block = document()->findBlockByNumber(std::clamp(line, 1, blockCount()) - 1);
    QTextCursor cursor(block);
    cursor.setPosition(block.position() + std::clamp(column - 1, 0, block.length() - 1));
    setTextCursor(cursor);
    const QRect seen = cursorRect();
    if (!viewport()->rect().contains(seen.center()))
        centerCursor();
    ensureCursorVisible();
}

void CodeEditor::replaceText(const QString &text)
{
    const std::string before = toUtf8(editorText(*this));
    const std::string after = toUtf8(text);
    if (before == after)
        return;
    const std::vector<std::string_view> old = base::splitLines(before);
    const std::vector<std::string_view> now = base::splitLines(after);
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    const std::vector<base::Hunk> hunks = base::diffLines(old, now);
    for (auto hunk = hunks.rbegin(); hunk != hunks.rend(); ++hunk) { // from the end, so that the numbers before stay right
        const auto positionOf = [&](std::size_t line) {
            if (line < static_cast<std::size_t>(blockCount()))
                return document()->findBlockByNumber(static_cast<int>(line)).position();
            return document()->characterCount() - 1; // behind the last line, which has no end
        };
        std::string added;
        for (std::size_t i = hunk->afterBegin; i < hunk->afterEnd; ++i)
            added += now[i];
        cursor.setPosition(positionOf(hunk->beforeBegin));
        cursor.setPosition(positionOf(hunk->beforeEnd), QTextCursor::KeepAnchor);
        cursor.insertText(fromUtf8(added));
    }
    cursor.endEditBlock();
}

void CodeEditor::setSearch(const QString &text, QTextDocument::FindFlags flags)
{
    m_search = text;
    m_searchFlags = flags;
    findHits();
}

void CodeEditor::findHits()
{
    m_hits.clear();
    if (!m_search.isEmpty()) {
        for (QTextCursor hit = document()->find(m_search, 0, m_searchFlags); !hit.isNull() && m_hits.size() < mostHits; hit = document()->find(m_search, hit, m_searchFlags))
            m_hits.append(hit);
    }
    refreshSelections();
    Q_EMIT hitsChanged();
}

bool CodeEditor::select(const QTextCursor &hit)
{
    setTextCursor(hit);
    if (!viewport()->rect().contains(cursorRect().center()))
        centerCursor();
    ensureCursorVisible();
    return true;
}

bool CodeEditor::showHit(Direction direction)
{
    if (m_hits.isEmpty())
        return false;
    const QTextCursor at = textCursor();
    if (direction == Direction::Forward) {
        const auto next = std::ranges::find_if(m_hits, [&](const QTextCursor &hit) { return hit.selectionStart() >= at.selectionEnd(); });
        return select(next == m_hits.end() ? m_hits.front() : *next);
    }
    const auto next = std::find_if(m_hits.rbegin(), m_hits.rend(), [&](const QTextCursor &hit) { return hit.selectionEnd() <= at.selectionStart(); });
    return select(next == m_hits.rend() ? m_hits.back() : *next);
}

bool CodeEditor::showFirstHit()
{
    if (m_hits.isEmpty())
        return false;
    const int from = textCursor().selectionStart();
    const auto next = std::ranges::find_if(m_hits, [&](const QTextCursor &hit) { return hit.selectionStart() >= from; });
    return select(next == m_hits.end() ? m_hits.front() : *next);
}

int CodeEditor::currentHit() const
{
    const QTextCursor at = textCursor();
    for (qsizetype i = 0; i < m_hits.size(); ++i) {
        if (at.hasSelection() && m_hits[i].selectionStart() == at.selectionStart() && m_hits[i].selectionEnd() == at.selectionEnd())
            return static_cast<int>(i + 1);
    }
    return 0;
}

QTextCursor CodeEditor::markedText(const Mark &mark) const
{
    const QTextBlock block = document()->findBlockByNumber(mark.line - 1);
    const QString line = block.text();
    qsizetype begin = mark.column > 0 ? mark.column - 1 : indentOf(line).size();
    qsizetype end = begin;
    while (end < line.size() && isWordPart(line[end]))
        ++end;
    if (end <= begin && begin < line.size() && line[begin] == u'{') { // an entry of a list
        const qsizetype close = line.indexOf(u'}', begin);
        end = close < 0 ? line.size() : close + 1;
    }
    if (end <= begin) // nothing to underline there: the end of the line
        end = std::min<qsizetype>(begin + 1, line.size());
    if (end <= begin)
        begin = std::max<qsizetype>(0, line.size() - 1);
    if (mark.column == 0)
        end = line.size();
    QTextCursor cursor(block);
    cursor.setPosition(block.position() + static_cast<int>(std::min(begin, line.size())));
    cursor.setPosition(block.position() + static_cast<int>(std::min(std::max(begin, end), line.size())), QTextCursor::KeepAnchor);
    return cursor;
}

void CodeEditor::refreshSelections()
{
    const Colors &c = colors(palette());
    QList<QTextEdit::ExtraSelection> selections;
    QTextEdit::ExtraSelection current;
    current.format.setBackground(mixed(c.accent, palette().color(QPalette::Base), 0.07));
    current.format.setProperty(QTextFormat::FullWidthSelection, true);
    current.cursor = textCursor();
    current.cursor.clearSelection();
    selections << current;
    for (const QTextCursor &hit : std::as_const(m_hits)) {
        QTextEdit::ExtraSelection found;
        found.cursor = hit;
        found.format.setBackground(mixed(c.warning, palette().color(QPalette::Base), 0.3));
        selections << found;
    }
    for (const Mark &mark : std::as_const(m_marks)) {
        if (mark.line < 1 || mark.line > blockCount())
            continue;
        QTextEdit::ExtraSelection wavy;
        wavy.cursor = markedText(mark);
        wavy.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        wavy.format.setUnderlineColor(mark.kind == Mark::Kind::Error ? c.danger : c.warning);
        selections << wavy;
    }
    setExtraSelections(selections);
}

bool CodeEditor::showToolTip(const QPoint &global, int line)
{
    const QString text = markText(line);
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(global, u"<p style='white-space:pre-wrap'>"_s + text.toHtmlEscaped() + u"</p>"_s, this);
    return true;
}

bool CodeEditor::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QPoint inside = viewport()->mapFrom(this, help->pos());
        const QTextCursor cursor = cursorForPosition(inside);
        const bool onLine = cursorRect(cursor).adjusted(-10000, 0, 10000, 0).contains(inside);
        return showToolTip(help->globalPos(), onLine ? cursor.blockNumber() + 1 : 0);
    }
    return QPlainTextEdit::event(event);
}

void CodeEditor::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refreshSelections();
    if (event->type() == QEvent::FontChange && m_margin)
        layOutMargin();
}

void CodeEditor::keyPressEvent(QKeyEvent *event)
{
    if (isReadOnly()) {
        QPlainTextEdit::keyPressEvent(event);
        return;
    }
    const bool plain = event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier;
    if (plain && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        QTextCursor cursor = textCursor();
        const QString before = cursor.block().text().left(cursor.selectionStart() - document()->findBlock(cursor.selectionStart()).position());
        cursor.insertText(u'\n' + indentOf(before));
        setTextCursor(cursor);
        ensureCursorVisible();
        return;
    }
    if (plain && event->key() == Qt::Key_Tab) {
        indentLines(Direction::Forward);
        return;
    }
    if (event->key() == Qt::Key_Backtab) {
        indentLines(Direction::Backward);
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void CodeEditor::indentLines(Direction direction)
{
    QTextCursor cursor = textCursor();
    if (direction == Direction::Forward && !cursor.hasSelection()) {
        cursor.insertText(indentation);
        setTextCursor(cursor);
        return;
    }
    const QTextBlock first = document()->findBlock(cursor.selectionStart());
    QTextBlock last = document()->findBlock(cursor.selectionEnd());
    if (last != first && last.position() == cursor.selectionEnd()) // nothing of it is selected
        last = last.previous();
    const int end = last.blockNumber();
    cursor.beginEditBlock();
    for (QTextBlock block = first; block.isValid() && block.blockNumber() <= end; block = block.next()) {
        QTextCursor at(block);
        if (direction == Direction::Forward) {
            at.insertText(indentation);
            continue;
        }
        const QString indent = indentOf(block.text());
        at.setPosition(block.position() + static_cast<int>(indent.startsWith(u'\t') ? 1 : std::min(indent.size(), indentation.size())), QTextCursor::KeepAnchor);
        at.removeSelectedText();
    }
    cursor.endEditBlock();
}

int CodeEditor::marginWidth() const
{
    const auto digits = std::max<qsizetype>(QString::number(blockCount()).size(), 2);
    return static_cast<int>(digits) * fontMetrics().horizontalAdvance(u'9') + signSize + 18;
}

void CodeEditor::layOutMargin()
{
    setViewportMargins(marginWidth(), 0, 0, 0);
    const QRect inside = contentsRect();
    m_margin->setGeometry(inside.left(), inside.top(), marginWidth(), inside.height());
}

void CodeEditor::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    layOutMargin();
}

void CodeEditor::paintMargin(QPaintEvent *event)
{
    QPainter painter(m_margin);
    const Colors &c = colors(palette());
    painter.fillRect(event->rect(), c.surface);
    painter.fillRect(m_margin->width() - 1, event->rect().top(), 1, event->rect().height(), c.border);
    painter.setFont(font());
    std::set<int> errors;
    std::set<int> warnings;
    for (const Mark &mark : std::as_const(m_marks))
        (mark.kind == Mark::Kind::Error ? errors : warnings).insert(mark.line);
    const int current = textCursor().blockNumber();
    QRectF box;
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        box = blockBoundingGeometry(block).translated(contentOffset());
        if (box.top() > event->rect().bottom())
            break;
        if (box.bottom() < event->rect().top())
            continue;
        const int line = block.blockNumber() + 1;
        const int top = qRound(box.top());
        const int height = fontMetrics().height();
        painter.setPen(block.blockNumber() == current ? palette().color(QPalette::Text) : c.muted);
        painter.drawText(0, top, m_margin->width() - 8, height, Qt::AlignRight, QString::number(line));
        const bool error = errors.contains(line);
        if (error || warnings.contains(line)) {
            icon(error ? "circle-alert"_L1 : "triangle-alert"_L1, error ? Tone::Danger : Tone::Warning)
                .paint(&painter, QRect(4, top + (height - signSize) / 2, signSize, signSize));
        }
    }
}

} // namespace cleat::ui
