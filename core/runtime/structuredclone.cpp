// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/structuredclone.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

namespace cleat::runtime {

namespace {

class Writer final : public v8::ValueSerializer::Delegate
{
public:
    Writer(Js js, v8::Local<v8::Value> hosts, std::string &refused) : m_js(js), m_hosts(hosts), m_refused(refused), m_serializer(js.isolate, this) {}
    void ThrowDataCloneError(v8::Local<v8::String> message) override
    {
        m_refused = toStd(m_js, message);
        m_js.isolate->ThrowException(message);
    }
    v8::Maybe<bool> WriteHostObject(v8::Isolate *, v8::Local<v8::Object> object) override
    {
        v8::Local<v8::Value> host;
        if (!m_hosts->IsArray() || object->InternalFieldCount() != 1 || !object->GetInternalField(0)->IsUint32()
            || !m_hosts.As<v8::Array>()->Get(m_js.context, object->GetInternalField(0).As<v8::Uint32>()->Value()).ToLocal(&host)) {
            ThrowDataCloneError(toJsName(m_js, "An object of the runtime could not be cloned."));
            return v8::Nothing<bool>();
        }
        return m_serializer.WriteValue(m_js.context, host);
    }
    v8::Maybe<std::uint32_t> GetSharedArrayBufferId(v8::Isolate *, v8::Local<v8::SharedArrayBuffer>) override
    {
        ThrowDataCloneError(toJsName(m_js, "A SharedArrayBuffer could not be cloned."));
        return v8::Nothing<std::uint32_t>();
    }
    v8::ValueSerializer &serializer() { return m_serializer; }

private:
    Js m_js;
    v8::Local<v8::Value> m_hosts;
    std::string &m_refused;
    v8::ValueSerializer m_serializer;
};

class Reader final : public v8::ValueDeserializer::Delegate
{
public:
    Reader(Js js, const std::uint8_t *data, std::size_t size, v8::Local<v8::Value> revive)
        : m_js(js),
          m_revive(revive),
          m_deserializer(js.isolate, data, size, this)
    {}
    v8::MaybeLocal<v8::Object> ReadHostObject(v8::Isolate *) override
    {
        v8::Local<v8::Value> host;
        v8::Local<v8::Value> made;
        if (!m_revive->IsFunction() || !m_deserializer.ReadValue(m_js.context).ToLocal(&host))
            return {};
        const v8::Isolate::AllowJavascriptExecutionScope allowed(m_js.isolate); // only the runtime's own
        if (!m_revive.As<v8::Function>()->Call(m_js.context, v8::Undefined(m_js.isolate), 1, &host).ToLocal(&made) || !made->IsObject())
            return {};
        return made.As<v8::Object>();
    }
    v8::ValueDeserializer &deserializer() { return m_deserializer; }

private:
    Js m_js;
    v8::Local<v8::Value> m_revive;
    v8::ValueDeserializer m_deserializer;
};

struct Freed {
    void operator()(std::uint8_t *data) const { std::free(data); }
};

} // namespace

v8::MaybeLocal<v8::Value> structuredClone(
    Js js, v8::Local<v8::Value> value, v8::Local<v8::Value> transfer, v8::Local<v8::Value> hosts, v8::Local<v8::Value> revive, std::string &refused)
{
    std::vector<v8::Local<v8::ArrayBuffer>> moved;
    if (transfer->IsArray()) {
        const v8::Local<v8::Array> list = transfer.As<v8::Array>();
        for (std::uint32_t i = 0; i < list->Length(); ++i) {
            v8::Local<v8::Value> item;
            if (!list->Get(js.context, i).ToLocal(&item))
                return {};
            if (!item->IsArrayBuffer() || !item.As<v8::ArrayBuffer>()->IsDetachable()) {
                refused = "A value in the transfer list cannot be transferred.";
                return {};
            }
            const v8::Local<v8::ArrayBuffer> buffer = item.As<v8::ArrayBuffer>();
            if (buffer->WasDetached()) {
                refused = "An ArrayBuffer in the transfer list is detached already.";
                return {};
            }
            if (std::ranges::find(moved, buffer) != moved.end()) {
                refused = "An ArrayBuffer is in the transfer list twice.";
                return {};
            }
            moved.push_back(buffer);
        }
    }
    v8::TryCatch caught(js.isolate);
    Writer writer(js, hosts, refused);
    v8::ValueSerializer &serializer = writer.serializer();
    serializer.WriteHeader();
    for (std::size_t i = 0; i < moved.size(); ++i)
        serializer.TransferArrayBuffer(static_cast<std::uint32_t>(i), moved[i]);
    bool written = false;
    if (!serializer.WriteValue(js.context, value).To(&written) || !written) {
        // What user code threw (an accessor) goes on to the caller; what the serializer threw is told by `refused`.
        if (caught.HasTerminated())
            passTermination(js, caught);
        else if (refused.empty())
            caught.ReThrow();
        return {};
    }
    const auto [data, size] = serializer.Release();
    const std::unique_ptr<std::uint8_t, Freed> owned(data);
    if (std::ranges::any_of(moved, [](const auto &buffer) { return buffer->WasDetached(); })) { // an accessor did
        refused = "An ArrayBuffer in the transfer list is detached already.";
        return {};
    }

    Reader reader(js, data, size, revive);
    v8::ValueDeserializer &deserializer = reader.deserializer();
    for (std::size_t i = 0; i < moved.size(); ++i) {
        std::shared_ptr<v8::BackingStore> store = moved[i]->GetBackingStore();
        moved[i]->Detach();
        deserializer.TransferArrayBuffer(static_cast<std::uint32_t>(i), v8::ArrayBuffer::New(js.isolate, std::move(store)));
    }
    bool read = false;
    v8::Local<v8::Value> result;
    if (!deserializer.ReadHeader(js.context).To(&read) || !read || !deserializer.ReadValue(js.context).ToLocal(&result)) {
        if (caught.HasTerminated())
            passTermination(js, caught);
        else
            caught.ReThrow();
        return {};
    }
    return result;
}

} // namespace cleat::runtime
