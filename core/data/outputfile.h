// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <string_view>

namespace cleat::data {

/// A file that is written piece by piece under a temporary name beside its own: it is there whole or, failed or given up, as it was before. Belongs to one thread.
/// Codes: file.denied, file.full, file.write.
class OutputFile final
{
public:
    enum class Existing {
        Replace,
        Keep, ///< finish() fails with data.exists when somebody has made the file
    };
    static base::Result<OutputFile> create(const std::filesystem::path &path, Existing existing = Existing::Replace);
    /// Without finish() nothing stays.
    ~OutputFile();
    OutputFile(OutputFile &&other) noexcept;
    OutputFile(const OutputFile &) = delete;
    OutputFile &operator=(const OutputFile &) = delete;
    OutputFile &operator=(OutputFile &&) = delete;

    base::Result<void> write(std::string_view bytes);
    base::Result<void> finish();

private:
    OutputFile(std::filesystem::path path, std::filesystem::path temporary, int fd, Existing existing);

    std::filesystem::path m_path;
    std::filesystem::path m_temporary; ///< empty: moved from, or finished
    int m_fd;
    Existing m_existing;
};

} // namespace cleat::data
