// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What fields of HTTP messages say, read forgivingly: whatever stands there comes out as something to show. Any thread.
namespace cleat::data::content {

/// Without spaces and tabs at its ends.
std::string_view trimmed(std::string_view text);
/// With ASCII's letters small.
std::string lowered(std::string_view text);
/// Whether they are the same but for the case of ASCII's letters.
bool sameName(std::string_view a, std::string_view b);

struct NamedValue {
    std::string name;
    std::string value;
    bool operator==(const NamedValue &) const = default;
};

/// A head: fields as lines "Name: value\r\n" ("\n" does too), perhaps after a start line.
struct Head {
    std::string startLine; ///< "HTTP/1.1 200 OK"; empty: there is none
    std::vector<NamedValue> fields; ///< as they stand; a line that is no field has an empty name
    /// The first one's; empty: there is none.
    std::string_view value(std::string_view name) const;
    bool operator==(const Head &) const = default;
};
Head parseHead(std::string_view text);

/// "type/subtype; name=value; name=\"value\"", as in Content-Type and Content-Disposition.
struct MediaType {
    std::string type; ///< small letters
    std::vector<NamedValue> parameters; ///< names in small letters
    std::string_view parameter(std::string_view name) const;
    bool operator==(const MediaType &) const = default;
};
MediaType parseMediaType(std::string_view field);

/// "%41" as 'A'; what is no such escape stays as it is. `plus`: whether '+' is a space.
enum class Plus { Plain, Space };
std::string percentDecoded(std::string_view text, Plus plus);

/// Names and values of a query or of application/x-www-form-urlencoded, decoded, in order (WHATWG URL, 5.1). At most `most`.
std::vector<NamedValue> parseUrlEncoded(std::string_view text, std::size_t most = 10'000);

/// The cookies of a Cookie field (RFC 6265, 5.4).
std::vector<NamedValue> parseCookies(std::string_view field);

/// One Set-Cookie field (RFC 6265, 5.2).
struct SetCookie {
    NamedValue cookie;
    std::string attributes; ///< "Path=/; HttpOnly", as they stand
    bool operator==(const SetCookie &) const = default;
};
SetCookie parseSetCookie(std::string_view field);

} // namespace cleat::data::content
