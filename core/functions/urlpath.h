// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cleat::functions {

/// The path as a URL parser leaves it: backslashes are slashes, dot segments (also percent-encoded ones) are resolved and never climb above the
/// root, and what may not stand in a path is percent-encoded. Any thread. https://url.spec.whatwg.org/#path-state
std::string normalizedPath(std::string_view path);

/// True when normalizedPath(path) == path. Cheap.
bool isNormalizedPath(std::string_view path);

/// What the dots of a path segment mean, whether percent-encoded or not.
enum class Dots { None, Here, Up };
Dots dotsOf(std::string_view segment);

/// Percent-decoded; nullopt when a '%' is not followed by two hexadecimal digits.
std::optional<std::string> percentDecoded(std::string_view text);

/// As encodeURIComponent() of JavaScript does it.
void appendComponentEncoded(std::string &out, std::string_view text);

/// As the query and the fragment of an http URL stand in it (https://url.spec.whatwg.org/#query-state).
void appendQueryEncoded(std::string &out, std::string_view query);
void appendFragmentEncoded(std::string &out, std::string_view fragment);

} // namespace cleat::functions
