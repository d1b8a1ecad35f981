// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/assets.h"

#include "core/base/bytes.h"
#include "core/functions/assetcache.h"
#include "core/functions/urlpath.h"

#include <algorithm>

namespace cleat::functions {

namespace {

constexpr std::size_t cacheBytes = 64U << 20;

using Fields = std::vector<std::pair<std::string, std::string>>;

Fields plainFields()
{
    return {{"Access-Control-Allow-Origin", "*"}, {"Referrer-Policy", "strict-origin-when-cross-origin"}};
}

std::optional<std::string> checked(std::string path)
{
    if (path.find('\\') != std::string::npos || path.find('\0') != std::string::npos || !base::isUtf8(path))
        return std::nullopt;
    return path;
}

// A path as the files see it: "/a//b%20c" is "/a/b c". Nullopt when it can name no file: a bad encoding, text that is not UTF-8, an encoded slash, a
// backslash, a NUL, or dots that climb above the top.
std::optional<std::string> decodedPath(std::string_view path)
{
    if (path.empty() || path.front() != '/')
        return std::nullopt;
    std::string out;
    out.reserve(path.size() + 16);
    std::vector<std::size_t> starts; // where each segment begins, for ".."
    for (std::size_t at = 1;;) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string_view segment = path.substr(at, end - at);
        const bool last = end == path.size();
        at = end + 1;
        switch (dotsOf(segment)) {
        case Dots::Up:
            if (starts.empty())
                return std::nullopt;
            out.resize(starts.back());
            starts.pop_back();
            break;
        case Dots::Here:
            break;
        case Dots::None:
            if (segment.empty())
                break;
            starts.push_back(out.size());
            out += '/';
            if (segment.find('%') == std::string_view::npos) {
                out += segment;
            } else {
                const auto decoded = percentDecoded(segment);
                if (!decoded || decoded->find('/') != std::string::npos)
                    return std::nullopt;
                out += *decoded;
            }
            if (last)
                return checked(std::move(out));
            break;
        }
        if (last) {
            out += '/';
            return checked(std::move(out));
        }
    }
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

// RFC 9110 section 13.1.2: the weak comparison over a list. Our tags hold no comma.
bool isKnownToClient(std::string_view ifNoneMatch, std::string_view etag)
{
    if (trimmed(ifNoneMatch) == "*")
        return true;
    while (!ifNoneMatch.empty()) {
        const std::size_t end = std::min(ifNoneMatch.find(','), ifNoneMatch.size());
        std::string_view tag = trimmed(ifNoneMatch.substr(0, end));
        if (tag.starts_with("W/"))
            tag.remove_prefix(2);
        if (tag == etag)
            return true;
        ifNoneMatch.remove_prefix(std::min(end + 1, ifNoneMatch.size()));
    }
    return false;
}

AssetAnswer serve(const AssetFile &file, std::string_view ifNoneMatch)
{
    if (!ifNoneMatch.empty() && isKnownToClient(ifNoneMatch, file.etag)) {
        AssetAnswer answer{304, plainFields(), file.path, nullptr};
        answer.fields.emplace_back("ETag", file.etag);
        answer.fields.emplace_back("Cache-Control", "public, max-age=0, must-revalidate");
        return answer;
    }
    return {200, file.fields, file.path, file.body};
}

// `path`: decoded.
AssetAnswer redirect(std::string_view path, std::string_view query)
{
    std::string location;
    for (std::size_t at = 0; at < path.size();) {
        const std::size_t end = std::min(path.find('/', at + 1), path.size());
        location += '/';
        appendComponentEncoded(location, path.substr(at + 1, end - at - 1));
        at = end;
    }
    location += query;
    AssetAnswer answer{308, plainFields(), {}, nullptr};
    answer.fields.emplace_back("Location", std::move(location));
    return answer;
}

} // namespace

class Assets::Private final
{
public:
    explicit Private(std::filesystem::path folder) : m_cache(std::move(folder), cacheBytes) {}

    // `path` begins with a slash.
    std::shared_ptr<const AssetFile> file(std::string_view path) { return m_cache.find(path.substr(1)); }
    std::shared_ptr<const AssetFile> file(std::string_view path, std::string_view suffix)
    {
        std::string whole(path);
        whole += suffix;
        return file(whole);
    }

    AssetAnswer find(std::string_view path, std::string_view query, std::string_view ifNoneMatch)
    {
        if (path.ends_with('/')) {
            if (const auto index = file(path, "index.html"))
                return serve(*index, ifNoneMatch);
            if (path.ends_with("/index/"))
                return redirect(path.substr(0, path.size() - 6), query);
            if (path.size() > 1 && file(path.substr(0, path.size() - 1), ".html"))
                return redirect(path.substr(0, path.size() - 1), query);
            return notFound(path, ifNoneMatch);
        }
        if (const auto found = file(path)) {
            if (!path.ends_with(".html"))
                return serve(*found, ifNoneMatch);
            const std::string_view bare = path.substr(0, path.size() - 5);
            if (bare.ends_with("/index"))
                return redirect(bare.substr(0, bare.size() - 5), query);
            if (bare.ends_with('/') || file(bare))
                return serve(*found, ifNoneMatch);
            return redirect(bare, query);
        }
        if (path.ends_with("/index"))
            return redirect(path.substr(0, path.size() - 5), query);
        if (const auto page = file(path, ".html"))
            return serve(*page, ifNoneMatch);
        if (file(path, "/index.html")) {
            std::string folder(path);
            folder += '/';
            return redirect(folder, query);
        }
        return notFound(path, ifNoneMatch);
    }

    // The 404.html of the nearest folder that exists, else the page of a single-page application.
    AssetAnswer notFound(std::string_view path, std::string_view ifNoneMatch)
    {
        std::size_t deepest = 0;
        for (std::size_t slash = path.find('/', 1); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
            if (!m_cache.isFolder(path.substr(1, slash - 1)))
                break;
            deepest = slash;
        }
        for (std::string_view folder = path.substr(0, deepest);; folder = folder.substr(0, folder.rfind('/'))) {
            if (const auto page = file(folder.empty() ? "" : folder, "/404.html")) {
                AssetAnswer answer{404, plainFields(), page->path, page->body};
                answer.fields.emplace_back("Content-Type", page->fields.front().second);
                answer.fields.emplace_back("X-Content-Type-Options", "nosniff");
                answer.fields.emplace_back("Cache-Control", "no-store");
                return answer;
            }
            if (folder.empty())
                break;
        }
        if (const auto index = file("/index.html"))
            return serve(*index, ifNoneMatch);
        AssetAnswer answer{404, plainFields(), {}, nullptr};
        answer.fields.emplace_back("Cache-Control", "no-store");
        return answer;
    }

private:
    AssetCache m_cache;
};

Assets::Assets(std::filesystem::path folder) : d(std::make_unique<Private>(std::move(folder)))
{
}

Assets::~Assets() = default;

AssetAnswer Assets::answer(std::string_view method, std::string_view path, std::string_view query, std::string_view ifNoneMatch) const
{
    if (method != "GET" && method != "HEAD") {
        AssetAnswer answer{405, plainFields(), {}, nullptr};
        answer.fields.emplace_back("Allow", "GET, HEAD");
        return answer;
    }
    const std::optional<std::string> decoded = decodedPath(path);
    return decoded ? d->find(*decoded, query, ifNoneMatch) : d->notFound("/", ifNoneMatch);
}

} // namespace cleat::functions
