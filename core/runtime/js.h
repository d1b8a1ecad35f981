// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <v8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace cleat::runtime {

/// The token of a function that may touch a V8 heap: made only on the isolate's thread, with the isolate entered and a handle scope open.
struct Js {
    v8::Isolate *isolate;
    v8::Local<v8::Context> context;
};

inline Js currentJs(v8::Isolate *isolate)
{
    return {isolate, isolate->GetCurrentContext()};
}

inline bool isAscii(std::string_view text)
{
    std::uint64_t all = 0;
    std::size_t at = 0;
    for (; at + 32 <= text.size(); at += 32) {
        std::uint64_t words[4];
        std::memcpy(words, text.data() + at, sizeof words);
        all |= words[0] | words[1] | words[2] | words[3];
    }
    for (; at < text.size(); ++at)
        all |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[at]));
    return (all & 0x8080808080808080U) == 0;
}

/// UTF-8 to a JavaScript string; bytes that are no UTF-8 become U+FFFD. Null only for a text beyond V8's string limit.
inline v8::Local<v8::Value> toJs(Js js, std::string_view text)
{
    v8::MaybeLocal<v8::String> made = isAscii(text)
        ? v8::String::NewFromOneByte(js.isolate, reinterpret_cast<const std::uint8_t *>(text.data()), v8::NewStringType::kNormal, static_cast<int>(text.size()))
        : v8::String::NewFromUtf8(js.isolate, text.data(), v8::NewStringType::kNormal, static_cast<int>(text.size()));
    v8::Local<v8::String> result;
    if (made.ToLocal(&result))
        return result;
    return v8::Null(js.isolate);
}

/// A name that is used again and again.
inline v8::Local<v8::String> toJsName(Js js, std::string_view text)
{
    v8::Local<v8::String> name;
    if (v8::String::NewFromUtf8(js.isolate, text.data(), v8::NewStringType::kInternalized, static_cast<int>(text.size())).ToLocal(&name))
        return name;
    return v8::String::Empty(js.isolate);
}

/// Of a string of two bytes a character: the same as UTF-8 when all of it is ASCII; else false. JSON.parse of V8 10 makes such strings of keys and of short values, whatever their characters, and JSON.stringify out of those.
inline bool narrow(Js js, v8::Local<v8::String> string, std::string &text)
{
    std::array<std::uint16_t, 4096> units;
    const int length = string->Length();
    unsigned all = 0;
    text.resize_and_overwrite(static_cast<std::size_t>(length), [&](char *data, std::size_t) {
        for (int at = 0; at < length && all < 0x80; at += static_cast<int>(units.size())) {
            const int count = string->Write(js.isolate, units.data(), at, std::min(length - at, static_cast<int>(units.size())), v8::String::NO_NULL_TERMINATION);
            for (int i = 0; i < count; ++i) {
                all |= units[static_cast<std::size_t>(i)];
                data[at + i] = static_cast<char>(units[static_cast<std::size_t>(i)]);
            }
        }
        return static_cast<std::size_t>(all < 0x80 ? length : 0);
    });
    return all < 0x80;
}

/// A JavaScript string as UTF-8; lone surrogates become U+FFFD. A value that is no string gives an empty text.
inline std::string toStd(Js js, v8::Local<v8::Value> value)
{
    if (value.IsEmpty() || !value->IsString())
        return {};
    const v8::Local<v8::String> string = value.As<v8::String>();
    std::string text;
    const int length = string->Length();
    if (string->IsOneByte()) {
        text.resize_and_overwrite(static_cast<std::size_t>(length), [&](char *data, std::size_t) { // the second is GCC 12's capacity, not the size
            string->WriteOneByte(js.isolate, reinterpret_cast<std::uint8_t *>(data), 0, length, v8::String::NO_NULL_TERMINATION);
            return static_cast<std::size_t>(length);
        });
        if (isAscii(text))
            return text;
    } else if (narrow(js, string, text)) {
        return text;
    }
    text.resize(static_cast<std::size_t>(string->Utf8Length(js.isolate)));
    string->WriteUtf8(js.isolate, text.data(), static_cast<int>(text.size()), nullptr,
        v8::String::NO_NULL_TERMINATION | v8::String::REPLACE_INVALID_UTF8);
    return text;
}

/// The same, but that lone surrogates keep their three bytes, as in workerd's streams of text.
inline std::string toStdAsIs(Js js, v8::Local<v8::String> string)
{
    std::string text(static_cast<std::size_t>(string->Utf8Length(js.isolate)), '\0');
    string->WriteUtf8(js.isolate, text.data(), static_cast<int>(text.size()), nullptr, v8::String::NO_NULL_TERMINATION);
    return text;
}

/// The Uint16Array behind one of Float16Array's arrays, which are proxies (js/language/float16array.js); empty for anything else.
v8::Local<v8::Value> float16Bits(v8::Local<v8::Value> value);

/// The bytes of an ArrayBuffer or a view of one. Valid until the heap is touched again; empty for anything else.
inline std::string_view bytesOf(v8::Local<v8::Value> value)
{
    if (value->IsArrayBufferView()) {
        const v8::Local<v8::ArrayBufferView> view = value.As<v8::ArrayBufferView>();
        const auto *data = static_cast<const char *>(view->Buffer()->Data());
        return data ? std::string_view(data + view->ByteOffset(), view->ByteLength()) : std::string_view();
    }
    if (value->IsArrayBuffer()) {
        const v8::Local<v8::ArrayBuffer> buffer = value.As<v8::ArrayBuffer>();
        return {static_cast<const char *>(buffer->Data()), buffer->ByteLength()};
    }
    if (value->IsProxy()) {
        const v8::Local<v8::Value> bits = float16Bits(value);
        return bits.IsEmpty() ? std::string_view() : bytesOf(bits);
    }
    return {};
}

/// A new ArrayBuffer with these bytes; empty handle and a pending RangeError when memory for buffers is used up.
inline v8::MaybeLocal<v8::ArrayBuffer> toArrayBuffer(Js js, std::string_view bytes)
{
    auto *allocator = js.isolate->GetArrayBufferAllocator();
    void *data = bytes.empty() ? nullptr : allocator->AllocateUninitialized(bytes.size());
    if (!bytes.empty() && !data) {
        js.isolate->ThrowException(v8::Exception::RangeError(toJsName(js, "Array buffer allocation failed")));
        return {};
    }
    if (data)
        std::memcpy(data, bytes.data(), bytes.size());
    auto store = v8::ArrayBuffer::NewBackingStore(
        data, bytes.size(),
        [](void *memory, std::size_t length, void *deleter) {
            if (memory)
                static_cast<v8::ArrayBuffer::Allocator *>(deleter)->Free(memory, length);
        },
        allocator);
    return v8::ArrayBuffer::New(js.isolate, std::move(store));
}

inline v8::MaybeLocal<v8::Value> toUint8Array(Js js, std::string_view bytes)
{
    v8::Local<v8::ArrayBuffer> buffer;
    if (!toArrayBuffer(js, bytes).ToLocal(&buffer))
        return {};
    return v8::Uint8Array::New(buffer, 0, bytes.size());
}

/// To be called before a TryCatch ends that may have met the end of the code's time or memory: that has to go on to the outermost caller.
inline void passTermination(Js js, const v8::TryCatch &caught)
{
    if (caught.HasTerminated())
        js.isolate->TerminateExecution();
}

inline void throwTypeError(Js js, std::string_view message)
{
    js.isolate->ThrowException(v8::Exception::TypeError(toJs(js, message).As<v8::String>()));
}

inline void throwError(Js js, std::string_view message)
{
    js.isolate->ThrowException(v8::Exception::Error(toJs(js, message).As<v8::String>()));
}

} // namespace cleat::runtime
