// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/sourceopener.h"

#include "ui/widgets/text.h"

#include <QDesktopServices>
#include <QProcess>
#include <QSettings>
#include <QStandardPaths>
#include <QUrl>

#include <array>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

/// An editor by its program, and what it wants to be told.
struct Editor {
    const char16_t *program;
    const char16_t *arguments; ///< apart by spaces
};

constexpr auto atPlace = u"{file}:{line}:{column}";
constexpr auto goTo = u"--goto {file}:{line}:{column}";
constexpr auto byOptions = u"--line {line} --column {column} {file}";

constexpr std::array<Editor, 23> editors{{
    {u"code", goTo}, {u"code-insiders", goTo}, {u"codium", goTo}, {u"vscodium", goTo}, {u"code-oss", goTo}, {u"cursor", goTo}, {u"windsurf", goTo},
    {u"subl", atPlace}, {u"sublime_text", atPlace}, {u"zed", atPlace}, {u"zeditor", atPlace},
    {u"kate", byOptions}, {u"kwrite", byOptions}, {u"kdevelop", u"{file}:{line}"}, {u"qtcreator", u"-client {file}:{line}:{column}"}, {u"gnome-builder", u"{file}"},
    {u"webstorm", byOptions}, {u"webstorm.sh", byOptions}, {u"phpstorm", byOptions}, {u"idea", byOptions}, {u"idea.sh", byOptions}, {u"pycharm", byOptions},
    {u"clion", byOptions},
}};

/// Each argument by itself, so that nothing in a file's name can make two of it.
QStringList filled(const QStringList &pattern, const QString &file, const base::Place &place)
{
    QStringList arguments;
    for (const QString &part : pattern) {
        QString argument;
        for (qsizetype at = 0; at < part.size();) {
            const auto takes = [&](QLatin1StringView mark, const QString &value) {
                if (!QStringView(part).mid(at).startsWith(mark))
                    return false;
                argument += value;
                at += mark.size();
                return true;
            };
            if (!takes("{file}"_L1, file) && !takes("{line}"_L1, QString::number(std::max(1, place.line))) && !takes("{column}"_L1, QString::number(std::max(1, place.column))))
                argument += part[at++];
        }
        arguments << argument;
    }
    return arguments;
}

} // namespace

SourceOpener::SourceOpener(std::filesystem::path project, QObject *parent) : QObject(parent), m_project(std::move(project)) {}

void SourceOpener::open(const base::Place &place)
{
    if (place.file.empty()) {
        Q_EMIT failed(tr("It is not known which file that is in."));
        return;
    }
    const std::filesystem::path path = (m_project / place.file).lexically_normal();
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
        Q_EMIT failed(tr("The file %1 is not there any more.").arg(fromPath(path)));
        return;
    }
    const QString file = fromPath(path);
    const QString folder = fromPath(m_project);
    QStringList command = QProcess::splitCommand(QSettings().value(u"editor/command"_s).toString());
    if (!command.isEmpty()) {
        const QString program = command.takeFirst();
        if (command.filter(u"{file}"_s).isEmpty())
            command << u"{file}"_s;
        if (!QProcess::startDetached(program, filled(command, file, place), folder))
            Q_EMIT failed(tr("The editor %1 cannot be started. Name another in the settings.").arg(program));
        return;
    }
    for (const Editor &editor : editors) {
        const QString program = QStandardPaths::findExecutable(QString::fromUtf16(editor.program));
        if (!program.isEmpty() && QProcess::startDetached(program, filled(QString::fromUtf16(editor.arguments).split(u' '), file, place), folder))
            return;
    }
    if (!QDesktopServices::openUrl(QUrl::fromLocalFile(file)))
        Q_EMIT failed(tr("No editor was found to open %1. Name one in the settings.").arg(file));
}

} // namespace cleat::ui
