// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/document.h"
#include "core/config/wranglerconfig.h"

#include <string>
#include <string_view>
#include <vector>

namespace cleat::config {

/// readWranglerFile() of a text that is parsed already: what it says, and what is wrong with it. Any thread.
WranglerConfig readDocument(const Document &document, const std::string &path);

/// All that is wrong with the text of a Wrangler file, by line and column: its findings, or the one that it does not parse (config.parse). Any thread.
std::vector<Finding> checkText(std::string_view text, Form form, const std::string &path);
/// A failure as a finding: a place that begins its message is left out there.
Finding findingOf(base::Error error);

} // namespace cleat::config
