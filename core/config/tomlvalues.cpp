// SPDX-License-Identifier: GPL-3.0-or-later
// The only file that sees toml11: it is large, and slow to compile.
#include "core/config/tomldocument.h"

#include "core/config/fill.h"

#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <sstream>
#include <vector>

#include <toml.hpp>

namespace cleat::config::toml {

namespace {

namespace t11 = ::toml;
using Table11 = t11::basic_value<t11::discard_comments, std::map, std::vector>;

Table11 parse11(const std::string &text)
{
    std::istringstream stream(text);
    return t11::parse<t11::discard_comments, std::map, std::vector>(stream, "file");
}

struct Problem {
    std::size_t offset;
    std::string sentence;
};

std::string plainNumber(std::string_view spelled)
{
    std::string out;
    for (const char c : spelled) {
        if (c != '_' && c != '+')
            out += c;
    }
    return out;
}

/// toml11 clamps a number that does not fit; the file means something else then, so such a number is refused.
bool integerFits(std::string_view spelled)
{
    const std::string digits = plainNumber(spelled);
    std::string_view rest = digits;
    const int radix = rest.starts_with("0x") ? 16 : rest.starts_with("0o") ? 8 : rest.starts_with("0b") ? 2 : 10;
    if (radix != 10)
        rest.remove_prefix(2);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number, radix);
    return error == std::errc() && end == rest.data() + rest.size();
}

/// A text that holds no escape, a decimal whole number or a truth value; nullopt for all that takes more knowledge of TOML.
std::optional<Atom> plainAtom(std::string_view spelled)
{
    const char quote = spelled.front();
    if (quote == '"' || quote == '\'') {
        const bool several = spelled.size() > 5 && spelled[1] == quote && spelled[2] == quote;
        if (several || (quote == '"' && spelled.contains('\\')))
            return std::nullopt;
        return std::string(spelled.substr(1, spelled.size() - 2));
    }
    if (spelled == "true" || spelled == "false")
        return spelled == "true";
    const std::string_view digits = spelled.substr(quote == '-' || quote == '+' ? 1 : 0);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos || (digits.front() == '0' && digits.size() > 1) || digits.size() > 18)
        return std::nullopt;
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return quote == '-' ? -number : number;
}

std::string shortened(std::string_view spelled)
{
    spelled = spelled.substr(0, spelled.find('\n'));
    constexpr std::size_t most = 40;
    if (spelled.size() <= most)
        return std::string(spelled);
    std::size_t length = most;
    while (length > 0 && (static_cast<unsigned char>(spelled[length]) & 0xC0) == 0x80)
        --length;
    return std::string(spelled.substr(0, length)) + "…";
}

bool readable(const std::string &scalar)
{
    try {
        parse11("x = " + scalar + "\n");
        return true;
    } catch (const std::exception &) {
        return false;
    }
}

/// toml11's own places are vague for scalars, so they are tried one by one.
const Value *firstUnreadable(const Document &document, const Value &value)
{
    switch (value.kind) {
    case Value::Kind::Scalar:
    case Value::Kind::String:
        return readable(std::string(document.slice(value.range))) ? nullptr : &value;
    case Value::Kind::Array:
        for (const Value &item : value.items) {
            if (const Value *bad = firstUnreadable(document, item))
                return bad;
        }
        return nullptr;
    case Value::Kind::InlineTable:
        for (const Member &member : value.members) {
            if (const Value *bad = firstUnreadable(document, member.value))
                return bad;
        }
        return nullptr;
    }
    return nullptr;
}

/// The first line of toml11's message without its function names and without its picture of the line.
std::string gist(std::string_view what)
{
    what = what.substr(0, what.find('\n'));
    if (what.starts_with("[error] "))
        what.remove_prefix(8);
    if (what.starts_with("toml::")) {
        const std::size_t colon = what.find(": ");
        what = colon == std::string_view::npos ? std::string_view() : what.substr(colon + 2);
    }
    while (what.ends_with('.') || what.ends_with(' '))
        what.remove_suffix(1);
    return std::string(what);
}

class Reader final
{
public:
    explicit Reader(Document &document) : m_document(document) {}

    void read(Node &node, const Table11 &seen) const
    {
        switch (node.kind) {
        case Node::Kind::Scalar:
            node.scalar = scalar(node, seen);
            return;
        case Node::Kind::Array: {
            if (!seen.is_array() || seen.as_array().size() != node.items.size())
                differs(node);
            std::size_t i = 0;
            for (const auto &item : node.items)
                read(*item, seen.as_array()[i++]);
            return;
        }
        case Node::Kind::Table:
            if (!seen.is_table() || seen.as_table().size() != node.members.size())
                differs(node);
            for (Node::Entry &entry : node.members) {
                const auto it = seen.as_table().find(entry.name);
                if (it == seen.as_table().end())
                    differs(entry.node());
                read(entry.node(), it->second);
            }
            return;
        }
    }

    /// The same without a look at the whole: each scalar for itself, and toml11 only for those that are not plain.
    void readPlain(Node &node) const
    {
        if (node.kind == Node::Kind::Scalar) {
            if (auto atom = plainAtom(m_document.slice(node.value->range)))
                node.scalar = std::move(*atom);
            else
                readAlone(node);
        }
        for (const auto &item : node.items)
            readPlain(*item);
        for (Node::Entry &entry : node.members)
            readPlain(entry.node());
    }

    /// The same, value by value.
    void readApart(Node &node) const
    {
        if (node.origin == Node::Origin::Value) {
            readAlone(node);
            return;
        }
        for (const auto &item : node.items)
            readApart(*item);
        for (Node::Entry &entry : node.members)
            readApart(entry.node());
    }

private:
    [[noreturn]] void differs(const Node &node) const
    {
        throw Problem{node.begin, "this is spelled in a way that cannot be read with certainty; please write it more plainly"};
    }

    void readAlone(Node &node) const
    {
        try {
            const Table11 seen = parse11("x = " + std::string(m_document.slice(node.value->range)) + "\n");
            read(node, seen.as_table().at("x"));
        } catch (const t11::exception &error) {
            if (const Value *bad = firstUnreadable(m_document, *node.value))
                throw Problem{bad->range.begin, fill("expected a value (text in quotes, a number, true, false, a date, a list or a table), but found {}",
                                                     shortened(m_document.slice(bad->range)))};
            const std::string reason = gist(error.what());
            throw Problem{node.value->range.begin, reason.empty() ? "this is not TOML" : reason};
        }
    }

    Atom scalar(const Node &node, const Table11 &seen) const
    {
        const std::string_view spelled = m_document.slice(node.value->range);
        switch (seen.type()) {
        case t11::value_t::string:
            if (node.value->kind != Value::Kind::String)
                differs(node);
            return seen.as_string().str;
        case t11::value_t::boolean:
            return seen.as_boolean();
        case t11::value_t::integer:
            if (!integerFits(spelled))
                throw Problem{node.value->range.begin, fill("the number {} does not fit in 64 bits", shortened(spelled))};
            return std::int64_t(seen.as_integer());
        case t11::value_t::floating:
            return floating(node, spelled, seen.as_floating());
        case t11::value_t::offset_datetime:
        case t11::value_t::local_datetime:
        case t11::value_t::local_date:
        case t11::value_t::local_time:
            return Date{std::string(spelled)};
        case t11::value_t::empty:
        case t11::value_t::array:
        case t11::value_t::table:
            break;
        }
        differs(node);
    }

    double floating(const Node &node, std::string_view spelled, double seen) const
    {
        if (!std::isfinite(seen))
            return seen;
        // toml11 clamps here too, so the digits are read once more. (from_chars wants the + of an exponent gone, as plainNumber() does.)
        const std::string digits = plainNumber(spelled);
        double number = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (error != std::errc() || end != digits.data() + digits.size())
            throw Problem{node.value->range.begin, fill("the number {} is too large or too small", shortened(spelled))};
        return number;
    }

    Document &m_document;
};

} // namespace

base::Result<void> readScalars(Document &document, const std::string &path, Check check)
{
    const Reader reader(document);
    try {
        if (check == Check::Values) {
            reader.readPlain(document.root);
            return {};
        }
        try {
            const Table11 seen = parse11(document.text.substr(document.scan.start));
            reader.read(document.root, seen);
        } catch (const std::exception &) {
            // A value is wrong, and is found one by one; or it is [a] behind [[a.b]], which TOML allows and toml11 3.7 does not.
            // The scanner has checked the headers, so what is left are the values.
            reader.readApart(document.root);
        }
        return {};
    } catch (const Problem &problem) {
        return failAt(document.text, problem.offset, path, problem.sentence);
    } catch (const std::exception &error) {
        return failAt(document.text, document.scan.start, path, fill("the file cannot be read ({})", shortened(error.what())));
    }
}

} // namespace cleat::config::toml
