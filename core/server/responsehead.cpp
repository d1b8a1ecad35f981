// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/responsehead.h"

#include "core/base/reasonphrase.h"

#include <array>
#include <charconv>
#include <ctime>

namespace cleat::server {

namespace {

/// "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" (RFC 9110 section 5.6.7), in the C locale whatever the program's is.
class DateField
{
public:
    std::string_view text()
    {
        const std::time_t now = std::time(nullptr);
        if (now != m_made) {
            make(now);
            m_made = now;
        }
        return {m_text.data(), m_text.size()};
    }

private:
    void make(std::time_t now)
    {
        static constexpr std::string_view days = "SunMonTueWedThuFriSat";
        static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
        std::tm t{};
        gmtime_r(&now, &t);
        std::string out = "Date: ";
        const auto two = [&out](int value) {
            out += static_cast<char>('0' + value / 10 % 10);
            out += static_cast<char>('0' + value % 10);
        };
        out += days.substr(static_cast<std::size_t>(t.tm_wday) * 3, 3);
        out += ", ";
        two(t.tm_mday);
        out += ' ';
        out += months.substr(static_cast<std::size_t>(t.tm_mon) * 3, 3);
        out += ' ';
        two((t.tm_year + 1900) / 100);
        two((t.tm_year + 1900) % 100);
        out += ' ';
        two(t.tm_hour);
        out += ':';
        two(t.tm_min);
        out += ':';
        two(t.tm_sec);
        out += " GMT\r\n";
        out.copy(m_text.data(), m_text.size());
    }

    std::array<char, 37> m_text{};
    std::time_t m_made = -1;
};

} // namespace

void appendStatusLine(std::string &wire, int status, std::string_view statusText)
{
    thread_local DateField date;
    std::array<char, 8> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), status).ptr;
    const std::string_view text = statusText.empty() ? base::reasonPhrase(status) : statusText;
    wire.append("HTTP/1.1 ").append(digits.data(), end).append(1, ' ').append(text).append("\r\n").append(date.text());
}

void appendField(std::string &wire, std::string_view name, std::string_view value)
{
    wire.append(name).append(": ").append(value).append("\r\n");
}

std::string plainResponse(int status, std::string_view text, bool withBody)
{
    std::string wire;
    wire.reserve(192 + text.size());
    appendStatusLine(wire, status);
    appendField(wire, "Content-Type", "text/plain; charset=utf-8");
    appendField(wire, "Content-Length", std::to_string(text.size()));
    appendField(wire, "Cache-Control", "no-store");
    wire += "\r\n";
    if (withBody)
        wire += text;
    return wire;
}

} // namespace cleat::server
