// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/httpserver.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace cleat::server {

/// Why a request is not taken: the status it is answered with and a sentence for the client and the log.
struct Refusal {
    int status = 400;
    std::string text;
    bool operator==(const Refusal &) const = default;
};

/// Finds the end of a request head (RFC 9112 section 2.1) and refuses, before anything is interpreted, what readers of HTTP disagree about: line ends
/// other than CRLF, control characters, folded fields; and what is over a limit. It looks at every byte once and gives the same answer however the
/// bytes are cut into pieces.
class HeadScanner final
{
public:
    explicit HeadScanner(const Limits &limits);

    enum class Result { More, Complete, Bad };
    /// `data` begins with the request line's first byte and has at least what it had in the call before.
    Result scan(std::string_view data);
    std::size_t size() const { return m_at; } ///< when Complete: bytes of the head with its empty line; when Bad: bytes before the wrong one
    std::size_t fields() const { return m_lines == 0 ? 0 : m_lines - 1; } ///< when Complete
    const Refusal &refusal() const { return m_refusal; } ///< when Bad
    void reset();

private:
    Result bad(int status, std::string text);
    bool requestLineByte(unsigned char c);

    const Limits &m_limits;
    Refusal m_refusal;
    std::size_t m_at = 0;
    std::size_t m_lineStart = 0;
    std::size_t m_lines = 0;
    std::size_t m_targetBytes = 0;
    int m_spaces = 0;
};

/// Bytes that may be in a method or a field name (RFC 9110 section 5.6.2, token).
bool isTokenByte(unsigned char c);
/// ASCII letters compare without case; `lower` is in lower case.
bool equalsLower(std::string_view text, std::string_view lower);

} // namespace cleat::server
