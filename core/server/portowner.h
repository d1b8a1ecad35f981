// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace cleat::server {

struct PortOwner {
    int pid = 0;
    std::string name; ///< as in /proc/PID/comm
    bool operator==(const PortOwner &) const = default;
};

/// The process that listens on a TCP port of this machine, from /proc; nullopt when there is none or it belongs to another user. Takes some milliseconds.
std::optional<PortOwner> portOwner(int port);

/// The TCP ports on which processes of a process group listen, from /proc. Sorted.
std::vector<int> listeningPorts(int processGroup);

} // namespace cleat::server
