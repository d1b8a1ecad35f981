// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/ai/htmlmarkdown.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace cleat::bindings::ai {

namespace {

constexpr std::size_t mostNested = 200; ///< lists, quotations and links; deeper ones are flat

constexpr std::array<std::pair<std::string_view, std::string_view>, 40> entities{{{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}, {"copy", "\u00a9"}, {"reg", "\u00ae"},
    {"trade", "\u2122"}, {"hellip", "\u2026"}, {"mdash", "\u2014"}, {"ndash", "\u2013"}, {"lsquo", "\u2018"}, {"rsquo", "\u2019"}, {"ldquo", "\u201c"}, {"rdquo", "\u201d"}, {"bull", "\u2022"}, {"middot", "\u00b7"},
    {"laquo", "\u00ab"}, {"raquo", "\u00bb"}, {"euro", "\u20ac"}, {"pound", "\u00a3"}, {"cent", "\u00a2"}, {"yen", "\u00a5"}, {"sect", "\u00a7"}, {"para", "\u00b6"}, {"deg", "\u00b0"}, {"plusmn", "\u00b1"},
    {"times", "\u00d7"}, {"divide", "\u00f7"}, {"auml", "\u00e4"}, {"ouml", "\u00f6"}, {"uuml", "\u00fc"}, {"Auml", "\u00c4"}, {"Ouml", "\u00d6"}, {"Uuml", "\u00dc"}, {"szlig", "\u00df"}, {"eacute", "\u00e9"},
    {"egrave", "\u00e8"}, {"rarr", "\u2192"}}};

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool isNameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void appendUtf8(std::string &out, std::uint32_t code)
{
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        code = 0xFFFD;
    if (code < 0x80) {
        out += static_cast<char>(code);
        return;
    }
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    out += static_cast<char>((0xFF00 >> (more + 1) & 0xFF) | (code >> (6 * more)));
    for (int i = more - 1; i >= 0; --i)
        out += static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3F));
}

/// Text with its character references replaced; one that is not known stays.
std::string decoded(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const std::size_t at = std::min(text.find('&'), text.size());
        out += text.substr(0, at);
        text.remove_prefix(at);
        const std::size_t end = text.substr(0, 32).find(';');
        if (text.empty() || end == std::string_view::npos) {
            out += text.substr(0, 1);
            text.remove_prefix(text.empty() ? 0 : 1);
            continue;
        }
        std::string_view name = text.substr(1, end - 1);
        std::uint32_t code = 0;
        const bool isHex = name.starts_with("#x") || name.starts_with("#X");
        const std::string_view digits = name.substr(std::min(name.size(), std::size_t(isHex ? 2 : 1)));
        const auto *const known = std::ranges::find(entities, name, &std::pair<std::string_view, std::string_view>::first);
        if (name.starts_with('#') && !digits.empty() && std::from_chars(digits.data(), digits.data() + digits.size(), code, isHex ? 16 : 10).ptr == digits.data() + digits.size()) {
            appendUtf8(out, code);
        } else if (known != entities.end()) {
            out += known->second;
        } else {
            out += '&';
            text.remove_prefix(1);
            continue;
        }
        text.remove_prefix(end + 1);
    }
    return out;
}

struct Tag {
    std::string name;
    bool closes = false;
    std::vector<std::pair<std::string, std::string>> attributes;
    std::string attribute(std::string_view name_) const
    {
        const auto found = std::ranges::find(attributes, name_, &std::pair<std::string, std::string>::first);
        return found == attributes.end() ? std::string() : found->second;
    }
};

/// Takes a tag from the front of `html`, which begins with '<' and a name or "</" and a name. What is never closed is all of the rest.
Tag takeTag(std::string_view &html)
{
    Tag tag;
    std::size_t at = 1;
    if (html[at] == '/') {
        tag.closes = true;
        ++at;
    }
    while (at < html.size() && !isSpace(html[at]) && html[at] != '>' && html[at] != '/')
        tag.name += lower(html[at++]);
    while (at < html.size() && html[at] != '>') {
        if (isSpace(html[at]) || html[at] == '/') {
            ++at;
            continue;
        }
        std::string name;
        std::string value;
        do
            name += lower(html[at++]);
        while (at < html.size() && !isSpace(html[at]) && html[at] != '>' && html[at] != '=' && html[at] != '/');
        std::size_t next = at;
        while (next < html.size() && isSpace(html[next]))
            ++next;
        if (next < html.size() && html[next] == '=') {
            at = next + 1;
            while (at < html.size() && isSpace(html[at]))
                ++at;
            if (at < html.size() && (html[at] == '"' || html[at] == '\'')) {
                const std::size_t end = std::min(html.find(html[at], at + 1), html.size());
                value = decoded(html.substr(at + 1, end - at - 1));
                at = std::min(end + 1, html.size());
            } else {
                const std::size_t begin = at;
                while (at < html.size() && !isSpace(html[at]) && html[at] != '>')
                    ++at;
                value = decoded(html.substr(begin, at - begin));
            }
        }
        tag.attributes.emplace_back(std::move(name), std::move(value));
    }
    html.remove_prefix(std::min(at + 1, html.size()));
    return tag;
}

template <std::size_t count>
bool isOneOf(std::string_view name, const std::array<std::string_view, count> &names)
{
    return std::ranges::find(names, name) != names.end();
}

constexpr std::array<std::string_view, 8> notRead{"script", "style", "template", "noscript", "svg", "iframe", "textarea", "title"};
constexpr std::array<std::string_view, 19> blocks{"p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "figure", "figcaption", "form", "fieldset", "address", "dl", "dt", "dd", "details", "body"};

class Writer final
{
public:
    std::string run(std::string_view html);

private:
    void text(std::string_view raw);
    void open(const Tag &tag, std::string_view &rest);
    void close(std::string_view name);
    void word(std::string_view inlineText);
    void mark(std::string_view sign, bool opens);
    void breakBlock(int lines);
    void endLink();
    void row();
    void endTable();
    void newLine();

    std::string m_out;
    std::string *m_into = &m_out; ///< or a cell
    bool m_space = false; ///< there was one, not written yet
    bool m_lineIsEmpty = true;
    int m_wanted = 0; ///< line ends before the next word
    bool m_break = false; ///< the one that is wanted was asked for by <br>
    std::string m_first; ///< the sign that begins the next line, in place of the end of the prefix
    struct List {
        bool numbered = false;
        int number = 0;
    };
    struct Level {
        std::string prefix; ///< of each line
        std::optional<List> list; ///< nullopt: a quotation, or a list's entry
        std::string tag;
    };
    std::vector<Level> m_levels;
    std::vector<std::pair<std::string, std::size_t>> m_links; ///< target, where its text begins
    bool m_preformatted = false;
    std::vector<std::vector<std::string>> m_table;
    bool m_inTable = false;
};

void Writer::breakBlock(int lines)
{
    m_space = false;
    if (m_inTable) {
        m_space = true; // a cell has one line
        return;
    }
    if (!m_lineIsEmpty || !m_out.empty())
        m_wanted = std::max(m_wanted, lines);
}

/// The beginning of a line, as the lists and quotations round it want it.
void Writer::newLine()
{
    std::string prefix;
    for (const Level &level : m_levels)
        prefix += level.prefix;
    if (!m_first.empty()) {
        prefix.resize(prefix.size() - std::min(prefix.size(), m_first.size()));
        prefix += m_first;
        m_first.clear();
    }
    m_out += prefix;
    m_lineIsEmpty = true;
}

void Writer::word(std::string_view inlineText)
{
    if (m_into != &m_out) {
        if (m_space && !m_into->empty())
            *m_into += ' ';
        m_space = false;
        *m_into += inlineText;
        return;
    }
    if (m_wanted > 0 || m_out.empty() || m_out.back() == '\n') {
        if (!m_out.empty()) {
            while (m_out.ends_with(' '))
                m_out.pop_back();
            if (std::exchange(m_break, false) && m_wanted == 1)
                m_out += "  "; // which makes the line end there
            std::string quote; // an empty line within a quotation
            for (const Level &level : m_levels)
                quote += level.prefix;
            while (quote.ends_with(' '))
                quote.pop_back();
            for (int i = 0; i < m_wanted; ++i)
                m_out += i == 0 || !m_first.empty() ? "\n" : quote + "\n";
        }
        m_wanted = 0;
        m_space = false;
        newLine();
    }
    if (m_space && !m_lineIsEmpty && !m_out.ends_with(' '))
        m_out += ' ';
    m_space = false;
    m_out += inlineText;
    m_lineIsEmpty = false;
}

void Writer::text(std::string_view raw)
{
    const std::string plain = decoded(raw);
    if (m_preformatted && !m_inTable) {
        std::string_view rest = plain;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            std::string line(rest.substr(0, end));
            std::erase(line, '\r');
            if (!line.empty() || m_wanted == 0)
                word(line);
            if (end == rest.size())
                break;
            m_wanted = 1;
            rest.remove_prefix(end + 1);
            if (!rest.empty() && rest.front() == '\n')
                word("");
        }
        return;
    }
    std::size_t at = 0;
    while (at < plain.size()) {
        if (isSpace(plain[at])) {
            m_space = true;
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < plain.size() && !isSpace(plain[end]))
            ++end;
        std::string piece;
        for (const char c : std::string_view(plain).substr(at, end - at)) {
            if (c == '*' || c == '`' || c == '[' || c == ']' || c == '\\' || (c == '|' && m_inTable))
                piece += '\\';
            piece += c;
        }
        word(piece);
        at = end;
    }
}

/// A sign round a stretch of text: the space stands outside.
void Writer::mark(std::string_view sign, bool opens)
{
    if (opens) {
        word(sign);
        return;
    }
    const bool space = std::exchange(m_space, false);
    const int wanted = std::exchange(m_wanted, 0);
    *m_into += sign;
    m_space = space;
    m_wanted = wanted;
}

void Writer::endLink()
{
    const auto [target, begin] = std::move(m_links.back());
    m_links.pop_back();
    if (begin > m_into->size() || m_into->find('[', begin) == std::string::npos)
        return;
    mark(target.empty() ? "]" : "](" + target + ')', false);
}

void Writer::row()
{
    if (m_table.empty() || m_table.back().empty())
        return;
    m_into = &m_out;
}

void Writer::endTable()
{
    if (!std::exchange(m_inTable, false))
        return;
    m_into = &m_out;
    m_space = false;
    std::size_t columns = 0;
    std::erase_if(m_table, [](const auto &cells) { return cells.empty(); });
    for (const auto &cells : m_table)
        columns = std::max(columns, cells.size());
    m_wanted = m_out.empty() ? 0 : 2;
    for (std::size_t i = 0; i < m_table.size(); ++i) {
        m_table[i].resize(columns);
        std::string line = "|";
        for (const std::string &cell : m_table[i])
            line += ' ' + cell + " |";
        word(line);
        m_wanted = 1;
        if (i == 0) {
            line = "|";
            for (std::size_t column = 0; column < columns; ++column)
                line += " --- |";
            word(line);
            m_wanted = 1;
        }
    }
    m_table.clear();
    m_wanted = 2;
}

void Writer::open(const Tag &tag, std::string_view &rest)
{
    const std::string &name = tag.name;
    if (isOneOf(name, notRead)) {
        // To its end tag, whatever stands in it.
        std::size_t at = 0;
        while ((at = rest.find("</", at)) != std::string_view::npos) {
            const std::string_view candidate = rest.substr(at + 2, name.size());
            if (std::ranges::equal(candidate, name, {}, lower) && candidate.size() == name.size()) {
                rest.remove_prefix(at);
                takeTag(rest);
                return;
            }
            at += 2;
        }
        rest = {};
    } else if (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6') {
        breakBlock(2);
        if (!m_inTable)
            word(std::string(static_cast<std::size_t>(name[1] - '0'), '#') + ' ');
    } else if (name == "br") {
        if (m_inTable || m_lineIsEmpty) {
            m_space = true;
        } else {
            m_break = true;
            m_wanted = std::max(m_wanted, 1);
        }
    } else if (name == "hr") {
        breakBlock(2);
        if (!m_inTable)
            word("---");
        breakBlock(2);
    } else if (name == "strong" || name == "b") {
        mark("**", true);
    } else if (name == "em" || name == "i") {
        mark("*", true);
    } else if (name == "code" && !m_preformatted) {
        mark("`", true);
    } else if (name == "pre" && !m_inTable) {
        breakBlock(2);
        word("```");
        m_wanted = 1;
        m_preformatted = true;
        if (rest.starts_with('\n'))
            rest.remove_prefix(1);
    } else if (name == "a" && m_links.size() < mostNested) {
        word("");
        if (m_space && !m_into->empty() && !m_into->ends_with(' '))
            *m_into += ' ';
        m_space = false;
        m_links.emplace_back(tag.attribute("href"), m_into->size());
        mark("[", true);
    } else if (name == "img") {
        if (const std::string source = tag.attribute("src"); !source.empty())
            word("![" + tag.attribute("alt") + "](" + source + ')');
    } else if ((name == "ul" || name == "ol") && !m_inTable && m_levels.size() < mostNested) {
        const bool inner = std::ranges::any_of(m_levels, [](const Level &level) { return level.list.has_value(); });
        breakBlock(inner ? 1 : 2);
        m_levels.push_back({"", List{name == "ol", 0}, name});
    } else if (name == "li" && !m_inTable && m_levels.size() < mostNested) {
        if (!m_levels.empty() && m_levels.back().tag == "li")
            close("li");
        breakBlock(m_levels.empty() || !m_levels.back().list || m_levels.back().list->number == 0 ? std::max(m_wanted, 1) : 1);
        std::string sign = "- ";
        if (!m_levels.empty() && m_levels.back().list) {
            List &list = *m_levels.back().list;
            ++list.number;
            if (list.numbered)
                sign = std::to_string(list.number) + ". ";
        }
        m_levels.push_back({std::string(sign.size(), ' '), std::nullopt, "li"});
        m_first = sign;
    } else if (name == "blockquote" && !m_inTable && m_levels.size() < mostNested) {
        breakBlock(2);
        m_levels.push_back({"> ", std::nullopt, "blockquote"});
    } else if (name == "table") {
        endTable(); // one within another begins a new one
        breakBlock(2);
        m_inTable = true;
    } else if (name == "tr" && m_inTable) {
        row();
        m_table.emplace_back();
    } else if ((name == "td" || name == "th") && m_inTable) {
        if (m_table.empty())
            m_table.emplace_back();
        m_into = &m_table.back().emplace_back();
        m_space = false;
    } else if (isOneOf(name, blocks)) {
        breakBlock(m_levels.empty() || m_levels.back().tag != "li" || !m_first.empty() ? 2 : 1);
        if (!m_first.empty())
            m_wanted = std::min(m_wanted, 1);
    }
}

void Writer::close(std::string_view name)
{
    if (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6') {
        breakBlock(2);
    } else if (name == "strong" || name == "b") {
        mark("**", false);
    } else if (name == "em" || name == "i") {
        mark("*", false);
    } else if (name == "code" && !m_preformatted) {
        mark("`", false);
    } else if (name == "pre" && m_preformatted) {
        m_preformatted = false;
        m_wanted = 1;
        word("```");
        m_wanted = 2;
    } else if (name == "a" && !m_links.empty()) {
        endLink();
    } else if (name == "table") {
        endTable();
    } else if (name == "tr" && m_inTable) {
        row();
    } else if ((name == "td" || name == "th") && m_inTable) {
        m_space = false;
    } else if (name == "ul" || name == "ol" || name == "li" || name == "blockquote") {
        const auto found = std::ranges::find(m_levels.rbegin(), m_levels.rend(), name, &Level::tag);
        if (found == m_levels.rend() || m_inTable)
            return;
        m_first.clear();
        m_levels.erase(std::prev(found.base()), m_levels.end());
        const bool inner = !m_levels.empty() && m_levels.back().tag == "li";
        breakBlock(name == "li" || inner ? 1 : 2);
    } else if (isOneOf(name, blocks)) {
        breakBlock(m_levels.empty() || m_levels.back().tag != "li" ? 2 : 1);
    }
}

std::string Writer::run(std::string_view html)
{
    while (!html.empty()) {
        if (html.front() != '<') {
            const std::size_t end = std::min(html.find('<'), html.size());
            text(html.substr(0, end));
            html.remove_prefix(end);
        } else if (html.starts_with("<!--")) {
            const std::size_t end = html.find("-->", 4);
            html.remove_prefix(end == std::string_view::npos ? html.size() : end + 3);
        } else if (html.starts_with("<!") || html.starts_with("<?")) {
            const std::size_t end = html.find('>');
            html.remove_prefix(end == std::string_view::npos ? html.size() : end + 1);
        } else if (html.size() > 1 && (isNameStart(html[1]) || (html[1] == '/' && html.size() > 2 && isNameStart(html[2])))) {
            const Tag tag = takeTag(html);
            if (tag.closes)
                close(tag.name);
            else
                open(tag, html);
        } else {
            text(html.substr(0, 1));
            html.remove_prefix(1);
        }
    }
    endTable();
    while (!m_links.empty())
        endLink();
    if (m_preformatted)
        close("pre");
    while (!m_out.empty() && isSpace(m_out.back()))
        m_out.pop_back();
    return m_out.empty() ? m_out : m_out + '\n';
}

} // namespace

std::string htmlToMarkdown(std::string_view html)
{
    return Writer().run(html);
}

} // namespace cleat::bindings::ai
