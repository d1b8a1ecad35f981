// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QFileSystemWatcher>
#include <QHash>
#include <QObject>
#include <QTimer>

#include <cstdint>
#include <filesystem>
#include <vector>

namespace cleat::session {

/// Tells, a moment after the last of a burst, that something changed in a set of files and folders. Follows editors that save by replacing a file.
/// Where a burst does not end, it tells from time to time.
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
    QElapsedTimer m_burst; ///< since the first change that was not told
    std::vector<std::filesystem::path> m_paths;
    QHash<QString, std::uint64_t> m_inodes; ///< of what is watched
};

/// A folder and all folders below it, but for node_modules and those whose name begins with a dot. A thousand at most: watches are not without end.
std::vector<std::filesystem::path> foldersBelow(const std::filesystem::path &folder);

} // namespace cleat::session
