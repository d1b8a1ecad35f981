// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/analytics/sqltree.h"
#include "core/data/analytics/sqltype.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cleat::data::analytics {

/// What is wrong with a query, and at which byte. Thrown and caught within translate().
struct SqlProblem {
    std::size_t at = 0;
    std::string message;
};

/// An expression in SQLite's language.
struct Typed {
    std::string sql; ///< an operand as it stands: a name, a literal, a call, or in parentheses
    Type type;
    bool aggregate = false; ///< an aggregate function is in it
};

/// The query that a call stands in.
class CallContext
{
public:
    virtual ~CallContext() = default;
    virtual Typed translate(const Expression &expression) = 0;
    virtual std::int64_t now() const = 0; ///< seconds
};

bool isAggregate(std::string_view function);
/// A call of one of the documented functions (lower case in Expression::text). Throws SqlProblem.
Typed translateCall(CallContext &context, const Expression &call);

/// A text in SQLite's quotes.
std::string textLiteral(std::string_view text);

} // namespace cleat::data::analytics
