// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/devflag.h"

namespace cleat::app {

/// What the project's Wrangler file says for a command line: `dev` (ip, port, inspector_port, local_protocol) fills what no flag says, and --config must name that file. A file that
/// cannot be read is left to the session, which tells it.
Problem applyWranglerFile(DevCommandLine &line);

} // namespace cleat::app
