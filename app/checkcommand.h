// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace cleat::app {

/// `cleat check`: what is wrong with the Wrangler file of a project, as a compiler would tell it or as JSON. The whole command, from the arguments to the process's
/// status: 0 without errors, 1 with errors or without a file, 2 when called wrongly. Starts neither Qt's event loop nor V8.
int runCheck(int argc, char **argv);

} // namespace cleat::app
