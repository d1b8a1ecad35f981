// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/portowner.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace cleat::server {

namespace {

namespace fs = std::filesystem;

/// Inodes of the sockets that listen on `port` (Documentation/networking/proc_net_tcp.rst in Linux).
void collectListeners(const char *table, int port, std::set<std::string> &inodes)
{
    std::ifstream file(table);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        std::istringstream words(line);
        std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;
        if (!(words >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode))
            continue;
        const std::size_t colon = local.rfind(':');
        int localPort = 0;
        if (colon == std::string::npos || std::from_chars(local.data() + colon + 1, local.data() + local.size(), localPort, 16).ec != std::errc())
            continue;
        if (state == "0A" && localPort == port)
            inodes.insert("socket:[" + inode + "]");
    }
}

bool holdsOne(const fs::path &process, const std::set<std::string> &inodes)
{
    std::error_code error;
    for (fs::directory_iterator it(process / "fd", error), end; !error && it != end; it.increment(error)) {
        std::error_code linkError;
        const fs::path link = fs::read_symlink(it->path(), linkError);
        if (!linkError && inodes.contains(link.string()))
            return true;
    }
    return false;
}

} // namespace

std::optional<PortOwner> portOwner(int port)
{
    std::set<std::string> inodes;
    collectListeners("/proc/net/tcp", port, inodes);
    collectListeners("/proc/net/tcp6", port, inodes);
    if (inodes.empty())
        return std::nullopt;
    std::error_code error;
    for (fs::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
        const std::string name = it->path().filename().string();
        PortOwner owner;
        const auto [stop, failure] = std::from_chars(name.data(), name.data() + name.size(), owner.pid);
        if (failure != std::errc() || stop != name.data() + name.size() || !holdsOne(it->path(), inodes))
            continue;
        std::ifstream comm(it->path() / "comm");
        std::getline(comm, owner.name);
        return owner;
    }
    return std::nullopt;
}

} // namespace cleat::server
