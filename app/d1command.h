// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace cleat::app {

/// `cleat d1 ...`: local D1 databases, with the arguments of `wrangler d1`. Gives the process's status: 0, 1 when it failed, 2 when called wrongly.
int runD1(int argc, char **argv);

} // namespace cleat::app
