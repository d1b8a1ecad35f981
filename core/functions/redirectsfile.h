// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/functions/rulepattern.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cleat::functions {

/// _redirects of the assets' folder (https://developers.cloudflare.com/pages/configuration/redirects/). Fixed paths are found by their hash, so that
/// thousands of them cost a request nothing. Immutable once parsed; any thread.
class RedirectsFile final
{
public:
    static constexpr std::size_t maxFixed = 2000;
    static constexpr std::size_t maxPatterns = 100;
    static constexpr std::size_t maxLineLength = 2000;

    RedirectsFile() = default;
    /// What is wrong with single lines is in problems() (code redirectsfile.line, with the line as the place); the others hold. `file`: what messages call it.
    static RedirectsFile parse(std::string_view text, const std::string &file = "_redirects");

    struct Match {
        int status = 302; ///< 200: the asset at `to` answers in place of the path's own
        std::string to; ///< "/path?query#fragment", "https://host/..." or "//host/..."
        int line = 0;
        bool operator==(const Match &) const = default;
    };
    /// The first rule that takes `path` (percent-encoded, normalized), but fixed paths before patterns.
    std::optional<Match> match(std::string_view path) const;

    std::size_t ruleCount() const { return m_fixed.size() + m_patterns.size(); }
    const std::vector<base::Error> &problems() const { return m_problems; }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    class Parser;

    std::unordered_map<std::string, Match, Hash, std::equal_to<>> m_fixed;
    std::vector<std::pair<RulePattern, Match>> m_patterns;
    std::vector<base::Error> m_problems;
};

/// Where a redirect leads a client that asked for scheme://host. `query`: of the request, with its '?'; kept unless `to` has one.
struct RedirectTarget {
    std::string path; ///< what it is on the same host
    std::string location; ///< the field's value: without a host when it is the same one
};
/// Nullopt: `to` is no URL.
std::optional<RedirectTarget> redirectTarget(std::string_view to, std::string_view scheme, std::string_view host, std::string_view query);

} // namespace cleat::functions
