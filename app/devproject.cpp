// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/devproject.h"

#include "core/base/file.h"
#include "core/config/discovery.h"

#include <span>

namespace cleat::app {

namespace fs = std::filesystem;

namespace {

bool sameFile(const fs::path &a, const fs::path &b)
{
    std::error_code ec;
    return a == b || fs::equivalent(a, b, ec);
}

Problem checkConfigs(DevCommandLine &line, const std::optional<config::FoundFile> &found)
{
    if (line.configs.empty())
        return {};
    const fs::path &first = line.configs.front();
    if (!found || !(sameFile(first, found->path) || (found->userFile && sameFile(first, *found->userFile)))) {
        return "The first --config must be the project's own Wrangler file" + (found ? ", which is " + found->path.string() : std::string()) + ", not " + first.string()
            + ". To serve a project elsewhere: --cwd FOLDER.";
    }
    for (const fs::path &worker : std::span(line.configs).subspan(1)) {
        if (sameFile(worker, first))
            return "--config names " + worker.string() + " twice.";
        line.options.workers.push_back(worker);
    }
    return {};
}

void applyDev(DevCommandLine &line, const config::DevSettings &dev)
{
    session::Options &options = line.options;
    if (dev.ip && !dev.ip->empty() && !line.given.contains("ip"))
        options.ip = *dev.ip;
    if (dev.port && !line.given.contains("port")) {
        options.port = *dev.port;
        options.portInUse = session::Options::PortInUse::Fail;
    }
    if (dev.inspectorPort && !line.given.contains("inspector-port"))
        options.inspectorPort = *dev.inspectorPort;
    if (dev.localProtocol && !line.given.contains("local-protocol"))
        options.protocol = *dev.localProtocol == "https" ? session::Options::Protocol::Https : session::Options::Protocol::Http;
}

} // namespace

Problem applyWranglerFile(DevCommandLine &line)
{
    const auto found = config::discoverWranglerFile(line.options.project);
    if (!found)
        return {};
    if (auto problem = checkConfigs(line, *found))
        return problem;
    if (*found) {
        const auto text = base::readFile((*found)->path);
        if (const auto read = text ? config::readWranglerFile(*text, config::formOf((*found)->path), (*found)->path.string()) : std::unexpected(text.error()))
            applyDev(line, read->dev);
    }
    if (line.options.httpsKey && line.options.protocol == session::Options::Protocol::Http)
        line.warnings.emplace_back("--https-key-path and --https-cert-path have no effect without --local-protocol https.");
    return {};
}

} // namespace cleat::app
