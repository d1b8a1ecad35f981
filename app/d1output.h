// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/console.h"

#include <string>
#include <vector>

namespace cleat::app {

/// What `wrangler d1 execute --json` prints of the results.
std::string jsonOf(const std::vector<data::d1::StatementResult> &results);

/// A text as JSON, with its quotation marks.
std::string jsonText(const std::string &text);

/// A table with a frame, as wrangler prints them; harmless for a terminal.
std::string tableOf(const std::vector<std::string> &columns, const std::vector<std::vector<std::string>> &rows);

/// A value as that table shows it.
std::string shown(const data::d1::Value &value);

} // namespace cleat::app
