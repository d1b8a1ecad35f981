// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/contenttypes.h"

#include "core/functions/contenttypetable.h"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace cleat::functions {

namespace {

/// By extension. Texts have their encoding with them.
std::unordered_map<std::string_view, std::string> typesByExtension()
{
    std::unordered_map<std::string_view, std::string> made;
    for (const auto &[type, listed] : contentTypeTable) {
        std::string_view extensions = listed;
        while (!extensions.empty()) {
            const std::size_t end = std::min(extensions.find(' '), extensions.size());
            made.emplace(extensions.substr(0, end), std::string(type) + (type.starts_with("text/") ? "; charset=utf-8" : ""));
            extensions.remove_prefix(std::min(end + 1, extensions.size()));
        }
    }
    return made;
}

} // namespace

std::string_view contentTypeOf(std::string_view fileName)
{
    static const auto types = typesByExtension();
    constexpr std::string_view unknown = "application/octet-stream";
    const std::size_t slash = fileName.rfind('/');
    const std::string_view name = fileName.substr(slash == std::string_view::npos ? 0 : slash + 1);
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) // ".html" has no extension
        return unknown;
    std::string extension(name.substr(dot + 1));
    std::ranges::transform(extension, extension.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const auto known = types.find(extension);
    return known == types.end() ? unknown : std::string_view(known->second);
}

} // namespace cleat::functions
