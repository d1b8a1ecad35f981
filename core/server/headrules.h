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

/// What the fields mean for the message and the connection (RFC 9110, RFC 9112), and everything that makes a well-formed head unacceptable.
/// Fills in the rest of `parsed`.
std::optional<Refusal> applyRules(ParsedHead &parsed, const Limits &limits);

} // namespace cleat::server
