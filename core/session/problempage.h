// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>

namespace cleat::session {

/// What a build that failed is called.
std::string problemTitle(const base::Error &problem);
/// "functions/a.ts:3:18", or empty.
std::string problemPlace(const base::Error &problem);
/// A page that shows a problem in a browser, while there is no code that could answer. `script` is HTML behind it.
std::string problemPage(const base::Error &problem, std::string_view script);

} // namespace cleat::session
