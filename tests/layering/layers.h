// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QHash>
#include <QList>
#include <QRegularExpression>
#include <QSet>
#include <QString>
#include <QStringList>

namespace cleat::layering {

/// The table of allowed.txt, and the judge of single includes.
class Layers final
{
public:
    /// Reads the text of allowed.txt. What cannot be read of it is in errors().
    explicit Layers(const QString &table);

    const QStringList &errors() const { return m_errors; }
    /// The line of the table that a file (path from the root) falls under; empty when there is none.
    QString folderOf(const QString &path) const;
    /// What is wrong with the includes of one source file, one text each: "path:line: ...".
    QStringList findings(const QString &path, const QString &source) const;

private:
    QString judge(const QString &folder, const QString &header, QChar quote) const;
    QString libraryOf(const QString &header) const;

    struct Library {
        QString name;
        QList<QRegularExpression> patterns;
    };
    QList<Library> m_libraries;
    QHash<QString, QSet<QString>> m_allowed;
    QStringList m_errors;
};

} // namespace cleat::layering
