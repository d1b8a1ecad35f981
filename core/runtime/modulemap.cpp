// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/modulemap.h"

#include "core/runtime/realm.h"
#include "core/runtime/wasmcode.h"
#include "core/runtime/workerstate.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace cleat::runtime {

namespace {

constexpr std::string_view bundleUrl = "file:///bundle/";

bool hasScheme(std::string_view name)
{
    return name.starts_with("node:") || name.starts_with("cloudflare:") || name.starts_with("cloudflare-internal:") || name.starts_with("workerd:");
}

/// As the registry of workerd before new_module_registry spells a name: a path below that of the main module.
std::string asPath(const std::string &name)
{
    if (hasScheme(name))
        return name;
    std::string path = std::filesystem::path("/" + name).lexically_normal().relative_path().generic_string();
    return path.empty() ? "." : path;
}

std::string asUrl(const std::string &name)
{
    if (hasScheme(name) || name.find("://") != std::string::npos)
        return name;
    return std::string(bundleUrl) + asPath(name);
}

v8::MaybeLocal<v8::Value> valueOf(Js js, const Module::Part &part)
{
    switch (part.kind) {
    case Module::Part::Kind::Text:
        return toJs(js, part.bytes);
    case Module::Part::Kind::Data: {
        v8::Local<v8::ArrayBuffer> buffer;
        if (!toArrayBuffer(js, part.bytes).ToLocal(&buffer))
            return {};
        return buffer;
    }
    case Module::Part::Kind::Wasm:
        break; // JavaScript compiles it: what V8's own function for it throws is lost when there is user code further out
    }
    return {};
}

} // namespace

bool ModuleMap::mayGenerateWasm(v8::Local<v8::Context>, v8::Local<v8::String>)
{
    if (compilingWasmModule())
        return true;
    WorkerState &state = WorkerState::of(v8::Isolate::GetCurrent());
    return state.realm().modules.m_compiles || (state.loading && state.realm().bindings->compatibility.holds("allow_eval_during_startup"));
}

void ModuleMap::attach(v8::Isolate *isolate)
{
    isolate->SetHostImportModuleDynamicallyCallback(import);
    isolate->SetAllowWasmCodeGenerationCallback(mayGenerateWasm);
}

v8::MaybeLocal<v8::Array> ModuleMap::exportsOf(Js js, Realm &realm, const std::string &name)
{
    const bool byUrl = realm.bindings->compatibility.holds("new_module_registry");
    const auto part = std::ranges::find_if(realm.module->parts, [path = asPath(name.substr(0, name.find('?')))](const Module::Part &candidate) { return asPath(candidate.name) == path; });
    std::array<v8::Local<v8::Value>, 2> arguments{toJs(js, name), v8::Undefined(js.isolate)};
    if (part != realm.module->parts.end()) {
        if (part->kind != Module::Part::Kind::Wasm) {
            v8::Local<v8::Value> value;
            if (!valueOf(js, *part).ToLocal(&value))
                return {};
            std::array<v8::Local<v8::Value>, 2> list{toJsName(js, "default"), value};
            return v8::Array::New(js.isolate, list.data(), list.size());
        }
        v8::Local<v8::ArrayBuffer> bytes;
        if (!toArrayBuffer(js, part->bytes).ToLocal(&bytes))
            return {};
        arguments[1] = bytes;
        m_compiles = true;
    }
    v8::Local<v8::Value> exports;
    const bool fine = realm.entry(Entry::ModuleExports)->Call(js.context, v8::Undefined(js.isolate), static_cast<int>(arguments.size()), arguments.data()).ToLocal(&exports);
    m_compiles = false;
    if (!fine)
        return {};
    if (exports->IsArray())
        return exports.As<v8::Array>();
    throwError(js, byUrl ? "Module not found: " + asUrl(name) : "No such module \"" + asPath(name) + "\".");
    return {};
}

v8::MaybeLocal<v8::Module> ModuleMap::find(Js js, Realm &realm, const std::string &name, v8::Local<v8::FixedArray> attributes)
{
    if (!attributes.IsEmpty() && attributes->Length() > 0 && realm.bindings->compatibility.holds("throw_on_unrecognized_import_assertion")) {
        throwError(js, "Unrecognized import attributes specified");
        return {};
    }
    const auto known = std::ranges::find(m_known, name, &Known::name);
    if (known != m_known.end())
        return known->module.Get(js.isolate);
    v8::Local<v8::Array> exports;
    if (!exportsOf(js, realm, name).ToLocal(&exports))
        return {};
    std::vector<v8::Local<v8::String>> names;
    for (std::uint32_t i = 0; i < exports->Length(); i += 2) {
        v8::Local<v8::Value> key;
        if (!exports->Get(js.context, i).ToLocal(&key))
            return {};
        names.push_back(key.As<v8::String>());
    }
    const v8::Local<v8::Module> module = v8::Module::CreateSyntheticModule(js.isolate, toJsName(js, name), names, evaluate);
    m_known.push_back({name, v8::Global<v8::Module>(js.isolate, module), v8::Global<v8::Array>(js.isolate, exports)});
    return module;
}

v8::MaybeLocal<v8::Module> ModuleMap::resolve(v8::Local<v8::Context> context, v8::Local<v8::String> specifier, v8::Local<v8::FixedArray> attributes,
    v8::Local<v8::Module>)
{
    const Js js{context->GetIsolate(), context};
    Realm &realm = WorkerState::of(js.isolate).realm();
    // V8 takes what is thrown in here anew for granted, and ends the program when a TryCatch further out has got it already.
    v8::TryCatch caught(js.isolate);
    const v8::MaybeLocal<v8::Module> module = realm.modules.find(js, realm, toStd(js, specifier), attributes);
    if (module.IsEmpty() && caught.HasCaught())
        caught.ReThrow();
    return module;
}

v8::MaybeLocal<v8::Value> ModuleMap::evaluate(v8::Local<v8::Context> context, v8::Local<v8::Module> module)
{
    const Js js{context->GetIsolate(), context};
    std::vector<Known> &list = WorkerState::of(js.isolate).realm().modules.m_known;
    const auto known = std::ranges::find_if(list, [&](const Known &candidate) { return candidate.module == module; });
    if (known == list.end()) {
        throwError(js, "A module was evaluated in code that it does not belong to.");
        return {};
    }
    const v8::Local<v8::Array> exports = known->exports.Get(js.isolate);
    known->exports.Reset();
    for (std::uint32_t i = 0; i + 1 < exports->Length(); i += 2) {
        v8::Local<v8::Value> key;
        v8::Local<v8::Value> value;
        if (!exports->Get(js.context, i).ToLocal(&key) || !exports->Get(js.context, i + 1).ToLocal(&value)
            || module->SetSyntheticModuleExport(js.isolate, key.As<v8::String>(), value).IsNothing())
            return {};
    }
    v8::Local<v8::Promise::Resolver> resolver;
    if (!v8::Promise::Resolver::New(context).ToLocal(&resolver) || resolver->Resolve(context, v8::Undefined(js.isolate)).IsNothing())
        return {};
    return resolver->GetPromise();
}

v8::MaybeLocal<v8::Promise> ModuleMap::import(v8::Local<v8::Context> context, v8::Local<v8::Data>, v8::Local<v8::Value>, v8::Local<v8::String> specifier,
    v8::Local<v8::FixedArray> attributes)
{
    const Js js{context->GetIsolate(), context};
    v8::Local<v8::Promise::Resolver> resolver;
    if (!v8::Promise::Resolver::New(context).ToLocal(&resolver))
        return {};
    v8::TryCatch caught(js.isolate);
    Realm &realm = WorkerState::of(js.isolate).realm();
    v8::Local<v8::Module> module;
    v8::Local<v8::Value> evaluated;
    const bool fine = realm.modules.find(js, realm, toStd(js, specifier), attributes).ToLocal(&module) && module->InstantiateModule(context, resolve).FromMaybe(false)
        && module->Evaluate(context).ToLocal(&evaluated);
    if (!fine) {
        if (caught.HasTerminated() || !caught.HasCaught()) {
            caught.ReThrow();
            return {};
        }
        const v8::Local<v8::Value> error = caught.Exception();
        caught.Reset();
        if (resolver->Reject(context, error).IsNothing())
            return {};
    } else if (resolver->Resolve(context, module->GetModuleNamespace()).IsNothing()) {
        return {};
    }
    return resolver->GetPromise();
}

} // namespace cleat::runtime
