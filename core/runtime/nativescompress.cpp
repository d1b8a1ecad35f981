// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/coder.h"
#include "core/runtime/natives.h"

#include <zlib.h>

#include <array>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;

int intOf(Js js, v8::Local<v8::Value> value)
{
    return value->Int32Value(js.context).FromMaybe(0);
}

/// A coder lives as long as the buffer that stands for it, which only the runtime's own code sees. Its length is the memory that the coder takes, so that V8 collects it in time.
v8::Local<v8::Value> handleOf(Js js, std::unique_ptr<Coder> coder)
{
    Coder *const raw = coder.release();
    auto store = v8::ArrayBuffer::NewBackingStore(
        raw, raw->weight(), [](void *data, std::size_t, void *) { delete static_cast<Coder *>(data); }, nullptr);
    return v8::ArrayBuffer::New(js.isolate, std::move(store));
}

Coder *coderOf(v8::Local<v8::Value> value)
{
    return value->IsArrayBuffer() ? static_cast<Coder *>(value.As<v8::ArrayBuffer>()->Data()) : nullptr;
}

/// zlibOpen(deflate, level, windowBits, memLevel, strategy, dictionary): a coder, or zlib's status
void zlibOpen(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const ZlibOptions options{intOf(js, arguments[1]), intOf(js, arguments[2]), intOf(js, arguments[3]), intOf(js, arguments[4]), std::string(bytesOf(arguments[5]))};
    int status = 0;
    auto coder = arguments[0]->IsTrue() ? makeDeflater(options, status) : makeInflater(options, status);
    if (coder)
        arguments.GetReturnValue().Set(handleOf(js, std::move(coder)));
    else
        arguments.GetReturnValue().Set(status);
}

/// brotliOpen(encode, [parameter, value, ...]): a coder, or undefined when a parameter is wrong
void brotliOpen(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    auto coder = arguments[0]->IsTrue() ? makeBrotliEncoder() : makeBrotliDecoder();
    const v8::Local<v8::Array> list = arguments[1].As<v8::Array>();
    for (std::uint32_t i = 0; i + 1 < list->Length(); i += 2) {
        v8::Local<v8::Value> parameter;
        v8::Local<v8::Value> value;
        if (!list->Get(js.context, i).ToLocal(&parameter) || !list->Get(js.context, i + 1).ToLocal(&value))
            return;
        if (!setBrotliParameter(*coder, intOf(js, parameter), value->Uint32Value(js.context).FromMaybe(0)))
            return;
    }
    arguments.GetReturnValue().Set(handleOf(js, std::move(coder)));
}

/// coderRun(coder, bytes, flush, limit): [Uint8Array, consumed, status, full]
void coderRun(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    Coder *const coder = coderOf(arguments[0]);
    if (!coder)
        return;
    const double wanted = arguments[3]->NumberValue(js.context).FromMaybe(0);
    const std::size_t limit = wanted >= 1 && wanted < 4e9 ? static_cast<std::size_t>(wanted) : 1;
    const Coder::Outcome outcome = coder->run(bytesOf(arguments[1]), intOf(js, arguments[2]), limit);
    v8::Local<v8::Value> output;
    if (!toUint8Array(js, outcome.output).ToLocal(&output))
        return;
    std::array<v8::Local<v8::Value>, 4> parts{output, v8::Number::New(js.isolate, static_cast<double>(outcome.consumed)), v8::Integer::New(js.isolate, outcome.status),
        v8::Boolean::New(js.isolate, outcome.full)};
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, parts.data(), parts.size()));
}

/// coderReset(coder): zlib's status
void coderReset(Arguments arguments)
{
    Coder *const coder = coderOf(arguments[0]);
    arguments.GetReturnValue().Set(coder ? coder->reset() : Z_STREAM_ERROR);
}

/// coderParams(coder, level, strategy): zlib's status
void coderParams(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    Coder *const coder = coderOf(arguments[0]);
    arguments.GetReturnValue().Set(coder ? coder->params(intOf(js, arguments[1]), intOf(js, arguments[2])) : Z_STREAM_ERROR);
}

/// coderMessage(coder): what the library says of the last failure
void coderMessage(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const Coder *const coder = coderOf(arguments[0]);
    arguments.GetReturnValue().Set(toJs(js, coder ? coder->message() : std::string()));
}

/// crc32(bytes, start): number
void checksum(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string_view bytes = bytesOf(arguments[0]);
    const uLong start = arguments[1]->Uint32Value(js.context).FromMaybe(0);
    arguments.GetReturnValue().Set(static_cast<std::uint32_t>(crc32_z(start, reinterpret_cast<const Bytef *>(bytes.data()), bytes.size())));
}

constexpr std::array natives = {
    Native{"zlibOpen", zlibOpen},
    Native{"brotliOpen", brotliOpen},
    Native{"coderRun", coderRun},
    Native{"coderReset", coderReset},
    Native{"coderParams", coderParams},
    Native{"coderMessage", coderMessage},
    Native{"crc32", checksum},
};

} // namespace

std::span<const Native> compressNatives()
{
    return natives;
}

} // namespace cleat::runtime
