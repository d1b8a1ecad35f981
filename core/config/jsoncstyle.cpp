// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/jsoncstyle.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace cleat::config::jsonc {

namespace {

constexpr std::string_view blanks = " \t";
constexpr std::size_t lineLength = 100;

bool isObject(const Value &value)
{
    return value.kind == Value::Kind::InlineTable;
}

bool isBlank(std::string_view text)
{
    return text.find_first_not_of(blanks) == std::string_view::npos;
}

/// Reads the habits of one file: what was seen first, near the place of interest, counts.
class Reader final
{
public:
    Reader(const Document &document, const Value &near) : m_document(document), m_near(near) {}

    Style read()
    {
        const Value &root = *m_document.root.value;
        lookAt(m_near);
        for (const Value &item : m_near.items)
            lookAt(item);
        for (const Member &member : m_near.members)
            lookAt(member.value);
        walk(root, Role::Root);

        Style style;
        const std::size_t newline = m_document.text.find('\n');
        style.eol = newline != std::string::npos && newline > 0 && m_document.text[newline - 1] == '\r' ? "\r\n" : "\n";
        style.unit = m_unit.value_or("  ");
        style.colon = m_colon.value_or(": ");
        const bool tight = style.colon == ":";
        style.gap = m_gap.value_or(tight ? "" : " ");
        style.braces = m_braces.value_or(tight ? "" : " ");
        style.brackets = m_brackets.value_or("");
        style.trailing = m_withComma > m_withoutComma ? "," : "";
        style.item = m_item.shape.value_or(Shape::Lines);
        style.list = m_list.shape.value_or(Shape::Lines);
        style.table = m_table.shape.value_or(m_item.shape.value_or(Shape::Lines));
        return style;
    }

private:
    enum class Role { Root, Environment, Table, Variables, Other };

    /// The shape of the candidate that stands nearest: the last one before the place, else the first one behind it.
    struct Nearest {
        std::optional<Shape> shape;
        void see(Shape seen, std::size_t offset, std::size_t place)
        {
            if (!shape || offset < place)
                shape = seen;
        }
    };

    void lookAt(const Value &value)
    {
        const std::vector<Range> elements = elementsOf(value);
        if (elements.empty())
            return;
        const Range first = elements.front();
        if (isObject(value) && !m_colon) {
            const std::string_view seen = between(value.members.back().key.front().range.end, value.members.back().value.range.begin);
            const std::size_t sign = seen.find(':');
            if (seen.size() <= 3 && sign != std::string_view::npos && isBlank(seen.substr(0, sign)) && isBlank(seen.substr(sign + 1)))
                m_colon = seen;
        }
        const Shape shape = shapeOf(m_document, value);
        if (shape == Shape::Lines) {
            const std::string outer = indentAt(m_document.text, value.range.begin);
            const std::string inner = indentAt(m_document.text, first.begin);
            if (!m_unit && inner.size() > outer.size() && inner.starts_with(outer))
                m_unit = inner.substr(outer.size());
            ++(endsInComma(m_document, value) ? m_withComma : m_withoutComma);
            return;
        }
        std::optional<std::string> &padding = isObject(value) ? m_braces : m_brackets;
        const std::string_view seen = between(value.range.begin + 1, first.begin);
        if (!padding && isBlank(seen))
            padding = seen;
        if (elements.size() > 1 && !m_gap) {
            const std::string_view apart = between(elements[0].end, elements[1].begin);
            if (apart.starts_with(',') && isBlank(apart.substr(1)))
                m_gap = apart.substr(1);
        }
    }

    void walk(const Value &value, Role role)
    {
        if (&value != &m_near)
            lookAt(value);
        const std::size_t place = m_near.range.begin + (&m_near == m_document.root.value ? m_near.range.size() : 0);
        if (value.kind == Value::Kind::Array && role == Role::Table && !value.items.empty() && isObject(value.items.back()) && !value.items.back().members.empty()) {
            m_list.see(shapeOf(m_document, value), value.range.begin, place);
            m_item.see(shapeOf(m_document, value.items.back()), value.range.begin, place);
        }
        if (isObject(value) && (role == Role::Table || role == Role::Variables) && !value.members.empty())
            m_table.see(shapeOf(m_document, value), value.range.begin, place);
        for (const Value &item : value.items)
            walk(item, Role::Other);
        for (const Member &member : value.members)
            walk(member.value, roleOf(role, member.key.front().name));
    }

    static Role roleOf(Role above, std::string_view name)
    {
        switch (above) {
        case Role::Root:
            if (name == "env")
                return Role::Environment;
            return name == "vars" ? Role::Variables : Role::Table;
        case Role::Environment: // of env itself, then of one environment
            return Role::Root;
        case Role::Table:
            return Role::Table;
        case Role::Variables:
        case Role::Other:
            break;
        }
        return Role::Other;
    }

    std::string_view between(std::size_t from, std::size_t to) const { return m_document.slice({from, to}); }

    const Document &m_document;
    const Value &m_near;
    std::optional<std::string> m_unit;
    std::optional<std::string> m_colon;
    std::optional<std::string> m_gap;
    std::optional<std::string> m_braces;
    std::optional<std::string> m_brackets;
    Nearest m_list;
    Nearest m_item;
    Nearest m_table;
    int m_withComma = 0;
    int m_withoutComma = 0;
};

template <typename Each>
std::string joined(const base::Json &json, const std::string &separator, Each each)
{
    std::string out;
    for (auto it = json.begin(); it != json.end(); ++it)
        out += (it == json.begin() ? std::string() : separator) + each(it);
    return out;
}

} // namespace

std::vector<Piece> piecesOf(std::string_view text, std::size_t from, std::size_t to)
{
    std::vector<Piece> out;
    const auto add = [&](Piece::Kind kind, std::size_t end) {
        out.push_back({kind, {from, std::min(end, to)}});
        from = out.back().range.end;
    };
    while (from < to) {
        const std::string_view rest = text.substr(from, to - from);
        if (rest.starts_with("\r\n"))
            add(Piece::Kind::Newline, from + 2);
        else if (rest.front() == '\n' || rest.front() == '\r')
            add(Piece::Kind::Newline, from + 1);
        else if (rest.front() == ',')
            add(Piece::Kind::Comma, from + 1);
        else if (rest.starts_with("//"))
            add(Piece::Kind::LineComment, std::min(text.find_first_of("\r\n", from), to));
        else if (rest.starts_with("/*"))
            add(Piece::Kind::BlockComment, text.find("*/", from + 2) + 2);
        else
            ++from;
    }
    return out;
}

bool has(const std::vector<Piece> &pieces, Piece::Kind kind)
{
    return std::ranges::find(pieces, kind, &Piece::kind) != pieces.end();
}

std::vector<Range> elementsOf(const Value &container)
{
    std::vector<Range> out;
    for (const Value &item : container.items)
        out.push_back(item.range);
    for (const Member &member : container.members)
        out.push_back({member.key.front().range.begin, member.value.range.end});
    return out;
}

std::string indentAt(std::string_view text, std::size_t offset)
{
    std::size_t begin = offset == 0 ? 0 : text.rfind('\n', offset - 1);
    begin = begin == std::string_view::npos || offset == 0 ? 0 : begin + 1;
    if (begin == 0 && text.starts_with("\xEF\xBB\xBF"))
        begin = 3;
    return std::string(text.substr(begin, std::min(text.find_first_not_of(blanks, begin), text.size()) - begin));
}

Style styleNear(const Document &document, const Value &near)
{
    return Reader(document, near).read();
}

Shape shapeOf(const Document &document, const Value &container)
{
    const std::vector<Range> elements = elementsOf(container);
    if (elements.empty())
        return Shape::Line;
    return has(piecesOf(document.text, container.range.begin + 1, elements.front().begin), Piece::Kind::Newline) ? Shape::Lines : Shape::Line;
}

bool endsInComma(const Document &document, const Value &container)
{
    const std::vector<Range> elements = elementsOf(container);
    if (elements.empty())
        return false;
    return has(piecesOf(document.text, elements.back().end, container.range.end - 1), Piece::Kind::Comma);
}

std::string inQuotes(std::string_view text)
{
    return base::Json(text).dump();
}

std::string onOneLine(const base::Json &json, const Style &style)
{
    if (!json.is_structured())
        return json.dump();
    const std::string comma = "," + style.gap;
    if (json.is_object()) {
        if (json.empty())
            return "{}";
        return "{" + style.braces + joined(json, comma, [&](const auto &it) { return inQuotes(it.key()) + style.colon + onOneLine(it.value(), style); }) + style.braces + "}";
    }
    if (json.empty())
        return "[]";
    return "[" + style.brackets + joined(json, comma, [&](const auto &it) { return onOneLine(*it, style); }) + style.brackets + "]";
}

std::string onLines(const base::Json &json, const Style &style, const std::string &indent)
{
    if (!json.is_structured() || json.empty())
        return onOneLine(json, style);
    const std::string inner = indent + style.unit;
    const std::string begin = style.eol + inner;
    const std::string end = style.trailing + style.eol + indent;
    if (json.is_object()) {
        return "{" + begin + joined(json, "," + begin, [&](const auto &it) {
            const std::string key = inQuotes(it.key()) + style.colon;
            return key + fitted(it.value(), style, inner, key.size());
        }) + end + "}";
    }
    return "[" + begin + joined(json, "," + begin, [&](const auto &it) { return fitted(*it, style, inner, 0); }) + end + "]";
}

std::string shaped(const base::Json &json, Shape shape, const Style &style, const std::string &indent)
{
    return shape == Shape::Line ? onOneLine(json, style) : onLines(json, style, indent);
}

std::string fitted(const base::Json &json, const Style &style, const std::string &indent, std::size_t before)
{
    std::string line = onOneLine(json, style);
    return indent.size() + before + line.size() <= lineLength ? line : onLines(json, style, indent);
}

} // namespace cleat::config::jsonc
