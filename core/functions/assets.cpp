// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/assets.h"

#include "core/functions/assetcache.h"
#include "core/functions/assetpath.h"
#include "core/functions/urlpath.h"

#include <algorithm>
#include <mutex>

namespace cleat::functions {

namespace {

constexpr std::size_t cacheBytes = 64U << 20;
constexpr std::string_view mountPoint = "cdn-cgi/pages-plugins/";

using Fields = std::vector<std::pair<std::string, std::string>>;

Fields plainFields()
{
    return {{"Access-Control-Allow-Origin", "*"}, {"Referrer-Policy", "strict-origin-when-cross-origin"}};
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

AssetAnswer redirect(std::string_view path, std::string_view query)
{
    AssetAnswer answer{308, plainFields(), {}, nullptr};
    answer.fields.emplace_back("Location", assetLocation(path, query));
    return answer;
}

/// What a rule of _redirects makes of a request.
AssetAnswer redirectByRule(const RedirectsFile::Match &rule, const RedirectTarget &target)
{
    AssetAnswer answer{rule.status, plainFields(), {}, nullptr, rule.line};
    answer.fields.emplace_back("Location", target.location);
    if (rule.status != 308) {
        answer.fields.emplace_back("Content-Type", "text/plain;charset=UTF-8");
        answer.fields.emplace_back("X-Content-Type-Options", "nosniff");
        answer.body = std::make_shared<const std::string>("Redirecting to " + target.location);
    }
    return answer;
}

AssetAnswer badTarget(const RedirectsFile::Match &rule)
{
    AssetAnswer answer{500, {{"Content-Type", "text/plain;charset=UTF-8"}}, {}, nullptr, rule.line};
    answer.body = std::make_shared<const std::string>("Line " + std::to_string(rule.line) + " of _redirects leads to \"" + rule.to + "\", which is no URL.\n");
    return answer;
}

bool isCacheControl(const Fields::value_type &field)
{
    constexpr std::string_view name = "cache-control";
    return field.first.size() == name.size() && std::ranges::equal(field.first, name, {}, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
}

/// Without the port, as a URL has it.
std::string hostName(std::string_view host)
{
    if (const std::size_t colon = host.rfind(':'); colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos)
        host = host.substr(0, colon);
    std::string name(host);
    std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return name;
}

} // namespace

class Assets::Private final
{
public:
    explicit Private(std::filesystem::path folder) : m_cache(std::make_shared<AssetCache>(std::move(folder), cacheBytes)) {}

    void use(std::shared_ptr<const AssetRules> rules)
    {
        std::lock_guard lock(m_mutex);
        m_rules = std::move(rules);
    }

    void mount(const std::vector<AssetFolder> &folders)
    {
        auto mounts = std::make_shared<Mounts>();
        for (const AssetFolder &folder : folders)
            mounts->emplace_back(std::string(mountPoint) + folder.id, std::make_shared<AssetCache>(folder.folder, cacheBytes / 4));
        std::lock_guard lock(m_mutex);
        m_mounts = std::move(mounts);
    }

    AssetAnswer answer(const AssetRequest &request)
    {
        std::shared_ptr<const AssetRules> rules;
        {
            std::lock_guard lock(m_mutex);
            rules = m_rules;
        }
        const std::string path = normalizedPath(request.path);
        const bool isPath = request.path.starts_with('/'); // "*", for example, is none
        AssetAnswer made = respond(request, path, rules && isPath ? rules->redirects.match(path) : std::nullopt);
        if (rules && made.status < 500)
            rules->headers.apply(made.fields, path, hostName(request.host));
        if (made.status == 404) {
            std::erase_if(made.fields, isCacheControl);
            made.fields.emplace_back("Cache-Control", "no-store");
        }
        return made;
    }

private:
    AssetAnswer respond(const AssetRequest &request, std::string_view path, const std::optional<RedirectsFile::Match> &rule)
    {
        std::optional<RedirectTarget> target;
        if (rule) {
            target = redirectTarget(rule->to, request.scheme == AssetRequest::Scheme::Https ? "https" : "http", request.host, request.query);
            if (!target)
                return badTarget(*rule);
            if (rule->status != 200)
                return redirectByRule(*rule, *target);
            path = target->path;
        }
        if (request.method != "GET" && request.method != "HEAD") {
            AssetAnswer answer{405, plainFields(), {}, nullptr};
            answer.fields.emplace_back("Allow", "GET, HEAD");
            return answer;
        }
        AssetAnswer answer = request.path.starts_with('/') ? find(decodedAssetPath(path), request) : notFound("/", request);
        answer.redirectLine = rule ? rule->line : 0;
        return answer;
    }

    std::shared_ptr<const AssetFile> file(std::string_view path)
    {
        const std::optional<std::string> name = assetFileOf(path);
        if (!name)
            return nullptr;
        const auto [cache, rest] = cacheOf(*name);
        return cache->find(rest);
    }
    /// Whose file or folder it is, and its name there.
    std::pair<std::shared_ptr<AssetCache>, std::string_view> cacheOf(std::string_view name)
    {
        if (name.starts_with(mountPoint)) {
            std::lock_guard lock(m_mutex);
            for (const auto &[point, cache] : *m_mounts) {
                if (name.starts_with(point) && (name.size() == point.size() || name[point.size()] == '/'))
                    return {cache, name.substr(std::min(point.size() + 1, name.size()))};
            }
        }
        return {m_cache, name};
    }
    bool isFolder(std::string_view name)
    {
        // The folders in which the mounted ones lie are nowhere.
        if (name == "cdn-cgi" || name == mountPoint.substr(0, mountPoint.size() - 1))
            return true;
        const auto [cache, rest] = cacheOf(name);
        return cache->isFolder(rest);
    }
    std::shared_ptr<const AssetFile> file(std::string_view path, std::string_view suffix)
    {
        std::string whole(path);
        whole += suffix;
        return file(whole);
    }

    /// `path`: decoded.
    AssetAnswer find(std::string_view path, const AssetRequest &request)
    {
        if (path.ends_with('/')) {
            if (const auto index = file(path, "index.html"))
                return serve(*index, request);
            if (path.ends_with("/index/"))
                return redirect(path.substr(0, path.size() - 6), request.query);
            if (path.size() > 1 && file(path.substr(0, path.size() - 1), ".html"))
                return redirect(path.substr(0, path.size() - 1), request.query);
            return notFound(path, request);
        }
        if (const auto found = file(path)) {
            if (!path.ends_with(".html"))
                return serve(*found, request);
            const std::string_view bare = path.substr(0, path.size() - 5);
            if (bare.ends_with("/index"))
                return redirect(bare.substr(0, bare.size() - 5), request.query);
            if (bare == "/" || file(bare))
                return serve(*found, request);
            return redirect(bare, request.query);
        }
        if (path.ends_with("/index"))
            return redirect(path.substr(0, path.size() - 5), request.query);
        if (const auto page = file(path, ".html"))
            return serve(*page, request);
        if (file(path, "/index.html")) {
            std::string folder(path);
            folder += '/';
            return redirect(folder, request.query);
        }
        return notFound(path, request);
    }

    AssetAnswer serve(const AssetFile &file, const AssetRequest &request)
    {
        const bool known = !request.ifNoneMatch.empty() && isKnownToClient(request.ifNoneMatch, file.etag);
        AssetAnswer answer{known ? 304 : 200, known ? plainFields() : file.fields, file.path, known ? nullptr : file.body};
        if (known) {
            answer.fields.emplace_back("ETag", file.etag);
            answer.fields.emplace_back("Cache-Control", "public, max-age=0, must-revalidate");
        }
        if (request.caching == AssetRequest::Caching::Withheld)
            std::erase_if(answer.fields, isCacheControl);
        return answer;
    }

    /// The 404.html of the nearest folder that exists, else the page of a single-page application.
    AssetAnswer notFound(std::string_view path, const AssetRequest &request)
    {
        const std::string name = '/' + assetFileOf(path.substr(0, path.rfind('/') + 1)).value_or(std::string()) + '/';
        std::size_t deepest = 0;
        for (std::size_t slash = name.find('/', 1); slash != std::string::npos; slash = name.find('/', slash + 1)) {
            if (!isFolder(std::string_view(name).substr(1, slash - 1)))
                break;
            deepest = slash;
        }
        for (std::string_view folder = std::string_view(name).substr(0, deepest);; folder = folder.substr(0, folder.rfind('/'))) {
            if (const auto page = file(folder, "/404.html")) {
                AssetAnswer answer{404, plainFields(), page->path, page->body};
                answer.fields.emplace_back("Content-Type", page->fields.front().second);
                answer.fields.emplace_back("X-Content-Type-Options", "nosniff");
                return answer;
            }
            if (folder.empty())
                break;
        }
        if (const auto index = file("/index.html"))
            return serve(*index, request);
        return {404, plainFields(), {}, nullptr};
    }

    using Mounts = std::vector<std::pair<std::string, std::shared_ptr<AssetCache>>>;

    const std::shared_ptr<AssetCache> m_cache;
    std::mutex m_mutex;
    std::shared_ptr<const Mounts> m_mounts = std::make_shared<Mounts>();
    std::shared_ptr<const AssetRules> m_rules;
};

Assets::Assets(std::filesystem::path folder) : d(std::make_unique<Private>(std::move(folder)))
{
}

Assets::~Assets() = default;

void Assets::use(std::shared_ptr<const AssetRules> rules)
{
    d->use(std::move(rules));
}

void Assets::mount(const std::vector<AssetFolder> &folders)
{
    d->mount(folders);
}

AssetAnswer Assets::answer(const AssetRequest &request) const
{
    return d->answer(request);
}

AssetAnswer Assets::answer(std::string_view method, std::string_view path, std::string_view query, std::string_view ifNoneMatch) const
{
    return d->answer({.method = method, .path = path, .query = query, .ifNoneMatch = ifNoneMatch});
}

} // namespace cleat::functions
