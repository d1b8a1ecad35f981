// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/binding.h"

#include <QLatin1StringView>
#include <QString>
#include <QStringList>

#include <span>
#include <string_view>
#include <vector>

/// What the Add sheet and the forms say about the kinds of binding. Any thread.
namespace cleat::ui {

/// In the order of the dashboard's Add menu, then those that only the Wrangler file has.
std::span<const config::Kind> kindsInOrder();

/// One line: what it is for.
QString kindDescription(config::Kind kind);
/// As Cloudflare's guide names it in its example: "TODO_LIST".
QString exampleName(config::Kind kind);
/// Other words that people look for: "redis", "s3", "sqlite".
QStringList kindSearchWords(config::Kind kind);

/// What "Create new" puts into a field.
enum class Fresh {
    None,
    Id, ///< 32 hexadecimal digits
    Uuid,
    Slug, ///< made of the variable's name: todo-list
};

struct FieldText {
    enum class Level { Basic, Advanced };
    QString label;
    QString placeholder;
    QString hint; ///< what it is for; may be empty
    Level level = Level::Basic;
    Fresh fresh = Fresh::None;
};
/// For every field of config::bindingKind(kind).fields; a field that is not there gets its own name as label.
FieldText fieldText(config::Kind kind, std::string_view field);

/// The fields of a kind, its name aside, as the form shows them: basic ones first, each in the file's order but for the one that names the resource, which leads.
std::vector<std::string_view> formFields(config::Kind kind);

} // namespace cleat::ui
