// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/merge.h"

#include <algorithm>
#include <set>
#include <utility>

namespace cleat::config {

namespace {

using Table = Tree::Table;
using List = Tree::List;

bool same(const Tree *a, const Tree *b)
{
    return a && b ? *a == *b : a == b;
}

template <typename T>
const T *as(const Tree *tree)
{
    return tree ? std::get_if<T>(&tree->value) : nullptr;
}

const std::string *textOf(const Tree &entry, std::string_view member)
{
    const Table *table = as<Table>(&entry);
    if (!table)
        return nullptr;
    const auto it = table->find(member);
    const Atom *atom = it == table->end() ? nullptr : as<Atom>(&it->second);
    return atom ? std::get_if<std::string>(atom) : nullptr;
}

/// A list by the names of its entries.
struct Keyed {
    std::vector<std::string_view> order;
    std::map<std::string_view, const Tree *> entries;

    const Tree *find(std::string_view key) const
    {
        const auto it = entries.find(key);
        return it == entries.end() ? nullptr : it->second;
    }
};

std::optional<Keyed> keyed(const List *list, std::string_view member)
{
    Keyed out;
    if (!list)
        return out;
    for (const Tree &entry : *list) {
        const std::string *key = textOf(entry, member);
        if (!key || !out.entries.emplace(*key, &entry).second)
            return std::nullopt;
        out.order.push_back(*key);
    }
    return out;
}

/// Tables of which nothing is meant by their being there without members.
bool isContainer(std::string_view name)
{
    return name == "vars" || name == "durable_objects" || name == "queues";
}

/// Thrown inside this file only.
struct Clash {};

class Merger final
{
public:
    explicit Merger(base::OnClash onClash) : m_onClash(onClash) {}

    /// nullptr and nullopt: not there.
    std::optional<Tree> merge(std::string_view name, const Tree *base, const Tree *mine, const Tree *theirs) const
    {
        if (same(mine, theirs) || same(base, theirs))
            return copy(mine);
        if (same(base, mine))
            return copy(theirs);
        const bool bothThere = mine && theirs;
        if (isTable(mine) && isTable(theirs) && (bothThere || isContainer(name))) {
            Table out = tables(as<Table>(base), as<Table>(mine), as<Table>(theirs));
            return bothThere || !out.empty() ? std::optional(Tree{std::move(out)}) : std::nullopt;
        }
        if (isList(mine) && isList(theirs)) {
            for (const std::string_view member : {"binding", "name"}) {
                const auto b = keyed(as<List>(base), member);
                const auto m = keyed(as<List>(mine), member);
                const auto t = keyed(as<List>(theirs), member);
                if (!b || !m || !t)
                    continue;
                List out = lists(*b, *m, *t);
                return bothThere || !out.empty() ? std::optional(Tree{std::move(out)}) : std::nullopt;
            }
        }
        if (m_onClash == base::OnClash::Fail)
            throw Clash();
        return copy(mine);
    }

private:
    static std::optional<Tree> copy(const Tree *tree) { return tree ? std::optional(*tree) : std::nullopt; }
    static bool isTable(const Tree *tree) { return !tree || as<Table>(tree); }
    static bool isList(const Tree *tree) { return !tree || as<List>(tree); }

    Table tables(const Table *base, const Table *mine, const Table *theirs) const
    {
        std::set<std::string_view> names;
        for (const Table *table : {base, mine, theirs}) {
            if (!table)
                continue;
            for (const auto &[name, value] : *table)
                names.insert(name);
        }
        const auto find = [](const Table *table, std::string_view name) -> const Tree * {
            if (!table)
                return nullptr;
            const auto it = table->find(name);
            return it == table->end() ? nullptr : &it->second;
        };
        Table out;
        for (const std::string_view name : names) {
            if (auto value = merge(name, find(base, name), find(mine, name), find(theirs, name)))
                out.emplace(name, std::move(*value));
        }
        return out;
    }

    List lists(const Keyed &base, const Keyed &mine, const Keyed &theirs) const
    {
        std::map<std::string_view, Tree> merged;
        for (const Keyed *side : {&base, &mine, &theirs}) {
            for (const std::string_view key : side->order) {
                if (merged.contains(key))
                    continue;
                if (auto value = merge({}, base.find(key), mine.find(key), theirs.find(key)))
                    merged.emplace(key, std::move(*value));
            }
        }
        List out;
        for (const std::string_view key : order(base, mine, theirs, merged))
            out.push_back(std::move(merged.at(key)));
        return out;
    }

    static std::vector<std::string_view> order(const Keyed &base, const Keyed &mine, const Keyed &theirs, const std::map<std::string_view, Tree> &merged)
    {
        auto keys = base::mergeSequences(base.order, mine.order, theirs.order, base::OnClash::Fail, base::Adjacent::Apart);
        if (keys && keys->size() == merged.size() && std::set(keys->begin(), keys->end()).size() == keys->size()
            && std::ranges::all_of(*keys, [&](std::string_view key) { return merged.contains(key); }))
            return *keys;
        std::vector<std::string_view> out;
        std::set<std::string_view> placed;
        for (const Keyed *side : {&theirs, &mine}) {
            for (const std::string_view key : side->order) {
                if (merged.contains(key) && placed.insert(key).second)
                    out.push_back(key);
            }
        }
        return out;
    }

    base::OnClash m_onClash;
};

std::optional<Tree> meaningOf(std::string_view text, Form form)
{
    const auto document = parseDocument(std::string(text), form, {});
    return document ? std::optional(treeOf(document->root)) : std::nullopt;
}

} // namespace

std::optional<Tree> mergeTrees(const Tree &base, const Tree &mine, const Tree &theirs, base::OnClash onClash)
{
    try {
        return Merger(onClash).merge({}, &base, &mine, &theirs);
    } catch (const Clash &) {
        return std::nullopt;
    }
}

std::optional<std::string> mergeTexts(std::string_view base, std::string_view mine, std::string_view theirs, Form form)
{
    if (mine == theirs || base == theirs)
        return std::string(mine);
    if (base == mine)
        return std::string(theirs);
    const std::optional<Tree> trees[] = {meaningOf(base, form), meaningOf(mine, form), meaningOf(theirs, form)};
    if (!trees[0] || !trees[1] || !trees[2])
        return base::mergeLines(base, mine, theirs);
    const std::optional<Tree> wanted = mergeTrees(*trees[0], *trees[1], *trees[2]);
    if (!wanted)
        return std::nullopt;
    for (const auto adjacent : {base::Adjacent::Clash, base::Adjacent::Apart}) {
        auto merged = base::mergeLines(base, mine, theirs, base::OnClash::Fail, adjacent);
        if (merged && meaningOf(*merged, form) == wanted)
            return merged;
    }
    return std::nullopt;
}

} // namespace cleat::config
