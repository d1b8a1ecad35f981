// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/devlog.h"
#include "core/session/session.h"

#include <QStringList>

#include <expected>
#include <optional>
#include <string>

namespace cleat::app {

/// What to do with a command line of `cleat dev`.
struct DevCommandLine {
    session::Options options;
    LogFormat logFormat = LogFormat::Text;
    std::optional<events::EventLog::Recorded> recorded; ///< --record; nothing: what the format shows
    enum class Action { Run, Help };
    Action action = Action::Run;
};

/// Reads the arguments after "dev". `folder` is the current one: the project. The error is one sentence for the user.
std::expected<DevCommandLine, std::string> parseDevOptions(const QStringList &arguments, const std::filesystem::path &folder);

/// The text of `cleat dev --help`.
std::string devHelp();

} // namespace cleat::app
