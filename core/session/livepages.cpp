// SPDX-License-Identifier: GPL-3.0-or-later
// How a session lets open pages load again.

#include "core/session/sessionprivate.h"

namespace cleat::session {

namespace {

/// What is told of in another way, once it is in force.
bool isRule(const fs::path &file, const fs::path &directory)
{
    const std::string name = file.filename().string();
    return file.parent_path() == directory && (name == "_headers" || name == "_redirects" || name == "_routes.json");
}

bool isBelow(const fs::path &path, const fs::path &folder)
{
    const fs::path relative = path.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

} // namespace

void Session::Private::watchAssets()
{
    if (options.liveReload == Options::LiveReload::No || !site || resolved.proxyPort)
        pageFiles.watch({});
    else
        pageFiles.watch(resolved.directory, {q.stateFolder(), dataFolder()});
}

void Session::Private::pageFilesChanged(const std::vector<fs::path> &paths)
{
    if (!site || stopping)
        return;
    const fs::path script = resolved.directory / options.workerScript;
    const bool ofPages = std::ranges::any_of(paths, [&](const fs::path &path) {
        return !watched.contains(path) && !isRule(path, resolved.directory) && !isBelow(path, script) && !isBelow(path, options.project / "functions");
    });
    if (!ofPages)
        return;
    reloadDue = true;
    reloadWhenBuilt();
}

/// Not while a build is on its way: pages would come back with the code from before.
void Session::Private::reloadWhenBuilt()
{
    if (building == Building::No && loading == Loading::No && std::exchange(reloadDue, false))
        reloadPages();
}

void Session::Private::reloadPages()
{
    if (site)
        QMetaObject::invokeMethod(site, &Site::reloadPages, Qt::QueuedConnection);
}

void Session::Private::tellProblem()
{
    if (site)
        QMetaObject::invokeMethod(site, [site = site, problem = buildError] { site->setProblem(problem); }, Qt::QueuedConnection);
}

} // namespace cleat::session
