// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/welcomewindow.h"

#include "ui/shell/recentprojects.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QCloseEvent>
#include <QFileDialog>
#include <QListWidget>
#include <QPushButton>
#include <QShortcut>

namespace cleat::ui {

using namespace Qt::StringLiterals;

WelcomeWindow::WelcomeWindow(QWidget *parent) : QWidget(parent)
{
    setWindowTitle(tr("Cleat"));
    setWindowIcon(applicationIcon());
    resize(560, 460);
    auto *state = new EmptyState("folder-open"_L1, tr("Open a Pages project"), tr("Choose the folder that holds your Wrangler file, or is to hold it."));
    auto *open = new QPushButton(tr("Open folder…"));
    open->setDefault(true);
    open->setToolTip(tr("Open folder (Ctrl+O)"));
    auto *across = new QWidget;
    auto *row = new QHBoxLayout(across);
    row->setContentsMargins(0, 0, 0, 0);
    row->addStretch(1);
    row->addWidget(open);
    row->addStretch(1);
    state->addRow(across);
    connect(open, &QPushButton::clicked, this, &WelcomeWindow::chooseFolder);
    connect(new QShortcut(QKeySequence(u"Ctrl+O"_s), this), &QShortcut::activated, this, &WelcomeWindow::chooseFolder);
    connect(new QShortcut(QKeySequence(u"Ctrl+Q"_s), this), &QShortcut::activated, this, &QWidget::close);

    const std::vector<std::filesystem::path> recent = recentProjects();
    if (!recent.empty()) {
        auto *list = new QListWidget;
        list->setAccessibleName(tr("Recent projects"));
        list->setTextElideMode(Qt::ElideMiddle);
        for (const std::filesystem::path &folder : recent) {
            auto *item = new QListWidgetItem(icon("folder"_L1, Tone::Muted), fromPath(folder), list);
            item->setToolTip(fromPath(folder).toHtmlEscaped());
        }
        connect(list, &QListWidget::itemActivated, this, [this](const QListWidgetItem *item) { Q_EMIT openProjectRequested(toPath(item->text())); });
        list->setFixedHeight(std::min<int>(static_cast<int>(recent.size()), 6) * (fontMetrics().height() + 6) + 8);
        state->addRow(list);
    }
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 20);
    column->addWidget(state);
}

void WelcomeWindow::chooseFolder()
{
    auto *dialog = new QFileDialog(this, tr("Open project folder"));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &folder) { Q_EMIT openProjectRequested(toPath(folder)); });
    dialog->open();
}

void WelcomeWindow::closeEvent(QCloseEvent *event)
{
    event->accept();
    Q_EMIT closed();
}

} // namespace cleat::ui
