// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/vectorize/vectorizelimits.h"

#include "core/base/json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <unordered_set>

namespace cleat::bindings::vectorize {

using base::fail;
using base::Json;
using base::Result;

namespace {

constexpr std::array<std::string_view, 3> metricNames{"cosine", "euclidean", "dot-product"};
constexpr std::array<std::string_view, 3> typeNames{"string", "number", "boolean"};

template <typename Enum>
std::optional<Enum> named(const auto &names, std::string_view name)
{
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? std::nullopt : std::optional(static_cast<Enum>(found - names.begin()));
}

std::string inQuotes(std::string_view text)
{
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string dimensionsText(std::uint32_t expected, std::size_t got)
{
    return "expected " + std::to_string(expected) + " dimensions, and got " + std::to_string(got) + " dimensions";
}

/// Why a key of metadata is refused, or nothing.
std::string_view wrongKey(std::string_view key)
{
    if (key.empty())
        return "keys cannot be empty";
    if (key.front() == '$')
        return "keys cannot start with \"$\"";
    if (key.find_first_of(".\"") != std::string_view::npos)
        return "keys cannot contain \".\" or a double quote";
    return {};
}

Result<void> checkKeys(const Json &object, std::string_view id)
{
    for (const auto &[key, value] : object.items()) {
        if (const std::string_view why = wrongKey(key); !why.empty())
            return fail("vectorize.40018", "invalid metadata key " + inQuotes(key) + " for id=" + inQuotes(id) + ": " + std::string(why));
        if (value.is_object()) {
            if (auto inner = checkKeys(value, id); !inner)
                return inner;
        }
    }
    return {};
}

Result<void> checkMetadata(const Vector &vector)
{
    if (vector.metadata->size() > maxMetadataBytes)
        return fail("vectorize.input",
            "metadata too large for id=" + inQuotes(vector.id) + "; max is " + std::to_string(maxMetadataBytes) + " bytes, got " + std::to_string(vector.metadata->size()) + " bytes");
    const Json json = Json::parse(*vector.metadata, nullptr, false);
    if (!json.is_object())
        return fail("vectorize.input", "metadata of id=" + inQuotes(vector.id) + " must be an object");
    return checkKeys(json, vector.id);
}

} // namespace

std::string_view metricName(Metric metric)
{
    return metricNames.at(static_cast<std::size_t>(metric));
}

std::optional<Metric> metricNamed(std::string_view name)
{
    return named<Metric>(metricNames, name);
}

std::string_view propertyTypeName(PropertyType type)
{
    return typeNames.at(static_cast<std::size_t>(type));
}

std::optional<PropertyType> propertyTypeNamed(std::string_view name)
{
    return named<PropertyType>(typeNames, name);
}

std::string isoTime(std::int64_t milliseconds)
{
    const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(milliseconds)};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return text.data();
}

Result<void> checkName(std::string_view name)
{
    const bool fine = !name.empty() && name.size() <= maxNameBytes && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (!fine)
        return fail("vectorize.name", "The name of a Vectorize index has 1 to 64 letters, digits, \"-\" and \"_\"; this one has not: " + inQuotes(name) + '.');
    return {};
}

Result<void> checkConfig(const IndexConfig &config)
{
    if (auto name = checkName(config.name); !name)
        return name;
    if (config.dimensions < 1 || config.dimensions > maxDimensions)
        return fail("vectorize.dimensions", "A Vectorize index has 1 to " + std::to_string(maxDimensions) + " dimensions, not " + std::to_string(config.dimensions) + '.');
    return {};
}

Result<void> checkVectors(Write write, std::span<const Vector> vectors, std::uint32_t dimensions, std::size_t most)
{
    if (vectors.size() > most)
        return fail("vectorize.40007", "too many vectors in payload; max vector count is " + std::to_string(most) + ", got " + std::to_string(vectors.size()));
    std::unordered_set<std::string_view> seen;
    for (const Vector &vector : vectors) {
        if (vector.id.empty())
            return fail("vectorize.input", "a vector has no id");
        if (vector.id.size() > maxIdBytes)
            return fail("vectorize.40008", "id too long; max is " + std::to_string(maxIdBytes) + " bytes, got " + std::to_string(vector.id.size()) + " bytes");
        if (!seen.insert(vector.id).second)
            return fail("vectorize.input", "duplicate id=" + inQuotes(vector.id) + " in one " + (write == Write::Insert ? "insert" : "upsert"));
        if (vector.nameSpace && vector.nameSpace->size() > maxNamespaceBytes)
            return fail("vectorize.40009",
                "namespace too long; max is " + std::to_string(maxNamespaceBytes) + " bytes, got " + std::to_string(vector.nameSpace->size()) + " bytes");
        if (vector.values.size() != dimensions)
            return fail("vectorize.40012", "invalid vector for id=" + inQuotes(vector.id) + ", " + dimensionsText(dimensions, vector.values.size()));
        for (std::size_t i = 0; i < vector.values.size(); ++i) {
            // On the way to the product JSON makes null of it, which it cannot read.
            if (!std::isfinite(vector.values[i]))
                return fail("vectorize.40023", std::string("failed to parse ") + (write == Write::Insert ? "insert" : "upsert") + " vectors request: values[" + std::to_string(i)
                        + "] of id=" + inQuotes(vector.id) + " is not a finite number");
        }
        if (vector.metadata) {
            if (auto fine = checkMetadata(vector); !fine)
                return fine;
        }
    }
    return {};
}

Result<void> checkIds(std::span<const std::string> ids, std::size_t most)
{
    if (ids.size() > most)
        return fail("vectorize.40007", "too many ids in payload; max id count is " + std::to_string(most) + ", got " + std::to_string(ids.size()));
    for (const std::string &id : ids) {
        if (id.size() > maxIdBytes)
            return fail("vectorize.40008", "id too long; max is " + std::to_string(maxIdBytes) + " bytes, got " + std::to_string(id.size()) + " bytes");
    }
    return {};
}

Result<void> checkQueryVector(std::span<const float> values, std::uint32_t dimensions)
{
    if (values.size() != dimensions)
        return fail("vectorize.40006", "invalid query vector, " + dimensionsText(dimensions, values.size()));
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i]))
            return fail("vectorize.40026", "Failed to parse the request body as JSON: vector[" + std::to_string(i) + "]: expected a finite number");
    }
    return {};
}

Result<std::uint32_t> checkedTopK(const QueryOptions &options, Version version)
{
    if (!(options.topK >= 1) || options.topK != std::floor(options.topK) || options.topK > 4e9)
        return fail("vectorize.40026", "Failed to parse the request body as JSON: topK: expected a positive integer");
    const auto topK = static_cast<std::uint32_t>(options.topK);
    const std::string got = ", but got " + std::to_string(topK);
    if (version == Version::V1)
        return topK > maxTopKV1 ? Result<std::uint32_t>(fail("vectorize.40025", "max top K is " + std::to_string(maxTopKV1) + got)) : topK;
    if (topK > maxTopK)
        return fail("vectorize.40025", "max top K is " + std::to_string(maxTopK) + got);
    if (topK > maxTopKWithContents && (options.returnValues == ReturnValues::Yes || options.returnMetadata == ReturnMetadata::All))
        return fail("vectorize.40025",
            "with returnValues=true or returnMetadata=all, max top K is " + std::to_string(maxTopKWithContents) + got + "; for a top K up to " + std::to_string(maxTopK)
                + ", retry with returnValues=false and returnMetadata=indexed");
    return topK;
}

Result<void> checkProperty(std::string_view property)
{
    if (property.size() > maxKeyLength)
        return fail("vectorize.property", "The name of a property has " + std::to_string(maxKeyLength) + " bytes at most.");
    for (std::size_t at = 0;;) {
        const std::size_t dot = property.find('.', at);
        const std::string_view part = property.substr(at, dot == std::string_view::npos ? dot : dot - at);
        if (const std::string_view why = wrongKey(part); !why.empty())
            return fail("vectorize.property", inQuotes(property) + " is no property of metadata: " + std::string(why) + '.');
        if (dot == std::string_view::npos)
            return {};
        at = dot + 1;
    }
}

} // namespace cleat::bindings::vectorize
