// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/typescriptenv.h"

#include "core/base/json.h"
#include "core/config/names.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <vector>

namespace cleat::config {

namespace {

using base::Json;

std::string quoted(std::string_view text)
{
    return Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string key(std::string_view name)
{
    const auto spelled = checkSpelling(name);
    return spelled || spelled.error().code == "name.reserved" ? std::string(name) : quoted(name);
}

std::string typeOf(const Json &value);

std::string typeOfItems(const Json &list)
{
    std::vector<std::string> types;
    for (const Json &item : list) {
        std::string type = typeOf(item);
        if (std::ranges::find(types, type) == types.end())
            types.push_back(std::move(type));
    }
    if (types.empty())
        return "unknown[]";
    if (types.size() == 1)
        return types.front() + "[]";
    std::string all;
    for (const std::string &type : types)
        all += (all.empty() ? "(" : " | ") + type;
    return all + ")[]";
}

std::string typeOf(const Json &value)
{
    switch (value.type()) {
    case Json::value_t::null:
        return "null";
    case Json::value_t::boolean:
        return "boolean";
    case Json::value_t::string:
        return "string";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
        return "number";
    case Json::value_t::array:
        return typeOfItems(value);
    case Json::value_t::object: {
        if (value.empty())
            return "Record<string, never>";
        std::string members;
        for (const auto &[name, member] : value.items())
            members += (members.empty() ? "{ " : "; ") + key(name) + ": " + typeOf(member);
        return members + " }";
    }
    case Json::value_t::binary:
    case Json::value_t::discarded:
        break;
    }
    return "unknown";
}

} // namespace

std::string_view typeScriptType(Kind kind)
{
    switch (kind) {
    case Kind::KvNamespace:
        return "KVNamespace";
    case Kind::R2Bucket:
        return "R2Bucket";
    case Kind::D1Database:
        return "D1Database";
    case Kind::DurableObject:
        return "DurableObjectNamespace";
    case Kind::Vectorize:
        return "VectorizeIndex";
    case Kind::Hyperdrive:
        return "Hyperdrive";
    case Kind::Service:
    case Kind::MtlsCertificate:
        return "Fetcher";
    case Kind::Queue:
        return "Queue<any>";
    case Kind::AnalyticsEngine:
        return "AnalyticsEngineDataset";
    case Kind::Ai:
        return "Ai";
    case Kind::Browser:
        return "BrowserRun";
    case Kind::VersionMetadata:
        return "WorkerVersionMetadata";
    }
    return "unknown";
}

std::string typeScriptType(const Variable &variable)
{
    switch (variable.kind) {
    case Variable::Kind::Text:
        return "string";
    case Variable::Kind::Json:
        break;
    }
    return typeOf(Json::parse(variable.value, nullptr, false));
}

std::string typeScriptEnv(const BindingSet &set, std::span<const std::string> secrets)
{
    std::string out = "interface Env {\n";
    std::set<std::string, std::less<>> named;
    const auto add = [&](std::string_view name, std::string_view type) {
        if (!named.insert(std::string(name)).second)
            return;
        out.append("  ").append(key(name)).append(": ").append(type).append(";\n");
    };
    for (const auto &binding : set.bindings)
        add(binding.value.name, typeScriptType(binding.value.kind));
    for (const auto &variable : set.variables) {
        const bool secret = std::ranges::find(secrets, variable.value.name) != secrets.end();
        add(variable.value.name, secret ? std::string("string") : typeScriptType(variable.value));
    }
    for (const std::string &secret : secrets)
        add(secret, "string");
    add("ASSETS", "Fetcher");
    return out + "}\n";
}

} // namespace cleat::config
