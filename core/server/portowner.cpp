// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/portowner.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

namespace cleat::server {

namespace {

namespace fs = std::filesystem;

/// Sockets that listen, by inode, with their ports (Documentation/networking/proc_net_tcp.rst in Linux).
using Listeners = std::map<std::string, int>;

void collectListeners(const char *table, Listeners &listeners)
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
        if (state == "0A")
            listeners["socket:[" + inode + "]"] = localPort;
    }
}

Listeners listeners()
{
    Listeners all;
    collectListeners("/proc/net/tcp", all);
    collectListeners("/proc/net/tcp6", all);
    return all;
}

/// Calls `each` with the number and the folder of every process.
template <typename Each>
void forProcesses(Each each)
{
    std::error_code error;
    for (fs::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
        const std::string name = it->path().filename().string();
        int pid = 0;
        const auto [stop, failure] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (failure == std::errc() && stop == name.data() + name.size())
            each(pid, it->path());
    }
}

int groupOf(const fs::path &process)
{
    std::ifstream file(process / "stat");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::size_t name = text.rfind(')'); // the name before it may hold anything
    if (name == std::string::npos)
        return 0;
    std::istringstream words(text.substr(name + 1));
    std::string state;
    int parent = 0;
    int group = 0;
    words >> state >> parent >> group;
    return group;
}

/// Which of them a process holds.
std::vector<int> portsOf(const fs::path &process, const Listeners &listeners)
{
    std::vector<int> ports;
    std::error_code error;
    for (fs::directory_iterator it(process / "fd", error), end; !error && it != end; it.increment(error)) {
        std::error_code linkError;
        const fs::path link = fs::read_symlink(it->path(), linkError);
        if (const auto found = linkError ? listeners.end() : listeners.find(link.string()); found != listeners.end())
            ports.push_back(found->second);
    }
    return ports;
}

} // namespace

std::optional<PortOwner> portOwner(int port)
{
    Listeners wanted = listeners();
    std::erase_if(wanted, [port](const auto &entry) { return entry.second != port; });
    std::optional<PortOwner> owner;
    forProcesses([&](int pid, const fs::path &process) {
        if (owner || wanted.empty() || portsOf(process, wanted).empty())
            return;
        owner.emplace().pid = pid;
        std::ifstream comm(process / "comm");
        std::getline(comm, owner->name);
    });
    return owner;
}

std::vector<int> listeningPorts(int processGroup)
{
    const Listeners all = listeners();
    std::set<int> ports;
    forProcesses([&](int, const fs::path &process) {
        if (groupOf(process) == processGroup)
            std::ranges::copy(portsOf(process, all), std::inserter(ports, ports.end()));
    });
    return {ports.begin(), ports.end()};
}

} // namespace cleat::server
