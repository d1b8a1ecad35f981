// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/bindings/vectorize/vectorizetypes.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cleat::bindings::vectorize {

/// A value that a filter compares with; nothing stands for null, and for a vector that has no value there.
using FilterValue = std::variant<std::monostate, bool, double, std::string>;

/// The `filter` of a query (Vectorize, "Metadata filtering"): all of its conditions have to hold. A value.
class VectorFilter final
{
public:
    enum class Operator : std::uint8_t { Equal, NotEqual, In, NotIn, Less, LessOrEqual, Greater, GreaterOrEqual };
    struct Condition {
        std::string property; ///< with dots for nesting
        Operator comparison = Operator::Equal;
        std::vector<FilterValue> values; ///< one, or the list of In and NotIn

        bool holds(const FilterValue &value) const;
    };

    /// Codes vectorize.input: not an object, empty, too long, keys and values that are refused, an unknown operator.
    static base::Result<VectorFilter> parse(std::string_view text);

    std::span<const Condition> conditions() const { return m_conditions; }
    /// For V1 indexes, which look at the metadata itself.
    bool matches(const base::Json &metadata) const;

private:
    std::vector<Condition> m_conditions;
};

/// What metadata has at a path with dots; null when there is nothing.
const base::Json *propertyOf(const base::Json &metadata, std::string_view property);

/// What a metadata index keeps of a vector: a value of its type, texts cut to maxIndexedBytes at the end of a character; nothing for another type.
FilterValue indexedValue(const base::Json &metadata, const MetadataIndex &index);

/// The first bytes of a text, whole characters only.
std::string_view cutToIndexed(std::string_view text);

} // namespace cleat::bindings::vectorize
