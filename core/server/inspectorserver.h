// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QObject>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

class QTcpServer;

namespace cleat::server {

class InspectorConnection;

/// One WebSocket of a debugger. Never used twice by a listener; not 0.
using DebuggerId = std::uint64_t;

/// What debuggers talk to. Every member is called on the listener's thread and must return at once.
class InspectorHandler
{
public:
    virtual ~InspectorHandler() = default;
    virtual void opened(DebuggerId debugger) = 0;
    /// Well-formed UTF-8.
    virtual void received(DebuggerId debugger, std::string &&text) = 0;
    /// It is gone, whoever ended it. Not called when the listener is destroyed.
    virtual void closed(DebuggerId debugger) = 0;
};

/// Where debuggers find and reach a Worker's inspector: the addresses of Node's inspector (/json/list, /json/version, a WebSocket under a path that cannot
/// be guessed), on 127.0.0.1 only. Whoever is let in can run code as the user, so as Node does it refuses a Host that is neither an IP address nor
/// localhost (a web page can have a name of its own point here), and an Origin that is a web page's. Lives on the thread that created it.
class InspectorServer final : public QObject
{
    Q_OBJECT
public:
    struct Target {
        std::string id; ///< the path of the WebSocket, without its "/": not to be guessed
        std::string title;
        std::string url; ///< of the project
        std::string product; ///< "Cleat/0.1.0"
    };
    struct Limits {
        std::size_t messageBytes = 64U << 20; ///< close code 1009
        std::size_t queuedBytes = 512U << 20; ///< for a debugger that does not read; it is cut off
        int headSeconds = 10;
        std::size_t connections = 64; ///< closed beyond
    };

    InspectorServer(InspectorHandler &handler, Target target, Limits limits, QObject *parent = nullptr);
    ~InspectorServer() override;

    /// Codes: inspector.port-in-use, inspector.port. Port 0 takes any.
    base::Result<void> listen(int port);
    int port() const;

    /// Whether there is something to debug: else the list is empty and a WebSocket is answered with 503.
    enum class Admission { Closed, Open };
    void setAdmission(Admission admission) { m_admission = admission; }

    void send(DebuggerId debugger, std::string_view text);
    /// Ends all WebSockets.
    void closeAll(int code, std::string_view reason);

private:
    friend class InspectorConnection;
    void accept();
    void gone(InspectorConnection &connection);
    /// The whole response to a GET that is no WebSocket.
    std::string answer(std::string_view path, std::string_view host) const;
    std::string list(std::string_view host) const;

    InspectorHandler &m_handler;
    const Target m_target;
    const Limits m_limits;
    Admission m_admission = Admission::Closed;
    QTcpServer *m_listener;
    std::vector<InspectorConnection *> m_connections;
    DebuggerId m_last = 0;
};

/// Node's rule for the Host field: an IP address or localhost, with or without a port.
bool inspectorHostAllowed(std::string_view host);
/// An Origin of the browser's own tools.
bool inspectorOriginAllowed(std::string_view origin);

} // namespace cleat::server
