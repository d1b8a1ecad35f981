// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/journal.h"

#include "core/events/prefetch.h"
#include "core/events/recordingfile.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <mutex>
#include <sys/file.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace cleat::events {

namespace fs = std::filesystem;

namespace {

constexpr auto latest = std::chrono::milliseconds(500); ///< so long an event waits at most; half of what is promised
constexpr std::size_t mostWaiting = 64U << 20;

fs::path nowFolder(const fs::path &folder)
{
    return folder / "now";
}

fs::path lastFolder(const fs::path &folder)
{
    return folder / "last";
}

std::unexpected<base::Error> failure(const fs::path &path, const std::string &reason)
{
    return base::fail("journal.write", "Cleat cannot keep the requests of this session on the disk: " + path.string() + ": " + reason + ". They are lost if it crashes.", {path.string()});
}

} // namespace

class Journal::Private
{
public:
    Private(fs::path folder, std::size_t bound, int lockFd, std::function<void(const base::Error &)> tell)
        : now(nowFolder(folder)), lock(lockFd), failed(std::move(tell)), maxBytes(bound), thread([this] { loop(); })
    {
    }
    ~Private()
    {
        {
            const std::lock_guard held(mutex);
            ending = true;
        }
        wake.notify_one();
        thread.join();
        ::close(lock);
    }

    struct Plain {
        std::string text; ///< for quickEventsBlock()
        std::size_t bytes = 0; ///< of what it tells
    };

    void loop();
    void cut();
    base::Result<void> write(const Plain &plain);
    base::Result<void> nextFile();
    base::Result<void> forget();
    void give(const base::Error &error);

    const fs::path now;
    const int lock; ///< descriptor of the lock file
    const std::function<void(const base::Error &)> failed;
    std::atomic<std::size_t> maxBytes;

    std::mutex mutex;
    std::condition_variable wake;
    BlockWriter writer; ///< guarded, as is what follows; what it is given is still in the processor's cache
    std::vector<Plain> waiting; ///< what the writer was full of
    std::size_t waitingBytes = 0;
    bool late = false; ///< more waits than may
    bool begunAnew = false;
    bool ending = false;
    std::atomic<bool> over{false}; ///< it writes nothing more

    // The thread's own.
    struct Kept {
        fs::path path;
        std::size_t bytes = 0; ///< of what it tells
    };
    RecordingFile file;
    std::deque<Kept> files; ///< the last is the one that is written
    std::size_t filesBytes = 0;
    std::uint64_t lastNumber = 0;
    std::thread thread; ///< last: the others are there when it begins
};

void Journal::Private::give(const base::Error &error)
{
    over = true;
    file.close();
    failed(error);
}

base::Result<void> Journal::Private::nextFile()
{
    files.push_back({journalFile(now, ++lastNumber), 0});
    return file.create(files.back().path, FileKind::Journal);
}

/// What the writer holds waits from now on.
void Journal::Private::cut()
{
    const std::size_t bytes = writer.bytes();
    waiting.push_back({writer.takePlain(), bytes});
    waitingBytes += waiting.back().text.size();
}

base::Result<void> Journal::Private::write(const Plain &plain)
{
    const std::size_t most = maxBytes;
    if (files.empty() || files.back().bytes >= std::max<std::size_t>(most / 16, 64U << 10)) {
        if (auto next = nextFile(); !next)
            return next;
    }
    files.back().bytes += plain.bytes;
    filesBytes += plain.bytes;
    if (auto written = file.write(quickEventsBlock(plain.text)); !written)
        return written;
    while (filesBytes > most && files.size() > 1) {
        std::error_code error;
        fs::remove(files.front().path, error);
        if (error)
            return failure(files.front().path, error.message());
        filesBytes -= files.front().bytes;
        files.pop_front();
    }
    return {};
}

base::Result<void> Journal::Private::forget()
{
    file.close();
    for (const Kept &kept : files) {
        std::error_code error;
        fs::remove(kept.path, error);
        if (error)
            return failure(kept.path, error.message());
    }
    files.clear();
    filesBytes = 0;
    return {};
}

void Journal::Private::loop()
{
    std::unique_lock held(mutex);
    while (true) {
        wake.wait(held, [this] { return ending || begunAnew || !waiting.empty() || !writer.empty(); });
        if (!ending && !begunAnew)
            wake.wait_for(held, latest, [this] { return ending || begunAnew || waitingBytes > mostWaiting / 8; });
        if (!writer.empty())
            cut();
        const std::vector<Plain> blocks = std::exchange(waiting, {});
        waitingBytes = 0;
        const bool anew = std::exchange(begunAnew, false);
        const bool last = ending;
        const bool tooLate = late;
        held.unlock();
        if (!over) {
            base::Result<void> done;
            if (anew)
                done = forget();
            for (auto block = blocks.begin(); done && block != blocks.end(); ++block)
                done = write(*block);
            if (done && tooLate)
                done = failure(now, "the disk is too slow");
            if (!done)
                give(done.error());
        }
        held.lock();
        if (last)
            return;
    }
}

base::Result<std::unique_ptr<Journal>> Journal::start(const fs::path &folder, std::size_t maxBytes, std::function<void(const base::Error &)> failed)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return failure(folder, error.message());
    fs::permissions(folder, fs::perms::owner_all, error);
    if (error)
        return failure(folder, error.message());
    const fs::path lockPath = folder / "lock";
    const int lock = ::open(lockPath.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0)
        return failure(lockPath, std::strerror(errno));
    const auto giveUp = [lock](const fs::path &path, const std::string &reason) {
        ::close(lock);
        return failure(path, reason);
    };
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return giveUp(lockPath, std::strerror(errno));
        ::close(lock);
        return base::fail("journal.busy", "Another Cleat has this project open and keeps its requests on the disk; those of this one are lost if it crashes.", {folder.string()});
    }
    const fs::path now = nowFolder(folder);
    if (!journalFiles(now).empty()) {
        fs::remove_all(lastFolder(folder), error);
        if (!error)
            fs::rename(now, lastFolder(folder), error);
        if (error)
            return giveUp(lastFolder(folder), error.message());
    }
    fs::create_directories(now, error);
    if (error)
        return giveUp(now, error.message());
    return std::unique_ptr<Journal>(new Journal(std::make_unique<Private>(folder, maxBytes, lock, std::move(failed))));
}

std::optional<fs::path> Journal::last(const fs::path &folder)
{
    fs::path last = lastFolder(folder);
    return journalFiles(last).empty() ? std::nullopt : std::optional(std::move(last));
}

Journal::Journal(std::unique_ptr<Private> made) : d(std::move(made)) {}

Journal::~Journal() = default;

void Journal::append(std::span<const std::shared_ptr<const Batch>> batches)
{
    if (d->over || batches.empty())
        return;
    {
        const std::lock_guard lock(d->mutex);
        if (d->waitingBytes > mostWaiting) {
            d->late = true;
            return;
        }
        std::vector<const Event *> events;
        for (const auto &batch : batches) {
            for (const Event &event : *batch)
                events.push_back(&event);
        }
        const Prefetch prefetch(events);
        for (std::size_t i = 0; i < events.size(); ++i) {
            prefetch.before(i);
            d->writer.add(*events[i]);
            if (d->writer.full())
                d->cut();
        }
    }
    d->wake.notify_one();
}

void Journal::restart()
{
    {
        const std::lock_guard lock(d->mutex);
        d->writer.clear();
        d->waiting.clear();
        d->waitingBytes = 0;
        d->begunAnew = true;
    }
    d->wake.notify_one();
}

void Journal::setMaxBytes(std::size_t bytes)
{
    d->maxBytes = bytes;
}

} // namespace cleat::events
