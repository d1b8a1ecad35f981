// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/r2/objectwriter.h"

#include "core/base/bytes.h"

#include <utility>

namespace cleat::bindings::r2 {

ObjectWriter::ObjectWriter(storage::BlobWriter blob, std::optional<Hash> hash) : m_blob(std::move(blob)), m_md5(Hash::Md5)
{
    if (hash && *hash != Hash::Md5)
        m_other.emplace(*hash);
}

base::Result<void> ObjectWriter::write(std::span<const std::byte> bytes)
{
    m_md5.add(bytes);
    if (m_other)
        m_other->add(bytes);
    m_size += static_cast<std::int64_t>(bytes.size());
    return m_blob.write(bytes);
}

base::Result<ObjectWriter::Digests> ObjectWriter::finish()
{
    if (auto published = m_blob.publish(); !published)
        return std::unexpected(std::move(published.error()));
    const std::string md5 = m_md5.finish();
    return Digests{base::toHex(base::asBytes(md5)), m_other ? m_other->finish() : md5};
}

} // namespace cleat::bindings::r2
