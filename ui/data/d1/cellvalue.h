// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/schema.h"
#include "core/data/d1/tablerows.h"
#include "core/data/d1/values.h"

#include <QString>

namespace cleat::ui {

/// What a cell shows: "NULL", a number, one line of a text, "BLOB 12 B". `bytes`: the whole size of a value that was cut, else 0.
QString cellText(const data::d1::Value &value, std::uint64_t bytes = 0);
/// What the editor of a cell begins with: a text as it is, a BLOB as x'00ff', nothing for NULL.
QString editText(const data::d1::Value &value);
/// What an edited text means in this column: a number where the column holds numbers or `before` was one, x'00ff' where a BLOB may be meant, else the text.
/// Nothing typed in a column of numbers is NULL.
data::d1::Value valueOf(const QString &text, const data::d1::Column &column, const data::d1::Value &before);
bool isNumber(const data::d1::Value &value);
/// Whether the declared type makes SQLite keep numbers as numbers.
bool holdsNumbers(const data::d1::Column &column);

/// A tool tip with this text as it is, whatever it looks like; its beginning when it is long.
QString valueTip(const QString &text);

/// JSON of a value; a BLOB is its hexadecimal text.
QString jsonOf(const data::d1::Value &value);
QString jsonText(const QString &text);

/// What is typed above a column: ">5", "=x", "!=x" or "<>x", "null", "!null", "^begins", else a text that it contains. nullopt: nothing.
std::optional<data::d1::Filter> filterOf(const QString &column, const QString &typed);

} // namespace cleat::ui
