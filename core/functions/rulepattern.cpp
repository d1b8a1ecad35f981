// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/rulepattern.h"

#include "core/functions/urlpath.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace cleat::functions {

namespace {

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isWord(char c)
{
    return isLetter(c) || (c >= '0' && c <= '9') || c == '_';
}

/// The name that begins behind the colon at `at`; empty: none does.
std::string_view nameAt(std::string_view text, std::size_t at)
{
    std::size_t end = at + 1;
    if (end >= text.size() || !isLetter(text[end]))
        return {};
    while (end < text.size() && isWord(text[end]))
        ++end;
    return text.substr(at + 1, end - at - 1);
}

/// Where the path of "https://host/path" begins; of a path 0.
std::size_t pathStart(std::string_view rule)
{
    constexpr std::string_view scheme = "https://";
    return rule.starts_with(scheme) ? std::min(rule.find('/', scheme.size()), rule.size()) : 0;
}

} // namespace

RulePattern::RulePattern(std::string rule) : m_text(std::move(rule)), m_hasHost(m_text.starts_with("https://"))
{
    // The names in the order in which they are replaced: those of the host first. One replaces every text that begins so: ":a" also the front of ":ab".
    struct Name {
        std::string text;
        Piece::Kind kind;
    };
    std::vector<Name> names;
    constexpr std::string_view ends = "-/\\^$*+?.()|[]{}"; // what a name in a host ends at
    const std::size_t path = pathStart(m_text);
    for (std::size_t at = m_hasHost ? 8 : m_text.size(); at < path; ++at) {
        if (const std::string_view name = m_text[at] == ':' ? nameAt(m_text, at) : std::string_view(); !name.empty()) {
            const std::size_t end = at + 1 + name.size();
            if (end < m_text.size() && ends.find(m_text[end]) != std::string_view::npos)
                names.push_back({std::string(name), Piece::Kind::Label});
        }
    }
    for (std::size_t at = 0; at < m_text.size(); ++at) {
        if (const std::string_view name = m_text[at] == ':' ? nameAt(m_text, at) : std::string_view(); !name.empty())
            names.push_back({std::string(name), Piece::Kind::Segment});
    }

    for (std::size_t from = 0;;) {
        const std::size_t star = std::min(m_text.find('*', from), m_text.size());
        m_pieces.push_back({Piece::Kind::Text, m_text.substr(from, star - from)});
        if (star == m_text.size())
            break;
        m_pieces.push_back({Piece::Kind::Splat, "splat"});
        from = star + 1;
    }
    for (const Name &name : names) {
        const std::string mark = ':' + name.text;
        std::vector<Piece> pieces;
        for (Piece &piece : m_pieces) {
            if (piece.kind != Piece::Kind::Text) {
                pieces.push_back(std::move(piece));
                continue;
            }
            std::size_t from = 0;
            for (std::size_t at = piece.text.find(mark); at != std::string::npos; at = piece.text.find(mark, from)) {
                pieces.push_back({Piece::Kind::Text, piece.text.substr(from, at - from)});
                pieces.push_back({name.kind, name.text});
                from = at + mark.size();
            }
            pieces.push_back({Piece::Kind::Text, piece.text.substr(from)});
        }
        m_pieces = std::move(pieces);
    }
    std::erase_if(m_pieces, [](const Piece &piece) { return piece.kind == Piece::Kind::Text && piece.text.empty(); });
    for (std::size_t i = 0; i < m_pieces.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (m_pieces[i].kind != Piece::Kind::Text && m_pieces[j].kind != Piece::Kind::Text && m_pieces[i].text == m_pieces[j].text && m_problem.empty())
                m_problem = m_pieces[i].text == "splat" ? "only one * can stand in a rule; use names like :project instead" : "the name :" + m_pieces[i].text + " stands in it twice";
        }
    }
}

/// Finds what a regular expression would find, each name and star taking as much as it can from left to right; the time it takes grows with the pattern's
/// length times the text's at most.
struct RulePattern::Search {
    const std::vector<Piece> &pieces;
    std::string_view text;
    std::vector<std::string_view> taken; ///< of each piece

    /// Behind the last character that a piece at `at` may take.
    std::size_t limit(const Piece &piece, std::size_t at) const
    {
        if (piece.kind == Piece::Kind::Splat)
            return text.size();
        return std::min(text.find_first_of(piece.kind == Piece::Kind::Label ? "/." : "/", at), text.size());
    }

    bool run()
    {
        if (pieces.empty())
            return text.empty();
        // Most rules differ from most paths at one of their ends.
        if ((pieces.front().kind == Piece::Kind::Text && !text.starts_with(pieces.front().text)) || (pieces.back().kind == Piece::Kind::Text && !text.ends_with(pieces.back().text)))
            return false;
        // reach[i * (n + 1) + at]: where piece i at `at` ends, when it and all behind it fit; else `none`.
        const std::size_t n = text.size();
        constexpr std::uint32_t none = ~std::uint32_t{0};
        std::vector<std::uint32_t> reach(pieces.size() * (n + 1), none);
        for (std::size_t i = pieces.size(); i-- > 0;) {
            const Piece &piece = pieces[i];
            const auto fitsBehind = [&](std::size_t end) { return i + 1 == pieces.size() ? end == n : reach[(i + 1) * (n + 1) + end] != none; };
            std::uint32_t *const own = &reach[i * (n + 1)];
            if (piece.kind == Piece::Kind::Text) {
                for (std::size_t at = 0; at + piece.text.size() <= n; ++at) {
                    if (text.compare(at, piece.text.size(), piece.text) == 0 && fitsBehind(at + piece.text.size()))
                        own[at] = static_cast<std::uint32_t>(at + piece.text.size());
                }
                continue;
            }
            std::vector<std::uint32_t> last(n + 1, none); // the last place up to here at which the rest fits
            for (std::size_t end = 0; end <= n; ++end)
                last[end] = fitsBehind(end) ? static_cast<std::uint32_t>(end) : end > 0 ? last[end - 1] : none;
            const std::size_t least = piece.kind == Piece::Kind::Splat ? 0 : 1;
            std::size_t stop = limit(piece, 0);
            for (std::size_t at = 0; at <= n; ++at) {
                if (stop < at)
                    stop = limit(piece, at);
                if (last[stop] != none && last[stop] >= at + least)
                    own[at] = last[stop];
            }
        }
        if (reach[0] == none)
            return false;
        for (std::size_t i = 0, at = 0; i < pieces.size(); ++i) {
            const std::size_t end = reach[i * (n + 1) + at];
            taken[i] = text.substr(at, end - at);
            at = end;
        }
        return true;
    }
};

bool RulePattern::match(std::string_view path, std::string_view host, Captures &captures) const
{
    captures.clear();
    if (!m_problem.empty())
        return false;
    if (isFixed())
        return path == m_text;
    std::string whole;
    if (m_hasHost) {
        whole.append("https://").append(host);
        if (!m_pieces.empty() && m_pieces.front().kind == Piece::Kind::Text && m_pieces.size() == 1)
            return m_text.size() == whole.size() + path.size() && std::string_view(m_text).starts_with(whole) && std::string_view(m_text).ends_with(path);
        whole += path;
    }
    // What was captured has to point into `path` or `host`, not into `whole`.
    Search search{m_pieces, m_hasHost ? std::string_view(whole) : path, std::vector<std::string_view>(m_pieces.size())};
    if (!search.run())
        return false;
    for (std::size_t i = 0; i < m_pieces.size(); ++i) {
        if (m_pieces[i].kind == Piece::Kind::Text)
            continue;
        std::string_view value = search.taken[i];
        if (m_hasHost) {
            const auto at = static_cast<std::size_t>(value.data() - whole.data());
            const std::size_t start = 8 + host.size();
            value = at >= start ? path.substr(at - start, value.size()) : at + value.size() <= start ? host.substr(at - 8, value.size()) : std::string_view();
        }
        captures.emplace_back(m_pieces[i].text, value);
    }
    return true;
}

std::string filledIn(std::string text, const RulePattern::Captures &captures)
{
    for (const auto &[name, value] : captures) {
        std::string mark(":");
        mark += name;
        for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
            text.replace(at, mark.size(), value);
    }
    return text;
}

bool isPatternText(std::string_view text)
{
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '*' || (text[at] == ':' && !nameAt(text, at).empty()))
            return true;
    }
    return false;
}

std::string ruleUrl(std::string_view text, RuleUrlKind kind, RuleUrlParts parts, std::string &problem)
{
    std::string out;
    std::string_view rest = text;
    if (text.starts_with("https://")) {
        rest.remove_prefix(8);
        while (rest.starts_with('/'))
            rest.remove_prefix(1);
        const std::string_view host = rest.substr(0, rest.find('/'));
        if (!host.empty()) {
            if (kind == RuleUrlKind::Relative) {
                problem = "it may not name a host; only paths can be redirected";
                return {};
            }
            const std::size_t colon = host.rfind(':');
            if (kind == RuleUrlKind::WithoutPort && colon != std::string_view::npos && colon + 1 < host.size()
                && host.find_first_not_of("0123456789", colon + 1) == std::string_view::npos) {
                problem = "a port may not stand in it";
                return {};
            }
            out.append("https://").append(host);
            rest.remove_prefix(host.size());
        } else {
            rest = text;
        }
    }
    if (out.empty() && !rest.starts_with('/') && kind != RuleUrlKind::Relative) {
        problem = "a path begins with a slash, and another host with https://";
        return {};
    }
    const std::size_t fragment = std::min(rest.find('#'), rest.size());
    const std::size_t query = std::min(rest.find('?'), fragment);
    std::string path(rest.substr(0, query));
    std::erase_if(path, [](char c) { return c == '\t' || c == '\r' || c == '\n'; });
    if (!path.starts_with('/'))
        path.insert(0, 1, '/');
    out += normalizedPath(path);
    if (parts == RuleUrlParts::PathQueryFragment) {
        appendQueryEncoded(out, rest.substr(query, fragment - query));
        appendFragmentEncoded(out, rest.substr(fragment));
    }
    return out;
}

std::string_view ruleTrimmed(std::string_view text)
{
    constexpr std::string_view bom = "\xEF\xBB\xBF";
    constexpr std::string_view fixed = "\xC2\xA0"; // a space that breaks no line
    constexpr std::string_view blanks = " \t\r\n\v\f";
    const auto isBlankFront = [&] { return !text.empty() && blanks.find(text.front()) != std::string_view::npos; };
    for (;;) {
        if (isBlankFront())
            text.remove_prefix(1);
        else if (text.starts_with(bom))
            text.remove_prefix(bom.size());
        else if (text.starts_with(fixed))
            text.remove_prefix(fixed.size());
        else
            break;
    }
    for (;;) {
        if (!text.empty() && blanks.find(text.back()) != std::string_view::npos)
            text.remove_suffix(1);
        else if (text.ends_with(bom))
            text.remove_suffix(bom.size());
        else if (text.ends_with(fixed))
            text.remove_suffix(fixed.size());
        else
            return text;
    }
}

std::size_t utf16Length(std::string_view text)
{
    std::size_t length = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) != 0x80)
            length += byte >= 0xF0 ? 2 : 1;
    }
    return length;
}

} // namespace cleat::functions
