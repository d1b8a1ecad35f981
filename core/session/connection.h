// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace cleat::session {

/// Whether the code that a binding leads to is there: the Worker that a service or a Durable Object names, the consumer of a queue. A value.
struct Connection {
    enum class State {
        NotNeeded,  ///< a kind without code behind it
        Connected,  ///< it runs, or it will once the project is started
        NotRunning, ///< it is there, but has no code that loads
        NoWorker,   ///< no Worker beside the project has that name: calls are refused
        NoConsumer, ///< of a queue: messages wait
    };
    State state = State::NotNeeded;
    std::string worker; ///< its name; empty where none is named
    bool isMissing() const { return state == State::NoWorker || state == State::NoConsumer; }
    bool operator==(const Connection &) const = default;
};

} // namespace cleat::session
