// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace cleat::app {

/// Runs the program with its windows: `cleat [PROJECT]`. Returns the process's status.
int runWindows(int argc, char **argv);

} // namespace cleat::app
