// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <filesystem>
#include <functional>

namespace cleat::session {

/// What Git would do with a file, whether or not the file is there.
enum class GitState {
    Ignored,
    NotIgnored, ///< the next `git add .` takes it
    Tracked,    ///< it is in the index already, so that ignoring it does not help
    NoGit,      ///< it is in no work tree, or there is no git here to ask
};

/// Asks git. The answer comes later, and not at all once `context` is gone; within ten seconds, whatever git does. Main thread.
void askGit(const std::filesystem::path &file, QObject *context, std::function<void(GitState)> answer);

} // namespace cleat::session
