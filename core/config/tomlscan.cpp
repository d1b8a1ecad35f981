// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tomlscan.h"

#include "core/base/bytes.h"
#include "core/config/fill.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace cleat::config::toml {

namespace {

bool isBare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

void appendUtf8(std::string &out, std::uint32_t code)
{
    if (code < 0x80) {
        out += char(code);
    } else if (code < 0x800) {
        out += char(0xC0 | (code >> 6));
        out += char(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        out += char(0xE0 | (code >> 12));
        out += char(0x80 | ((code >> 6) & 0x3F));
        out += char(0x80 | (code & 0x3F));
    } else {
        out += char(0xF0 | (code >> 18));
        out += char(0x80 | ((code >> 12) & 0x3F));
        out += char(0x80 | ((code >> 6) & 0x3F));
        out += char(0x80 | (code & 0x3F));
    }
}

/// The first byte that is not part of well-formed UTF-8, or that TOML does not allow anywhere (a control character).
std::optional<std::size_t> firstBadByte(std::string_view text)
{
    const auto notAllowed = [&](std::size_t i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c == '\r')
            return i + 1 >= text.size() || text[i + 1] != '\n';
        return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7F;
    };
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x80) {
            if (notAllowed(i))
                return i;
            ++i;
            continue;
        }
        const std::size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
        if (!base::isUtf8(text.substr(i, length)))
            return i;
        i += length;
    }
    return std::nullopt;
}

/// Thrown inside this file only; scan() turns it into an Error.
struct Problem {
    std::size_t offset;
    std::string sentence;
};

class Scanner final
{
public:
    explicit Scanner(std::string_view text) : m_text(text) {}

    Scan run()
    {
        if (m_text.starts_with("\xEF\xBB\xBF"))
            m_at = 3;
        m_scan.start = m_at;
        while (!atEnd())
            line();
        return std::move(m_scan);
    }

private:
    bool atEnd() const { return m_at >= m_text.size(); }
    char peek() const { return atEnd() ? '\0' : m_text[m_at]; }
    bool next(std::string_view s) const { return m_text.substr(m_at).starts_with(s); }

    [[noreturn]] void expected(const std::string &what) const { throw Problem{m_at, fill("expected {}, but found {}", what, foundAt(m_text, m_at))}; }

    void blanks()
    {
        while (!atEnd() && (m_text[m_at] == ' ' || m_text[m_at] == '\t'))
            ++m_at;
    }

    bool lineEnd()
    {
        if (next("\r\n"))
            m_at += 2;
        else if (next("\n"))
            ++m_at;
        else
            return false;
        return true;
    }

    bool comment()
    {
        if (peek() != '#')
            return false;
        while (!atEnd() && m_text[m_at] != '\n')
            ++m_at;
        if (m_at > 0 && !atEnd() && m_text[m_at - 1] == '\r')
            --m_at;
        return true;
    }

    void line()
    {
        const std::size_t begin = m_at;
        blanks();
        Line out;
        if (comment()) {
            out.kind = Line::Kind::Comment;
        } else if (!atEnd() && m_text[m_at] != '\n' && m_text[m_at] != '\r') {
            out.kind = Line::Kind::Code;
            Statement statement = m_text[m_at] == '[' ? header() : keyValue();
            blanks();
            statement.commented = comment();
            m_scan.statements.push_back(std::move(statement));
        }
        if (!lineEnd() && !atEnd())
            expected("the end of the line");
        out.range = {begin, m_at};
        if (out.kind == Line::Kind::Code)
            m_scan.statements.back().lines = out.range;
        m_scan.lines.push_back(out);
    }

    Statement header()
    {
        Statement out;
        out.range.begin = m_at;
        const bool array = next("[[");
        out.kind = array ? Statement::Kind::ArrayTable : Statement::Kind::Table;
        m_at += array ? 2 : 1;
        blanks();
        out.key = key();
        if (array ? !next("]]") : !next("]"))
            expected(array ? "]] after the table's name" : "] after the table's name");
        m_at += array ? 2 : 1;
        out.range.end = m_at;
        return out;
    }

    Statement keyValue()
    {
        Statement out;
        out.range.begin = m_at;
        Member member = pair(0);
        out.key = std::move(member.key);
        out.value = std::move(member.value);
        out.range.end = m_at;
        return out;
    }

    Member pair(int depth)
    {
        Member out;
        out.key = key();
        if (peek() != '=')
            expected("= after the key");
        ++m_at;
        blanks();
        out.value = value(depth + int(out.key.size()));
        return out;
    }

    /// Stands behind the blanks that follow the key.
    std::vector<KeyPart> key()
    {
        std::vector<KeyPart> parts;
        for (;;) {
            KeyPart part;
            part.range.begin = m_at;
            if (next("\"\"\"") || next("'''"))
                throw Problem{m_at, "a key cannot be in triple quotes"};
            if (peek() == '"') {
                part.name = basic();
            } else if (peek() == '\'') {
                literal();
                part.name = m_text.substr(part.range.begin + 1, m_at - part.range.begin - 2);
            } else {
                while (!atEnd() && isBare(m_text[m_at]))
                    ++m_at;
                if (m_at == part.range.begin)
                    expected("a key");
                part.name = m_text.substr(part.range.begin, m_at - part.range.begin);
            }
            part.range.end = m_at;
            parts.push_back(std::move(part));
            if (parts.size() > std::size_t(maxDepth))
                throw Problem{parts.front().range.begin, fill("a key has more than {} parts", maxDepth)};
            blanks();
            if (peek() != '.')
                return parts;
            ++m_at;
            blanks();
        }
    }

    Value value(int depth)
    {
        if (depth > maxDepth)
            throw Problem{m_at, fill("values are nested more than {} deep", maxDepth)};
        Value out;
        out.range.begin = m_at;
        const char c = peek();
        if (c == '"' || c == '\'') {
            out.kind = Value::Kind::String;
            if (next("\"\"\""))
                multiBasic();
            else if (next("'''"))
                multiLiteral();
            else if (c == '"')
                basic();
            else
                literal();
        } else if (c == '[') {
            array(out, depth);
        } else if (c == '{') {
            inlineTable(out, depth);
        } else {
            scalar();
        }
        out.range.end = m_at;
        return out;
    }

    void gap()
    {
        do
            blanks();
        while (comment() || lineEnd());
    }

    static void notTooMany(const Value &value, std::size_t count)
    {
        if (count >= maxItems)
            throw Problem{value.range.begin, fill("the list or table that begins here has more than {} values", maxItems)};
    }

    void array(Value &out, int depth)
    {
        out.kind = Value::Kind::Array;
        ++m_at;
        for (;;) {
            gap();
            if (peek() == ']')
                break;
            notTooMany(out, out.items.size());
            out.items.push_back(value(depth + 1));
            gap();
            if (peek() == ']')
                break;
            if (peek() != ',')
                expected("a comma or ] after a value of the list");
            ++m_at;
        }
        ++m_at;
    }

    void inlineTable(Value &out, int depth)
    {
        out.kind = Value::Kind::InlineTable;
        ++m_at;
        blanks();
        if (peek() == '}') {
            ++m_at;
            return;
        }
        for (;;) {
            blanks();
            if (peek() == '}' && !out.members.empty())
                throw Problem{m_at, "an inline table cannot end in a comma"};
            notTooMany(out, out.members.size());
            out.members.push_back(pair(depth + 1));
            blanks();
            if (peek() == '}')
                break;
            if (peek() != ',')
                expected("a comma or } after a value of the inline table");
            ++m_at;
        }
        ++m_at;
    }

    void scalar()
    {
        const std::size_t begin = m_at;
        const auto run = [this] {
            while (!atEnd() && std::string_view(" \t\r\n,]}#=[{\"'").find(m_text[m_at]) == std::string_view::npos)
                ++m_at;
        };
        run();
        if (m_at == begin)
            expected("a value");
        // A date and a time may stand apart by one space.
        const std::string_view seen = m_text.substr(begin, m_at - begin);
        if (seen.size() == 10 && seen[4] == '-' && seen[7] == '-' && isDigit(seen[0]) && peek() == ' ' && m_at + 1 < m_text.size() && isDigit(m_text[m_at + 1])) {
            ++m_at;
            run();
        }
    }

    std::string basic()
    {
        std::string out;
        const std::size_t begin = m_at++;
        for (;;) {
            if (atEnd() || peek() == '\n' || peek() == '\r')
                throw Problem{begin, "the text that begins here has no closing \" on its line"};
            const char c = m_text[m_at++];
            if (c == '"')
                return out;
            if (c == '\\')
                escape(out);
            else
                out += c;
        }
    }

    void literal()
    {
        const std::size_t begin = m_at++;
        while (!atEnd() && peek() != '\'' && peek() != '\n' && peek() != '\r')
            ++m_at;
        if (peek() != '\'' || atEnd())
            throw Problem{begin, "the text that begins here has no closing ' on its line"};
        ++m_at;
    }

    void escape(std::string &out)
    {
        const std::size_t begin = m_at - 1;
        const char c = peek();
        ++m_at;
        switch (c) {
        case 'b': out += '\b'; return;
        case 't': out += '\t'; return;
        case 'n': out += '\n'; return;
        case 'f': out += '\f'; return;
        case 'r': out += '\r'; return;
        case '"': out += '"'; return;
        case '\\': out += '\\'; return;
        case 'u': case 'U': {
            const std::size_t digits = c == 'u' ? 4 : 8;
            std::uint32_t code = 0;
            for (std::size_t i = 0; i < digits; ++i, ++m_at) {
                const char d = peek();
                const int number = isDigit(d) ? d - '0' : d >= 'a' && d <= 'f' ? d - 'a' + 10 : d >= 'A' && d <= 'F' ? d - 'A' + 10 : -1;
                if (number < 0)
                    throw Problem{begin, fill("\\{} needs {} hexadecimal digits", c, digits)};
                code = code * 16 + std::uint32_t(number);
            }
            if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
                throw Problem{begin, "the escape is no Unicode character"};
            appendUtf8(out, code);
            return;
        }
        }
        throw Problem{begin, fill("TOML has no escape \\ followed by {}; a backslash itself is written \\\\", foundAt(m_text, m_at - 1))};
    }

    void multiBasic()
    {
        const std::size_t begin = m_at;
        m_at += 3;
        while (!next("\"\"\"")) {
            if (atEnd())
                throw Problem{begin, "the text that begins here has no closing \"\"\""};
            if (m_text[m_at++] != '\\')
                continue;
            const std::size_t behind = m_at;
            blanks();
            if (lineEnd())
                continue;
            m_at = behind;
            std::string ignored;
            escape(ignored);
        }
        closeMulti('"');
    }

    void multiLiteral()
    {
        const std::size_t begin = m_at;
        m_at += 3;
        while (!next("'''")) {
            if (atEnd())
                throw Problem{begin, "the text that begins here has no closing '''"};
            ++m_at;
        }
        closeMulti('\'');
    }

    /// One or two quotes of the text may stand before the closing three.
    void closeMulti(char quote)
    {
        m_at += 3;
        for (int extra = 0; extra < 2 && peek() == quote; ++extra)
            ++m_at;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    Scan m_scan;
};

} // namespace

base::Result<Scan> scan(std::string_view text, const std::string &path)
{
    if (text.size() > maxBytes)
        return base::fail("config.parse", fill("The Wrangler file is larger than {} bytes.", maxBytes), {path, 0, 0});
    if (const auto bad = firstBadByte(text))
        return failAt(text, *bad, path, fill("found {}, which cannot stand in TOML", foundAt(text, *bad)));
    try {
        return Scanner(text).run();
    } catch (const Problem &problem) {
        return failAt(text, problem.offset, path, problem.sentence);
    }
}

} // namespace cleat::config::toml
