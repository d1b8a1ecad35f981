// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/js.h"

#include <string>
#include <vector>

namespace cleat::runtime {

class Realm;

/// What a Realm's code may import: modules of the runtime ("cloudflare:workers", "node:buffer") and the parts that the bundler put beside the code
/// (WebAssembly, texts, bytes). Each is made when it is first asked for. The isolate's thread only.
class ModuleMap final
{
public:
    ModuleMap() = default;
    ModuleMap(const ModuleMap &) = delete;
    ModuleMap &operator=(const ModuleMap &) = delete;

    /// Sets what all contexts of an isolate need: import(), and who may generate code.
    static void attach(v8::Isolate *isolate);
    /// For v8::Module::InstantiateModule, in the current Realm.
    static v8::MaybeLocal<v8::Module> resolve(v8::Local<v8::Context> context, v8::Local<v8::String> specifier, v8::Local<v8::FixedArray> attributes,
        v8::Local<v8::Module> referrer);

private:
    struct Known {
        std::string name;
        v8::Global<v8::Module> module;
        v8::Global<v8::Array> exports; ///< name, value, ...; until they are set
    };

    v8::MaybeLocal<v8::Module> find(Js js, Realm &realm, const std::string &name, v8::Local<v8::FixedArray> attributes);
    v8::MaybeLocal<v8::Array> exportsOf(Js js, Realm &realm, const std::string &name);
    static v8::MaybeLocal<v8::Value> evaluate(v8::Local<v8::Context> context, v8::Local<v8::Module> module);
    static v8::MaybeLocal<v8::Promise> import(v8::Local<v8::Context> context, v8::Local<v8::Data> options, v8::Local<v8::Value> resource,
        v8::Local<v8::String> specifier, v8::Local<v8::FixedArray> attributes);

    static bool mayGenerateWasm(v8::Local<v8::Context> context, v8::Local<v8::String> source);

    std::vector<Known> m_known;
    bool m_compiles = false; ///< a part of the code, which may be compiled at any time
};

} // namespace cleat::runtime
