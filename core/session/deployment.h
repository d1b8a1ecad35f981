// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/functions/assets.h"
#include "core/functions/routes.h"
#include "core/functions/routesfile.h"
#include "core/runtime/worker.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::session {

/// What answers requests at one moment: the routes of one build and the assets. Immutable, shared by threads.
struct Deployment {
    std::uint64_t generation = 0;
    functions::Router router{{}};
    /// Every (file, export) of the routes, in the order in which the runtime counts them.
    std::vector<std::pair<std::string, std::string>> handlers;
    std::map<std::pair<std::string, std::string>, int> handlerIndex;
    std::shared_ptr<const functions::Assets> assets;
    std::optional<functions::RoutesFile> rules; ///< of _routes.json
    bool isWorker = false; ///< the code is one Worker, not Functions
    /// The set that runs: "production", "preview", or empty for the top level.
    std::string environment;
    /// Why there is no code although there should be: requests are answered with it. Without a message all is well.
    base::Error error;

    /// As Router::match(), where the rules let code answer.
    std::vector<functions::Step> match(std::string_view method, std::string_view path) const;

    /// The same as the runtime takes them.
    std::vector<runtime::Step> steps(const std::vector<functions::Step> &matched) const;

    static std::shared_ptr<const Deployment> make(std::uint64_t generation, std::string environment, std::vector<functions::Route> routes,
        std::shared_ptr<const functions::Assets> assets, base::Error error = {}, std::optional<functions::RoutesFile> rules = std::nullopt);
};

} // namespace cleat::session
