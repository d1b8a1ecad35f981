// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/core/runtime/httppeer.h"

namespace cleat::test {

/// The server that snippets of the platform test fetch from:
///   /echo            JSON of method, target, fields and body (as text)
///   /text            "some text"
///   /status/NNN      an empty answer of that status
///   /redirect/NNN?to=TARGET
///   /bytes/N         N times "a"
///   /gzip            "packed text", gzip
///   /set-cookies     two of them
///   /slow?ms=N       "late", that much later
///   /broken          a body that ends before its length
HttpPeer::Then answerSnippet(HttpPeer::Connection &connection, HttpPeer::Received &request);

} // namespace cleat::test
