// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace cleat::server {

/// Tells a client that has only finished sending (and waits for its answer) from one that has left. On the wire both look the same until something is
/// sent; but a client on this machine has a socket that the kernel can be asked about (sock_diag(7)).
class PeerCheck final
{
public:
    PeerCheck();
    ~PeerCheck();
    PeerCheck(const PeerCheck &) = delete;
    PeerCheck &operator=(const PeerCheck &) = delete;

    enum class Peer { Present, Gone, Unknown };
    /// `descriptor` is a connected TCP socket. Unknown: the peer is on another machine, or the kernel does not say.
    Peer peerOf(int descriptor) const;

private:
    int m_netlink;
};

} // namespace cleat::server
