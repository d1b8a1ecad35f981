// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/functions/rulepattern.h"

#include <string>
#include <string_view>
#include <utility>

namespace cleat::functions {

/// Calls take(line, number from 1) for each line of a _headers or _redirects file that is neither empty nor a comment, trimmed, until it returns false.
template <typename Take>
void eachRuleLine(std::string_view text, Take take)
{
    for (int number = 1;; ++number) {
        const std::size_t end = text.find('\n');
        const std::string_view line = ruleTrimmed(text.substr(0, end));
        if ((!line.empty() && !line.starts_with('#') && !take(line, number)) || end == std::string_view::npos)
            return;
        text.remove_prefix(end + 1);
    }
}

/// What is told of a line that is left out.
inline base::Error ruleProblem(std::string code, const std::string &file, int number, std::string_view line, const std::string &why)
{
    constexpr std::size_t shown = 100;
    std::string rule(line.substr(0, shown));
    if (line.size() > shown)
        rule += "...";
    return {std::move(code), "\"" + rule + "\" is left out: " + why + ".", {file, number, 0}};
}

} // namespace cleat::functions
