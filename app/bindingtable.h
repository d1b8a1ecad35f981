// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/terminal.h"
#include "core/session/session.h"

#include <string>
#include <vector>

namespace cleat::app {

/// A line of the table of what code finds in `env`.
struct BindingRow {
    std::string name; ///< "env.TODO"
    std::string detail; ///< which resource, or the value; empty: there is nothing to tell
    std::string resource; ///< "KV Namespace"
    std::string mode; ///< "local"
    enum class Runs { Yes, No } runs = Runs::Yes;
};

/// Bindings of the file and of flags, then variables; what a flag wins over is left out. Secrets and the values of flags are "(hidden)".
std::vector<BindingRow> bindingRows(session::Session &session);
/// The same of a Worker that runs beside the project.
std::vector<BindingRow> bindingRows(const session::Session &session, const session::WorkerStatus &worker);

/// The table as wrangler prints it, for a terminal of that many columns. Empty when there are no rows.
std::string bindingTable(const std::vector<BindingRow> &rows, int columns, ColourUse colour);

} // namespace cleat::app
