// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/r2/r2digest.h"
#include "core/bindings/r2/r2types.h"
#include "core/storage/blobwriter.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace cleat::bindings::r2 {

/// The value of an object, or of a part of one, on its way in: written into a blob and hashed as it comes, in constant memory. Nothing is seen of it before
/// R2Bucket::put() or uploadPart() takes it; without that it leaves nothing behind. Belongs to one thread. Errors: see core/storage/failure.h.
class ObjectWriter final
{
public:
    ObjectWriter(storage::BlobWriter blob, std::optional<Hash> hash);

    base::Result<void> write(std::span<const std::byte> bytes);
    std::int64_t size() const { return m_size; }

    /// The end of writing. In hexadecimal and in bytes.
    struct Digests {
        std::string md5;
        std::string other; ///< of the hash that was asked for
    };
    base::Result<Digests> finish();
    storage::BlobWriter &blob() { return m_blob; }

private:
    storage::BlobWriter m_blob;
    Digest m_md5;
    std::optional<Digest> m_other;
    std::int64_t m_size = 0;
};

} // namespace cleat::bindings::r2
