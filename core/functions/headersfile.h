// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/functions/rulepattern.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::functions {

/// _headers of the assets' folder: fields that answers of the assets get or lose (https://developers.cloudflare.com/pages/configuration/headers/).
/// Immutable once parsed; any thread.
class HeadersFile final
{
public:
    static constexpr std::size_t maxRules = 100;
    static constexpr std::size_t maxLineLength = 2000;
    using Fields = std::vector<std::pair<std::string, std::string>>;

    HeadersFile() = default;
    /// What is wrong with single lines is in problems() (code headersfile.line, with the line as the place); the others hold. `file`: what messages call it.
    static HeadersFile parse(std::string_view text, const std::string &file = "_headers");

    /// Changes an answer's fields as the rules say that take this URL. `path`: percent-encoded, normalized. `host`: without the port.
    void apply(Fields &fields, std::string_view path, std::string_view host) const;

    std::size_t ruleCount() const { return m_rules.size(); }
    const std::vector<base::Error> &problems() const { return m_problems; }

private:
    struct Rule {
        RulePattern pattern;
        int line = 0;
        Fields set;
        std::vector<std::string> removed;
    };
    class Parser;

    std::vector<Rule> m_rules;
    std::vector<base::Error> m_problems;
};

} // namespace cleat::functions
