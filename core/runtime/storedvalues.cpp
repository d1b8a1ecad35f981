// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/storedvalues.h"

#include <array>
#include <cstdlib>
#include <vector>

namespace cleat::runtime {

namespace {

// workerd's numbers of host objects (its SerializationTag).
enum class Kind : std::uint32_t { Headers = 4, Request = 5, Response = 6, DomException = 8, NativeError = 10, Blob = 15 };

constexpr unsigned char versionMark = 0xFF;
constexpr unsigned char ownVersion = 15; ///< that V8 10.2 writes, as workerd's V8 does
constexpr unsigned char latestVersion = 16; ///< that workerd reads; the same as 15 but for what is not stored here
constexpr std::uint32_t versionWithoutHeader = 13;

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
        v8::Local<v8::Value> parts;
        if (!m_hosts->IsArray() || object->InternalFieldCount() != 1 || !object->GetInternalField(0)->IsUint32()
            || !m_hosts.As<v8::Array>()->Get(m_js.context, object->GetInternalField(0).As<v8::Uint32>()->Value()).ToLocal(&parts) || !parts->IsArray()) {
            ThrowDataCloneError(toJsName(m_js, "An object of the runtime could not be cloned."));
            return v8::Nothing<bool>();
        }
        const v8::Local<v8::Array> list = parts.As<v8::Array>();
        for (std::uint32_t i = 0; i < list->Length(); ++i) {
            v8::Local<v8::Value> part;
            if (!list->Get(m_js.context, i).ToLocal(&part) || !writePart(part))
                return v8::Nothing<bool>();
        }
        return v8::Just(true);
    }
    v8::Maybe<std::uint32_t> GetSharedArrayBufferId(v8::Isolate *, v8::Local<v8::SharedArrayBuffer>) override
    {
        ThrowDataCloneError(toJsName(m_js, "A SharedArrayBuffer could not be cloned."));
        return v8::Nothing<std::uint32_t>();
    }
    v8::ValueSerializer &serializer() { return m_serializer; }

private:
    bool writePart(v8::Local<v8::Value> part)
    {
        if (part->IsUint32()) {
            m_serializer.WriteUint32(part.As<v8::Uint32>()->Value());
        } else if (part->IsString()) {
            const std::string text = toStd(m_js, part);
            m_serializer.WriteUint32(static_cast<std::uint32_t>(text.size()));
            m_serializer.WriteRawBytes(text.data(), text.size());
        } else if (part->IsArrayBufferView()) {
            const std::string_view bytes = bytesOf(part);
            m_serializer.WriteUint32(static_cast<std::uint32_t>(bytes.size()));
            m_serializer.WriteRawBytes(bytes.data(), bytes.size());
        } else if (v8::Local<v8::Value> value; part->IsArray() && part.As<v8::Array>()->Get(m_js.context, 0).ToLocal(&value)) {
            return m_serializer.WriteValue(m_js.context, value).FromMaybe(false);
        } else {
            return false;
        }
        return true;
    }

    Js m_js;
    v8::Local<v8::Value> m_hosts;
    std::string &m_refused;
    v8::ValueSerializer m_serializer;
};

class Reader final : public v8::ValueDeserializer::Delegate
{
public:
    Reader(Js js, std::string_view bytes, v8::Local<v8::Function> revive)
        : m_js(js), m_revive(revive), m_deserializer(js.isolate, reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size(), this)
    {}

    v8::MaybeLocal<v8::Object> ReadHostObject(v8::Isolate *) override
    {
        std::uint32_t kind = 0;
        if (!m_deserializer.ReadUint32(&kind))
            return {};
        std::vector<v8::Local<v8::Value>> parts{number(kind)};
        if (!readParts(kind, parts))
            return {};
        v8::Local<v8::Value> made;
        const v8::Isolate::AllowJavascriptExecutionScope allowed(m_js.isolate); // only the runtime's own
        if (!m_revive->Call(m_js.context, v8::Undefined(m_js.isolate), static_cast<int>(parts.size()), parts.data()).ToLocal(&made) || !made->IsObject())
            return {};
        return made.As<v8::Object>();
    }
    v8::ValueDeserializer &deserializer() { return m_deserializer; }

private:
    v8::Local<v8::Value> number(std::uint32_t value) const { return v8::Integer::NewFromUnsigned(m_js.isolate, value); }
    bool readParts(std::uint32_t kind, std::vector<v8::Local<v8::Value>> &parts)
    {
        switch (static_cast<Kind>(kind)) {
        case Kind::Headers:
            return readHeaders(parts);
        case Kind::Request: // URL, the other properties
            return readText(parts) && readProperties(parts);
        case Kind::Response: // body, the other properties
            return readValue(parts) && readProperties(parts);
        case Kind::DomException: // name, message, stack
            return readText(parts) && readText(parts) && readText(parts);
        case Kind::NativeError:
            return readError(parts);
        case Kind::Blob: // type, bytes
            return readText(parts) && readBytes(parts);
        }
        throwError(m_js, "It holds an object of a kind (" + std::to_string(kind) + ") that this runtime cannot read.");
        return false;
    }
    bool readNumber(std::vector<v8::Local<v8::Value>> &parts, std::uint32_t &value)
    {
        if (!m_deserializer.ReadUint32(&value))
            return false;
        parts.push_back(number(value));
        return true;
    }
    bool readText(std::vector<v8::Local<v8::Value>> &parts)
    {
        std::uint32_t length = 0;
        const void *data = nullptr;
        if (!m_deserializer.ReadUint32(&length) || !m_deserializer.ReadRawBytes(length, &data))
            return false;
        parts.push_back(toJs(m_js, std::string_view(static_cast<const char *>(data), length)));
        return true;
    }
    bool readBytes(std::vector<v8::Local<v8::Value>> &parts)
    {
        std::uint32_t length = 0;
        const void *data = nullptr;
        v8::Local<v8::Value> bytes;
        if (!m_deserializer.ReadUint32(&length) || !m_deserializer.ReadRawBytes(length, &data)
            || !toUint8Array(m_js, std::string_view(static_cast<const char *>(data), length)).ToLocal(&bytes))
            return false;
        parts.push_back(bytes);
        return true;
    }
    bool readProperties(std::vector<v8::Local<v8::Value>> &parts) { return readValue(parts) && parts.back()->IsObject(); }
    bool readValue(std::vector<v8::Local<v8::Value>> &parts)
    {
        v8::Local<v8::Value> value;
        if (!m_deserializer.ReadValue(m_js.context).ToLocal(&value))
            return false;
        parts.push_back(value);
        return true;
    }
    /// guard, then the number of a well-known name or the name itself, value, ...
    bool readHeaders(std::vector<v8::Local<v8::Value>> &parts)
    {
        std::uint32_t ignored = 0;
        std::uint32_t count = 0;
        if (!readNumber(parts, ignored) || !m_deserializer.ReadUint32(&count))
            return false;
        for (std::uint32_t i = 0; i < count; ++i) {
            std::uint32_t known = 0;
            if (!m_deserializer.ReadUint32(&known))
                return false;
            if (known != 0)
                parts.push_back(number(known));
            else if (!readText(parts))
                return false;
            if (!readText(parts))
                return false;
        }
        return true;
    }
    /// type, name or undefined, message, the other properties
    bool readError(std::vector<v8::Local<v8::Value>> &parts)
    {
        std::uint32_t type = 0;
        if (!readNumber(parts, type))
            return false;
        if (type != 0)
            parts.push_back(v8::Undefined(m_js.isolate));
        else if (!readValue(parts))
            return false;
        return readValue(parts) && readProperties(parts);
    }

    Js m_js;
    v8::Local<v8::Function> m_revive;
    v8::ValueDeserializer m_deserializer;
};

} // namespace

std::optional<std::string> writeStoredValue(Js js, v8::Local<v8::Value> value, v8::Local<v8::Value> hosts, std::string &refused)
{
    v8::TryCatch caught(js.isolate);
    Writer writer(js, hosts, refused);
    v8::ValueSerializer &serializer = writer.serializer();
    serializer.WriteHeader();
    if (!serializer.WriteValue(js.context, value).FromMaybe(false)) {
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

v8::MaybeLocal<v8::Value> readStoredValue(Js js, std::string_view bytes, v8::Local<v8::Function> revive)
{
    const bool headed = bytes.size() >= 2 && static_cast<unsigned char>(bytes[0]) == versionMark;
    std::string older;
    if (headed && static_cast<unsigned char>(bytes[1]) > ownVersion && static_cast<unsigned char>(bytes[1]) <= latestVersion) {
        older = bytes;
        older[1] = static_cast<char>(ownVersion);
        bytes = older;
    }
    if (!headed) {
        older = {static_cast<char>(versionMark), static_cast<char>(versionWithoutHeader)};
        older += bytes;
        bytes = older;
    }
    v8::TryCatch caught(js.isolate);
    Reader reader(js, bytes, revive);
    v8::ValueDeserializer &deserializer = reader.deserializer();
    const bool begun = deserializer.ReadHeader(js.context).FromMaybe(false);
    v8::Local<v8::Value> value;
    if (begun && deserializer.ReadValue(js.context).ToLocal(&value))
        return value;
    if (caught.HasTerminated())
        passTermination(js, caught);
    else if (caught.HasCaught())
        caught.ReThrow();
    else
        throwError(js, "Unable to deserialize cloned data.");
    return {};
}

} // namespace cleat::runtime
