// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/r2/r2types.h"
#include "core/data/r2/blobmarks.h"
#include "core/data/r2/objectrow.h"
#include "core/data/statefile.h"
#include "core/storage/database.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::data::r2 {

// Changes of the rows of a bucket. Errors: core/storage/failure.h

/// Holds when there is no object.
bindings::r2::Conditions onlyIfMissing();

/// In a write transaction. Adds the blobs that go out of use; tells whether there was such an object.
base::Result<bool> removeObject(storage::Database &database, std::string_view key, std::vector<std::string> &blobs);

/// In a write transaction; the key must be free. An object in parts gets an upload of its own.
base::Result<void> insertObject(storage::Database &database, const ObjectRow &row);

/// A new object's row with the value of another, of now and with a version of its own; nullopt: it is not there (any more).
base::Result<std::optional<ObjectRow>> copyValue(StateFile &file, std::string_view key, BlobMarks &marks);

} // namespace cleat::data::r2
