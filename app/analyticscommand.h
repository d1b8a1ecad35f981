// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace cleat::app {

/// `cleat analytics`: the points of the local Analytics Engine datasets. The process's status.
int runAnalytics(int argc, char **argv);

} // namespace cleat::app
