// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>

class QPlainTextEdit;

namespace cleat::ui {

/// The text of an editor, lines ended by \n. Unlike toPlainText(), keeps no-break spaces as they are.
QString editorText(const QPlainTextEdit &editor);

/// A file's bytes as an editor shows them: without a byte order mark, lines ended by \n, bytes that are not UTF-8 as replacement characters.
QString shownText(const std::string &bytes);

/// The bytes to save when the editor held shownText(`seen`) and now holds `edited`: the lines that are still there keep their bytes and line ends as they were, new
/// ones are UTF-8 and end as most lines of the file do; a byte order mark stays. Any thread.
std::string editedBytes(const std::string &seen, const QString &edited);

} // namespace cleat::ui
