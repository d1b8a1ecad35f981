// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/functions/assetimports.h"
#include "core/functions/headersfile.h"
#include "core/functions/redirectsfile.h"

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
    std::shared_ptr<const std::string> body; ///< null: no body (304, 308; HEAD keeps it so that its length is known)
    int redirectLine = 0; ///< the line of _redirects that took the path; 0: none did
};

/// What of a request the assets look at.
struct AssetRequest {
    std::string_view method = "GET";
    std::string_view path = "/"; ///< percent-encoded
    std::string_view query; ///< with its '?', or empty
    std::string_view host = "localhost"; ///< with its port
    enum class Scheme { Http, Https };
    Scheme scheme = Scheme::Http;
    std::string_view ifNoneMatch; ///< the field's value, or empty
    enum class Caching {
        Allowed,
        Withheld, ///< it has Authorization or Range: the answer says nothing of caching by itself
    };
    Caching caching = Caching::Allowed;
};

/// What _headers and _redirects say.
struct AssetRules {
    HeadersFile headers;
    RedirectsFile redirects;
};


/// Static files as Pages serves them: _redirects, redirects of /index.html and .html, nearest 404.html, single-page fallback, strong ETag, default fields, _headers.
/// Any thread. Contents are cached in memory by path, size and modification time, checked on each use; bounded.
class Assets final
{
public:
    explicit Assets(std::filesystem::path folder);
    ~Assets();
    Assets(const Assets &) = delete;
    Assets &operator=(const Assets &) = delete;

    /// From now on these hold; null: none.
    void use(std::shared_ptr<const AssetRules> rules);
    /// From now on the files of these folders, and of no others, are there too, each at /cdn-cgi/pages-plugins/<id>/.
    void mount(const std::vector<AssetFolder> &folders);

    /// A path that would leave the folder, or names a file that is never served (_headers, _redirects, _routes.json, _worker.js), is not found.
    AssetAnswer answer(const AssetRequest &request) const;
    AssetAnswer answer(std::string_view method, std::string_view path, std::string_view query, std::string_view ifNoneMatch) const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::functions
