// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/requestparser.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <limits>

namespace cleat::server {

namespace http = boost::beast::http;
using boost::beast::string_view;
using ErrorCode = boost::beast::error_code;

namespace {

/// One head. Beast hands over what it found; nothing is stored in Beast's own containers.
class BeastHead final : public http::basic_parser<true>
{
public:
    explicit BeastHead(ParsedHead &out) : m_out(out)
    {
        header_limit(std::numeric_limits<std::uint32_t>::max());
        body_limit(std::numeric_limits<std::uint64_t>::max());
    }

private:
    void on_request_impl(http::verb, string_view method, string_view target, int version, ErrorCode &) override
    {
        m_out.head.method.assign(method.data(), method.size());
        m_out.head.target.assign(target.data(), target.size());
        m_out.minor = version - 10;
    }
    void on_response_impl(int, string_view, int, ErrorCode &) override {}
    void on_field_impl(http::field, string_view name, string_view value, ErrorCode &) override
    {
        m_out.head.fields.emplace_back(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
    }
    void on_header_impl(ErrorCode &) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const &, ErrorCode &) override {}
    std::size_t on_body_impl(string_view body, ErrorCode &) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, string_view, ErrorCode &) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, ErrorCode &) override { return body.size(); }
    void on_finish_impl(ErrorCode &) override {}

    ParsedHead &m_out;
};

/// HTTP-version of another major version, rather than something that is no version at all.
bool isOtherVersion(std::string_view data)
{
    const std::string_view line = data.substr(0, data.find('\r'));
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (std::count(line.begin(), line.end(), ' ') != 2)
        return false;
    const std::string_view version = line.substr(line.rfind(' ') + 1);
    return version.size() == 8 && version.starts_with("HTTP/") && digit(version[5]) && version[6] == '.' && digit(version[7]);
}

Refusal explain(const ErrorCode &error, std::string_view data)
{
    if (error == http::error::bad_method)
        return {400, "The request line has no valid method"};
    if (error == http::error::bad_target)
        return {400, "The request target is missing or has characters that are not allowed"};
    if (error == http::error::bad_version) {
        if (isOtherVersion(data))
            return {505, "Only HTTP/1.0 and HTTP/1.1 are spoken here"};
        return {400, "The request line does not end in an HTTP version"};
    }
    if (error == http::error::bad_field)
        return {400, "A header field's name is empty or has characters that are not allowed"};
    if (error == http::error::bad_content_length)
        return {400, "Content-Length is not one plain number, or stands beside Transfer-Encoding"};
    if (error == http::error::bad_transfer_encoding)
        return {400, "Transfer-Encoding is given twice or beside Content-Length"};
    return {400, "The request head is malformed: " + error.message()};
}

} // namespace

RequestParser::RequestParser(const Limits &limits) : m_limits(limits), m_scanner(limits), m_chunks(limits.bodyBytes, limits.headBytes) {}

RequestParser::HeadResult RequestParser::refuse(Refusal &&refusal)
{
    m_refusal = std::move(refusal);
    return HeadResult::Refused;
}

RequestParser::HeadResult RequestParser::head(std::string_view data, ParsedHead &out, std::size_t &used)
{
    used = 0;
    // Some clients send an empty line after a body (RFC 9112 section 2.2).
    while (data.starts_with("\r\n")) {
        data.remove_prefix(2);
        used += 2;
    }
    if (data == "\r")
        return HeadResult::More;
    switch (m_scanner.scan(data)) {
    case HeadScanner::Result::More:
        return HeadResult::More;
    case HeadScanner::Result::Bad:
        used += m_scanner.size();
        return refuse(Refusal(m_scanner.refusal()));
    case HeadScanner::Result::Complete:
        break;
    }
    const std::string_view bytes = data.substr(0, m_scanner.size());
    used += bytes.size();
    out = ParsedHead{};
    out.head.fields.reserve(m_scanner.fields());
    m_scanner.reset();
    BeastHead beast(out);
    ErrorCode error;
    const std::size_t taken = beast.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    if (error && error != http::error::need_more)
        return refuse(explain(error, bytes));
    if (taken != bytes.size() || !beast.is_header_done())
        return refuse({400, "The request head is malformed"});
    if (auto refusal = applyRules(out, m_limits))
        return refuse(std::move(*refusal));
    m_chunks.reset();
    return HeadResult::Complete;
}

ChunkDecoder::Result RequestParser::chunks(std::string_view data, std::string &into, std::size_t &used)
{
    return m_chunks.decode(data, into, used);
}

RequestLine requestLineOf(std::string_view data, std::size_t most)
{
    const auto word = [&data, most] {
        const std::size_t end = std::min(data.find_first_of(" \r\n"), data.size());
        std::string text(data.substr(0, std::min(end, most)));
        std::replace_if(
            text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7F; }, '?');
        data.remove_prefix(end);
        return text;
    };
    while (data.starts_with("\r\n"))
        data.remove_prefix(2);
    RequestLine line;
    line.method = word();
    if (data.starts_with(' ')) {
        data.remove_prefix(1);
        line.target = word();
    }
    return line;
}

} // namespace cleat::server
