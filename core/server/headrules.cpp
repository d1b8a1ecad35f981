// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/headrules.h"

#include <algorithm>
#include <charconv>

namespace cleat::server {

namespace {

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Calls `each` for the elements of a comma-separated list.
template <typename Each>
void forElements(std::string_view list, Each each)
{
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        each(trimmed(list.substr(0, comma)));
        list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    }
}

bool isAuthority(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || std::string_view("-._~:[]!$&'()*+,;=%").find(static_cast<char>(c)) != std::string_view::npos;
    });
}

struct Seen {
    int hosts = 0;
    int lengths = 0;
    int encodings = 0;
    bool close = false;
    bool keepAlive = false;
    bool upgrade = false;
    bool webSocket = false;
    std::string_view host;
    std::string_view length;
    std::string_view encoding;
    std::string_view expect;
};

Seen look(const Fields &fields)
{
    Seen seen;
    for (const auto &[name, value] : fields) {
        switch (name.size()) {
        case 4:
            if (equalsLower(name, "host")) {
                ++seen.hosts;
                seen.host = value;
            }
            break;
        case 6:
            if (equalsLower(name, "expect"))
                seen.expect = value;
            break;
        case 7:
            if (equalsLower(name, "upgrade"))
                forElements(value, [&seen](std::string_view protocol) { seen.webSocket |= equalsLower(protocol, "websocket"); });
            break;
        case 10:
            if (equalsLower(name, "connection")) {
                forElements(value, [&seen](std::string_view option) {
                    seen.close |= equalsLower(option, "close");
                    seen.keepAlive |= equalsLower(option, "keep-alive");
                    seen.upgrade |= equalsLower(option, "upgrade");
                });
            }
            break;
        case 14:
            if (equalsLower(name, "content-length")) {
                ++seen.lengths;
                seen.length = value;
            }
            break;
        case 17:
            if (equalsLower(name, "transfer-encoding")) {
                ++seen.encodings;
                seen.encoding = value;
            }
            break;
        default:
            break;
        }
    }
    return seen;
}

std::optional<Refusal> applyBody(ParsedHead &parsed, const Seen &seen, const Limits &limits)
{
    Head &head = parsed.head;
    if (seen.encodings != 0) {
        if (seen.lengths != 0)
            return Refusal{400, "The request has both Content-Length and Transfer-Encoding"};
        if (parsed.minor == 0)
            return Refusal{400, "Transfer-Encoding in an HTTP/1.0 request"};
        if (seen.encodings > 1)
            return Refusal{400, "The request has more than one Transfer-Encoding field"};
        if (!equalsLower(seen.encoding, "chunked"))
            return Refusal{501, "The only transfer encoding that is understood is chunked"};
        head.body = Head::Body::Chunked;
        return std::nullopt;
    }
    if (seen.lengths == 0)
        return std::nullopt;
    if (seen.lengths > 1)
        return Refusal{400, "The request has more than one Content-Length field"};
    const char *const end = seen.length.data() + seen.length.size();
    const auto [stop, error] = std::from_chars(seen.length.data(), end, head.contentLength);
    if (error == std::errc::invalid_argument || stop != end)
        return Refusal{400, "Content-Length is not a number"};
    if (error == std::errc::result_out_of_range || head.contentLength > limits.bodyBytes)
        return Refusal{413, "The request body is larger than the limit of " + std::to_string(limits.bodyBytes) + " bytes (bodyBytes)"};
    head.body = Head::Body::Sized;
    return std::nullopt;
}

/// RFC 9112 section 3.2
std::optional<Refusal> applyTarget(Head &head)
{
    if (head.method == "CONNECT")
        return Refusal{405, "This is not a proxy: CONNECT is not available"};
    if (head.target.front() == '/')
        return std::nullopt;
    if (head.target == "*") {
        if (head.method == "OPTIONS")
            return std::nullopt;
        return Refusal{400, "The request target * goes with OPTIONS only"};
    }
    const std::string_view target = head.target;
    std::size_t start = 0;
    if (equalsLower(target.substr(0, 7), "http://"))
        start = 7;
    else if (equalsLower(target.substr(0, 8), "https://"))
        start = 8;
    else
        return Refusal{400, "The request target is neither a path nor an http URL"};
    const std::size_t pathStart = std::min(target.find_first_of("/?", start), target.size());
    const std::string_view authority = target.substr(start, pathStart - start);
    if (authority.empty() || !isAuthority(authority))
        return Refusal{400, "The request target has no valid authority"};
    std::string path(target.substr(pathStart));
    if (path.empty() || path.front() != '/')
        path.insert(path.begin(), '/');
    head.host = authority;
    head.target = std::move(path);
    return std::nullopt;
}

} // namespace

std::optional<Refusal> applyRules(ParsedHead &parsed, const Limits &limits)
{
    Head &head = parsed.head;
    const Seen seen = look(head.fields);
    if (seen.hosts > 1)
        return Refusal{400, "The request has more than one Host field"};
    if (seen.hosts == 0 && parsed.minor >= 1)
        return Refusal{400, "An HTTP/1.1 request needs a Host field"};
    if (!isAuthority(seen.host))
        return Refusal{400, "The Host field is not a host name with an optional port"};
    head.host = seen.host;
    if (auto refusal = applyBody(parsed, seen, limits))
        return refusal;
    if (auto refusal = applyTarget(head))
        return refusal;
    parsed.keepAlive = !seen.close && (parsed.minor >= 1 || seen.keepAlive);
    head.webSocket = seen.webSocket && seen.upgrade && parsed.keepAlive && parsed.minor >= 1 && head.method == "GET" && head.body == Head::Body::None;
    if (!seen.expect.empty() && parsed.minor >= 1) {
        if (!equalsLower(seen.expect, "100-continue"))
            return Refusal{417, "The only expectation that is understood is 100-continue"};
        parsed.expectContinue = true;
    }
    return std::nullopt;
}

} // namespace cleat::server
