// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/filewatch.h"

#include <QStringList>

#include <sys/stat.h>

namespace cleat::session {

namespace {
constexpr int mostQuietTimes = 10; ///< a burst that lasts longer is told in parts
constexpr std::size_t mostFolders = 1000;
} // namespace

FileWatch::FileWatch(int quietMs, QObject *parent) : QObject(parent)
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(quietMs);
    m_quiet.setTimerType(Qt::PreciseTimer);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &FileWatch::touched);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &FileWatch::touched);
    connect(&m_quiet, &QTimer::timeout, this, [this] {
        m_burst.invalidate();
        // A replaced file is a new one to the system: look at its name again.
        watch(m_paths);
        Q_EMIT changed();
    });
}

void FileWatch::watch(const std::vector<std::filesystem::path> &paths)
{
    m_paths = paths;
    QHash<QString, std::uint64_t> wanted;
    for (const auto &path : paths) {
        struct stat info {};
        if (::stat(path.c_str(), &info) == 0)
            wanted.insert(QString::fromStdString(path.string()), info.st_ino);
    }
    QStringList gone;
    QHash<QString, std::uint64_t> kept;
    for (const QString &path : m_watcher.files() + m_watcher.directories()) {
        const auto same = wanted.constFind(path);
        // Not only the name: the watcher stays with a replaced file that lives on under another one (the backup that an editor keeps).
        if (same != wanted.cend() && m_inodes.value(path) == *same)
            kept.insert(path, *same);
        else
            gone.append(path);
    }
    if (!gone.isEmpty())
        m_watcher.removePaths(gone);
    QStringList added;
    for (auto it = wanted.cbegin(); it != wanted.cend(); ++it) {
        if (!kept.contains(it.key()))
            added.append(it.key());
    }
    if (!added.isEmpty())
        m_watcher.addPaths(added);
    m_inodes = std::move(wanted);
}

void FileWatch::touched()
{
    if (!m_burst.isValid())
        m_burst.start();
    else if (m_quiet.isActive() && m_burst.hasExpired(mostQuietTimes * m_quiet.interval()))
        return;
    m_quiet.start();
}

std::vector<std::filesystem::path> foldersBelow(const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> found;
    std::error_code ec;
    if (!std::filesystem::is_directory(folder, ec))
        return found;
    found.push_back(folder);
    for (std::filesystem::recursive_directory_iterator it(folder, std::filesystem::directory_options::skip_permission_denied, ec), end; !ec && it != end && found.size() < mostFolders;
         it.increment(ec)) {
        if (!it->is_directory(ec))
            continue;
        const std::string name = it->path().filename().string();
        if (name == "node_modules" || name.starts_with('.')) {
            it.disable_recursion_pending();
            continue;
        }
        found.push_back(it->path());
    }
    return found;
}

} // namespace cleat::session
