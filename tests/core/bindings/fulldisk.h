// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// A disk that is full, for this process: what would make a regular file larger fails with ENOSPC once the space that is left is used up, as on a real one; what is
/// inside of a file already can be overwritten, and what is deleted gives nothing back. It takes the place of the C library's write(), pwrite() and their like, so
/// it reaches SQLite too, and needs no privileges. Output to descriptors 0 to 2 is let through.
class FullDisk final
{
public:
    /// From now on, until the object goes.
    explicit FullDisk(std::int64_t bytesLeft);
    ~FullDisk();
    FullDisk(const FullDisk &) = delete;
    FullDisk &operator=(const FullDisk &) = delete;

    /// How many writes failed so far.
    static int refused();
};
