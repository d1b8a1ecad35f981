// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::functions {

/// The answer to a request for a static file.
struct AssetAnswer {
    int status = 404;
    std::vector<std::pair<std::string, std::string>> fields; ///< without Content-Length
    std::string file; ///< relative path of the file served, for the log; empty when none
    std::shared_ptr<const std::string> body; ///< null: no body (304, redirects, HEAD keeps it so that its length is known)
};

/// Static files as Pages serves them (redirects of /index.html and .html, nearest 404.html, single-page fallback, strong ETag, default fields).
/// Any thread. Contents are cached in memory by path, size and modification time, checked on each use; bounded.
class Assets final
{
public:
    explicit Assets(std::filesystem::path folder);
    ~Assets();
    Assets(const Assets &) = delete;
    Assets &operator=(const Assets &) = delete;

    /// `path`: percent-encoded URL path. `query`: with its '?', kept by redirects. `ifNoneMatch`: the field's value or empty.
    /// A path that would leave the folder, or names a file that is never served (_headers, _redirects, _routes.json, _worker.js), is not found.
    AssetAnswer answer(std::string_view method, std::string_view path, std::string_view query, std::string_view ifNoneMatch) const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::functions
