// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/websocket.h"
#include "core/runtime/websocketdeflate.h"

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
/// Every value of a field, joined as one list; empty when there is none. `name` in any case.
std::string webSocketField(const WebSocketFields &fields, std::string_view name);
/// What a client's request and the code's own response come to agree on about compression, as workerd has it: what the code says, where it says anything, and
/// otherwise the client's first offer; nothing where the client offers none.
std::optional<DeflateParameters> agreeOnDeflate(const WebSocketFields &request, const WebSocketFields &own);
/// The fields of the 101 to such a request: what makes it one, and those of `own`, the code's, that may stand beside.
WebSocketFields webSocketResponseFields(const WebSocketFields &request, WebSocketFields &&own, const std::optional<DeflateParameters> &deflate);

} // namespace cleat::runtime
