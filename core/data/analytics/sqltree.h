// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::data::analytics {

/// An expression, as it is written.
struct Expression {
    enum class Kind {
        Name, ///< of a column or an alias
        Integer,
        Float,
        Text,
        True,
        False,
        Null,
        Interval, ///< text: the number; `unit`
        Call, ///< text: the function
        Operator, ///< text: "+", "and", "not like", "in", "between", "is null", "-" with one operand, ...
        Star, ///< of count(*)
    };
    Kind kind = Kind::Null;
    std::string text;
    std::string unit; ///< of an interval, in capitals
    std::vector<Expression> operands; ///< or arguments; of "in" the first is looked for in the others
    std::vector<Expression> parameters; ///< of quantileExactWeighted(0.5)(...)
    bool distinct = false; ///< count(DISTINCT ...)
    std::size_t at = 0; ///< byte of the query
};

struct Select;

struct SelectItem {
    Expression expression;
    std::string name; ///< its alias, else its text as it is written
    bool hasAlias = false;
    bool star = false;
};

struct OrderItem {
    Expression expression;
    bool descending = false;
};

struct Select {
    std::vector<SelectItem> items;
    std::string table; ///< empty: none, or `inner`
    std::size_t tableAt = 0;
    std::unique_ptr<Select> inner;
    std::optional<Expression> where;
    std::vector<Expression> groupBy;
    std::optional<Expression> having;
    std::vector<OrderItem> orderBy;
    std::optional<std::uint64_t> limit;
    std::optional<std::uint64_t> offset;
};

enum class Format { Json, JsonEachRow, TabSeparated };

struct Query {
    enum class Kind { Select, ShowTables, ShowTimezones, ShowTimezone };
    Kind kind = Kind::Select;
    Select select;
    Format format = Format::Json;
};

/// Code analytics.sql, with line and column of the byte `at`.
base::Error sqlError(std::string_view query, std::size_t at, std::string message);

/// One statement of the Analytics Engine's SQL ("SQL reference").
base::Result<Query> parseQuery(std::string_view text);

} // namespace cleat::data::analytics
