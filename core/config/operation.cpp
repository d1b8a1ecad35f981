// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/operation.h"

#include <nlohmann/json.hpp>

namespace cleat::config {

namespace {

using base::Json;

Tree *find(Tree &tree, const Path &path)
{
    Tree *at = &tree;
    for (const std::string &name : path) {
        auto *table = std::get_if<Tree::Table>(&at->value);
        if (!table)
            return nullptr;
        const auto it = table->find(name);
        if (it == table->end())
            return nullptr;
        at = &it->second;
    }
    return at;
}

/// Makes the tables on the way; nullptr where something else stands in it.
Tree *make(Tree &tree, const Path &path)
{
    Tree *at = &tree;
    for (const std::string &name : path) {
        auto *table = std::get_if<Tree::Table>(&at->value);
        if (!table)
            return nullptr;
        at = &table->try_emplace(name, Tree{Tree::Table()}).first->second;
    }
    return at;
}

Tree::Table *tableIn(Tree *tree)
{
    return tree ? std::get_if<Tree::Table>(&tree->value) : nullptr;
}

Tree::Table *entryIn(Tree &tree, const Target &list, std::size_t at)
{
    Tree *found = find(tree, list.whole());
    auto *items = found ? std::get_if<Tree::List>(&found->value) : nullptr;
    return items && at < items->size() ? std::get_if<Tree::Table>(&(*items)[at].value) : nullptr;
}

struct Meant {
    Tree &tree;

    void operator()(const AppendEntry &op) const
    {
        Path above = op.list.whole();
        const std::string name = above.back();
        above.pop_back();
        if (Tree::Table *table = tableIn(make(tree, above))) {
            Tree &list = table->try_emplace(name, Tree{Tree::List()}).first->second;
            if (auto *items = std::get_if<Tree::List>(&list.value))
                items->push_back(treeOf(op.entry));
        }
    }
    void operator()(const SetField &op) const
    {
        Tree::Table *entry = entryIn(tree, op.list, op.at);
        if (entry && op.value)
            entry->insert_or_assign(op.field, treeOf(*op.value));
        else if (entry)
            entry->erase(op.field);
    }
    void operator()(const RemoveEntry &op) const
    {
        Tree *found = find(tree, op.list.whole());
        auto *items = found ? std::get_if<Tree::List>(&found->value) : nullptr;
        if (items && op.at < items->size())
            items->erase(items->begin() + std::ptrdiff_t(op.at));
    }
    void operator()(const SetMember &op) const
    {
        if (Tree::Table *table = tableIn(make(tree, op.table.whole())))
            table->insert_or_assign(op.name, treeOf(op.value));
    }
    void operator()(const AddTable &op) const
    {
        Path above = op.table.whole();
        const std::string name = above.back();
        above.pop_back();
        if (Tree::Table *table = tableIn(make(tree, above)))
            table->insert_or_assign(name, treeOf(op.members));
    }
    void operator()(const RemoveMember &op) const
    {
        if (Tree::Table *table = tableIn(find(tree, op.table.whole())))
            table->erase(op.name);
    }
    void operator()(const RenameMember &op) const
    {
        Tree::Table *table = tableIn(find(tree, op.table.whole()));
        if (!table || !table->contains(op.name) || op.name == op.newName)
            return;
        auto moved = table->extract(op.name);
        moved.key() = op.newName;
        table->insert(std::move(moved));
    }
};

} // namespace

Path Target::whole() const
{
    Path out = scope;
    out.insert(out.end(), path.begin(), path.end());
    return out;
}

const Node *nodeAt(const Node &root, const Path &path)
{
    const Node *node = &root;
    for (const std::string &name : path)
        node = node && node->isTable() ? node->find(name) : nullptr;
    return node;
}

base::Result<std::string> applyOperation(const Document &document, const Operation &operation)
{
    switch (document.form) {
    case Form::Toml:
        return toml::applyOperation(document, operation);
    case Form::Jsonc:
        return jsonc::applyOperation(document, operation);
    }
    return base::fail("config.edit.unsafe", "The file is of no known form.");
}

void applyOperation(Tree &tree, const Operation &operation)
{
    std::visit(Meant{tree}, operation);
}

Tree treeOf(const Json &json)
{
    if (json.is_object()) {
        Tree::Table table;
        for (auto it = json.begin(); it != json.end(); ++it)
            table.insert_or_assign(it.key(), treeOf(it.value()));
        return {std::move(table)};
    }
    if (json.is_array()) {
        Tree::List list;
        for (const Json &item : json)
            list.push_back(treeOf(item));
        return {std::move(list)};
    }
    if (json.is_string())
        return {Atom(json.get<std::string>())};
    if (json.is_boolean())
        return {Atom(json.get<bool>())};
    if (json.is_null())
        return {Atom(nullptr)};
    if (json.is_number_float())
        return {Atom(json.get<double>())};
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t(INT64_MAX))
        return {Atom(json.get<double>())};
    return {Atom(json.get<std::int64_t>())};
}

} // namespace cleat::config
