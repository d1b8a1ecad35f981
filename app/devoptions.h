// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/devlog.h"
#include "app/terminal.h"
#include "core/session/session.h"

#include <QStringList>

#include <expected>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::app {

/// What to do with a command line of `cleat dev`.
struct DevCommandLine {
    session::Options options;
    LogFormat logFormat = LogFormat::Text;
    LogLevel logLevel = LogLevel::Log;
    std::optional<events::EventLog::Recorded> recorded; ///< --record; nothing: what the format shows
    Colour colour = Colour::Auto;
    std::optional<bool> keys; ///< whether single keys do something; nothing: where there is a terminal
    std::vector<std::filesystem::path> configs; ///< --config, in order
    std::optional<int> proxyPort; ///< of another server, which has the static files
    std::optional<int> analyticsSqlPort; ///< where the Analytics Engine's SQL API is; nothing: nowhere
    std::vector<std::string> command; ///< behind "--": what starts that server
    std::vector<std::string> warnings; ///< a sentence each, for the user
    std::set<std::string, std::less<>> given; ///< names of the flags that were given
    enum class Action { Run, Help, Version };
    Action action = Action::Run;
};

/// Reads the arguments after "dev" as wrangler's yargs does: --flag VALUE, --flag=VALUE, --flagName, -f VALUE, -fVALUE, --no-flag. `folder` is the current one: the project,
/// unless --cwd names another. The error is one sentence for the user.
std::expected<DevCommandLine, std::string> parseDevOptions(const QStringList &arguments, const std::filesystem::path &folder);

/// The text of `cleat dev --help`, for a terminal of that many columns.
std::string devHelp(int columns = 100, ColourUse colour = ColourUse::No);

} // namespace cleat::app
