// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/kv/kvnamespace.h"

#include "core/base/clock.h"
#include "core/bindings/kv/kvlimits.h"
#include "core/bindings/kv/kvstore.h"
#include "core/storage/names.h"

#include <utility>

namespace cleat::bindings::kv {

using base::Result;

namespace {

/// Why the namespace's id cannot be stored, or nothing: wrangler writes the rows of an id that begins with a dot, but its disk service refuses the values.
std::string refusal(const std::string &id)
{
    constexpr auto advice = " Give it another id in the Wrangler file.";
    if (id.empty())
        return std::string("The KV namespace has no id.") + advice;
    if (storage::sanitizedName(id).starts_with('.'))
        return "The KV namespace id \"" + id + "\" begins with a dot, and wrangler loses the values of such a namespace." + advice;
    return {};
}

} // namespace

class KvNamespace::Private final
{
public:
    Private(const std::filesystem::path &state, std::string namespaceId, std::chrono::milliseconds busyTimeout)
        : id(std::move(namespaceId)),
          store(state, storage::kvLayout, id, busyTimeout),
          m_refusal(refusal(id))
    {}

    std::unexpected<base::Error> failed(const char *method, const base::Error &error) const
    {
        return base::fail("kv.storage", std::string("KV ") + method + " failed: 500 " + error.message, {store.file().string()});
    }

    Result<void> checkId(const char *method) const
    {
        if (m_refusal.empty())
            return {};
        return failed(method, {"kv.storage", m_refusal, {}});
    }

    const std::string id;
    KvStore store;

private:
    const std::string m_refusal;
};

KvNamespace::KvNamespace(const std::filesystem::path &state, std::string id, std::chrono::milliseconds busyTimeout)
    : d(std::make_unique<Private>(state, std::move(id), busyTimeout))
{}

KvNamespace::~KvNamespace() = default;

const std::string &KvNamespace::id() const
{
    return d->id;
}

std::filesystem::path KvNamespace::file() const
{
    return d->store.file();
}

Result<std::optional<Entry>> KvNamespace::read(std::string_view key)
{
    if (auto ok = checkKey("GET", key); !ok)
        return std::unexpected(std::move(ok.error()));
    if (auto ok = d->checkId("GET"); !ok)
        return std::unexpected(std::move(ok.error()));
    auto entry = d->store.read(key);
    if (!entry)
        return d->failed("GET", entry.error());
    return entry;
}

Result<std::optional<Entry>> KvNamespace::readOfBulk(std::string_view key)
{
    constexpr auto method = "GET_BULK";
    if (auto ok = checkBulkKey(key); !ok)
        return std::unexpected(std::move(ok.error()));
    if (auto ok = d->checkId(method); !ok)
        return std::unexpected(std::move(ok.error()));
    auto entry = d->store.read(key);
    if (!entry)
        return d->failed(method, entry.error());
    return entry;
}

Result<void> KvNamespace::put(std::string_view key, std::span<const std::byte> value, const PutOptions &options)
{
    if (auto ok = checkKey("PUT", key); !ok)
        return ok;
    auto expiration = checkPut(value.size(), options, base::wallMs() / 1000);
    if (!expiration)
        return std::unexpected(std::move(expiration.error()));
    if (auto ok = d->checkId("PUT"); !ok)
        return ok;
    const std::optional<std::int64_t> expirationMs = *expiration ? std::optional(**expiration * 1000) : std::nullopt;
    auto written = d->store.put(key, value, expirationMs, options.metadata == "null" ? std::nullopt : options.metadata);
    if (!written)
        return d->failed("PUT", written.error());
    return {};
}

Result<void> KvNamespace::remove(std::string_view key)
{
    if (auto ok = checkKey("DELETE", key); !ok)
        return ok;
    if (auto ok = d->checkId("DELETE"); !ok)
        return ok;
    auto removed = d->store.remove(key);
    if (!removed)
        return d->failed("DELETE", removed.error());
    return {};
}

Result<ListResult> KvNamespace::list(const ListOptions &options)
{
    auto limit = checkList(options);
    if (!limit)
        return std::unexpected(std::move(limit.error()));
    if (auto ok = d->checkId("GET"); !ok)
        return std::unexpected(std::move(ok.error()));
    auto result = d->store.list(options, *limit);
    if (!result)
        return d->failed("GET", result.error());
    return result;
}

} // namespace cleat::bindings::kv
