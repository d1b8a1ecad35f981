// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/headscan.h"

#include <optional>

namespace cleat::server {

/// A head with what the connection needs to know besides.
struct ParsedHead {
    Head head;
    int minor = 1; ///< HTTP/1.minor
    bool keepAlive = true;
    bool expectContinue = false;
};

/// Reads a head that a HeadScanner found complete, when it is one of the plain kind that nearly all requests have: GET or HEAD, HTTP/1.1, origin-form, no framing of a body. False, with `out`
/// in an unspecified state, when it is anything else; Beast's parser decides then.
bool readPlainHead(std::string_view bytes, ParsedHead &out);

/// What the fields mean for the message and the connection (RFC 9110, RFC 9112), and everything that makes a well-formed head unacceptable.
/// Fills in the rest of `parsed`.
std::optional<Refusal> applyRules(ParsedHead &parsed, const Limits &limits);

} // namespace cleat::server
