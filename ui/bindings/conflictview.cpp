// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/conflictview.h"

#include "ui/bindings/formparts.h"
#include "ui/widgets/diffview.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>

namespace cleat::ui {

ConflictView::ConflictView(QWidget *parent) : QWidget(parent), m_title(makeHeading({})), m_theirs(new DiffView), m_mine(new DiffView)
{
    m_title->setWordWrap(true);
    m_theirs->setAccessibleName(tr("In the file now"));
    m_mine->setAccessibleName(tr("Yours"));
    auto *sides = new QHBoxLayout;
    sides->setSpacing(16);
    for (DiffView *side : {m_theirs, m_mine}) {
        auto *half = makeFieldColumn();
        half->addWidget(new ToneLabel(side->accessibleName()));
        half->addWidget(side, 1);
        sides->addLayout(half, 1);
    }
    auto *column = makeFieldColumn(this);
    column->setSpacing(8);
    column->addWidget(m_title);
    column->addWidget(makeHint(tr("Nothing is written yet. Both are shown as changes of what was there when this window opened.")));
    column->addLayout(sides, 1);
}

void ConflictView::setConflict(const session::ConfigStore::Conflict &conflict, const QString &fileName)
{
    m_title->setText(tr("Meanwhile, someone else changed the same entry in %1").arg(fileName));
    const auto fill = [&conflict](DiffView *view, const std::string &text) {
        std::vector<DiffLine> lines = diffLines(conflict.seen, text);
        if (lines.empty())
            view->setNote(tr("No line changed."));
        else
            view->setDiff(std::move(lines));
    };
    fill(m_theirs, conflict.theirs);
    fill(m_mine, conflict.mine);
}

} // namespace cleat::ui
