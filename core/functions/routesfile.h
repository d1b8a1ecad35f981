// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace cleat::functions {

/// _routes.json of the assets' folder: which paths go to the code, and which straight to the assets
/// (https://developers.cloudflare.com/pages/functions/routing/#create-a-_routesjson-file). Immutable once parsed; any thread.
struct RoutesFile {
    std::vector<std::string> include;
    std::vector<std::string> exclude;

    /// Code routesfile.invalid; the message says which rule is wrong and why, the place names `file`.
    static base::Result<RoutesFile> parse(std::string_view json, const std::string &file = "_routes.json");

    enum class Goes {
        ToCode, ///< a rule of `include`
        Excluded, ///< a rule of `exclude`, which wins
        NotIncluded, ///< no rule at all
    };
    struct Decision {
        Goes goes = Goes::ToCode;
        std::string rule; ///< the one that decided
        bool operator==(const Decision &) const = default;
    };
    /// `path`: of a URL, without query.
    Decision decide(std::string_view path) const;
    bool operator==(const RoutesFile &) const = default;
};

/// Whether a rule takes a path: '*' is any text, "/foo" is "/foo/" too, and "/foo/*" is "/foo" and all below it.
bool ruleTakes(std::string_view rule, std::string_view path);

} // namespace cleat::functions
