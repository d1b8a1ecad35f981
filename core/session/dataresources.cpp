// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/dataresources.h"

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/bindings/analytics/dataset.h"
#include "core/bindings/durableobjects/objectfiles.h"
#include "core/bindings/durableobjects/objectids.h"
#include "core/bindings/queues/queuestore.h"
#include "core/bindings/vectorize/vectorindexes.h"
#include "core/config/devscript.h"
#include "core/session/objectdesk.h"
#include "core/storage/names.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <set>
#include <string_view>
#include <system_error>
#include <tuple>

namespace cleat::session {

namespace fs = std::filesystem;

namespace {

using Kind = DataResource::Kind;
using bindings::queues::QueueStore;

constexpr std::string_view defaultCache = "default";
constexpr std::string_view namedCacheFolder = "named_";

const storage::Layout &layoutOf(Kind kind)
{
    switch (kind) {
    case Kind::Kv:
        return storage::kvLayout;
    case Kind::R2:
        return storage::r2Layout;
    case Kind::D1:
        return storage::d1Layout;
    case Kind::Cache:
    case Kind::Queue: // these have no layout: see Collector::resource()
    case Kind::Objects:
    case Kind::Analytics:
    case Kind::Vectorize:
    case Kind::Models:
        break;
    }
    return storage::cacheLayout;
}

std::optional<Kind> kindOf(config::Kind kind)
{
    switch (kind) {
    case config::Kind::KvNamespace:
        return Kind::Kv;
    case config::Kind::R2Bucket:
        return Kind::R2;
    case config::Kind::D1Database:
        return Kind::D1;
    case config::Kind::Queue:
        return Kind::Queue;
    case config::Kind::AnalyticsEngine:
        return Kind::Analytics;
    case config::Kind::Vectorize:
        return Kind::Vectorize;
    case config::Kind::Ai:
        return Kind::Models;
    case config::Kind::DurableObject:
    case config::Kind::Hyperdrive:
    case config::Kind::Service:
    case config::Kind::MtlsCertificate:
    case config::Kind::Browser:
    case config::Kind::VersionMetadata:
        break;
    }
    return std::nullopt;
}

/// What the code of a binding reaches; of an index what the Wrangler file names, since a binding without a name reaches none.
std::optional<std::string> idOf(const config::Binding &binding)
{
    if (binding.kind == config::Kind::Ai)
        return "models";
    return binding.kind == config::Kind::Vectorize ? std::optional(binding.value("index_name")) : config::localId(binding);
}

/// Kinds whose names people choose, so that they say more than a binding's does.
bool isNamed(Kind kind)
{
    return kind == Kind::Queue || kind == Kind::Analytics || kind == Kind::Vectorize;
}

class Collector final
{
public:
    explicit Collector(const fs::path &state) : m_state(state) {}

    DataResource &resource(Kind kind, const std::string &id)
    {
        const auto [place, isNew] = m_found.try_emplace({kind, id});
        DataResource &resource = place->second;
        if (isNew && kind == Kind::Models) {
            resource.kind = kind;
            resource.id = id;
            resource.title = id;
            resource.state = m_state;
            resource.exists = true;
        } else if (isNew && isNamed(kind)) {
            resource.kind = kind;
            resource.id = id;
            resource.title = id;
            resource.state = m_state;
            if (kind == Kind::Queue)
                resource.file = QueueStore::fileOf(m_state);
            else if (kind == Kind::Vectorize)
                resource.file = bindings::vectorize::indexFile(m_state, id);
            else
                resource.file = bindings::analytics::datasetFile(m_state, id).value_or(fs::path());
            std::error_code error;
            resource.exists = kind != Kind::Queue && fs::is_regular_file(resource.file, error);
        } else if (isNew && kind == Kind::Objects) {
            const auto named = ObjectDesk::workerAndClass(id);
            resource.kind = kind;
            resource.id = id;
            resource.title = named ? named->second : id;
            resource.state = m_state;
            resource.file = bindings::durableobjects::objectFolder(m_state, id);
            resource.values = resource.file;
            resource.exists = holdsObjects(resource.file);
        } else if (isNew) {
            const storage::Layout &layout = layoutOf(kind);
            resource.kind = kind;
            resource.id = id;
            resource.title = id;
            resource.state = m_state;
            resource.file = storage::databaseFile(m_state, layout, id);
            if (kind != Kind::D1)
                resource.values = storage::blobFolder(m_state, layout, id);
            std::error_code error;
            resource.exists = fs::is_regular_file(resource.file, error);
        }
        return resource;
    }

    void use(const config::Binding &binding, std::optional<config::Scope> scope, const fs::path &projectFolder)
    {
        const auto kind = kindOf(binding.kind);
        const auto id = idOf(binding);
        if (!kind || !id || id->empty())
            return;
        DataResource &found = resource(*kind, *id);
        if (found.uses.empty() && !isNamed(*kind))
            found.title = binding.name;
        auto use = std::ranges::find(found.uses, binding.name, &DataResource::Use::binding);
        if (use == found.uses.end())
            use = found.uses.insert(found.uses.end(), {binding.name, {}});
        if (scope)
            use->scopes.push_back(*scope);
        if (*kind == Kind::D1 && !found.migrationsFolder) {
            const std::string folder = binding.value("migrations_dir");
            const std::string table = binding.value("migrations_table");
            found.migrationsFolder = (projectFolder / (folder.empty() ? "migrations" : folder)).lexically_normal();
            found.migrationsTable = table.empty() ? "d1_migrations" : table;
        }
    }

    /// Those that hold something; what cannot be read is told by the view of a queue.
    void lookIntoQueues()
    {
        const auto held = QueueStore(m_state, std::chrono::milliseconds(100)).queues(base::wallMs());
        if (!held)
            return;
        for (const QueueStore::Queue &queue : *held)
            resource(Kind::Queue, queue.name).exists = queue.counts.total() > 0;
    }

    void useObjects(const std::vector<ObjectNamespace> &namespaces)
    {
        for (const ObjectNamespace &one : namespaces) {
            DataResource &found = resource(Kind::Objects, bindings::durableobjects::uniqueKey(one.worker, one.className));
            found.uses = one.uses;
        }
    }

    /// What cannot be listed is told by the view of a namespace.
    void lookForObjects()
    {
        for (const std::string &key : bindings::durableobjects::listNamespaces(m_state).value_or(std::vector<std::string>())) {
            if (holdsObjects(bindings::durableobjects::objectFolder(m_state, key)))
                resource(Kind::Objects, key);
        }
    }

    void lookForNamed()
    {
        for (const std::string &name : bindings::analytics::datasets(m_state))
            resource(Kind::Analytics, name);
        std::error_code error;
        for (const auto &entry : fs::directory_iterator(bindings::vectorize::indexFile(m_state, "x").parent_path(), error)) {
            std::error_code ignored;
            if (entry.path().extension() == ".sqlite" && entry.is_regular_file(ignored))
                resource(Kind::Vectorize, entry.path().stem().string());
        }
    }

    /// What lies in the state folder: namespaces, buckets and caches by the folders of their values, databases by their files.
    void look()
    {
        std::error_code error;
        for (const Kind kind : {Kind::Kv, Kind::R2, Kind::Cache}) {
            const storage::Layout &layout = layoutOf(kind);
            for (const auto &entry : fs::directory_iterator(m_state / "v3" / layout.folder, error)) {
                std::error_code ignored;
                std::string name = entry.path().filename().string();
                if (!entry.is_directory(ignored) || name == layout.uniqueKey || name.starts_with('.') || knowsValues(entry.path()))
                    continue;
                if (kind == Kind::Cache && name.starts_with(namedCacheFolder))
                    name = "named:" + name.substr(namedCacheFolder.size());
                if (fs::is_regular_file(storage::databaseFile(m_state, layout, name), ignored))
                    resource(kind, name);
            }
        }
        std::set<fs::path> known;
        for (const auto &[key, found] : m_found)
            known.insert(found.file);
        for (const auto &entry : fs::directory_iterator(m_state / "v3" / storage::d1Layout.folder / storage::d1Layout.uniqueKey, error)) {
            std::error_code ignored;
            const fs::path &path = entry.path();
            if (path.extension() != ".sqlite" || path.stem() == "metadata" || known.contains(path) || !entry.is_regular_file(ignored))
                continue;
            DataResource &found = resource(Kind::D1, path.stem().string());
            found.file = path;
            found.exists = true;
        }
    }

    std::vector<DataResource> sorted()
    {
        std::vector<DataResource> all;
        for (auto &[key, found] : m_found)
            all.push_back(std::move(found));
        std::ranges::sort(all, {}, [](const DataResource &one) { return std::tuple(one.kind, one.uses.empty(), one.title, one.id); });
        return all;
    }

private:
    static bool holdsObjects(const fs::path &folder)
    {
        std::error_code error;
        for (auto i = fs::directory_iterator(folder, error); !error && i != fs::directory_iterator(); i.increment(error)) {
            if (i->path().extension() == ".sqlite" && i->path().stem() != "metadata")
                return true;
        }
        return false;
    }

    bool knowsValues(const fs::path &folder) const
    {
        return std::ranges::any_of(m_found, [&](const auto &item) { return item.second.values.parent_path() == folder; });
    }

    const fs::path &m_state;
    std::map<std::pair<Kind, std::string>, DataResource> m_found;
};

std::uint64_t folderBytes(const fs::path &folder, const std::stop_token &stop)
{
    std::uint64_t bytes = 0;
    std::error_code error;
    for (auto i = fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, error); !error && !stop.stop_requested() && i != fs::recursive_directory_iterator();
         i.increment(error)) {
        std::error_code ignored;
        if (i->is_regular_file(ignored)) {
            const auto size = i->file_size(ignored);
            bytes += ignored ? 0 : size;
        }
    }
    return bytes;
}

void searchStates(const fs::path &folder, int depth, std::set<fs::path> &found)
{
    std::error_code error;
    if (fs::is_directory(folder / ".wrangler" / "state" / "v3", error))
        found.insert(folder / ".wrangler" / "state");
    if (depth == 0)
        return;
    for (const auto &entry : fs::directory_iterator(folder, fs::directory_options::skip_permission_denied, error)) {
        std::error_code ignored;
        const std::string name = entry.path().filename().string();
        if (!name.starts_with('.') && name != "node_modules" && entry.is_directory(ignored) && !entry.is_symlink(ignored))
            searchStates(entry.path(), depth - 1, found);
    }
}

} // namespace

std::vector<DataResource> dataResources(
    const config::WranglerConfig &config, const std::vector<config::Binding> &extra, const fs::path &projectFolder, const fs::path &state,
    const std::vector<std::string> &queues, const std::vector<ObjectNamespace> &objects)
{
    Collector collector(state);
    for (const config::Scope scope : {config::Scope::TopLevel, config::Scope::Production, config::Scope::Preview}) {
        for (const auto &entry : config.set(scope).bindings)
            collector.use(entry.value, scope, projectFolder);
    }
    for (const config::Binding &binding : extra)
        collector.use(binding, std::nullopt, projectFolder);
    collector.resource(Kind::Cache, std::string(defaultCache));
    for (const std::string &queue : queues)
        collector.resource(Kind::Queue, queue);
    collector.useObjects(objects);
    collector.look();
    collector.lookIntoQueues();
    collector.lookForObjects();
    collector.lookForNamed();
    return collector.sorted();
}

std::optional<std::uint64_t> dataBytes(const DataResource &resource, std::stop_token stop)
{
    if (resource.kind == DataResource::Kind::Models)
        return std::nullopt;
    if (resource.kind == DataResource::Kind::Queue) {
        const auto counts = QueueStore(resource.state).counts(resource.id, base::wallMs());
        return counts ? std::optional(counts->bytes) : std::nullopt;
    }
    std::uint64_t bytes = resource.values.empty() ? 0 : folderBytes(resource.values, stop);
    if (stop.stop_requested())
        return std::nullopt;
    for (const char *suffix : {"", "-wal", "-shm"}) {
        std::error_code error;
        const auto size = fs::file_size(resource.file.string() + suffix, error);
        bytes += error ? 0 : size;
    }
    return bytes;
}

std::vector<fs::path> stateFolders(const fs::path &project, const fs::path &current)
{
    std::set<fs::path> found;
    searchStates(project, 3, found);
    if (const auto text = base::readFile(project / "package.json")) {
        for (const config::DevScript &script : config::findDevScripts(*text)) {
            for (std::size_t i = 0; i < script.words.size(); ++i) {
                constexpr std::string_view flag = "--persist-to";
                const std::string &word = script.words[i].text;
                std::string folder;
                if (word == flag && i + 1 < script.words.size() && !script.words[i + 1].expands)
                    folder = script.words[i + 1].text;
                else if (word.starts_with(std::string(flag) + '=') && !script.words[i].expands)
                    folder = word.substr(flag.size() + 1);
                if (!folder.empty())
                    found.insert((project / folder).lexically_normal());
            }
        }
    }
    std::error_code error;
    std::erase_if(found, [&](const fs::path &one) { return one == current || fs::equivalent(one, current, error); });
    return {found.begin(), found.end()};
}

} // namespace cleat::session
