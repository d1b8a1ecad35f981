// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/requestrecord.h"

#include <QPalette>
#include <QString>
#include <QStringList>
#include <QTextCharFormat>
#include <QTextLayout>

#include <map>
#include <string>
#include <vector>

/// "[secret NAME]", which stands in records where a secret's value was: found, drawn, and turned back for who wants to see it.
namespace cleat::ui {

struct SecretMark {
    qsizetype begin = 0; ///< in UTF-16 units
    qsizetype length = 0;
    QString name;
};
std::vector<SecretMark> secretMarks(const QString &text);

/// Their names, each once, sorted: of everything in the record.
QStringList secretNames(const events::RequestRecord &record);

/// Values by name.
using SecretValues = std::map<std::string, std::string>;
/// With these values in place of their marks. In what is JSON they are escaped as JSON wants it.
events::RequestRecord withSecrets(events::RequestRecord record, const SecretValues &values);

/// How a mark looks within a text: a chip.
QTextCharFormat secretFormat(const QPalette &palette);
/// For QTextLayout::setFormats().
QList<QTextLayout::FormatRange> secretFormats(const QString &text, const QPalette &palette);

} // namespace cleat::ui
