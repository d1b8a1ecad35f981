// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kvcommand.h"

#include "app/datacommand.h"
#include "core/base/bytes.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/bindings/kv/kvnamespace.h"
#include "core/data/kv/keybulk.h"
#include "core/data/kv/keyeditor.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <set>
#include <utility>

namespace cleat::app {

using base::Json;
using base::Result;
using bindings::kv::KvNamespace;

namespace {

using enum Flag::Takes;

constexpr Flag bindingFlag{"binding", "", Text, "NAME", "the binding of the namespace"};
constexpr Flag idFlag{"namespace-id", "", Text, "ID", "the id of the namespace"};
constexpr Flag previewFlag{"preview", "", Nothing, "", "the namespace of preview_id"};

/// The namespace that is meant, and how wrangler calls it.
struct Namespace {
    std::string id;
    std::string shown;
};

/// wrangler reads from the id of a binding unless --preview says otherwise, but asks before it writes.
enum class Use { Reads, Writes };

Result<Namespace> namespaceOf(const DataProject &project, const Arguments &arguments, Use use)
{
    const auto id = arguments.text("namespace-id");
    const auto binding = arguments.text("binding");
    if (id && binding)
        return wrongUsage("Say either --binding or --namespace-id, not both.");
    if (id && !id->empty())
        return Namespace{*id, "id: \"" + *id + '"'};
    if (!binding || binding->empty())
        return wrongUsage("Which namespace? Say --binding NAME or --namespace-id ID.");
    const auto preview = arguments.truth("preview");
    KvId which = preview ? (*preview ? KvId::Preview : KvId::Live) : KvId::Unsaid;
    auto found = kvNamespaceOf(project, *binding, which);
    // For reading, wrangler takes the id where there are both.
    if (!found && which == KvId::Unsaid && use == Use::Reads) {
        if (auto live = kvNamespaceOf(project, *binding, KvId::Live); live)
            found = std::move(live);
    }
    if (!found)
        return std::unexpected(std::move(found.error()));
    return Namespace{*found, "binding: \"" + *binding + "\" (id: \"" + *found + "\")"};
}

Result<void> say(const std::string &line)
{
    return print(line + '\n');
}

Result<void> putKey(const DataProject &project, const Arguments &arguments)
{
    const auto &values = arguments.positional();
    const auto path = arguments.text("path");
    if (path.has_value() == (values.size() > 1))
        return wrongUsage("Say either a value or --path FILE.");
    auto where = namespaceOf(project, arguments, Use::Writes);
    if (!where)
        return std::unexpected(std::move(where.error()));
    bindings::kv::PutOptions options;
    for (const auto &[flag, number] : {std::pair("ttl", &options.expirationTtl), std::pair("expiration", &options.expiration)}) {
        if (const auto text = arguments.text(flag)) {
            auto read = numberOf(flag, *text);
            if (!read)
                return std::unexpected(std::move(read.error()));
            *number = *read;
        }
    }
    std::string withMetadata;
    if (const auto text = arguments.text("metadata")) {
        const Json json = Json::parse(*text, nullptr, false);
        if (json.is_discarded())
            return wrongUsage("--metadata takes JSON, not \"" + *text + "\".");
        options.metadata = json.dump(-1, ' ', false, Json::error_handler_t::replace);
        withMetadata = " with metadata \"" + *options.metadata + '"';
    }
    std::string value;
    if (path) {
        auto read = base::readFile(project.path(*path));
        if (!read)
            return std::unexpected(std::move(read.error()));
        value = std::move(*read);
    } else {
        value = values[1];
    }
    const std::string what = path ? "Writing the contents of " + *path + " to the key \"" : "Writing the value \"" + value + "\" to key \"";
    if (auto put = KvNamespace(project.state, where->id).put(values[0], base::asBytes(value), options); !put)
        return put;
    return say(what + values[0] + "\" on namespace " + where->shown + withMetadata + '.');
}

Result<void> getKey(const DataProject &project, const Arguments &arguments)
{
    auto where = namespaceOf(project, arguments, Use::Reads);
    if (!where)
        return std::unexpected(std::move(where.error()));
    auto entry = KvNamespace(project.state, where->id).read(arguments.positional()[0]);
    if (!entry)
        return std::unexpected(std::move(entry.error()));
    if (!*entry)
        return say("Value not found");
    if (auto printed = print(*(*entry)->value); !printed)
        return printed;
    return arguments.truth("text").value_or(false) ? print("\n") : Result<void>();
}

/// As wrangler prints JSON: a JavaScript JSON.stringify(value, null, 2).
std::string pretty(const Json &json)
{
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

Result<void> listKeys(const DataProject &project, const Arguments &arguments)
{
    auto where = namespaceOf(project, arguments, Use::Reads);
    if (!where)
        return std::unexpected(std::move(where.error()));
    KvNamespace kv(project.state, where->id);
    bindings::kv::ListOptions options;
    options.prefix = arguments.text("prefix").value_or("");
    Json keys = Json::array();
    for (;;) {
        auto page = kv.list(options);
        if (!page)
            return std::unexpected(std::move(page.error()));
        for (const auto &key : page->keys) {
            Json entry{{"name", key.name}};
            if (key.expiration)
                entry["expiration"] = *key.expiration;
            if (key.metadata)
                entry["metadata"] = Json::parse(*key.metadata, nullptr, false);
            keys.push_back(std::move(entry));
        }
        if (page->complete)
            break;
        options.cursor = page->cursor;
    }
    return print(pretty(keys));
}

Result<void> deleteKey(const DataProject &project, const Arguments &arguments)
{
    auto where = namespaceOf(project, arguments, Use::Writes);
    if (!where)
        return std::unexpected(std::move(where.error()));
    const std::string &key = arguments.positional()[0];
    if (auto removed = KvNamespace(project.state, where->id).remove(key); !removed)
        return removed;
    return say("Deleting the key \"" + key + "\" on namespace " + where->shown + '.');
}

Result<void> putBulk(const DataProject &project, const Arguments &arguments)
{
    auto where = namespaceOf(project, arguments, Use::Writes);
    if (!where)
        return std::unexpected(std::move(where.error()));
    auto put = data::kv::importKeys(project.state, where->id, project.path(arguments.positional()[0]), {});
    if (!put)
        return std::unexpected(std::move(put.error()));
    return say("Success!");
}

/// The texts of a JSON array, or the names of its objects.
Result<std::vector<std::string>> keysIn(const std::filesystem::path &file)
{
    auto text = base::readFile(file);
    if (!text)
        return std::unexpected(std::move(text.error()));
    const Json json = Json::parse(*text, nullptr, false);
    if (!json.is_array())
        return base::fail("data.format", file.string() + " must hold a JSON array of keys.", {file.string()});
    std::vector<std::string> keys;
    for (const Json &item : json) {
        const Json *key = &item;
        if (item.is_object())
            key = item.contains("name") ? &item.at("name") : nullptr;
        if (!key || !key->is_string()) {
            return base::fail("data.format",
                "Entry " + std::to_string(keys.size() + 1) + " of " + file.string() + " must be a text, or an object with a \"name\".", {file.string()});
        }
        keys.push_back(key->get<std::string>());
    }
    return keys;
}

Result<void> getBulk(const DataProject &project, const Arguments &arguments)
{
    auto where = namespaceOf(project, arguments, Use::Reads);
    if (!where)
        return std::unexpected(std::move(where.error()));
    auto keys = keysIn(project.path(arguments.positional()[0]));
    if (!keys)
        return std::unexpected(std::move(keys.error()));
    KvNamespace kv(project.state, where->id);
    Json values = Json::object();
    for (const std::string &key : *keys) {
        auto entry = kv.read(key);
        if (!entry)
            return std::unexpected(std::move(entry.error()));
        values[key] = Json{{"value", *entry ? Json(*(*entry)->value) : Json()}};
    }
    return print(pretty(values));
}

Result<void> deleteBulk(const DataProject &project, const Arguments &arguments)
{
    auto where = namespaceOf(project, arguments, Use::Writes);
    if (!where)
        return std::unexpected(std::move(where.error()));
    const std::string &file = arguments.positional()[0];
    auto keys = keysIn(project.path(file));
    if (!keys)
        return std::unexpected(std::move(keys.error()));
    if (!arguments.truth("force").value_or(false)) {
        std::fprintf(stderr, "Delete all keys named in \"%s\" from the namespace %s? [y/N] ", file.c_str(), where->shown.c_str());
        const int answer = std::getchar();
        if (answer != 'y' && answer != 'Y')
            return say("Not deleting keys read from \"" + file + "\".");
    }
    auto removed = data::kv::KeyEditor(project.state, where->id).remove(*keys, {});
    if (!removed)
        return std::unexpected(std::move(removed.error()));
    return say("Success!");
}

Result<void> listNamespaces(const DataProject &project, const Arguments &)
{
    Json list = Json::array();
    std::set<std::string> seen;
    for (const auto &entry : project.bindings().bindings) {
        if (entry.value.kind != config::Kind::KvNamespace)
            continue;
        const auto add = [&](const std::string &id) {
            if (!id.empty() && seen.insert(id).second)
                list.push_back(Json{{"id", id}, {"title", entry.value.name}});
        };
        add(entry.value.value("id"));
        add(entry.value.value("preview_id"));
        add(*config::localId(entry.value));
    }
    return print(pretty(list));
}

std::vector<DataCommand> commands()
{
    const std::vector<Flag> which{bindingFlag, idFlag, previewFlag};
    const auto with = [&](std::initializer_list<Flag> more) {
        std::vector<Flag> all = which;
        all.insert(all.end(), more);
        return all;
    };
    return {
        {"key put", "<key> [value]", 1, 2, "Writes one key.",
            with({{"path", "", Text, "FILE", "takes the value from a file"}, {"ttl", "", Text, "SECONDS", "how long the key stays (60 or more)"},
                {"expiration", "", Text, "SECONDS", "until when the key stays, since 1970"}, {"metadata", "", Text, "JSON", "what to keep with the key"}}),
            putKey},
        {"key get", "<key>", 1, 1, "Prints the value of a key, byte for byte.", with({{"text", "", Nothing, "", "a newline behind the value"}}), getKey},
        {"key list", "", 0, 0, "Prints the keys with expiration and metadata, as JSON.", with({{"prefix", "", Text, "TEXT", "only keys that begin with it"}}),
            listKeys},
        {"key delete", "<key>", 1, 1, "Deletes a key.", which, deleteKey},
        {"bulk put", "<file>", 1, 1, "Writes the keys of a JSON file, all or none.", which, putBulk},
        {"bulk get", "<file>", 1, 1, "Prints the values of the keys that a JSON file names, as JSON.", which, getBulk},
        {"bulk delete", "<file>", 1, 1, "Deletes the keys that a JSON file names, all or none.", with({{"force", "f", Nothing, "", "does not ask"}}),
            deleteBulk},
        {"namespace list", "", 0, 0, "Prints the namespaces of the Wrangler file, as JSON.", {}, listNamespaces},
    };
}

} // namespace

int runKv(int argc, char **argv)
{
    return runDataCommand("kv", "The local data of KV namespaces, with wrangler's arguments:", commands(), argc, argv);
}

} // namespace cleat::app
