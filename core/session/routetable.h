// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::session {

struct Deployment;

/// A function of the project: an export of a file.
struct RouteHandler {
    std::string file; ///< "functions/api/index.ts"
    std::string exportName; ///< "onRequestGet"
    bool operator==(const RouteHandler &) const = default;
};

/// One row of the table as built, in the order in which Pages tries them.
struct RouteRow {
    enum class Kind { Handler, Middleware };
    Kind kind = Kind::Handler;
    std::string method; ///< empty: any
    std::string path; ///< "/api/:id", "/files/:path*"; of a middleware where it begins
    RouteHandler handler;
    std::vector<RouteHandler> chain; ///< the middlewares that every request of the row passes, outermost first; of handlers only
    bool operator==(const RouteRow &) const = default;
};

/// What _routes.json says.
struct RouteRules {
    std::string file; ///< absolute
    std::vector<std::string> include;
    std::vector<std::string> exclude;
    std::optional<base::Error> error; ///< why it is not in force
    bool operator==(const RouteRules &) const = default;
};

/// Who would answer a request, and why.
struct RouteMatch {
    enum class Answer {
        Code, ///< the last step's function, unless a middleware answers itself
        Asset, ///< a static file
        Redirect, ///< the assets send the client elsewhere
        NotFound, ///< nobody: the assets' 404
        NotAllowed, ///< nobody: the assets answer GET and HEAD only
    };
    struct Parameter {
        std::string name;
        std::vector<std::string> values; ///< as in the URL, percent-encoded
        enum class Kind { Single, Rest }; ///< Rest: a list in `params`
        Kind kind = Kind::Single;
        bool operator==(const Parameter &) const = default;
    };
    struct Step {
        RouteHandler handler;
        RouteRow::Kind kind = RouteRow::Kind::Handler;
        std::string functionPath;
        std::vector<Parameter> parameters;
        bool operator==(const Step &) const = default;
    };

    std::string path; ///< that was looked for: normalized, without query
    Answer answer = Answer::NotFound;
    int row = -1; ///< of the handler, in RouteTable::rows(); -1: no handler takes it
    std::vector<Step> steps; ///< in order; middlewares may come without a handler, and then have the assets behind them
    std::string asset; ///< the file, relative to the assets' folder; also what a 404 shows
    std::string location; ///< of a redirect
    int status = 0; ///< of the assets
    std::string why; ///< a sentence
    std::vector<std::string> notes; ///< sentences: what else would take it, near misses
};

/// The routes of one build, as values. Immutable; any thread.
class RouteTable final
{
public:
    RouteTable(std::shared_ptr<const Deployment> deployment, std::optional<RouteRules> rules);
    ~RouteTable();
    RouteTable(const RouteTable &) = delete;
    RouteTable &operator=(const RouteTable &) = delete;

    const std::vector<RouteRow> &rows() const { return m_rows; }
    /// nullopt: there is no such file, and all paths go to the code first.
    const std::optional<RouteRules> &rules() const { return m_rules; }
    /// The row that a request was answered by, as RequestEvent::handler and its method tell; -1: none.
    int rowOf(std::string_view file, std::string_view method) const;

    /// `target`: a path, perhaps with a query, or a whole URL. Reads the assets' folder.
    RouteMatch tryPath(std::string_view method, std::string_view target) const;

private:
    void explainCode(RouteMatch &match, std::string_view method) const;
    void explainAssets(RouteMatch &match, std::string_view method, std::string_view query) const;
    void addNearMisses(RouteMatch &match, std::string_view method) const;

    std::shared_ptr<const Deployment> m_deployment;
    std::optional<RouteRules> m_rules;
    std::vector<RouteRow> m_rows;
};

} // namespace cleat::session
