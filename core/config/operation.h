// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/config/document.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

/// Changes of one place of a document, the same for both spellings. What an edit of a binding means is made of these (edit.cpp); how they are written is
/// known by tomloperation.cpp and jsoncoperation.cpp alone.
namespace cleat::config {

using Path = std::vector<std::string>;

/// The table at `scope` (the file itself, or env.NAME), and a way from there. Tables on the way that are not there are made.
struct Target {
    Path scope;
    Path path;
    Path whole() const;
};

/// Appends a table with these members (an object) to the list at `list`.
struct AppendEntry {
    Target list;
    base::Json entry;
};
/// A field of entry `at` of the list: set, put in, or removed (no value). Never the only field. A new one comes behind the field `after`, else behind the last.
struct SetField {
    Target list;
    std::size_t at = 0;
    std::string field;
    std::optional<base::Json> value;
    std::string after;
};
struct RemoveEntry {
    Target list;
    std::size_t at = 0;
};
/// Sets the member of a table to a value, whatever was there. A new table with several members: name it in `table`, and give the members one by one.
struct SetMember {
    Target table;
    std::string name;
    base::Json value;
};
/// Puts a new table with these members (an object, not empty) in the place of nothing.
struct AddTable {
    Target table;
    base::Json members;
};
/// A table that is left empty may stay or go; the table at `table.scope` stays.
struct RemoveMember {
    Target table;
    std::string name;
};
struct RenameMember {
    Target table;
    std::string name;
    std::string newName;
};

using Operation = std::variant<AppendEntry, SetField, RemoveEntry, SetMember, AddTable, RemoveMember, RenameMember>;

/// The document's text after the operation. What the operation names must be there and be of the right sort (a table, a list of tables). The caller compares
/// the meaning of the result with what was intended: an operation may fail to be exact, and then its text is thrown away. Code config.edit.unsafe.
base::Result<std::string> applyOperation(const Document &document, const Operation &operation);

namespace toml {
base::Result<std::string> applyOperation(const Document &document, const Operation &operation);
}
namespace jsonc {
base::Result<std::string> applyOperation(const Document &document, const Operation &operation);
}

/// The same on the meaning alone. What is not there as the operation needs it is left as it is.
void applyOperation(Tree &tree, const Operation &operation);
Tree treeOf(const base::Json &json);

/// nullptr when there is nothing.
const Node *nodeAt(const Node &root, const Path &path);

} // namespace cleat::config
