// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/websocket.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::runtime {

using WebSocketFields = std::vector<std::pair<std::string, std::string>>;

/// Sec-WebSocket-Key: sixteen random bytes in base64.
std::string webSocketKey();
/// What Sec-WebSocket-Accept answers to a key (RFC 6455 section 4.2.2).
std::string webSocketAccept(std::string_view key);
/// For one frame of a client.
base::WebSocketMask webSocketMask();

/// Why a request cannot become a WebSocket.
struct WebSocketRefusal {
    int status = 400;
    std::string text;
    WebSocketFields fields;
};
std::optional<WebSocketRefusal> checkWebSocketRequest(std::string_view method, const WebSocketFields &fields);
/// The fields of the 101 to such a request: what makes it one, and those of `own`, the code's, that may stand beside.
WebSocketFields webSocketResponseFields(const WebSocketFields &request, WebSocketFields &&own);

} // namespace cleat::runtime
