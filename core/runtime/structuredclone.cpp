// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/structuredclone.h"

#include <cstdlib>
#include <memory>
#include <vector>

namespace cleat::runtime {

namespace {

class Delegate final : public v8::ValueSerializer::Delegate
{
public:
    explicit Delegate(v8::Isolate *isolate) : m_isolate(isolate) {}
    void ThrowDataCloneError(v8::Local<v8::String> message) override { m_isolate->ThrowException(message); }

private:
    v8::Isolate *m_isolate;
};

struct Freed {
    void operator()(std::uint8_t *data) const { std::free(data); }
};

} // namespace

v8::MaybeLocal<v8::Value> structuredClone(Js js, v8::Local<v8::Value> value, v8::Local<v8::Value> transfer)
{
    std::vector<v8::Local<v8::ArrayBuffer>> moved;
    if (transfer->IsArray()) {
        const v8::Local<v8::Array> list = transfer.As<v8::Array>();
        for (std::uint32_t i = 0; i < list->Length(); ++i) {
            v8::Local<v8::Value> item;
            if (!list->Get(js.context, i).ToLocal(&item))
                return {};
            if (!item->IsArrayBuffer() || !item.As<v8::ArrayBuffer>()->IsDetachable()) {
                js.isolate->ThrowException(toJsName(js, "A value in the transfer list cannot be transferred."));
                return {};
            }
            moved.push_back(item.As<v8::ArrayBuffer>());
        }
    }
    Delegate delegate(js.isolate);
    v8::ValueSerializer serializer(js.isolate, &delegate);
    serializer.WriteHeader();
    for (std::size_t i = 0; i < moved.size(); ++i)
        serializer.TransferArrayBuffer(static_cast<std::uint32_t>(i), moved[i]);
    bool written = false;
    if (!serializer.WriteValue(js.context, value).To(&written) || !written)
        return {};
    const auto [data, size] = serializer.Release();
    const std::unique_ptr<std::uint8_t, Freed> owned(data);

    v8::ValueDeserializer deserializer(js.isolate, data, size);
    for (std::size_t i = 0; i < moved.size(); ++i) {
        std::shared_ptr<v8::BackingStore> store = moved[i]->GetBackingStore();
        moved[i]->Detach();
        deserializer.TransferArrayBuffer(static_cast<std::uint32_t>(i), v8::ArrayBuffer::New(js.isolate, std::move(store)));
    }
    bool read = false;
    if (!deserializer.ReadHeader(js.context).To(&read) || !read)
        return {};
    return deserializer.ReadValue(js.context);
}

} // namespace cleat::runtime
