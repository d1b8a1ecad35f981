// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringView>

#include <optional>

namespace cleat::ui {

/// Where a text stops being JSON (RFC 8259), and why.
struct JsonProblem {
    qsizetype offset = 0; ///< in UTF-16 units
    qsizetype length = 0; ///< of what is wrong there; 0 at the end of the text
    int line = 1;
    int column = 1; ///< in UTF-16 units, from 1
    QString message; ///< a translated sentence
};

/// nullopt when the text is one JSON value. Any thread.
std::optional<JsonProblem> checkJson(QStringView text);

/// A JSON value with line breaks and indentation of two spaces. Numbers, strings and the order of members stay as they are spelled.
/// A text that is not JSON comes back as it is.
QString formatJson(QStringView text);

} // namespace cleat::ui
