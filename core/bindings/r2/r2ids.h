// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <string>

namespace cleat::bindings::r2 {

// Random names in wrangler's forms. storage.failed when the system gives no random bytes.

/// Of a write of an object: 32 hexadecimal digits.
base::Result<std::string> newVersion();
/// Of an upload, and the etag of one of its parts: 128 bytes in the base64 of URLs, without padding.
base::Result<std::string> newUploadId();

} // namespace cleat::bindings::r2
