// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/vectorize/vectorfilter.h"

#include "core/bindings/vectorize/vectorizelimits.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace cleat::bindings::vectorize {

using base::Json;
using base::Result;

namespace {

using Operator = VectorFilter::Operator;

constexpr std::array<std::pair<std::string_view, Operator>, 8> operators{{{"$eq", Operator::Equal}, {"$ne", Operator::NotEqual}, {"$in", Operator::In}, {"$nin", Operator::NotIn},
    {"$lt", Operator::Less}, {"$lte", Operator::LessOrEqual}, {"$gt", Operator::Greater}, {"$gte", Operator::GreaterOrEqual}}};

std::unexpected<base::Error> wrong(const std::string &why)
{
    return base::fail("vectorize.input", "invalid filter: " + why);
}

std::string inQuotes(std::string_view text)
{
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<FilterValue> scalar(const Json &json)
{
    if (json.is_null())
        return FilterValue();
    if (json.is_boolean())
        return FilterValue(json.get<bool>());
    if (json.is_number())
        return FilterValue(json.get<double>());
    // An index knows no more of a text than its beginning.
    if (json.is_string())
        return FilterValue(std::string(cutToIndexed(json.get_ref<const std::string &>())));
    return std::nullopt;
}

Result<void> checkKey(std::string_view key)
{
    if (key.empty())
        return wrong("keys cannot be empty");
    if (key.front() == '$')
        return wrong("keys cannot start with \"$\": " + inQuotes(key));
    if (key.find('"') != std::string_view::npos)
        return wrong("keys cannot contain a double quote: " + inQuotes(key));
    if (key.size() > maxKeyLength)
        return wrong("keys cannot be longer than " + std::to_string(maxKeyLength) + " characters");
    if (key.front() == '.' || key.back() == '.' || key.find("..") != std::string_view::npos)
        return wrong("a part of the key " + inQuotes(key) + " is empty");
    return {};
}

Result<VectorFilter::Condition> condition(const std::string &key, Operator comparison, std::string_view spelling, const Json &json)
{
    VectorFilter::Condition made{key, comparison, {}};
    const std::string of = std::string(spelling) + " of " + inQuotes(key);
    if (comparison == Operator::In || comparison == Operator::NotIn) {
        if (!json.is_array() || json.empty())
            return wrong(of + " takes an array of values");
        for (const Json &item : json) {
            auto value = scalar(item);
            if (!value)
                return wrong(of + " takes strings, numbers, booleans and null");
            made.values.push_back(std::move(*value));
        }
        return made;
    }
    auto value = scalar(json);
    const bool equality = comparison == Operator::Equal || comparison == Operator::NotEqual;
    if (!value)
        return wrong(of + (equality ? " takes a string, a number, a boolean or null" : " takes a string or a number"));
    if (!equality && !std::holds_alternative<double>(*value) && !std::holds_alternative<std::string>(*value))
        return wrong(of + " takes a string or a number");
    made.values.push_back(std::move(*value));
    return made;
}

/// Of two values of one type.
bool ordered(Operator comparison, const FilterValue &left, const FilterValue &right)
{
    if (left.index() != right.index())
        return false;
    switch (comparison) {
    case Operator::Less:
        return left < right;
    case Operator::LessOrEqual:
        return left <= right;
    case Operator::Greater:
        return left > right;
    case Operator::GreaterOrEqual:
        return left >= right;
    case Operator::Equal:
    case Operator::NotEqual:
    case Operator::In:
    case Operator::NotIn:
        break;
    }
    return false;
}

} // namespace

bool VectorFilter::Condition::holds(const FilterValue &value) const
{
    switch (comparison) {
    case Operator::Equal:
    case Operator::In:
        return std::ranges::find(values, value) != values.end();
    case Operator::NotEqual:
    case Operator::NotIn:
        return std::ranges::find(values, value) == values.end();
    case Operator::Less:
    case Operator::LessOrEqual:
    case Operator::Greater:
    case Operator::GreaterOrEqual:
        return ordered(comparison, value, values.front());
    }
    return false;
}

Result<VectorFilter> VectorFilter::parse(std::string_view text)
{
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object() || json.empty())
        return wrong("it must be an object that is not empty");
    if (text.size() >= maxFilterBytes)
        return wrong("its JSON must have less than " + std::to_string(maxFilterBytes) + " bytes, and has " + std::to_string(text.size()));
    VectorFilter filter;
    for (const auto &[key, value] : json.items()) {
        if (auto fine = checkKey(key); !fine)
            return std::unexpected(std::move(fine.error()));
        if (!value.is_object()) {
            auto made = condition(key, Operator::Equal, "The value", value);
            if (!made)
                return std::unexpected(std::move(made.error()));
            filter.m_conditions.push_back(std::move(*made));
            continue;
        }
        if (value.empty())
            return wrong("the object of " + inQuotes(key) + " is empty");
        for (const auto &[name, operand] : value.items()) {
            const auto *const known = std::ranges::find(operators, name, &std::pair<std::string_view, Operator>::first);
            if (known == operators.end())
                return wrong("unknown operator " + inQuotes(name) + " of " + inQuotes(key) + "; there are $eq, $ne, $in, $nin, $lt, $lte, $gt and $gte");
            auto made = condition(key, known->second, name, operand);
            if (!made)
                return std::unexpected(std::move(made.error()));
            filter.m_conditions.push_back(std::move(*made));
        }
    }
    return filter;
}

bool VectorFilter::matches(const Json &metadata) const
{
    return std::ranges::all_of(m_conditions, [&](const Condition &each) {
        const Json *const found = propertyOf(metadata, each.property);
        const auto value = found ? scalar(*found) : std::optional<FilterValue>(FilterValue());
        return value && each.holds(*value);
    });
}

const Json *propertyOf(const Json &metadata, std::string_view property)
{
    const Json *at = &metadata;
    while (at->is_object()) {
        const std::size_t dot = property.find('.');
        const auto found = at->find(std::string(property.substr(0, dot)));
        if (found == at->end())
            return nullptr;
        at = &*found;
        if (dot == std::string_view::npos)
            return at;
        property.remove_prefix(dot + 1);
    }
    return nullptr;
}

FilterValue indexedValue(const Json &metadata, const MetadataIndex &index)
{
    const Json *const found = propertyOf(metadata, index.property);
    if (!found)
        return {};
    switch (index.type) {
    case PropertyType::String:
        return found->is_string() ? FilterValue(std::string(cutToIndexed(found->get_ref<const std::string &>()))) : FilterValue();
    case PropertyType::Number:
        return found->is_number() ? FilterValue(found->get<double>()) : FilterValue();
    case PropertyType::Boolean:
        return found->is_boolean() ? FilterValue(found->get<bool>()) : FilterValue();
    }
    return {};
}

std::string_view cutToIndexed(std::string_view text)
{
    if (text.size() <= maxIndexedBytes)
        return text;
    std::size_t end = maxIndexedBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end);
}

} // namespace cleat::bindings::vectorize
