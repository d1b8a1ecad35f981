// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/resolve.h"

#include "core/session/pagesvariables.h"

#include <algorithm>

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

fs::path configFolder(const Options &options, const ConfigStore &store)
{
    return store.status() == ConfigStore::Status::Missing ? options.project : store.folder();
}

base::Result<fs::path> assetFolder(const Options &options, const ConfigStore &store)
{
    fs::path folder;
    if (options.directory) {
        folder = *options.directory;
    } else if (const auto &output = store.config().pagesBuildOutputDir) {
        folder = store.path().parent_path() / *output;
    } else {
        return base::fail("session.no-directory", "There is no directory to serve. Set pages_build_output_dir in " + store.path().filename().string()
                + ", or name the directory: cleat dev DIRECTORY.");
    }
    folder = folder.lexically_normal();
    std::error_code ec;
    if (!fs::is_directory(folder, ec))
        return base::fail("session.directory", "The directory to serve does not exist: " + folder.string() + ". Build the project first, or correct pages_build_output_dir.",
            {folder.string()});
    return folder;
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
    found.local = config::readLocalSecrets(configFolder(options, store), environment);
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

base::Result<Resolved> resolve(const Options &options, const ConfigStore &store, const SecretStore &secretStore, const std::string &projectName)
{
    if (store.status() == ConfigStore::Status::Broken)
        return std::unexpected(store.error());
    Resolved resolved;
    auto directory = assetFolder(options, store);
    if (!directory)
        return std::unexpected(directory.error());
    resolved.directory = std::move(*directory);
    resolved.state = stateFolder(options, store);
    runtime::Bindings &bindings = resolved.bindings;
    bindings.state = resolved.state;
    const config::BindingSet &set = store.config().effective(options.scope);

    resolved.secretFolder = configFolder(options, store);
    auto variables = variableInputs(options, store, secretStore, projectName, options.scope);
    if (!variables.local)
        return std::unexpected(variables.local.error());
    resolved.secretFiles = std::move(variables.local->files);
    for (config::Variable &variable : variableValues(variables.inputs)) {
        using Kind = runtime::Bindings::Variable::Kind;
        bindings.variables.push_back({std::move(variable.name), std::move(variable.value), variable.kind == config::Variable::Kind::Json ? Kind::Json : Kind::Text});
    }
    resolved.secrets = secretValues(variables.inputs);

    const auto bind = [&bindings](const config::Binding &binding) {
        if (binding.kind == config::Kind::KvNamespace)
            put(bindings.kv, runtime::Bindings::Kv{binding.name, *config::localId(binding)});
        else if (binding.kind == config::Kind::D1Database)
            put(bindings.d1, runtime::Bindings::D1{binding.name, *config::localId(binding)});
        else if (binding.kind == config::Kind::R2Bucket)
            put(bindings.r2, runtime::Bindings::R2{binding.name, *config::localId(binding)});
    };
    for (const auto &entry : set.bindings)
        bind(entry.value);
    for (const config::Binding &binding : options.bindings)
        bind(binding);
    return resolved;
}

} // namespace cleat::session
