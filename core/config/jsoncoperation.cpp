// SPDX-License-Identifier: GPL-3.0-or-later
// The operations, spelled in JSON.
#include "core/config/bindingkinds.h"
#include "core/config/jsoncdocument.h"
#include "core/config/jsoncedit.h"
#include "core/config/operation.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <span>

namespace cleat::config::jsonc {

namespace {

using base::Json;
using Outcome = base::Result<std::string>;
using Names = std::span<const std::string>;

std::unexpected<base::Error> unsafe()
{
    return base::fail("config.edit.unsafe", "The file cannot be changed here without a risk to the rest of it; please edit it by hand.");
}

/// Whether new bindings may stand behind the member of that name.
bool isAnchor(std::string_view name)
{
    return name == "vars" || std::ranges::find(bindingKinds(), name, &BindingKind::key) != bindingKinds().end();
}

/// The number of the member whose key stands at `begin`.
std::size_t memberAt(const Value &object, std::size_t begin)
{
    const auto found = std::ranges::find(object.members, begin, [](const Member &member) { return member.key.front().range.begin; });
    return std::size_t(found - object.members.begin());
}

std::size_t timesNamed(const Value &object, std::string_view name)
{
    return std::size_t(std::ranges::count(object.members, name, [](const Member &member) -> std::string_view { return member.key.front().name; }));
}

/// The member of a scope behind which a new one stands: behind other bindings; else behind all, but before the environments.
std::size_t placeInScope(const Value &scope, std::string_view name)
{
    const auto &members = scope.members;
    std::size_t place = Editor::first;
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (isAnchor(members[i].key.front().name))
            place = i;
    }
    if (name == "env" || members.empty())
        return members.empty() ? Editor::first : members.size() - 1;
    if (place != Editor::first)
        return place;
    std::size_t end = members.size();
    while (end > 0 && members[end - 1].key.front().name == "env")
        --end;
    return end == 0 ? Editor::first : end - 1;
}

/// More members or items than that to come and go, and the whole value is spelled anew.
constexpr std::size_t maxChanges = 16;

class Speller final
{
public:
    explicit Speller(const Document &document, std::size_t turn = 0) : m_document(document), m_editor(document), m_turn(turn) {}

    Outcome operator()(const AppendEntry &op)
    {
        const Path path = op.list.whole();
        const Node *list = nodeAt(m_document.root, path);
        if (!list)
            return made(op.list, path, op.entry, Sort::List);
        if (!list->isArray())
            return unsafe();
        const Value &array = *list->value;
        Style style = styleNear(m_document, array);
        const std::size_t last = array.items.empty() ? Editor::first : array.items.size() - 1;
        Editor::Slot slot = m_editor.slot(array, last);
        Shape shape = slot.shape == Shape::Line && array.items.empty() ? Shape::Line : style.item;
        std::size_t blankLines = 0;
        if (array.items.empty()) {
            if (style.list == Shape::Line && m_document.slice(array.range) == "[]") // as the other lists
                slot = {Shape::Line, indentAt(m_document.text, array.range.begin)};
        } else {
            if (const Value &item = array.items.back(); item.kind == Value::Kind::InlineTable && !item.members.empty()) {
                style = styleNear(m_document, item);
                shape = shapeOf(m_document, item);
                style.trailing = shape == Shape::Lines && endsInComma(m_document, item) ? "," : "";
            }
            blankLines = array.items.size() > 1 ? m_editor.blankLinesAbove(array, last) : 0;
        }
        m_editor.insert(array, last, slot, style, shaped(op.entry, shape, style, slot.indent), blankLines);
        return m_editor.result();
    }

    Outcome operator()(const SetField &op)
    {
        const Node *list = nodeAt(m_document.root, op.list.whole());
        if (!list || !list->isArray() || op.at >= list->items.size() || !list->items[op.at]->isTable())
            return unsafe();
        const Node &entry = *list->items[op.at];
        const Node *field = entry.find(op.field);
        if (op.value) {
            if (field)
                return revise(*field, *op.value) ? again(op) : m_editor.result();
            return added(entry, op.field, *op.value, op.after);
        }
        if (!field)
            return m_document.text;
        m_editor.remove(*entry.value, memberAt(*entry.value, field->begin));
        if (timesNamed(*entry.value, op.field) > 1)
            return again(op);
        return m_editor.result();
    }

    Outcome operator()(const RemoveEntry &op)
    {
        const Path path = op.list.whole();
        const Node *list = nodeAt(m_document.root, path);
        if (!list || !list->isArray() || op.at >= list->items.size())
            return unsafe();
        if (!m_editor.isAllOf(*list->value)) {
            m_editor.remove(*list->value, op.at);
            return m_editor.result();
        }
        Target table = op.list;
        table.path.pop_back();
        return (*this)(RemoveMember{table, path.back()});
    }

    Outcome operator()(const SetMember &op)
    {
        const Path path = op.table.whole();
        const Node *table = nodeAt(m_document.root, path);
        if (!table)
            return made(op.table, path, Json{{op.name, op.value}}, Sort::Table);
        if (!table->isTable())
            return unsafe();
        if (const Node *member = table->find(op.name))
            return revise(*member, op.value) ? again(op) : m_editor.result();
        if (op.table.path.empty()) {
            Path whole = path;
            whole.push_back(op.name);
            return made({op.table.scope, {op.name}}, whole, op.value, Sort::Any);
        }
        return added(*table, op.name, op.value);
    }

    Outcome operator()(const AddTable &op)
    {
        const Path path = op.table.whole();
        if (nodeAt(m_document.root, path))
            return unsafe();
        return made(op.table, path, op.members, Sort::Table);
    }

    Outcome operator()(const RemoveMember &op)
    {
        Target target = op.table;
        std::string name = op.name;
        const Node *table = nodeAt(m_document.root, target.whole());
        if (!table || !table->isTable() || !table->find(name))
            return m_document.text;
        // A table that would be left empty goes too, as long as it is not the environment itself.
        while (!target.path.empty() && m_editor.isAllOf(*table->value)) {
            Target above = target;
            above.path.pop_back();
            const Node *parent = nodeAt(m_document.root, above.whole());
            if (timesNamed(*parent->value, target.path.back()) > 1)
                break;
            name = target.path.back();
            target = std::move(above);
            table = parent;
        }
        m_editor.remove(*table->value, memberAt(*table->value, table->find(name)->begin));
        if (timesNamed(*table->value, name) > 1)
            return again(op);
        return m_editor.result();
    }

    Outcome operator()(const RenameMember &op)
    {
        const Node *table = nodeAt(m_document.root, op.table.whole());
        const Node *member = table && table->isTable() ? table->find(op.name) : nullptr;
        if (!member)
            return unsafe();
        if (timesNamed(*table->value, op.name) > 1) {
            // The ones that did not count would count under the old name.
            const auto dead = std::ranges::find(table->value->members, op.name, [](const Member &m) { return m.key.front().name; });
            m_editor.remove(*table->value, std::size_t(dead - table->value->members.begin()));
            return again(op);
        }
        m_editor.replace(table->members[table->index.find(op.name)->second].key, inQuotes(op.newName));
        return m_editor.result();
    }

private:
    enum class Sort { List, Table, Any };

    template <typename Op>
    Outcome again(const Op &op) const
    {
        auto next = parse(m_editor.result(), {});
        if (!next)
            return unsafe();
        return Speller(*next, m_turn + 1)(op);
    }

    /// One turn of changing a value into another one: what is the same in both keeps its bytes. True when another turn is needed.
    bool revise(const Node &old, const Json &value)
    {
        if (treeOf(old) == treeOf(value))
            return false;
        const bool both = (old.isTable() && value.is_object()) || (old.isArray() && value.is_array());
        const std::size_t size = old.isTable() ? old.members.size() : old.items.size();
        if (!both || size == 0 || value.empty() || m_turn > maxChanges) {
            replaced(old, value);
            return false;
        }
        return old.isTable() ? reviseTable(old, value) : reviseList(old, value);
    }

    bool reviseTable(const Node &old, const Json &value)
    {
        const auto lacks = [](const auto &table, const std::string &name) { return table.find(name) == table.end(); };
        const auto dead = std::ranges::find_if(old.members, [&](const Node::Entry &member) { return lacks(value, member.name); });
        if (dead != old.members.end()) {
            m_editor.remove(*old.value, memberAt(*old.value, dead->node().begin));
            return true;
        }
        bool changed = false;
        std::string above;
        for (auto it = value.begin(); it != value.end(); above = it.key(), ++it) {
            const Node *member = old.find(it.key());
            if (!member && !changed) {
                add(old, it.key(), it.value(), above);
                return true;
            }
            if (!member)
                return true;
            if (!(treeOf(*member) == treeOf(it.value()))) {
                if (revise(*member, it.value()))
                    return true;
                changed = true;
            }
        }
        return false;
    }

    bool reviseList(const Node &old, const Json &value)
    {
        const std::size_t had = old.items.size();
        const std::size_t shorter = std::min(had, value.size());
        std::size_t first = 0;
        while (first < shorter && treeOf(*old.items[first]) == treeOf(value[first]))
            ++first;
        std::size_t same = 0; // at the end
        while (first + same < shorter && treeOf(*old.items[had - same - 1]) == treeOf(value[value.size() - same - 1]))
            ++same;
        // Where the rest is the same, the place of the difference is known; else it is taken to be at the end.
        if (first + same < shorter && had != value.size())
            first = shorter;
        if (had > value.size()) {
            m_editor.remove(*old.value, first);
            return true;
        }
        if (had < value.size()) {
            const std::size_t after = first == 0 ? Editor::first : first - 1;
            const Style style = styleNear(m_document, *old.value);
            const Editor::Slot slot = m_editor.slot(*old.value, after);
            const Json &item = value[first];
            m_editor.insert(*old.value, after, slot, style, slot.shape == Shape::Line ? onOneLine(item, style) : fitted(item, style, slot.indent, 0), 0);
            return true;
        }
        for (std::size_t i = first; i < value.size(); ++i) {
            if (revise(*old.items[i], value[i]))
                return true;
        }
        return false;
    }

    void replaced(const Node &old, const Json &value)
    {
        const Value *near = old.value->kind == Value::Kind::InlineTable || !old.inTable ? old.value : old.inTable;
        const Style style = styleNear(m_document, *near);
        const std::string indent = indentAt(m_document.text, old.begin);
        const bool lines = !value.empty() && m_document.slice(old.value->range).contains('\n');
        m_editor.replace(old.value->range, lines ? onLines(value, style, indent) : fitted(value, style, indent, old.value->range.begin - old.begin));
    }

    Outcome added(const Node &table, const std::string &name, const Json &value, std::string_view after = {})
    {
        add(table, name, value, after);
        return m_editor.result();
    }

    /// A new member of an object, behind the one named `after`, else behind all.
    void add(const Node &table, const std::string &name, const Json &value, std::string_view after)
    {
        const Value &object = *table.value;
        const Style style = styleNear(m_document, object);
        const Node *anchor = table.find(after);
        const std::size_t last = object.members.empty() ? Editor::first : anchor ? memberAt(object, anchor->begin) : object.members.size() - 1;
        const Editor::Slot slot = m_editor.slot(object, last);
        const std::string key = inQuotes(name) + style.colon;
        m_editor.insert(object, last, slot, style, key + (slot.shape == Shape::Line ? onOneLine(value, style) : fitted(value, style, slot.indent, key.size())), 0);
    }

    /// A member where nothing is yet, with the tables on the way that are missing.
    Outcome made(const Target &target, const Path &path, const Json &value, Sort sort)
    {
        const Node *deepest = &m_document.root;
        std::size_t depth = 0;
        while (const Node *child = deepest->isTable() ? deepest->find(path[depth]) : nullptr) {
            deepest = child;
            ++depth;
        }
        if (!deepest->isTable())
            return unsafe();
        const Value &object = *deepest->value;
        const std::size_t last = object.members.empty() ? Editor::first : object.members.size() - 1;
        const std::size_t after = depth == 0 || depth == target.scope.size() ? placeInScope(object, path[depth]) : last;
        const Style style = styleNear(m_document, object);
        const Editor::Slot slot = m_editor.slot(object, after);
        const std::string element = nested(Names(path).subspan(depth), value, sort, slot.shape, style, slot.indent);
        const bool gap = after != Editor::first && object.members.size() > 1 && isAnchor(object.members[after].key.front().name);
        m_editor.insert(object, after, slot, style, element, gap ? std::min<std::size_t>(m_editor.blankLinesAbove(object, after), 1) : 0);
        return m_editor.result();
    }

    static std::string nested(Names names, const Json &value, Sort sort, Shape shape, const Style &style, const std::string &indent)
    {
        const std::string key = inQuotes(names.front()) + style.colon;
        if (names.size() > 1) {
            if (shape == Shape::Line)
                return key + "{" + style.braces + nested(names.subspan(1), value, sort, shape, style, indent) + style.braces + "}";
            return key + "{" + style.eol + indent + style.unit + nested(names.subspan(1), value, sort, shape, style, indent + style.unit) + style.trailing + style.eol
                + indent + "}";
        }
        switch (sort) {
        case Sort::Any:
            return key + (shape == Shape::Line ? onOneLine(value, style) : fitted(value, style, indent, key.size()));
        case Sort::Table:
            return key + shaped(value, shape == Shape::Line ? shape : style.table, style, indent);
        case Sort::List:
            break;
        }
        if (shape == Shape::Line)
            return key + "[" + style.brackets + onOneLine(value, style) + style.brackets + "]";
        if (style.list == Shape::Line)
            return key + "[" + style.brackets + shaped(value, style.item, style, indent) + style.brackets + "]";
        const std::string inner = indent + style.unit;
        return key + "[" + style.eol + inner + shaped(value, style.item, style, inner) + style.trailing + style.eol + indent + "]";
    }

    const Document &m_document;
    Editor m_editor;
    std::size_t m_turn;
};

} // namespace

Outcome applyOperation(const Document &document, const Operation &operation)
{
    try {
        return std::visit([&document](const auto &op) { return Speller(document)(op); }, operation);
    } catch (const Json::exception &) { // a text that is not UTF-8
        return unsafe();
    }
}

} // namespace cleat::config::jsonc
