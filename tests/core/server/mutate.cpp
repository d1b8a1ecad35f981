// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/server/mutate.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace cleat::server::test {

namespace {

using namespace std::string_view_literals;

constexpr std::array tokens = {"\r\n"sv, "\r"sv, "\n"sv, "\0"sv, "\t"sv, " "sv, ":"sv, "\r\n\r\n"sv, "Content-Length: 5\r\n"sv,
    "Transfer-Encoding: chunked\r\n"sv, "Connection: close\r\n"sv, "Connection: keep-alive\r\n"sv, "Expect: 100-continue\r\n"sv, "Host: x\r\n"sv, "HTTP/1.0"sv,
    "HTTP/1.1"sv, "HTTP/1.2"sv, "GET /hello "sv, "HEAD "sv, "POST "sv, "0\r\n\r\n"sv, "5\r\nhello\r\n"sv, "ffffffffffffffff"sv, ";a=\"b\""sv, "http://a"sv,
    "*"sv, "\xff"sv, "\x7f"sv, "18446744073709551615"sv, "/stream"sv, "/truncated"sv, "/hold"sv, "/free"sv, "/later"sv, "/early"sv, "/begun"sv, "/close"sv};

} // namespace

std::string mutated(std::string input, const std::vector<std::string> &others, std::mt19937_64 &random)
{
    const auto place = [&random](const std::string &text) { return text.empty() ? 0 : random() % (text.size() + 1); };
    for (std::uint64_t count = 1 + random() % 4; count > 0; --count) {
        const std::size_t at = place(input);
        switch (random() % 8) {
        case 0:
            if (at < input.size())
                input[at] = static_cast<char>(random());
            break;
        case 1:
            if (at < input.size())
                input[at] = static_cast<char>(input[at] ^ (1 << random() % 8));
            break;
        case 2:
            input.erase(at, 1 + random() % 8);
            break;
        case 3:
            input.insert(at, 1, static_cast<char>(random()));
            break;
        case 4:
        case 5:
            input.insert(at, tokens[random() % tokens.size()]);
            break;
        case 6:
            input.insert(at, input.substr(place(input), random() % 40));
            break;
        default: {
            const std::string &other = others[random() % others.size()];
            input.insert(at, other.substr(place(other), random() % 200));
            break;
        }
        }
        if (input.size() > 20000)
            input.resize(20000);
    }
    return input;
}

} // namespace cleat::server::test
