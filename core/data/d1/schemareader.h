// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/schema.h"
#include "core/storage/database.h"

namespace cleat::data::d1 {

/// The schema as a connection sees it now.
base::Result<Schema> readSchema(const storage::Database &database);

/// One table of it; data.missing when there is none of that name.
base::Result<Table> readTable(const storage::Database &database, const std::string &name);

} // namespace cleat::data::d1
