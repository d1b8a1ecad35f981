// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cleat::runtime {

/// What compiled code says where its source map is. Short, because it is there without a debugger, too; one that asks gets the map itself instead.
std::string sourceMapMark(std::uint64_t generation);

/// A "data:" URL of a source map (JSON, version 3). Relative sources become absolute "file:" URLs: they are in `folder`.
std::string sourceMapUrl(std::string_view map, std::string_view folder);

/// "file:///a/b%20c.ts" of "/a/b c.ts".
std::string fileUrl(std::string_view path);

/// The generation whose mark a notification has in place of a source map's URL (Debugger.scriptParsed and scriptFailedToParse).
std::optional<std::uint64_t> markedGeneration(std::string_view notification);
/// Puts the map's URL in place of that mark.
std::string withSourceMapUrl(std::string_view notification, std::string_view url);

/// A Runtime.consoleAPICalled without the topmost frames that are in `script`, so that a debugger shows the line that called console.log; others as they are.
std::string withoutTopFrames(std::string &&notification, std::string_view script);

/// A Debugger.setBlackboxPatterns message with one more pattern.
std::string withBlackboxPattern(std::string_view message, std::string_view pattern);

} // namespace cleat::runtime
