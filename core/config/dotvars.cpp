// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/dotvars.h"

#include "core/base/file.h"

#include <algorithm>
#include <optional>
#include <set>
#include <system_error>

namespace cleat::config {

namespace {

constexpr std::size_t none = std::string_view::npos;

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\v' || c == '\f' || c == '\r';
}

bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

std::size_t skipSpace(std::string_view text, std::size_t at)
{
    while (at < text.size() && isSpace(text[at]))
        ++at;
    return at;
}

/// Whether nothing but white space or a comment stands between `at` and the end of its line.
bool isRestEmpty(std::string_view text, std::size_t at)
{
    while (at < text.size() && text[at] != '\n' && isSpace(text[at]))
        ++at;
    return at >= text.size() || text[at] == '\n' || text[at] == '#';
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

/// The end of a quoted value that begins at `at` (behind white space), or none. The closing quote is the last one that a run of
/// backslash-quotes allows and that only a comment follows.
std::size_t quotedEnd(std::string_view text, std::size_t at)
{
    if (at >= text.size())
        return none;
    const char quote = text[at];
    if (quote != '\'' && quote != '"' && quote != '`')
        return none;
    std::size_t escaped = none; // the last backslash-quote before which the value could end
    for (std::size_t i = at + 1; i < text.size(); ++i) {
        if (text[i] != quote)
            continue;
        if (text[i - 1] == '\\' && i - 1 > at) {
            if (isRestEmpty(text, i + 1))
                escaped = i + 1;
            continue;
        }
        return isRestEmpty(text, i + 1) ? i + 1 : escaped;
    }
    return escaped;
}

std::string unquoted(std::string_view value)
{
    value = trimmed(value);
    const char quote = value.empty() ? '\0' : value.front();
    if ((quote == '\'' || quote == '"' || quote == '`') && value.size() >= 2 && value.back() == quote)
        value = value.substr(1, value.size() - 2);
    if (quote != '"')
        return std::string(value);
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char next = value[i] == '\\' && i + 1 < value.size() ? value[i + 1] : '\0';
        if (next == 'n' || next == 'r') {
            out += next == 'n' ? '\n' : '\r';
            ++i;
        } else {
            out += value[i];
        }
    }
    return out;
}

void assign(NamedValues &values, std::string name, std::string value)
{
    const auto it = std::ranges::find(values, name, &NamedValues::value_type::first);
    if (it == values.end())
        values.emplace_back(std::move(name), std::move(value));
    else
        it->second = std::move(value);
}

struct Line {
    std::string name;
    std::string value;
    std::size_t from;
    std::size_t end;
};

/// NAME=value or NAME: value at `at`, which is the first character of a line that is no white space.
std::optional<Line> assignment(std::string_view text, std::size_t at)
{
    const auto nameAt = [&](std::size_t begin) -> std::optional<std::pair<std::string_view, std::size_t>> {
        std::size_t end = begin;
        while (end < text.size() && isNameCharacter(text[end]))
            ++end;
        if (end == begin)
            return std::nullopt;
        const std::size_t sign = skipSpace(text, end);
        if (sign < text.size() && text[sign] == '=')
            return std::pair(text.substr(begin, end - begin), sign + 1);
        if (end + 1 < text.size() && text[end] == ':' && isSpace(text[end + 1]))
            return std::pair(text.substr(begin, end - begin), end + 2);
        return std::nullopt;
    };
    std::optional<std::pair<std::string_view, std::size_t>> name;
    if (text.substr(at).starts_with("export") && at + 6 < text.size() && isSpace(text[at + 6]))
        name = nameAt(skipSpace(text, at + 6));
    if (!name)
        name = nameAt(at);
    if (!name)
        return std::nullopt;

    const auto [key, from] = *name;
    std::size_t end = quotedEnd(text, skipSpace(text, from));
    if (end == none) {
        end = from;
        while (end < text.size() && text[end] != '#' && text[end] != '\n')
            ++end;
    }
    // The value itself, without the white space round it.
    std::size_t valueFrom = from;
    std::size_t valueEnd = end;
    while (valueFrom < end && isSpace(text[valueFrom]))
        ++valueFrom;
    while (valueEnd > valueFrom && isSpace(text[valueEnd - 1]))
        --valueEnd;
    if (valueFrom == valueEnd)
        valueFrom = valueEnd = from;
    return Line{std::string(key), unquoted(text.substr(from, end - from)), valueFrom, valueEnd};
}

const std::string *valueOf(const NamedValues &values, std::string_view name)
{
    const auto it = std::ranges::find(values, name, &NamedValues::value_type::first);
    return it == values.end() ? nullptr : &it->second;
}

bool isVariableStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// ${NAME}, ${NAME:-default}, ${NAME-default} and $NAME become the value of NAME; \$ stays a dollar sign. What NAME refers to is expanded too,
/// `depth` levels deep at most, so that a circle ends.
std::string expanded(const NamedValues &values, std::string_view value, int depth)
{
    constexpr std::size_t longest = std::size_t(1) << 20;
    std::string out;
    for (std::size_t i = 0; i < value.size() && out.size() < longest; ++i) {
        if (value[i] == '\\' && i + 1 < value.size() && value[i + 1] == '$') {
            out += '$';
            ++i;
            continue;
        }
        if (value[i] != '$' || i + 1 >= value.size()) {
            out += value[i];
            continue;
        }
        std::string_view name;
        std::string_view fallback;
        bool emptyCounts = false;
        std::size_t end = i + 1;
        if (value[end] == '{') {
            const std::size_t close = value.find('}', end);
            if (close == none || close == end + 1) {
                out += value[i];
                continue;
            }
            name = value.substr(end + 1, close - end - 1);
            if (const std::size_t dash = name.find('-'); dash != none) {
                const bool colon = dash > 0 && name[dash - 1] == ':';
                fallback = name.substr(dash + 1);
                name = name.substr(0, colon ? dash - 1 : dash);
                emptyCounts = !colon;
            }
            end = close + 1;
        } else if (isVariableStart(value[end])) {
            while (end < value.size() && (isVariableStart(value[end]) || (value[end] >= '0' && value[end] <= '9')))
                ++end;
            name = value.substr(i + 1, end - i - 1);
        } else {
            out += value[i];
            continue;
        }
        const std::string *found = valueOf(values, name);
        const bool use = found && (emptyCounts || !found->empty());
        const std::string_view source = use ? std::string_view(*found) : fallback;
        out += depth > 0 ? expanded(values, source, depth - 1) : std::string();
        i = end - 1;
    }
    return out;
}

} // namespace

std::vector<DotVarsEntry> parseDotVarsEntries(std::string_view raw)
{
    constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
    std::string text;
    text.reserve(raw.size());
    std::vector<std::size_t> offsets; // in `raw`, of each byte of `text`
    offsets.reserve(raw.size() + 1);
    for (std::size_t i = raw.starts_with(byteOrderMark) ? byteOrderMark.size() : 0; i < raw.size(); ++i) {
        if (raw[i] == '\r' && i + 1 < raw.size() && raw[i + 1] == '\n')
            continue;
        text += raw[i] == '\r' ? '\n' : raw[i];
        offsets.push_back(i);
    }
    offsets.push_back(raw.size());
    std::vector<DotVarsEntry> entries;
    int line = 1;
    std::size_t counted = 0;
    for (std::size_t at = skipSpace(text, 0); at < text.size();) {
        std::size_t from = at;
        if (auto found = assignment(text, at)) {
            line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
            counted = at;
            // The byte behind the one before it, so that a carriage return there is not part of the value.
            const std::size_t end = offsets[found->end - 1] + 1;
            entries.push_back({std::move(found->name), std::move(found->value), line, offsets[at], std::min(offsets[found->from], end), end});
            from = found->end;
        }
        const std::size_t newline = text.find('\n', from);
        at = newline == none ? text.size() : skipSpace(text, newline + 1);
    }
    return entries;
}

NamedValues parseDotVars(std::string_view text)
{
    NamedValues values;
    for (DotVarsEntry &entry : parseDotVarsEntries(text))
        assign(values, std::move(entry.name), std::move(entry.value));
    return values;
}

base::Result<LocalSecrets> readLocalSecrets(const std::filesystem::path &folder, std::string_view environment, std::span<const std::filesystem::path> more)
{
    LocalSecrets out;
    const auto exists = [&](const std::string &name) {
        std::error_code error;
        const auto type = std::filesystem::status(folder / name, error).type();
        return type != std::filesystem::file_type::not_found && type != std::filesystem::file_type::directory;
    };
    const auto read = [&](const std::string &name, LocalSecrets::Kind kind) -> base::Result<void> {
        const std::filesystem::path file = folder / name;
        auto text = base::readFile(file);
        if (!text)
            return std::unexpected(std::move(text.error()));
        for (auto &entry : parseDotVarsEntries(*text))
            out.entries.push_back({std::move(entry.name), std::move(entry.value), {file.string(), entry.line, 1}, kind, LocalSecrets::Standing::Wins});
        out.files.push_back(file);
        return {};
    };
    // The first file that is there is read; both of the last group are.
    using Kind = LocalSecrets::Kind;
    std::vector<std::pair<std::vector<std::string>, Kind>> groups{{{".dev.vars"}, Kind::DevVars}, {{".env", ".env.local"}, Kind::DotEnv}};
    if (!environment.empty())
        groups.insert(groups.begin(), {{".dev.vars." + std::string(environment)}, Kind::DevVars});
    for (const auto &[names, kind] : groups) {
        const bool inUse = out.files.empty();
        for (const std::string &name : names) {
            if (!exists(name))
                continue;
            if (!inUse)
                out.unread.push_back(folder / name);
            else if (const auto done = read(name, kind); !done)
                return std::unexpected(done.error());
        }
    }
    for (const std::filesystem::path &file : more) {
        if (!exists(file.string()))
            continue;
        if (const auto done = read(file.string(), Kind::DotEnv); !done)
            return std::unexpected(done.error());
    }
    for (const LocalSecrets::Entry &entry : out.entries)
        assign(out.values, entry.name, entry.value);
    const NamedValues raw = out.values;
    std::set<std::string_view> seen;
    for (auto entry = out.entries.rbegin(); entry != out.entries.rend(); ++entry) {
        if (!seen.insert(entry->name).second)
            entry->standing = LocalSecrets::Standing::Overridden;
        if (entry->kind == Kind::DotEnv)
            entry->value = expanded(raw, entry->value, 8);
    }
    for (const LocalSecrets::Entry &entry : out.entries)
        assign(out.values, entry.name, entry.value);
    return out;
}

} // namespace cleat::config
