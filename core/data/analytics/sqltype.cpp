// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/analytics/sqltype.h"

namespace cleat::data::analytics {

std::string Type::name() const
{
    switch (kind) {
    case Kind::String:
        return "String";
    case Kind::Integer:
        return (isSigned ? "Int" : "UInt") + std::to_string(bits);
    case Kind::Float:
        return "Float64";
    case Kind::Bool:
        return "Bool";
    case Kind::DateTime:
        return zone.empty() ? "DateTime" : "DateTime('" + zone + "')";
    case Kind::Date:
        return "Date";
    case Kind::Interval:
        return "Interval";
    case Kind::Array:
        return "Array(" + (element ? element->name() : std::string("Nothing")) + ')';
    case Kind::Nothing:
        return "Nullable(Nothing)";
    }
    return {};
}

} // namespace cleat::data::analytics
