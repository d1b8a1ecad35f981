// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/r2/objectrow.h"

#include "core/data/query.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace cleat::data::r2 {

using base::Result;
using storage::Database;
using storage::Statement;
using Pieces = std::deque<bindings::r2::ObjectReader::Piece>;

Result<std::optional<ObjectRow>> findObject(Database &database, std::string_view key)
{
    std::optional<ObjectRow> found;
    auto done = query(
        database, "SELECT blob_id, version, size, etag, uploaded, checksums, http_metadata, custom_metadata FROM _mf_objects WHERE key = ?1",
        [&](Statement &statement) { statement.bindText(1, key); },
        [&](const Statement &row) {
            found.emplace();
            if (!row.isNull(0))
                found->blob = row.text(0);
            found->object = {std::string(key), std::string(row.text(1)), row.integer(2), std::string(row.text(3)), row.integer(4), std::string(row.text(5)),
                std::string(row.text(6)), std::string(row.text(7)), std::nullopt};
        });
    if (!done)
        return std::unexpected(std::move(done.error()));
    if (!found)
        return std::nullopt;
    if (found->blob) {
        found->pieces.push_back({*found->blob, 0, found->object.size});
        return found;
    }
    auto parts = query(
        database, "SELECT blob_id, size FROM _mf_multipart_parts WHERE object_key = ?1 ORDER BY part_number",
        [&](Statement &statement) { statement.bindText(1, key); },
        [&](const Statement &row) {
            found->pieces.push_back({std::string(row.text(0)), 0, row.integer(1)});
        });
    if (!parts)
        return std::unexpected(std::move(parts.error()));
    return found;
}

Pieces cut(Pieces pieces, std::uint64_t offset, std::uint64_t length)
{
    Pieces wanted;
    for (auto &piece : pieces) {
        const auto size = static_cast<std::uint64_t>(piece.length);
        if (offset >= size) {
            offset -= size;
            continue;
        }
        const std::uint64_t taken = std::min(length, size - offset);
        if (taken == 0)
            break;
        wanted.push_back({std::move(piece.blobId), piece.offset + static_cast<std::int64_t>(offset), static_cast<std::int64_t>(taken)});
        length -= taken;
        offset = 0;
    }
    return wanted;
}

std::string contentTypeIn(std::string_view httpMetadata)
{
    const auto json = nlohmann::json::parse(httpMetadata, nullptr, false);
    const auto type = json.is_object() ? json.find("contentType") : json.end();
    return type != json.end() && type->is_string() ? type->get<std::string>() : std::string();
}

} // namespace cleat::data::r2
