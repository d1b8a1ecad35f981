// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/routes.h"

#include "core/functions/routepattern.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace cleat::functions {

namespace {

using base::Result;

constexpr std::array<std::string_view, 5> extensions{".mjs", ".js", ".ts", ".tsx", ".jsx"};

// The extension, as the last dot of the file's name says; a leading dot starts none.
std::string_view extensionOf(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    const std::string_view name = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos || dot == 0 ? std::string_view{} : name.substr(dot);
}

std::string_view folderOf(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

std::string methodOf(std::string_view exportName)
{
    std::string method(exportName.substr(std::string_view("onRequest").size()));
    std::ranges::transform(method, method.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return method;
}

std::unexpected<base::Error> badName(const std::string &file, const std::string &why)
{
    return base::fail("routes.name", "functions/" + file + ": " + why, {"functions/" + file, 0, 0});
}

enum class Brackets { Single, Double };

// Turns "[id]" into ":id", or "[[rest]]" into ":rest*". A bracket without its partner stays as it is.
Result<std::string> replaceBrackets(std::string_view path, Brackets brackets, const std::string &file)
{
    const std::string_view open = brackets == Brackets::Double ? "[[" : "[";
    const std::string_view close = brackets == Brackets::Double ? "]]" : "]";
    std::string out;
    for (std::size_t i = 0; i < path.size();) {
        const std::size_t start = i + open.size();
        const std::size_t end = path.substr(i).starts_with(open) ? path.find(']', start) : std::string_view::npos;
        if (end == std::string_view::npos || end == start || !path.substr(end).starts_with(close)) {
            out += path[i++];
            continue;
        }
        const std::string_view name = path.substr(start, end - start);
        if (!std::ranges::all_of(name, isParameterCharacter)) {
            return badName(file, "The parameter name \"" + std::string(name) +
                                     "\" may only hold letters, digits and underscores. Rename the file or folder.");
        }
        out += ':';
        out += name;
        if (brackets == Brackets::Double)
            out += '*';
        i = end + close.size();
    }
    return out;
}

Result<std::string> toPattern(std::string_view path, const std::string &file)
{
    if (const std::size_t at = path.find_first_of("*:"); at != std::string_view::npos)
        return badName(file, "A route cannot hold the character '" + std::string(1, path[at]) + "'. Rename the file or folder.");
    const Result<std::string> half = replaceBrackets(path, Brackets::Double, file);
    return half ? replaceBrackets(*half, Brackets::Single, file) : half;
}

// How JavaScript's localeCompare orders ASCII: by punctuation, digits, letters; case only decides between equals, small letters first.
int primaryWeight(unsigned char c)
{
    constexpr std::string_view order = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";
    if (const std::size_t at = order.find(static_cast<char>(c)); at != std::string_view::npos)
        return static_cast<int>(at) + 1;
    if (c == ' ')
        return 0;
    if (c >= 'A' && c <= 'Z')
        return 100 + c - 'A';
    if (c >= 'a' && c <= 'z')
        return 100 + c - 'a';
    return 200 + c;
}

int compareNames(std::string_view a, std::string_view b)
{
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        const int difference = primaryWeight(static_cast<unsigned char>(a[i])) - primaryWeight(static_cast<unsigned char>(b[i]));
        if (difference != 0)
            return difference;
    }
    if (a.size() != b.size())
        return a.size() < b.size() ? -1 : 1;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i])
            return a[i] >= 'a' && a[i] <= 'z' ? -1 : 1;
    }
    return 0;
}

struct Key {
    std::vector<char> kinds; // 0 static, 1 parameter, 2 wildcard
};

Key keyOf(const Route &route)
{
    Key key;
    std::string_view path = std::string_view(route.path).substr(1);
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view segment = path.substr(0, end);
        if (!segment.empty())
            key.kinds.push_back(segment.find('*') != std::string_view::npos ? 2 : segment.find(':') != std::string_view::npos ? 1 : 0);
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return key;
}

// More segments first, then static before parameter before wildcard, then a method before any, then by name.
bool comesBefore(const std::pair<Key, Route> &a, const std::pair<Key, Route> &b)
{
    if (a.first.kinds.size() != b.first.kinds.size())
        return a.first.kinds.size() > b.first.kinds.size();
    if (a.first.kinds != b.first.kinds)
        return a.first.kinds < b.first.kinds;
    if (a.second.method.empty() != b.second.method.empty())
        return b.second.method.empty();
    return compareNames(a.second.path, b.second.path) < 0;
}

std::vector<std::string_view> partsOf(std::string_view path)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = path.find('/');
        parts.push_back(path.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        path.remove_prefix(end + 1);
    }
}

// Folder by folder, the nearest first: a later file of the same route decides its mount.
bool isWalkedBefore(const FunctionFile *a, const FunctionFile *b)
{
    const auto partsA = partsOf(a->path);
    const auto partsB = partsOf(b->path);
    if (partsA.size() != partsB.size())
        return partsA.size() < partsB.size();
    return partsA < partsB;
}

} // namespace

bool isFunctionFile(std::string_view path)
{
    return std::ranges::find(extensions, extensionOf(path)) != extensions.end();
}

const std::vector<std::string> &handlerNames()
{
    static const std::vector<std::string> names{"onRequest", "onRequestGet", "onRequestPost", "onRequestPut", "onRequestPatch", "onRequestDelete",
        "onRequestOptions", "onRequestHead"};
    return names;
}

Result<std::vector<Route>> buildRoutes(const std::vector<FunctionFile> &files)
{
    std::vector<const FunctionFile *> walked;
    for (const FunctionFile &file : files) {
        if (isFunctionFile(file.path))
            walked.push_back(&file);
    }
    std::ranges::sort(walked, isWalkedBefore);

    std::vector<std::pair<Key, Route>> rows;
    std::unordered_map<std::string, std::size_t> index;
    for (const FunctionFile *file : walked) {
        const std::string_view stem = std::string_view(file->path).substr(0, file->path.size() - extensionOf(file->path).size());
        const std::string_view folder = folderOf(stem);
        const std::string_view name = stem.substr(folder.empty() ? 0 : folder.size() + 1);
        const bool middleware = name == "_middleware" || name == "_middleware_";
        for (const std::string &exportName : file->exports) {
            if (std::ranges::find(handlerNames(), exportName) == handlerNames().end())
                continue;
            const Result<std::string> path = toPattern(middleware || name == "index" ? folder : stem, file->path);
            if (!path)
                return std::unexpected(path.error());
            const Result<std::string> mount = toPattern(folder, file->path);
            if (!mount)
                return std::unexpected(mount.error());
            Route route{"/" + *path, "/" + *mount, methodOf(exportName), {}, {}};
            if (const std::string why = Pattern::problem(route.path); !why.empty())
                return badName(file->path, why);

            const auto [known, isNew] = index.try_emplace(route.method + route.path, rows.size());
            if (isNew) {
                Key key = keyOf(route);
                rows.emplace_back(std::move(key), std::move(route));
            }
            Route &row = rows[known->second].second;
            row.mount = "/" + *mount;
            auto &slot = middleware ? row.middlewares : row.modules;
            if (!slot.empty()) {
                return base::fail("routes.conflict",
                    "functions/" + slot.front().first + " and functions/" + file->path + " both export " + exportName + " for the route " +
                        row.path + ". Remove or rename one of them.",
                    {"functions/" + file->path, 0, 0});
            }
            slot.emplace_back(file->path, exportName);
        }
    }
    std::ranges::stable_sort(rows, comesBefore);
    std::vector<Route> routes;
    routes.reserve(rows.size());
    for (auto &row : rows)
        routes.push_back(std::move(row.second));
    return routes;
}

} // namespace cleat::functions
