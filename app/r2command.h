// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace cleat::app {

/// `cleat r2 object|bucket ...`: the local data of R2 buckets, with wrangler's arguments. The whole command, from the arguments to the process's status: 0, 1 when it
/// failed, 2 when called wrongly.
int runR2(int argc, char **argv);

} // namespace cleat::app
