// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/outputfile.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace cleat::data {

namespace fs = std::filesystem;

namespace {

std::unexpected<base::Error> failed(const fs::path &path, int error)
{
    const char *code = "file.write";
    std::string advice;
    if (error == EACCES || error == EPERM || error == EROFS) {
        code = "file.denied";
        advice = " Choose a folder that you may write to.";
    } else if (error == ENOSPC || error == EDQUOT) {
        code = "file.full";
        advice = " Make room on the disk and try again.";
    }
    return base::fail(code, "Could not write " + path.string() + ": " + std::strerror(error) + '.' + advice, {path.string()});
}

} // namespace

OutputFile::OutputFile(fs::path path, fs::path temporary, int fd, Existing existing)
    : m_path(std::move(path)),
      m_temporary(std::move(temporary)),
      m_fd(fd),
      m_existing(existing)
{}

OutputFile::OutputFile(OutputFile &&other) noexcept
    : m_path(std::move(other.m_path)),
      m_temporary(std::exchange(other.m_temporary, {})),
      m_fd(std::exchange(other.m_fd, -1)),
      m_existing(other.m_existing)
{}

OutputFile::~OutputFile()
{
    if (m_fd >= 0)
        ::close(m_fd);
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

base::Result<OutputFile> OutputFile::create(const fs::path &path, Existing existing)
{
    // What a symbolic link leads to is replaced, not the link.
    std::error_code ec;
    fs::path target = fs::is_symlink(path, ec) ? fs::weakly_canonical(path, ec) : path;
    if (ec)
        target = path;
    if (fs::is_directory(target, ec))
        return failed(target, EISDIR);
    std::string name = (target.parent_path() / ".cleat-XXXXXX").string();
    const int fd = ::mkostemp(name.data(), O_CLOEXEC);
    if (fd < 0)
        return failed(target, errno);
    OutputFile file(target, name, fd, existing);
    struct stat info {};
    mode_t mode = 0666;
    if (::stat(target.c_str(), &info) == 0) {
        mode = info.st_mode & 07777;
    } else {
        const mode_t mask = ::umask(0);
        ::umask(mask);
        mode &= ~mask;
    }
    if (::fchmod(fd, mode) != 0)
        return failed(target, errno);
    return file;
}

base::Result<void> OutputFile::write(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t n = ::write(m_fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed(m_path, errno);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

base::Result<void> OutputFile::finish()
{
    if (::close(std::exchange(m_fd, -1)) != 0)
        return failed(m_path, errno);
    if (m_existing == Existing::Keep && ::link(m_temporary.c_str(), m_path.c_str()) == 0)
        return {};
    const bool taken = m_existing == Existing::Keep && (errno == EEXIST || ::access(m_path.c_str(), F_OK) == 0);
    if (taken)
        return base::fail("data.exists", "There is a file " + m_path.string() + " already.", {m_path.string()});
    // Not every file system has second names for files.
    if (std::rename(m_temporary.c_str(), m_path.c_str()) != 0)
        return failed(m_path, errno);
    m_temporary.clear();
    return {};
}

} // namespace cleat::data
