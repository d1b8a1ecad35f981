// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/schema.h"

#include <QByteArray>
#include <QStringList>

namespace cleat::ui {

enum class Dialect {
    Sqlite,
    Analytics, ///< of the Analytics Engine: ClickHouse's, as far as it is documented
};
/// Its keywords, in capitals, and its functions.
const QStringList &sqlKeywords(Dialect dialect = Dialect::Sqlite);
const QStringList &sqlFunctions(Dialect dialect = Dialect::Sqlite);

/// What may come at a place of a script.
struct SqlCompletion {
    qsizetype typed = 0; ///< bytes before the place that the word replaces
    QStringList words; ///< the likely ones first; names that need it are in double quotes
};
enum class Asked { ByTyping, ByHand };
/// `place` is a byte of `script` (UTF-8). After a dot the columns of that table or alias; after FROM, JOIN, INTO, UPDATE and TABLE the tables; else the columns of the tables of the
/// statement, tables, functions and keywords. Nothing within texts and comments, nor (unless asked by hand) before anything is typed where all is possible.
SqlCompletion completeSql(const data::d1::Schema &schema, const QByteArray &script, qsizetype place, Asked asked, Dialect dialect = Dialect::Sqlite);

} // namespace cleat::ui
