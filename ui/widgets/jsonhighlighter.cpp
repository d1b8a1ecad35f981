// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/jsonhighlighter.h"

#include "ui/widgets/theme.h"

#include <QEvent>
#include <QPlainTextEdit>

namespace cleat::ui {

namespace {

enum BlockState { Plain, InComment };

bool isLiteral(QChar c)
{
    return c.isLetterOrNumber() || c == u'-' || c == u'+' || c == u'.';
}

} // namespace

JsonHighlighter::JsonHighlighter(QPlainTextEdit &edit, Dialect dialect) : QSyntaxHighlighter(edit.document()), m_edit(edit), m_dialect(dialect)
{
    setParent(&edit);
    edit.installEventFilter(this);
    recolor();
}

void JsonHighlighter::recolor()
{
    const Colors &c = colors(m_edit.palette());
    m_key.setForeground(c.accent);
    m_string.setForeground(c.success);
    m_literal.setForeground(c.warning);
    m_comment.setForeground(c.muted);
    m_comment.setFontItalic(true);
}

bool JsonHighlighter::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::PaletteChange) {
        recolor();
        rehighlight();
    }
    return QSyntaxHighlighter::eventFilter(watched, event);
}

qsizetype JsonHighlighter::comment(const QString &text, qsizetype begin)
{
    const qsizetype inside = previousBlockState() == InComment && begin == 0 ? 0 : begin + 2;
    qsizetype end = text.indexOf(u"*/", inside);
    setCurrentBlockState(end < 0 ? InComment : Plain);
    end = end < 0 ? text.size() : end + 2;
    setFormat(static_cast<int>(begin), static_cast<int>(end - begin), m_comment);
    return end;
}

void JsonHighlighter::highlightBlock(const QString &text)
{
    setCurrentBlockState(Plain);
    qsizetype at = previousBlockState() == InComment ? comment(text, 0) : 0;
    while (at < text.size()) {
        const QChar c = text[at];
        const qsizetype begin = at;
        if (c == u'"') {
            ++at;
            while (at < text.size() && text[at] != u'"')
                at += text[at] == u'\\' ? 2 : 1;
            at = std::min(at + 1, text.size());
            qsizetype next = at;
            while (next < text.size() && text[next].isSpace())
                ++next;
            const bool key = next < text.size() && text[next] == u':';
            setFormat(static_cast<int>(begin), static_cast<int>(at - begin), key ? m_key : m_string);
        } else if (m_dialect == Dialect::WithComments && c == u'/' && at + 1 < text.size() && (text[at + 1] == u'/' || text[at + 1] == u'*')) {
            if (text[at + 1] == u'*') {
                at = comment(text, begin);
            } else {
                setFormat(static_cast<int>(begin), static_cast<int>(text.size() - begin), m_comment);
                at = text.size();
            }
        } else if (isLiteral(c)) {
            while (at < text.size() && isLiteral(text[at]))
                ++at;
            setFormat(static_cast<int>(begin), static_cast<int>(at - begin), m_literal);
        } else {
            ++at;
        }
    }
}

} // namespace cleat::ui
