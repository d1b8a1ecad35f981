// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/events/event.h"
#include "core/functions/assets.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cleat::session {

/// _headers and _redirects of the assets' folder, as they are at the moment. One thread.
class AssetRulesFiles final
{
public:
    struct Read {
        std::shared_ptr<const functions::AssetRules> rules; ///< null: there is neither file
        std::vector<std::pair<events::Level, base::Error>> notices; ///< how many rules hold, and each line that does not
    };
    /// Nullopt: nothing has changed since the last time. Lines that are wrong, and a file that cannot be read, keep the rest from nothing.
    /// `project`: what messages name the files after.
    std::optional<Read> read(const std::filesystem::path &directory, const std::filesystem::path &project);
    /// The next read() tells all again.
    void forget();

private:
    struct File {
        std::optional<std::string> text; ///< none: there is no such file
        std::optional<base::Error> error;
        bool operator==(const File &) const = default;
    };
    static File load(const std::filesystem::path &path);

    bool m_known = false;
    File m_headers;
    File m_redirects;
};

} // namespace cleat::session
