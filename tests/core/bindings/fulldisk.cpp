// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/bindings/fulldisk.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

std::atomic<bool> active{false};
std::atomic<std::int64_t> left{0};
std::atomic<int> refusals{0};

/// How many of `size` bytes at `offset` (negative: where the descriptor stands) can be written.
std::size_t granted(int fd, std::size_t size, off_t offset)
{
    struct stat about {};
    if (!active || fd <= 2 || size == 0 || ::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return size;
    if (offset < 0)
        offset = (::fcntl(fd, F_GETFL) & O_APPEND) != 0 ? about.st_size : ::lseek(fd, 0, SEEK_CUR);
    const std::int64_t inside = std::max<std::int64_t>(0, std::min<std::int64_t>(about.st_size - offset, static_cast<std::int64_t>(size)));
    const std::int64_t growth = static_cast<std::int64_t>(size) - inside;
    const std::int64_t taken = std::min<std::int64_t>(growth, left);
    left -= taken;
    if (taken < growth)
        ++refusals;
    return static_cast<std::size_t>(inside + taken);
}

ssize_t full()
{
    errno = ENOSPC;
    return -1;
}

} // namespace

extern "C" {

ssize_t write(int fd, const void *bytes, size_t size)
{
    const std::size_t some = granted(fd, size, -1);
    return some == 0 && size > 0 ? full() : ::syscall(SYS_write, fd, bytes, some);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
{
    const std::size_t some = granted(fd, size, offset);
    return some == 0 && size > 0 ? full() : ::syscall(SYS_pwrite64, fd, bytes, some, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    return pwrite64(fd, bytes, size, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    ssize_t sum = 0;
    for (int i = 0; i < count; ++i) {
        const ssize_t n = write(fd, parts[i].iov_base, parts[i].iov_len);
        if (n < 0)
            return sum > 0 ? sum : n;
        sum += n;
        if (static_cast<size_t>(n) < parts[i].iov_len)
            break;
    }
    return sum;
}

int posix_fallocate64(int fd, off64_t offset, off64_t size)
{
    const std::size_t some = granted(fd, static_cast<std::size_t>(size), offset);
    return some < static_cast<std::size_t>(size) ? ENOSPC : ::syscall(SYS_fallocate, fd, 0, offset, size) == 0 ? 0 : errno;
}

int posix_fallocate(int fd, off_t offset, off_t size)
{
    return posix_fallocate64(fd, offset, size);
}
}

FullDisk::FullDisk(std::int64_t bytesLeft)
{
    left = bytesLeft;
    refusals = 0;
    active = true;
}

FullDisk::~FullDisk()
{
    active = false;
}

int FullDisk::refused()
{
    return refusals;
}
