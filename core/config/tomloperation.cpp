// SPDX-License-Identifier: GPL-3.0-or-later
// The operations, spelled in TOML.
#include "core/config/operation.h"
#include "core/config/tomldocument.h"
#include "core/config/tomledit.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cleat::config::toml {

namespace {

using base::Json;
using Outcome = base::Result<std::string>;

std::unexpected<base::Error> unsafe()
{
    return base::fail("config.edit.unsafe", "The file cannot be changed here without a risk to the rest of it; please edit it by hand.");
}

/// The spelling of `json` in the place of `old`, whose quotes are kept.
std::string spelled(const Json &json, Style style, const Document &document, const Node *old)
{
    if (old && old->value && old->value->kind == Value::Kind::String) {
        const std::string_view now = document.slice(old->value->range);
        if (now.starts_with("\"\"\"") || now.starts_with("'''"))
            style.quote = Quote::Lines;
        else
            style.quote = now.starts_with('\'') ? Quote::Literal : Quote::Basic;
    }
    return tomlOf(json, style);
}

Fields fieldsOf(const Json &object, const Style &style)
{
    Fields fields;
    for (auto it = object.begin(); it != object.end(); ++it)
        fields.emplace_back(it.key(), tomlOf(it.value(), style));
    return fields;
}

bool isPlain(const Node &node)
{
    return node.origin == Node::Origin::Value && node.keyParts == 1;
}

/// Where a new field of an entry comes: behind the last one that is a plain key with its value.
const Node *lastPlain(const Node &entry)
{
    const Node *last = nullptr;
    for (const Node::Entry &member : entry.members) {
        const Node &node = member.node();
        if (isPlain(node))
            last = !last || node.begin > last->begin ? &node : last;
    }
    return last;
}

/// Whether nothing would be left of the text of a list, no comment either, without its only entry and what stands at the end of that.
bool isAllOf(const Document &document, const Node &list)
{
    if (!list.value || list.items.size() != 1)
        return false;
    const Range item = list.value->items.front().range;
    const std::string_view above = document.slice({list.value->range.begin, item.begin});
    const std::string_view below = document.slice({item.end, list.value->range.end});
    return !above.contains('#') && !below.substr(std::min(below.find('\n'), below.size())).contains('#');
}

bool isOnlyIn(const Node *table)
{
    return table && table->origin == Node::Origin::Value && table->members.size() == 1;
}

struct Speller {
    const Document &document;

    Outcome operator()(const AppendEntry &op) const
    {
        const Path path = op.list.whole();
        const Node *list = nodeAt(document.root, path);
        if (list && !list->isArray())
            return unsafe();
        Editor editor(document);
        const Fields fields = fieldsOf(op.entry, editor.styleNear(list));
        if (list)
            editor.appendEntry(*list, fields);
        else
            editor.addContainer(op.list, Editor::Container::List, fields);
        return editor.result();
    }

    Outcome operator()(const SetField &op) const
    {
        const Node *list = nodeAt(document.root, op.list.whole());
        if (!list || !list->isArray() || op.at >= list->items.size() || !list->items[op.at]->isTable())
            return unsafe();
        const Node &entry = *list->items[op.at];
        const Node *field = entry.find(op.field);
        Editor editor(document);
        if (!field) {
            if (!op.value)
                return document.text;
            const Node *after = entry.find(op.after);
            const Node *anchor = after && isPlain(*after) ? after : lastPlain(entry);
            if (!anchor)
                return unsafe();
            editor.insertField(*anchor, op.field, spelled(*op.value, editor.styleNear(anchor), document, anchor));
            return editor.result();
        }
        if (op.value && field->value) {
            editor.replaceValue(*field, spelled(*op.value, editor.styleNear(field), document, field));
            return editor.result();
        }
        if (field->value)
            editor.removeField(entry, *field);
        else
            editor.removeMember(entry, *field, {}, {});
        // A field spelled by headers or dotted keys goes piece by piece; then its new value takes their place.
        const std::string text = editor.result();
        if (!op.value && field->value)
            return text;
        if (text == document.text)
            return unsafe();
        auto next = parse(text, {}, Check::Values);
        if (!next)
            return unsafe();
        return Speller{*next}(op);
    }

    Outcome operator()(const RemoveEntry &op) const
    {
        const Node *list = nodeAt(document.root, op.list.whole());
        if (!list || !list->isArray() || op.at >= list->items.size())
            return unsafe();
        if (!isAllOf(document, *list)) {
            Editor editor(document);
            editor.removeEntry(*list, op.at, op.list.scope);
            return editor.result();
        }
        // The list goes, and the inline table round it when that holds nothing else.
        RemoveMember whole{op.list, {}};
        do {
            whole.name = whole.table.path.back();
            whole.table.path.pop_back();
        } while (!whole.table.path.empty() && isOnlyIn(nodeAt(document.root, whole.table.whole())));
        return removed(document.text, whole);
    }

    Outcome operator()(const SetMember &op) const
    {
        const Path path = op.table.whole();
        const Node *table = nodeAt(document.root, path);
        if (table && !table->isTable())
            return unsafe();
        const Node *member = table ? table->find(op.name) : nullptr;
        Editor editor(document);
        if (member && !member->value) {
            auto without = removed(document.text, {op.table, op.name});
            if (!without)
                return without;
            auto next = parse(*without, {}, Check::Values);
            if (!next)
                return unsafe();
            return Speller{*next}(op);
        }
        const std::string value = spelled(op.value, editor.styleNear(table), document, member);
        if (member)
            editor.replaceValue(*member, value);
        else if (table)
            editor.appendMember(*table, path, op.name, value);
        else
            editor.addContainer(op.table, Editor::Container::Table, {{op.name, value}});
        return editor.result();
    }

    Outcome operator()(const AddTable &op) const
    {
        Editor editor(document);
        editor.addContainer(op.table, Editor::Container::Table, fieldsOf(op.members, editor.styleNear(nullptr)));
        return editor.result();
    }

    Outcome operator()(const RemoveMember &op) const { return removed(document.text, op); }

    Outcome operator()(const RenameMember &op) const
    {
        const Path path = op.table.whole();
        const Node *table = nodeAt(document.root, path);
        if (!table || !table->isTable() || !table->find(op.name))
            return unsafe();
        Editor editor(document);
        editor.renameMember(*table, op.name, op.newName, path);
        return editor.result();
    }

    /// Dotted keys between braces go one at a time.
    static Outcome removed(std::string text, const RemoveMember &op)
    {
        const Path path = op.table.whole();
        for (;;) {
            auto document = parse(text, {}, Check::Values);
            if (!document)
                return unsafe();
            const Node *table = nodeAt(document->root, path);
            const Node *member = table && table->isTable() ? table->find(op.name) : nullptr;
            if (!member)
                return text;
            Editor editor(*document);
            editor.removeMember(*table, *member, path, op.table.scope);
            std::string next = editor.result();
            if (next == text)
                return text;
            text = std::move(next);
        }
    }
};

} // namespace

Outcome applyOperation(const Document &document, const Operation &operation)
{
    return std::visit(Speller{document}, operation);
}

} // namespace cleat::config::toml
