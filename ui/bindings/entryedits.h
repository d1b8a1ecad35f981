// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/edit.h"
#include "core/config/wranglerconfig.h"

#include <QString>

#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// What removing, copying, pasting and moving many entries at once comes to, as edits for one step. GUI thread.
namespace cleat::ui {

using Entry = std::variant<config::Binding, config::Variable>;

/// An entry and the set in which it stands.
struct PlacedEntry {
    Entry entry;
    config::Scope scope = config::Scope::TopLevel;
    bool operator==(const PlacedEntry &) const = default;
};

const std::string &nameOf(const Entry &entry);
/// "KV namespace TODO_LIST", "variable URL".
QString describe(const Entry &entry);
/// The same of several: "3 entries".
QString describe(std::span<const Entry> entries);

config::Edit additionOf(config::Scope scope, const Entry &entry);
config::Edit removalOf(const PlacedEntry &entry);

/// Where additions go.
struct Destination {
    config::Scope environment = config::Scope::Preview;
    /// For an environment without a table of its own, in which the top level's entries are shown.
    enum class Table {
        TopLevel, ///< to the top level
        Own,      ///< to a new table of the environment, which first gets copies of what the environment has now
    };
    Table table = Table::TopLevel;
    bool operator==(const Destination &) const = default;
};
/// The set that is written.
config::Scope writtenScope(const config::WranglerConfig &config, const Destination &destination);

/// What to do with an entry whose name another one has there.
enum class TakenNames { Skip, Rename };

struct Addition {
    std::vector<config::Edit> edits;
    std::vector<Entry> added; ///< as they will be called
    std::vector<std::pair<std::string, std::string>> renamed; ///< from, to
    std::vector<std::string> skipped; ///< names: taken by another entry
    std::vector<std::string> present; ///< names: the very same entry is there
    std::vector<std::string> boundOnce; ///< names: of a kind that can be bound once, and is
    std::vector<std::size_t> handled; ///< indices of the entries given that are there afterwards
};
Addition planAddition(const config::WranglerConfig &config, const Destination &destination, std::span<const Entry> entries, TakenNames taken);

} // namespace cleat::ui
