// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cleat::functions {

/// A URL's path as the files see it, as decodeURIComponent() does it: "/a%2Fb%20c" is "/a/b c". What cannot be decoded stays as it is.
std::string decodedAssetPath(std::string_view path);

/// The file that a decoded path names below the assets' folder: without empty and dot segments, and without a slash in front. Nullopt: it climbs above
/// the folder, or cannot be a name.
std::optional<std::string> assetFileOf(std::string_view decodedPath);

/// The Location that leads to a decoded path, with the query of the request.
std::string assetLocation(std::string_view decodedPath, std::string_view query);

} // namespace cleat::functions
