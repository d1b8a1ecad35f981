// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace cleat::session {

/// Whether a Host field names this machine whatever DNS says: localhost, a name below .localhost, or an address. An empty one (HTTP/1.0) does.
/// A page on the web could point a name of its own at 127.0.0.1 and read the answers ("DNS rebinding"): such a name is none of these.
bool isLocalHost(std::string_view host);

/// Whether a Host field, with or without a port, is this name (letters in either case).
bool hostMatches(std::string_view host, std::string_view name);

} // namespace cleat::session
