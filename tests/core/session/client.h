// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::tests {

struct Reply {
    int status = 0; ///< 0: no whole head came
    std::vector<std::pair<std::string, std::string>> fields; ///< names in lower case
    std::string body;
    bool complete = false; ///< the body ended as its framing says

    std::string field(std::string_view name) const;
};

/// A client that does what it is told, also what no browser would do. Blocking, on a plain socket, with an end to every wait; any one thread.
class Client final
{
public:
    explicit Client(int port, const std::string &address = "127.0.0.1");
    ~Client();
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    bool connected() const { return m_socket >= 0; }
    int localPort() const;
    /// Bytes as they are.
    void send(std::string_view bytes);
    /// `extra`: more field lines, each with \r\n at its end.
    void sendRequest(std::string_view method, std::string_view target, std::string_view extra = {}, std::string_view body = {});
    /// The next response on this connection. `method` tells whether a body belongs to it.
    Reply receive(std::string_view method = "GET");
    /// As many bytes as there are within `ms`, without an end in sight; stops as soon as `until` is among them.
    std::string receiveSome(int ms, std::string_view until);
    /// Whatever comes next; nothing when the connection has ended, or nothing came.
    std::string receiveAny();
    bool ended() const { return m_ended; }
    /// Sends as much as goes without the other side taking anything off; true: all of it.
    bool sendSome(std::string_view bytes, int ms);
    Reply get(std::string_view target, std::string_view extra = {});
    /// No more from this side.
    void endSending();
    /// Ends the connection at once, with a reset.
    void abort();

private:
    bool fill();
    bool line(std::string &out);
    bool take(std::size_t count, std::string &out);

    int m_socket = -1;
    bool m_ended = false;
    std::string m_in;
};

/// One request on a connection of its own.
Reply get(int port, std::string_view target, std::string_view extra = {});
Reply request(int port, std::string_view method, std::string_view target, std::string_view extra = {}, std::string_view body = {});

} // namespace cleat::tests
