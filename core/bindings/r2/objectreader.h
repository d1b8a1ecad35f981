// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/storage/blobreader.h"
#include "core/storage/blobstore.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>

namespace cleat::bindings::r2 {

/// The value of an object, or a range of it, on its way out, read from its blobs as it is asked for. Belongs to one thread. Errors: see core/storage/failure.h;
/// storage.missing names a blob that is not there (any more).
class ObjectReader final
{
public:
    struct Piece {
        std::string blobId;
        std::int64_t offset = 0; ///< in the blob
        std::int64_t length = 0;
    };

    ObjectReader(storage::BlobStore store, std::deque<Piece> pieces);

    /// Opens the first blob: from then on its content stays, whatever is written.
    base::Result<void> open();
    std::int64_t left() const { return m_left; }
    /// The next bytes, `most` of them unless fewer are left.
    base::Result<std::string> read(std::size_t most);

private:
    storage::BlobStore m_store;
    std::deque<Piece> m_pieces;
    std::int64_t m_left = 0;
    std::optional<storage::BlobReader> m_blob; ///< of the first piece
};

} // namespace cleat::bindings::r2
