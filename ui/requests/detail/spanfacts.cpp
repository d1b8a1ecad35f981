// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/spanfacts.h"

#include "core/data/d1/sqlformat.h"
#include "ui/requests/detail/spanlook.h"
#include "ui/widgets/counted.h"
#include "ui/widgets/text.h"

#include <nlohmann/json.hpp>

#include <QCoreApplication>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

using Json = nlohmann::ordered_json;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::SpanFacts)
};

Json parsed(const std::string &text)
{
    return Json::parse(text, nullptr, false);
}

std::string dumped(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// ["select ...", 1, "two"]
CalledSql statementOf(const Json &list)
{
    CalledSql statement;
    statement.sql = list[0].get<std::string>();
    // A long text ends like this: see core/runtime/preview.h.
    statement.whole = statement.sql.size() < 1000 || statement.sql.find("\u2026") == std::string::npos;
    for (std::size_t i = 1; i < list.size(); ++i)
        statement.values.push_back(dumped(list[i]));
    return statement;
}

bool isStatement(const Json &value)
{
    return value.is_array() && !value.empty() && value[0].is_string();
}

} // namespace

std::vector<CalledSql> sqlOf(const events::CallEvent &call)
{
    std::vector<CalledSql> statements;
    if (call.kind != "d1")
        return statements;
    const Json arguments = parsed(call.arguments);
    if (isStatement(arguments)) {
        statements.push_back(statementOf(arguments));
    } else if (arguments.is_array()) {
        for (const Json &one : arguments) {
            if (isStatement(one))
                statements.push_back(statementOf(one));
        }
    }
    return statements;
}

QString sqlText(const std::vector<CalledSql> &statements)
{
    QStringList parts;
    for (const CalledSql &statement : statements) {
        QString text = fromUtf8(data::d1::formatSql(statement.sql));
        for (std::size_t i = 0; i < statement.values.size(); ++i)
            text += u"\n-- ?%1 = %2"_s.arg(i + 1).arg(oneLine(fromUtf8(statement.values[i]), 500));
        parts << text;
    }
    return parts.join(u"\n\n"_s);
}

bool isData(const events::CallEvent &call)
{
    return call.kind == "kv" || call.kind == "r2" || call.kind == "d1";
}

QString dataTarget(const events::CallEvent &call)
{
    if (call.kind == "d1") {
        const auto statements = sqlOf(call);
        return statements.empty() ? QString() : fromUtf8(statements.front().sql);
    }
    if (call.kind != "kv" && call.kind != "r2")
        return {};
    const Json arguments = parsed(call.arguments);
    if (!arguments.is_array() || arguments.empty())
        return {};
    for (const Json &one : arguments) {
        if (one.is_string())
            return fromUtf8(one.get<std::string>());
        if (one.is_array() && !one.empty() && one[0].is_string())
            return fromUtf8(one[0].get<std::string>());
        for (const char *name : {"key", "prefix"}) {
            if (one.is_object() && one.contains(name) && one[name].is_string())
                return fromUtf8(one[name].get<std::string>());
        }
    }
    return {};
}

QStringList spanFacts(const events::CallEvent &call)
{
    QStringList facts;
    if (call.kind == "fetch") {
        const Json arguments = parsed(call.arguments);
        const Json result = parsed(call.result);
        QString text = fromUtf8(call.method) + u' ' + (arguments.is_array() && !arguments.empty() && arguments[0].is_string() ? fromUtf8(arguments[0].get<std::string>()) : fromUtf8(call.binding));
        if (result.is_object() && result.contains("status") && result["status"].is_number_integer()) {
            text += u" → %1"_s.arg(result["status"].get<int>());
            if (result.contains("statusText") && result["statusText"].is_string())
                text += u' ' + fromUtf8(result["statusText"].get<std::string>());
        }
        facts << text.trimmed();
    }
    if (call.bytes)
        facts << formatBytes(call.bytes);
    if (call.rowsRead || call.rowsWritten) {
        facts << counted(call.rowsRead, Words::tr("%1 row read"), Words::tr("%1 rows read"));
        facts << counted(call.rowsWritten, Words::tr("%1 row written"), Words::tr("%1 rows written"));
    }
    return facts;
}

QString spanText(const events::CallEvent &call)
{
    QStringList lines{spanLabel(call), Words::tr("Began after %1, took %2").arg(formatDuration(call.startUs), formatDuration(call.durationUs))};
    if (const QString place = formatPlace(call.place); !place.isEmpty())
        lines << place;
    lines << spanFacts(call);
    if (const auto statements = sqlOf(call); !statements.empty())
        lines << QString() << sqlText(statements);
    else if (!call.arguments.empty())
        lines << QString() << Words::tr("Arguments:") << prettyJson(call.arguments);
    if (!call.error.empty())
        lines << QString() << Words::tr("Failed: %1").arg(fromUtf8(call.error));
    else if (!call.result.empty())
        lines << QString() << Words::tr("Result:") << prettyJson(call.result);
    return lines.join(u'\n');
}

} // namespace cleat::ui
