// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <memory>
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

/// Builds the table. Errors: routes.name (a parameter's name is not [A-Za-z0-9_]+, or the name cannot be a route), routes.conflict (two files for one
/// route; both are named). The order of `files` does not matter; exports that are no handlers and files that are no code are left out.
base::Result<std::vector<Route>> buildRoutes(const std::vector<FunctionFile> &files);

/// True for the extensions that Pages routes: .mjs .js .ts .tsx .jsx.
bool isFunctionFile(std::string_view path);
/// onRequest, onRequestGet, onRequestPost ...: the exports that handle requests.
const std::vector<std::string> &handlerNames();

struct Parameter {
    std::string name;
    std::vector<std::string> values; ///< as they stand in the URL, still percent-encoded: Pages does not decode them
    enum class Kind { Single, Rest };
    Kind kind = Kind::Single;
    bool operator==(const Parameter &) const = default;
};

/// One handler to run, in order; the last of a chain is a route's own handler unless only middlewares matched.
struct Step {
    std::string file;
    std::string exportName;
    std::string functionPath; ///< of a middleware the part of the path that its folder matched, of a handler the whole path
    std::vector<Parameter> parameters;
    bool operator==(const Step &) const = default;
};

/// Matches requests. Immutable after construction, so any thread may use it. Patterns are compiled to a tree of segments: matching costs about a
/// microsecond and does not grow with the number of routes. Letters match in either case, one slash at the end is ignored (as path-to-regexp 6 does
/// for Pages).
class Router final
{
public:
    explicit Router(std::vector<Route> routes);
    const std::vector<Route> &routes() const { return m_routes; }
    /// Every matching middleware, outermost first, then the handlers of the first exact route. `path` is the URL's path, percent-encoded, without query;
    /// dot segments and backslashes in it are resolved first, as a URL parser does. Empty: no code for this request, so the assets answer.
    std::vector<Step> match(std::string_view method, std::string_view path) const;

private:
    class Table;
    std::vector<Route> m_routes;
    std::shared_ptr<const Table> m_table;
};

} // namespace cleat::functions
