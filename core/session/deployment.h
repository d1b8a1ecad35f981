// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/functions/assets.h"
#include "core/functions/routes.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
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
    /// Why there is no code although there should be: requests for code are answered with it. Empty when all is well.
    std::string error;

    static std::shared_ptr<const Deployment> make(
        std::uint64_t generation, std::vector<functions::Route> routes, std::shared_ptr<const functions::Assets> assets, std::string error = {});
};

} // namespace cleat::session
