// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace cleat::bindings {

/// The key after which a list goes on, out of the cursor that user code gives: base64, as wrangler's simulator (Node.js) decodes it. What is outside of either
/// alphabet is skipped, padding ends it, and what is not UTF-8 becomes U+FFFD; so every text is a cursor, the empty one that of the beginning.
std::string decodeCursor(std::string_view cursor);

} // namespace cleat::bindings
