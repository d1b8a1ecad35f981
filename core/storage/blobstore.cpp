// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/blobstore.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/storage/failure.h"

#include <openssl/rand.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace cleat::storage {

namespace {

bool isPlainName(std::string_view id)
{
    return !id.empty() && id.front() != '.' && id.find('/') == id.npos && id.find('\0') == id.npos;
}

/// 0 or an errno.
int writeAll(int fd, std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return 0;
}

} // namespace

std::optional<std::string> BlobStore::newId()
{
    std::array<unsigned char, 40> bytes;
    if (RAND_bytes(bytes.data(), 32) != 1)
        return std::nullopt;
    const auto now = static_cast<std::uint64_t>(base::wallMs());
    for (std::size_t i = 0; i < 8; ++i)
        bytes[32 + i] = static_cast<unsigned char>(now >> (56 - 8 * i));
    return base::toHex(std::as_bytes(std::span(bytes)));
}

std::optional<std::filesystem::path> BlobStore::path(std::string_view id) const
{
    return isPlainName(id) ? std::optional(m_folder / id) : std::nullopt;
}

base::Result<std::string> BlobStore::create(std::span<const std::byte> bytes) const
{
    auto id = newId();
    if (!id)
        return base::fail(
            "storage.failed", "The system gave no random bytes, so the value could not be stored in " + m_folder.string() + ".", {m_folder.string()});
    const std::filesystem::path temporary = m_folder / (".cleat-" + *id);
    const auto open = [&] { return ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); };
    int fd = open();
    if (fd < 0 && errno == ENOENT) {
        std::error_code ec;
        std::filesystem::create_directories(m_folder, ec);
        if (ec)
            return std::unexpected(systemFailure("make the folder", m_folder, ec.value()));
        fd = open();
    }
    if (fd < 0)
        return std::unexpected(systemFailure("write into", m_folder, errno));
    int error = writeAll(fd, bytes);
    if (::close(fd) != 0 && error == 0)
        error = errno;
    if (error == 0 && std::rename(temporary.c_str(), (m_folder / *id).c_str()) != 0)
        error = errno;
    if (error != 0) {
        ::unlink(temporary.c_str());
        return std::unexpected(systemFailure("write into", m_folder, error));
    }
    return std::move(*id);
}

base::Result<std::optional<std::string>> BlobStore::read(std::string_view id) const
{
    if (!isPlainName(id))
        return std::nullopt;
    auto bytes = base::readFile(m_folder / id);
    if (bytes)
        return std::move(*bytes);
    if (bytes.error().code == "file.missing")
        return std::nullopt;
    return base::fail(
        bytes.error().code == "file.denied" ? "storage.denied" : "storage.failed", std::move(bytes.error().message), std::move(bytes.error().place));
}

void BlobStore::remove(std::string_view id) const
{
    if (isPlainName(id))
        ::unlink((m_folder / id).c_str());
}

} // namespace cleat::storage
