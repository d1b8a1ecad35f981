// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/configreader.h"

#include "core/base/json.h"
#include "core/config/bindingkinds.h"
#include "core/config/fill.h"
#include "core/config/names.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <span>
#include <utility>

namespace cleat::config {

namespace {

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
        std::string operator()(std::nullptr_t) const { return "null"; }
        std::string operator()(const Date &) const { return "a date (put it in quotes)"; }
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

/// Fields that wrangler takes, and that are no matter for the panel.
constexpr std::pair<std::string_view, std::string_view> otherFields[] = {
    {"r2_buckets", "local_dev"},         {"d1_databases", "jurisdiction"}, {"d1_databases", "migrations_pattern"},
    {"d1_databases", "database_internal_env"}, {"hyperdrive", "remote"},         {"analytics_engine_datasets", "remote"},
    {"durable_objects", "code_update_strategy"},
};

bool isOtherField(std::string_view key, std::string_view field)
{
    return std::ranges::find(otherFields, std::pair(key, field)) != std::end(otherFields);
}

using Type = BindingField::Type;
constexpr BindingField limitsFields[] = {{"cpu_ms", Type::Number}, {"subrequests", Type::Number}};
constexpr std::int64_t mostCpuMs = 300'000; // developers.cloudflare.com/workers/platform/limits
constexpr std::int64_t mostSubrequests = 10'000'000;
constexpr BindingField placementFields[] = {{"mode"}, {"hint"}, {"region"}, {"host"}, {"hostname"}};
constexpr BindingField devFields[] = {{"ip"}, {"port", Type::Number}, {"inspector_port", Type::Number}, {"inspector_ip"}, {"local_protocol"}, {"upstream_protocol"}, {"host"},
                                      {"enable_containers", Type::Truth}, {"container_engine", Type::Any}, {"generate_types", Type::Truth}};

/// YYYY-MM-DD, and a day that there is.
bool isDay(std::string_view text)
{
    constexpr std::string_view pattern = "0000-00-00";
    if (!std::ranges::equal(text, pattern, [](char c, char wanted) { return wanted == '0' ? c >= '0' && c <= '9' : c == wanted; }))
        return false;
    const auto number = [&](std::size_t at, std::size_t digits) {
        int value = 0;
        for (const char c : text.substr(at, digits))
            value = value * 10 + (c - '0');
        return value;
    };
    return std::chrono::year_month_day(std::chrono::year(number(0, 4)), std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                       std::chrono::day(static_cast<unsigned>(number(8, 2))))
        .ok();
}

class Reader final
{
public:
    Reader(const Document &document, const std::string &path) : m_document(document), m_path(path) {}

    WranglerConfig run()
    {
        const Node &root = m_document.root;
        m_config.name = text(root, "name");
        m_config.pagesBuildOutputDir = text(root, "pages_build_output_dir");
        m_config.compatibilityDate = text(root, "compatibility_date");
        m_config.compatibilityFlags = texts(root, "compatibility_flags");
        project(root);
        m_config.limits = runtime(root);
        settings(root, "dev", devFields);
        dev(root);
        keys(root, "");
        m_config.topLevel.present = true;
        scope(root, m_config.topLevel);
        environments(root);
        repeatedKeys();
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

    void wrongType(const Node &node, std::string_view name, std::string_view wanted)
    {
        error("key.type", node.begin, fill("{} must be {}, but is {}.", name, wanted, kindOf(node)));
    }

    std::optional<std::string> text(const Node &table, std::string_view key)
    {
        const Node *node = table.find(key);
        if (!node)
            return std::nullopt;
        if (const std::string *text = node->text())
            return *text;
        wrongType(*node, key, "text in quotes");
        return std::nullopt;
    }

    std::vector<std::string> texts(const Node &table, std::string_view key)
    {
        std::vector<std::string> out;
        const Node *node = table.find(key);
        if (!node)
            return out;
        if (!node->isArray())
            wrongType(*node, key, "a list of texts");
        for (const auto &item : node->items) {
            if (const std::string *text = item->text())
                out.push_back(*text);
            else
                wrongType(*item, key, "a list of texts");
        }
        return out;
    }

    void project(const Node &root)
    {
        if (!root.find("pages_build_output_dir")) {
            wholeFile(Finding::Severity::Warning, "pages.output-dir",
                      "pages_build_output_dir is missing. Without it Cloudflare Pages ignores this file; add it, with the folder that is to be served.");
        }
        if (m_config.name && !isProjectName(*m_config.name))
            error("project.name", root.find("name")->begin, "The project's name may hold only a to z, 0 to 9, - and _, and cannot begin with -.");
        // Without pages_build_output_dir it is no Pages file yet, and one finding is enough.
        if (!root.find("name") && root.find("pages_build_output_dir"))
            wholeFile(Finding::Severity::Error, "project.name-missing", "The project's name is missing. Pages refuses to deploy without it; add name.");
    }

    void wholeFile(Finding::Severity severity, std::string code, std::string message)
    {
        m_config.findings.push_back({severity, std::move(code), std::move(message), {m_path, 0, 0}});
    }

    void repeatedKeys()
    {
        for (const std::size_t offset : m_document.repeatedKeys) {
            std::size_t end = offset + 1;
            while (end < m_document.text.size() && m_document.text[end] != '"')
                end += m_document.text[end] == '\\' ? 2 : 1;
            const std::string key = m_document.text.substr(offset, end + 1 - offset);
            warning("key.repeated", offset, fill("The key {} stands a second time in its object; only the last one counts.", key));
        }
    }

    /// A number of `limits`, where it is one that Cloudflare takes.
    std::optional<std::int64_t> limit(const Node &table, std::string_view name, std::int64_t most)
    {
        const Node *node = table.at({"limits", name});
        if (!node || !isOf(*node, BindingField::Type::Number))
            return std::nullopt; // settings() has said so
        const auto *value = std::get_if<std::int64_t>(&node->scalar);
        if (value && *value >= 1 && *value <= most)
            return *value;
        error("field.value", node->begin, fill("limits.{} must be a whole number from 1 to {}.", name, std::to_string(most)));
        return std::nullopt;
    }

    /// What an environment may have of its own besides bindings; returns its limits.
    RequestLimits runtime(const Node &table)
    {
        const Node *date = table.find("compatibility_date");
        if (date && date->text() && !isDay(*date->text()))
            error("compatibility.date", date->begin, "compatibility_date must be a day written like 2026-11-01.");
        settings(table, "limits", limitsFields);
        RequestLimits limits{limit(table, "cpu_ms", mostCpuMs), limit(table, "subrequests", mostSubrequests)};
        settings(table, "placement", placementFields);
        const Node *mode = table.at({"placement", "mode"});
        if (mode && mode->text() && *mode->text() != "off" && *mode->text() != "smart" && *mode->text() != "targeted")
            error("field.value", mode->begin, "placement.mode must be off, smart or targeted.");
        return limits;
    }

    /// Fields of a table that is no binding.
    void settings(const Node &table, std::string_view key, std::span<const BindingField> fields)
    {
        const Node *node = table.find(key);
        if (!node)
            return;
        if (!node->isTable()) {
            wrongType(*node, key, "a table");
            return;
        }
        for (const Node::Entry &entry : node->members) {
            const auto field = std::ranges::find(fields, entry.name, &BindingField::name);
            if (field == fields.end())
                warning("field.unknown", entry.node().begin, fill("{} has no field {}.", key, entry.name));
            else if (!isOf(entry.node(), field->type))
                error("field.type", entry.node().begin, fill("{}.{} must be {}, but is {}.", key, entry.name, wordsOf(field->type), kindOf(entry.node())));
        }
    }

    void dev(const Node &root)
    {
        const auto number = [&](std::string_view name) -> std::optional<int> {
            const Node *node = root.at({"dev", name});
            if (!node || !isOf(*node, BindingField::Type::Number))
                return std::nullopt; // settings() has said so
            const auto *value = std::get_if<std::int64_t>(&node->scalar);
            if (value && *value >= 0 && *value <= 65535)
                return static_cast<int>(*value);
            error("field.value", node->begin, fill("dev.{} must be a whole number from 0 to 65535.", name));
            return std::nullopt;
        };
        const auto word = [&](std::string_view name) {
            const Node *node = root.at({"dev", name});
            return node && node->text() ? std::optional(*node->text()) : std::nullopt;
        };
        m_config.dev = {word("ip"), number("port"), number("inspector_port"), word("local_protocol")};
        if (const auto &protocol = m_config.dev.localProtocol; protocol && *protocol != "http" && *protocol != "https") {
            error("field.value", root.at({"dev", "local_protocol"})->begin, "dev.local_protocol must be http or https.");
            m_config.dev.localProtocol.reset();
        }
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
                    warning("key.top-level-only", at, fill("{} has no effect in {}; it belongs at the top of the file.", entry.name, within));
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
        if (!env->isTable()) {
            wrongType(*env, "env", "a table");
            return;
        }
        for (const Node::Entry &entry : env->members) {
            const bool preview = entry.name == "preview";
            if (!preview && entry.name != "production") {
                error("env.name", entry.node().begin,
                      fill("Pages knows only the environments production and preview, so env.{} is an error there.", entry.name));
                continue;
            }
            const std::string name = "env." + entry.name;
            if (!entry.node().isTable()) {
                wrongType(entry.node(), name, "a table");
                continue;
            }
            BindingSet &set = preview ? m_config.preview : m_config.production;
            set.compatibilityDate = text(entry.node(), "compatibility_date");
            std::vector<std::string> flags = texts(entry.node(), "compatibility_flags");
            if (entry.node().find("compatibility_flags"))
                set.compatibilityFlags = std::move(flags);
            const RequestLimits limits = runtime(entry.node());
            if (entry.node().find("limits"))
                set.limits = limits;
            keys(entry.node(), name);
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
            warning("env.not-inherited", table.begin, fill("{} takes over no bindings from the top of the file. It lacks: {}.", name, dropped));
    }

    void scope(const Node &table, BindingSet &set)
    {
        for (const BindingKind &kind : bindingKinds()) {
            const Node *node = table.find(kind.key);
            if (!node)
                continue;
            if (!kind.within.empty()) {
                if (!node->isTable()) {
                    error("field.type", node->begin, fill("{} must be a table, but is {}.", kind.key, kindOf(*node)));
                    continue;
                }
                for (const Node::Entry &entry : node->members) {
                    if (entry.name == "consumers" && kind.key == "queues")
                        error("key.unsupported", entry.node().begin, "Pages does not support queues.consumers; a Worker consumes the queue.");
                    else if (entry.name != kind.within && !isOtherField(kind.key, entry.name))
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
                error("field.type", node->begin, fill("{} must be a list of tables, but is {}.", kind.key, kindOf(*node)));
                continue;
            }
            for (const auto &item : node->items) {
                if (item->isTable())
                    entry(*item, kind, set);
                else
                    error("field.type", item->begin, fill("{} must be a list of tables, but holds {}.", kind.key, kindOf(*item)));
            }
        }
        if (const Node *vars = table.find("vars"))
            variables(*vars, set);
        std::ranges::stable_sort(set.bindings, {}, [](const Placed<Binding> &b) { return std::pair(b.place.line, b.place.column); });
        names(set);
    }

    void entry(const Node &table, const BindingKind &kind, BindingSet &set)
    {
        for (const BindingField &field : kind.fields) {
            const Node *node = table.find(field.name);
            if (!node) {
                if (field.required)
                    error("field.missing", table.begin, fill("{} needs the field {}{}.", sentenceStart(kind.words), field.name,
                                                                    field.name == "script_name" ? " in Pages" : ""));
            } else if (!isOf(*node, field.type)) {
                error("field.type", node->begin, fill("{} must be {}, but is {}.", field.name, wordsOf(field.type), kindOf(*node)));
            } else if (node->text() && node->text()->empty() && field.name != kind.nameField && field.type == Type::Text) {
                error("field.text", node->begin, fill("{} is empty. Give it a value, or take it out.", field.name));
            } else if (field.name == "delivery_delay") {
                warning("field.deprecated", node->begin, "delivery_delay has no effect any more; it is set for the queue itself.");
            }
        }
        for (const Node::Entry &entry : table.members) {
            if (std::ranges::find(kind.fields, entry.name, &BindingField::name) == kind.fields.end() && !isOtherField(kind.key, entry.name))
                warning("field.unknown", entry.node().begin, fill("{} has no field {}.", sentenceStart(kind.words), entry.name));
        }
        for (const std::string_view field : {"bucket_name", "preview_bucket_name"}) {
            const Node *node = kind.key == "r2_buckets" ? table.find(field) : nullptr;
            if (node && node->text() && !node->text()->empty() && !isBucketName(*node->text()))
                error("bucket.name", node->begin, "A bucket's name has 3 to 63 characters: a to z, 0 to 9 and -, with no - at its ends.");
        }
        const Node *name = table.find(kind.nameField);
        if (!name || !name->text())
            return;
        set.takenNames.push_back({*name->text(), std::string(kind.words), place(table.begin)});
        if (auto spelled = checkSpelling(*name->text()); !spelled)
            error(spelled.error().code, name->begin, spelled.error().message);
        Binding binding{kind.kind, *name->text(), {}};
        for (const Node::Entry &entry : table.members) {
            if (entry.name != kind.nameField)
                binding.fields.push_back(field(entry.name, entry.node(), Dates::AsText));
        }
        set.bindings.push_back({std::move(binding), place(table.begin)});
    }

    void variables(const Node &vars, BindingSet &set)
    {
        if (!vars.isTable()) {
            wrongType(vars, "vars", "a table");
            return;
        }
        for (const Node::Entry &entry : vars.members) {
            const Node &node = entry.node();
            set.takenNames.push_back({entry.name, "a variable", place(node.begin)});
            if (auto spelled = checkSpelling(entry.name); !spelled)
                error(spelled.error().code, node.begin, spelled.error().message);
            Variable variable = field(entry.name, node, Dates::Refused);
            if (variable.value.size() > 5 * 1024)
                warning("vars.size", node.begin, fill("The value of {} is larger than 5 KB, which is the most that Pages takes.", entry.name));
            set.variables.push_back({std::move(variable), place(node.begin)});
        }
        std::ranges::stable_sort(set.variables, {}, [](const Placed<Variable> &v) { return std::pair(v.place.line, v.place.column); });
        if (set.variables.size() > 128)
            warning("vars.count", vars.begin, "There are more than 128 variables, which is the most that Pages takes (64 on the free plan).");
    }

    enum class Dates { AsText, Refused };

    Field field(const std::string &name, const Node &node, Dates dates)
    {
        if (const std::string *text = node.text())
            return {name, Field::Kind::Text, *text};
        if (const auto *date = std::get_if<Date>(&node.scalar); date && node.kind == Node::Kind::Scalar && dates == Dates::AsText)
            return {name, Field::Kind::Text, date->text};
        return {name, Field::Kind::Json, json(node, name, dates).dump(-1, ' ', false, base::Json::error_handler_t::replace)};
    }

    base::Json json(const Node &node, const std::string &name, Dates dates)
    {
        switch (node.kind) {
        case Node::Kind::Table: {
            base::Json out = base::Json::object();
            for (const Node::Entry &entry : node.members)
                out.get_ref<base::Json::object_t &>().push_back({entry.name, json(entry.node(), name, dates)});
            return out;
        }
        case Node::Kind::Array: {
            base::Json out = base::Json::array();
            for (const auto &item : node.items)
                out.push_back(json(*item, name, dates));
            return out;
        }
        case Node::Kind::Scalar:
            break;
        }
        if (const auto *date = std::get_if<Date>(&node.scalar)) {
            if (dates == Dates::Refused)
                error("vars.date", node.begin, fill("The variable {} holds a TOML date, which Pages refuses; put it in quotes.", name));
            return date->text;
        }
        if (const auto *number = std::get_if<double>(&node.scalar)) {
            if (!std::isfinite(*number)) {
                error("vars.number", node.begin, fill("{} holds a number that JSON does not have (inf or nan).", name));
                return nullptr;
            }
            return *number;
        }
        if (const auto *number = std::get_if<std::int64_t>(&node.scalar))
            return *number;
        if (const auto *truth = std::get_if<bool>(&node.scalar))
            return *truth;
        if (std::holds_alternative<std::nullptr_t>(node.scalar))
            return nullptr;
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

    const Document &m_document;
    const std::string &m_path;
    WranglerConfig m_config;
};

} // namespace

WranglerConfig readDocument(const Document &document, const std::string &path)
{
    return Reader(document, path).run();
}

base::Result<WranglerConfig> readWranglerFile(std::string_view text, Form form, const std::string &path)
{
    auto document = parseDocument(std::string(text), form, path);
    if (!document)
        return std::unexpected(std::move(document.error()));
    return readDocument(*document, path);
}

std::vector<Finding> checkText(std::string_view text, Form form, const std::string &path)
{
    auto read = readWranglerFile(text, form, path);
    if (!read)
        return {findingOf(std::move(read.error()))};
    return std::move(read->findings);
}

Finding findingOf(base::Error error)
{
    const std::string told = fill("{}{}ine {}, column {}: ", error.place.file, error.place.file.empty() ? "L" : ", l", error.place.line, error.place.column);
    if (error.message.starts_with(told))
        error.message = sentenceStart(std::string_view(error.message).substr(told.size()));
    return {Finding::Severity::Error, std::move(error.code), std::move(error.message), std::move(error.place)};
}

} // namespace cleat::config
