// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/cache/httpcache.h"

#include "core/bindings/kv/kvstore.h"

#include <nlohmann/json.hpp>

namespace cleat::bindings::cache {

using base::Result;
using Json = nlohmann::ordered_json;

namespace {

/// As wrangler writes it: {"headers":[[name,value],...],"status":200,"size":5}.
std::string metadataOf(const Head &head)
{
    Json headers = Json::array();
    for (const auto &[name, value] : head.headers)
        headers.push_back(Json::array({name, value}));
    const Json metadata{{"headers", std::move(headers)}, {"status", head.status}, {"size", head.size}};
    return metadata.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// nullopt for a text that no cache wrote.
std::optional<Head> headOf(const std::string &metadata)
{
    const Json json = Json::parse(metadata, nullptr, false);
    if (!json.is_object() || !json.contains("status") || !json["status"].is_number() || !json.contains("headers") || !json["headers"].is_array())
        return std::nullopt;
    Head head;
    head.status = static_cast<int>(json["status"].get<double>());
    for (const Json &pair : json["headers"]) {
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string())
            return std::nullopt;
        head.headers.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
    }
    return head;
}

} // namespace

Result<void> BodyWriter::write(std::span<const std::byte> bytes)
{
    m_size += static_cast<std::int64_t>(bytes.size());
    return m_blob.write(bytes);
}

class HttpCache::Private final
{
public:
    Private(const std::filesystem::path &state, std::string_view name, std::chrono::milliseconds busyTimeout)
        : store(state, storage::cacheLayout, storage::cacheId(name), busyTimeout)
    {}

    std::unexpected<base::Error> failed(base::Error &&error) const
    {
        return base::fail("cache.storage", std::move(error.message), {store.file().string()});
    }

    kv::KvStore store;
};

HttpCache::HttpCache(const std::filesystem::path &state, std::string_view name, std::chrono::milliseconds busyTimeout)
    : d(std::make_unique<Private>(state, name, busyTimeout))
{}

HttpCache::~HttpCache() = default;

std::filesystem::path HttpCache::file() const
{
    return d->store.file();
}

Result<std::optional<Match>> HttpCache::match(std::string_view key)
{
    auto opened = d->store.open(key);
    if (!opened)
        return d->failed(std::move(opened.error()));
    if (!*opened)
        return std::nullopt;
    auto head = headOf((*opened)->metadata.value_or(std::string()));
    if (!head)
        return std::nullopt;
    Match match{std::move(*head), std::move((*opened)->whole), std::move((*opened)->blob), std::move((*opened)->missing)};
    // What is there decides, not what the row says of it.
    match.head.size = match.whole ? static_cast<std::int64_t>(match.whole->size()) : match.blob ? match.blob->size() : 0;
    return match;
}

Result<BodyWriter> HttpCache::write()
{
    auto blob = d->store.write();
    if (!blob)
        return d->failed(std::move(blob.error()));
    return BodyWriter(std::move(*blob));
}

Result<void> HttpCache::put(std::string_view key, Head head, BodyWriter body, std::int64_t expirationMs)
{
    head.size = body.size();
    if (auto published = body.m_blob.publish(); !published)
        return d->failed(std::move(published.error()));
    if (auto stored = d->store.put(key, std::move(body.m_blob), expirationMs, metadataOf(head)); !stored)
        return d->failed(std::move(stored.error()));
    return {};
}

Result<bool> HttpCache::remove(std::string_view key)
{
    auto removed = d->store.remove(key);
    if (!removed)
        return d->failed(std::move(removed.error()));
    return removed;
}

} // namespace cleat::bindings::cache
