// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/edit.h"
#include "core/config/wranglerconfig.h"

#include <QString>

#include <string>

namespace cleat::ui {

/// An entry as it is being typed, before it is an edit.
struct EntryDraft {
    enum class Kind { KvNamespace, Variable };
    Kind kind = Kind::KvNamespace;
    config::Scope scope = config::Scope::TopLevel;
    std::string original; ///< the name of the entry to change; empty: a new one
    std::string name;
    std::string id; ///< KV; empty: none
    std::string previewId; ///< KV; empty: none
    config::Variable::Kind valueKind = config::Variable::Kind::Text;
    std::string value;
    bool operator==(const EntryDraft &) const = default;
};

/// Why the draft cannot be saved. Codes: as config::checkName; kv.id (an id with spaces or control characters); variable.json.
base::Result<void> checkDraft(const config::WranglerConfig &config, const EntryDraft &draft);
/// The edit that a draft without faults means.
config::Edit editOf(const EntryDraft &draft);
/// What undo calls the step: "Add KV namespace TODO_LIST".
QString stepText(const EntryDraft &draft);

/// "Production", "Preview", "Top level".
QString scopeName(config::Scope scope);
/// What a new entry at the top level means for the two environments of this file.
QString topLevelSentence(const config::WranglerConfig &config, config::Scope environment);
/// What a new entry in the environment's own table means, and what the environment loses when the table does not exist yet.
QString ownTableSentence(const config::WranglerConfig &config, config::Scope environment);

enum class Language { JavaScript, TypeScript };
/// How a Pages Function reaches the entry.
QString usageSnippet(const EntryDraft &draft, Language language);

} // namespace cleat::ui
