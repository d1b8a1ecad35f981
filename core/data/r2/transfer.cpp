// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/r2/transfer.h"

#include "core/base/bytes.h"
#include "core/base/json.h"
#include "core/bindings/r2/r2bucket.h"
#include "core/data/keyrange.h"
#include "core/data/outputfile.h"
#include "core/data/query.h"
#include "core/data/r2/bucketrows.h"
#include "core/data/r2/objectrow.h"
#include "core/data/r2/transferpaths.h"
#include "core/data/statefile.h"
#include "core/storage/blobstore.h"
#include "core/storage/names.h"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace cleat::data::r2 {

namespace fs = std::filesystem;
using base::Result;
using bindings::r2::ObjectReader;
using bindings::r2::ObjectWriter;
using bindings::r2::R2Bucket;
using storage::Statement;
using Existing = ObjectEditor::Existing;

namespace {

constexpr std::size_t chunkBytes = 1 << 20;
constexpr int pageKeys = 500;
constexpr std::uint64_t progressBytes = 256 << 10;
constexpr std::uint64_t progressFiles = 64;

class Descriptor final
{
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    int get() const { return m_fd; }

private:
    int m_fd;
};

/// Tells how far it is, now and then.
class Meter final
{
public:
    Meter(const Control &control, std::uint64_t total) : m_control(control), m_total(total) {}
    void begin(const std::string &what)
    {
        m_what = what;
        if (m_files++ % progressFiles == 0)
            tell();
    }
    void add(std::uint64_t bytes)
    {
        m_done += bytes;
        if (m_done - m_told >= progressBytes)
            tell();
    }
    void tell()
    {
        m_told = m_done;
        if (m_control.progress)
            m_control.progress({m_done, std::max(m_total, m_done), m_what});
    }

private:
    const Control &m_control;
    const std::uint64_t m_total;
    std::uint64_t m_done = 0;
    std::uint64_t m_told = 0;
    std::uint64_t m_files = 0;
    std::string m_what;
};

/// nullopt: the file cannot be read, which `reason` tells.
Result<std::optional<ObjectWriter>> readIn(
    R2Bucket &bucket, const SourceFile &file, std::string &buffer, Meter &meter, std::string &reason, const std::stop_token &stop)
{
    // A name that has become something else meanwhile is not followed, and not waited for.
    const Descriptor in(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (in.get() < 0) {
        reason = std::strerror(errno);
        return std::nullopt;
    }
    auto writer = bucket.write("put");
    if (!writer)
        return std::unexpected(std::move(writer.error()));
    for (;;) {
        if (auto go = proceed(stop); !go)
            return std::unexpected(std::move(go.error()));
        const ssize_t n = ::read(in.get(), buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            reason = std::strerror(errno);
            return std::nullopt;
        }
        if (n == 0)
            return std::optional(std::move(*writer));
        if (auto written = writer->write(base::asBytes(std::string_view(buffer).substr(0, static_cast<std::size_t>(n)))); !written)
            return std::unexpected(std::move(written.error()));
        meter.add(static_cast<std::uint64_t>(n));
    }
}

/// What is to be downloaded, page by page.
class Download final
{
public:
    Download(const fs::path &state, const std::string &bucket, std::string folder, const fs::path &target, Existing existing, const Control &control)
        : m_file(storage::databaseFile(state, storage::r2Layout, bucket), "_mf_objects"),
          m_blobs(storage::blobFolder(state, storage::r2Layout, bucket)),
          m_folder(std::move(folder)),
          m_paths(target),
          m_existing(existing),
          m_control(control)
    {}

    Result<Transferred> run(std::span<const std::string> keys)
    {
        std::uint64_t total = 0;
        for (const std::string &key : keys) {
            auto bytes = bytesOf(rangeFor(key));
            if (!bytes)
                return std::unexpected(std::move(bytes.error()));
            total += *bytes;
        }
        m_meter.emplace(m_control, total);
        for (const std::string &key : keys) {
            KeyRange range = rangeFor(key);
            for (;;) {
                auto page = keysOf(range);
                if (!page)
                    return std::unexpected(std::move(page.error()));
                if (page->empty())
                    break;
                range.from = justAfter(page->back());
                for (const std::string &found : *page) {
                    if (auto done = one(found); !done)
                        return std::unexpected(std::move(done.error()));
                }
            }
        }
        m_meter->tell();
        return std::move(m_done);
    }

private:
    static KeyRange rangeFor(const std::string &key) { return key.empty() || key.ends_with('/') ? rangeOf(key) : KeyRange{key, justAfter(key)}; }

    static void bindRange(Statement &statement, const KeyRange &range)
    {
        statement.bindText(1, range.from);
        if (range.end)
            statement.bindText(2, *range.end);
        else
            statement.bindEmptyBlob(2);
    }

    Result<std::uint64_t> bytesOf(const KeyRange &range)
    {
        std::uint64_t bytes = 0;
        auto reading = m_file.read();
        if (!reading)
            return std::unexpected(std::move(reading.error()));
        if (!*reading)
            return 0;
        auto done = query((*reading)->database(), "SELECT sum(size) FROM _mf_objects WHERE key >= ?1 AND key < ?2",
            [&](Statement &statement) { bindRange(statement, range); }, [&](const Statement &row) { bytes = static_cast<std::uint64_t>(row.integer(0)); });
        if (!done)
            return std::unexpected(std::move(done.error()));
        return bytes;
    }

    Result<std::vector<std::string>> keysOf(const KeyRange &range)
    {
        std::vector<std::string> keys;
        auto reading = m_file.read();
        if (!reading)
            return std::unexpected(std::move(reading.error()));
        if (!*reading)
            return keys;
        auto done = query((*reading)->database(), "SELECT key FROM _mf_objects WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3",
            [&](Statement &statement) {
                bindRange(statement, range);
                statement.bindInteger(3, pageKeys);
            },
            [&](const Statement &row) { keys.emplace_back(row.text(0)); });
        if (!done)
            return std::unexpected(std::move(done.error()));
        return keys;
    }

    Result<std::optional<ObjectRow>> find(const std::string &key)
    {
        auto reading = m_file.read();
        if (!reading)
            return std::unexpected(std::move(reading.error()));
        if (!*reading)
            return std::nullopt;
        return findObject((*reading)->database(), key);
    }

    Result<void> one(const std::string &key)
    {
        if (auto go = proceed(m_control.stop); !go)
            return go;
        m_meter->begin(key);
        const std::string_view relative = key.starts_with(m_folder) ? std::string_view(key).substr(m_folder.size()) : std::string_view(key);
        auto row = find(key);
        if (!row)
            return std::unexpected(std::move(row.error()));
        if (!*row)
            return {}; // deleted meanwhile
        // Some programs mark a folder with an empty object.
        if ((*row)->object.size == 0 && key.ends_with('/'))
            return m_paths.makeFolder(relative);
        auto place = m_paths.placeOf(relative);
        if (!place)
            return std::unexpected(std::move(place.error()));
        if (place->taken == TargetPaths::Place::Taken::Yes && m_existing == Existing::Keep) {
            m_done.skipped.push_back(key + ": there is a file of that name");
            m_meter->add(static_cast<std::uint64_t>((*row)->object.size));
            return {};
        }
        ObjectReader reader(m_blobs, std::move((*row)->pieces));
        if (auto opened = reader.open(); !opened) {
            // Somebody may have replaced the value meanwhile: then a second look finds another.
            auto again = find(key);
            if (!again)
                return std::unexpected(std::move(again.error()));
            if (!*again)
                return {};
            reader = ObjectReader(m_blobs, std::move((*again)->pieces));
        }
        auto written = write(reader, place->path);
        if (written) {
            ++m_done.files;
            m_done.bytes += *written;
            return {};
        }
        if (written.error().code != "storage.missing" && written.error().code != "data.exists")
            return std::unexpected(std::move(written.error()));
        m_done.skipped.push_back(key + ": " + written.error().message);
        return {};
    }

    Result<std::uint64_t> write(ObjectReader &reader, const fs::path &path)
    {
        auto out = OutputFile::create(path, m_existing == Existing::Keep ? OutputFile::Existing::Keep : OutputFile::Existing::Replace);
        if (!out)
            return std::unexpected(std::move(out.error()));
        std::uint64_t bytes = 0;
        while (reader.left() > 0) {
            if (auto go = proceed(m_control.stop); !go)
                return std::unexpected(std::move(go.error()));
            auto piece = reader.read(chunkBytes);
            if (!piece)
                return std::unexpected(std::move(piece.error()));
            if (auto written = out->write(*piece); !written)
                return std::unexpected(std::move(written.error()));
            bytes += piece->size();
            m_meter->add(piece->size());
        }
        if (auto finished = out->finish(); !finished)
            return std::unexpected(std::move(finished.error()));
        return bytes;
    }

    StateFile m_file;
    const storage::BlobStore m_blobs;
    const std::string m_folder;
    TargetPaths m_paths;
    const Existing m_existing;
    const Control &m_control;
    std::optional<Meter> m_meter;
    Transferred m_done;
};

} // namespace

Result<Transferred> upload(const fs::path &state, const std::string &bucketName, std::span<const fs::path> sources, const std::string &folder,
    Existing existing, const Control &control)
{
    Transferred done;
    const auto files = sourceFiles(sources, folder, done.skipped, control.stop);
    if (!files)
        return std::unexpected(files.error());
    std::uint64_t total = 0;
    for (const SourceFile &file : *files)
        total += file.bytes;
    R2Bucket bucket(state, bucketName);
    Meter meter(control, total);
    std::string buffer(chunkBytes, '\0');
    for (const SourceFile &file : *files) {
        if (auto go = proceed(control.stop); !go)
            return std::unexpected(std::move(go.error()));
        meter.begin(file.path.string());
        const auto skip = [&](const std::string &reason) { done.skipped.push_back(file.path.string() + ": " + reason); };
        if (existing == Existing::Keep) {
            auto there = bucket.head(file.key);
            if (!there)
                return std::unexpected(std::move(there.error()));
            if (*there) {
                skip("\"" + file.key + "\" is there already");
                meter.add(file.bytes);
                continue;
            }
        }
        std::string reason;
        auto writer = readIn(bucket, file, buffer, meter, reason, control.stop);
        if (!writer)
            return std::unexpected(std::move(writer.error()));
        if (!*writer) {
            skip(reason);
            continue;
        }
        const std::int64_t bytes = (*writer)->size();
        bindings::r2::PutOptions options;
        options.httpMetadata = base::Json{{"contentType", contentTypeOf(file.key)}}.dump();
        if (existing == Existing::Keep)
            options.onlyIf = onlyIfMissing();
        auto put = bucket.put(file.key, std::move(**writer), options);
        if (!put)
            return std::unexpected(std::move(put.error()));
        if (!*put) {
            skip("\"" + file.key + "\" is there already");
            continue;
        }
        ++done.files;
        done.bytes += static_cast<std::uint64_t>(bytes);
    }
    meter.tell();
    return done;
}

Result<Transferred> download(const fs::path &state, const std::string &bucket, std::span<const std::string> keys, const std::string &folder,
    const fs::path &target, Existing existing, const Control &control)
{
    return Download(state, bucket, folder, target, existing, control).run(keys);
}

} // namespace cleat::data::r2
