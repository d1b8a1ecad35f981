// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cleat::events {

struct HeadField {
    std::string_view name;
    std::string_view value; ///< without the blanks round it
    bool operator==(const HeadField &) const = default;
};

/// The fields of a head (lines "Name: value\r\n", perhaps after a status line), in their order, as views into it. Lines without a colon are passed over. Any thread.
std::vector<HeadField> headFields(std::string_view head);

/// The value of the first field of that name, in any case of its letters; empty when there is none.
std::string_view headValue(const std::vector<HeadField> &fields, std::string_view name);
bool hasField(const std::vector<HeadField> &fields, std::string_view name);

/// Whether two names are the same but for the case of ASCII letters.
bool sameName(std::string_view a, std::string_view b);

/// Whether it is a token of RFC 9110: what methods and names of fields are made of.
bool isToken(std::string_view text);

/// The fields that a new request to `authority` ("localhost:8788") carries on: those that belong to one connection (RFC 9110, 7.6.1, and those that Connection names), Expect, Content-Length and
/// a Host that is `authority` are left out.
std::vector<HeadField> carriedFields(std::string_view head, std::string_view authority);

/// "localhost:8788" of "http://localhost:8788/".
std::string_view authorityOf(std::string_view url);

/// Path and query of a request's target as they stand in a URL: bytes that no URL has are percent-encoded, an absolute target loses its scheme and host, "*" is the root.
std::string urlPath(std::string_view target);

/// The pieces of "a=1&b=2", decoded where they are form-encoded ('+' is a blank).
struct FormPair {
    std::string name;
    std::string value;
};
std::vector<FormPair> formPairs(std::string_view text);

} // namespace cleat::events
