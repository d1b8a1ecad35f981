// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/tomlscan.h"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace cleat::config::toml {

/// A TOML date, time or both, as spelled.
struct Date {
    std::string text;
    bool operator==(const Date &) const = default;
};

using Atom = std::variant<std::string, std::int64_t, double, bool, Date>;

/// A value of the file together with where it stands. Scalars are decoded by toml11.
struct Node {
    enum class Kind { Scalar, Array, Table };
    /// What made it: the file itself, its own header, a longer header, a dotted key, a value in the text, [[ ]] headers.
    enum class Origin { File, Header, Implied, Dotted, Value, Headers };

    struct Entry;

    Kind kind = Kind::Table;
    Origin origin = Origin::Value;
    std::size_t begin = 0;               ///< the byte where the entry begins: its header, its key, or (in a list) its value
    std::size_t statement = npos;        ///< the header or key-value statement that made it
    std::vector<std::size_t> statements; ///< every statement that says something of it or of what lies in it, in file order
    const Value *value = nullptr;        ///< in the scan; set for Origin::Value
    const Value *inTable = nullptr;      ///< the inline table in whose braces its key stands, if any
    std::size_t keyParts = 0;            ///< for Value and Dotted: how many parts of its first key lead to it
    Atom scalar;
    std::vector<std::unique_ptr<Node>> items;
    std::vector<Entry> members; ///< in file order
    std::map<std::string, std::size_t, std::less<>> index;

    static constexpr std::size_t npos = std::size_t(-1);

    Node *find(std::string_view name);
    const Node *find(std::string_view name) const;
    const Node *at(std::initializer_list<std::string_view> path) const;
    Node &add(const KeyPart &key);

    bool isTable() const { return kind == Kind::Table; }
    bool isArray() const { return kind == Kind::Array; }
    const std::string *text() const { return kind == Kind::Scalar ? std::get_if<std::string>(&scalar) : nullptr; }
};

struct Node::Entry {
    std::string name;
    Range key; ///< the key part that first named it
    std::unique_ptr<Node> held; ///< never null
    Node &node() { return *held; }
    const Node &node() const { return *held; }
};

/// A parsed text. Movable, not copyable: nodes point into the scan.
struct Document {
    std::string text;
    Scan scan;
    Node root;
    std::vector<std::size_t> lineStarts;

    Document() = default;
    Document(Document &&) = default;
    Document &operator=(Document &&) = default;
    Document(const Document &) = delete;
    Document &operator=(const Document &) = delete;

    base::Place place(std::size_t offset, const std::string &path) const;
    std::string_view slice(Range range) const { return std::string_view(text).substr(range.begin, range.size()); }
};

/// Scans, builds the tree by TOML's rules on what may be defined twice, reads the scalars with toml11, and refuses the text when
/// toml11 sees another tree than this scanner. Code config.parse. Any thread.
base::Result<Document> parse(std::string text, const std::string &path);

/// The meaning alone, to compare: order of members and spelling are not in it.
struct Tree {
    using Table = std::map<std::string, Tree, std::less<>>;
    using List = std::vector<Tree>;
    std::variant<Table, List, Atom> value;
    bool operator==(const Tree &other) const;
};
Tree treeOf(const Node &node);

/// Decodes the scalars of `document.root` and checks the whole against toml11 (tomlvalues.cpp).
base::Result<void> readScalars(Document &document, const std::string &path);

} // namespace cleat::config::toml
