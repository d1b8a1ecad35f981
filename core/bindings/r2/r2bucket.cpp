// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/r2/r2bucket.h"

#include "core/base/bytes.h"
#include "core/bindings/r2/r2limits.h"
#include "core/bindings/r2/r2store.h"
#include "core/storage/names.h"

#include <utility>

namespace cleat::bindings::r2 {

using base::Result;

namespace {

/// Why the bucket's name cannot be stored, or nothing: wrangler writes the rows of a name that begins with a dot, but its disk service refuses the values.
std::string refusal(const std::string &name)
{
    constexpr auto advice = " Give it another name in the Wrangler file.";
    if (name.empty())
        return std::string("The R2 bucket has no name.") + advice;
    if (storage::sanitizedName(name).starts_with('.'))
        return "The R2 bucket name \"" + name + "\" begins with a dot, and wrangler loses the values of such a bucket." + advice;
    return {};
}

} // namespace

class R2Bucket::Private final
{
public:
    Private(const std::filesystem::path &state, std::string bucketName, std::chrono::milliseconds busyTimeout)
        : name(std::move(bucketName)),
          store(state, name, busyTimeout),
          m_refusal(refusal(name))
    {}

    /// A refusal of the store's as it is, a failure of the files with the operation in front.
    std::unexpected<base::Error> failed(std::string_view operation, base::Error &&error) const
    {
        if (error.code.starts_with("r2."))
            return std::unexpected(std::move(error));
        auto shown = refused(operation, Code::Internal, error.message);
        shown.error().code = "r2.storage";
        shown.error().place = {store.file().string()};
        return shown;
    }

    template <typename T>
    Result<T> named(std::string_view operation, Result<T> &&result) const
    {
        if (result)
            return std::move(result);
        return failed(operation, std::move(result.error()));
    }

    Result<void> check(std::string_view operation, std::string_view key) const
    {
        if (!m_refusal.empty())
            return failed(operation, {"storage.failed", m_refusal, {}});
        return checkKey(operation, key);
    }

    const std::string name;
    R2Store store;

private:
    const std::string m_refusal;
};

R2Bucket::R2Bucket(const std::filesystem::path &state, std::string name, std::chrono::milliseconds busyTimeout)
    : d(std::make_unique<Private>(state, std::move(name), busyTimeout))
{}

R2Bucket::~R2Bucket() = default;

const std::string &R2Bucket::name() const
{
    return d->name;
}

std::filesystem::path R2Bucket::file() const
{
    return d->store.file();
}

Result<std::optional<Object>> R2Bucket::head(std::string_view key)
{
    if (auto ok = d->check("head", key); !ok)
        return std::unexpected(std::move(ok.error()));
    auto found = d->named("head", d->store.head(key));
    if (found && *found)
        (*found)->range = Range{0, (*found)->size};
    return found;
}

Result<std::optional<Got>> R2Bucket::get(std::string_view key, const GetOptions &options)
{
    if (auto ok = d->check("get", key); !ok)
        return std::unexpected(std::move(ok.error()));
    return d->named("get", d->store.get(key, options));
}

Result<ObjectWriter> R2Bucket::write(std::string_view operation, std::optional<Hash> hash)
{
    if (auto ok = d->check(operation, {}); !ok)
        return std::unexpected(std::move(ok.error()));
    return d->named(operation, d->store.write(hash));
}

Result<std::optional<Object>> R2Bucket::put(std::string_view key, ObjectWriter value, const PutOptions &options)
{
    constexpr auto operation = "put";
    auto digests = d->named(operation, value.finish());
    if (!digests)
        return std::unexpected(std::move(digests.error()));
    if (auto ok = d->check(operation, key); !ok)
        return std::unexpected(std::move(ok.error()));
    if (auto ok = checkSize(operation, value.size()); !ok)
        return std::unexpected(std::move(ok.error()));
    if (auto ok = checkMetadata(operation, options.httpMetadata, options.customMetadata); !ok)
        return std::unexpected(std::move(ok.error()));
    Object object;
    object.checksums = "{}";
    if (options.checksum) {
        const Hash hash = options.checksum->hash;
        const std::string given = base::toHex(base::asBytes(options.checksum->bytes));
        const std::string actual = base::toHex(base::asBytes(digests->other));
        if (given != actual) {
            const std::string name(nameOf(hash));
            return refused(operation, Code::BadDigest,
                "The " + name + " checksum you specified did not match what we received.\nYou provided a " + name + " checksum with value: " + given + "\nActual "
                    + name + " was: " + actual);
        }
        object.checksums = std::string("{\"").append(fieldOf(hash)).append("\":\"").append(actual).append("\"}");
    }
    object.key = key;
    object.size = value.size();
    object.etag = std::move(digests->md5);
    object.httpMetadata = options.httpMetadata;
    object.customMetadata = options.customMetadata;
    return d->named(operation, d->store.put(std::move(object), value.blob(), options.onlyIf ? &*options.onlyIf : nullptr));
}

Result<std::optional<Object>> R2Bucket::put(std::string_view key, std::span<const std::byte> value, const PutOptions &options)
{
    auto writer = write("put", options.checksum ? std::optional(options.checksum->hash) : std::nullopt);
    if (!writer)
        return std::unexpected(std::move(writer.error()));
    if (auto written = d->named("put", writer->write(value)); !written)
        return std::unexpected(std::move(written.error()));
    return put(key, std::move(*writer), options);
}

Result<void> R2Bucket::remove(const std::vector<std::string> &keys)
{
    for (const std::string &key : keys)
        if (auto ok = d->check("delete", key); !ok)
            return ok;
    return d->named("delete", d->store.remove(keys));
}

Result<ListResult> R2Bucket::list(const ListOptions &options)
{
    if (auto ok = d->check("list", {}); !ok)
        return std::unexpected(std::move(ok.error()));
    const auto limit = checkList(options);
    if (!limit)
        return std::unexpected(limit.error());
    return d->named("list", d->store.list(options, *limit));
}

Result<std::string> R2Bucket::createMultipartUpload(std::string_view key, const PutOptions &options)
{
    constexpr auto operation = "createMultipartUpload";
    if (auto ok = d->check(operation, key); !ok)
        return std::unexpected(std::move(ok.error()));
    if (auto ok = checkMetadata(operation, options.httpMetadata, options.customMetadata); !ok)
        return std::unexpected(std::move(ok.error()));
    return d->named(operation, d->store.createUpload(key, options.httpMetadata, options.customMetadata));
}

Result<std::string> R2Bucket::uploadPart(std::string_view key, std::string_view uploadId, int number, ObjectWriter value)
{
    constexpr auto operation = "uploadPart";
    auto digests = d->named(operation, value.finish());
    if (!digests)
        return std::unexpected(std::move(digests.error()));
    if (auto ok = d->check(operation, key); !ok)
        return std::unexpected(std::move(ok.error()));
    if (auto ok = checkSize(operation, value.size()); !ok)
        return std::unexpected(std::move(ok.error()));
    return d->named(operation, d->store.putPart(key, uploadId, number, value.size(), digests->md5, value.blob()));
}

Result<Object> R2Bucket::completeMultipartUpload(std::string_view key, std::string_view uploadId, const std::vector<UploadedPart> &parts)
{
    constexpr auto operation = "completeMultipartUpload";
    if (auto ok = d->check(operation, key); !ok)
        return std::unexpected(std::move(ok.error()));
    return d->named(operation, d->store.completeUpload(key, uploadId, parts));
}

Result<void> R2Bucket::abortMultipartUpload(std::string_view key, std::string_view uploadId)
{
    constexpr auto operation = "abortMultipartUpload";
    if (auto ok = d->check(operation, key); !ok)
        return ok;
    return d->named(operation, d->store.abortUpload(key, uploadId));
}

} // namespace cleat::bindings::r2
