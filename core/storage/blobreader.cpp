// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/blobreader.h"

#include "core/storage/failure.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace cleat::storage {

BlobReader::BlobReader(std::filesystem::path path, int fd, std::int64_t size) : m_path(std::move(path)), m_fd(fd), m_size(size) {}

BlobReader::BlobReader(BlobReader &&other) noexcept : m_path(std::move(other.m_path)), m_fd(std::exchange(other.m_fd, -1)), m_size(other.m_size) {}

BlobReader &BlobReader::operator=(BlobReader &&other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_fd, other.m_fd);
    std::swap(m_size, other.m_size);
    return *this;
}

BlobReader::~BlobReader()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

base::Result<std::optional<BlobReader>> BlobReader::open(const BlobStore &store, std::string_view id)
{
    auto path = store.path(id);
    if (!path)
        return std::nullopt;
    const int fd = ::open(path->c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return std::nullopt;
    struct stat info{};
    if (fd < 0 || ::fstat(fd, &info) != 0) {
        const int error = errno;
        if (fd >= 0)
            ::close(fd);
        return std::unexpected(systemFailure("read", *path, error));
    }
    return BlobReader(std::move(*path), fd, info.st_size);
}

base::Result<void> BlobReader::read(std::int64_t offset, std::span<std::byte> bytes) const
{
    while (!bytes.empty()) {
        const ssize_t n = ::pread(m_fd, bytes.data(), bytes.size(), offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return std::unexpected(systemFailure("read", m_path, errno));
        if (n == 0)
            return base::fail("storage.failed", "The value in " + m_path.string() + " is shorter than the state file says.", {m_path.string()});
        offset += n;
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

} // namespace cleat::storage
