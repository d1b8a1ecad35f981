// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"

#include "app/printable.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <ranges>
#include <utility>

namespace cleat::app {

namespace {

constexpr std::size_t helpColumn = 30;

std::vector<std::string_view> spellings(const Flag &flag)
{
    std::vector<std::string_view> all{flag.name};
    for (const auto part : flag.others | std::views::split(' ')) {
        if (!part.empty())
            all.emplace_back(part.begin(), part.end());
    }
    return all;
}

std::string dashed(std::string_view spelling)
{
    return (spelling.size() == 1 ? "-" : "--") + std::string(spelling);
}

const Flag *find(std::span<const Flag> flags, std::string_view spelling)
{
    const auto found = std::ranges::find_if(flags, [&](const Flag &flag) {
        const auto all = spellings(flag);
        return std::ranges::find(all, spelling) != all.end();
    });
    return found == flags.end() ? nullptr : &*found;
}

/// "-5" is a value, "-f" a flag.
bool isFlag(std::string_view argument)
{
    return argument.size() > 1 && argument[0] == '-' && std::isdigit(static_cast<unsigned char>(argument[1])) == 0 && argument[1] != '.';
}

} // namespace

std::optional<std::string> Arguments::text(std::string_view flag) const
{
    const auto found = m_texts.find(flag);
    return found == m_texts.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> Arguments::texts(std::string_view flag) const
{
    const auto found = m_lists.find(flag);
    return found == m_lists.end() ? std::vector<std::string>() : found->second;
}

std::optional<bool> Arguments::truth(std::string_view flag) const
{
    const auto given = text(flag);
    return given ? std::optional(*given == "true") : std::nullopt;
}

base::Result<void> Arguments::add(const Flag &flag, std::string text)
{
    if (!m_texts.emplace(flag.name, std::move(text)).second)
        return wrongUsage(dashed(flag.name) + " was given twice.");
    return {};
}

base::Result<Arguments> parseArguments(std::span<const std::string> arguments, std::span<const Flag> flags)
{
    Arguments parsed;
    bool onlyValues = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string &argument = arguments[i];
        if (onlyValues || !isFlag(argument)) {
            parsed.m_positional.push_back(argument);
            continue;
        }
        if (argument == "--") {
            onlyValues = true;
            continue;
        }
        const bool isLong = argument.starts_with("--");
        std::string_view spelling = std::string_view(argument).substr(isLong ? 2 : 1, isLong ? std::string_view::npos : 1);
        std::optional<std::string> text;
        if (const std::size_t equals = spelling.find('='); isLong && equals != spelling.npos) {
            text = spelling.substr(equals + 1);
            spelling = spelling.substr(0, equals);
        } else if (!isLong && argument.size() > 2) {
            text = argument.substr(argument[2] == '=' ? 3 : 2);
        }
        const Flag *flag = find(flags, spelling);
        bool negated = false;
        if (!flag && isLong && !text && spelling.starts_with("no-")) {
            flag = find(flags, spelling.substr(3));
            negated = flag && flag->takes == Flag::Takes::Nothing;
            if (!negated)
                flag = nullptr;
        }
        if (!flag)
            return wrongUsage("Unknown flag " + dashed(spelling) + ".");
        const bool more = i + 1 < arguments.size();
        if (flag->takes == Flag::Takes::Nothing) {
            if (!text && !negated && more && (arguments[i + 1] == "true" || arguments[i + 1] == "false"))
                text = arguments[++i];
            if (text && *text != "true" && *text != "false")
                return wrongUsage(dashed(spelling) + " takes true or false, not \"" + *text + "\".");
            text = negated ? "false" : text.value_or("true");
        } else if (!text) {
            if (!more || arguments[i + 1] == "--"
                || (isFlag(arguments[i + 1]) && find(flags, std::string_view(arguments[i + 1]).substr(arguments[i + 1].find_first_not_of('-')))))
                return wrongUsage(dashed(spelling) + " needs a value: " + dashed(spelling) + ' ' + std::string(flag->value) + '.');
            text = arguments[++i];
        }
        if (flag->takes == Flag::Takes::Several) {
            std::vector<std::string> &list = parsed.m_lists[std::string(flag->name)];
            list.push_back(std::move(*text));
            while (i + 1 < arguments.size() && arguments[i + 1] != "--" && !isFlag(arguments[i + 1]))
                list.push_back(arguments[++i]);
            continue;
        }
        if (auto added = parsed.add(*flag, std::move(*text)); !added)
            return std::unexpected(std::move(added.error()));
    }
    return parsed;
}

std::string helpOf(std::span<const Flag> flags)
{
    std::string text;
    for (const Flag &flag : flags) {
        std::string left;
        std::string right;
        for (const std::string_view spelling : spellings(flag)) {
            std::string &side = spelling.size() == 1 ? left : right;
            side += (side.empty() ? "" : ", ") + dashed(spelling);
        }
        std::string line = "  " + (left.empty() ? std::string(4, ' ') : left + ", ") + right;
        if (flag.takes != Flag::Takes::Nothing)
            line += ' ' + std::string(flag.value);
        line += line.size() < helpColumn ? std::string(helpColumn - line.size(), ' ') : '\n' + std::string(helpColumn, ' ');
        text += line + std::string(flag.help) + '\n';
    }
    return text;
}

base::Result<long long> numberOf(std::string_view flag, const std::string &text)
{
    long long number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return wrongUsage(dashed(flag) + " takes a whole number, not \"" + text + "\".");
    return number;
}

int report(std::string_view command, const base::Error &error)
{
    std::string text = "cleat " + std::string(command) + ": ";
    if (error.place.line > 0)
        text += error.place.file + ':' + std::to_string(error.place.line) + ':' + std::to_string(error.place.column) + ": ";
    text += error.message;
    const bool usage = error.code == "usage";
    if (usage)
        text += " cleat " + std::string(command) + " --help tells how to call it.";
    std::fprintf(stderr, "%s\n", printable(text).c_str());
    return usage ? 2 : 1;
}

} // namespace cleat::app
