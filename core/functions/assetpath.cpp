// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/assetpath.h"

#include "core/base/bytes.h"
#include "core/functions/urlpath.h"

#include <algorithm>
#include <vector>

namespace cleat::functions {

std::string decodedAssetPath(std::string_view path)
{
    if (path.find('%') != std::string_view::npos) {
        if (auto decoded = percentDecoded(path); decoded && base::isUtf8(*decoded))
            return *std::move(decoded);
    }
    return std::string(path);
}

std::optional<std::string> assetFileOf(std::string_view path)
{
    if (path.find('\0') != std::string_view::npos)
        return std::nullopt;
    std::string out;
    out.reserve(path.size());
    std::vector<std::size_t> starts; // where each segment begins, for ".."
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view segment = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (segment.empty() || segment == ".")
            continue;
        if (segment == "..") {
            if (starts.empty())
                return std::nullopt;
            out.resize(starts.back());
            starts.pop_back();
            continue;
        }
        starts.push_back(out.size());
        if (!out.empty())
            out += '/';
        out += segment;
    }
    return out;
}

std::string assetLocation(std::string_view path, std::string_view query)
{
    std::string location("/");
    // Nothing in front may make another host of it.
    const std::size_t start = path.find_first_not_of("/\\\t");
    path.remove_prefix(std::min(start, path.size()));
    for (;;) {
        const std::size_t end = path.find('/');
        appendComponentEncoded(location, path.substr(0, end));
        if (end == std::string_view::npos)
            break;
        location += '/';
        path.remove_prefix(end + 1);
    }
    if (query.size() > 1)
        appendQueryEncoded(location, query);
    return location;
}

} // namespace cleat::functions
