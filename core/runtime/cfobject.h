// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <string>

namespace cleat::runtime {

/// What `request.cf` holds when nothing else was chosen: JSON with the fields that Cloudflare's edge sends, made up like miniflare's (a visitor in Austin).
const std::string &defaultCf();

/// The same for one request: what its client sent as Accept-Encoding stands in clientAcceptEncoding, where there is one.
std::string cfOfClient(const std::string &json, const std::string &acceptEncoding);

/// Whether a text can be Bindings::cf. Fails with runtime.cf and a sentence that says why not.
base::Result<void> checkCf(const std::string &json);

} // namespace cleat::runtime
