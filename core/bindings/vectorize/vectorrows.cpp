// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/vectorize/vectorrows.h"

#include "core/base/json.h"

#include <nlohmann/json.hpp>

#include <cstring>
#include <utility>

namespace cleat::bindings::vectorize {

using base::Json;
using storage::Statement;

namespace {

std::string text(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json jsonOf(const FilterValue &value)
{
    return std::visit(
        [](const auto &one) {
            if constexpr (std::is_same_v<std::decay_t<decltype(one)>, std::monostate>)
                return Json();
            else
                return Json(one);
        },
        value);
}

} // namespace

base::Result<Statement::Step> run(base::Result<Statement> &statement)
{
    if (!statement)
        return std::unexpected(statement.error());
    return statement->step();
}

std::string_view bytesOf(std::span<const float> values)
{
    return {reinterpret_cast<const char *>(values.data()), values.size_bytes()};
}

std::vector<float> valuesIn(std::string_view bytes)
{
    std::vector<float> values(bytes.size() / sizeof(float));
    if (!values.empty())
        std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
    return values;
}

std::string indexedText(const std::string &metadata, std::span<const MetadataIndex> indexes)
{
    if (indexes.empty())
        return {};
    const Json json = Json::parse(metadata, nullptr, false);
    Json kept = Json::object();
    for (const MetadataIndex &index : indexes) {
        const FilterValue value = indexedValue(json, index);
        if (value != FilterValue())
            kept[std::to_string(index.number)] = jsonOf(value);
    }
    return kept.empty() ? std::string() : text(kept);
}

std::vector<FilterValue> indexedValues(std::string_view indexed, std::span<const MetadataIndex> indexes)
{
    std::vector<FilterValue> values(indexes.size());
    if (indexed.empty())
        return values;
    const Json json = Json::parse(indexed, nullptr, false);
    for (std::size_t i = 0; i < indexes.size() && json.is_object(); ++i) {
        const auto found = json.find(std::to_string(indexes[i].number));
        if (found == json.end())
            continue;
        if (found->is_boolean())
            values[i] = found->get<bool>();
        else if (found->is_number())
            values[i] = found->get<double>();
        else if (found->is_string())
            values[i] = found->get<std::string>();
    }
    return values;
}

std::string indexedMetadata(std::string_view indexed, std::span<const MetadataIndex> indexes)
{
    const std::vector<FilterValue> values = indexedValues(indexed, indexes);
    Json metadata = Json::object();
    for (std::size_t i = 0; i < indexes.size(); ++i) {
        if (values[i] == FilterValue())
            continue;
        Json *at = &metadata;
        std::string_view rest = indexes[i].property;
        for (std::size_t dot = rest.find('.'); dot != std::string_view::npos && at->is_object(); dot = rest.find('.')) {
            at = &(*at)[std::string(rest.substr(0, dot))];
            if (at->is_null())
                *at = Json::object();
            rest.remove_prefix(dot + 1);
        }
        if (at->is_object())
            (*at)[std::string(rest)] = jsonOf(values[i]);
    }
    return text(metadata);
}

} // namespace cleat::bindings::vectorize
