// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tomlwrite.h"

#include "core/config/fill.h"
#include "core/config/tomlscan.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace cleat::config::toml {

namespace {

using base::Json;

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

void appendEscaped(std::string &out, char c)
{
    switch (c) {
    case '\b': out += "\\b"; return;
    case '\t': out += "\\t"; return;
    case '\n': out += "\\n"; return;
    case '\f': out += "\\f"; return;
    case '\r': out += "\\r"; return;
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    }
    if (isControl(c))
        out += "\\u" + hex(static_cast<unsigned char>(c), 4);
    else
        out += c;
}

std::string basic(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text)
        appendEscaped(out, c);
    return out + '"';
}

std::string overLines(std::string_view text)
{
    std::string out = "\"\"\"\n";
    for (const char c : text) {
        if (c == '\n' || c == '\t')
            out += c;
        else
            appendEscaped(out, c);
    }
    return out + "\"\"\"";
}

base::Result<void> fitsToml(const Json &json, int depth)
{
    constexpr int most = maxDepth / 2; // leaves room for the tables round it
    if (depth > most)
        return base::fail("config.edit.value", fill("The value is nested more than {} deep.", most));
    if (json.is_null())
        return base::fail("config.edit.value", "TOML has no null, so a variable of a wrangler.toml cannot hold one. Leave the member out, or use an empty text.");
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t(std::numeric_limits<std::int64_t>::max()))
        return base::fail("config.edit.value", fill("The number {} does not fit in 64 bits; write it as text.", json.get<std::uint64_t>()));
    if (json.is_structured()) {
        for (const Json &item : json) {
            if (auto fits = fitsToml(item, depth + 1); !fits)
                return fits;
        }
    }
    return {};
}

} // namespace

std::string quoted(std::string_view text, const Style &style)
{
    const bool plain = std::ranges::none_of(text, [](char c) { return c == '\'' || (isControl(c) && c != '\t'); });
    switch (style.quote) {
    case Quote::Basic:
        break;
    case Quote::Literal:
        if (plain)
            return fill("'{}'", text);
        break;
    case Quote::Lines:
        if (text.contains('\n') && style.eol == "\n")
            return overLines(text);
        break;
    }
    return basic(text);
}

bool isBareKey(std::string_view name)
{
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

std::string keyText(std::string_view name, std::string_view like)
{
    Style style;
    if (like.starts_with('\''))
        style.quote = Quote::Literal;
    const bool sibling = like.starts_with('"') || like.starts_with('\'');
    return isBareKey(name) && !sibling ? std::string(name) : quoted(name, style);
}

base::Result<Json> parseJson(std::string_view text)
{
    try {
        Json json = Json::parse(text);
        if (auto fits = fitsToml(json, 0); !fits)
            return std::unexpected(std::move(fits.error()));
        return json;
    } catch (const Json::parse_error &error) {
        return base::fail("config.edit.value", fill("The value is not JSON: it goes wrong at character {}.", error.byte));
    } catch (const Json::exception &) {
        return base::fail("config.edit.value", "The value is not JSON that can be kept: a number in it is too large.");
    }
}

std::string tomlOf(const Json &json, const Style &style)
{
    if (json.is_string())
        return quoted(json.get_ref<const std::string &>(), style);
    if (json.is_object()) {
        if (json.empty())
            return "{}";
        std::string out = "{" + style.inner;
        for (auto it = json.begin(); it != json.end(); ++it) {
            if (it != json.begin())
                out += style.comma;
            out += keyText(it.key()) + style.equals + tomlOf(it.value(), style);
        }
        return out + style.inner + "}";
    }
    if (json.is_array()) {
        std::string out = "[";
        for (auto it = json.begin(); it != json.end(); ++it) {
            if (it != json.begin())
                out += style.comma;
            out += tomlOf(*it, style);
        }
        return out + "]";
    }
    return json.dump();
}

} // namespace cleat::config::toml
