// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace cleat::app {

/// `cleat vectorize create|list|insert|query|...`: the local Vectorize indexes, with wrangler's arguments. The whole command, from the arguments to the process's status:
/// 0, 1 when it failed, 2 when called wrongly.
int runVectorize(int argc, char **argv);

} // namespace cleat::app
