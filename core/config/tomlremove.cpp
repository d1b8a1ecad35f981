// SPDX-License-Identifier: GPL-3.0-or-later
// The half of Editor that takes away. What goes: the lines of the entry itself, comments at their ends and comments between them.
// What stays: comments above the entry, and comments below it.
#include "core/config/tomledit.h"

#include <algorithm>

namespace cleat::config::toml {

namespace {

/// The comma between `from` and `to`, past comments; npos when there is none.
std::size_t findComma(std::string_view text, std::size_t from, std::size_t to)
{
    while (from < to && text[from] != ',')
        from = text[from] == '#' ? std::min(text.find('\n', from), to) : from + 1;
    return from < to ? from : std::string_view::npos;
}

std::size_t skipBlanks(std::string_view text, std::size_t at)
{
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t'))
        ++at;
    return at;
}

/// Whether one dotted key alone makes `node` what it is.
bool isOneKey(const Node &node)
{
    const Node *at = &node;
    while (at->origin == Node::Origin::Dotted && at->members.size() == 1)
        at = &at->members.front().node();
    return at->origin == Node::Origin::Value;
}

} // namespace

/// A header or an empty inline table that keeps the environment `scope` in the file when `which` are the last statements to name it.
std::string Editor::survivor(const std::set<std::size_t> &which, const Path &scope) const
{
    if (scope.empty())
        return {};
    const Node *node = nodeAt(m_document.root, scope);
    if (!node || !std::ranges::all_of(node->statements, [&](std::size_t s) { return which.contains(s); }))
        return {};
    const std::size_t first = node->statements.front();
    const Statement &statement = statements()[first];
    if (statement.kind != Statement::Kind::KeyValue)
        return indentOf(statement) + "[" + std::string(slice({statement.key.front().range.begin, statement.key[scope.size() - 1].range.end})) + "]";
    const std::size_t parts = scope.size() - depthOf(first);
    return indentOf(statement) + std::string(slice({statement.key.front().range.begin, statement.key[parts - 1].range.end})) + plainEquals() + "{}";
}

void Editor::removeStatements(const std::set<std::size_t> &which, const std::string &instead)
{
    const std::string &text = m_document.text;
    const auto &lines = m_document.scan.lines;
    bool first = true;
    for (auto it = which.begin(); it != which.end();) {
        const std::size_t from = *it;
        std::size_t to = from;
        while (++it != which.end() && *it == to + 1)
            to = *it;
        Range range{statements()[from].lines.begin, statements()[to].lines.end};
        const bool open = range.end == text.size() && text.back() != '\n';
        if (first && !instead.empty()) {
            edit(range, instead + (open ? std::string() : eolBefore(range.end)));
            first = false;
            continue;
        }
        first = false;
        const std::size_t blanks = blanksAbove(range.begin);
        const std::size_t own = lineAt(range.begin);
        const bool isTop = blanks == own;
        if (isTop) {
            while (blankAt(range.end))
                range.end = lines[lineAt(range.end)].range.end;
        } else if (range.end >= text.size() || blankAt(range.end)) {
            range.begin = lines[own - blanks].range.begin;
        }
        if (open && range.begin > m_document.scan.start)
            range.begin -= eolBefore(range.begin).size();
        edit(range, {});
    }
}

void Editor::removeItem(const Value &array, std::size_t at)
{
    const std::string_view text = m_document.text;
    const auto &items = array.items;
    const Range item = items[at].range;
    const std::size_t close = array.range.end - 1;
    const bool last = at + 1 == items.size();
    const std::size_t comma = findComma(text, item.end, last ? close : items[at + 1].range.begin);
    const std::size_t commaBefore = at > 0 ? findComma(text, items[at - 1].range.end, item.begin) : std::string_view::npos;

    const std::size_t lineBegin = text.rfind('\n', item.begin) + 1;
    std::size_t tail = skipBlanks(text, comma == std::string_view::npos ? item.end : comma + 1);
    if (text[tail] == '#')
        tail = std::min(text.find('\n', tail), text.size() - 1);
    if (text.substr(tail).starts_with("\r\n"))
        ++tail;
    const bool oneLine = text.substr(item.end, tail - item.end).find('\n') == std::string_view::npos;
    if (lineBegin > array.range.begin && skipBlanks(text, lineBegin) == item.begin && text[tail] == '\n' && oneLine) {
        edit({lineBegin, tail + 1}, {});
        if (last && comma == std::string_view::npos && commaBefore != std::string_view::npos)
            edit({commaBefore, commaBefore + 1}, {});
        return;
    }
    const auto plain = [&](std::size_t from, std::size_t to) { return text.substr(from, to - from).find_first_of("#\n") == std::string_view::npos; };
    if (items.size() == 1 && plain(array.range.begin, item.begin) && plain(item.end, close)) {
        edit({array.range.begin + 1, close}, {});
    } else if (!last && plain(item.end, items[at + 1].range.begin)) {
        edit({item.begin, items[at + 1].range.begin}, {});
    } else if (last && at > 0 && plain(items[at - 1].range.end, item.begin)) {
        edit({items[at - 1].range.end, item.end}, {});
    } else {
        // Comments or line ends stand between: only the item and one comma go.
        edit(item, {});
        const std::size_t which = comma != std::string_view::npos ? comma : commaBefore;
        if (which != std::string_view::npos)
            edit({which, which + 1}, {});
    }
}

void Editor::removeInline(const Value &table, std::size_t at)
{
    const auto &members = table.members;
    if (members.size() == 1)
        edit(table.range, "{}");
    else if (at + 1 < members.size())
        edit({members[at].key.front().range.begin, members[at + 1].key.front().range.begin}, {});
    else
        edit({members[at - 1].value.range.end, members[at].value.range.end}, {});
}

void Editor::removeField(const Node &entryTable, const Node &field)
{
    if (entryTable.origin == Node::Origin::Value)
        removeMember(entryTable, field, {}, {});
    else
        removeStatements({field.statement}, {});
}

void Editor::removeEntry(const Node &list, std::size_t at, const Path &scope)
{
    if (list.origin == Node::Origin::Value) {
        removeItem(*list.value, at);
        return;
    }
    const std::set<std::size_t> which(list.items[at]->statements.begin(), list.items[at]->statements.end());
    removeStatements(which, survivor(which, scope));
}

void Editor::removeMember(const Node &table, const Node &member, const Path &path, const Path &scope)
{
    const Value *inTable = member.inTable;
    if (inTable) {
        std::size_t at = 0;
        while (at + 1 < inTable->members.size() && inTable->members[at].key.front().range.begin != member.begin)
            ++at;
        // Between braces a dotted key may be all that names the environment.
        const Node *environment = scope.empty() ? nullptr : nodeAt(m_document.root, scope);
        if (environment && environment->inTable == inTable && environment->origin == Node::Origin::Dotted && isOneKey(*environment)) {
            const Member &only = inTable->members[at];
            edit({only.key[environment->keyParts - 1].range.end, only.value.range.end}, plainEquals() + "{}");
            return;
        }
        removeInline(*inTable, at);
        return;
    }
    std::set<std::size_t> which(member.statements.begin(), member.statements.end());
    const bool onlyHeaderLeft = table.origin == Node::Origin::Header && !path.empty()
        && std::ranges::all_of(table.statements, [&](std::size_t s) { return s == table.statement || which.contains(s); });
    if (onlyHeaderLeft && !statements()[table.statement].commented) {
        const Range section{statements()[table.statement].lines.end, afterStatement(sectionEnd(table.statement))};
        const bool comments = std::ranges::any_of(m_document.scan.lines, [&](const Line &line) {
            return line.kind == Line::Kind::Comment && line.range.begin >= section.begin && line.range.end <= section.end;
        });
        if (!comments)
            which.insert(table.statement);
    }
    removeStatements(which, survivor(which, scope));
}

} // namespace cleat::config::toml
