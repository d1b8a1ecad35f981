// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/configfile/tomlhighlighter.h"

#include "ui/widgets/theme.h"

#include <QEvent>
#include <QPlainTextEdit>

namespace cleat::ui {

namespace {

/// What a line begins in: a string over several lines, and the brackets that are open.
class State final
{
public:
    enum Quote { None, Basic, Literal };

    explicit State(int block) : m_bits(block < 0 ? start : static_cast<unsigned>(block)) {}
    int block() const { return static_cast<int>(m_bits); }

    Quote quote() const { return static_cast<Quote>(m_bits & 3U); }
    void setQuote(Quote quote) { m_bits = (m_bits & ~3U) | quote; }

    bool atTop() const { return m_bits >> 2 == 1; }
    bool inBraces() const { return !atTop() && (m_bits >> 2 & 1U); }
    void open(bool brace)
    {
        if (m_bits < 1U << 28)
            m_bits = ((m_bits >> 2) << 1 | (brace ? 1U : 0U)) << 2 | quote();
    }
    void close()
    {
        if (!atTop())
            m_bits = (m_bits >> 3) << 2 | quote();
    }

private:
    static constexpr unsigned start = 1U << 2; ///< two bits for the quote, then a 1 in front of one bit for each open bracket, the innermost last
    unsigned m_bits;
};

bool isWord(QChar c)
{
    return c.isLetterOrNumber() || c == u'_' || c == u'-';
}

qsizetype skipSpace(const QString &text, qsizetype at)
{
    while (at < text.size() && text[at].isSpace())
        ++at;
    return at;
}

/// Past the end of a quoted text that begins before `at`; the line's end when it does not end here.
qsizetype endOfQuoted(const QString &text, qsizetype at, QStringView quote, bool escapes)
{
    while (at < text.size()) {
        if (escapes && text[at] == u'\\') {
            at += 2;
            continue;
        }
        if (QStringView(text).sliced(at).startsWith(quote)) {
            at += quote.size();
            for (int more = 0; quote.size() == 3 && more < 2 && at < text.size() && text[at] == quote[0]; ++more) // quotes before the closing ones
                ++at;
            return at;
        }
        ++at;
    }
    return -1;
}

} // namespace

TomlHighlighter::TomlHighlighter(QPlainTextEdit &edit) : QSyntaxHighlighter(edit.document()), m_edit(edit)
{
    setParent(&edit);
    edit.installEventFilter(this);
    recolor();
}

void TomlHighlighter::recolor()
{
    const Colors &c = colors(m_edit.palette());
    m_header.setForeground(m_edit.palette().color(QPalette::Text));
    m_header.setFontWeight(QFont::Bold);
    m_key.setForeground(c.accent);
    m_string.setForeground(c.success);
    m_literal.setForeground(c.warning);
    m_comment.setForeground(c.muted);
    m_comment.setFontItalic(true);
}

bool TomlHighlighter::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::PaletteChange) {
        recolor();
        rehighlight();
    }
    return QSyntaxHighlighter::eventFilter(watched, event);
}

void TomlHighlighter::paint(qsizetype begin, qsizetype end, const QTextCharFormat &format)
{
    setFormat(static_cast<int>(begin), static_cast<int>(end - begin), format);
}

void TomlHighlighter::highlightBlock(const QString &text)
{
    State state(previousBlockState());
    qsizetype at = 0;
    const auto quoted = [&](qsizetype begin, qsizetype from, State::Quote quote, const QTextCharFormat &format) {
        const qsizetype end = endOfQuoted(text, from, quote == State::Basic ? u"\"\"\"" : u"'''", quote == State::Basic);
        state.setQuote(end < 0 ? quote : State::None);
        at = end < 0 ? text.size() : std::min(end, text.size());
        paint(begin, at, format);
    };
    if (state.quote() != State::None)
        quoted(0, 0, state.quote(), m_string);
    bool keyNext = at == 0 && state.atTop(); // a string that ends here was a value
    const qsizetype first = skipSpace(text, at);
    if (keyNext && first < text.size() && text[first] == u'[') {
        qsizetype end = first;
        for (QChar quote; end < text.size() && (!quote.isNull() || text[end] != u'#'); ++end) {
            if (!quote.isNull())
                quote = text[end] == quote ? QChar() : quote;
            else if (text[end] == u'"' || text[end] == u'\'')
                quote = text[end];
        }
        paint(first, end, m_header);
        at = end;
    }
    if (state.inBraces())
        keyNext = true;
    while (at < text.size()) {
        const QChar c = text[at];
        const qsizetype begin = at;
        if (c == u'#') {
            paint(at, text.size(), m_comment);
            break;
        }
        if (!keyNext && (QStringView(text).sliced(at).startsWith(u"\"\"\"") || QStringView(text).sliced(at).startsWith(u"'''"))) {
            quoted(begin, begin + 3, c == u'"' ? State::Basic : State::Literal, m_string);
        } else if (c == u'"' || c == u'\'') {
            const qsizetype end = endOfQuoted(text, at + 1, c == u'"' ? u"\"" : u"'", c == u'"');
            at = end < 0 ? text.size() : std::min(end, text.size());
            paint(begin, at, keyNext ? m_key : m_string);
        } else if (isWord(c) || (!keyNext && (c == u'+' || c == u'.' || c == u':'))) {
            while (at < text.size() && (isWord(text[at]) || (!keyNext && (text[at] == u'.' || text[at] == u':' || text[at] == u'+'))))
                ++at;
            paint(begin, at, keyNext ? m_key : m_literal);
        } else {
            if (c == u'=') {
                keyNext = false;
            } else if (c == u',') {
                keyNext = state.inBraces();
            } else if (c == u'[' || c == u'{') {
                state.open(c == u'{');
                keyNext = c == u'{';
            } else if (c == u']' || c == u'}') {
                state.close();
                keyNext = false;
            }
            ++at;
        }
    }
    setCurrentBlockState(state.block());
}

} // namespace cleat::ui
