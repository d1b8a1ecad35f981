// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/websockethandshake.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <random>
#include <span>

namespace cleat::runtime {

namespace {

bool sameName(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) { return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y)); });
}

std::string_view fieldOf(const WebSocketFields &fields, std::string_view name)
{
    const auto found = std::ranges::find_if(fields, [name](const auto &field) { return sameName(field.first, name); });
    return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

std::string base64(std::span<const std::uint8_t> bytes)
{
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0'); // EVP_EncodeBlock ends it with a 0
    text.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char *>(text.data()), bytes.data(), static_cast<int>(bytes.size()))));
    return text;
}

void fillRandom(std::span<std::uint8_t> bytes)
{
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1)
        return;
    std::random_device device;
    for (std::uint8_t &byte : bytes)
        byte = static_cast<std::uint8_t>(device());
}

/// Base64 of sixteen bytes.
bool isKey(std::string_view key)
{
    const auto isDigit = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '/'; };
    return key.size() == 24 && key.ends_with("==") && std::ranges::all_of(key.substr(0, 22), isDigit);
}

} // namespace

std::string webSocketKey()
{
    std::array<std::uint8_t, 16> bytes{};
    fillRandom(bytes);
    return base64(bytes);
}

std::string webSocketAccept(std::string_view key)
{
    const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
        return {};
    return base64(std::span(digest).first(size));
}

base::WebSocketMask webSocketMask()
{
    thread_local std::array<std::uint8_t, 1024> pool;
    thread_local std::size_t used = pool.size();
    if (used == pool.size()) {
        fillRandom(pool);
        used = 0;
    }
    base::WebSocketMask mask{};
    std::ranges::copy(std::span(pool).subspan(used, mask.size()), mask.begin());
    used += mask.size();
    return mask;
}

std::optional<WebSocketRefusal> checkWebSocketRequest(std::string_view method, const WebSocketFields &fields)
{
    if (method != "GET")
        return WebSocketRefusal{400, "A WebSocket begins with a GET request, and this was " + std::string(method) + ".", {}};
    std::string connection(fieldOf(fields, "connection"));
    std::ranges::transform(connection, connection.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (connection.find("upgrade") == std::string::npos)
        return WebSocketRefusal{400, "A request for a WebSocket needs the field \"Connection: Upgrade\".", {}};
    if (fieldOf(fields, "sec-websocket-version") != "13")
        return WebSocketRefusal{426, "The requested WebSocket version is not supported.", {{"sec-websocket-version", "13"}}};
    const std::string_view key = fieldOf(fields, "sec-websocket-key");
    if (key.empty())
        return WebSocketRefusal{400, "Missing Sec-WebSocket-Key", {}};
    if (!isKey(key))
        return WebSocketRefusal{400, "Sec-WebSocket-Key has to be sixteen bytes in base64.", {}};
    return std::nullopt;
}

std::string webSocketField(const WebSocketFields &fields, std::string_view name)
{
    std::string joined;
    for (const auto &[other, value] : fields) {
        if (sameName(name, other))
            joined.append(joined.empty() ? "" : ", ").append(value);
    }
    return joined;
}

std::optional<DeflateParameters> agreeOnDeflate(const WebSocketFields &request, const WebSocketFields &own)
{
    static constexpr std::string_view extensions = "sec-websocket-extensions";
    const auto offers = deflateOffers(webSocketField(request, extensions));
    if (offers.empty())
        return std::nullopt;
    const std::string wanted = webSocketField(own, extensions);
    return wanted.empty() ? std::optional(offers.front()) : deflateAgreement(wanted);
}

WebSocketFields webSocketResponseFields(const WebSocketFields &request, WebSocketFields &&own, const std::optional<DeflateParameters> &deflate)
{
    static constexpr std::array<std::string_view, 7> ours = {"connection", "upgrade", "keep-alive", "content-length", "transfer-encoding", "sec-websocket-accept", "sec-websocket-extensions"};
    WebSocketFields fields{{"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", webSocketAccept(fieldOf(request, "sec-websocket-key"))}};
    if (deflate)
        fields.emplace_back("Sec-WebSocket-Extensions", deflate->text());
    for (auto &field : own) {
        if (!std::ranges::any_of(ours, [&](std::string_view name) { return sameName(name, field.first); }))
            fields.push_back(std::move(field));
    }
    return fields;
}

} // namespace cleat::runtime
