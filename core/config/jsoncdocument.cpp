// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/jsoncdocument.h"

#include "core/base/bytes.h"
#include "core/config/fill.h"

#include <charconv>
#include <optional>

namespace cleat::config::jsonc {

namespace {

/// Thrown inside this file only; parse() turns it into an Error.
struct Problem {
    std::size_t offset;
    std::string sentence;
};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

int hexDigit(char c)
{
    if (isDigit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void appendUtf8(std::string &out, char32_t code)
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

std::optional<std::size_t> firstBadByte(std::string_view text)
{
    if (base::isUtf8(text))
        return std::nullopt;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        const std::size_t length = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
        if (!base::isUtf8(text.substr(i, length)))
            return i;
        i += length;
    }
    return std::nullopt;
}

/// The grammar of jsonc-parser with trailing commas: a line ends at a line feed or a carriage return, other white space is blanks and tabs alone.
class Scanner final
{
public:
    explicit Scanner(std::string_view text) : m_text(text) {}

    Statement run()
    {
        m_at = m_text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
        gap();
        Statement out;
        if (peek() != '{' || atEnd())
            expected("{ at the beginning of the file");
        out.value = value(1);
        out.range = out.value.range;
        gap();
        if (!atEnd())
            expected("the end of the file");
        out.lines = {0, m_text.size()};
        return out;
    }

    /// Of all values that are neither lists nor objects, in the order of the text.
    std::vector<Atom> takeAtoms() { return std::move(m_atoms); }

private:
    bool atEnd() const { return m_at >= m_text.size(); }
    char peek() const { return atEnd() ? '\0' : m_text[m_at]; }
    bool next(std::string_view s) const { return m_text.substr(m_at).starts_with(s); }

    [[noreturn]] void expected(const std::string &what) const { throw Problem{m_at, fill("expected {}, but found {}", what, foundAt(m_text, m_at))}; }

    void gap()
    {
        for (;;) {
            while (!atEnd() && std::string_view(" \t\r\n").contains(m_text[m_at]))
                ++m_at;
            if (next("//")) {
                m_at = std::min(m_text.find_first_of("\r\n", m_at), m_text.size());
            } else if (next("/*")) {
                const std::size_t close = m_text.find("*/", m_at + 2);
                if (close == std::string_view::npos)
                    throw Problem{m_at, "the comment that begins here has no closing */"};
                m_at = close + 2;
            } else {
                return;
            }
        }
    }

    Value value(int depth)
    {
        Value out;
        out.range.begin = m_at;
        const char c = peek();
        if ((c == '{' || c == '[') && depth > maxDepth)
            throw Problem{m_at, fill("values are nested more than {} deep", maxDepth)};
        if (c == '"') {
            out.kind = Value::Kind::String;
            m_atoms.emplace_back(string());
        } else if (c == '{') {
            out.kind = Value::Kind::InlineTable;
            object(out, depth);
        } else if (c == '[') {
            out.kind = Value::Kind::Array;
            array(out, depth);
        } else if (c == '-' || isDigit(c)) {
            m_atoms.push_back(number());
        } else {
            m_atoms.push_back(word());
        }
        out.range.end = m_at;
        return out;
    }

    void object(Value &out, int depth)
    {
        ++m_at;
        for (;;) {
            gap();
            if (peek() == '}')
                break;
            if (peek() != '"')
                expected(out.members.empty() ? "a name in quotes or }" : "a name in quotes or } after the comma");
            Member member;
            KeyPart key;
            key.range.begin = m_at;
            key.name = string();
            key.range.end = m_at;
            member.key.push_back(std::move(key));
            gap();
            if (peek() != ':')
                expected("a colon after the name");
            ++m_at;
            gap();
            member.value = value(depth + 1);
            out.members.push_back(std::move(member));
            gap();
            if (peek() == '}')
                break;
            if (peek() != ',')
                expected("a comma or } after the value");
            ++m_at;
        }
        ++m_at;
    }

    void array(Value &out, int depth)
    {
        ++m_at;
        for (;;) {
            gap();
            if (peek() == ']')
                break;
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

    Atom word()
    {
        const std::size_t begin = m_at;
        while (!atEnd() && !std::string_view(" \t\r\n{}[]\":,/").contains(m_text[m_at]))
            ++m_at;
        const std::string_view seen = m_text.substr(begin, m_at - begin);
        if (seen == "true")
            return true;
        if (seen == "false")
            return false;
        if (seen == "null")
            return nullptr;
        m_at = begin;
        if (seen.starts_with('\''))
            throw Problem{begin, "expected a value, but found '; a text stands in double quotes"};
        if (seen.size() < 2 || seen.size() > 40)
            expected("a value");
        throw Problem{begin, fill("expected a value, but found {}; a text stands in double quotes", seen)};
    }

    Atom number()
    {
        const std::size_t begin = m_at;
        const auto digits = [&](const char *where) {
            if (!isDigit(peek()))
                expected(fill("a digit {}", where));
            while (isDigit(peek()))
                ++m_at;
        };
        if (peek() == '-')
            ++m_at;
        if (peek() == '0') {
            ++m_at;
            if (isDigit(peek()))
                throw Problem{begin, "a number cannot begin with 0 and another digit"};
        } else {
            digits("after the minus sign");
        }
        bool whole = true;
        if (peek() == '.') {
            ++m_at;
            digits("after the decimal point");
            whole = false;
        }
        if (peek() == 'e' || peek() == 'E') {
            ++m_at;
            if (peek() == '+' || peek() == '-')
                ++m_at;
            digits("in the exponent");
            whole = false;
        }
        const std::string_view seen = m_text.substr(begin, m_at - begin);
        if (whole && seen != "-0") {
            std::int64_t out = 0;
            if (std::from_chars(seen.data(), seen.data() + seen.size(), out).ec == std::errc())
                return out;
        }
        double out = 0;
        if (std::from_chars(seen.data(), seen.data() + seen.size(), out).ec != std::errc())
            throw Problem{begin, fill("the number {} is too large or too small", seen.size() > 40 ? std::string(seen.substr(0, 40)) + "..." : std::string(seen))};
        return out;
    }

    std::string string()
    {
        std::string out;
        const std::size_t begin = m_at++;
        for (;;) {
            if (atEnd() || peek() == '\n' || peek() == '\r')
                throw Problem{begin, "the text that begins here has no closing \" on its line"};
            const char c = m_text[m_at];
            if (static_cast<unsigned char>(c) < 0x20)
                throw Problem{m_at, fill("found {}, which cannot stand in a text; write it as an escape, such as \\t or \\u0000", foundAt(m_text, m_at))};
            ++m_at;
            if (c == '"')
                return out;
            if (c == '\\')
                escape(out, begin);
            else
                out += c;
        }
    }

    /// Stands behind the backslash.
    void escape(std::string &out, std::size_t text)
    {
        const std::size_t begin = m_at - 1;
        if (atEnd())
            throw Problem{text, "the text that begins here has no closing \" on its line"};
        switch (m_text[m_at++]) {
        case '"': out += '"'; return;
        case '\\': out += '\\'; return;
        case '/': out += '/'; return;
        case 'b': out += '\b'; return;
        case 'f': out += '\f'; return;
        case 'n': out += '\n'; return;
        case 'r': out += '\r'; return;
        case 't': out += '\t'; return;
        case 'u': {
            char32_t code = fourDigits(begin);
            if (code >= 0xD800 && code < 0xDC00 && next("\\u")) {
                m_at += 2;
                const char32_t low = fourDigits(m_at - 2);
                if (low < 0xDC00 || low >= 0xE000)
                    throw Problem{begin, "the escape is one half of a character; its other half must follow"};
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            }
            if (code >= 0xD800 && code < 0xE000)
                throw Problem{begin, "the escape is one half of a character; its other half is missing"};
            appendUtf8(out, code);
            return;
        }
        }
        throw Problem{begin, fill("JSON has no escape \\ followed by {}; a backslash itself is written \\\\", foundAt(m_text, m_at - 1))};
    }

    char32_t fourDigits(std::size_t escape)
    {
        char32_t code = 0;
        for (int i = 0; i < 4; ++i, ++m_at) {
            const int digit = hexDigit(peek());
            if (digit < 0)
                throw Problem{escape, "\\u needs 4 hexadecimal digits"};
            code = code * 16 + char32_t(digit);
        }
        return code;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::vector<Atom> m_atoms;
};

class Builder final
{
public:
    Builder(Document &document, std::vector<Atom> atoms) : m_document(document), m_atoms(std::move(atoms)) {}

    void run()
    {
        const Value &top = m_document.scan.statements.front().value;
        Node &root = m_document.root;
        root.begin = top.range.begin;
        set(root, top);
        root.origin = Node::Origin::File;
    }

private:
    void set(Node &node, const Value &value)
    {
        node.origin = Node::Origin::Value;
        node.statement = 0;
        node.value = &value;
        switch (value.kind) {
        case Value::Kind::Scalar:
        case Value::Kind::String:
            node.kind = Node::Kind::Scalar;
            node.scalar = std::move(m_atoms[m_next++]);
            break;
        case Value::Kind::Array:
            node.kind = Node::Kind::Array;
            for (const Value &item : value.items) {
                Node &made = *node.items.emplace_back(std::make_unique<Node>());
                made.begin = item.range.begin;
                set(made, item);
            }
            break;
        case Value::Kind::InlineTable:
            node.kind = Node::Kind::Table;
            for (const Member &member : value.members)
                set(memberOf(node, member.key.front(), value), member.value);
            break;
        }
    }

    /// The last of several members of one name counts, in the place of the first, as in JavaScript.
    Node &memberOf(Node &table, const KeyPart &key, const Value &object)
    {
        Node *made = nullptr;
        if (const auto before = table.index.find(key.name); before != table.index.end()) {
            m_document.repeatedKeys.push_back(key.range.begin);
            Node::Entry &entry = table.members[before->second];
            entry.key = key.range;
            entry.held = std::make_unique<Node>();
            made = entry.held.get();
        } else {
            made = &table.add(key);
        }
        made->begin = key.range.begin;
        made->inTable = &object;
        made->keyParts = 1;
        return *made;
    }

    Document &m_document;
    std::vector<Atom> m_atoms;
    std::size_t m_next = 0;
};

} // namespace

base::Result<Document> parse(std::string text, const std::string &path)
{
    if (text.size() > maxBytes)
        return base::fail("config.parse", fill("The Wrangler file is larger than {} bytes.", maxBytes), {path, 0, 0});
    if (const auto bad = firstBadByte(text))
        return failAt(text, *bad, path, fill("found {}", foundAt(text, *bad)));
    Document document;
    document.form = Form::Jsonc;
    document.text = std::move(text);
    document.scan.start = document.text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    document.lineStarts.push_back(document.scan.start);
    for (std::size_t i = document.text.find('\n'); i != std::string::npos; i = document.text.find('\n', i + 1))
        document.lineStarts.push_back(i + 1);
    try {
        Scanner scanner(document.text);
        document.scan.statements.push_back(scanner.run());
        Builder(document, scanner.takeAtoms()).run();
    } catch (const Problem &problem) {
        return failAt(document.text, problem.offset, path, problem.sentence);
    }
    return document;
}

} // namespace cleat::config::jsonc
