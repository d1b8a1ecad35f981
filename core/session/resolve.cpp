// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/resolve.h"

#include "core/session/databasecheck.h"
#include "core/session/pagesvariables.h"

#include <QDateTime>
#include <QUuid>

#include <algorithm>
#include <chrono>
#include <span>

namespace cleat::session {

namespace fs = std::filesystem;

namespace {

template <typename Entry>
void put(std::vector<Entry> &list, Entry entry)
{
    const auto same = std::ranges::find_if(list, [&](const Entry &other) { return other.name == entry.name; });
    if (same != list.end())
        *same = std::move(entry);
    else
        list.push_back(std::move(entry));
}

bool isKnown(const SecretStore &store, config::Scope scope, const std::string &name)
{
    const std::vector<std::string> names = store.names(scope);
    return std::ranges::find(names, name) != names.end();
}

/// The binding of a Hyperdrive whose string names no password gets the one that the keychain holds for it.
template <typename Target>
runtime::Bindings::Hyperdrive hyperdriveWithPassword(Target &target, const config::Binding &binding, std::span<const config::LocalSecrets::Entry> local, const SecretStore *store, config::Scope scope)
{
    const std::string name = passwordSecret(binding.name);
    const std::string text = binding.value("localConnectionString");
    const bool kept = store && isKnown(*store, scope, name) && withPassword(text, "x") != text;
    if (!kept)
        return hyperdriveOf(binding, local, target.remarks, target.secrets);
    for (const auto &[known, value] : store->values(scope)) {
        if (known != name)
            continue;
        config::Binding whole = binding;
        whole.set("localConnectionString", withPassword(text, value.reveal()));
        return hyperdriveOf(whole, local, target.remarks, target.secrets);
    }
    const std::size_t said = target.remarks.size();
    runtime::Bindings::Hyperdrive made = hyperdriveOf(binding, local, target.remarks, target.secrets);
    if (made.problem.empty())
        return made; // a variable named another database
    made.problem = "The password of the Hyperdrive binding " + binding.name + " is in the system keychain, which could not be read. Unlock it and start again.";
    target.remarks.resize(said);
    target.remarks.push_back({events::Level::Warn, {"hyperdrive.keychain", made.problem, {}}});
    return made;
}

/// Passwords of databases are no variables: code gets them by its bindings alone.
void dropPasswords(std::vector<config::Variable> &variables, const SecretStore &store, config::Scope scope, const config::BindingSet &set)
{
    for (const auto &entry : set.bindings) {
        if (entry.value.kind != config::Kind::Hyperdrive || !isKnown(store, scope, passwordSecret(entry.value.name)))
            continue;
        std::erase_if(variables, [&](const config::Variable &variable) { return variable.name == passwordSecret(entry.value.name); });
    }
}

/// Resolved or ResolvedWorker.
template <typename Target>
void addBinding(Target &target, const config::Binding &binding, const std::string &version, std::span<const config::LocalSecrets::Entry> local, const SecretStore *store = nullptr,
    config::Scope scope = config::Scope::TopLevel)
{
    runtime::Bindings &bindings = target.bindings;
    if (binding.kind == config::Kind::KvNamespace)
        put(bindings.kv, runtime::Bindings::Kv{binding.name, *config::localId(binding)});
    else if (binding.kind == config::Kind::D1Database)
        put(bindings.d1, runtime::Bindings::D1{binding.name, *config::localId(binding)});
    else if (binding.kind == config::Kind::R2Bucket)
        put(bindings.r2, runtime::Bindings::R2{binding.name, *config::localId(binding)});
    else if (binding.kind == config::Kind::Queue)
        put(bindings.queues, runtime::Bindings::Queue{binding.name, *config::localId(binding)});
    else if (binding.kind == config::Kind::Vectorize)
        put(bindings.vectorize, runtime::Bindings::Vectorize{binding.name, binding.value("index_name")});
    else if (binding.kind == config::Kind::Hyperdrive)
        put(bindings.hyperdrives, hyperdriveWithPassword(target, binding, local, store, scope));
    else if (binding.kind == config::Kind::AnalyticsEngine)
        put(bindings.analytics, runtime::Bindings::Analytics{binding.name, *config::localId(binding)});
    else if (binding.kind == config::Kind::Ai)
        put(bindings.ai, runtime::Bindings::Ai{binding.name, {}}); // the provider is the session's business
    else if (binding.kind == config::Kind::Service)
        put(bindings.services, runtime::Bindings::Service{binding.name, binding.value("service"), binding.value("entrypoint"), binding.value("props")});
    else if (binding.kind == config::Kind::DurableObject)
        put(bindings.objects, runtime::Bindings::Objects{binding.name, binding.value("class_name"), binding.value("script_name")});
    else if (binding.kind == config::Kind::VersionMetadata)
        put(bindings.variables, runtime::Bindings::Variable{binding.name, version, runtime::Bindings::Variable::Kind::Json});
}

void putVariables(runtime::Bindings &bindings, std::vector<config::Variable> &&variables)
{
    using Kind = runtime::Bindings::Variable::Kind;
    for (config::Variable &variable : variables)
        bindings.variables.push_back({std::move(variable.name), std::move(variable.value), variable.kind == config::Variable::Kind::Json ? Kind::Json : Kind::Text});
}

void useLimits(runtime::Bindings &bindings, const config::RequestLimits &limits)
{
    bindings.cpuMs = limits.cpuMs;
    if (limits.subrequests)
        bindings.subrequests = static_cast<std::uint32_t>(*limits.subrequests);
}

fs::path configFolder(const Options &options, const ConfigStore &store)
{
    return store.status() == ConfigStore::Status::Missing ? options.project : store.folder();
}

base::Result<fs::path> assetFolder(const Options &options, const ConfigStore &store)
{
    fs::path folder;
    if (options.directory) {
        folder = *options.directory;
    } else if (options.proxyPort) {
        folder = options.project; // where a _worker.js may be
    } else if (const auto &output = store.config().pagesBuildOutputDir) {
        folder = store.path().parent_path() / *output;
    } else {
        return base::fail("session.no-directory", "There is no directory to serve. Set pages_build_output_dir in " + store.path().filename().string()
                + ", or name the directory: cleat dev DIRECTORY.");
    }
    folder = folder.lexically_normal();
    std::error_code ec;
    if (!fs::is_directory(folder, ec)) {
        const std::string mend = options.directory ? "name the right one." : "correct pages_build_output_dir.";
        if (fs::exists(folder, ec))
            return base::fail("session.directory", "What is to be served is not a directory: " + folder.string() + ". Name the directory that it is in, or " + mend, {folder.string()});
        return base::fail("session.directory", "The directory to serve does not exist: " + folder.string() + ". Build the project first, or " + mend, {folder.string()});
    }
    return folder;
}

/// Today in UTC, as compatibility dates are written.
std::string today()
{
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
    const auto digits = [](unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    return std::to_string(static_cast<int>(day.year())) + '-' + digits(static_cast<unsigned>(day.month())) + '-' + digits(static_cast<unsigned>(day.day()));
}

base::Result<runtime::Compatibility> compatibilityOf(const Options &options, const config::WranglerConfig &file)
{
    const config::BindingSet &own = file.set(options.scope);
    const std::string date = options.compatibilityDate ? *options.compatibilityDate : own.compatibilityDate.value_or(file.compatibilityDate.value_or(std::string()));
    const std::vector<std::string> &flags = !options.compatibilityFlags.empty() ? options.compatibilityFlags : own.compatibilityFlags ? *own.compatibilityFlags : file.compatibilityFlags;
    return runtime::Compatibility::resolve(date, flags, today());
}

} // namespace

fs::path stateFolder(const Options &options, const ConfigStore &store)
{
    return options.persistTo ? *options.persistTo : configFolder(options, store) / ".wrangler" / "state";
}

std::string environmentName(config::Scope scope)
{
    return scope == config::Scope::Preview ? "preview" : scope == config::Scope::Production ? "production" : "";
}

FoundVariables variableInputs(const Options &options, const ConfigStore &store, const SecretStore &secrets, const std::string &projectName, config::Scope scope)
{
    const std::string environment = environmentName(scope);
    FoundVariables found;
    found.local = config::readLocalSecrets(configFolder(options, store), environment, options.envFiles);
    VariableInputs &inputs = found.inputs;
    inputs.pages = pagesVariables(options.project, projectName);
    inputs.wrangler = store.config().effective(scope).variables;
    if (found.local)
        inputs.local = found.local->entries;
    inputs.keychainNames = secrets.names(scope);
    inputs.keychain = secrets.values(scope);
    inputs.flags = options.variables;
    return found;
}

std::string versionMetadata()
{
    const QString now = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs);
    return R"({"id":")" + QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString() + R"(","tag":"","timestamp":")" + now.toStdString() + "\"}";
}

base::Result<Resolved> resolve(const Options &options, const ConfigStore &store, const SecretStore &secretStore, const std::string &projectName, const std::string &version)
{
    if (store.status() == ConfigStore::Status::Broken)
        return std::unexpected(store.error());
    Resolved resolved;
    auto directory = assetFolder(options, store);
    if (!directory)
        return std::unexpected(directory.error());
    resolved.directory = std::move(*directory);
    if (!options.directory)
        resolved.proxyPort = options.proxyPort;
    resolved.state = stateFolder(options, store);
    runtime::Bindings &bindings = resolved.bindings;
    bindings.state = resolved.state;
    const config::BindingSet &set = store.config().effective(options.scope);
    auto compatibility = compatibilityOf(options, store.config());
    if (!compatibility)
        return std::unexpected(compatibility.error());
    bindings.compatibility = std::move(*compatibility);
    const config::WranglerConfig &file = store.config();
    useLimits(bindings, file.set(options.scope).limits.value_or(file.limits));
    if (options.cpuMs) // which stands above the file
        bindings.cpuMs.reset();

    resolved.secretFolder = configFolder(options, store);
    auto variables = variableInputs(options, store, secretStore, projectName, options.scope);
    if (!variables.local)
        return std::unexpected(variables.local.error());
    resolved.secretFiles = std::move(variables.local->files);
    std::vector<config::Variable> values = variableValues(variables.inputs);
    dropPasswords(values, secretStore, options.scope, set);
    putVariables(bindings, std::move(values));
    resolved.secrets = secretValues(variables.inputs);

    for (const auto &entry : set.bindings)
        addBinding(resolved, entry.value, version, variables.local->entries, &secretStore, options.scope);
    for (const config::Binding &binding : options.bindings)
        addBinding(resolved, binding, version, variables.local->entries, &secretStore, options.scope);
    // Pages has no migrations, which would tell: classes of the project's own have SQLite.
    for (const runtime::Bindings::Objects &objects : bindings.objects) {
        if (objects.worker.empty() || objects.worker == projectName)
            bindings.sqliteClasses.push_back(objects.className);
    }
    return resolved;
}

base::Result<ResolvedWorker> resolveWorker(const config::WranglerConfig &file, const fs::path &folder, const fs::path &state, const std::string &version)
{
    ResolvedWorker resolved;
    runtime::Bindings &bindings = resolved.bindings;
    bindings.state = state;
    bindings.staticFiles = runtime::Bindings::StaticFiles::None;
    auto compatibility = runtime::Compatibility::resolve(file.compatibilityDate.value_or(std::string()), file.compatibilityFlags, today());
    if (!compatibility)
        return std::unexpected(compatibility.error());
    bindings.compatibility = std::move(*compatibility);
    useLimits(bindings, file.limits);
    auto local = config::readLocalSecrets(folder, {}, {});
    if (!local)
        return std::unexpected(local.error());
    VariableInputs inputs;
    inputs.wrangler = file.topLevel.variables;
    inputs.local = local->entries;
    resolved.variables = variableSources(inputs);
    putVariables(bindings, variableValues(inputs));
    resolved.secrets = secretValues(inputs);
    for (const auto &entry : file.topLevel.bindings)
        addBinding(resolved, entry.value, version, local->entries);
    return resolved;
}

functions::NodeCompat nodeCompatOf(const runtime::Compatibility &compatibility)
{
    return compatibility.holds("nodejs_compat_v2") ? functions::NodeCompat::Full
        : compatibility.holds("nodejs_compat")     ? functions::NodeCompat::Prefixed
        : compatibility.holds("nodejs_als")        ? functions::NodeCompat::AsyncLocalStorage
                                                   : functions::NodeCompat::None;
}

runtime::Module moduleOf(const functions::Bundle &bundle)
{
    runtime::Module module;
    module.code = bundle.code;
    module.sourceMap = bundle.sourceMap;
    module.kind = bundle.kind == functions::Bundle::Kind::Worker ? runtime::Module::Kind::Worker : runtime::Module::Kind::Functions;
    for (const functions::BundlePart &part : bundle.parts) {
        using Kind = runtime::Module::Part::Kind;
        module.parts.push_back({part.name, part.kind == functions::BundlePart::Kind::Wasm ? Kind::Wasm : Kind::Data, part.bytes});
    }
    return module;
}

} // namespace cleat::session
