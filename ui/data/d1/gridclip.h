// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/values.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace cleat::ui {

/// A block of cells, to be copied. nullopt: not known (the default of a new row).
struct CellBlock {
    QStringList columns;
    std::vector<std::vector<std::optional<data::d1::Value>>> rows;
};

/// Tabs between, a line each; fields with tabs, quotes or line breaks in quotes. NULL is nothing at all.
QString tsvOf(const CellBlock &block);
/// An INSERT statement for each row.
QString insertsOf(const CellBlock &block, const QString &table);
/// An array of objects.
QString jsonOf(const CellBlock &block);
/// What a spreadsheet puts on the clipboard: quotes and line breaks within them understood.
std::vector<QStringList> parseTsv(const QString &text);

} // namespace cleat::ui
