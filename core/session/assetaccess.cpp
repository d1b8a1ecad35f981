// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/assetaccess.h"

#include <algorithm>
#include <utility>

namespace cleat::session {

void AssetAccess::use(std::shared_ptr<const functions::Assets> assets, std::optional<int> proxyPort)
{
    std::lock_guard lock(m_mutex);
    m_proxyPort = proxyPort;
    m_assets = std::move(assets);
}

void AssetAccess::expect(std::shared_ptr<const Deployment> deployment)
{
    std::lock_guard lock(m_mutex);
    m_deployments[0] = std::exchange(m_deployments[1], std::move(deployment));
}

std::vector<runtime::Step> AssetAccess::route(const std::string &method, const std::string &url, std::uint64_t generation)
{
    std::shared_ptr<const Deployment> deployment;
    {
        std::lock_guard lock(m_mutex);
        for (const auto &known : m_deployments) {
            if (known && known->generation == generation)
                deployment = known;
        }
    }
    if (!deployment)
        return {};
    std::string_view path = url;
    const std::size_t scheme = path.find("://");
    path = path.substr(std::min(path.find('/', scheme == std::string_view::npos ? 0 : scheme + 3), path.size()));
    path = path.substr(0, path.find_first_of("?#"));
    return deployment->steps(deployment->match(method, path.empty() ? "/" : path));
}

runtime::AssetSource::Answer AssetAccess::fetch(const std::string &method, const std::string &url, const runtime::Fields &fields)
{
    std::shared_ptr<const functions::Assets> assets;
    {
        std::lock_guard lock(m_mutex);
        if (m_proxyPort) // status 0: js/env.js asks that server itself
            return {{0, {}, {{"location", "http://localhost:" + std::to_string(*m_proxyPort)}}}, nullptr};
        assets = m_assets;
    }
    if (!assets)
        return {{404, {}, {}}, nullptr};
    functions::AssetRequest request;
    request.method = method;
    std::string_view target = url;
    if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos) {
        const std::size_t start = scheme + 3;
        const std::size_t end = std::min(target.find_first_of("/?#", start), target.size());
        request.scheme = target.starts_with("https:") ? functions::AssetRequest::Scheme::Https : functions::AssetRequest::Scheme::Http;
        request.host = target.substr(start, end - start);
        target = end == target.size() ? std::string_view("/") : target.substr(end);
    }
    target = target.substr(0, target.find('#'));
    const std::size_t question = std::min(target.find('?'), target.size());
    request.path = target.substr(0, question);
    request.query = target.substr(question);
    for (const auto &[name, value] : fields) { // Headers keep names in lower case
        if (name == "if-none-match")
            request.ifNoneMatch = value;
        else if (name == "authorization" || name == "range")
            request.caching = functions::AssetRequest::Caching::Withheld;
    }
    functions::AssetAnswer answer = assets->answer(request);
    return {{answer.status, {}, std::move(answer.fields)}, std::move(answer.body)};
}

} // namespace cleat::session
