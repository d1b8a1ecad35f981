// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>

namespace cleat::bindings::durableobjects {

// The ids of Durable Objects, as wrangler's local runtime makes them: 16 bytes and a checksum of 16 bytes, keyed with the namespace. They are written as 64
// lower-case hex digits. Pure functions; any thread.

/// What a namespace's ids and folder come from: the name of the Worker that has the class (with its environment's suffix), and the class.
std::string uniqueKey(std::string_view worker, std::string_view className);

/// idFromName(). The empty name is one, too.
std::string idFromName(std::string_view uniqueKey, std::string_view name);

/// newUniqueId(). object.random: the system gives no random bytes.
base::Result<std::string> newUniqueId(std::string_view uniqueKey);

/// idFromString(): the id in lower case. object.id: it is none, or none of this namespace; the messages are what user code gets, as a TypeError.
base::Result<std::string> idFromString(std::string_view uniqueKey, std::string_view hex);

} // namespace cleat::bindings::durableobjects
