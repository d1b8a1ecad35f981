// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/recentprojects.h"

#include "ui/widgets/text.h"

#include <QFileInfo>
#include <QSettings>
#include <QStringList>

namespace cleat::ui {

namespace {

constexpr qsizetype maxRecent = 10;

QString key()
{
    return QStringLiteral("projects/recent");
}

} // namespace

std::vector<std::filesystem::path> recentProjects()
{
    std::vector<std::filesystem::path> folders;
    const QStringList stored = QSettings().value(key()).toStringList();
    for (const QString &folder : stored) {
        if (QFileInfo(folder).isDir())
            folders.push_back(toPath(folder));
    }
    return folders;
}

void noteRecentProject(const std::filesystem::path &folder)
{
    QSettings settings;
    QStringList stored = settings.value(key()).toStringList();
    const QString name = fromPath(folder);
    stored.removeAll(name);
    stored.prepend(name);
    settings.setValue(key(), stored.mid(0, maxRecent));
}

} // namespace cleat::ui
