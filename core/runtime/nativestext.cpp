// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/runtime/legacytext.h"
#include "core/runtime/natives.h"

#include <array>
#include <cstring>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;

/// utf8Encode(string): Uint8Array
void utf8Encode(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    v8::Local<v8::Value> array;
    if (toUint8Array(js, toStd(js, arguments[0])).ToLocal(&array))
        arguments.GetReturnValue().Set(array);
}

/// utf8EncodeInto(string, Uint8Array): number of UTF-16 units read * 2^32 + bytes written
void utf8EncodeInto(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string_view target = bytesOf(arguments[1]);
    int read = 0;
    const int written = arguments[0].As<v8::String>()->WriteUtf8(js.isolate, const_cast<char *>(target.data()), static_cast<int>(target.size()), &read,
        v8::String::NO_NULL_TERMINATION | v8::String::REPLACE_INVALID_UTF8);
    arguments.GetReturnValue().Set(static_cast<double>(read) * 4294967296.0 + written);
}

/// utf8Decode(bytes, fatal): string, or undefined when fatal and malformed
void utf8Decode(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string_view bytes = bytesOf(arguments[0]);
    if (arguments[1]->IsTrue() && !base::isUtf8(bytes))
        return;
    arguments.GetReturnValue().Set(toJs(js, bytes));
}

/// utf16Decode(bytes, bigEndian): string; an odd byte at the end is left out
void utf16Decode(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string_view bytes = bytesOf(arguments[0]);
    std::u16string units(bytes.size() / 2, u'\0');
    if (!units.empty())
        std::memcpy(units.data(), bytes.data(), units.size() * 2);
    if (arguments[1]->IsTrue()) {
        for (char16_t &unit : units)
            unit = static_cast<char16_t>(unit << 8 | unit >> 8);
    }
    v8::Local<v8::String> text;
    if (v8::String::NewFromTwoByte(js.isolate, reinterpret_cast<const std::uint16_t *>(units.data()), v8::NewStringType::kNormal, static_cast<int>(units.size())).ToLocal(&text))
        arguments.GetReturnValue().Set(text);
}

/// latin1Decode(bytes): string, each byte a code point
void latin1Decode(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string_view bytes = bytesOf(arguments[0]);
    v8::Local<v8::String> text;
    if (v8::String::NewFromOneByte(js.isolate, reinterpret_cast<const std::uint8_t *>(bytes.data()), v8::NewStringType::kNormal, static_cast<int>(bytes.size())).ToLocal(&text))
        arguments.GetReturnValue().Set(text);
}

/// btoa(string): string, or undefined when a character is above U+00FF
void toBase64(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const v8::Local<v8::String> text = arguments[0].As<v8::String>();
    if (!text->ContainsOnlyOneByte())
        return;
    std::string bytes(static_cast<std::size_t>(text->Length()), '\0');
    text->WriteOneByte(js.isolate, reinterpret_cast<std::uint8_t *>(bytes.data()), 0, text->Length(), v8::String::NO_NULL_TERMINATION);
    arguments.GetReturnValue().Set(toJs(js, base::toBase64(base::asBytes(bytes))));
}

/// atob(string): string of bytes, or undefined when malformed ("forgiving-base64 decode" of the Infra standard)
void fromBase64(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    std::string text;
    for (const char c : toStd(js, arguments[0])) {
        if (c != ' ' && c != '\t' && c != '\n' && c != '\f' && c != '\r')
            text += c;
    }
    if (text.size() % 4 == 0 && text.ends_with('='))
        text.resize(text.size() - (text.ends_with("==") ? 2 : 1));
    if (text.find('=') != std::string::npos)
        return;
    const auto bytes = base::fromBase64(text);
    if (!bytes)
        return;
    v8::Local<v8::String> result;
    if (v8::String::NewFromOneByte(js.isolate, reinterpret_cast<const std::uint8_t *>(bytes->data()), v8::NewStringType::kNormal, static_cast<int>(bytes->size())).ToLocal(&result))
        arguments.GetReturnValue().Set(result);
}

/// legacyDecode(encoding, bytes, fatal, more, carry): string, or undefined when fatal and malformed. carry is a Float64Array: [bytes that have to come again, mode]
void legacyDecode(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string_view carried = bytesOf(arguments[4]);
    std::array<double, 2> carry{};
    if (carried.size() != sizeof carry)
        return;
    std::memcpy(carry.data(), carried.data(), sizeof carry);
    DecoderState state{.pending = 0, .mode = static_cast<unsigned>(carry[1])};
    const auto units = decodeText(
        toStd(js, arguments[0]), bytesOf(arguments[1]), arguments[3]->IsTrue() ? Piece::More : Piece::Last, arguments[2]->IsTrue() ? OnError::Fail : OnError::Replace, state);
    carry = {static_cast<double>(state.pending), static_cast<double>(state.mode)};
    std::memcpy(const_cast<char *>(carried.data()), carry.data(), sizeof carry);
    if (!units)
        return;
    v8::Local<v8::String> text;
    if (v8::String::NewFromTwoByte(js.isolate, reinterpret_cast<const std::uint16_t *>(units->data()), v8::NewStringType::kNormal, static_cast<int>(units->size())).ToLocal(&text))
        arguments.GetReturnValue().Set(text);
    else
        arguments.GetReturnValue().SetEmptyString();
}

constexpr std::array natives = {
    Native{"utf8Encode", utf8Encode},
    Native{"legacyDecode", legacyDecode},
    Native{"utf8EncodeInto", utf8EncodeInto},
    Native{"utf8Decode", utf8Decode},
    Native{"utf16Decode", utf16Decode},
    Native{"latin1Decode", latin1Decode},
    Native{"toBase64", toBase64},
    Native{"fromBase64", fromBase64},
};

} // namespace

std::span<const Native> textNatives()
{
    return natives;
}

} // namespace cleat::runtime
