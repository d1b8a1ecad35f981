// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace cleat::session {

/// Whether a Host field names this machine whatever DNS says: localhost, a name below .localhost, or an address. An empty one (HTTP/1.0) does.
/// A page on the web could point a name of its own at 127.0.0.1 and read the answers ("DNS rebinding"): such a name is none of these.
bool isLocalHost(std::string_view host);

/// Whether a page of this origin may open a WebSocket of a server that it reached as `host`. Browsers let any page open one and read what comes, so this is all
/// that keeps out pages of the web. May: pages of the same host on any port, and of this machine ("localhost" and what is below it, loopback addresses).
bool originMatches(std::string_view origin, std::string_view host);
/// The host of an origin, with its port; empty for an opaque one ("null") and what is none.
std::string_view hostOfOrigin(std::string_view origin);

/// Whether a Host field, with or without a port, is this name (letters in either case).
bool hostMatches(std::string_view host, std::string_view name);

} // namespace cleat::session
