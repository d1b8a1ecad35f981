// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/conflictdialog.h"

#include "ui/widgets/diffview.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

QWidget *makeSide(const QString &title, const QString &what, const std::string &before, const std::string &after)
{
    auto *heading = new ToneLabel(title);
    heading->setFont(headingFont());
    auto *hint = new ToneLabel(what, Tone::Muted);
    hint->setWordWrap(true);
    auto *diff = new DiffView;
    std::vector<DiffLine> lines = diffLines(before, after);
    if (lines.empty())
        diff->setNote(ConflictDialog::tr("Nothing changed here."));
    else
        diff->setDiff(std::move(lines));
    diff->focusProxy()->setAccessibleName(title);
    heading->setBuddy(diff->focusProxy());

    auto *side = new QWidget;
    auto *column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(heading);
    column->addWidget(hint);
    column->addWidget(diff, 1);
    return side;
}

} // namespace

ConflictDialog::ConflictDialog(const session::ConfigStore::Conflict &conflict, const QString &fileName, QWidget *parent) : QDialog(parent)
{
    setWindowTitle(tr("%1 has changed").arg(fileName));
    setWindowModality(Qt::WindowModal);
    setAttribute(Qt::WA_DeleteOnClose);

    auto *picture = new QLabel;
    picture->setPixmap(icon("triangle-alert"_L1, Tone::Warning).pixmap(QSize(24, 24), devicePixelRatioF()));
    auto *sentence = new ToneLabel(tr("Something else changed the same part of %1. Both changes cannot be kept, so nothing has been written yet. Which one is to stay?").arg(fileName));
    sentence->setWordWrap(true);
    auto *top = new QHBoxLayout;
    top->setSpacing(10);
    top->addWidget(picture, 0, Qt::AlignTop);
    top->addWidget(sentence, 1);

    auto *sides = new QSplitter(Qt::Horizontal);
    sides->setChildrenCollapsible(false);
    sides->setHandleWidth(12);
    sides->addWidget(makeSide(tr("Yours"), tr("What Cleat would write."), conflict.seen, conflict.mine));
    sides->addWidget(makeSide(tr("In the file now"), tr("What was written since."), conflict.seen, conflict.theirs));

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto *keep = buttons->addButton(tr("&Keep the file as it is"), QDialogButtonBox::ActionRole);
    keep->setToolTip(tr("Give up your change"));
    auto *mine = buttons->addButton(tr("Use &mine"), QDialogButtonBox::ActionRole);
    mine->setToolTip(tr("Write your change over what is in the file now"));
    for (auto *button : {keep, mine})
        button->setAutoDefault(false);
    QPushButton *cancel = buttons->button(QDialogButtonBox::Cancel); // Enter must not lose either side
    cancel->setDefault(true);
    connect(keep, &QPushButton::clicked, this, [this] {
        Q_EMIT keepTheirs();
        reject();
    });
    connect(mine, &QPushButton::clicked, this, [this] {
        Q_EMIT useMine();
        accept();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(14, 14, 14, 12);
    column->setSpacing(12);
    column->addLayout(top);
    column->addWidget(sides, 1);
    column->addWidget(buttons);
    cancel->setFocus();
    resize(860, 480);
}

} // namespace cleat::ui
