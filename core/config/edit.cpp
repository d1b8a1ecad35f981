// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/edit.h"

#include "core/base/bytes.h"
#include "core/config/bindingkinds.h"
#include "core/config/configreader.h"
#include "core/config/fill.h"
#include "core/config/operation.h"
#include "core/config/tomlwrite.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace cleat::config {

namespace {

using base::Json;

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

Path pathOf(const BindingKind &kind)
{
    Path path{std::string(kind.key)};
    if (!kind.within.empty())
        path.emplace_back(kind.within);
    return path;
}

bool isList(const BindingKind &kind)
{
    return kind.form == BindingKind::Form::List;
}

base::Result<Json> jsonOf(const Field &field, Form form)
{
    if (field.kind == Field::Kind::Text) {
        if (!base::isUtf8(field.value))
            return base::fail("config.edit.value", fill("The value of {} is not valid UTF-8.", field.name));
        return Json(field.value);
    }
    if (form == Form::Toml)
        return toml::parseJson(field.value);
    try {
        return Json::parse(field.value);
    } catch (const Json::parse_error &error) {
        return base::fail("config.edit.value", fill("The value is not JSON: it goes wrong at character {}.", error.byte));
    } catch (const Json::exception &) {
        return base::fail("config.edit.value", "The value is not JSON that can be kept: a number in it is too large.");
    }
}

base::Result<Json> jsonOf(const Binding &binding, const BindingKind &kind, Form form)
{
    Json out = Json::object();
    out[std::string(kind.nameField)] = binding.name;
    for (const Field &field : binding.fields) {
        auto value = jsonOf(field, form);
        if (!value)
            return value;
        out[field.name] = std::move(*value);
    }
    return out;
}

/// Which entry of a list has the name.
std::size_t indexOf(const Node *list, const BindingKind &kind, std::string_view name)
{
    for (std::size_t i = 0; list && i < list->items.size(); ++i) {
        const Node *found = list->items[i]->isTable() ? list->items[i]->find(kind.nameField) : nullptr;
        if (found && found->text() && *found->text() == name)
            return i;
    }
    return Node::npos;
}

/// An emptied list of bindings, and an emptied table of variables, mean the same as none.
void dropEmpty(Tree::Table &scope)
{
    const auto isEmpty = [](const Tree &tree) { return tree == Tree{Tree::List()} || tree == Tree{Tree::Table()}; };
    for (const BindingKind &kind : bindingKinds()) {
        const auto it = scope.find(kind.key);
        if (it == scope.end())
            continue;
        if (auto *table = std::get_if<Tree::Table>(&it->second.value); table && !kind.within.empty()) {
            const auto list = table->find(kind.within);
            if (list != table->end() && isEmpty(list->second))
                table->erase(list);
        }
        if (isEmpty(it->second))
            scope.erase(it);
    }
    const auto vars = scope.find("vars");
    if (vars != scope.end() && isEmpty(vars->second))
        scope.erase(vars);
}

void dropEmptyAt(Tree &tree, const Path &path)
{
    Tree *at = &tree;
    for (const std::string &name : path) {
        auto *table = std::get_if<Tree::Table>(&at->value);
        const auto it = table ? table->find(name) : Tree::Table::iterator();
        if (!table || it == table->end())
            return;
        at = &it->second;
    }
    if (auto *table = std::get_if<Tree::Table>(&at->value))
        dropEmpty(*table);
}

/// The texts before and after a step are read twice, by toml11 as well, as long as that does not take longer than a user should wait.
Check checkFor(std::string_view text)
{
    constexpr std::size_t most = std::size_t(24) << 10;
    return text.size() <= most ? Check::Whole : Check::Values;
}

/// The text under edit: each step is made on the text and, beside it, on its meaning.
class Applier final
{
public:
    explicit Applier(Document document) : m_document(std::move(document)), m_config(readDocument(m_document, {})), m_intended(treeOf(m_document.root)) {}

    base::Result<void> apply(const Edit &edit) { return std::visit(*this, edit); }

    /// The text, when it means what was intended.
    base::Result<std::string> result()
    {
        if (m_changed && checkFor(m_document.text) == Check::Whole) {
            auto document = parseDocument(std::move(m_document.text), m_document.form, {});
            if (!document)
                return unsafe(document.error().message);
            m_document = std::move(*document);
        }
        Tree now = treeOf(m_document.root);
        for (const Scope scope : m_removedFrom) {
            dropEmptyAt(now, pathOf(scope));
            dropEmptyAt(m_intended, pathOf(scope));
        }
        if (!(now == m_intended))
            return unsafe("");
        return std::move(m_document.text);
    }

    base::Result<void> operator()(const AddBinding &edit)
    {
        const BindingKind &kind = bindingKind(edit.entry.kind);
        if (auto name = checkName(m_config, edit.scope, edit.entry.name); !name)
            return name;
        auto entry = jsonOf(edit.entry, kind, m_document.form);
        if (!entry)
            return std::unexpected(std::move(entry.error()));
        const Target target{pathOf(edit.scope), pathOf(kind)};
        if (isList(kind))
            return perform(AppendEntry{target, std::move(*entry)});
        if (nodeAt(m_document.root, target.whole()))
            return base::fail("config.edit.taken", fill("{} can be bound once only, and is bound here already.", sentenceStart(kind.words)));
        return perform(AddTable{target, std::move(*entry)});
    }

    base::Result<void> operator()(const ChangeBinding &edit)
    {
        const BindingKind &kind = bindingKind(edit.kind);
        const Placed<Binding> *placed = m_config.set(edit.scope).binding(edit.kind, edit.name);
        const Target target{pathOf(edit.scope), pathOf(kind)};
        const std::size_t at = isList(kind) ? indexOf(nodeAt(m_document.root, target.whole()), kind, edit.name) : 0;
        if (!placed || at == Node::npos)
            return missing(kind.words, edit.name);
        const Binding before = placed->value;
        // A name that stays as it is may be a wrong one: other parts of its entry can be changed all the same.
        if (edit.entry.name != edit.name) {
            if (auto name = checkName(m_config, edit.scope, edit.entry.name, edit.name); !name)
                return name;
            if (auto done = setField(kind, target, at, std::string(kind.nameField), Json(edit.entry.name)); !done)
                return done;
        }
        for (const Field &field : before.fields) {
            if (edit.entry.find(field.name))
                continue;
            if (auto done = setField(kind, target, at, field.name, std::nullopt); !done)
                return done;
        }
        std::string after(kind.nameField);
        for (const Field &field : edit.entry.fields) {
            const Field *old = before.find(field.name);
            const std::string behind = std::exchange(after, field.name);
            if (old && *old == field)
                continue;
            auto value = jsonOf(field, m_document.form);
            if (!value)
                return std::unexpected(std::move(value.error()));
            if (auto done = setField(kind, target, at, field.name, std::move(*value), behind); !done)
                return done;
        }
        return {};
    }

    base::Result<void> operator()(const RemoveBinding &edit)
    {
        const BindingKind &kind = bindingKind(edit.kind);
        const Target target{pathOf(edit.scope), pathOf(kind)};
        m_removedFrom.push_back(edit.scope);
        if (isList(kind)) {
            const std::size_t at = indexOf(nodeAt(m_document.root, target.whole()), kind, edit.name);
            if (at == Node::npos)
                return missing(kind.words, edit.name);
            return perform(RemoveEntry{target, at});
        }
        if (!m_config.set(edit.scope).binding(edit.kind, edit.name))
            return missing(kind.words, edit.name);
        return perform(RemoveMember{{target.scope, {}}, target.path.front()});
    }

    base::Result<void> operator()(const AddVariable &edit)
    {
        if (auto name = checkName(m_config, edit.scope, edit.entry.name); !name)
            return name;
        auto value = jsonOf(edit.entry, m_document.form);
        if (!value)
            return std::unexpected(std::move(value.error()));
        return perform(SetMember{variables(edit.scope), edit.entry.name, std::move(*value)});
    }

    base::Result<void> operator()(const ChangeVariable &edit)
    {
        const Node *table = nodeAt(m_document.root, variables(edit.scope).whole());
        const Node *old = table && table->isTable() ? table->find(edit.name) : nullptr;
        if (!old)
            return missing("variable", edit.name);
        auto value = jsonOf(edit.entry, m_document.form);
        if (!value)
            return std::unexpected(std::move(value.error()));
        if (edit.entry.name != edit.name) {
            if (auto name = checkName(m_config, edit.scope, edit.entry.name, edit.name); !name)
                return name;
        }
        if (!(treeOf(*old) == treeOf(*value))) {
            if (auto done = perform(SetMember{variables(edit.scope), edit.name, std::move(*value)}); !done)
                return done;
        }
        if (edit.entry.name == edit.name)
            return {};
        return perform(RenameMember{variables(edit.scope), edit.name, edit.entry.name});
    }

    base::Result<void> operator()(const RemoveVariable &edit)
    {
        const Node *table = nodeAt(m_document.root, variables(edit.scope).whole());
        if (!table || !table->isTable() || !table->find(edit.name))
            return missing("variable", edit.name);
        m_removedFrom.push_back(edit.scope);
        return perform(RemoveMember{variables(edit.scope), edit.name});
    }

private:
    static Target variables(Scope scope) { return {pathOf(scope), {"vars"}}; }

    static std::unexpected<base::Error> missing(std::string_view what, std::string_view name)
    {
        for (const std::string_view article : {"a ", "an ", "the "}) {
            if (what.starts_with(article))
                what.remove_prefix(article.size());
        }
        return base::fail("config.edit.missing", fill("The file has no {} {} here any more.", what, name));
    }

    static std::unexpected<base::Error> unsafe(const std::string &why)
    {
        return base::fail("config.edit.unsafe",
                          fill("The file cannot be changed here without a change to the rest of it; please edit it by hand.{}", why.empty() ? "" : fill(" ({})", why)));
    }

    base::Result<void> setField(const BindingKind &kind, const Target &target, std::size_t at, std::string field, std::optional<Json> value,
                                std::string after = {})
    {
        if (isList(kind))
            return perform(SetField{target, at, std::move(field), std::move(value), std::move(after)});
        if (value)
            return perform(SetMember{target, std::move(field), std::move(*value)});
        return perform(RemoveMember{target, std::move(field)});
    }

    base::Result<void> perform(const Operation &operation)
    {
        auto text = applyOperation(m_document, operation);
        if (!text)
            return std::unexpected(std::move(text.error()));
        auto document = parseDocument(std::move(*text), m_document.form, {}, Check::Values);
        if (!document)
            return unsafe(document.error().message);
        m_document = std::move(*document);
        m_changed = true;
        m_config = readDocument(m_document, {});
        applyOperation(m_intended, operation);
        return {};
    }

    Document m_document;
    WranglerConfig m_config;
    Tree m_intended;
    bool m_changed = false;
    std::vector<Scope> m_removedFrom;
};

} // namespace

base::Result<std::string> applyEdits(std::string_view text, Form form, std::span<const Edit> edits)
{
    auto document = parseDocument(std::string(text), form, {}, checkFor(text));
    if (!document)
        return std::unexpected(std::move(document.error()));
    Applier applier(std::move(*document));
    for (const Edit &edit : edits) {
        if (auto done = applier.apply(edit); !done)
            return std::unexpected(std::move(done.error()));
    }
    return applier.result();
}

base::Result<std::string> applyEdit(std::string_view text, Form form, const Edit &edit)
{
    return applyEdits(text, form, std::span(&edit, 1));
}

std::string newWranglerFile(Form form, std::string_view projectName, std::string_view outputDir, std::string_view compatibilityDate,
                            std::span<const std::string> compatibilityFlags)
{
    const toml::Style style;
    const auto quoted = [&](std::string_view value) {
        return form == Form::Toml ? toml::quoted(value, style) : Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
    };
    std::string flags;
    for (const std::string &flag : compatibilityFlags)
        flags += (flags.empty() ? "" : ", ") + quoted(flag);
    switch (form) {
    case Form::Toml:
        return fill("name = {}\npages_build_output_dir = {}\ncompatibility_date = {}\n{}", quoted(projectName), quoted(outputDir), quoted(compatibilityDate),
                    flags.empty() ? flags : fill("compatibility_flags = [{}]\n", flags));
    case Form::Jsonc:
        return fill("{\n  \"name\": {},\n  \"pages_build_output_dir\": {},\n  \"compatibility_date\": {}{}\n}\n", quoted(projectName), quoted(outputDir),
                    quoted(compatibilityDate), flags.empty() ? flags : fill(",\n  \"compatibility_flags\": [{}]", flags));
    }
    return {};
}

} // namespace cleat::config
