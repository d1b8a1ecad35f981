// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace cleat::app {

/// `cleat kv key|bulk|namespace ...`: the local data of KV namespaces, with wrangler's arguments. The whole command, from the arguments to the process's status: 0, 1
/// when it failed, 2 when called wrongly.
int runKv(int argc, char **argv);

} // namespace cleat::app
