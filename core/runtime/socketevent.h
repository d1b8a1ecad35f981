// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace cleat::runtime {

using SocketId = std::uint64_t;

/// What SocketClient tells of a connection, in the order in which it happens.
struct SocketEvent {
    enum class Kind {
        Opened, ///< it stands, with TLS where that was asked for from the start; text: the address of the other side, detail: the version of TLS
        Secured, ///< startTls() is done; detail: the version of TLS
        Data, ///< text: bytes that came
        End, ///< the other side sends no more
        Sent, ///< all that was given to send() has gone out; count: bytes since the last one
        Finished, ///< finish() is done: the other side knows that no more comes
        Failed, ///< it is over; text: why
        Resolved ///< the answer to resolve(); text: addresses, one a line, or detail: why there are none
    };
    Kind kind = Kind::Failed;
    SocketId id = 0;
    std::string text;
    std::string detail;
    std::size_t count = 0;
};

} // namespace cleat::runtime
