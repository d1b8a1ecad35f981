// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tomlreader.h"

#include "core/base/json.h"
#include "core/config/bindingkinds.h"
#include "core/config/fill.h"
#include "core/config/names.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace cleat::config {

namespace {

using toml::Node;

/// Thrown inside this file only; readDocument() turns it into an Error.
struct WrongType {
    std::size_t offset;
    std::string sentence;
};

std::string kindOf(const Node &node)
{
    switch (node.kind) {
    case Node::Kind::Table:
        return "a table";
    case Node::Kind::Array:
        return "a list";
    case Node::Kind::Scalar:
        break;
    }
    struct Words {
        std::string operator()(const std::string &) const { return "text"; }
        std::string operator()(std::int64_t) const { return "a number"; }
        std::string operator()(double) const { return "a number"; }
        std::string operator()(bool) const { return "true or false"; }
        std::string operator()(const toml::Date &) const { return "a date (put it in quotes)"; }
    };
    return std::visit(Words{}, node.scalar);
}

bool isOf(const Node &node, BindingField::Type type)
{
    switch (type) {
    case BindingField::Type::Text:
        return node.text() != nullptr;
    case BindingField::Type::Number:
        return node.kind == Node::Kind::Scalar && (std::holds_alternative<std::int64_t>(node.scalar) || std::holds_alternative<double>(node.scalar));
    case BindingField::Type::Truth:
        return node.kind == Node::Kind::Scalar && std::holds_alternative<bool>(node.scalar);
    case BindingField::Type::Any:
        return true;
    }
    return false;
}

std::string_view wordsOf(BindingField::Type type)
{
    switch (type) {
    case BindingField::Type::Text:
        return "text in quotes";
    case BindingField::Type::Number:
        return "a number";
    case BindingField::Type::Truth:
        return "true or false";
    case BindingField::Type::Any:
        break;
    }
    return "a value";
}

std::string sentenceStart(std::string text)
{
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = char(text[0] - 'a' + 'A');
    return text;
}

bool isProjectName(std::string_view name)
{
    const auto low = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    return !name.empty() && low(name[0]) && std::ranges::all_of(name, [&](char c) { return low(c) || c == '-'; });
}

bool isBucketName(std::string_view name)
{
    const auto alnum = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return name.size() >= 3 && name.size() <= 63 && alnum(name.front()) && alnum(name.back())
        && std::ranges::all_of(name, [&](char c) { return alnum(c) || c == '-'; });
}

class Reader final
{
public:
    Reader(const toml::Document &document, const std::string &path) : m_document(document), m_path(path) {}

    WranglerConfig run()
    {
        const Node &root = m_document.root;
        m_config.name = text(root, "name");
        m_config.pagesBuildOutputDir = text(root, "pages_build_output_dir");
        m_config.compatibilityDate = text(root, "compatibility_date");
        m_config.compatibilityFlags = texts(root, "compatibility_flags");
        project(root);
        keys(root, "");
        m_config.topLevel.present = true;
        scope(root, m_config.topLevel);
        environments(root);
        std::ranges::stable_sort(m_config.findings, {}, [](const Finding &f) { return std::pair(f.place.line, f.place.column); });
        return std::move(m_config);
    }

private:
    base::Place place(std::size_t offset) const { return m_document.place(offset, m_path); }

    void find(Finding::Severity severity, std::string code, std::size_t offset, std::string message)
    {
        m_config.findings.push_back({severity, std::move(code), std::move(message), place(offset)});
    }
    void error(std::string code, std::size_t offset, std::string message) { find(Finding::Severity::Error, std::move(code), offset, std::move(message)); }
    void warning(std::string code, std::size_t offset, std::string message) { find(Finding::Severity::Warning, std::move(code), offset, std::move(message)); }

    [[noreturn]] static void wrongType(const Node &node, std::string_view name, std::string_view wanted)
    {
        throw WrongType{node.begin, fill("{} must be {}, but is {}", name, wanted, kindOf(node))};
    }

    static std::optional<std::string> text(const Node &table, std::string_view key)
    {
        const Node *node = table.find(key);
        if (!node)
            return std::nullopt;
        if (!node->text())
            wrongType(*node, key, "text in quotes");
        return *node->text();
    }

    static std::vector<std::string> texts(const Node &table, std::string_view key)
    {
        std::vector<std::string> out;
        const Node *node = table.find(key);
        if (!node)
            return out;
        if (!node->isArray())
            wrongType(*node, key, "a list of texts");
        for (const auto &item : node->items) {
            if (!item->text())
                wrongType(*item, key, "a list of texts");
            out.push_back(*item->text());
        }
        return out;
    }

    void project(const Node &root)
    {
        if (!m_config.pagesBuildOutputDir) {
            m_config.findings.push_back({Finding::Severity::Warning, "pages.output-dir",
                                         "pages_build_output_dir is missing. Without it Cloudflare Pages ignores this file; add pages_build_output_dir = \"FOLDER\".",
                                         {m_path, 0, 0}});
        }
        if (m_config.name && !isProjectName(*m_config.name))
            error("project.name", root.find("name")->begin, "The project's name may hold only a to z, 0 to 9, - and _, and cannot begin with -.");
    }

    void keys(const Node &table, const std::string &within)
    {
        for (const Node::Entry &entry : table.members) {
            const std::size_t at = entry.node().begin;
            switch (keyUse(entry.name)) {
            case KeyUse::Everywhere:
                break;
            case KeyUse::TopLevelOnly:
                if (!within.empty())
                    warning("key.top-level-only", at, fill("{} has no effect in [{}]; it belongs at the top of the file.", entry.name, within));
                break;
            case KeyUse::Unsupported:
                if (entry.name == "main" && m_config.pagesBuildOutputDir)
                    error("key.unsupported", at, "main and pages_build_output_dir cannot stand together: the first is for Workers, the second for Pages.");
                else
                    error("key.unsupported", at, fill("Pages does not support {}.", entry.name));
                break;
            case KeyUse::Unknown:
                warning("key.unknown", at, fill("{} is not a key that Pages knows.", entry.name));
                break;
            }
        }
    }

    void environments(const Node &root)
    {
        const Node *env = root.find("env");
        if (!env)
            return;
        if (!env->isTable())
            wrongType(*env, "env", "a table");
        for (const Node::Entry &entry : env->members) {
            const bool preview = entry.name == "preview";
            if (!preview && entry.name != "production") {
                error("env.name", entry.node().begin,
                      fill("Pages knows only the environments production and preview, so [env.{}] is an error there.", entry.name));
                continue;
            }
            const std::string name = "env." + entry.name;
            if (!entry.node().isTable())
                wrongType(entry.node(), name, "a table");
            text(entry.node(), "compatibility_date");
            texts(entry.node(), "compatibility_flags");
            keys(entry.node(), name);
            BindingSet &set = preview ? m_config.preview : m_config.production;
            set.present = true;
            scope(entry.node(), set);
            notInherited(set, entry.node(), name);
        }
    }

    void notInherited(const BindingSet &set, const Node &table, const std::string &name)
    {
        std::string dropped;
        for (const TakenName &taken : m_config.topLevel.takenNames) {
            if (std::ranges::find(set.takenNames, taken.name, &TakenName::name) == set.takenNames.end())
                dropped += fill("{}{} ({})", dropped.empty() ? "" : ", ", taken.name, taken.kind);
        }
        if (!dropped.empty())
            warning("env.not-inherited", table.begin, fill("[{}] takes over no bindings from the top of the file. It lacks: {}.", name, dropped));
    }

    void scope(const Node &table, BindingSet &set)
    {
        for (const BindingKind &kind : bindingKinds()) {
            const Node *node = table.find(kind.key);
            if (!node)
                continue;
            const bool known = kind.key == "kv_namespaces";
            if (!kind.within.empty()) {
                if (!node->isTable()) {
                    error("field.type", node->begin, fill("{} must be a table, but is {}.", kind.key, kindOf(*node)));
                    continue;
                }
                for (const Node::Entry &entry : node->members) {
                    if (entry.name == "consumers" && kind.key == "queues")
                        error("key.unsupported", entry.node().begin, "Pages does not support queues.consumers; a Worker consumes the queue.");
                    else if (entry.name != kind.within)
                        warning("field.unknown", entry.node().begin, fill("{} has no field {}.", kind.key, entry.name));
                }
                node = node->find(kind.within);
                if (!node)
                    continue;
            }
            if (kind.form == BindingKind::Form::Single) {
                if (node->isTable())
                    entry(*node, kind, set);
                else
                    error("field.type", node->begin, fill("{} must be a table, but is {}.", kind.key, kindOf(*node)));
                continue;
            }
            if (!node->isArray()) {
                if (known)
                    wrongType(*node, kind.key, "a list of tables ([[kv_namespaces]])");
                error("field.type", node->begin, fill("{} must be a list of tables, but is {}.", kind.key, kindOf(*node)));
                continue;
            }
            for (const auto &item : node->items) {
                if (item->isTable())
                    entry(*item, kind, set);
                else if (known)
                    wrongType(*item, kind.key, "a list of tables ([[kv_namespaces]])");
                else
                    error("field.type", item->begin, fill("{} must be a list of tables, but holds {}.", kind.key, kindOf(*item)));
            }
        }
        if (const Node *vars = table.find("vars"))
            variables(*vars, set);
        names(set);
    }

    void entry(const Node &table, const BindingKind &kind, BindingSet &set)
    {
        const bool isKv = kind.key == "kv_namespaces";
        for (const BindingField &field : kind.fields) {
            const Node *node = table.find(field.name);
            if (!node) {
                if (field.required)
                    error("field.missing", table.begin, fill("{} needs the field {}{}.", sentenceStart(std::string(kind.words)), field.name,
                                                                    field.name == "script_name" ? " in Pages" : ""));
            } else if (!isOf(*node, field.type)) {
                if (isKv)
                    wrongType(*node, field.name, wordsOf(field.type));
                error("field.type", node->begin, fill("{} must be {}, but is {}.", field.name, wordsOf(field.type), kindOf(*node)));
            }
        }
        for (const Node::Entry &entry : table.members) {
            if (std::ranges::find(kind.fields, entry.name, &BindingField::name) == kind.fields.end())
                warning("field.unknown", entry.node().begin, fill("{} has no field {}.", sentenceStart(std::string(kind.words)), entry.name));
        }
        for (const std::string_view field : {"bucket_name", "preview_bucket_name"}) {
            const Node *node = kind.key == "r2_buckets" ? table.find(field) : nullptr;
            if (node && node->text() && !isBucketName(*node->text()))
                error("bucket.name", node->begin, "A bucket's name has 3 to 63 characters: a to z, 0 to 9 and -, with no - at its ends.");
        }
        const Node *name = table.find(kind.nameField);
        if (!name || !name->text())
            return;
        set.takenNames.push_back({*name->text(), std::string(kind.words), place(table.begin)});
        if (auto spelled = checkSpelling(*name->text()); !spelled)
            error(spelled.error().code, name->begin, spelled.error().message);
        if (isKv)
            set.kvNamespaces.push_back({{*name->text(), text(table, "id"), text(table, "preview_id")}, place(table.begin)});
    }

    void variables(const Node &vars, BindingSet &set)
    {
        if (!vars.isTable())
            wrongType(vars, "vars", "a table");
        for (const Node::Entry &entry : vars.members) {
            const Node &node = entry.node();
            set.takenNames.push_back({entry.name, "a variable", place(node.begin)});
            if (auto spelled = checkSpelling(entry.name); !spelled)
                error(spelled.error().code, node.begin, spelled.error().message);
            Variable variable{entry.name, Variable::Kind::Text, {}};
            if (const std::string *text = node.text()) {
                variable.value = *text;
            } else {
                variable.kind = Variable::Kind::Json;
                variable.value = json(node, entry.name).dump(-1, ' ', false, base::Json::error_handler_t::replace);
            }
            if (variable.value.size() > 5 * 1024)
                warning("vars.size", node.begin, fill("The value of {} is larger than 5 KB, which is the most that Pages takes.", entry.name));
            set.variables.push_back({std::move(variable), place(node.begin)});
        }
        std::ranges::stable_sort(set.variables, {}, [](const Placed<Variable> &v) { return std::pair(v.place.line, v.place.column); });
        if (set.variables.size() > 128)
            warning("vars.count", vars.begin, "There are more than 128 variables, which is the most that Pages takes (64 on the free plan).");
    }

    base::Json json(const Node &node, const std::string &variable)
    {
        switch (node.kind) {
        case Node::Kind::Table: {
            base::Json out = base::Json::object();
            for (const Node::Entry &entry : node.members)
                out.get_ref<base::Json::object_t &>().push_back({entry.name, json(entry.node(), variable)});
            return out;
        }
        case Node::Kind::Array: {
            base::Json out = base::Json::array();
            for (const auto &item : node.items)
                out.push_back(json(*item, variable));
            return out;
        }
        case Node::Kind::Scalar:
            break;
        }
        if (const auto *date = std::get_if<toml::Date>(&node.scalar)) {
            error("vars.date", node.begin, fill("The variable {} holds a TOML date, which Pages refuses; put it in quotes.", variable));
            return date->text;
        }
        if (const auto *number = std::get_if<double>(&node.scalar)) {
            if (!std::isfinite(*number)) {
                error("vars.number", node.begin, fill("The variable {} holds a number that JSON does not have (inf or nan).", variable));
                return nullptr;
            }
            return *number;
        }
        if (const auto *number = std::get_if<std::int64_t>(&node.scalar))
            return *number;
        if (const auto *truth = std::get_if<bool>(&node.scalar))
            return *truth;
        return std::get<std::string>(node.scalar);
    }

    void names(BindingSet &set)
    {
        const auto byPlace = [](const TakenName &n) { return std::pair(n.place.line, n.place.column); };
        std::ranges::stable_sort(set.takenNames, {}, byPlace);
        std::map<std::string_view, const TakenName *> seen;
        for (const TakenName &name : set.takenNames) {
            const auto [it, fresh] = seen.emplace(name.name, &name);
            if (fresh)
                continue;
            m_config.findings.push_back({Finding::Severity::Error, "binding.duplicate",
                                         fill("The name {} is used twice: by {} in line {} and by {} in line {}.", name.name, it->second->kind,
                                                     it->second->place.line, name.kind, name.place.line),
                                         name.place});
        }
    }

    const toml::Document &m_document;
    const std::string &m_path;
    WranglerConfig m_config;
};

} // namespace

const BindingSet &WranglerConfig::set(Scope scope) const
{
    switch (scope) {
    case Scope::TopLevel:
        return topLevel;
    case Scope::Preview:
        return preview;
    case Scope::Production:
        return production;
    }
    return topLevel;
}

const BindingSet &WranglerConfig::effective(Scope scope) const
{
    const BindingSet &own = set(scope);
    return own.present ? own : topLevel;
}

base::Result<WranglerConfig> readDocument(const toml::Document &document, const std::string &path)
{
    try {
        return Reader(document, path).run();
    } catch (const WrongType &wrong) {
        return toml::failAt(document.text, wrong.offset, path, wrong.sentence);
    }
}

base::Result<WranglerConfig> readWranglerToml(std::string_view text, const std::string &path)
{
    auto document = toml::parse(std::string(text), path);
    if (!document)
        return std::unexpected(std::move(document.error()));
    return readDocument(*document, path);
}

} // namespace cleat::config
