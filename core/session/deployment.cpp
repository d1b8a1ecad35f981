// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/deployment.h"

#include "core/functions/bundler.h"

namespace cleat::session {

std::vector<functions::Step> Deployment::match(std::string_view method, std::string_view path) const
{
    const auto isTrigger = [](const functions::Step &step) { return step.exportName == functions::workerScheduled; };
    if (isWorker && path.starts_with("/cdn-cgi/")) { // triggers are no requests of visitors: no rule keeps them away
        if (auto steps = router.match(method, path); !steps.empty() && isTrigger(steps.front()))
            return steps;
    }
    if (rules && rules->decide(path).goes != functions::RoutesFile::Goes::ToCode)
        return {};
    auto steps = router.match(method, path);
    if (steps.empty() && isWorker) // its route takes no empty segments, as in "//x"; a Worker takes every path
        steps = router.match(method, "/");
    return steps;
}

std::vector<runtime::Step> Deployment::steps(const std::vector<functions::Step> &matched) const
{
    std::vector<runtime::Step> made;
    made.reserve(matched.size());
    for (const functions::Step &step : matched) {
        runtime::Step &one = made.emplace_back();
        one.handler = handlerIndex.at({step.file, step.exportName});
        one.functionPath = step.functionPath;
        for (const functions::Parameter &parameter : step.parameters) {
            one.parameters.push_back({parameter.name, parameter.values,
                parameter.kind == functions::Parameter::Kind::Rest ? runtime::Parameter::Kind::Rest : runtime::Parameter::Kind::Single});
        }
    }
    return made;
}

std::shared_ptr<const Deployment> Deployment::make(std::uint64_t generation, std::string environment, std::vector<functions::Route> routes,
    std::shared_ptr<const functions::Assets> assets, base::Error error, std::optional<functions::RoutesFile> rules)
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
                made->isWorker = made->isWorker || handler.second == functions::workerFetch;
            }
        }
    }
    made->router = functions::Router(std::move(routes));
    return made;
}

} // namespace cleat::session
