// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/filewriter.h"

#include "core/storage/failure.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace cleat::data::d1 {

using base::Result;

Result<FileWriter> FileWriter::open(const std::filesystem::path &target)
{
    const std::filesystem::path part = target.string() + ".part" + std::to_string(::getpid());
    const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return std::unexpected(storage::systemFailure("write", target, errno));
    return FileWriter(target, part, descriptor);
}

FileWriter::FileWriter(std::filesystem::path target, std::filesystem::path part, int descriptor)
    : m_target(std::move(target)),
      m_part(std::move(part)),
      m_descriptor(descriptor)
{}

FileWriter::FileWriter(FileWriter &&other) noexcept
    : m_target(std::move(other.m_target)),
      m_part(std::move(other.m_part)),
      m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_buffer(std::move(other.m_buffer)),
      m_written(other.m_written)
{}

FileWriter::~FileWriter()
{
    if (m_descriptor < 0)
        return;
    ::close(m_descriptor);
    ::unlink(m_part.c_str());
}

Result<void> FileWriter::flush()
{
    std::string_view rest = m_buffer;
    while (!rest.empty()) {
        const ssize_t count = ::write(m_descriptor, rest.data(), rest.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return std::unexpected(storage::systemFailure("write", m_target, errno));
        rest.remove_prefix(static_cast<std::size_t>(count));
    }
    m_buffer.clear();
    return {};
}

Result<void> FileWriter::write(std::string_view bytes)
{
    m_buffer += bytes;
    m_written += bytes.size();
    return m_buffer.size() < 1U << 18 ? Result<void>() : flush();
}

Result<void> FileWriter::commit()
{
    if (auto flushed = flush(); !flushed)
        return flushed;
    if (::fsync(m_descriptor) != 0 || ::rename(m_part.c_str(), m_target.c_str()) != 0)
        return std::unexpected(storage::systemFailure("write", m_target, errno));
    ::close(std::exchange(m_descriptor, -1));
    return {};
}

} // namespace cleat::data::d1
