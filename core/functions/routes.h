// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::functions {

/// A file below functions/ and what it exports for Pages (file-based routing of Pages Functions).
struct FunctionFile {
    std::string path; ///< relative to functions/, with '/'
    std::vector<std::string> exports; ///< of onRequest, onRequestGet ...; as esbuild's metafile reports them
};

/// One row of the table: a path pattern with either middlewares or handlers. In the order in which Pages tries them.
struct Route {
    std::string path; ///< "/api/:id", "/files/:path*"
    std::string mount; ///< "/api"
    std::string method; ///< empty: any
    std::vector<std::pair<std::string, std::string>> middlewares; ///< file, export
    std::vector<std::pair<std::string, std::string>> modules; ///< file, export
    bool operator==(const Route &) const = default;
};

/// Builds the table. Errors: routes.name (a parameter's name is not [A-Za-z0-9_]+), routes.conflict (two files for one route; both are named).
base::Result<std::vector<Route>> buildRoutes(const std::vector<FunctionFile> &files);

struct Parameter {
    std::string name;
    std::vector<std::string> values; ///< percent-decoded
    enum class Kind { Single, Rest };
    Kind kind = Kind::Single;
    bool operator==(const Parameter &) const = default;
};

/// One handler to run, in order; the last of a chain is a route's own handler unless only middlewares matched.
struct Step {
    std::string file;
    std::string exportName;
    std::string functionPath; ///< the mount as matched
    std::vector<Parameter> parameters;
    bool operator==(const Step &) const = default;
};

/// Matches requests. Immutable after construction, so any thread may use it. Compiled patterns: matching must not cost more than about a microsecond
/// for a small table, and must not grow linearly with costly steps for 2,000 routes.
class Router final
{
public:
    explicit Router(std::vector<Route> routes);
    const std::vector<Route> &routes() const { return m_routes; }
    /// Every matching middleware, outermost first, then the handlers of the first exact route. `path` is the URL's path, percent-encoded, without query.
    /// Empty: no code for this request, so the assets answer.
    std::vector<Step> match(std::string_view method, std::string_view path) const;

private:
    std::vector<Route> m_routes;
};

} // namespace cleat::functions
