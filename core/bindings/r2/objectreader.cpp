// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/r2/objectreader.h"

#include "core/storage/failure.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace cleat::bindings::r2 {

ObjectReader::ObjectReader(storage::BlobStore store, std::deque<Piece> pieces) : m_store(std::move(store)), m_pieces(std::move(pieces))
{
    for (const Piece &piece : m_pieces)
        m_left += piece.length;
}

base::Result<void> ObjectReader::open()
{
    if (m_blob || m_pieces.empty())
        return {};
    const std::string &id = m_pieces.front().blobId;
    auto opened = storage::BlobReader::open(m_store, id);
    if (!opened)
        return std::unexpected(std::move(opened.error()));
    if (!*opened)
        return std::unexpected(storage::systemFailure("read the value in", m_store.folder() / id, ENOENT));
    m_blob = std::move(*opened);
    return {};
}

base::Result<std::string> ObjectReader::read(std::size_t most)
{
    std::string bytes(static_cast<std::size_t>(std::min<std::int64_t>(static_cast<std::int64_t>(most), m_left)), '\0');
    for (std::size_t filled = 0; filled < bytes.size();) {
        if (auto opened = open(); !opened)
            return std::unexpected(std::move(opened.error()));
        Piece &piece = m_pieces.front();
        const std::size_t now = std::min(bytes.size() - filled, static_cast<std::size_t>(piece.length));
        if (auto read = m_blob->read(piece.offset, std::as_writable_bytes(std::span(bytes).subspan(filled, now))); !read)
            return std::unexpected(std::move(read.error()));
        filled += now;
        m_left -= static_cast<std::int64_t>(now);
        piece.offset += static_cast<std::int64_t>(now);
        piece.length -= static_cast<std::int64_t>(now);
        if (piece.length == 0) {
            m_pieces.pop_front();
            m_blob.reset();
        }
    }
    return bytes;
}

} // namespace cleat::bindings::r2
