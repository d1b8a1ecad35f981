// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/wranglerconfig.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// A Wrangler file as a tree in which every value knows where it stands, to the byte. The same for both spellings; tomldocument.h and jsoncdocument.h make it.
namespace cleat::config {

struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t size() const { return end - begin; }
    bool operator==(const Range &) const = default;
};

/// One part of a dotted key, or the key of a JSON member; the range includes its quotes.
struct KeyPart {
    std::string name;
    Range range;
};

struct Member;

struct Value {
    enum class Kind { Scalar, String, Array, InlineTable };
    Kind kind = Kind::Scalar;
    Range range;
    std::vector<Value> items;    ///< of an array
    std::vector<Member> members; ///< of an inline table, or of a JSON object
};

struct Member {
    std::vector<KeyPart> key; ///< one part in JSON
    Value value;
};

/// A header or a key with its value, with the whole lines that it takes (line end included, a comment at its end too). A JSON text is one of kind KeyValue.
struct Statement {
    enum class Kind { Table, ArrayTable, KeyValue };
    Kind kind = Kind::KeyValue;
    Range range;
    Range lines;
    std::vector<KeyPart> key;
    Value value;
    bool commented = false; ///< a comment follows on the same line
};

struct Line {
    enum class Kind { Blank, Comment, Code };
    Kind kind = Kind::Blank;
    Range range; ///< with its line end
};

struct Scan {
    std::vector<Statement> statements;
    std::vector<Line> lines; ///< TOML: a statement over several lines is one entry here
    std::size_t start = 0;   ///< past a byte order mark
};

/// A TOML date, time or both, as spelled.
struct Date {
    std::string text;
    bool operator==(const Date &) const = default;
};

/// nullptr is JSON's null.
using Atom = std::variant<std::string, std::int64_t, double, bool, Date, std::nullptr_t>;

/// A value of the file together with where it stands.
struct Node {
    enum class Kind { Scalar, Array, Table };
    /// What made it: the file itself, its own header, a longer header, a dotted key, a value in the text, [[ ]] headers. In JSON: File or Value.
    enum class Origin { File, Header, Implied, Dotted, Value, Headers };

    struct Entry;

    Kind kind = Kind::Table;
    Origin origin = Origin::Value;
    std::size_t begin = 0;               ///< the byte where the entry begins: its header, its key, or (in a list) its value
    std::size_t statement = npos;        ///< the header or key-value statement that made it
    std::vector<std::size_t> statements; ///< TOML: every statement that says something of it or of what lies in it, in file order
    const Value *value = nullptr;        ///< in the scan; set for Origin::Value, and for the root of a JSON text
    const Value *inTable = nullptr;      ///< the inline table or object in whose braces its key stands, if any
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
    Form form = Form::Toml;
    std::string text;
    Scan scan;
    Node root;
    std::vector<std::size_t> lineStarts;
    std::vector<std::size_t> repeatedKeys; ///< JSON: offsets of keys that stand in their object a second time; the last one counts, as in wrangler

    Document() = default;
    Document(Document &&) = default;
    Document &operator=(Document &&) = default;
    Document(const Document &) = delete;
    Document &operator=(const Document &) = delete;

    base::Place place(std::size_t offset, const std::string &path) const;
    std::string_view slice(Range range) const { return std::string_view(text).substr(range.begin, range.size()); }
};

/// How much of a TOML text toml11 reads beside our own scanner. It takes 0.3 ms for a KB.
enum class Check {
    Whole,  ///< all of it, and it must see the same tree
    Values, ///< only the values that are neither plain text, plain whole numbers nor truth values
};

/// Parses by toml::parse or jsonc::parse. Code config.parse with line and column. Any thread.
base::Result<Document> parseDocument(std::string text, Form form, const std::string &path, Check check = Check::Whole);

/// The meaning alone, to compare: order of members and spelling are not in it.
struct Tree {
    using Table = std::map<std::string, Tree, std::less<>>;
    using List = std::vector<Tree>;
    std::variant<Table, List, Atom> value;
    bool operator==(const Tree &other) const;
};
Tree treeOf(const Node &node);

/// Line and column of a byte.
base::Place placeAt(std::string_view text, std::size_t offset, const std::string &path);
/// An error of code config.parse at a byte of the text; the message begins with the place.
std::unexpected<base::Error> failAt(std::string_view text, std::size_t offset, const std::string &path, const std::string &sentence);
/// The character at `offset`, for a message: 'x', the end of the line, the end of the file.
std::string foundAt(std::string_view text, std::size_t offset);

} // namespace cleat::config
