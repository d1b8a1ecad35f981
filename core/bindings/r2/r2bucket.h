// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/r2/objectreader.h"
#include "core/bindings/r2/objectwriter.h"
#include "core/bindings/r2/r2types.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::bindings::r2 {

/// What get() found.
struct Got {
    Object object; ///< `range` says which part `whole` and `value` are about
    enum class Outcome { Value, PreconditionFailed };
    Outcome outcome = Outcome::Value;
    /// The bytes of a small value, all of it: the range is still to be cut out. Null when `value` has them, or when there are none.
    std::shared_ptr<const std::string> whole;
    std::unique_ptr<ObjectReader> value; ///< the range's bytes
};

/// An R2 bucket on wrangler's own files (<state>/v3/r2): the rows in SQLite, the values in blob files.
/// Synchronous; one object belongs to one thread, any number of objects and of other programs may use the same files at the same time. A write lock is held for one
/// short transaction, never while a value is read or written.
///
/// Error messages are those that user code sees, without a class name in front ("put: The specified object name is not valid. (10020)"). The code is "r2." and that
/// number, or:
///   r2.storage  the state is locked, full, denied or not a database, a value's file is not there, or the bucket's name cannot be stored; the message names the file
///               and says what to do, and ends with (10001)
///
/// What another program commits is seen by the next call. When the files are deleted or replaced under it, the bucket follows.
class R2Bucket final
{
public:
    /// `state` is the folder that holds v3 (".wrangler/state"). Files are made on the first write; reading a bucket that has none finds it empty.
    /// `busyTimeout`: how long a call waits for a lock that another program holds.
    R2Bucket(const std::filesystem::path &state, std::string name, std::chrono::milliseconds busyTimeout = std::chrono::seconds(5));
    ~R2Bucket();
    R2Bucket(const R2Bucket &) = delete;
    R2Bucket &operator=(const R2Bucket &) = delete;

    const std::string &name() const;
    /// The SQLite file, whether or not it exists.
    std::filesystem::path file() const;

    /// nullopt when there is no such object.
    base::Result<std::optional<Object>> head(std::string_view key);
    base::Result<std::optional<Got>> get(std::string_view key, const GetOptions &options = {});

    /// Begins a value for put() (`operation` "put") or uploadPart() ("uploadPart"). `hash` is the one of PutOptions::checksum.
    base::Result<ObjectWriter> write(std::string_view operation, std::optional<Hash> hash = {});
    /// Durable when it returns, whatever happens to the process. nullopt when options.onlyIf does not hold: then nothing has changed.
    base::Result<std::optional<Object>> put(std::string_view key, ObjectWriter value, const PutOptions &options = {});
    base::Result<std::optional<Object>> put(std::string_view key, std::span<const std::byte> value, const PutOptions &options = {});
    /// All of them or, when it fails, none. Keys that are absent are fine.
    base::Result<void> remove(const std::vector<std::string> &keys);
    base::Result<ListResult> list(const ListOptions &options = {});

    /// Gives the upload's id. Of the options, only the metadata count.
    base::Result<std::string> createMultipartUpload(std::string_view key, const PutOptions &options = {});
    /// Gives the part's etag. A number that was uploaded before is replaced.
    base::Result<std::string> uploadPart(std::string_view key, std::string_view uploadId, int number, ObjectWriter value);
    base::Result<Object> completeMultipartUpload(std::string_view key, std::string_view uploadId, const std::vector<UploadedPart> &parts);
    base::Result<void> abortMultipartUpload(std::string_view key, std::string_view uploadId);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::bindings::r2
