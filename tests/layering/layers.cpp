// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/layering/layers.h"

#include <QLibraryInfo>

namespace cleat::layering {

namespace {

const QString unknownQtModule = QStringLiteral("<Qt?>");

/// <QtCore> for QString and for QtCore/QString: the folder below Qt's headers that holds it.
QString qtModuleOf(const QString &header)
{
    const QDir headers(QLibraryInfo::path(QLibraryInfo::HeadersPath));
    if (header.startsWith(u"Qt") && header.contains(u'/'))
        return u'<' + header.section(u'/', 0, 0) + u'>';
    const QStringList modules = headers.entryList({QStringLiteral("Qt*")}, QDir::Dirs, QDir::Name);
    for (const QString &module : modules) {
        if (headers.exists(module + u'/' + header))
            return u'<' + module + u'>';
    }
    return unknownQtModule;
}

} // namespace

Layers::Layers(const QString &table)
{
    static const QRegularExpression space(QStringLiteral("\\s+"));
    const QStringList lines = table.split(u'\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QString line = lines[i].trimmed();
        if (line.isEmpty() || line.startsWith(u'#'))
            continue;
        const QStringList words = line.split(space);
        if (words.size() >= 3 && words[0] == u"library") {
            Library library{words[1], {}};
            for (const QString &pattern : words.mid(2)) {
                const QString expression = QRegularExpression::escape(pattern).replace(QStringLiteral("\\*"), QStringLiteral(".*"));
                library.patterns.append(QRegularExpression(QRegularExpression::anchoredPattern(expression)));
            }
            m_libraries.append(library);
        } else if (words.size() >= 2 && words[0] == u"folder" && !m_allowed.contains(words[1])) {
            const QStringList targets = words.mid(2);
            m_allowed.insert(words[1], QSet<QString>(targets.begin(), targets.end()));
        } else {
            m_errors.append(QStringLiteral("allowed.txt:%1: not understood: %2").arg(i + 1).arg(line));
        }
    }
    for (auto it = m_allowed.cbegin(); it != m_allowed.cend(); ++it) {
        for (const QString &target : it.value()) {
            const auto named = [&target](const Library &library) { return library.name == target; };
            const bool known = target.startsWith(u"<Qt") || m_allowed.contains(target)
                || std::any_of(m_libraries.cbegin(), m_libraries.cend(), named);
            if (!known)
                m_errors.append(QStringLiteral("allowed.txt: %1 names %2, which has no line").arg(it.key(), target));
        }
    }
}

QString Layers::folderOf(const QString &path) const
{
    QString folder = path;
    while (folder.contains(u'/')) {
        folder.truncate(folder.lastIndexOf(u'/'));
        if (m_allowed.contains(folder))
            return folder;
    }
    return {};
}

QStringList Layers::findings(const QString &path, const QString &source) const
{
    static const QRegularExpression include(QStringLiteral("^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"]"));
    const QString folder = folderOf(path);
    if (folder.isEmpty())
        return {path + QStringLiteral(": its folder has no line in tests/layering/allowed.txt")};
    QStringList found;
    const QStringList lines = source.split(u'\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QRegularExpressionMatch match = include.match(lines[i]);
        if (!match.hasMatch())
            continue;
        const QString wrong = judge(folder, match.captured(2), match.captured(1)[0]);
        if (!wrong.isEmpty())
            found.append(QStringLiteral("%1:%2: %3").arg(path).arg(i + 1).arg(wrong));
    }
    return found;
}

QString Layers::judge(const QString &folder, const QString &header, QChar quote) const
{
    const QSet<QString> allowed = m_allowed.value(folder);
    const QString tree = header.section(u'/', 0, 0);
    if (tree == u"core" || tree == u"ui" || tree == u"app" || tree == u"tests") {
        const QString target = folderOf(header);
        if (target.isEmpty())
            return QStringLiteral("%1 is in no folder of the table").arg(header);
        if (target != folder && !allowed.contains(target))
            return QStringLiteral("%1 may not include %2 (%3)").arg(folder, target, header);
        return {};
    }
    if (quote == u'"') {
        // What moc and CMake generate has no folder; everything of ours is included from the root.
        if (header.contains(u'/'))
            return QStringLiteral("\"%1\" is not a path from the root of the sources").arg(header);
        return {};
    }
    const QString library = libraryOf(header);
    if (library == unknownQtModule)
        return allowed.contains(QStringLiteral("<QtGui>")) ? QString()
                                                           : QStringLiteral("%1 may not include <%2>, which is in no installed module of Qt").arg(folder, header);
    if (!library.isEmpty() && !allowed.contains(library))
        return QStringLiteral("%1 may not include <%2>, which is of %3").arg(folder, header, library);
    return {};
}

QString Layers::libraryOf(const QString &header) const
{
    static const QRegularExpression qtHeader(QStringLiteral("^(Q[A-Z]|Qt[A-Z]|q[a-z0-9_]+\\.h$)"));
    for (const Library &library : m_libraries) {
        for (const QRegularExpression &pattern : library.patterns) {
            if (pattern.match(header).hasMatch())
                return library.name;
        }
    }
    return qtHeader.match(header).hasMatch() ? qtModuleOf(header) : QString();
}

} // namespace cleat::layering
