// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QString>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

/// The one place where core's std types become Qt's and numbers become words for people. Any thread.
namespace cleat::ui {

/// Bytes that are not UTF-8 become replacement characters.
QString fromUtf8(std::string_view text);
std::string toUtf8(const QString &text);

QString fromPath(const std::filesystem::path &path);
std::filesystem::path toPath(const QString &text);

/// "512 B", "1.2 kB", "3.4 MB" (powers of 1000).
QString formatBytes(std::uint64_t bytes);
/// From microseconds: "420 µs", "3.1 ms", "1.25 s".
QString formatDuration(std::uint32_t us);
/// Local wall clock of microseconds since the Unix epoch: "14:02:31.250".
QString formatTime(std::int64_t us);
/// "wrangler.toml:12:3", with what is known; empty when nothing is.
QString formatPlace(const base::Place &place);
/// What to tell a person: a translated text for the codes that need no detail, else core's own sentence.
QString formatError(const base::Error &error);
/// The same, with the place in front: "wrangler.toml:3:7: expected a value."
QString formatPlacedError(const base::Error &error);

/// JSON text with line breaks and indentation, member order kept; any other text as it is.
QString prettyJson(std::string_view text);

/// One line of at most `limit` characters, for tables and tool tips.
QString oneLine(const QString &text, int limit = 200);

} // namespace cleat::ui
