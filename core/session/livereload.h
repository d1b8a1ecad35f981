// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/websocket.h"
#include "core/server/httpserver.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cleat::session {

/// The WebSockets of pages that load again by themselves, and which answers are such pages. Lives on the server thread; the static members are for any.
class LiveReload final
{
public:
    LiveReload();

    /// Where pages connect; wrangler's path. Cloudflare keeps /cdn-cgi/ for itself, so no project answers there.
    static constexpr std::string_view path = "/cdn-cgi/live-reload";
    static constexpr std::string_view protocol = "cleat-live-reload";

    /// Whether a script can stand behind the body: HTML, whole, without a coding, to be shown.
    static bool isPage(int status, const server::Fields &fields);
    /// Whether the client would show a page: no script's fetch(), no image.
    static bool wantsScript(const server::Head &head);
    static std::string_view script();
    /// Whether the request is a page's that connects.
    static bool asks(const server::Head &head);

    /// `server` is borrowed; nullptr: it is gone with all connections.
    void setServer(server::HttpServer *server);
    void open(server::ExchangeId exchange, const server::Head &head);
    bool has(server::ExchangeId exchange) const { return m_sockets.contains(exchange); }
    /// What a page sent, and whether it sends more.
    enum class More { Yes, No };
    void received(server::ExchangeId exchange, std::string_view bytes, More more);
    void ended(server::ExchangeId exchange) { m_sockets.erase(exchange); }

    /// Something that pages are made of is another: all load again, and those that come back from before do.
    void changed();
    /// What the pages tell in place of a new version; nothing: all is well.
    void setProblem(std::optional<base::Error> problem);
    /// Ends all connections with a close frame.
    void close(int code, std::string_view reason);

private:
    void send(server::ExchangeId exchange, const std::string &message);
    void sendAll(const std::string &message);
    void sendFrame(server::ExchangeId exchange, std::string &&frame);
    void handle(server::ExchangeId exchange, const base::WebSocketReader::Event &event);

    server::HttpServer *m_server = nullptr;
    std::map<server::ExchangeId, base::WebSocketReader> m_sockets;
    std::int64_t m_changedNs; ///< base::steadyNs()
    std::optional<base::Error> m_problem;
};

} // namespace cleat::session
