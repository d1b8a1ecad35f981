// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/inspectorserver.h"
#include "core/server/requestparser.h"
#include "core/base/websocket.h"

#include <QTcpSocket>

#include <optional>
#include <string>

namespace cleat::server {

/// One connection to an InspectorServer: a request, and then perhaps a WebSocket.
class InspectorConnection final : public QObject
{
public:
    InspectorConnection(InspectorServer &server, QTcpSocket *socket, DebuggerId id);

    DebuggerId id() const { return m_id; }
    bool isDebugger() const { return m_phase == Phase::Open; }
    void send(std::string_view text);
    void close(int code, std::string_view reason);

private:
    enum class Phase { Head, Open, Ending };
    void readable();
    void readHead();
    void readFrames(std::string_view bytes);
    void handle(ParsedHead &&parsed);
    std::optional<Refusal> refusalOf(const ParsedHead &parsed) const;
    void upgrade(const ParsedHead &parsed);
    void respond(std::string_view wire);
    void write(std::string_view bytes);
    void end();
    void disconnected();

    InspectorServer &m_server;
    QTcpSocket *m_socket;
    const DebuggerId m_id;
    server::Limits m_headLimits;
    RequestParser m_parser;
    base::WebSocketReader m_reader;
    std::string m_in;
    Phase m_phase = Phase::Head;
    bool m_opened = false; ///< the handler knows of it
};

} // namespace cleat::server
