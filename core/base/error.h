// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace cleat::base {

/// A place in a text file. Line and column count from 1; 0 means "not known". Columns count bytes.
struct Place {
    std::string file;
    int line = 0;
    int column = 0;
    bool operator==(const Place &) const = default;
};

/// A failure, as a value. `code` is stable and dotted ("config.parse", "kv.put"): ui maps it to a translated text.
/// `message` is a whole English sentence that says what to do where something can be done.
struct Error {
    std::string code;
    std::string message;
    Place place;
    bool operator==(const Error &) const = default;
};

template <typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(std::string code, std::string message, Place place = {})
{
    return std::unexpected(Error{std::move(code), std::move(message), std::move(place)});
}

} // namespace cleat::base
