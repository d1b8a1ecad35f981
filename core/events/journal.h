// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/events/eventlog.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace cleat::events {

/// Keeps on the disk what comes, at most a second behind it, so that it is there after a crash. Its folder holds
///
///     lock     held by the program that writes
///     now/     its files: 0000000001.cleatrec and so on, oldest first; the oldest goes when all of them together tell more than the bound
///     last/    the files of the session before
///
/// Secrets have to be redacted before; values of sensitive header fields are masked here. Writes on a thread of its own. Used by one thread.
class Journal final
{
public:
    /// `failed` is called at most once, on the journal's thread: it writes nothing more then, and what it has written stays.
    /// Codes: journal.busy (another program has it), journal.write.
    static base::Result<std::unique_ptr<Journal>> start(const std::filesystem::path &folder, std::size_t maxBytes, std::function<void(const base::Error &)> failed);
    /// Writes what waits.
    ~Journal();
    Journal(const Journal &) = delete;
    Journal &operator=(const Journal &) = delete;

    /// Keeps nothing of the batches. Never waits for the disk. What the disk cannot keep up with ends the journal.
    void append(std::span<const std::shared_ptr<const Batch>> batches);
    /// Forgets all of this session.
    void restart();
    /// Of what it tells, before it is compressed.
    void setMaxBytes(std::size_t bytes);

    /// The files of the session before in `folder`; nullopt: it left none. To be opened by Recording::open().
    static std::optional<std::filesystem::path> last(const std::filesystem::path &folder);

private:
    class Private;
    explicit Journal(std::unique_ptr<Private> made);
    std::unique_ptr<Private> d;
};

} // namespace cleat::events
