// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/config/document.h"

#include <optional>
#include <string>
#include <string_view>

namespace cleat::config::toml {

enum class Quote {
    Basic,   ///< "text"
    Literal, ///< 'text', as long as the text allows it
    Lines,   ///< """ over several lines, as long as the text has line feeds and the file's line ends are line feeds
};

/// How new text is spelled, taken from what stands round it.
struct Style {
    std::string eol = "\n";
    std::string equals = " = ";
    std::string comma = ", ";
    std::string inner = " "; ///< between the braces of an inline table and its members
    Quote quote = Quote::Basic;
};

/// A TOML string of well-formed UTF-8.
std::string quoted(std::string_view text, const Style &style);

/// A part of a key: bare where it can be, quoted as `like` (the spelling of a sibling) where that is quoted.
std::string keyText(std::string_view name, std::string_view like = {});

bool isBareKey(std::string_view name);

/// JSON text as a value. Codes config.edit.value: no JSON, null (which TOML does not have), a number that does not fit, nesting beyond half of maxDepth.
base::Result<base::Json> parseJson(std::string_view text);

/// `json` comes from parseJson().
std::string tomlOf(const base::Json &json, const Style &style);

} // namespace cleat::config::toml
