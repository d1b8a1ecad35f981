// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/query.h"

namespace cleat::data {

std::unexpected<base::Error> cancelled()
{
    return base::fail("data.cancelled", "The work was cancelled.");
}

base::Result<void> proceed(const std::stop_token &stop)
{
    if (stop.stop_requested())
        return cancelled();
    return {};
}

} // namespace cleat::data
