// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/realm.h"

#include "core/base/bytes.h"
#include "core/bindings/hyperdrive/postgrescache.h"
#include "core/runtime/inspectortext.h"
#include "core/runtime/regexpliterals.h"
#include "core/runtime/workerstate.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <span>

namespace cleat::runtime {

namespace {

/// A name that leads nowhere, but for connect(), which knows it: as the reference makes them.
std::string hyperdriveHost()
{
    static thread_local std::random_device source;
    const std::array<std::uint32_t, 4> parts{source(), source(), source(), source()};
    return base::toHex(std::as_bytes(std::span(parts))) + ".hyperdrive.local";
}

constexpr std::array<const char *, static_cast<std::size_t>(Entry::Count)> entryNames = {
    "dispatch", "prepare", "install", "moduleExports", "bodyReady", "drained", "fetchHead", "fetchFailed", "uploadReady", "aborted", "describeError", "mirrorConsole", "promiseRejected", "socketEvent", "webSocketEvent", "linkEvent", "trigger", "objectEvent"};

} // namespace

std::shared_ptr<Realm> Realm::create(v8::Isolate *isolate, v8::Local<v8::Context> context)
{
    std::shared_ptr<Realm> realm(new Realm);
    const v8::HandleScope scope(isolate);
    if (context.IsEmpty())
        return nullptr;
    const v8::Context::Scope inside(context);
    const Js js{isolate, context};
    realm->m_isolate = isolate;
    realm->m_context.Reset(isolate, context);
    WorkerState::of(isolate).beginCurrent(js, {});

    v8::Local<v8::Value> table;
    if (!context->Global()->Get(context, toJsName(js, "__cleat")).ToLocal(&table) || !table->IsObject())
        return nullptr;
    for (std::size_t i = 0; i < entryNames.size(); ++i) {
        v8::Local<v8::Value> function;
        if (!table.As<v8::Object>()->Get(context, toJsName(js, entryNames[i])).ToLocal(&function) || !function->IsFunction())
            return nullptr;
        realm->m_entries[i].Reset(isolate, function.As<v8::Function>());
    }
    if (context->Global()->Delete(context, toJsName(js, "__cleat")).IsNothing())
        return nullptr;
    return realm;
}

Realm::~Realm()
{
    if (m_isolate)
        WorkerState::of(m_isolate).realmGone(*this);
}

void Realm::mirrorConsole(Mirror mirror)
{
    const v8::HandleScope scope(m_isolate);
    const v8::Local<v8::Context> inside = context();
    const v8::Context::Scope entered(inside);
    const v8::TryCatch quiet(m_isolate);
    v8::Local<v8::Value> argument = v8::Boolean::New(m_isolate, mirror == Mirror::On);
    v8::Local<v8::Value> ignored;
    if (!entry(Entry::MirrorConsole)->Call(inside, v8::Undefined(m_isolate), 1, &argument).ToLocal(&ignored))
        return; // only while the isolate is being terminated
}

base::Place Realm::original(int line, int column)
{
    if (!m_sourceMap)
        m_sourceMap.emplace(module->sourceMap, module->root);
    return m_sourceMap->original(line, column);
}

std::uint32_t Realm::placeNumber(int line, int column)
{
    const std::uint64_t key = static_cast<std::uint64_t>(static_cast<std::uint32_t>(line)) << 32 | static_cast<std::uint32_t>(column);
    const auto [found, isNew] = m_placeNumbers.try_emplace(key, 0);
    if (isNew) {
        base::Place place = original(line, column);
        if (place.line > 0) {
            found->second = static_cast<std::uint32_t>(m_places.size());
            m_places.push_back(std::move(place));
        }
    }
    return found->second;
}

std::uint32_t Realm::functionPlace(std::uint32_t handler, std::uint32_t nth, v8::Local<v8::Function> function)
{
    const auto [found, isNew] = m_functionPlaces.try_emplace(static_cast<std::uint64_t>(handler) << 32 | nth, 0);
    if (isNew && function->ScriptId() == m_scriptId) // V8 counts lines and columns from 0 here
        found->second = placeNumber(function->GetScriptLineNumber() + 1, function->GetScriptColumnNumber() + 1);
    return found->second;
}

void Realm::setSingle(std::uint32_t handler, std::uint32_t place)
{
    if (handler >= module->handlers.size())
        return;
    m_singles.resize(module->handlers.size());
    m_singles[handler] = place;
}

std::optional<std::uint32_t> Realm::single(std::uint32_t handler) const
{
    return handler < m_singles.size() ? m_singles[handler] : std::nullopt;
}

bool Realm::isMiddleware(std::uint32_t handler) const
{
    if (handler >= module->handlers.size())
        return false;
    const std::string_view file = module->handlers[handler].first;
    const std::size_t slash = file.rfind('/');
    const std::string_view name = file.substr(slash == std::string_view::npos ? 0 : slash + 1);
    return name.starts_with("_middleware.") || name.starts_with("_middleware_.");
}

std::string Realm::excerpt(const base::Place &place, int &first)
{
    if (!m_sourceMap)
        m_sourceMap.emplace(module->sourceMap, module->root);
    constexpr int around = 3;
    if (const std::string *content = m_sourceMap->content(place.file))
        return linesRound(*content, place.line, around, first);
    const std::filesystem::path file = std::filesystem::path(module->folder) / place.file;
    if (module->folder.empty() && file.is_relative())
        return {};
    constexpr std::uintmax_t most = 4U << 20;
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error) || std::filesystem::file_size(file, error) > most || error)
        return {};
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    return linesRound(text, place.line, around, first);
}

base::Error Realm::describe(Js js, v8::Local<v8::Value> error)
{
    WorkerState::of(js.isolate).tellDebuggers(js, error);
    base::Error described{"runtime.load", {}, {}};
    v8::Local<v8::Value> argument = error;
    v8::Local<v8::Value> result;
    const v8::TryCatch quiet(js.isolate);
    if (entry(Entry::DescribeError)->Call(js.context, v8::Undefined(js.isolate), 1, &argument).ToLocal(&result) && result->IsArray()) {
        const v8::Local<v8::Array> fields = result.As<v8::Array>(); // message, stack, file, line, column
        const auto at = [&](std::uint32_t i) { return fields->Get(js.context, i).FromMaybe(v8::Local<v8::Value>(v8::Undefined(js.isolate))); };
        described.message = toStd(js, at(0));
        described.place.file = toStd(js, at(2));
        described.place.line = at(3)->Int32Value(js.context).FromMaybe(0);
        described.place.column = at(4)->Int32Value(js.context).FromMaybe(0);
    }
    if (described.message.empty())
        described.message = "The code failed while it was loaded.";
    return described;
}

base::Error Realm::describe(Js js, v8::TryCatch &caught)
{
    if (caught.HasTerminated())
        return {"runtime.load", "The top level of the code ran into the time or memory limit while it was loaded. Move the work into a handler.", {}};
    base::Error error = describe(js, caught.Exception());
    if (error.place.line == 0 && !caught.Message().IsEmpty()) {
        const v8::Local<v8::Message> message = caught.Message();
        error.place = original(message->GetLineNumber(js.context).FromMaybe(0), message->GetStartColumn(js.context).FromMaybe(0) + 1);
    }
    return error;
}

base::Result<v8::Local<v8::Value>> Realm::runModule(Js js)
{
    v8::TryCatch caught(js.isolate);
    v8::Local<v8::Value> mapMark;
    if (!module->sourceMap.empty())
        mapMark = toJs(js, sourceMapMark(module->generation));
    v8::ScriptOrigin origin(js.isolate, toJsName(js, functionsScript), 0, 0, false, -1, mapMark, false, false, true);
    v8::Local<v8::Value> code = toJs(js, module->code);
    if (!code->IsString())
        return base::fail("runtime.load", "The bundled code is larger than V8 can take.");
    v8::Local<v8::Module> compiled;
    v8::Local<v8::Value> outcome;
    std::optional<RegExpLiterals> literals;
    bool fine = false;
    for (;;) {
        v8::ScriptCompiler::Source source(code.As<v8::String>(), origin);
        fine = v8::ScriptCompiler::CompileModule(js.isolate, &source).ToLocal(&compiled);
        const v8::Local<v8::Message> message = caught.Message();
        if (fine || message.IsEmpty() || !toStd(js, message->Get()).contains("Invalid regular expression"))
            break;
        if (!literals)
            literals.emplace(module->code);
        const auto replaced = literals->replace(message->GetLineNumber(js.context).FromMaybe(0), message->GetStartColumn(js.context).FromMaybe(0));
        if (!replaced)
            break;
        caught.Reset();
        code = toJs(js, *replaced);
    }
    if (fine)
        m_scriptId = compiled->ScriptId();
    if (!fine || compiled->InstantiateModule(js.context, ModuleMap::resolve).IsNothing() || !compiled->Evaluate(js.context).ToLocal(&outcome))
        return std::unexpected(describe(js, caught));
    js.isolate->PerformMicrotaskCheckpoint();
    if (caught.HasTerminated())
        return std::unexpected(describe(js, caught));
    if (compiled->GetStatus() == v8::Module::kErrored)
        return std::unexpected(describe(js, compiled->GetException()));
    if (outcome->IsPromise()) {
        const v8::Local<v8::Promise> promise = outcome.As<v8::Promise>();
        if (promise->State() == v8::Promise::kRejected)
            return std::unexpected(describe(js, promise->Result()));
        if (promise->State() == v8::Promise::kPending)
            return base::fail("runtime.load", "A top-level await never settles: the global scope of a Worker may not wait for input or output. Move it into a handler.");
    }
    if (module->kind == Module::Kind::Worker)
        return compiled->GetModuleNamespace();
    v8::Local<v8::Value> exported;
    if (!compiled->GetModuleNamespace().As<v8::Object>()->Get(js.context, toJsName(js, "default")).ToLocal(&exported))
        return std::unexpected(describe(js, caught));
    return exported;
}

bool Realm::prepare(Js js)
{
    std::uint32_t count = 0;
    const auto append = [&](const v8::Local<v8::Array> &list, v8::Local<v8::Value> value) { list->CreateDataProperty(js.context, count++, value).Check(); };
    const auto names = [&](const auto &bound) {
        const v8::Local<v8::Array> list = v8::Array::New(js.isolate);
        count = 0;
        for (const auto &binding : bound)
            append(list, toJs(js, binding.name));
        return list;
    };
    const v8::Local<v8::Array> flags = v8::Array::New(js.isolate);
    for (const auto &[name, holds] : bindings->compatibility.all()) {
        append(flags, toJsName(js, name));
        append(flags, v8::Boolean::New(js.isolate, holds));
    }
    const v8::Local<v8::Array> variables = v8::Array::New(js.isolate);
    count = 0;
    for (const auto &variable : bindings->variables) {
        append(variables, toJs(js, variable.name));
        append(variables, toJs(js, variable.value));
        append(variables, v8::Boolean::New(js.isolate, variable.kind == Bindings::Variable::Kind::Json));
    }
    const v8::Local<v8::Array> services = v8::Array::New(js.isolate);
    count = 0;
    for (const auto &service : bindings->services) {
        append(services, toJs(js, service.name));
        append(services, toJs(js, service.service));
    }
    const v8::Local<v8::Array> objects = v8::Array::New(js.isolate);
    count = 0;
    for (const auto &space : bindings->objects) {
        append(objects, toJs(js, space.name));
        append(objects, toJs(js, space.className));
        append(objects, toJs(js, space.worker));
    }
    const v8::Local<v8::Array> sqliteClasses = v8::Array::New(js.isolate);
    count = 0;
    for (const std::string &name : bindings->sqliteClasses)
        append(sqliteClasses, toJs(js, name));
    const v8::Local<v8::Array> hyperdrives = v8::Array::New(js.isolate);
    count = 0;
    for (const auto &hyperdrive : bindings->hyperdrives) {
        const auto &database = hyperdrive.database;
        const std::string host = hyperdriveHost();
        append(hyperdrives, toJs(js, hyperdrive.name));
        append(hyperdrives, toJs(js, hyperdrive.problem));
        for (const std::string &text : {connectionStringFor(database, host), host, database.user, database.password, database.name, database.scheme, database.host, database.authorities})
            append(hyperdrives, toJs(js, text));
        append(hyperdrives, v8::Integer::New(js.isolate, database.port));
        append(hyperdrives, v8::Integer::New(js.isolate, static_cast<int>(database.encryption)));
        append(hyperdrives, v8::Integer::NewFromUnsigned(js.isolate, hyperdrive.cacheSeconds));
    }
    const v8::Local<v8::Array> ais = v8::Array::New(js.isolate);
    count = 0;
    for (const auto &one : bindings->ai) {
        const auto &provider = one.provider;
        const v8::Local<v8::Array> models = v8::Array::New(js.isolate);
        const v8::Local<v8::Array> ports = v8::Array::New(js.isolate);
        std::uint32_t at = 0;
        for (const auto &[name, served] : provider.models) {
            models->CreateDataProperty(js.context, at++, toJs(js, name)).Check();
            models->CreateDataProperty(js.context, at++, toJs(js, served)).Check();
        }
        at = 0;
        for (const std::uint16_t port : provider.localPorts)
            ports->CreateDataProperty(js.context, at++, v8::Integer::New(js.isolate, port)).Check();
        append(ais, toJs(js, one.name));
        append(ais, v8::Integer::New(js.isolate, static_cast<int>(provider.kind)));
        append(ais, toJs(js, provider.baseUrl));
        append(ais, toJs(js, provider.account));
        append(ais, models);
        append(ais, v8::Boolean::New(js.isolate, !provider.recordings.empty()));
        append(ais, ports);
        append(ais, v8::Number::New(js.isolate, static_cast<double>(provider.stallMs)));
        append(ais, toJs(js, provider.problem));
    }
    std::array<v8::Local<v8::Value>, 14> arguments{flags, variables, names(kv), names(d1), names(r2), services,
        v8::Boolean::New(js.isolate, bindings->staticFiles == Bindings::StaticFiles::AsAssets), names(queues), objects, sqliteClasses, names(vectorize), hyperdrives, names(analytics), ais};
    v8::Local<v8::Value> ignored;
    return entry(Entry::Prepare)->Call(js.context, v8::Undefined(js.isolate), static_cast<int>(arguments.size()), arguments.data()).ToLocal(&ignored);
}

base::Result<void> Realm::load(Js js)
{
    v8::TryCatch caught(js.isolate);
    if (!prepare(js))
        return std::unexpected(describe(js, caught));
    v8::Local<v8::Value> files = v8::Object::New(js.isolate);
    if (!module->code.empty()) {
        const bool evalAllowed = bindings->compatibility.holds("allow_eval_during_startup");
        js.context->AllowCodeGenerationFromStrings(evalAllowed);
        auto exported = runModule(js);
        if (!exported)
            return std::unexpected(exported.error());
        files = *exported;
    }
    js.context->AllowCodeGenerationFromStrings(false);
    const v8::Local<v8::Array> handlers = v8::Array::New(js.isolate);
    std::uint32_t count = 0;
    for (const auto &[file, name] : module->handlers) {
        handlers->CreateDataProperty(js.context, count++, toJs(js, file)).Check();
        handlers->CreateDataProperty(js.context, count++, toJs(js, name)).Check();
    }
    std::array<v8::Local<v8::Value>, 3> arguments{files, handlers, v8::Boolean::New(js.isolate, module->kind == Module::Kind::Worker)};
    v8::Local<v8::Value> ignored;
    if (!entry(Entry::Install)->Call(js.context, v8::Undefined(js.isolate), static_cast<int>(arguments.size()), arguments.data()).ToLocal(&ignored))
        return std::unexpected(describe(js, caught));
    return {};
}

} // namespace cleat::runtime
