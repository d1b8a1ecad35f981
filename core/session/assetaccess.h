// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/functions/assets.h"
#include "core/runtime/worker.h"
#include "core/session/deployment.h"

#include <array>
#include <memory>
#include <mutex>
#include <optional>

namespace cleat::session {

/// What env.ASSETS reaches: the assets of the moment. Any thread.
class AssetAccess final : public runtime::AssetSource
{
public:
    /// `proxyPort`: of a server of this machine that has them instead.
    void use(std::shared_ptr<const functions::Assets> assets, std::optional<int> proxyPort = std::nullopt);
    /// The routes of code that is about to be loaded; those of the code before stay known.
    void expect(std::shared_ptr<const Deployment> deployment);
    std::vector<runtime::Step> route(const std::string &method, const std::string &url, std::uint64_t generation) override;
    Answer fetch(const std::string &method, const std::string &url, const runtime::Fields &fields) override;

private:
    std::mutex m_mutex;
    std::array<std::shared_ptr<const Deployment>, 2> m_deployments;
    std::shared_ptr<const functions::Assets> m_assets;
    std::optional<int> m_proxyPort;
};

} // namespace cleat::session
