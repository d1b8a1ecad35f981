// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/deployment.h"

namespace cleat::session {

std::vector<functions::Step> Deployment::match(std::string_view method, std::string_view path) const
{
    if (rules && rules->decide(path).goes != functions::RoutesFile::Goes::ToCode)
        return {};
    return router.match(method, path);
}

std::shared_ptr<const Deployment> Deployment::make(std::uint64_t generation, std::string environment, std::vector<functions::Route> routes,
    std::shared_ptr<const functions::Assets> assets, std::string error, std::optional<functions::RoutesFile> rules)
{
    auto made = std::make_shared<Deployment>();
    made->generation = generation;
    made->environment = std::move(environment);
    made->assets = std::move(assets);
    made->error = std::move(error);
    made->rules = std::move(rules);
    for (const functions::Route &route : routes) {
        for (const auto *list : {&route.middlewares, &route.modules}) {
            for (const auto &handler : *list) {
                if (made->handlerIndex.emplace(handler, static_cast<int>(made->handlers.size())).second)
                    made->handlers.push_back(handler);
            }
        }
    }
    made->router = functions::Router(std::move(routes));
    return made;
}

} // namespace cleat::session
