// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/document.h"
#include "core/config/tomlscan.h"

namespace cleat::config::toml {

/// Scans, builds the tree by TOML's rules on what may be defined twice, reads the scalars with toml11, and (Check::Whole) refuses the text when
/// toml11 sees another tree than this scanner. Code config.parse. Any thread.
base::Result<Document> parse(std::string text, const std::string &path, Check check = Check::Whole);

/// Decodes the scalars of `document.root`, and checks the whole against toml11 (tomlvalues.cpp).
base::Result<void> readScalars(Document &document, const std::string &path, Check check);

} // namespace cleat::config::toml
