// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::server {

/// Bytes on their way to a socket: a first-in first-out list of strings that are moved in, not copied; small ones are joined.
class OutQueue final
{
public:
    bool empty() const { return m_bytes == 0; }
    std::size_t bytes() const { return m_bytes; }
    void append(std::string &&bytes);
    void append(std::string_view bytes);
    /// Takes everything from `other`, which is empty afterwards.
    void append(OutQueue &other);
    /// Points `vectors` at the first bytes; returns how many vectors it filled.
    std::size_t gather(std::span<iovec> vectors);
    /// Forgets the first `bytes` bytes.
    void drop(std::size_t bytes);
    void clear();

private:
    bool join(std::string_view bytes);

    std::vector<std::string> m_chunks;
    std::size_t m_first = 0; ///< index of the first chunk that is still needed
    std::size_t m_offset = 0; ///< bytes of it that are done
    std::size_t m_bytes = 0;
};

} // namespace cleat::server
