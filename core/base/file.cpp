// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cleat::base {

namespace {

std::unexpected<Error> systemError(const char *doing, const std::filesystem::path &path, int error, const char *fallbackCode)
{
    std::string code = fallbackCode;
    std::string hint;
    switch (error) {
    case ENOENT:
        code = "file.missing";
        break;
    case EACCES:
    case EPERM:
    case EROFS:
        code = "file.denied";
        hint = " Check the permissions of the file and its folder.";
        break;
    case ENOSPC:
    case EDQUOT:
        code = "file.full";
        hint = " Free some space and try again; the old file is untouched.";
        break;
    default:
        break;
    }
    return fail(code, std::string("Could not ") + doing + " " + path.string() + ": " + std::strerror(error) + "." + hint, {path.string()});
}

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
    int fd() const { return m_fd; }
    int close()
    {
        const int rc = ::close(m_fd);
        m_fd = -1;
        return rc;
    }

private:
    int m_fd;
};

} // namespace

Result<std::string> readFile(const std::filesystem::path &path)
{
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.fd() < 0)
        return systemError("read", path, errno, "file.read");
    struct stat info {};
    if (::fstat(file.fd(), &info) != 0)
        return systemError("read", path, errno, "file.read");
    if (S_ISDIR(info.st_mode))
        return systemError("read", path, EISDIR, "file.read");
    std::string bytes;
    bytes.resize(static_cast<std::size_t>(info.st_size > 0 ? info.st_size : 0) + 1);
    std::size_t used = 0;
    for (;;) {
        if (used == bytes.size())
            bytes.resize(bytes.size() * 2);
        const ssize_t n = ::read(file.fd(), bytes.data() + used, bytes.size() - used);
        if (n < 0) {
            if (errno == EINTR)
                continue;
            return systemError("read", path, errno, "file.read");
        }
        if (n == 0)
            break;
        used += static_cast<std::size_t>(n);
    }
    bytes.resize(used);
    return bytes;
}

Result<void> writeFileAtomically(const std::filesystem::path &path, std::string_view bytes, Access access)
{
    std::filesystem::path target = path;
    std::error_code ec;
    constexpr int mostLinks = 40; // as the kernel allows
    for (int links = 0; std::filesystem::is_symlink(target, ec); ++links) {
        if (links == mostLinks)
            return systemError("write", path, ELOOP, "file.write");
        target = target.parent_path() / std::filesystem::read_symlink(target, ec);
    }
    struct stat old {};
    const bool exists = ::stat(target.c_str(), &old) == 0;
    if (exists && ::access(target.c_str(), W_OK) != 0)
        return systemError("write", target, errno, "file.write");

    std::string temporary = target.string() + ".XXXXXX";
    Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (file.fd() < 0)
        return systemError("write beside", target, errno, "file.write");
    const auto giveUp = [&](int error) {
        ::unlink(temporary.c_str());
        return systemError("write", target, error, "file.write");
    };
    if (exists && ::fchown(file.fd(), old.st_uid, old.st_gid) != 0 && errno != EPERM)
        return giveUp(errno);
    mode_t mode = 0600; // as mkostemp made it
    if (access == Access::AsBefore && exists) {
        mode = old.st_mode & 07777;
    } else if (access == Access::AsBefore) {
        const mode_t mask = ::umask(0);
        ::umask(mask);
        mode = 0666 & ~mask;
    }
    if (::fchmod(file.fd(), mode) != 0)
        return giveUp(errno);
    std::string_view rest = bytes;
    while (!rest.empty()) {
        const ssize_t n = ::write(file.fd(), rest.data(), rest.size());
        if (n < 0) {
            if (errno == EINTR)
                continue;
            return giveUp(errno);
        }
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
    if (::fsync(file.fd()) != 0 || file.close() != 0)
        return giveUp(errno);
    if (::rename(temporary.c_str(), target.c_str()) != 0)
        return giveUp(errno);
    Descriptor folder(::open(target.parent_path().empty() ? "." : target.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.fd() >= 0)
        ::fsync(folder.fd());
    return {};
}

std::uint64_t checksum(std::string_view bytes)
{
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : bytes) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 1099511628211ULL;
    }
    return hash;
}

} // namespace cleat::base
