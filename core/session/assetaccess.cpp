// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/assetaccess.h"

#include <algorithm>

namespace cleat::session {

void AssetAccess::use(std::shared_ptr<const functions::Assets> assets)
{
    std::lock_guard lock(m_mutex);
    m_assets = std::move(assets);
}

runtime::AssetSource::Answer AssetAccess::fetch(const std::string &method, const std::string &url, const runtime::Fields &fields)
{
    std::shared_ptr<const functions::Assets> assets;
    {
        std::lock_guard lock(m_mutex);
        assets = m_assets;
    }
    if (!assets)
        return {{404, {}, {}}, nullptr};
    std::string_view target = url;
    if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos) {
        const std::size_t slash = target.find_first_of("/?#", scheme + 3);
        target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    }
    target = target.substr(0, target.find('#'));
    const std::size_t question = std::min(target.find('?'), target.size());
    std::string_view ifNoneMatch;
    for (const auto &[name, value] : fields) {
        if (name == "if-none-match") // Headers keep names in lower case
            ifNoneMatch = value;
    }
    functions::AssetAnswer answer = assets->answer(method, target.substr(0, question), target.substr(question), ifNoneMatch);
    return {{answer.status, {}, std::move(answer.fields)}, std::move(answer.body)};
}

} // namespace cleat::session
