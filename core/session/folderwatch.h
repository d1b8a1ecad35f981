// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

class QSocketNotifier;

namespace cleat::session {

/// Tells, a moment after the last of a burst, what has changed in a folder and all folders below it: contents of files too. A folder that goes and comes back is followed.
/// Folders named node_modules, .git and .wrangler are left out. Main thread only.
class FolderWatch final : public QObject
{
    Q_OBJECT
public:
    /// `quietMs`: how long nothing must happen before changed() comes; where a burst does not end, it comes ten times that after its beginning.
    explicit FolderWatch(int quietMs, QObject *parent = nullptr);
    ~FolderWatch() override;

    /// Watches this folder from now on, but for the folders in `without`; an empty path: none.
    void watch(const std::filesystem::path &folder, std::vector<std::filesystem::path> without = {});

Q_SIGNALS:
    /// Files and folders that came, went or are others.
    void changed(const std::vector<std::filesystem::path> &paths);
    /// Once for each watch(): the system allows no more watches. What is watched already stays.
    void failed(const cleat::base::Error &error);

private:
    void addTree(const std::filesystem::path &folder);
    void add(const std::filesystem::path &folder, unsigned mask);
    bool isLeftOut(const std::filesystem::path &folder) const;
    void read();
    void note(std::filesystem::path path);
    void tell();

    int m_inotify = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
    std::filesystem::path m_folder;
    std::vector<std::filesystem::path> m_without;
    std::map<int, std::filesystem::path> m_folders; ///< by watch
    int m_parent = -1; ///< the watch of the folder above
    bool m_failed = false;
    std::set<std::filesystem::path> m_changed;
    QTimer m_quiet;
    QElapsedTimer m_burst;
};

} // namespace cleat::session
