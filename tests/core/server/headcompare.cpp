// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/server/headcompare.h"

#include "core/server/requestparser.h"

#include <algorithm>
#include <random>

namespace cleat::server::test {

namespace {

std::string describe(const ParsedHead &parsed)
{
    const Head &head = parsed.head;
    std::string text = head.method + " " + head.target + " host=" + head.host + " minor=" + std::to_string(parsed.minor)
        + " keep=" + std::to_string(parsed.keepAlive) + " expect=" + std::to_string(parsed.expectContinue)
        + " body=" + std::to_string(static_cast<int>(head.body)) + " length=" + std::to_string(head.contentLength) + "\n";
    for (const auto &[name, value] : head.fields)
        text += "  " + name + "=" + value + "\n";
    return text;
}

/// Gives the bytes to a parser in pieces, as a connection would, and writes down all that it says.
class Reader
{
public:
    explicit Reader(const Limits &limits) : m_parser(limits) {}

    void add(std::string_view piece)
    {
        m_input += piece;
        while (!m_over && step()) {}
    }

    const std::string &text() const { return m_text; }

private:
    bool step()
    {
        std::size_t used = 0;
        if (m_chunked) {
            const auto result = m_parser.chunks(m_input, m_text, used);
            m_input.erase(0, used);
            if (result == ChunkDecoder::Result::More)
                return false;
            m_chunked = false;
            m_text += result == ChunkDecoder::Result::Complete ? "\nend of body\n" : "\nbad body " + std::to_string(static_cast<int>(result));
            m_over = result != ChunkDecoder::Result::Complete;
            return true;
        }
        const std::size_t take = static_cast<std::size_t>(std::min<std::uint64_t>(m_left, m_input.size()));
        m_text += m_input.substr(0, take);
        m_input.erase(0, take);
        m_left -= take;
        if (m_left != 0 || m_input.empty())
            return false;
        ParsedHead head;
        switch (m_parser.head(m_input, head, used)) {
        case RequestParser::HeadResult::More:
            m_input.erase(0, used);
            return false;
        case RequestParser::HeadResult::Refused:
            m_text += "refused " + std::to_string(m_parser.refusal().status) + " " + m_parser.refusal().text;
            m_over = true;
            return false;
        case RequestParser::HeadResult::Complete:
            break;
        }
        m_input.erase(0, used);
        m_text += describe(head);
        m_chunked = head.head.body == Head::Body::Chunked;
        m_left = head.head.contentLength;
        return true;
    }

    RequestParser m_parser;
    std::string m_input;
    std::string m_text;
    std::uint64_t m_left = 0;
    bool m_chunked = false;
    bool m_over = false;
};

} // namespace

std::string differences(std::string_view input, unsigned seed)
{
    Limits limits;
    limits.targetBytes = 2000;
    limits.headBytes = 6000;
    limits.fields = 40;
    limits.bodyBytes = 100'000;
    Reader whole(limits);
    Reader pieces(limits);
    whole.add(input);
    std::mt19937 random(seed);
    for (std::string_view rest = input; !rest.empty();) {
        const std::size_t size = std::min<std::size_t>(rest.size(), 1 + random() % (random() % 2 == 0 ? 3 : 60));
        pieces.add(rest.substr(0, size));
        rest.remove_prefix(size);
    }
    if (whole.text() != pieces.text())
        return "whole:\n" + whole.text() + "\nin pieces:\n" + pieces.text();
    return {};
}

} // namespace cleat::server::test
