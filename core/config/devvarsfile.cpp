// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/devvarsfile.h"

#include "core/base/file.h"
#include "core/base/textedit.h"

#include <algorithm>
#include <system_error>
#include <vector>

namespace cleat::config {

namespace {

constexpr std::string_view quotes = "\"'`";

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

/// What is taken up to the end of the line, less white space, unless a quotation mark begins it.
bool isOneLine(std::string_view value)
{
    return !value.empty() && value.find_first_of("#\n\r") == std::string_view::npos && !isBlank(value.front()) && !isBlank(value.back());
}

/// Whether a quotation mark in front is taken as part of the value, whatever comes after the line.
bool isTakenAsItIs(std::string_view value)
{
    const NamedValues read = parseDotVars("N=" + std::string(value) + "\nZ=it" + value.front() + " #\n");
    return read.size() == 2 && read[0].second == value;
}

bool has(std::string_view value, std::string_view piece)
{
    return value.find(piece) != std::string_view::npos;
}

base::Result<void> checkDevVarName(std::string_view name)
{
    const bool good = !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    });
    if (!good)
        return base::fail("devvars.name", "A .dev.vars file cannot hold the name " + std::string(name) + ": letters of A to Z, digits and _ only.");
    return {};
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs pairsOf(std::string_view text)
{
    Pairs pairs;
    for (auto &entry : parseDotVarsEntries(text))
        pairs.emplace_back(std::move(entry.name), std::move(entry.value));
    return pairs;
}

std::unexpected<base::Error> editError()
{
    return base::fail("devvars.edit", "The file cannot be changed without changing other entries: it may have a quotation mark that is never closed. Correct it by hand.");
}

base::Result<std::string> textOf(const std::filesystem::path &file)
{
    auto text = base::readFile(file);
    if (!text && text.error().code == "file.missing")
        return std::string();
    return text;
}

} // namespace

base::Result<std::string> quotedForDevVars(std::string_view value)
{
    if (isOneLine(value) && quotes.find(value.front()) == std::string_view::npos)
        return std::string(value);
    const bool endsWell = !value.ends_with('\\'); // or the closing quote would be taken for an escaped one
    // In double quotes, \n and \r are a line feed and a carriage return, and nothing else is escaped.
    if (endsWell && !has(value, "\"") && !has(value, "\\n") && !has(value, "\\r")) {
        std::string text = "\"";
        for (const char c : value)
            text += c == '\n' ? "\\n" : c == '\r' ? "\\r" : std::string(1, c);
        return text + '"';
    }
    for (const char quote : {'\'', '`'}) {
        if (endsWell && !has(value, std::string(1, quote)) && !has(value, "\r"))
            return quote + std::string(value) + quote;
    }
    if (isOneLine(value) && isTakenAsItIs(value))
        return std::string(value);
    return base::fail("devvars.value", "A .dev.vars file has no spelling for this value: it mixes several kinds of quotation marks, a backslash at the end or carriage returns.");
}

base::Result<std::string> withDevVars(std::string_view text, const NamedValues &values)
{
    const auto entries = parseDotVarsEntries(text);
    Pairs wanted;
    for (const auto &entry : entries)
        wanted.emplace_back(entry.name, entry.value);
    const std::size_t newline = text.find('\n');
    const std::string lineEnd = newline != std::string_view::npos && newline > 0 && text[newline - 1] == '\r' ? "\r\n" : "\n";
    std::vector<base::TextEdit> edits;
    std::string added;
    for (const auto &[name, value] : values) {
        if (const auto good = checkDevVarName(name); !good)
            return std::unexpected(good.error());
        auto quoted = quotedForDevVars(value);
        if (!quoted) {
            quoted.error().message = name + ": " + quoted.error().message;
            return std::unexpected(quoted.error());
        }
        std::size_t at = entries.size();
        while (at > 0 && entries[at - 1].name != name)
            --at;
        if (at > 0) {
            const auto &entry = entries[at - 1];
            edits.push_back({entry.from, entry.end - entry.from, *quoted});
            wanted[at - 1].second = value;
        } else {
            added += name + '=' + *quoted + lineEnd;
            wanted.emplace_back(name, value);
        }
    }
    if (!added.empty() && !text.empty() && text.back() != '\n' && text.back() != '\r')
        added.insert(0, lineEnd);
    edits.push_back({text.size(), 0, added});
    std::string out = base::applyEdits(text, std::move(edits));
    if (pairsOf(out) != wanted)
        return editError();
    return out;
}

base::Result<std::string> withoutDevVar(std::string_view text, std::string_view name)
{
    Pairs wanted;
    std::vector<base::TextEdit> edits;
    for (const auto &entry : parseDotVarsEntries(text)) {
        if (entry.name != name) {
            wanted.emplace_back(entry.name, entry.value);
            continue;
        }
        std::size_t from = entry.begin;
        while (from > 0 && isBlank(text[from - 1]))
            --from;
        std::size_t to = text.find_first_of("\r\n", entry.end);
        if (to == std::string_view::npos)
            to = text.size();
        else
            to += text.substr(to).starts_with("\r\n") ? 2 : 1;
        edits.push_back({from, to - from, {}});
    }
    std::string out = base::applyEdits(text, std::move(edits));
    if (pairsOf(out) != wanted)
        return editError();
    return out;
}

base::Result<void> setDevVars(const std::filesystem::path &file, const NamedValues &values)
{
    const auto before = textOf(file);
    if (!before)
        return std::unexpected(before.error());
    const auto after = withDevVars(*before, values);
    if (!after)
        return std::unexpected(after.error());
    std::error_code error;
    const auto access = std::filesystem::exists(file, error) ? base::Access::AsBefore : base::Access::OwnerOnly;
    return base::writeFileAtomically(file, *after, access);
}

base::Result<void> removeDevVar(const std::filesystem::path &file, const std::string &name)
{
    const auto before = textOf(file);
    if (!before)
        return std::unexpected(before.error());
    const auto after = withoutDevVar(*before, name);
    if (!after)
        return std::unexpected(after.error());
    return *after == *before ? base::Result<void>() : base::writeFileAtomically(file, *after);
}

base::Result<void> exportDevVars(const std::filesystem::path &file, const NamedValues &values)
{
    const auto text = withDevVars({}, values);
    if (!text)
        return std::unexpected(text.error());
    return base::writeFileAtomically(file, *text, base::Access::OwnerOnly);
}

} // namespace cleat::config
