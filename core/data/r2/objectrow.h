// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/r2/objectreader.h"
#include "core/bindings/r2/r2types.h"
#include "core/storage/database.h"

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace cleat::data::r2 {

/// An object as its row has it, and where its bytes are.
struct ObjectRow {
    bindings::r2::Object object;
    std::optional<std::string> blob; ///< none: in parts
    std::deque<bindings::r2::ObjectReader::Piece> pieces; ///< whole blobs, in order
};

/// nullopt: there is no such object. To be called in a transaction. Errors: core/storage/failure.h
base::Result<std::optional<ObjectRow>> findObject(storage::Database &database, std::string_view key);

/// The pieces that hold `length` bytes from `offset` on; fewer at the end.
std::deque<bindings::r2::ObjectReader::Piece> cut(std::deque<bindings::r2::ObjectReader::Piece> pieces, std::uint64_t offset, std::uint64_t length);

/// contentType of an object's http metadata; empty when it has none.
std::string contentTypeIn(std::string_view httpMetadata);

} // namespace cleat::data::r2
