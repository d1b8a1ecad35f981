// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/document.h"

/// JSON with comments and trailing commas, as wrangler reads wrangler.json and wrangler.jsonc (the npm package jsonc-parser).
namespace cleat::config::jsonc {

/// Deeper nesting is refused.
inline constexpr int maxDepth = 64;
/// Larger texts are refused.
inline constexpr std::size_t maxBytes = std::size_t(1) << 20;

/// The whole text as a tree; the top must be an object. Code config.parse with line and column. Any thread.
base::Result<Document> parse(std::string text, const std::string &path);

} // namespace cleat::config::jsonc
