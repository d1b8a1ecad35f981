// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tomldocument.h"

#include "core/config/fill.h"

namespace cleat::config::toml {

namespace {

struct Problem {
    std::size_t offset;
    std::string sentence;
};

std::string dotted(const std::vector<KeyPart> &key, std::size_t parts)
{
    std::string out;
    for (std::size_t i = 0; i < parts; ++i)
        out += (i ? "." : "") + key[i].name;
    return out;
}

class Builder final
{
public:
    explicit Builder(Document &document) : m_document(document) {}

    void run()
    {
        Node &root = m_document.root;
        root.origin = Node::Origin::File;
        root.begin = m_document.scan.start;
        Node *table = &root;
        std::vector<Node *> above{&root};
        for (m_statement = 0; m_statement < m_document.scan.statements.size(); ++m_statement) {
            const Statement &statement = m_document.scan.statements[m_statement];
            if (statement.kind == Statement::Kind::KeyValue) {
                for (Node *node : above)
                    touch(*node);
                keyValue(*table, statement.key, statement.value, nullptr);
            } else {
                above.clear();
                table = header(root, statement, above);
            }
        }
    }

private:
    void touch(Node &node)
    {
        if (node.statements.empty() || node.statements.back() != m_statement)
            node.statements.push_back(m_statement);
    }

    Node &create(Node &parent, const KeyPart &part, Node::Origin origin, std::size_t begin)
    {
        Node &node = parent.add(part);
        node.origin = origin;
        node.begin = begin;
        node.statement = m_statement;
        return node;
    }

    [[noreturn]] void twice(const std::vector<KeyPart> &key, std::size_t part, const Node &first) const
    {
        throw Problem{key[part].range.begin, fill("'{}' is defined a second time; the first is in line {}", dotted(key, part + 1),
                                                         m_document.place(first.begin, {}).line)};
    }

    Node *header(Node &root, const Statement &statement, std::vector<Node *> &above)
    {
        const std::vector<KeyPart> &key = statement.key;
        Node *at = &root;
        touch(*at);
        above.push_back(at);
        const auto enter = [&](Node *node) {
            at = node;
            touch(*at);
            above.push_back(at);
        };
        for (std::size_t i = 0; i + 1 < key.size(); ++i) {
            Node *child = at->find(key[i].name);
            if (!child) {
                enter(&create(*at, key[i], Node::Origin::Implied, statement.range.begin));
            } else if (child->origin == Node::Origin::Headers) {
                enter(child);
                enter(child->items.back().get());
            } else if (child->isTable() && child->origin != Node::Origin::Value) {
                enter(child);
            } else {
                throw Problem{key[i].range.begin, fill("'{}' is a value already (line {}), so no table can be put into it", dotted(key, i + 1),
                                                              m_document.place(child->begin, {}).line)};
            }
        }
        Node *last = at->find(key.back().name);
        if (statement.kind == Statement::Kind::ArrayTable) {
            if (last && last->origin != Node::Origin::Headers)
                twice(key, key.size() - 1, *last);
            if (!last) {
                last = &create(*at, key.back(), Node::Origin::Headers, statement.range.begin);
                last->kind = Node::Kind::Array;
            }
            enter(last);
            Node &item = *last->items.emplace_back(std::make_unique<Node>());
            item.origin = Node::Origin::Header;
            item.begin = statement.range.begin;
            item.statement = m_statement;
            enter(&item);
        } else {
            if (last && last->origin != Node::Origin::Implied)
                twice(key, key.size() - 1, *last);
            if (!last)
                last = &create(*at, key.back(), Node::Origin::Header, statement.range.begin);
            last->origin = Node::Origin::Header;
            last->begin = statement.range.begin;
            last->statement = m_statement;
            enter(last);
        }
        if (above.size() > std::size_t(maxDepth) * 2)
            throw Problem{statement.range.begin, "tables are nested too deeply"};
        return at;
    }

    void keyValue(Node &table, const std::vector<KeyPart> &key, const Value &value, const Value *inTable)
    {
        Node *at = &table;
        for (std::size_t i = 0; i + 1 < key.size(); ++i) {
            Node *child = at->find(key[i].name);
            if (!child) {
                child = &create(*at, key[i], Node::Origin::Dotted, key.front().range.begin);
                child->inTable = inTable;
                child->keyParts = i + 1;
            } else if (child->origin != Node::Origin::Dotted) {
                twice(key, i, *child);
            }
            at = child;
            touch(*at);
        }
        if (const Node *before = at->find(key.back().name))
            twice(key, key.size() - 1, *before);
        Node &made = create(*at, key.back(), Node::Origin::Value, key.front().range.begin);
        made.inTable = inTable;
        made.keyParts = key.size();
        setValue(made, value);
    }

    void setValue(Node &node, const Value &value)
    {
        touch(node);
        node.origin = Node::Origin::Value;
        node.statement = m_statement;
        node.value = &value;
        switch (value.kind) {
        case Value::Kind::Scalar:
        case Value::Kind::String:
            node.kind = Node::Kind::Scalar;
            break;
        case Value::Kind::Array:
            node.kind = Node::Kind::Array;
            for (const Value &item : value.items) {
                Node &made = *node.items.emplace_back(std::make_unique<Node>());
                made.begin = item.range.begin;
                setValue(made, item);
            }
            break;
        case Value::Kind::InlineTable:
            node.kind = Node::Kind::Table;
            for (const Member &member : value.members)
                keyValue(node, member.key, member.value, &value);
            break;
        }
    }

    Document &m_document;
    std::size_t m_statement = 0;
};

} // namespace

base::Result<Document> parse(std::string text, const std::string &path, Check check)
{
    auto scanned = scan(text, path);
    if (!scanned)
        return std::unexpected(std::move(scanned.error()));
    Document document;
    document.text = std::move(text);
    document.scan = std::move(*scanned);
    document.lineStarts.push_back(document.scan.start);
    for (std::size_t i = document.text.find('\n'); i != std::string::npos; i = document.text.find('\n', i + 1))
        document.lineStarts.push_back(i + 1);
    try {
        Builder(document).run();
    } catch (const Problem &problem) {
        return failAt(document.text, problem.offset, path, problem.sentence);
    }
    if (auto read = readScalars(document, path, check); !read)
        return std::unexpected(std::move(read.error()));
    return document;
}

} // namespace cleat::config::toml
