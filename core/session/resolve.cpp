// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/resolve.h"

#include "core/config/dotvars.h"
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
    return store.status() == ConfigStore::Status::Missing ? options.project : store.path().parent_path();
}

base::Result<fs::path> assetFolder(const Options &options, const ConfigStore &store)
{
    fs::path folder;
    if (options.directory) {
        folder = *options.directory;
    } else if (const auto &output = store.config().pagesBuildOutputDir) {
        folder = configFolder(options, store) / *output;
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

base::Result<Resolved> resolve(const Options &options, const ConfigStore &store, const std::string &projectName)
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

    for (const auto &[name, value] : pagesVariables(options.project, projectName))
        put(bindings.variables, runtime::Bindings::Variable{name, value});
    for (const auto &variable : set.variables) {
        put(bindings.variables,
            runtime::Bindings::Variable{variable.value.name, variable.value.value,
                variable.value.kind == config::Variable::Kind::Json ? runtime::Bindings::Variable::Kind::Json : runtime::Bindings::Variable::Kind::Text});
    }
    const char *environment = options.scope == config::Scope::Preview ? "preview" : options.scope == config::Scope::Production ? "production" : "";
    resolved.secretFolder = configFolder(options, store);
    auto secrets = config::readLocalSecrets(resolved.secretFolder, environment);
    if (!secrets)
        return std::unexpected(secrets.error());
    for (auto &[name, value] : secrets->values)
        put(bindings.variables, runtime::Bindings::Variable{name, value});
    resolved.secretFiles = std::move(secrets->files);
    for (const auto &[name, value] : options.variables)
        put(bindings.variables, runtime::Bindings::Variable{name, value});

    for (const auto &kv : set.kvNamespaces)
        put(bindings.kv, runtime::Bindings::Kv{kv.value.binding, kv.value.localId()});
    for (const auto &[name, id] : options.kvNamespaces)
        put(bindings.kv, runtime::Bindings::Kv{name, id});
    return resolved;
}

} // namespace cleat::session
