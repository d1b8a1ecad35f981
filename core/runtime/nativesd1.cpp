// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/d1/d1database.h"
#include "core/runtime/callrecorder.h"
#include "core/runtime/natives.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;
using namespace bindings::d1;

constexpr std::size_t shownRows = 20;
constexpr std::size_t shownQueries = 20;
constexpr std::size_t shownBytes = 16 << 10; ///< of all rows or of all arguments

std::string numberText(double number)
{
    if (!std::isfinite(number))
        return "null";
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return {text.data(), end};
}

std::string shown(const Value &value)
{
    if (const auto *number = std::get_if<double>(&value))
        return numberText(*number);
    if (const auto *text = std::get_if<std::string>(&value))
        return preview(*text);
    if (const auto *blob = std::get_if<Blob>(&value))
        return jsonString("<" + std::to_string(blob->bytes.size()) + " bytes>");
    return "null";
}

std::string shown(const Query &query)
{
    std::string text = preview(query.sql);
    for (const Value &value : query.parameters)
        text += ',' + shown(value);
    return text;
}

std::string shownArguments(std::string_view method, const std::vector<Query> &queries)
{
    if (method != "batch" && method != "exec")
        return '[' + (queries.empty() ? std::string() : shown(queries.front())) + ']';
    std::string text;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        if (i == shownQueries || text.size() > shownBytes) {
            text += ',' + jsonString("\u2026 (" + std::to_string(queries.size()) + " in all)");
            break;
        }
        text += (i ? ",[" : "[") + shown(queries[i]) + ']';
    }
    return '[' + text + ']';
}

std::string shown(const Rows &rows, const Cell &cell)
{
    switch (cell.type) {
    case Cell::Type::Integer:
        return std::to_string(cell.integer);
    case Cell::Type::Real:
        return numberText(cell.real);
    case Cell::Type::Text:
        return preview(rows.text(cell));
    case Cell::Type::Blob:
        return jsonString("<" + std::to_string(cell.length) + " bytes>");
    case Cell::Type::Null:
        break;
    }
    return "null";
}

std::string shown(const QueryResult &result)
{
    const Rows &rows = result.rows;
    std::string text = "{\"columns\":[";
    for (std::size_t i = 0; i < rows.columns.size(); ++i)
        text += (i ? "," : "") + jsonString(rows.columns[i]);
    text += "],\"rows\":[";
    for (std::size_t row = 0; row < rows.count() && row < shownRows && text.size() < shownBytes; ++row) {
        text += row ? ",[" : "[";
        for (std::size_t i = 0; i < rows.columns.size(); ++i)
            text += (i ? "," : "") + shown(rows, rows.cells[row * rows.columns.size() + i]);
        text += ']';
    }
    const Meta &meta = result.meta;
    return text + "],\"count\":" + std::to_string(rows.count()) + ",\"meta\":{\"duration\":" + numberText(meta.durationMs) + ",\"changes\":"
        + std::to_string(meta.changes) + ",\"last_row_id\":" + std::to_string(meta.lastRowId) + ",\"changed_db\":" + (meta.changedDb ? "true" : "false")
        + ",\"size_after\":" + std::to_string(meta.sizeAfter) + ",\"rows_read\":" + std::to_string(meta.rowsRead) + ",\"rows_written\":"
        + std::to_string(meta.rowsWritten) + "}}";
}

std::string shownResults(std::string_view method, const std::vector<QueryResult> &results)
{
    if (method == "exec")
        return "{\"count\":" + std::to_string(results.size()) + '}';
    if (method != "batch")
        return shown(results.front());
    std::string text;
    for (std::size_t i = 0; i < results.size() && i < shownQueries && text.size() < shownBytes; ++i)
        text += (i ? "," : "") + shown(results[i]);
    return '[' + text + ']';
}

Value toValue(Js js, v8::Local<v8::Value> value)
{
    if (value->IsNumber())
        return value.As<v8::Number>()->Value();
    if (value->IsString())
        return toStd(js, value);
    if (value->IsArrayBufferView())
        return Blob{std::string(bytesOf(value))};
    return {};
}

/// False when an accessor of user code threw.
bool readQueries(Js js, v8::Local<v8::Array> sql, v8::Local<v8::Value> parameters, std::vector<Query> &queries)
{
    queries.resize(sql->Length());
    for (std::uint32_t i = 0; i < sql->Length(); ++i) {
        v8::Local<v8::Value> text;
        if (!sql->Get(js.context, i).ToLocal(&text))
            return false;
        queries[i].sql = toStd(js, text);
        if (!parameters->IsArray())
            continue;
        v8::Local<v8::Value> list;
        if (!parameters.As<v8::Array>()->Get(js.context, i).ToLocal(&list))
            return false;
        if (!list->IsArray())
            continue;
        const v8::Local<v8::Array> values = list.As<v8::Array>();
        queries[i].parameters.reserve(values->Length());
        for (std::uint32_t k = 0; k < values->Length(); ++k) {
            v8::Local<v8::Value> value;
            if (!values->Get(js.context, k).ToLocal(&value))
                return false;
            queries[i].parameters.push_back(toValue(js, value));
        }
    }
    return true;
}

v8::MaybeLocal<v8::Value> toJs(Js js, const Rows &rows, const Cell &cell)
{
    switch (cell.type) {
    case Cell::Type::Integer:
        return v8::Number::New(js.isolate, static_cast<double>(cell.integer));
    case Cell::Type::Real:
        if (std::isfinite(cell.real))
            return v8::Number::New(js.isolate, cell.real == 0 ? 0 : cell.real);
        break;
    case Cell::Type::Text:
        return toJs(js, rows.text(cell));
    case Cell::Type::Blob:
        return toUint8Array(js, rows.text(cell));
    case Cell::Type::Null:
        break;
    }
    return v8::Null(js.isolate).As<v8::Value>();
}

/// [columns, cells, duration, changes, last row id, changed, size, rows read, rows written]
v8::MaybeLocal<v8::Value> toJs(Js js, const QueryResult &result, double most)
{
    const Rows &rows = result.rows;
    const double width = static_cast<double>(rows.columns.size());
    const std::size_t count = static_cast<std::size_t>(std::min(static_cast<double>(rows.cells.size()), most * width));
    std::vector<v8::Local<v8::Value>> cells(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (!toJs(js, rows, rows.cells[i]).ToLocal(&cells[i]))
            return {};
    }
    std::vector<v8::Local<v8::Value>> columns;
    columns.reserve(rows.columns.size());
    for (const std::string &name : rows.columns)
        columns.push_back(toJsName(js, name));
    const Meta &meta = result.meta;
    const auto number = [&](auto value) { return v8::Number::New(js.isolate, static_cast<double>(value)); };
    std::array<v8::Local<v8::Value>, 9> all{v8::Array::New(js.isolate, columns.data(), columns.size()), v8::Array::New(js.isolate, cells.data(), cells.size()),
        number(meta.durationMs), number(meta.changes), number(meta.lastRowId), v8::Boolean::New(js.isolate, meta.changedDb), number(meta.sizeAfter),
        number(meta.rowsRead), number(meta.rowsWritten)};
    return v8::Array::New(js.isolate, all.data(), all.size());
}

/// d1Run(binding, method, [sql, ...], [[value, ...], ...] or undefined, in a session, rows at most, prefix, explanation): the error's message with the explanation in
/// front, or [bookmark or undefined, result, ...] (see toJs above). The log's text has the prefix in front, too.
void d1Run(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const Realm::D1Binding &binding = state.realm().d1[arguments[0]->Uint32Value(js.context).FromMaybe(0)];
    const std::string method = toStd(js, arguments[1]);
    if (const std::string refused = state.spend(WorkerState::Quota::Query); !refused.empty()) {
        arguments.GetReturnValue().Set(toJs(js, refused));
        return;
    }
    CallRecorder call(state, "d1", binding.name, method, 6);
    std::vector<Query> queries;
    if (!arguments[2]->IsArray() || !readQueries(js, arguments[2].As<v8::Array>(), arguments[3], queries))
        return;
    if (call.wanted())
        call.event().arguments = shownArguments(method, queries);
    const auto outcome = binding.database->run(queries, arguments[4]->IsTrue() ? D1Database::Session::Bookmarked : D1Database::Session::No);
    const std::string message = outcome     ? std::string()
        : state.storeIsLate() ? std::string("D1 DB storage operation exceeded timeout which caused object to be reset.")
                              : toStd(js, arguments[7]) + outcome.error().message;
    if (call.wanted()) {
        events::CallEvent &event = call.event();
        if (outcome) {
            for (const QueryResult &result : outcome->results) {
                event.bytes += result.rows.bytes.size();
                event.rowsRead += static_cast<std::uint64_t>(std::max<std::int64_t>(0, result.meta.rowsRead));
                event.rowsWritten += static_cast<std::uint64_t>(std::max<std::int64_t>(0, result.meta.rowsWritten));
            }
            event.result = shownResults(method, outcome->results);
        } else {
            event.error = toStd(js, arguments[6]) + ": " + message;
        }
    }
    call.end();
    if (!outcome) {
        arguments.GetReturnValue().Set(toJs(js, message));
        return;
    }
    const double most = arguments[5]->IsNumber() ? arguments[5].As<v8::Number>()->Value() : 0;
    std::vector<v8::Local<v8::Value>> answer(outcome->results.size() + 1);
    answer[0] = outcome->bookmark.empty() ? v8::Undefined(js.isolate).As<v8::Value>() : toJs(js, outcome->bookmark);
    for (std::size_t i = 0; i < outcome->results.size(); ++i) {
        if (!toJs(js, outcome->results[i], most).ToLocal(&answer[i + 1]))
            return;
    }
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, answer.data(), answer.size()));
}

constexpr std::array natives = {
    Native{"d1Run", d1Run},
};

} // namespace

std::span<const Native> d1Natives()
{
    return natives;
}

} // namespace cleat::runtime
