// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/sourcemap.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace cleat::runtime {

namespace {

int digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/// Reads one base64 VLQ; false at the end of a segment or on a wrong character.
bool number(std::string_view text, std::size_t &position, std::int64_t &value)
{
    std::int64_t result = 0;
    for (int shift = 0; shift < 60; shift += 5) {
        const int d = position < text.size() ? digit(text[position]) : -1;
        if (d < 0)
            return false;
        ++position;
        result |= static_cast<std::int64_t>(d & 31) << shift;
        if (!(d & 32)) {
            value = result & 1 ? -(result >> 1) : result >> 1;
            return true;
        }
    }
    return false;
}

} // namespace

SourceMap::SourceMap(std::string_view json, std::string_view root)
{
    nlohmann::json map = nlohmann::json::parse(json, nullptr, false);
    if (!map.is_object())
        return;
    const auto sources = map.find("sources");
    const auto mappings = map.find("mappings");
    if (sources == map.end() || !sources->is_array() || mappings == map.end() || !mappings->is_string())
        return;
    for (const auto &source : *sources) {
        std::string name = source.is_string() ? source.get<std::string>() : std::string();
        if (!root.empty() && !name.empty() && name.front() != '/')
            name = std::string(root) + '/' + name;
        m_sources.push_back(std::move(name));
    }
    decode(mappings->get_ref<const std::string &>());
    if (const auto contents = map.find("sourcesContent"); contents != map.end() && contents->is_array()) {
        m_contents.resize(m_sources.size());
        for (std::size_t i = 0; i < std::min(m_contents.size(), contents->size()); ++i) {
            if (nlohmann::json &content = (*contents)[i]; content.is_string())
                m_contents[i] = std::move(content.get_ref<std::string &>());
        }
    }
}

const std::string *SourceMap::content(std::string_view file) const
{
    for (std::size_t i = 0; i < m_contents.size(); ++i) {
        if (m_sources[i] == file && !m_contents[i].empty())
            return &m_contents[i];
    }
    return nullptr;
}

void SourceMap::decode(std::string_view mappings)
{
    std::array<std::int64_t, 4> at{}; // generated column, source, line, column
    m_lines.emplace_back();
    std::size_t position = 0;
    while (position < mappings.size()) {
        if (mappings[position] == ';') {
            m_lines.emplace_back();
            at[0] = 0;
            ++position;
            continue;
        }
        if (mappings[position] == ',') {
            ++position;
            continue;
        }
        std::int64_t delta = 0;
        int fields = 0;
        while (fields < 5 && number(mappings, position, delta)) {
            if (fields < 4)
                at[static_cast<std::size_t>(fields)] += delta;
            ++fields;
        }
        if (fields == 0)
            return; // malformed: what was decoded stays usable
        const bool known = fields >= 4 && at[1] >= 0 && static_cast<std::size_t>(at[1]) < m_sources.size();
        m_lines.back().push_back({static_cast<std::uint32_t>(at[0]), known ? static_cast<std::int32_t>(at[1]) : -1,
            static_cast<std::uint32_t>(at[2]), static_cast<std::uint32_t>(at[3])});
    }
}

base::Place SourceMap::original(int line, int column) const
{
    if (line < 1 || static_cast<std::size_t>(line) > m_lines.size() || column < 1)
        return {};
    const auto &segments = m_lines[static_cast<std::size_t>(line - 1)];
    auto after = std::upper_bound(segments.begin(), segments.end(), static_cast<std::uint32_t>(column - 1),
        [](std::uint32_t wanted, const Segment &segment) { return wanted < segment.column; });
    if (after == segments.begin())
        return {};
    const Segment &segment = *std::prev(after);
    if (segment.source < 0)
        return {};
    return {m_sources[static_cast<std::size_t>(segment.source)], static_cast<int>(segment.line) + 1, static_cast<int>(segment.originalColumn) + 1};
}

std::string linesRound(std::string_view text, int line, int around, int &first)
{
    constexpr std::size_t most = 400;
    std::string lines;
    const int from = std::max(1, line - around);
    bool found = false;
    int number = 1;
    for (std::size_t at = 0; at <= text.size() && number <= line + around; ++number) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view one = text.substr(at, end - at);
        at = end + 1;
        if (number < from || (end == text.size() && one.empty()))
            continue;
        if (one.ends_with('\r'))
            one.remove_suffix(1);
        found = found || number == line;
        if (number > from)
            lines += '\n';
        if (one.size() <= most) {
            lines += one;
            continue;
        }
        std::size_t cut = most;
        while (cut > 0 && (static_cast<unsigned char>(one[cut]) & 0xC0) == 0x80) // not in the middle of a character
            --cut;
        lines.append(one.substr(0, cut)).append("\u2026");
    }
    if (!found)
        return {};
    first = from;
    return lines;
}

} // namespace cleat::runtime
