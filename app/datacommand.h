// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/arguments.h"
#include "app/resourcechoice.h"
#include "core/base/error.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::app {

/// One command on local data: "kv key put", "analytics sql".
struct DataCommand {
    std::string_view name; ///< "key put": one word or two
    std::string_view values; ///< what the help calls its values: "<key> [value]"
    std::size_t fewest = 0; ///< values
    std::size_t most = 0;
    std::string_view help;
    std::vector<Flag> flags; ///< besides dataFlags()
    std::function<base::Result<void>(const DataProject &, const Arguments &)> run;
};

/// Runs the one of the commands that the arguments name, or prints its help or that of all; gives the process's status. `group` is "kv".
int runDataCommand(std::string_view group, std::string_view about, std::span<const DataCommand> commands, int argc, char **argv);

/// Prints to standard output, bytes exactly. Code file.write: it is closed or full.
base::Result<void> print(std::string_view bytes);
base::Result<void> flushOutput();

} // namespace cleat::app
