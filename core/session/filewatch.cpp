// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/filewatch.h"

#include <QSet>
#include <QStringList>

namespace cleat::session {

FileWatch::FileWatch(int quietMs, QObject *parent) : QObject(parent)
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(quietMs);
    m_quiet.setTimerType(Qt::PreciseTimer);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &FileWatch::touched);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &FileWatch::touched);
    connect(&m_quiet, &QTimer::timeout, this, [this] {
        // A replaced file is a new one to the system: look at its name again.
        watch(m_paths);
        Q_EMIT changed();
    });
}

void FileWatch::watch(const std::vector<std::filesystem::path> &paths)
{
    m_paths = paths;
    QSet<QString> wanted;
    for (const auto &path : paths) {
        std::error_code ec;
        if (std::filesystem::exists(path, ec))
            wanted.insert(QString::fromStdString(path.string()));
    }
    QStringList gone;
    for (const QString &path : m_watcher.files() + m_watcher.directories()) {
        if (!wanted.remove(path))
            gone.append(path);
    }
    if (!gone.isEmpty())
        m_watcher.removePaths(gone);
    if (!wanted.isEmpty())
        m_watcher.addPaths(QStringList(wanted.cbegin(), wanted.cend()));
}

void FileWatch::touched()
{
    m_quiet.start();
}

std::vector<std::filesystem::path> foldersBelow(const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> found;
    std::error_code ec;
    if (!std::filesystem::is_directory(folder, ec))
        return found;
    found.push_back(folder);
    for (std::filesystem::recursive_directory_iterator it(folder, std::filesystem::directory_options::skip_permission_denied, ec), end; !ec && it != end;
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
