// SPDX-License-Identifier: GPL-3.0-or-later
// SQL of Durable Objects' storage.

#include "core/runtime/natives.h"
#include "core/runtime/objectcalls.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;
using namespace bindings::durableobjects;

std::string shown(const SqlValue &value)
{
    if (const auto *number = std::get_if<double>(&value)) {
        if (!std::isfinite(*number))
            return "null";
        std::array<char, 32> text{};
        return {text.data(), std::to_chars(text.data(), text.data() + text.size(), *number).ptr};
    }
    if (const auto *text = std::get_if<std::string>(&value))
        return preview(*text);
    if (const auto *blob = std::get_if<SqlBlob>(&value))
        return jsonString("<" + std::to_string(blob->bytes.size()) + " bytes>");
    return "null";
}

/// False when an accessor of user code threw.
bool readParameters(Js js, v8::Local<v8::Value> list, std::vector<SqlValue> &parameters)
{
    if (!list->IsArray())
        return true;
    const v8::Local<v8::Array> values = list.As<v8::Array>();
    parameters.reserve(values->Length());
    for (std::uint32_t i = 0; i < values->Length(); ++i) {
        v8::Local<v8::Value> value;
        if (!values->Get(js.context, i).ToLocal(&value))
            return false;
        if (value->IsNumber())
            parameters.emplace_back(value.As<v8::Number>()->Value());
        else if (value->IsString())
            parameters.emplace_back(keyOf(js, value));
        else if (value->IsArrayBuffer() || value->IsArrayBufferView())
            parameters.emplace_back(SqlBlob{std::string(bytesOf(value))});
        else
            parameters.emplace_back();
    }
    return true;
}

v8::MaybeLocal<v8::Value> cellToJs(Js js, const SqlCell &cell)
{
    switch (cell.type) {
    case SqlCell::Type::Integer:
        return v8::Number::New(js.isolate, static_cast<double>(cell.integer));
    case SqlCell::Type::Real:
        return v8::Number::New(js.isolate, cell.real);
    case SqlCell::Type::Text:
        return toJs(js, cell.bytes);
    case SqlCell::Type::Blob: {
        v8::Local<v8::ArrayBuffer> buffer;
        if (!toArrayBuffer(js, cell.bytes).ToLocal(&buffer))
            return {};
        return buffer.As<v8::Value>();
    }
    case SqlCell::Type::Null:
        break;
    }
    return v8::Null(js.isolate).As<v8::Value>();
}

/// How far a cursor is, for JavaScript: [rows read, rows written, it has ended]
bool tell(Js js, v8::Local<v8::Value> progress, const SqlCursor &cursor)
{
    if (!progress->IsArray())
        return true;
    const v8::Local<v8::Array> list = progress.As<v8::Array>();
    return list->Set(js.context, 0, v8::Number::New(js.isolate, static_cast<double>(cursor.rowsRead()))).FromMaybe(false)
        && list->Set(js.context, 1, v8::Number::New(js.isolate, static_cast<double>(cursor.rowsWritten()))).FromMaybe(false)
        && list->Set(js.context, 2, v8::Boolean::New(js.isolate, !cursor.hasRow())).FromMaybe(false);
}

/// objectSqlExec(slot, SQL, [value, ...], holder, progress): [cursor, column, ...]. The cursor is 0 when there are no rows, and goes with `holder`; `progress` see tell().
void objectSqlExec(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto slot = slotOf(js, arguments[0]);
    std::vector<SqlValue> parameters;
    if (!readParameters(js, arguments[2], parameters))
        return;
    const std::string sql = keyOf(js, arguments[1]);
    ObjectCall call(js, slot, "exec");
    if (call.wanted()) {
        std::string text = preview(sql);
        for (const SqlValue &value : parameters)
            text += ',' + shown(value);
        call.event().arguments = '[' + text + ']';
    }
    const auto store = call.stores().useToWrite(slot);
    if (!store) {
        call.fail(js, store.error());
        return;
    }
    auto done = (*store)->exec(sql, std::move(parameters));
    if (!done) {
        call.fail(js, done.error());
        return;
    }
    const std::shared_ptr<SqlCursor> cursor = std::move(*done);
    if (call.wanted()) {
        call.event().rowsRead = static_cast<std::uint64_t>(std::max<std::int64_t>(0, cursor->rowsRead()));
        call.event().rowsWritten = static_cast<std::uint64_t>(std::max<std::int64_t>(0, cursor->rowsWritten()));
        std::string columns;
        for (const std::string &column : cursor->columns())
            columns += (columns.empty() ? "" : ",") + jsonString(column);
        call.event().result = "{\"columns\":[" + columns + "]}";
    }
    call.end();
    if (!tell(js, arguments[4], *cursor))
        return;
    std::vector<v8::Local<v8::Value>> answer;
    answer.reserve(cursor->columns().size() + 1);
    const bool kept = cursor->hasRow() && arguments[3]->IsObject();
    answer.push_back(v8::Integer::NewFromUnsigned(js.isolate, kept ? call.stores().keep(slot, cursor, js.isolate, arguments[3].As<v8::Object>()) : 0));
    for (const std::string &column : cursor->columns())
        answer.push_back(toJsName(js, column));
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, answer.data(), answer.size()));
}

/// objectSqlRows(cursor, rows at most, progress): the values of the next rows, one after the other
void objectSqlRows(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    ObjectStores &stores = state.objectStores();
    const ObjectStores::CursorId id = arguments[0]->Uint32Value(js.context).FromMaybe(0);
    const ObjectStores::Cursor *kept = stores.cursor(id);
    std::vector<v8::Local<v8::Value>> cells;
    if (kept) {
        const std::shared_ptr<SqlCursor> cursor = kept->cursor; // the garbage collector may run meanwhile
        double most = arguments[1]->IsNumber() ? arguments[1].As<v8::Number>()->Value() : 0;
        state.leaveCode();
        const int columns = static_cast<int>(cursor->columns().size());
        bool fine = true;
        for (; fine && most > 0 && cursor->hasRow(); --most) {
            for (int i = 0; fine && i < columns; ++i) {
                v8::Local<v8::Value> cell;
                fine = cellToJs(js, cursor->cell(i)).ToLocal(&cell);
                cells.push_back(cell);
            }
            if (const auto next = cursor->next(); fine && !next) {
                throwError(js, next.error().message);
                fine = false;
            }
        }
        if (const auto next = cursor->hasRow() ? base::Result<void>() : cursor->next(); fine && !next) { // it was ended from outside
            throwError(js, next.error().message);
            fine = false;
        }
        state.backToCode();
        if (!fine || !tell(js, arguments[2], *cursor))
            return;
        if (!cursor->hasRow())
            stores.forget(id);
    }
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, cells.data(), cells.size()));
}

/// objectSqlProgress(cursor, progress): brings it up to date
void objectSqlProgress(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (const ObjectStores::Cursor *kept = WorkerState::of(js.isolate).objectStores().cursor(arguments[0]->Uint32Value(js.context).FromMaybe(0)))
        tell(js, arguments[1], *kept->cursor);
}

/// objectSqlSize(slot): bytes
void objectSqlSize(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto slot = slotOf(js, arguments[0]);
    ObjectCall call(js, slot, "databaseSize");
    const auto store = call.stores().use(slot);
    const auto size = store ? (*store)->databaseSize() : std::unexpected(store.error());
    if (!size) {
        call.fail(js, size.error());
        return;
    }
    if (call.wanted())
        call.event().result = std::to_string(*size);
    call.end();
    arguments.GetReturnValue().Set(static_cast<double>(*size));
}

constexpr std::array natives = {
    Native{"objectSqlExec", objectSqlExec},
    Native{"objectSqlRows", objectSqlRows},
    Native{"objectSqlProgress", objectSqlProgress},
    Native{"objectSqlSize", objectSqlSize},
};

} // namespace

std::span<const Native> objectSqlNatives()
{
    return natives;
}

} // namespace cleat::runtime
