// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::app {

/// A flag of a command line, as wrangler has them.
struct Flag {
    enum class Takes {
        Nothing,
        Text,
        Several, ///< everything up to the next flag; may be given more than once
    };
    std::string_view name; ///< without its dashes
    std::string_view others; ///< further spellings, separated by blanks; one of a single letter has one dash
    Takes takes = Takes::Nothing;
    std::string_view value; ///< what the help calls the text
    std::string_view help;
};

/// A command line, taken apart. Flags are known by their names, whatever their spelling was.
class Arguments final
{
public:
    /// What is neither a flag nor a flag's text.
    const std::vector<std::string> &positional() const { return m_positional; }
    bool has(std::string_view flag) const { return m_texts.contains(flag) || m_lists.contains(flag); }
    /// nullopt: it was not given.
    std::optional<std::string> text(std::string_view flag) const;
    /// The texts of a flag that takes several.
    std::vector<std::string> texts(std::string_view flag) const;
    /// --flag, --no-flag, --flag=false or --flag false; nullopt: it was not given.
    std::optional<bool> truth(std::string_view flag) const;

private:
    friend base::Result<Arguments> parseArguments(std::span<const std::string> arguments, std::span<const Flag> flags);
    base::Result<void> add(const Flag &flag, std::string text);

    std::vector<std::string> m_positional;
    std::map<std::string, std::string, std::less<>> m_texts;
    std::map<std::string, std::vector<std::string>, std::less<>> m_lists;
};

/// --flag TEXT, --flag=TEXT, -f TEXT, -fTEXT; after "--" there are no flags. Code usage: an unknown flag, one given twice, one that lacks its text.
base::Result<Arguments> parseArguments(std::span<const std::string> arguments, std::span<const Flag> flags);

/// A line for each flag, for a help text.
std::string helpOf(std::span<const Flag> flags);

/// "text" as a whole number; code usage, with the flag's name in it.
base::Result<long long> numberOf(std::string_view flag, const std::string &text);

/// The error of a command that was called wrongly: code usage.
inline std::unexpected<base::Error> wrongUsage(std::string sentence)
{
    return base::fail("usage", std::move(sentence));
}

/// Prints "cleat kv: MESSAGE" to stderr, the place before the message when it is a line of a file, and gives the process's status: 2 for code usage, else 1.
int report(std::string_view command, const base::Error &error);

} // namespace cleat::app
