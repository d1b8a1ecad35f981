// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/workerpicker.h"

#include "core/session/session.h"
#include "core/session/workerfile.h"
#include "ui/data/questions.h"
#include "ui/widgets/text.h"

#include <QFileDialog>

namespace cleat::ui {

using namespace Qt::StringLiterals;

WorkerPicker::WorkerPicker(session::Session &session, QWidget *parent) : QObject(parent), m_session(session), m_parent(parent) {}

void WorkerPicker::pick(By by, const QString &wanted)
{
    const QString title = wanted.isEmpty() ? tr("Choose a Worker") : tr("Choose the Worker “%1”").arg(wanted);
    const std::filesystem::path project = m_session.options().project;
    auto *dialog = new QFileDialog(m_parent->window(), title, fromPath((project.has_filename() ? project : project.parent_path()).parent_path()));
    if (by == By::Folder) {
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
    } else {
        dialog->setFileMode(QFileDialog::ExistingFile);
        dialog->setNameFilter(tr("Wrangler files (%1)").arg(u"*.toml *.json *.jsonc"_s));
    }
    dialog->setLabelText(QFileDialog::Accept, tr("Add"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this, wanted](const QString &place) { add(toPath(place), wanted); });
    dialog->open();
}

void WorkerPicker::add(const std::filesystem::path &place, const QString &wanted)
{
    const auto found = session::findWorker(place);
    if (!found) {
        Q_EMIT failed(formatError(found.error()));
        return;
    }
    const QString name = fromUtf8(found->name);
    if (wanted.isEmpty() || name == wanted) {
        addNow(place, name);
        return;
    }
    askFirst(m_parent, tr("The Worker that you chose has the name “%1”, but the binding leads to “%2”. Add it all the same?").arg(name, wanted), tr("Add"),
        [this, place, name] { addNow(place, name); });
}

void WorkerPicker::addNow(const std::filesystem::path &place, const QString &name)
{
    if (const auto added = m_session.addWorker(place); !added)
        Q_EMIT failed(formatError(added.error()));
    else
        Q_EMIT this->added(name);
}

} // namespace cleat::ui
