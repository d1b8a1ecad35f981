// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/natives.h"

#include "core/runtime/snapshot.h"

#include <array>
#include <vector>

namespace cleat::runtime {

namespace {

auto areas()
{
    return std::to_array<std::span<const Native>>({
        textNatives(),
        compressNatives(),
        systemNatives(),
        httpNatives(),
        fetchNatives(),
        webSocketNatives(),
        socketNatives(),
        linkNatives(),
        objectNatives(),
        spanNatives(),
        triggerNatives(),
        queueNatives(),
        objectStorageNatives(),
        objectSqlNatives(),
        vectorizeNatives(),
        analyticsNatives(),
        aiNatives(),
        hyperdriveNatives(),
        kvNatives(),
        d1Natives(),
        r2Natives(),
        cacheNatives(),
        languageNatives(),
        jsonNatives(),
        nodeNatives(),
        cryptoDigestNatives(),
        cryptoCipherNatives(),
        cryptoKeyNatives(),
        cryptoNumberNatives(),
        cryptoSignNatives(),
        htmlNatives(),
    });
}

} // namespace

v8::Local<v8::ObjectTemplate> nativeTemplate(v8::Isolate *isolate)
{
    const v8::Local<v8::ObjectTemplate> object = v8::ObjectTemplate::New(isolate);
    for (const auto area : areas()) {
        for (const Native &native : area)
            object->Set(isolate, native.name, v8::FunctionTemplate::New(isolate, native.callback, {}, {}, 0, v8::ConstructorBehavior::kThrow));
    }
    return object;
}

const std::intptr_t *externalReferences()
{
    static const std::vector<std::intptr_t> references = [] {
        std::vector<std::intptr_t> list;
        for (const auto area : areas()) {
            for (const Native &native : area)
                list.push_back(reinterpret_cast<std::intptr_t>(native.callback));
        }
        list.push_back(reinterpret_cast<std::intptr_t>(runtimeCodeResource()));
        list.push_back(0);
        return list;
    }();
    return references.data();
}

} // namespace cleat::runtime
