// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/document.h"

/// Where everything stands in a TOML text, to the byte. The grammar is TOML 1.0.0 (toml.io); scalars are only delimited here, toml11 reads them.
namespace cleat::config::toml {

/// Deeper nesting, and longer dotted keys, are refused.
inline constexpr int maxDepth = 64;
/// Longer lists and inline tables are refused: toml11 takes quadratic time for them, and a whole variable may have 5 KB.
inline constexpr std::size_t maxItems = 4096;
/// Larger texts are refused.
inline constexpr std::size_t maxBytes = std::size_t(1) << 20;

/// Code config.parse with line and column. Any thread.
base::Result<Scan> scan(std::string_view text, const std::string &path);

} // namespace cleat::config::toml
