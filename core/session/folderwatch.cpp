// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/folderwatch.h"

#include <QSocketNotifier>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/inotify.h>
#include <unistd.h>
#include <utility>

namespace cleat::session {

namespace fs = std::filesystem;

namespace {

constexpr int mostQuietTimes = 10;
constexpr unsigned ofFolder = IN_CLOSE_WRITE | IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR;
constexpr unsigned ofParent = IN_CREATE | IN_MOVED_TO | IN_ONLYDIR;

} // namespace

FolderWatch::FolderWatch(int quietMs, QObject *parent) : QObject(parent)
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(quietMs);
    connect(&m_quiet, &QTimer::timeout, this, &FolderWatch::tell);
}

FolderWatch::~FolderWatch()
{
    watch({});
}

void FolderWatch::watch(const fs::path &folder, std::vector<fs::path> without)
{
    m_notifier.reset();
    if (m_inotify >= 0)
        ::close(std::exchange(m_inotify, -1)); // with all its watches
    m_folders.clear();
    m_changed.clear();
    m_quiet.stop();
    m_burst.invalidate();
    m_parent = -1;
    m_failed = false;
    m_folder = folder.lexically_normal();
    if (!m_folder.empty() && !m_folder.has_filename())
        m_folder = m_folder.parent_path();
    m_without = std::move(without);
    if (folder.empty())
        return;
    m_inotify = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (m_inotify < 0) {
        m_failed = true;
        Q_EMIT failed({"watch.failed", "Changes in " + m_folder.string() + " cannot be noticed: " + std::strerror(errno) + ".", {m_folder.string()}});
        return;
    }
    m_notifier = std::make_unique<QSocketNotifier>(m_inotify, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &FolderWatch::read);
    m_parent = ::inotify_add_watch(m_inotify, m_folder.parent_path().c_str(), ofParent);
    addTree(m_folder);
}

bool FolderWatch::isLeftOut(const fs::path &folder) const
{
    const std::string name = folder.filename().string();
    return name == "node_modules" || name == ".git" || name == ".wrangler" || std::ranges::find(m_without, folder) != m_without.end();
}

void FolderWatch::add(const fs::path &folder, unsigned mask)
{
    const int watch = ::inotify_add_watch(m_inotify, folder.c_str(), mask);
    if (watch >= 0) {
        m_folders[watch] = folder;
    } else if (errno == ENOSPC && !std::exchange(m_failed, true)) {
        Q_EMIT failed({"watch.limit",
            "Not all changes below " + m_folder.string() + " are noticed: the system allows no more watches. Raise its limit: sudo sysctl fs.inotify.max_user_watches=524288.", {m_folder.string()}});
    }
}

void FolderWatch::addTree(const fs::path &folder)
{
    std::error_code ec;
    if (!fs::is_directory(folder, ec))
        return;
    add(folder, ofFolder);
    for (fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, ec), end; !ec && it != end; it.increment(ec)) {
        std::error_code unknown;
        if (it->is_symlink(unknown) || !it->is_directory(unknown))
            continue;
        if (isLeftOut(it->path()))
            it.disable_recursion_pending();
        else
            add(it->path(), ofFolder);
    }
}

void FolderWatch::read()
{
    alignas(inotify_event) char buffer[16384];
    while (true) {
        const ssize_t size = ::read(m_inotify, buffer, sizeof buffer);
        if (size <= 0)
            return;
        for (ssize_t at = 0; at < size;) {
            inotify_event event;
            std::memcpy(&event, buffer + at, sizeof event);
            const std::string name = event.len > 0 ? std::string(buffer + at + sizeof event) : std::string();
            at += static_cast<ssize_t>(sizeof event + event.len);
            if ((event.mask & IN_Q_OVERFLOW) != 0) {
                addTree(m_folder);
                note(m_folder);
                continue;
            }
            if ((event.mask & IN_IGNORED) != 0) {
                m_folders.erase(event.wd);
                continue;
            }
            if (event.wd == m_parent && (event.mask & ofParent) != 0 && name == m_folder.filename().string()) {
                addTree(m_folder);
                note(m_folder);
            }
            const auto folder = m_folders.find(event.wd);
            if (folder == m_folders.end() || name.empty())
                continue;
            fs::path path = folder->second / name;
            if ((event.mask & IN_ISDIR) != 0) {
                if (isLeftOut(path))
                    continue;
                if ((event.mask & (IN_CREATE | IN_MOVED_TO)) != 0)
                    addTree(path);
                else if ((event.mask & IN_MOVED_FROM) != 0) {
                    // It lives on elsewhere, with all below it.
                    const std::string below = path.string() + '/';
                    for (const auto &[watch, known] : m_folders) {
                        if (known == path || known.string().starts_with(below))
                            ::inotify_rm_watch(m_inotify, watch);
                    }
                }
            }
            note(std::move(path));
        }
    }
}

void FolderWatch::note(fs::path path)
{
    m_changed.insert(std::move(path));
    if (!m_burst.isValid())
        m_burst.start();
    else if (m_quiet.isActive() && m_burst.hasExpired(mostQuietTimes * m_quiet.interval()))
        return;
    m_quiet.start();
}

void FolderWatch::tell()
{
    m_burst.invalidate();
    const std::set<fs::path> all = std::exchange(m_changed, {});
    Q_EMIT changed({all.begin(), all.end()});
}

} // namespace cleat::session
