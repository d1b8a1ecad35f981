// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/r2/blobmarks.h"

#include "core/storage/blobreader.h"
#include "core/storage/blobremoval.h"
#include "core/storage/blobwriter.h"
#include "core/storage/failure.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace cleat::data::r2 {

namespace fs = std::filesystem;
using base::Result;

namespace {

constexpr std::size_t chunkBytes = 1 << 20;

/// 0 or an errno.
int linkMaking(const fs::path &from, const fs::path &to)
{
    if (::link(from.c_str(), to.c_str()) == 0)
        return 0;
    if (errno != ENOENT)
        return errno;
    std::error_code ec;
    fs::create_directories(to.parent_path(), ec);
    return ::link(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

Result<void> copyBytes(const storage::BlobReader &reader, storage::BlobWriter &writer)
{
    std::string buffer(chunkBytes, '\0');
    for (std::int64_t at = 0; at < reader.size();) {
        const auto bytes = std::as_writable_bytes(std::span(buffer).first(static_cast<std::size_t>(std::min<std::int64_t>(chunkBytes, reader.size() - at))));
        if (auto read = reader.read(at, bytes); !read)
            return read;
        if (auto written = writer.write(bytes); !written)
            return written;
        at += static_cast<std::int64_t>(bytes.size());
    }
    return writer.publish();
}

} // namespace

BlobMarks::~BlobMarks()
{
    for (const std::string &id : m_copies)
        m_store.remove(id);
    for (const std::string &id : m_marked)
        ::unlink(storage::blobMark(m_store, m_owner, id).c_str());
}

void BlobMarks::add(std::string_view id)
{
    if (const auto path = m_store.path(id); path && linkMaking(*path, storage::blobMark(m_store, m_owner, id)) == 0)
        m_marked.emplace_back(id);
}

Result<std::string> BlobMarks::copy(std::string_view id)
{
    const auto from = m_store.path(id);
    if (!from)
        return std::unexpected(storage::systemFailure("read the value in", m_store.folder() / std::string(id), ENOENT));
    auto made = storage::BlobStore::newId();
    if (!made)
        return base::fail("storage.failed", "The system gave no random bytes, so the value could not be copied in " + m_store.folder().string() + ".",
            {m_store.folder().string()});
    const fs::path mark = storage::blobMark(m_store, m_owner, *made);
    const fs::path blob = m_store.folder() / *made;
    int error = linkMaking(*from, mark);
    if (error == 0) {
        m_marked.push_back(*made);
        m_copies.push_back(*made);
        error = linkMaking(mark, blob);
        if (error == 0)
            return std::move(*made);
    }
    if (error == ENOSPC || error == EDQUOT || error == EACCES || error == EROFS)
        return std::unexpected(storage::systemFailure("write into", m_store.folder(), error));
    // No second names here, or too many already.
    auto reader = storage::BlobReader::open(m_store, id);
    if (!reader)
        return std::unexpected(std::move(reader.error()));
    if (!*reader)
        return std::unexpected(storage::systemFailure("read the value in", *from, ENOENT));
    auto writer = storage::BlobWriter::create(m_store, m_owner);
    if (!writer)
        return std::unexpected(std::move(writer.error()));
    if (auto copied = copyBytes(**reader, *writer); !copied)
        return std::unexpected(std::move(copied.error()));
    std::string copy = writer->id();
    m_copies.push_back(copy);
    writer->keep();
    return copy;
}

} // namespace cleat::data::r2
