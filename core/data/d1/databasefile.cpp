// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/databasefile.h"

#include "core/bindings/d1/d1database.h"

namespace cleat::data::d1 {

std::filesystem::path databaseFile(const std::filesystem::path &state, const std::string &id)
{
    return bindings::d1::D1Database(state, id).file();
}

} // namespace cleat::data::d1
