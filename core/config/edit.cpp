// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/edit.h"

#include "core/base/bytes.h"
#include "core/config/bindingkinds.h"
#include "core/config/fill.h"
#include "core/config/tomledit.h"
#include "core/config/tomlreader.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cleat::config {

namespace {

using toml::Editor;
using toml::Fields;
using toml::Node;
using toml::Path;
using toml::Tree;

Path pathOf(Scope scope)
{
    switch (scope) {
    case Scope::TopLevel:
        return {};
    case Scope::Preview:
        return {"env", "preview"};
    case Scope::Production:
        return {"env", "production"};
    }
    return {};
}

Path below(Path path, std::string_view name)
{
    path.emplace_back(name);
    return path;
}

const Node *nodeAt(const Node &root, const Path &path)
{
    const Node *node = &root;
    for (const std::string &name : path)
        node = node ? node->find(name) : nullptr;
    return node;
}

base::Result<void> checkText(std::string_view text, std::string_view what)
{
    if (!base::isUtf8(text))
        return base::fail("config.edit.value", fill("The {} is not valid UTF-8.", what));
    return {};
}

/// The places after which a new table of bindings may stand at the top of the file.
std::vector<std::string_view> anchors()
{
    std::vector<std::string_view> out{"vars"};
    for (const BindingKind &kind : bindingKinds())
        out.push_back(kind.key);
    return out;
}

base::Result<Tree> treeOf(const Variable &variable)
{
    if (variable.kind == Variable::Kind::Text) {
        if (auto text = checkText(variable.value, "value"); !text)
            return std::unexpected(std::move(text.error()));
        return Tree{toml::Atom(variable.value)};
    }
    auto json = toml::parseJson(variable.value);
    if (!json)
        return std::unexpected(std::move(json.error()));
    return toml::treeOf(*json);
}

/// `old` is the value that stands there now, if any: its quotes are kept.
base::Result<std::string> spelled(const Variable &variable, toml::Style style, const toml::Document &document, const Node *old)
{
    if (old && old->value && old->value->kind == toml::Value::Kind::String) {
        const std::string_view now = document.slice(old->value->range);
        if (now.starts_with("\"\"\"") || now.starts_with("'''"))
            style.quote = toml::Quote::Lines;
        else
            style.quote = now.starts_with('\'') ? toml::Quote::Literal : toml::Quote::Basic;
    }
    if (variable.kind == Variable::Kind::Text)
        return toml::quoted(variable.value, style);
    auto json = toml::parseJson(variable.value);
    if (!json)
        return std::unexpected(std::move(json.error()));
    return toml::tomlOf(*json, style);
}

/// What the file shall mean, step by step beside the text edits.
class Intended final
{
public:
    Intended(const Node &root, Scope scope) : m_root(toml::treeOf(root)), m_path(pathOf(scope)) {}

    Tree::Table &scope()
    {
        Tree *at = &m_root;
        for (const std::string &name : m_path)
            at = &std::get<Tree::Table>(at->value)[name];
        return std::get<Tree::Table>(at->value);
    }
    Tree::List &namespaces()
    {
        return std::get<Tree::List>(scope().try_emplace("kv_namespaces", Tree{Tree::List()}).first->second.value);
    }
    Tree::Table &variables() { return std::get<Tree::Table>(scope().try_emplace("vars", Tree{}).first->second.value); }

    /// An emptied list of namespaces and an emptied table of variables mean the same as none.
    void dropEmpty() { drop(scope()); }

    static void drop(Tree::Table &table)
    {
        const auto kv = table.find("kv_namespaces");
        if (kv != table.end() && kv->second == Tree{Tree::List()})
            table.erase(kv);
        const auto vars = table.find("vars");
        if (vars != table.end() && vars->second == Tree{Tree::Table()})
            table.erase(vars);
    }

    /// Whether `now` means the same; `emptied` says that the edit may have left an empty container behind or taken it away.
    enum class Containers { Exact, MayVanish };
    bool is(const Node &now, Containers containers)
    {
        Intended seen(now, m_path);
        if (containers == Containers::MayVanish) {
            if (!seen.hasScope())
                return false;
            dropEmpty();
            seen.dropEmpty();
        }
        return m_root == seen.m_root;
    }

private:
    Intended(const Node &root, Path path) : m_root(toml::treeOf(root)), m_path(std::move(path)) {}

    bool hasScope() const
    {
        const Tree *at = &m_root;
        for (const std::string &name : m_path) {
            const auto *table = std::get_if<Tree::Table>(&at->value);
            const auto it = table ? table->find(name) : Tree::Table::const_iterator();
            if (!table || it == table->end())
                return false;
            at = &it->second;
        }
        return std::holds_alternative<Tree::Table>(at->value);
    }

    Tree m_root;
    Path m_path;
};

void setField(Tree::Table &table, const char *name, const std::optional<std::string> &value)
{
    if (value)
        table[name] = Tree{toml::Atom(*value)};
    else
        table.erase(name);
}

std::size_t indexOf(const Node *list, std::string_view binding)
{
    for (std::size_t i = 0; list && i < list->items.size(); ++i) {
        const Node *name = list->items[i]->find("binding");
        if (name && name->text() && *name->text() == binding)
            return i;
    }
    return Node::npos;
}

base::Result<toml::Document> reparsed(const std::string &text)
{
    auto document = toml::parse(text, {});
    if (!document)
        return base::fail("config.edit.unsafe", "The file cannot be changed here without a risk to the rest of it; please edit it by hand. (" + document.error().message + ")");
    return document;
}

class Applier final
{
public:
    Applier(toml::Document document, WranglerConfig config) : m_document(std::move(document)), m_config(std::move(config)) {}

    base::Result<std::string> operator()(const AddKvNamespace &edit)
    {
        if (auto ok = checked(edit.scope, edit.entry, {}); !ok)
            return std::unexpected(std::move(ok.error()));
        Intended intended(m_document.root, edit.scope);
        Tree::Table entry;
        setField(entry, "binding", edit.entry.binding);
        setField(entry, "id", edit.entry.id);
        setField(entry, "preview_id", edit.entry.previewId);
        intended.namespaces().push_back({std::move(entry)});

        Editor editor(m_document);
        const Node *list = nodeAt(m_document.root, below(pathOf(edit.scope), "kv_namespaces"));
        const toml::Style style = editor.styleNear(list);
        Fields fields{{"binding", toml::quoted(edit.entry.binding, style)}};
        if (edit.entry.id)
            fields.emplace_back("id", toml::quoted(*edit.entry.id, style));
        if (edit.entry.previewId)
            fields.emplace_back("preview_id", toml::quoted(*edit.entry.previewId, style));
        if (list)
            editor.appendEntry(*list, fields);
        else
            editor.addContainer(pathOf(edit.scope), "kv_namespaces", Editor::Container::List, fields, anchors());
        return finished(editor.result(), intended, Intended::Containers::Exact);
    }

    base::Result<std::string> operator()(const ChangeKvNamespace &edit)
    {
        const Path path = below(pathOf(edit.scope), "kv_namespaces");
        const Node *list = nodeAt(m_document.root, path);
        const std::size_t at = indexOf(list, edit.binding);
        if (at == Node::npos)
            return missing("KV namespace", edit.binding);
        if (auto ok = checked(edit.scope, edit.entry, edit.binding); !ok)
            return std::unexpected(std::move(ok.error()));
        Intended intended(m_document.root, edit.scope);
        Tree::Table &entry = std::get<Tree::Table>(intended.namespaces()[at].value);
        setField(entry, "binding", edit.entry.binding);
        setField(entry, "id", edit.entry.id);
        setField(entry, "preview_id", edit.entry.previewId);

        // One field at a time, so that each edit sees the text that the one before it left.
        std::string text = m_document.text;
        const std::pair<const char *, std::optional<std::string>> fields[] = {
            {"binding", edit.entry.binding}, {"id", edit.entry.id}, {"preview_id", edit.entry.previewId}};
        const char *anchor = "binding";
        for (const auto &[name, value] : fields) {
            auto document = reparsed(text);
            if (!document)
                return std::unexpected(std::move(document.error()));
            const Node &table = *nodeAt(document->root, path)->items[at];
            const Node *field = table.find(name);
            Editor editor(*document);
            if (field && !value) {
                editor.removeField(table, *field);
            } else if (field && *field->text() != *value) {
                editor.replaceValue(*field, *spelled({{}, Variable::Kind::Text, *value}, editor.styleNear(field), *document, field));
            } else if (!field && value) {
                const Node *before = table.find(anchor);
                editor.insertField(*before, name, *spelled({{}, Variable::Kind::Text, *value}, editor.styleNear(before), *document, before));
            }
            if (value)
                anchor = name;
            text = editor.result();
        }
        return finished(std::move(text), intended, Intended::Containers::Exact);
    }

    base::Result<std::string> operator()(const RemoveKvNamespace &edit)
    {
        const Node *list = nodeAt(m_document.root, below(pathOf(edit.scope), "kv_namespaces"));
        const std::size_t at = indexOf(list, edit.binding);
        if (at == Node::npos)
            return missing("KV namespace", edit.binding);
        Intended intended(m_document.root, edit.scope);
        intended.namespaces().erase(intended.namespaces().begin() + std::ptrdiff_t(at));
        Editor editor(m_document);
        editor.removeEntry(*list, at, pathOf(edit.scope));
        return finished(editor.result(), intended, Intended::Containers::MayVanish);
    }

    base::Result<std::string> operator()(const AddVariable &edit)
    {
        if (auto ok = checked(edit.scope, edit.entry.name, {}); !ok)
            return std::unexpected(std::move(ok.error()));
        auto meaning = treeOf(edit.entry);
        if (!meaning)
            return std::unexpected(std::move(meaning.error()));
        Intended intended(m_document.root, edit.scope);
        intended.variables()[edit.entry.name] = std::move(*meaning);
        auto text = withVariable(m_document, edit.scope, edit.entry);
        if (!text)
            return text;
        return finished(std::move(*text), intended, Intended::Containers::Exact);
    }

    base::Result<std::string> operator()(const ChangeVariable &edit)
    {
        const Path path = below(pathOf(edit.scope), "vars");
        const Node *vars = nodeAt(m_document.root, path);
        const Node *old = vars ? vars->find(edit.name) : nullptr;
        if (!old)
            return missing("variable", edit.name);
        if (auto ok = checked(edit.scope, edit.entry.name, edit.name); !ok)
            return std::unexpected(std::move(ok.error()));
        const auto meaning = treeOf(edit.entry);
        if (!meaning)
            return std::unexpected(meaning.error());
        Intended intended(m_document.root, edit.scope);
        intended.variables().erase(edit.name);
        intended.variables()[edit.entry.name] = *meaning;

        std::string text = m_document.text;
        if (!(toml::treeOf(*old) == *meaning)) {
            if (old->value) {
                Editor editor(m_document);
                auto value = spelled(edit.entry, editor.styleNear(vars), m_document, old);
                if (!value)
                    return value;
                editor.replaceValue(*old, *value);
                text = editor.result();
            } else {
                // Spelled by headers or dotted keys of its own: one value takes their place.
                auto without = withoutVariable(text, edit.scope, edit.name);
                if (!without)
                    return without;
                auto document = reparsed(*without);
                if (!document)
                    return std::unexpected(std::move(document.error()));
                auto with = withVariable(*document, edit.scope, edit.entry);
                if (!with)
                    return with;
                return finished(std::move(*with), intended, Intended::Containers::Exact);
            }
        }
        if (edit.name != edit.entry.name) {
            auto document = reparsed(text);
            if (!document)
                return std::unexpected(std::move(document.error()));
            Editor editor(*document);
            editor.renameMember(*nodeAt(document->root, path), edit.name, edit.entry.name, path);
            text = editor.result();
        }
        return finished(std::move(text), intended, Intended::Containers::Exact);
    }

    base::Result<std::string> operator()(const RemoveVariable &edit)
    {
        const Node *vars = nodeAt(m_document.root, below(pathOf(edit.scope), "vars"));
        if (!vars || !vars->find(edit.name))
            return missing("variable", edit.name);
        Intended intended(m_document.root, edit.scope);
        intended.variables().erase(edit.name);
        auto text = withoutVariable(m_document.text, edit.scope, edit.name);
        if (!text)
            return text;
        return finished(std::move(*text), intended, Intended::Containers::MayVanish);
    }

private:
    /// A name that stays as it is may be a wrong one: other parts of its entry can be changed all the same.
    base::Result<void> checked(Scope scope, std::string_view name, std::string_view except) const
    {
        if (!except.empty() && name == except)
            return {};
        return checkName(m_config, scope, name, except);
    }

    base::Result<void> checked(Scope scope, const KvNamespace &entry, std::string_view except) const
    {
        if (auto name = checked(scope, entry.binding, except); !name)
            return name;
        if (auto id = checkText(entry.id.value_or(""), "id"); !id)
            return id;
        return checkText(entry.previewId.value_or(""), "preview id");
    }

    static std::unexpected<base::Error> missing(std::string_view what, std::string_view name)
    {
        return base::fail("config.edit.missing", fill("The file has no {} {} here any more.", what, name));
    }

    static base::Result<std::string> withVariable(const toml::Document &document, Scope scope, const Variable &variable)
    {
        Editor editor(document);
        const Path path = below(pathOf(scope), "vars");
        const Node *vars = nodeAt(document.root, path);
        auto value = spelled(variable, editor.styleNear(vars), document, nullptr);
        if (!value)
            return value;
        if (vars)
            editor.appendMember(*vars, path, variable.name, *value);
        else
            editor.addContainer(pathOf(scope), "vars", Editor::Container::Table, {{variable.name, *value}}, anchors());
        return editor.result();
    }

    static base::Result<std::string> withoutVariable(std::string text, Scope scope, const std::string &name)
    {
        const Path path = below(pathOf(scope), "vars");
        for (;;) {
            auto document = reparsed(text);
            if (!document)
                return std::unexpected(std::move(document.error()));
            const Node *vars = nodeAt(document->root, path);
            const Node *variable = vars ? vars->find(name) : nullptr;
            if (!variable)
                return text;
            Editor editor(*document);
            editor.removeMember(*vars, *variable, path, pathOf(scope));
            std::string next = editor.result();
            if (next.size() >= text.size() && next == text)
                return text;
            text = std::move(next);
        }
    }

    static base::Result<std::string> finished(std::string text, Intended &intended, Intended::Containers containers)
    {
        auto document = reparsed(text);
        if (!document)
            return std::unexpected(std::move(document.error()));
        if (!intended.is(document->root, containers))
            return base::fail("config.edit.unsafe", "The file cannot be changed here without a change to the rest of it; please edit it by hand.");
        return text;
    }

    toml::Document m_document;
    WranglerConfig m_config;
};

} // namespace

base::Result<std::string> applyEdit(std::string_view text, const Edit &edit)
{
    auto document = toml::parse(std::string(text), {});
    if (!document)
        return std::unexpected(std::move(document.error()));
    auto config = readDocument(*document, {});
    if (!config)
        return std::unexpected(std::move(config.error()));
    return std::visit(Applier(std::move(*document), std::move(*config)), edit);
}

std::string newWranglerToml(std::string_view projectName, std::string_view outputDir, std::string_view compatibilityDate)
{
    const toml::Style style;
    return fill("name = {}\npages_build_output_dir = {}\ncompatibility_date = {}\n", toml::quoted(projectName, style), toml::quoted(outputDir, style),
                       toml::quoted(compatibilityDate, style));
}

} // namespace cleat::config
