// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/document.h"

#include "core/base/bytes.h"
#include "core/config/fill.h"
#include "core/config/jsoncdocument.h"
#include "core/config/tomldocument.h"

#include <algorithm>
#include <bit>

namespace cleat::config {

Node *Node::find(std::string_view name)
{
    const auto it = index.find(name);
    return it == index.end() ? nullptr : &members[it->second].node();
}

const Node *Node::find(std::string_view name) const
{
    return const_cast<Node *>(this)->find(name);
}

const Node *Node::at(std::initializer_list<std::string_view> path) const
{
    const Node *node = this;
    for (const std::string_view name : path) {
        node = node && node->isTable() ? node->find(name) : nullptr;
    }
    return node;
}

Node &Node::add(const KeyPart &key)
{
    index.emplace(key.name, members.size());
    Entry &entry = members.emplace_back();
    entry.name = key.name;
    entry.key = key.range;
    entry.held = std::make_unique<Node>();
    return *entry.held;
}

base::Place Document::place(std::size_t offset, const std::string &path) const
{
    const auto after = std::upper_bound(lineStarts.begin(), lineStarts.end(), offset);
    const std::size_t line = after == lineStarts.begin() ? 0 : std::size_t(after - lineStarts.begin()) - 1;
    const std::size_t begin = lineStarts[line];
    return {path, int(line) + 1, int(offset < begin ? 0 : offset - begin) + 1};
}

base::Result<Document> parseDocument(std::string text, Form form, const std::string &path, Check check)
{
    switch (form) {
    case Form::Toml:
        return toml::parse(std::move(text), path, check);
    case Form::Jsonc:
        return jsonc::parse(std::move(text), path);
    }
    return base::fail("config.parse", "The file is of no known form.");
}

bool Tree::operator==(const Tree &other) const
{
    if (value.index() != other.value.index())
        return false;
    const auto *mine = std::get_if<Atom>(&value);
    if (!mine)
        return value == other.value;
    const auto *theirs = std::get_if<Atom>(&other.value);
    const auto *a = std::get_if<double>(mine);
    const auto *b = std::get_if<double>(theirs);
    if (a && b) // by bits, so that nan equals itself and -0.0 is not 0.0
        return std::bit_cast<std::uint64_t>(*a) == std::bit_cast<std::uint64_t>(*b);
    return *mine == *theirs;
}

Tree treeOf(const Node &node)
{
    switch (node.kind) {
    case Node::Kind::Scalar:
        return {node.scalar};
    case Node::Kind::Array: {
        Tree::List list;
        for (const auto &item : node.items)
            list.push_back(treeOf(*item));
        return {std::move(list)};
    }
    case Node::Kind::Table: {
        Tree::Table table;
        for (const Node::Entry &entry : node.members)
            table.emplace(entry.name, treeOf(entry.node()));
        return {std::move(table)};
    }
    }
    return {};
}

base::Place placeAt(std::string_view text, std::size_t offset, const std::string &path)
{
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const auto lines = std::count(before.begin(), before.end(), '\n');
    std::size_t lineBegin = before.rfind('\n');
    lineBegin = lineBegin == std::string_view::npos ? 0 : lineBegin + 1;
    if (lineBegin == 0 && before.starts_with("\xEF\xBB\xBF"))
        lineBegin = 3;
    return {path, int(lines) + 1, int(before.size() - lineBegin) + 1};
}

std::unexpected<base::Error> failAt(std::string_view text, std::size_t offset, const std::string &path, const std::string &sentence)
{
    base::Place place = placeAt(text, offset, path);
    std::string message = fill("{}{}ine {}, column {}: {}.", path, path.empty() ? "L" : ", l", place.line, place.column, sentence);
    return base::fail("config.parse", std::move(message), std::move(place));
}

std::string foundAt(std::string_view text, std::size_t offset)
{
    if (offset >= text.size())
        return "the end of the file";
    const auto c = static_cast<unsigned char>(text[offset]);
    if (c == '\n' || text.substr(offset).starts_with("\r\n"))
        return "the end of the line";
    if (c < 0x20 || c == 0x7F)
        return "the control character 0x" + hex(c, 2);
    const std::size_t length = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    const std::string_view seen = text.substr(offset, length);
    if (!base::isUtf8(seen))
        return "the byte 0x" + hex(c, 2) + ", which is not UTF-8";
    return fill("'{}'", seen);
}

} // namespace cleat::config
