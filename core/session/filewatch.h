// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

#include <filesystem>
#include <vector>

namespace cleat::session {

/// Tells, a moment after the last of a burst, that something changed in a set of files and folders. Follows editors that save by replacing a file.
/// Main thread only.
class FileWatch final : public QObject
{
    Q_OBJECT
public:
    /// `quietMs`: how long nothing must happen before changed() comes.
    explicit FileWatch(int quietMs, QObject *parent = nullptr);

    /// Watches exactly these from now on. Those that do not exist are left out; watch their folder to see them come.
    void watch(const std::vector<std::filesystem::path> &paths);

Q_SIGNALS:
    void changed();

private:
    void touched();

    QFileSystemWatcher m_watcher;
    QTimer m_quiet;
    std::vector<std::filesystem::path> m_paths;
};

/// A folder and all folders below it, but for node_modules and those whose name begins with a dot.
std::vector<std::filesystem::path> foldersBelow(const std::filesystem::path &folder);

} // namespace cleat::session
