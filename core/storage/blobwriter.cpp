// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/blobwriter.h"

#include "core/storage/blobremoval.h"
#include "core/storage/failure.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace cleat::storage {

namespace fs = std::filesystem;

BlobWriter::BlobWriter(std::string id, fs::path blob, fs::path mark, int fd)
    : m_id(std::move(id)),
      m_blob(std::move(blob)),
      m_mark(std::move(mark)),
      m_fd(fd)
{}

BlobWriter::BlobWriter(BlobWriter &&other) noexcept
    : m_id(std::exchange(other.m_id, {})),
      m_blob(std::move(other.m_blob)),
      m_mark(std::move(other.m_mark)),
      m_fd(std::exchange(other.m_fd, -1))
{}

BlobWriter::~BlobWriter()
{
    if (m_fd >= 0)
        ::close(m_fd);
    if (m_id.empty())
        return;
    ::unlink(m_blob.c_str());
    ::unlink(m_mark.c_str());
}

base::Result<BlobWriter> BlobWriter::create(const BlobStore &store, std::string_view owner)
{
    auto id = BlobStore::newId();
    if (!id)
        return base::fail("storage.failed", "The system gave no random bytes, so the value could not be stored in " + store.folder().string() + ".",
            {store.folder().string()});
    fs::path mark = blobMark(store, owner, *id);
    const auto open = [&] { return ::open(mark.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); };
    int fd = open();
    if (fd < 0 && errno == ENOENT) {
        std::error_code ec;
        for (const fs::path &folder : {store.folder(), mark.parent_path()}) {
            fs::create_directories(folder, ec);
            if (ec)
                return std::unexpected(systemFailure("make the folder", folder, ec.value()));
        }
        fd = open();
    }
    if (fd < 0)
        return std::unexpected(systemFailure("write into", mark.parent_path(), errno));
    fs::path blob = store.folder() / *id;
    return BlobWriter(std::move(*id), std::move(blob), std::move(mark), fd);
}

base::Result<void> BlobWriter::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t n = ::write(m_fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return std::unexpected(systemFailure("write into", m_blob.parent_path(), errno));
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

base::Result<void> BlobWriter::publish()
{
    if (::close(std::exchange(m_fd, -1)) != 0)
        return std::unexpected(systemFailure("write into", m_blob.parent_path(), errno));
    if (::link(m_mark.c_str(), m_blob.c_str()) == 0)
        return {};
    if (errno == ENOENT) {
        // Somebody removed the folder of the blobs meanwhile.
        std::error_code ec;
        fs::create_directories(m_blob.parent_path(), ec);
    }
    // Not every file system has second names for files.
    if (std::rename(m_mark.c_str(), m_blob.c_str()) != 0)
        return std::unexpected(systemFailure("write into", m_blob.parent_path(), errno));
    return {};
}

void BlobWriter::keep()
{
    ::unlink(m_mark.c_str());
    m_id.clear();
}

} // namespace cleat::storage
