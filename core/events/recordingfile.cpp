// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/recordingfile.h"

#include "core/events/recordingprivate.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace cleat::events {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view extension = ".cleatrec";
constexpr std::size_t openBytes = 1U << 30; ///< bound of a recording that is opened

/// Reads a file piece by piece.
class Input final
{
public:
    explicit Input(const fs::path &path) : m_path(path), m_fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC))
    {
        struct stat info {};
        if (m_fd < 0 || ::fstat(m_fd, &info) != 0)
            m_error = errno;
        else if (!S_ISREG(info.st_mode))
            m_error = S_ISDIR(info.st_mode) ? EISDIR : EINVAL;
        else
            m_left = static_cast<std::uint64_t>(info.st_size);
    }
    ~Input()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Input(const Input &) = delete;
    Input &operator=(const Input &) = delete;

    int error() const { return m_error; }
    std::uint64_t place() const { return m_place; }
    /// Bytes that are still to come.
    std::uint64_t left() const { return m_left; }
    /// So many, or what there is before the end.
    std::string_view read(std::size_t count)
    {
        count = static_cast<std::size_t>(std::min<std::uint64_t>(count, m_left));
        m_bytes.resize(count);
        std::size_t have = 0;
        while (have < count) {
            const ssize_t n = ::read(m_fd, m_bytes.data() + have, count - have);
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0)
                m_error = errno;
            if (n <= 0) {
                m_left = 0;
                break;
            }
            have += static_cast<std::size_t>(n);
            m_left -= static_cast<std::uint64_t>(n);
        }
        m_place += have;
        return std::string_view(m_bytes).substr(0, have);
    }
    std::unexpected<base::Error> failure() const
    {
        return base::fail("recording.read", "Could not read " + m_path.string() + ": " + std::strerror(m_error) + ".", {m_path.string()});
    }

private:
    fs::path m_path;
    int m_fd;
    int m_error = 0;
    std::uint64_t m_left = 0;
    std::uint64_t m_place = 0;
    std::string m_bytes;
};

std::unexpected<base::Error> damagedAt(const fs::path &path, std::uint64_t place, const base::Error &error)
{
    return base::fail("recording.format",
        path.string() + " is no recording that can be opened. " + error.message + (place > 0 ? " It is sound up to byte " + std::to_string(place) + "." : std::string()), {path.string()});
}

base::Result<void> readFile(const fs::path &path, const std::function<void(Event &&)> &each)
{
    Input input(path);
    if (input.error() != 0)
        return input.failure();
    const auto kind = readRecordingHead(input.read(recordingHeadBytes));
    if (input.error() != 0)
        return input.failure();
    if (!kind)
        return damagedAt(path, 0, kind.error());
    const bool cutAnywhere = *kind == FileKind::Journal;
    std::uint64_t events = 0;
    const auto count = [&](Event &&event) {
        ++events;
        each(std::move(event));
    };
    while (input.left() > 0) {
        const std::uint64_t place = input.place();
        const std::string headBytes(input.read(blockHeadBytes));
        const auto head = readBlockHead(headBytes);
        const std::string_view packed = head ? input.read(head->packedBytes) : std::string_view();
        if (input.error() != 0)
            return input.failure();
        if (!head || !isSound(*head, headBytes, packed)) {
            if (cutAnywhere)
                return {};
            return damagedAt(path, place, head ? base::Error{{}, "A block is cut off or damaged.", {}} : head.error());
        }
        if (head->kind == BlockKind::End) {
            const auto said = readEnd(*head, packed);
            if (!said || *said != events || input.left() > 0)
                return damagedAt(path, place, said ? base::Error{{}, "It does not end where it says.", {}} : said.error());
            return {};
        }
        if (const auto read = readEvents(*head, packed, count); !read)
            return damagedAt(path, place, read.error());
    }
    if (cutAnywhere)
        return {};
    return damagedAt(path, input.place(), {{}, "Its end is missing.", {}});
}

} // namespace

RecordingFile::~RecordingFile()
{
    close();
    if (!m_target.empty() && !m_path.empty())
        ::unlink(m_path.c_str());
}

void RecordingFile::close()
{
    if (m_fd >= 0)
        ::close(m_fd);
    m_fd = -1;
}

std::unexpected<base::Error> RecordingFile::failure(int error) const
{
    const std::string name = (m_target.empty() ? m_path : m_target).string();
    const char *hint = error == ENOSPC || error == EDQUOT ? " Free some space and try again; nothing was left behind." : "";
    return base::fail("recording.write", "Could not write the recording to " + name + ": " + std::strerror(error) + "." + hint, {name});
}

base::Result<void> RecordingFile::createBeside(const fs::path &target)
{
    m_target = target;
    std::error_code ignored;
    for (int links = 0; links < 40 && fs::is_symlink(m_target, ignored); ++links)
        m_target = m_target.parent_path() / fs::read_symlink(m_target, ignored);
    if (fs::is_directory(m_target, ignored))
        return failure(EISDIR);
    std::string name = m_target.string() + ".XXXXXX";
    m_fd = ::mkostemp(name.data(), O_CLOEXEC);
    if (m_fd < 0)
        return failure(errno);
    m_path = name;
    return write(recordingHead(FileKind::Saved));
}

base::Result<void> RecordingFile::create(const fs::path &path, FileKind kind)
{
    close();
    m_path = path;
    m_fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (m_fd < 0)
        return failure(errno);
    return write(recordingHead(kind));
}

base::Result<void> RecordingFile::write(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t n = ::write(m_fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failure(errno);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

base::Result<void> RecordingFile::finish()
{
    if (::fsync(m_fd) != 0)
        return failure(errno);
    const int closed = ::close(std::exchange(m_fd, -1));
    if (closed != 0)
        return failure(errno);
    if (::rename(m_path.c_str(), m_target.c_str()) != 0)
        return failure(errno);
    m_path.clear();
    const fs::path folder = m_target.parent_path();
    const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        ::fsync(fd);
        ::close(fd);
    }
    return {};
}

fs::path journalFile(const fs::path &folder, std::uint64_t number)
{
    std::string name = std::to_string(number);
    name.insert(0, name.size() < 10 ? 10 - name.size() : 0, '0');
    return folder / (name + std::string(extension));
}

std::vector<fs::path> journalFiles(const fs::path &folder)
{
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (entry->path().extension() == extension)
            files.push_back(entry->path());
    }
    std::ranges::sort(files);
    return files;
}

base::Result<void> readRecording(const fs::path &path, const std::function<void(Event &&)> &each)
{
    std::error_code error;
    if (!fs::is_directory(path, error))
        return readFile(path, each);
    const auto files = journalFiles(path);
    if (files.empty())
        return base::fail("recording.read", "There is no recording in the folder " + path.string() + ".", {path.string()});
    for (const fs::path &file : files) {
        auto read = readFile(file, each);
        // The last file may have been begun in the moment in which the program ended.
        if (!read && (read.error().code != "recording.format" || file != files.back() || fs::file_size(file, error) >= recordingHeadBytes))
            return read;
    }
    return {};
}

// ---- Recording's part

base::Result<void> Recording::save(const fs::path &file, std::optional<std::span<const Sequence>> rows) const
{
    RecordingFile out;
    if (auto created = out.createBeside(file); !created)
        return created;
    BlockWriter writer;
    std::uint64_t events = 0;
    const auto flush = [&]() -> base::Result<void> {
        events += writer.events();
        return out.write(writer.finish());
    };
    const auto put = [&](Sequence sequence) -> base::Result<void> {
        auto one = record(sequence);
        if (!one)
            return {}; // let go meanwhile
        writer.add(std::move(one->request));
        ContentEvent nothing;
        nothing.request = one->content.request;
        if (one->content != nothing)
            writer.add(std::move(one->content));
        const auto all = [&](auto &list) {
            for (auto &event : list)
                writer.add(std::move(event));
        };
        all(one->calls);
        all(one->console);
        all(one->exceptions);
        return writer.full() ? flush() : base::Result<void>();
    };
    const Range range = held();
    const std::size_t count = rows ? rows->size() : range.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (auto written = put(rows ? (*rows)[i] : range.first + i); !written)
            return written;
    }
    if (!writer.empty()) {
        if (auto written = flush(); !written)
            return written;
    }
    if (auto written = out.write(endBlock(events)); !written)
        return written;
    return out.finish();
}

base::Result<std::unique_ptr<Recording>> Recording::open(const fs::path &file)
{
    constexpr std::size_t group = 4096;
    constexpr std::size_t groupBytes = 8U << 20;
    auto recording = std::make_unique<Recording>(openBytes);
    Batch batch;
    std::size_t bytes = 0;
    const auto flush = [&] {
        std::vector<const Event *> events;
        events.reserve(batch.size());
        for (const Event &event : batch)
            events.push_back(&event);
        recording->d->take(events, nullptr);
        batch.clear();
        bytes = 0;
    };
    const auto read = readRecording(file, [&](Event &&event) {
        bytes += memoryOf(event);
        batch.push_back(std::move(event));
        if (batch.size() >= group || bytes >= groupBytes)
            flush();
    });
    if (!read)
        return std::unexpected(read.error());
    flush();
    return recording;
}

} // namespace cleat::events
