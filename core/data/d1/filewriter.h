// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace cleat::data::d1 {

/// Writes a file piece by piece, beside its place; commit() puts it there. Without commit() nothing stays. Errors: storage.* of core/storage/failure.h.
class FileWriter final
{
public:
    static base::Result<FileWriter> open(const std::filesystem::path &target);
    ~FileWriter();
    FileWriter(FileWriter &&other) noexcept;
    FileWriter(const FileWriter &) = delete;
    FileWriter &operator=(const FileWriter &) = delete;
    FileWriter &operator=(FileWriter &&) = delete;

    base::Result<void> write(std::string_view bytes);
    base::Result<void> commit();
    std::uint64_t written() const { return m_written; }

private:
    FileWriter(std::filesystem::path target, std::filesystem::path part, int descriptor);
    base::Result<void> flush();

    std::filesystem::path m_target;
    std::filesystem::path m_part;
    int m_descriptor;
    std::string m_buffer;
    std::uint64_t m_written = 0;
};

} // namespace cleat::data::d1
