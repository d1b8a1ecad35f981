// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/secretcontent.h"

#include "core/base/json.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cleat::session {

namespace {

/// What the JSON library copied.
void wipe(base::Json &json)
{
    for (auto &value : json) {
        if (value.is_string())
            secrets::wipe(value.get_ref<std::string &>());
    }
}

} // namespace

secrets::SecretText printSecrets(const Secrets &secrets)
{
    base::Json json = base::Json::object();
    for (const auto &[name, value] : secrets)
        json[name] = value.reveal();
    secrets::SecretText text(json.dump(-1, ' ', false, base::Json::error_handler_t::replace));
    wipe(json);
    return text;
}

std::optional<Secrets> parseSecrets(const secrets::SecretText &text)
{
    auto json = base::Json::parse(text.reveal(), nullptr, false);
    if (!json.is_object())
        return std::nullopt;
    const bool good = std::ranges::all_of(json, [](const base::Json &value) { return value.is_string(); });
    Secrets secrets;
    for (auto it = json.begin(); good && it != json.end(); ++it)
        put(secrets, it.key(), secrets::SecretText(it.value().get<std::string>()));
    wipe(json);
    return good ? std::optional(std::move(secrets)) : std::nullopt;
}

void put(Secrets &secrets, const std::string &name, const secrets::SecretText &value)
{
    const auto at = std::ranges::lower_bound(secrets, name, {}, &Secrets::value_type::first);
    if (at != secrets.end() && at->first == name)
        at->second = value;
    else
        secrets.emplace(at, name, value);
}

} // namespace cleat::session
