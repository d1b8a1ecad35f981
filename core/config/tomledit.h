// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/textedit.h"
#include "core/config/operation.h"
#include "core/config/tomldocument.h"
#include "core/config/tomlwrite.h"

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::config::toml {

/// Key and finished TOML text of a value, in the order in which they shall stand.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// Collects text edits on one parsed document, in the style of what stands round them. Knows TOML, but not what the tables mean.
/// One call to a verb (append, insert, remove, ...) for one document: their edits are not made to stand side by side. Any thread.
class Editor final
{
public:
    explicit Editor(const Document &document) : m_document(document) {}
    Editor(const Editor &) = delete;
    Editor &operator=(const Editor &) = delete;

    std::string result() const { return base::applyEdits(m_document.text, m_edits); }

    /// The style round a node: of its last sibling, else of the file.
    Style styleNear(const Node *node) const;

    /// A new last entry of a list of tables that exists: after its last [[ ]] block, or inside its brackets.
    void appendEntry(const Node &list, const Fields &fields);

    /// A new key in a table that exists: a line of its section, a dotted key beside its siblings, or a member between braces.
    void appendMember(const Node &table, const Path &path, const std::string &name, const std::string &value);

    /// A new table (or list of tables, with its first entry) where nothing of that name is yet. At the top of the file it stands after the other tables of bindings.
    enum class Container { Table, List };
    void addContainer(const Target &target, Container container, const Fields &fields);

    void replaceValue(const Node &node, const std::string &value);
    /// A field of a list's entry, after `anchor`, which is a field of the same entry.
    void insertField(const Node &anchor, const std::string &name, const std::string &value);
    void removeField(const Node &entryTable, const Node &field);

    /// Entry `at` of a list of tables.
    void removeEntry(const Node &list, std::size_t at, const Path &scope);
    /// One member of the table `path`; a header that is left with nothing below it goes too. Only one key is removed where a table is spelled by dotted keys
    /// between braces: call again until it is gone.
    void removeMember(const Node &table, const Node &member, const Path &path, const Path &scope);

    /// Renames the member wherever its name is spelled: key, dotted keys, headers.
    void renameMember(const Node &table, std::string_view name, const std::string &newName, const Path &path);

private:
    std::string_view slice(Range range) const { return m_document.slice(range); }
    const std::vector<Statement> &statements() const { return m_document.scan.statements; }
    std::string eolBefore(std::size_t offset) const;
    std::size_t lineAt(std::size_t offset) const;
    std::string indentOf(const Statement &statement) const;
    bool isKeyValue(std::size_t statement) const { return statements()[statement].kind == Statement::Kind::KeyValue; }
    std::size_t sectionEnd(std::size_t statement) const;
    std::size_t headerOf(std::size_t statement) const;
    std::size_t depthOf(std::size_t statement) const;
    std::size_t afterStatement(std::size_t statement) const;
    std::size_t attachedTop(std::size_t statement) const;
    std::size_t blanksAbove(std::size_t offset) const;
    bool blankAt(std::size_t offset) const;
    std::size_t usualGap() const;
    std::string equalsLike(std::size_t statement, std::size_t keyLength) const;
    std::string plainEquals() const;

    void insertLines(std::size_t at, const std::string &lines);
    void insertBlock(std::size_t at, const std::string &block, std::size_t gap);
    void insertInline(const Value &table, const std::string &key, const std::string &value);
    void insertDotted(const Node &table, const std::string &key, const std::string &value);
    void appendItem(const Value &array, const Fields &fields);
    void removeItem(const Value &array, std::size_t at);
    void removeInline(const Value &table, std::size_t at);
    void removeStatements(const std::set<std::size_t> &which, const std::string &instead);
    std::string tableText(const Fields &fields, const Style &style) const;
    std::string survivor(const std::set<std::size_t> &which, const Path &scope) const;
    void edit(Range range, std::string text) { m_edits.push_back({range.begin, range.size(), std::move(text)}); }

    const Document &m_document;
    std::vector<base::TextEdit> m_edits;
};

} // namespace cleat::config::toml
