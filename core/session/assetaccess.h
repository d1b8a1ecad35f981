// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/functions/assets.h"
#include "core/runtime/worker.h"

#include <memory>
#include <mutex>

namespace cleat::session {

/// What env.ASSETS reaches: the assets of the moment. Any thread.
class AssetAccess final : public runtime::AssetSource
{
public:
    void use(std::shared_ptr<const functions::Assets> assets);
    Answer fetch(const std::string &method, const std::string &url, const runtime::Fields &fields) override;

private:
    std::mutex m_mutex;
    std::shared_ptr<const functions::Assets> m_assets;
};

} // namespace cleat::session
