// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/linkserializer.h"

#include <cstdlib>

namespace cleat::runtime {

namespace {

class Writer final : public v8::ValueSerializer::Delegate
{
public:
    Writer(Js js, std::string &refused) : m_js(js), m_refused(refused), m_serializer(js.isolate, this) {}

    void ThrowDataCloneError(v8::Local<v8::String> message) override
    {
        m_refused = toStd(m_js, message);
        m_js.isolate->ThrowException(message);
    }
    v8::Maybe<bool> WriteHostObject(v8::Isolate *, v8::Local<v8::Object> object) override
    {
        if (object->InternalFieldCount() != 1 || !object->GetInternalField(0)->IsUint32()) {
            ThrowDataCloneError(toJsName(m_js, "An object of the runtime could not be cloned."));
            return v8::Nothing<bool>();
        }
        m_serializer.WriteUint32(object->GetInternalField(0).As<v8::Uint32>()->Value());
        return v8::Just(true);
    }
    v8::Maybe<std::uint32_t> GetSharedArrayBufferId(v8::Isolate *, v8::Local<v8::SharedArrayBuffer>) override
    {
        ThrowDataCloneError(toJsName(m_js, "A SharedArrayBuffer could not be cloned."));
        return v8::Nothing<std::uint32_t>();
    }
    v8::ValueSerializer &serializer() { return m_serializer; }

private:
    Js m_js;
    std::string &m_refused;
    v8::ValueSerializer m_serializer;
};

} // namespace

v8::MaybeLocal<v8::Object> linkPlaceholder(Js js, std::uint32_t index)
{
    const v8::Local<v8::ObjectTemplate> shape = v8::ObjectTemplate::New(js.isolate);
    shape->SetInternalFieldCount(1);
    v8::Local<v8::Object> object;
    if (!shape->NewInstance(js.context).ToLocal(&object))
        return {};
    object->SetInternalField(0, v8::Integer::NewFromUnsigned(js.isolate, index));
    return object;
}

std::optional<std::string> writeLinkMessage(Js js, v8::Local<v8::Value> head, v8::MaybeLocal<v8::Value> value, std::string &refused)
{
    v8::TryCatch caught(js.isolate);
    Writer writer(js, refused);
    v8::ValueSerializer &serializer = writer.serializer();
    serializer.WriteHeader();
    bool written = serializer.WriteValue(js.context, head).FromMaybe(false);
    v8::Local<v8::Value> given;
    if (written && value.ToLocal(&given))
        written = serializer.WriteValue(js.context, given).FromMaybe(false);
    if (!written) {
        if (caught.HasTerminated())
            passTermination(js, caught);
        else if (refused.empty())
            caught.ReThrow();
        return std::nullopt;
    }
    const auto [data, size] = serializer.Release();
    std::string bytes(reinterpret_cast<const char *>(data), size);
    std::free(data);
    return bytes;
}

class LinkReader::Private final : public v8::ValueDeserializer::Delegate
{
public:
    Private(Js js, const std::string &bytes) : m_deserializer(js.isolate, reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size(), this) {}

    v8::MaybeLocal<v8::Object> ReadHostObject(v8::Isolate *isolate) override
    {
        const Js js = currentJs(isolate);
        std::uint32_t index = 0;
        v8::Local<v8::Value> host;
        if (m_hosts.IsEmpty() || !m_deserializer.ReadUint32(&index) || !m_hosts->Get(js.context, index).ToLocal(&host) || !host->IsObject())
            return {};
        return host.As<v8::Object>();
    }

    v8::Local<v8::Array> m_hosts;
    v8::ValueDeserializer m_deserializer;
};

LinkReader::LinkReader(Js js, const std::string &bytes) : d(std::make_unique<Private>(js, bytes)) {}

LinkReader::~LinkReader() = default;

v8::MaybeLocal<v8::Value> LinkReader::head(Js js)
{
    if (!d->m_deserializer.ReadHeader(js.context).FromMaybe(false))
        return {};
    return d->m_deserializer.ReadValue(js.context);
}

v8::MaybeLocal<v8::Value> LinkReader::value(Js js, v8::Local<v8::Array> hosts)
{
    d->m_hosts = hosts;
    return d->m_deserializer.ReadValue(js.context);
}

} // namespace cleat::runtime
