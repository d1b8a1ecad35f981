// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/masking.h"

#include "core/base/json.h"
#include "core/events/headfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace cleat::events {

namespace {

constexpr int deepest = 64;

/// Whether something was masked.
bool mask(base::Json &json, int depth)
{
    bool changed = false;
    if (depth > deepest || !json.is_structured())
        return changed;
    const bool pair = json.is_array() && json.size() == 2 && json[0].is_string() && isSensitiveField(json[0].get_ref<const std::string &>());
    if (pair && json[1] != maskedValue) {
        json[1] = maskedValue;
        return true;
    }
    for (auto it = json.begin(); it != json.end(); ++it) {
        if (json.is_object() && isSensitiveField(it.key())) {
            changed = changed || *it != maskedValue;
            *it = maskedValue;
        } else {
            changed = mask(*it, depth + 1) || changed;
        }
    }
    return changed;
}

/// A line of a refused head may have space on either side of its field's name.
std::string_view trimmed(std::string_view name)
{
    const std::size_t from = std::min(name.find_first_not_of(" \t"), name.size());
    name.remove_prefix(from);
    return name.substr(0, name.find_last_not_of(" \t") + 1);
}

} // namespace

bool isSensitiveField(std::string_view name)
{
    static constexpr std::array<std::string_view, 4> names = {"authorization", "proxy-authorization", "cookie", "set-cookie"};
    static constexpr std::string_view access = "cf-access-";
    return std::ranges::any_of(names, [name](std::string_view one) { return sameName(one, name); }) || sameName(name.substr(0, access.size()), access);
}

std::string maskedHead(std::string_view head)
{
    std::string result;
    result.reserve(head.size());
    while (!head.empty()) {
        const std::size_t end = std::min(head.find("\r\n"), head.size());
        const std::string_view line = head.substr(0, end);
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos && isSensitiveField(trimmed(line.substr(0, colon))))
            result.append(line.substr(0, colon)).append(": ").append(maskedValue);
        else
            result += line;
        if (end < head.size())
            result += "\r\n";
        head.remove_prefix(std::min(end + 2, head.size()));
    }
    return result;
}

std::string maskedJson(const std::string &text)
{
    base::Json json = base::Json::parse(text, nullptr, false);
    if (json.is_discarded() || !mask(json, 0))
        return text;
    return json.dump(-1, ' ', false, base::Json::error_handler_t::replace);
}

} // namespace cleat::events
