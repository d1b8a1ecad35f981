// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/jsontext.h"

#include <QCoreApplication>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int deepest = 200;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::JsonText)
};

bool isSpace(QChar c)
{
    return c == u' ' || c == u'\t' || c == u'\n' || c == u'\r';
}
bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}
bool isHex(QChar c)
{
    return isDigit(c) || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
}
bool isWord(QChar c)
{
    return c.isLetterOrNumber() || c == u'_' || c == u'$';
}

/// Reads one value after the other; each step says false once something is wrong.
class Checker final
{
public:
    explicit Checker(QStringView text) : m_text(text) {}

    std::optional<JsonProblem> run()
    {
        skip();
        if (value(0)) {
            skip();
            if (m_at < m_text.size())
                stop(m_at, wordLength(), Words::tr("The value ends before this."));
        }
        return m_problem;
    }

private:
    QChar peek(qsizetype ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : QChar(); }
    bool atEnd() const { return m_at >= m_text.size(); }
    void skip()
    {
        while (!atEnd() && isSpace(m_text[m_at]))
            ++m_at;
    }
    qsizetype wordLength() const
    {
        qsizetype end = m_at;
        while (end < m_text.size() && isWord(m_text[end]))
            ++end;
        return std::max<qsizetype>(end - m_at, atEnd() ? 0 : 1);
    }

    bool stop(qsizetype offset, qsizetype length, const QString &message)
    {
        JsonProblem problem{offset, std::min(length, m_text.size() - offset), 1, 1, message};
        for (qsizetype i = 0; i < offset; ++i) {
            ++problem.column;
            if (m_text[i] == u'\n') {
                ++problem.line;
                problem.column = 1;
            }
        }
        m_problem = std::move(problem);
        return false;
    }

    bool value(int depth)
    {
        if (atEnd())
            return stop(m_at, 0, m_text.trimmed().isEmpty() ? Words::tr("A value is needed, such as {\"max\": 5}, [1, 2], \"text\", 5 or true.")
                                                             : Words::tr("A value is missing at the end."));
        if (depth > deepest)
            return stop(m_at, 1, Words::tr("The value is nested too deeply."));
        const QChar c = m_text[m_at];
        if (c == u'{')
            return object(depth);
        if (c == u'[')
            return array(depth);
        if (c == u'"')
            return string();
        if (c == u'-' || isDigit(c))
            return number();
        const QStringView word = m_text.sliced(m_at, wordLength());
        if (word == u"true" || word == u"false" || word == u"null") {
            m_at += word.size();
            return true;
        }
        if (c == u'\'')
            return stop(m_at, 1, Words::tr("JSON has double quotes (\"), no single ones."));
        if (c == u',' || c == u']' || c == u'}')
            return stop(m_at, 1, Words::tr("A value is missing before \"%1\".").arg(c));
        if (c == u'/')
            return stop(m_at, 1, Words::tr("JSON has no comments."));
        if (c.isLetter())
            return stop(m_at, word.size(), Words::tr("\"%1\" is no JSON value. Is it a text? Then it needs double quotes.").arg(word));
        return stop(m_at, 1, Words::tr("A value cannot begin with \"%1\".").arg(c));
    }

    bool object(int depth)
    {
        ++m_at;
        skip();
        if (peek() == u'}') {
            ++m_at;
            return true;
        }
        while (true) {
            if (atEnd())
                return stop(m_at, 0, Words::tr("The object is not closed: \"}\" is missing."));
            if (peek() == u'}')
                return stop(m_at, 1, Words::tr("JSON has no comma before \"}\"."));
            if (peek() != u'"')
                return stop(m_at, wordLength(), Words::tr("A key in double quotes is needed here."));
            if (!string())
                return false;
            skip();
            if (peek() != u':')
                return stop(m_at, wordLength(), Words::tr("\":\" is needed after a key."));
            ++m_at;
            skip();
            if (!value(depth + 1))
                return false;
            skip();
            if (atEnd())
                return stop(m_at, 0, Words::tr("The object is not closed: \"}\" is missing."));
            if (peek() == u'}') {
                ++m_at;
                return true;
            }
            if (peek() != u',')
                return stop(m_at, wordLength(), Words::tr("\",\" or \"}\" is needed here."));
            ++m_at;
            skip();
        }
    }

    bool array(int depth)
    {
        ++m_at;
        skip();
        if (peek() == u']') {
            ++m_at;
            return true;
        }
        while (true) {
            if (peek() == u']')
                return stop(m_at, 1, Words::tr("JSON has no comma before \"]\"."));
            if (atEnd())
                return stop(m_at, 0, Words::tr("The list is not closed: \"]\" is missing."));
            if (!value(depth + 1))
                return false;
            skip();
            if (atEnd())
                return stop(m_at, 0, Words::tr("The list is not closed: \"]\" is missing."));
            if (peek() == u']') {
                ++m_at;
                return true;
            }
            if (peek() != u',')
                return stop(m_at, wordLength(), Words::tr("\",\" or \"]\" is needed here."));
            ++m_at;
            skip();
        }
    }

    /// Four hexadecimal digits at `offset`; -1 when they are none.
    int unit(qsizetype offset) const
    {
        if (offset + 4 > m_text.size())
            return -1;
        int code = 0;
        for (const QChar c : m_text.sliced(offset, 4)) {
            if (!isHex(c))
                return -1;
            code = code * 16 + QString(c).toInt(nullptr, 16);
        }
        return code;
    }

    bool string()
    {
        const qsizetype begin = m_at++;
        while (!atEnd()) {
            const QChar c = m_text[m_at];
            if (c == u'"') {
                ++m_at;
                return true;
            }
            if (c == u'\n' || c == u'\r')
                break;
            if (c < u' ')
                return stop(m_at, 1, Words::tr("A control character in a text must be spelled with \"\\\": \\t for a tab."));
            if (c == u'\\') {
                if (!escape())
                    return false;
            } else {
                ++m_at;
            }
        }
        return stop(begin, m_at - begin, Words::tr("The text is not closed: the second \" is missing in this line."));
    }

    bool escape()
    {
        const QChar kind = peek(1);
        if (kind != u'u') {
            if (kind.isNull() || !u"\"\\/bfnrt"_s.contains(kind))
                return stop(m_at, 2, Words::tr("After \"\\\" JSON has only \" \\ / b f n r t and u."));
            m_at += 2;
            return true;
        }
        const int code = unit(m_at + 2);
        if (code < 0)
            return stop(m_at, 2, Words::tr("\"\\u\" needs four hexadecimal digits."));
        if (!QChar::isSurrogate(char32_t(code))) {
            m_at += 6;
            return true;
        }
        const int second = peek(6) == u'\\' && peek(7) == u'u' ? unit(m_at + 8) : -1;
        if (QChar::isLowSurrogate(char32_t(code)) || second < 0 || !QChar::isLowSurrogate(char32_t(second)))
            return stop(m_at, 6, Words::tr("Half of a character: \"\\ud800\" to \"\\udfff\" come in pairs."));
        m_at += 12;
        return true;
    }

    bool number()
    {
        const qsizetype begin = m_at;
        if (peek() == u'-')
            ++m_at;
        if (!isDigit(peek()))
            return stop(begin, m_at - begin, Words::tr("A digit is needed after \"-\"."));
        if (peek() == u'0' && isDigit(peek(1)))
            return stop(begin, m_at - begin + 1, Words::tr("A number has no zeros in front."));
        digits();
        if (peek() == u'.') {
            ++m_at;
            if (!digits())
                return stop(begin, m_at - begin, Words::tr("A digit is needed after the point."));
        }
        if (peek() == u'e' || peek() == u'E') {
            ++m_at;
            if (peek() == u'+' || peek() == u'-')
                ++m_at;
            if (!digits())
                return stop(begin, m_at - begin, Words::tr("A digit is needed in the exponent."));
        }
        if (isWord(peek()))
            return stop(begin, m_at - begin + wordLength(), Words::tr("This is no number. Is it a text? Then it needs double quotes."));
        return true;
    }

    bool digits()
    {
        const qsizetype begin = m_at;
        while (isDigit(peek()))
            ++m_at;
        return m_at > begin;
    }

    QStringView m_text;
    qsizetype m_at = 0;
    std::optional<JsonProblem> m_problem;
};

qsizetype endOfString(QStringView text, qsizetype begin)
{
    qsizetype at = begin + 1;
    while (at < text.size() && text[at] != u'"')
        at += text[at] == u'\\' ? 2 : 1;
    return std::min(at + 1, text.size());
}

} // namespace

std::optional<JsonProblem> checkJson(QStringView text)
{
    return Checker(text).run();
}

QString formatJson(QStringView text)
{
    if (checkJson(text))
        return text.toString();
    QString out;
    qsizetype depth = 0;
    const auto newLine = [&] {
        out += u'\n';
        out += QString(depth * 2, u' ');
    };
    for (qsizetype at = 0; at < text.size();) {
        const QChar c = text[at];
        if (isSpace(c)) {
            ++at;
            continue;
        }
        if (c == u'"') {
            const qsizetype end = endOfString(text, at);
            out += text.sliced(at, end - at);
            at = end;
            continue;
        }
        ++at;
        if (c == u'{' || c == u'[') {
            out += c;
            qsizetype next = at;
            while (isSpace(text[next]))
                ++next;
            if (text[next] == u'}' || text[next] == u']') {
                out += text[next];
                at = next + 1;
                continue;
            }
            ++depth;
            newLine();
        } else if (c == u'}' || c == u']') {
            --depth;
            newLine();
            out += c;
        } else {
            out += c;
            if (c == u',')
                newLine();
            else if (c == u':')
                out += u' ';
        }
    }
    return out;
}

} // namespace cleat::ui
