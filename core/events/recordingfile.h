// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/events/recordingblock.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace cleat::events {

/// A file of blocks that is being written. Readable by its owner alone.
class RecordingFile final
{
public:
    RecordingFile() = default;
    ~RecordingFile();
    RecordingFile(const RecordingFile &) = delete;
    RecordingFile &operator=(const RecordingFile &) = delete;

    /// A file under a name of its own beside `target`, to be renamed to that by finish(). Codes: recording.write.
    base::Result<void> createBeside(const std::filesystem::path &target);
    /// A new file. Codes: recording.write.
    base::Result<void> create(const std::filesystem::path &path, FileKind kind);
    /// Codes: recording.write.
    base::Result<void> write(std::string_view bytes);
    /// Brings it to the disk, and to its name. Until then, a file made by createBeside() goes with this object.
    base::Result<void> finish();
    void close();

private:
    std::unexpected<base::Error> failure(int error) const;

    int m_fd = -1;
    std::filesystem::path m_path;
    std::filesystem::path m_target; ///< empty: m_path is its name
};

/// Tells all events of a saved recording, of a file of a journal, or of all files of a journal's folder, in order. What the end of a program cut off in a journal is left out.
/// Codes: recording.read, recording.format.
base::Result<void> readRecording(const std::filesystem::path &path, const std::function<void(Event &&)> &each);

/// Files of a journal in their order.
std::vector<std::filesystem::path> journalFiles(const std::filesystem::path &folder);
std::filesystem::path journalFile(const std::filesystem::path &folder, std::uint64_t number);

} // namespace cleat::events
