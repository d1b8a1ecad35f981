// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/resourcechoice.h"

#include "core/base/file.h"
#include "core/config/bindingkinds.h"
#include "core/config/discovery.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>
#include <vector>

namespace cleat::app {

namespace fs = std::filesystem;
using base::Result;
using config::Binding;

namespace {

std::string inQuotes(std::string_view text)
{
    return '"' + std::string(text) + '"';
}

Result<config::Scope> scopeOf(const std::optional<std::string> &environment)
{
    if (!environment || environment->empty())
        return config::Scope::TopLevel;
    if (*environment == "preview")
        return config::Scope::Preview;
    if (*environment == "production")
        return config::Scope::Production;
    return wrongUsage("--env takes preview or production, the environments of a Pages project, not " + inQuotes(*environment) + ".");
}

Result<std::optional<config::FoundFile>> wranglerFile(const Arguments &arguments, const fs::path &folder)
{
    const auto named = arguments.text("config");
    if (!named)
        return config::discoverWranglerFile(folder);
    const fs::path path = (folder / *named).lexically_normal();
    return config::FoundFile{path, std::nullopt, path};
}

Result<void> readConfig(DataProject &project)
{
    const auto text = base::readFile(*project.file);
    if (!text)
        return std::unexpected(text.error());
    auto config = config::readWranglerFile(*text, config::formOf(*project.file), project.file->string());
    if (!config)
        return std::unexpected(std::move(config.error()));
    project.config = std::move(*config);
    return {};
}

std::vector<const Binding *> bindingsOf(const DataProject &project, config::Kind kind)
{
    std::vector<const Binding *> found;
    for (const auto &entry : project.bindings().bindings) {
        if (entry.value.kind == kind)
            found.push_back(&entry.value);
    }
    return found;
}

/// What there is instead, for an error's message.
std::string choice(const DataProject &project, config::Kind kind)
{
    if (!project.file)
        return "There is no Wrangler file (wrangler.json, wrangler.jsonc or wrangler.toml), neither here nor in a folder above.";
    std::string names;
    for (const Binding *binding : bindingsOf(project, kind))
        names += (names.empty() ? "" : ", ") + inQuotes(binding->name);
    const std::string file = project.file->filename().string();
    return names.empty() ? file + " has none." : file + " has " + names + '.';
}

} // namespace

std::span<const Flag> dataFlags()
{
    using enum Flag::Takes;
    static constexpr std::array flags{
        Flag{"config", "c", Text, "FILE", "the Wrangler file"},
        Flag{"cwd", "", Text, "FOLDER", "the folder to work in, instead of the current one"},
        Flag{"env", "e", Text, "NAME", "the bindings of preview or production instead of the top level's"},
        Flag{"persist-to", "", Text, "FOLDER", "where local data are kept (.wrangler/state beside the Wrangler file)"},
        Flag{"local", "", Nothing, "", "local data; there are no others for Cleat"},
        Flag{"remote", "", Nothing, "", "refused: Cleat has no account"},
        Flag{"help", "h", Nothing, "", "this text"},
    };
    return flags;
}

Result<DataProject> findDataProject(const Arguments &arguments)
{
    if (arguments.truth("remote").value_or(false))
        return base::fail("data.remote", "Cleat has no account and works on local data alone: leave --remote out, or use wrangler for what is at Cloudflare.");
    DataProject project;
    std::error_code ec;
    project.folder = fs::absolute(arguments.text("cwd").value_or("."), ec).lexically_normal();
    if (ec || !fs::is_directory(project.folder, ec))
        return wrongUsage(inQuotes(arguments.text("cwd").value_or(".")) + " is not a folder that can be read.");
    auto scope = scopeOf(arguments.text("env"));
    if (!scope)
        return std::unexpected(std::move(scope.error()));
    project.scope = *scope;
    auto found = wranglerFile(arguments, project.folder);
    if (!found)
        return std::unexpected(std::move(found.error()));
    project.base = project.folder;
    fs::path beside = project.folder; // where .wrangler/state is
    if (*found) {
        project.file = (*found)->path;
        project.base = project.file->parent_path();
        if (auto read = readConfig(project); !read)
            return std::unexpected(std::move(read.error()));
        // Beside .wrangler/deploy/config.json, where there is no file of the user's.
        beside = (*found)->userFile ? (*found)->userFile->parent_path() : (*found)->redirectedFrom->parent_path().parent_path().parent_path();
    }
    const auto persistTo = arguments.text("persist-to");
    if (persistTo && persistTo->empty())
        return wrongUsage("--persist-to takes a folder, not an empty text.");
    project.state = persistTo ? project.path(*persistTo) : beside / ".wrangler" / "state";
    return project;
}

Result<std::string> kvNamespaceOf(const DataProject &project, std::string_view name, KvId which)
{
    const auto bindings = bindingsOf(project, config::Kind::KvNamespace);
    const auto found = std::ranges::find(bindings, name, &Binding::name);
    if (found == bindings.end())
        return base::fail(
            "data.binding", "No KV namespace is bound as " + inQuotes(name) + ": " + choice(project, config::Kind::KvNamespace) + " --namespace-id takes an id.");
    const Binding &binding = **found;
    const std::string live = binding.value("id");
    const std::string preview = binding.value("preview_id");
    if (which == KvId::Preview && preview.empty())
        return base::fail("data.binding", "The binding " + inQuotes(name) + " has no preview_id: leave --preview out, or give it one in the Wrangler file.");
    if (which == KvId::Live && live.empty() && !preview.empty())
        return base::fail("data.binding", "The binding " + inQuotes(name) + " has a preview_id and no id: call it with --preview.");
    if (which == KvId::Unsaid && !live.empty() && !preview.empty())
        return base::fail("data.binding", "The binding " + inQuotes(name) + " has an id and a preview_id: say --preview or --preview false.");
    if (which == KvId::Preview)
        return preview;
    return !live.empty() ? live : !preview.empty() ? preview : binding.name;
}

Result<const Binding *> d1DatabaseOf(const DataProject &project, std::string_view name)
{
    const auto bindings = bindingsOf(project, config::Kind::D1Database);
    for (const std::string_view field : {std::string_view(), std::string_view("database_name"), std::string_view("database_id")}) {
        const auto found =
            std::ranges::find_if(bindings, [&](const Binding *binding) { return name == (field.empty() ? binding->name : binding->value(field)); });
        if (found != bindings.end() && !name.empty())
            return *found;
    }
    return base::fail("data.binding", "No D1 database is called " + inQuotes(name) + ": " + choice(project, config::Kind::D1Database));
}

std::string r2BucketOf(const DataProject &project, std::string_view name)
{
    const auto bindings = bindingsOf(project, config::Kind::R2Bucket);
    const auto named = [&](const Binding *binding) {
        return name == binding->value("bucket_name") || name == binding->value("preview_bucket_name") || name == config::localId(*binding);
    };
    if (std::ranges::any_of(bindings, named))
        return std::string(name);
    const auto bound = std::ranges::find(bindings, name, &Binding::name);
    return bound == bindings.end() ? std::string(name) : config::localId(**bound).value_or(std::string(name));
}

} // namespace cleat::app
