// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tomledit.h"

#include "core/config/bindingkinds.h"

#include <algorithm>

namespace cleat::config::toml {

namespace {

/// The spelling of a sibling's key, when it tells something of style: quotes that it did not need.
std::string_view quotedForStyle(const KeyPart &part, std::string_view spelled)
{
    return isBareKey(part.name) ? spelled : std::string_view();
}

std::string joined(const Path &path, std::size_t from)
{
    std::string out;
    for (std::size_t i = from; i < path.size(); ++i)
        out += (out.empty() ? "" : ".") + keyText(path[i]);
    return out;
}

std::size_t memberAt(const Value &table, std::size_t begin)
{
    for (std::size_t i = 0; i < table.members.size(); ++i) {
        if (table.members[i].key.front().range.begin == begin)
            return i;
    }
    return 0;
}

Range between(const KeyPart &first, const KeyPart &last)
{
    return {first.range.begin, last.range.end};
}

/// Whether a new table of bindings may stand after the one of that name at the top of the file.
bool isAnchor(std::string_view name)
{
    return name == "vars" || std::ranges::find(bindingKinds(), name, &BindingKind::key) != bindingKinds().end();
}

} // namespace

// ---- reading the surroundings ----

std::size_t Editor::lineAt(std::size_t offset) const
{
    const auto &lines = m_document.scan.lines;
    const auto after = std::upper_bound(lines.begin(), lines.end(), offset, [](std::size_t o, const Line &line) { return o < line.range.begin; });
    return after == lines.begin() ? 0 : std::size_t(after - lines.begin()) - 1;
}

std::string Editor::eolBefore(std::size_t offset) const
{
    const std::string &text = m_document.text;
    std::size_t end = offset == 0 ? std::string::npos : text.rfind('\n', offset - 1);
    if (end == std::string::npos)
        end = text.find('\n');
    return end != std::string::npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

std::string Editor::indentOf(const Statement &statement) const
{
    return std::string(slice({statement.lines.begin, statement.range.begin}));
}

std::size_t Editor::sectionEnd(std::size_t statement) const
{
    while (statement + 1 < statements().size() && isKeyValue(statement + 1))
        ++statement;
    return statement;
}

std::size_t Editor::headerOf(std::size_t statement) const
{
    while (isKeyValue(statement)) {
        if (statement == 0)
            return Node::npos;
        --statement;
    }
    return statement;
}

std::size_t Editor::depthOf(std::size_t statement) const
{
    const std::size_t header = headerOf(statement);
    return header == Node::npos ? 0 : statements()[header].key.size();
}

/// Comments right below belong to what they follow, unless something follows them at once: then they are its heading.
std::size_t Editor::afterStatement(std::size_t statement) const
{
    const auto &lines = m_document.scan.lines;
    const std::size_t own = lineAt(statements()[statement].lines.begin);
    std::size_t i = own + 1;
    while (i < lines.size() && lines[i].kind == Line::Kind::Comment)
        ++i;
    const bool heading = i < lines.size() && lines[i].kind == Line::Kind::Code;
    return lines[heading ? own : i - 1].range.end;
}

std::size_t Editor::attachedTop(std::size_t statement) const
{
    const auto &lines = m_document.scan.lines;
    std::size_t i = lineAt(statements()[statement].lines.begin);
    while (i > 0 && lines[i - 1].kind == Line::Kind::Comment)
        --i;
    return lines[i].range.begin;
}

std::size_t Editor::blanksAbove(std::size_t offset) const
{
    const auto &lines = m_document.scan.lines;
    std::size_t i = offset >= m_document.text.size() ? lines.size() : lineAt(offset);
    std::size_t count = 0;
    while (i > 0 && lines[i - 1].kind == Line::Kind::Blank) {
        --i;
        ++count;
    }
    return count;
}

bool Editor::blankAt(std::size_t offset) const
{
    return offset < m_document.text.size() && m_document.scan.lines[lineAt(offset)].kind == Line::Kind::Blank;
}

std::size_t Editor::usualGap() const
{
    bool anyHeader = false;
    for (std::size_t i = 0; i < statements().size(); ++i) {
        const std::size_t top = isKeyValue(i) ? m_document.scan.start : attachedTop(i);
        if (top == m_document.scan.start)
            continue;
        if (blanksAbove(top) > 0)
            return 1;
        anyHeader = true;
    }
    return anyHeader ? 0 : 1;
}

std::string Editor::equalsLike(std::size_t statement, std::size_t keyLength) const
{
    const Statement &like = statements()[statement];
    const std::string raw(slice({like.key.back().range.end, like.value.range.begin}));
    const std::size_t sign = raw.find('=');
    if (sign <= 1 || raw.find('\t') < sign)
        return raw;
    // Several blanks before the sign: the signs of the section stand in one column.
    const std::size_t column = between(like.key.front(), like.key.back()).size() + sign;
    return std::string(column > keyLength ? column - keyLength : 1, ' ') + raw.substr(sign);
}

std::string Editor::plainEquals() const
{
    for (const Statement &statement : statements()) {
        if (statement.kind == Statement::Kind::KeyValue)
            return statement.key.back().range.end + 1 == statement.value.range.begin ? "=" : " = ";
    }
    return " = ";
}

Style Editor::styleNear(const Node *node) const
{
    Style style;
    style.eol = eolBefore(m_document.text.size());
    style.equals = plainEquals();
    const auto quoteOf = [this](const Node *n) -> std::optional<Quote> {
        if (!n || !n->value || n->value->kind != Value::Kind::String)
            return std::nullopt;
        return slice(n->value->range).starts_with('\'') ? Quote::Literal : Quote::Basic;
    };
    std::optional<Quote> quote;
    if (node && node->isTable()) {
        for (const Node::Entry &entry : node->members)
            quote = quoteOf(&entry.node()) ? quoteOf(&entry.node()) : quote;
    } else if (node && node->isArray() && !node->items.empty()) {
        for (const Node::Entry &entry : node->items.back()->members)
            quote = quoteOf(&entry.node()) ? quoteOf(&entry.node()) : quote;
    }
    for (std::size_t i = 0; !quote && i < statements().size(); ++i) {
        if (isKeyValue(i) && statements()[i].value.kind == Value::Kind::String)
            quote = slice(statements()[i].value.range).starts_with('\'') ? Quote::Literal : Quote::Basic;
    }
    style.quote = quote.value_or(Quote::Basic);
    return style;
}

// ---- inserting ----

/// `lines` end in their line end; `at` is the beginning of a line or the end of the text.
void Editor::insertLines(std::size_t at, const std::string &lines)
{
    const std::string &text = m_document.text;
    const bool open = at == text.size() && at > m_document.scan.start && text.back() != '\n';
    if (!open) {
        edit({at, at}, lines);
        return;
    }
    const std::string eol = eolBefore(at);
    edit({at, at}, eol + lines.substr(0, lines.size() - eol.size()));
}

void Editor::insertBlock(std::size_t at, const std::string &block, std::size_t gap)
{
    const std::string eol = eolBefore(at);
    std::string lines;
    if (at > m_document.scan.start) {
        for (std::size_t have = blanksAbove(at); have < gap; ++have)
            lines += eol;
    }
    lines += block;
    if (at < m_document.text.size() && !blankAt(at) && gap > 0)
        lines += eol;
    insertLines(at, lines);
}

std::string Editor::tableText(const Fields &fields, const Style &style) const
{
    std::string out = "{" + style.inner;
    for (std::size_t i = 0; i < fields.size(); ++i)
        out += (i ? style.comma : std::string()) + keyText(fields[i].first) + style.equals + fields[i].second;
    return out + style.inner + "}";
}

void Editor::insertInline(const Value &table, const std::string &key, const std::string &value)
{
    if (table.members.empty()) {
        edit(table.range, "{ " + key + plainEquals() + value + " }");
        return;
    }
    const Member &last = table.members.back();
    std::string comma = ", ";
    if (table.members.size() > 1)
        comma = slice({table.members[table.members.size() - 2].value.range.end, last.key.front().range.begin});
    const std::string equals(slice({last.key.back().range.end, last.value.range.begin}));
    edit({last.value.range.end, last.value.range.end}, comma + key + equals + value);
}

/// `key` is finished TOML, relative to `table`, which dotted keys made.
void Editor::insertDotted(const Node &table, const std::string &key, const std::string &value)
{
    if (table.inTable) {
        const Member &member = table.inTable->members[memberAt(*table.inTable, table.begin)];
        insertInline(*table.inTable, std::string(slice(between(member.key.front(), member.key[table.keyParts - 1]))) + "." + key, value);
        return;
    }
    const Statement &first = statements()[table.statement];
    const std::size_t end = sectionEnd(table.statement);
    std::size_t last = table.statement;
    for (const std::size_t s : table.statements)
        last = s <= end ? std::max(last, s) : last;
    const std::string whole = std::string(slice(between(first.key.front(), first.key[table.keyParts - 1]))) + "." + key;
    const std::size_t at = statements()[last].lines.end;
    insertLines(at, indentOf(first) + whole + equalsLike(last, whole.size()) + value + eolBefore(at));
}

void Editor::appendItem(const Value &array, const Fields &fields)
{
    Style style;
    style.equals = plainEquals();
    if (array.items.empty()) {
        const std::string item = tableText(fields, style);
        const std::string_view inside = slice({array.range.begin + 1, array.range.end - 1});
        const std::size_t newline = inside.find('\n');
        if (newline == std::string_view::npos) {
            edit({array.range.begin + 1, array.range.end - 1}, inside.empty() ? item : " " + item + " ");
            return;
        }
        // Lines with nothing but comments: the item goes on a line of its own, before the bracket.
        const std::size_t lastLine = array.range.begin + 1 + inside.rfind('\n') + 1;
        edit({lastLine, lastLine}, "  " + item + "," + eolBefore(lastLine));
        return;
    }
    const Value &last = array.items.back();
    if (last.kind == Value::Kind::InlineTable && !last.members.empty()) {
        style.inner = slice({last.range.begin + 1, last.members.front().key.front().range.begin});
        style.equals = slice({last.members.front().key.back().range.end, last.members.front().value.range.begin});
        if (last.members.size() > 1)
            style.comma = slice({last.members[0].value.range.end, last.members[1].key.front().range.begin});
    }
    const std::string item = tableText(fields, style);
    const std::size_t close = array.range.end - 1;
    // The comma after the last item, if there is one; comments may stand before it.
    std::size_t comma = last.range.end;
    while (comma < close && m_document.text[comma] != ',')
        comma = m_document.text[comma] == '#' ? m_document.text.find('\n', comma) : comma + 1;
    const bool trailing = comma < close;
    const std::size_t base = trailing ? comma + 1 : last.range.end;
    const std::size_t lineBegin = m_document.text.rfind('\n', last.range.begin) + 1;
    const std::string_view before = slice({lineBegin, last.range.begin});
    const bool ownLine = lineBegin > array.range.begin && before.find_first_not_of(" \t") == std::string_view::npos;
    if (!ownLine) {
        std::string separator = ", ";
        if (array.items.size() > 1) {
            const std::string_view seen = slice({array.items[array.items.size() - 2].range.end, last.range.begin});
            if (seen.find_first_of("#\n") == std::string_view::npos)
                separator = seen;
        }
        if (trailing)
            edit({base, base}, separator.substr(separator.find(',') + 1) + item + ",");
        else
            edit({base, base}, separator + item);
        return;
    }
    const std::string line = eolBefore(last.range.begin) + std::string(before) + item + (trailing ? "," : "");
    const std::size_t newline = m_document.text.find('\n', base);
    if (newline >= close) { // the bracket closes on this line
        edit({base, base}, (trailing ? "" : ",") + line);
        return;
    }
    if (!trailing)
        edit({base, base}, ",");
    const std::size_t lineEnd = m_document.text[newline - 1] == '\r' ? newline - 1 : newline;
    edit({lineEnd, lineEnd}, line);
}

void Editor::appendEntry(const Node &list, const Fields &fields)
{
    if (list.origin == Node::Origin::Value) {
        appendItem(*list.value, fields);
        return;
    }
    const Node &last = *list.items.back();
    const Statement &header = statements()[last.statement];
    const std::size_t at = afterStatement(sectionEnd(last.statements.back()));
    const std::string eol = eolBefore(at);
    std::size_t like = Node::npos;
    std::string block = indentOf(header) + std::string(slice(header.range)) + eol;
    for (const auto &[name, value] : fields) {
        if (const Node *same = last.find(name))
            like = same->statement;
        else if (like == Node::npos && last.statement + 1 < statements().size() && isKeyValue(last.statement + 1))
            like = last.statement + 1;
        const bool have = like != Node::npos;
        const KeyPart *part = have ? &statements()[like].key.front() : nullptr;
        const std::string key = part ? keyText(name, quotedForStyle(*part, slice(part->range))) : name;
        block += (have ? indentOf(statements()[like]) : indentOf(header)) + key + (have ? equalsLike(like, key.size()) : plainEquals()) + value + eol;
    }
    std::size_t gap = usualGap();
    if (list.items.size() > 1)
        gap = std::min<std::size_t>(blanksAbove(attachedTop(last.statement)), 2);
    insertBlock(at, block, gap);
}

void Editor::appendMember(const Node &table, const Path &path, const std::string &name, const std::string &value)
{
    switch (table.origin) {
    case Node::Origin::Value: {
        const auto &members = table.value->members;
        const KeyPart *part = members.empty() ? nullptr : &members.back().key.front();
        insertInline(*table.value, part ? keyText(name, quotedForStyle(*part, slice(part->range))) : keyText(name), value);
        return;
    }
    case Node::Origin::Dotted:
        insertDotted(table, keyText(name), value);
        return;
    case Node::Origin::Header: {
        const std::size_t last = sectionEnd(table.statement);
        const std::size_t at = afterStatement(last);
        std::string line = indentOf(statements()[last]);
        if (isKeyValue(last)) {
            const KeyPart &part = statements()[last].key.front();
            const std::string key = keyText(name, quotedForStyle(part, slice(part.range)));
            line += key + equalsLike(last, key.size());
        } else {
            line += keyText(name) + plainEquals();
        }
        insertLines(at, line + value + eolBefore(at));
        return;
    }
    case Node::Origin::Implied: {
        const std::size_t header = table.statements.front();
        const Statement &like = statements()[header];
        const std::size_t at = attachedTop(header);
        const std::string eol = eolBefore(at);
        const std::string prefix(slice(between(like.key.front(), like.key[path.size() - 1])));
        insertBlock(at, indentOf(like) + "[" + prefix + "]" + eol + indentOf(like) + keyText(name) + plainEquals() + value + eol, usualGap());
        return;
    }
    case Node::Origin::File:
    case Node::Origin::Headers:
        break;
    }
}

void Editor::addContainer(const Target &target, Container container, const Fields &fields)
{
    const Path path = target.whole();
    const bool inEnvironment = !target.scope.empty();
    const Node *deepest = &m_document.root;
    std::size_t depth = 0;
    for (; depth + 1 < path.size(); ++depth) {
        const Node *child = deepest->find(path[depth]);
        if (!child || !child->isTable())
            break;
        deepest = child;
    }
    const Path rest(path.begin() + std::ptrdiff_t(depth), path.end());
    Style style;
    style.equals = plainEquals();
    std::string value = tableText(fields, style);
    if (container == Container::List)
        value = "[" + value + "]";

    if (deepest->origin == Node::Origin::Dotted && !deepest->inTable && container == Container::Table && fields.size() == 1) {
        insertDotted(*deepest, joined(rest, 0) + "." + keyText(fields.front().first), fields.front().second);
        return;
    }
    if (deepest->origin == Node::Origin::Value || deepest->origin == Node::Origin::Dotted) {
        for (std::size_t i = rest.size(); i-- > 1;)
            value = tableText({{rest[i], value}}, style);
        if (deepest->value)
            insertInline(*deepest->value, keyText(rest.front()), value);
        else
            insertDotted(*deepest, keyText(rest.front()), value);
        return;
    }

    // A section of its own. It may stand anywhere, as long as the next section follows it at once.
    std::string prefix = joined(rest, 0);
    std::size_t after = Node::npos;
    std::size_t before = Node::npos;
    if (depth > 0) {
        for (const std::size_t s : deepest->statements) {
            if (!isKeyValue(s)) {
                prefix = std::string(slice(between(statements()[s].key.front(), statements()[s].key[depth - 1]))) + "." + joined(rest, 0);
                break;
            }
        }
        after = sectionEnd(deepest->statements.back());
    } else if (inEnvironment) {
        after = statements().empty() ? Node::npos : statements().size() - 1;
    } else {
        std::size_t firstEnv = Node::npos;
        for (std::size_t s = 0; s < statements().size(); ++s) {
            if (isKeyValue(s))
                continue;
            const std::string &top = statements()[s].key.front().name;
            if (isAnchor(top))
                after = sectionEnd(s);
            if (top == "env" && firstEnv == Node::npos)
                firstEnv = s;
        }
        if (after == Node::npos && firstEnv == 0)
            before = 0;
        else if (after == Node::npos && !statements().empty())
            after = firstEnv == Node::npos ? statements().size() - 1 : firstEnv - 1;
    }

    const std::size_t at = before != Node::npos ? attachedTop(before) : after != Node::npos ? afterStatement(after) : m_document.text.size();
    const std::string eol = eolBefore(at);
    // The look of the section above, when it is one of the same set.
    const std::size_t header = after == Node::npos ? Node::npos : headerOf(after);
    const bool sameSet = header != Node::npos && (statements()[header].key.front().name == "env") == inEnvironment;
    std::string headerIndent;
    std::string keyIndent;
    std::string padding;
    if (sameSet) {
        const Statement &like = statements()[header];
        headerIndent = indentOf(like);
        keyIndent = after != header ? indentOf(statements()[after]) : headerIndent;
        const std::size_t open = like.kind == Statement::Kind::ArrayTable ? 2 : 1;
        padding = slice({like.range.begin + open, like.key.front().range.begin});
        if (after != header)
            style.equals = statements()[after].key.back().range.end + 1 == statements()[after].value.range.begin ? "=" : " = ";
    }
    const bool list = container == Container::List;
    std::string block = headerIndent + (list ? "[[" : "[") + padding + prefix + padding + (list ? "]]" : "]") + eol;
    for (const auto &[key, text] : fields)
        block += keyIndent + keyText(key) + style.equals + text + eol;
    insertBlock(at, block, usualGap());
}

// ---- changing ----

void Editor::replaceValue(const Node &node, const std::string &value)
{
    edit(node.value->range, value);
}

void Editor::insertField(const Node &anchor, const std::string &name, const std::string &value)
{
    if (anchor.inTable) {
        const auto &members = anchor.inTable->members;
        const std::size_t i = memberAt(*anchor.inTable, anchor.begin);
        std::string comma = ", ";
        if (members.size() > 1)
            comma = slice({members[members.size() - 2].value.range.end, members.back().key.front().range.begin});
        const std::string equals(slice({members[i].key.back().range.end, members[i].value.range.begin}));
        const std::string key = keyText(name, quotedForStyle(members[i].key.front(), slice(members[i].key.front().range)));
        edit({members[i].value.range.end, members[i].value.range.end}, comma + key + equals + value);
        return;
    }
    const Statement &like = statements()[anchor.statement];
    const std::string key = keyText(name, quotedForStyle(like.key.front(), slice(like.key.front().range)));
    insertLines(like.lines.end, indentOf(like) + key + equalsLike(anchor.statement, key.size()) + value + eolBefore(like.lines.end));
}

void Editor::renameMember(const Node &table, std::string_view name, const std::string &newName, const Path &path)
{
    const Node &member = *table.find(name);
    const auto rename = [&](const KeyPart &part) { edit(part.range, keyText(newName, quotedForStyle(part, slice(part.range)))); };
    if (member.origin == Node::Origin::Value) {
        rename(KeyPart{std::string(name), table.members[table.index.find(name)->second].key});
        return;
    }
    if (member.inTable) {
        const Member &first = member.inTable->members[memberAt(*member.inTable, member.begin)];
        for (const Member &other : member.inTable->members) {
            const bool same = other.key.size() >= member.keyParts
                && std::ranges::equal(other.key.begin(), other.key.begin() + std::ptrdiff_t(member.keyParts), first.key.begin(),
                                      first.key.begin() + std::ptrdiff_t(member.keyParts), {}, &KeyPart::name, &KeyPart::name);
            if (same)
                rename(other.key[member.keyParts - 1]);
        }
        return;
    }
    for (const std::size_t s : member.statements) {
        const std::size_t above = isKeyValue(s) ? depthOf(s) : 0;
        if (above <= path.size())
            rename(statements()[s].key[path.size() - above]);
    }
}

} // namespace cleat::config::toml
