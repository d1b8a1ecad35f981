// SPDX-License-Identifier: GPL-3.0-or-later
// What Node's modules (js/node) need of the engine: conversions of Buffer, brands of values, the frame of AsyncLocalStorage.
#include "core/runtime/natives.h"
#include "core/runtime/workerstate.h"

#include <algorithm>
#include <array>
#include <vector>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;

enum class Encoding { Utf8, Ucs2, Latin1, Ascii, Base64, Base64Url, Hex };

Encoding encodingOf(Js js, v8::Local<v8::Value> value)
{
    return static_cast<Encoding>(std::clamp(value->Int32Value(js.context).FromMaybe(0), 0, 6));
}

std::size_t sizeOf(Js js, v8::Local<v8::Value> value, std::size_t most)
{
    const double number = value->NumberValue(js.context).FromMaybe(0);
    return !(number > 0) ? 0 : number >= static_cast<double>(most) ? most : static_cast<std::size_t>(number);
}

constexpr std::array<std::int8_t, 256> sextets = [] {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < letters.size(); ++i)
        table[static_cast<unsigned char>(letters[i])] = static_cast<std::int8_t>(i);
    table['-'] = 62;
    table['_'] = 63;
    return table;
}();

// As Node reads it: both alphabets, whatever is none of them is passed over, "=" ends it.
std::string fromLenientBase64(std::string_view text)
{
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 3);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        if (c == '=')
            break;
        const int sextet = sextets[static_cast<unsigned char>(c)];
        if (sextet < 0)
            continue;
        bits = bits << 6 | static_cast<std::uint32_t>(sextet);
        if (++count == 4) {
            bytes += static_cast<char>(bits >> 16);
            bytes += static_cast<char>(bits >> 8);
            bytes += static_cast<char>(bits);
            bits = 0;
            count = 0;
        }
    }
    if (count >= 2)
        bytes += static_cast<char>(bits >> (count == 2 ? 4 : 10));
    if (count == 3)
        bytes += static_cast<char>(bits >> 2);
    return bytes;
}

int hexDigit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string fromHex(std::string_view text)
{
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        const int high = hexDigit(text[i]);
        const int low = hexDigit(text[i + 1]);
        if (high < 0 || low < 0)
            break;
        bytes += static_cast<char>(high << 4 | low);
    }
    return bytes;
}

// Each UTF-16 unit's low byte.
std::string lowBytes(Js js, v8::Local<v8::String> string)
{
    std::string bytes(static_cast<std::size_t>(string->Length()), '\0');
    string->WriteOneByte(js.isolate, reinterpret_cast<std::uint8_t *>(bytes.data()), 0, string->Length(), v8::String::NO_NULL_TERMINATION);
    return bytes;
}

v8::Local<v8::String> stringOf(Js js, v8::Local<v8::Value> value)
{
    return value->IsString() ? value.As<v8::String>() : v8::String::Empty(js.isolate);
}

std::string encoded(Js js, v8::Local<v8::String> string, Encoding encoding)
{
    switch (encoding) {
    case Encoding::Utf8:
        return toStd(js, string);
    case Encoding::Ucs2: {
        std::string bytes(static_cast<std::size_t>(string->Length()) * 2, '\0');
        string->Write(js.isolate, reinterpret_cast<std::uint16_t *>(bytes.data()), 0, string->Length(), v8::String::NO_NULL_TERMINATION);
        return bytes;
    }
    case Encoding::Latin1:
    case Encoding::Ascii:
        return lowBytes(js, string);
    case Encoding::Base64:
    case Encoding::Base64Url:
        return fromLenientBase64(toStd(js, string));
    case Encoding::Hex:
        return fromHex(toStd(js, string));
    }
    return {};
}

std::string inBase64(std::string_view bytes, bool url)
{
    const char *letters = url ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                              : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    const auto at = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
    std::size_t i = 0;
    for (; i + 2 < bytes.size(); i += 3) {
        const std::uint32_t bits = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
        text += letters[bits >> 18];
        text += letters[bits >> 12 & 63];
        text += letters[bits >> 6 & 63];
        text += letters[bits & 63];
    }
    if (i < bytes.size()) {
        const bool two = i + 1 < bytes.size();
        const std::uint32_t bits = at(i) << 16 | (two ? at(i + 1) << 8 : 0);
        text += letters[bits >> 18];
        text += letters[bits >> 12 & 63];
        if (two)
            text += letters[bits >> 6 & 63];
        else if (!url)
            text += '=';
        if (!url)
            text += '=';
    }
    return text;
}

v8::MaybeLocal<v8::String> oneByte(Js js, std::string_view bytes)
{
    return v8::String::NewFromOneByte(js.isolate, reinterpret_cast<const std::uint8_t *>(bytes.data()), v8::NewStringType::kNormal, static_cast<int>(bytes.size()));
}

v8::MaybeLocal<v8::String> decoded(Js js, std::string_view bytes, Encoding encoding)
{
    switch (encoding) {
    case Encoding::Utf8: {
        const bool ascii = std::ranges::all_of(bytes, [](char c) { return static_cast<signed char>(c) >= 0; });
        if (ascii)
            return oneByte(js, bytes);
        return v8::String::NewFromUtf8(js.isolate, bytes.data(), v8::NewStringType::kNormal, static_cast<int>(bytes.size()));
    }
    case Encoding::Ucs2: {
        std::u16string units(bytes.size() / 2, u'\0');
        std::memcpy(units.data(), bytes.data(), units.size() * 2);
        return v8::String::NewFromTwoByte(js.isolate, reinterpret_cast<const std::uint16_t *>(units.data()), v8::NewStringType::kNormal, static_cast<int>(units.size()));
    }
    case Encoding::Latin1:
        return oneByte(js, bytes);
    case Encoding::Ascii: {
        std::string text(bytes);
        for (char &c : text)
            c = static_cast<char>(c & 0x7F);
        return oneByte(js, text);
    }
    case Encoding::Base64:
    case Encoding::Base64Url:
        return oneByte(js, inBase64(bytes, encoding == Encoding::Base64Url));
    case Encoding::Hex: {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string text;
        text.reserve(bytes.size() * 2);
        for (const char c : bytes) {
            text += digits[static_cast<unsigned char>(c) >> 4];
            text += digits[static_cast<unsigned char>(c) & 15];
        }
        return oneByte(js, text);
    }
    }
    return {};
}

/// bufferFrom(string, encoding): ArrayBuffer
void bufferFrom(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    v8::Local<v8::ArrayBuffer> buffer;
    if (toArrayBuffer(js, encoded(js, stringOf(js, arguments[0]), encodingOf(js, arguments[1]))).ToLocal(&buffer))
        arguments.GetReturnValue().Set(buffer);
}

/// bufferLength(string, encoding): how many bytes bufferFrom() would make
void bufferLength(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const v8::Local<v8::String> string = stringOf(js, arguments[0]);
    const Encoding encoding = encodingOf(js, arguments[1]);
    const auto length = encoding == Encoding::Utf8 ? static_cast<std::size_t>(string->Utf8Length(js.isolate)) : encoded(js, string, encoding).size();
    arguments.GetReturnValue().Set(static_cast<double>(length));
}

/// bufferWrite(bytes, string, offset, length, encoding): number of bytes written; no part of a character is written
void bufferWrite(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string_view whole = bytesOf(arguments[0]);
    const v8::Local<v8::String> string = stringOf(js, arguments[1]);
    const std::size_t offset = sizeOf(js, arguments[2], whole.size());
    const std::size_t room = sizeOf(js, arguments[3], whole.size() - offset);
    char *target = const_cast<char *>(whole.data()) + offset;
    const Encoding encoding = encodingOf(js, arguments[4]);
    if (room == 0) {
        arguments.GetReturnValue().Set(0);
        return;
    }
    if (encoding == Encoding::Utf8) {
        const int capacity = static_cast<int>(std::min<std::size_t>(room, 0x7FFFFFFF));
        arguments.GetReturnValue().Set(string->WriteUtf8(js.isolate, target, capacity, nullptr, v8::String::NO_NULL_TERMINATION | v8::String::REPLACE_INVALID_UTF8));
        return;
    }
    const std::string bytes = encoded(js, string, encoding);
    std::size_t count = std::min(bytes.size(), room);
    if (encoding == Encoding::Ucs2)
        count -= count % 2;
    std::memcpy(target, bytes.data(), count);
    arguments.GetReturnValue().Set(static_cast<double>(count));
}

/// bufferSlice(bytes, start, end, encoding): string, or undefined when it would be longer than V8's strings can be
void bufferSlice(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string_view whole = bytesOf(arguments[0]);
    const std::size_t start = sizeOf(js, arguments[1], whole.size());
    const std::size_t end = std::max(start, sizeOf(js, arguments[2], whole.size()));
    const Encoding encoding = encodingOf(js, arguments[3]);
    if (end - start > static_cast<std::size_t>(v8::String::kMaxLength))
        return;
    v8::Local<v8::String> text;
    const v8::TryCatch quiet(js.isolate);
    if (decoded(js, whole.substr(start, end - start), encoding).ToLocal(&text))
        arguments.GetReturnValue().Set(text);
}

/// bufferIndexOf(bytes, needle bytes, offset, forward, step): number, -1 when it is not there
void bufferIndexOf(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string_view whole = bytesOf(arguments[0]);
    const std::string_view needle = bytesOf(arguments[1]);
    std::size_t from = sizeOf(js, arguments[2], whole.size());
    const bool forward = arguments[3]->IsTrue();
    const std::size_t step = sizeOf(js, arguments[4], 2);
    std::size_t found = forward ? whole.find(needle, from) : whole.rfind(needle, from);
    while (step == 2 && found != std::string_view::npos && found % 2 != 0) {
        if (!forward && found == 0)
            found = std::string_view::npos;
        else
            found = forward ? whole.find(needle, found + 1) : whole.rfind(needle, found - 1);
    }
    arguments.GetReturnValue().Set(found == std::string_view::npos ? -1.0 : static_cast<double>(found));
}

/// bufferCompare(bytes, bytes): -1, 0 or 1
void bufferCompare(Arguments arguments)
{
    const int order = bytesOf(arguments[0]).compare(bytesOf(arguments[1]));
    arguments.GetReturnValue().Set(order < 0 ? -1 : order > 0 ? 1 : 0);
}

/// bufferSwap(bytes, width)
void bufferSwap(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string_view whole = bytesOf(arguments[0]);
    const std::size_t width = sizeOf(js, arguments[1], 8);
    auto *data = const_cast<char *>(whole.data());
    for (std::size_t i = 0; width > 1 && i + width <= whole.size(); i += width)
        std::reverse(data + i, data + i + width);
}

constexpr std::array<std::pair<const char *, bool (v8::Value::*)() const>, 20> brands = {{{"Proxy", &v8::Value::IsProxy}, {"Promise", &v8::Value::IsPromise},
    {"External", &v8::Value::IsExternal}, {"ModuleNamespaceObject", &v8::Value::IsModuleNamespaceObject}, {"ArgumentsObject", &v8::Value::IsArgumentsObject},
    {"GeneratorObject", &v8::Value::IsGeneratorObject}, {"GeneratorFunction", &v8::Value::IsGeneratorFunction}, {"AsyncFunction", &v8::Value::IsAsyncFunction},
    {"MapIterator", &v8::Value::IsMapIterator}, {"SetIterator", &v8::Value::IsSetIterator}, {"NativeError", &v8::Value::IsNativeError},
    {"Map", &v8::Value::IsMap}, {"Set", &v8::Value::IsSet}, {"WeakMap", &v8::Value::IsWeakMap}, {"WeakSet", &v8::Value::IsWeakSet},
    {"Date", &v8::Value::IsDate}, {"RegExp", &v8::Value::IsRegExp}, {"ArrayBuffer", &v8::Value::IsArrayBuffer},
    {"SharedArrayBuffer", &v8::Value::IsSharedArrayBuffer}, {"DataView", &v8::Value::IsDataView}}};

/// brandNames(): what the numbers of isBrand() stand for
void brandNames(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    std::vector<v8::Local<v8::Value>> names;
    for (const auto &[name, test] : brands)
        names.push_back(toJsName(js, name));
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, names.data(), names.size()));
}

/// isBrand(value, number): boolean; runs no code of the value
void isBrand(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::size_t number = sizeOf(js, arguments[1], brands.size());
    arguments.GetReturnValue().Set(number < brands.size() && ((*arguments[0])->*brands[number].second)());
}

/// promiseDetails(promise): [state 0 pending, 1 fulfilled, 2 rejected; result]
void promiseDetails(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!arguments[0]->IsPromise())
        return;
    const v8::Local<v8::Promise> promise = arguments[0].As<v8::Promise>();
    const v8::Promise::PromiseState state = promise->State();
    const bool pending = state == v8::Promise::kPending;
    std::array<v8::Local<v8::Value>, 2> parts{v8::Integer::New(js.isolate, pending ? 0 : state == v8::Promise::kFulfilled ? 1 : 2),
        pending ? v8::Local<v8::Value>(v8::Undefined(js.isolate)) : promise->Result()};
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, parts.data(), parts.size()));
}

/// proxyDetails(proxy): [target, handler], undefined when it is none
void proxyDetails(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!arguments[0]->IsProxy())
        return;
    const v8::Local<v8::Proxy> proxy = arguments[0].As<v8::Proxy>();
    std::array<v8::Local<v8::Value>, 2> parts{proxy->GetTarget(), proxy->GetHandler()};
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, parts.data(), parts.size()));
}

/// previewEntries(iterator): [entries, whether they are pairs]
void previewEntries(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    bool pairs = false;
    v8::Local<v8::Array> entries;
    if (!arguments[0]->IsObject() || !arguments[0].As<v8::Object>()->PreviewEntries(&pairs).ToLocal(&entries))
        return;
    std::array<v8::Local<v8::Value>, 2> parts{entries, v8::Boolean::New(js.isolate, pairs)};
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, parts.data(), parts.size()));
}

/// asyncFrame(): what setAsyncFrame() set where the code that runs now was begun or awaited
void asyncFrame(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    arguments.GetReturnValue().Set(WorkerState::of(js.isolate).asyncFrame(js));
}

/// setAsyncFrame(value)
void setAsyncFrame(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).setAsyncFrame(js, arguments[0]);
}

/// continuation(): all that follows the code that runs now through its awaits, for setContinuation(); undefined where V8 has lost it
void continuation(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    arguments.GetReturnValue().Set(js.context->GetContinuationPreservedEmbedderData());
}

/// setContinuation(value)
void setContinuation(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    js.context->SetContinuationPreservedEmbedderData(arguments[0]);
}

/// watchPromises(made, before, after): each is called with a promise, when it is made, and before and after a microtask of its
void watchPromises(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    js.context->SetPromiseHooks(arguments[0].As<v8::Function>(), arguments[1].As<v8::Function>(), arguments[2].As<v8::Function>(), {});
}

constexpr std::array natives = {
    Native{"bufferFrom", bufferFrom},
    Native{"bufferLength", bufferLength},
    Native{"bufferWrite", bufferWrite},
    Native{"bufferSlice", bufferSlice},
    Native{"bufferIndexOf", bufferIndexOf},
    Native{"bufferCompare", bufferCompare},
    Native{"bufferSwap", bufferSwap},
    Native{"brandNames", brandNames},
    Native{"isBrand", isBrand},
    Native{"promiseDetails", promiseDetails},
    Native{"proxyDetails", proxyDetails},
    Native{"previewEntries", previewEntries},
    Native{"asyncFrame", asyncFrame},
    Native{"setAsyncFrame", setAsyncFrame},
    Native{"continuation", continuation},
    Native{"setContinuation", setContinuation},
    Native{"watchPromises", watchPromises},
};

} // namespace

std::span<const Native> nodeNatives()
{
    return natives;
}

} // namespace cleat::runtime
