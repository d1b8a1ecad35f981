// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/snapshotspage.h"

#include "ui/data/d1/ask.h"
#include "ui/data/d1/d1desk.h"
#include "ui/data/progressstrip.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QDateTime>
#include <QHeaderView>
#include <QLineEdit>
#include <QLocale>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeWidget>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;

namespace {

QString timeOf(const d1::Snapshot &snapshot)
{
    return QDateTime::fromMSecsSinceEpoch(snapshot.timeMs).toString(u"yyyy-MM-dd HH:mm:ss"_s);
}

} // namespace

SnapshotsPage::SnapshotsPage(D1Desk &desk, ProgressStrip &strip, QWidget *parent)
    : QWidget(parent),
      m_desk(desk),
      m_strip(strip),
      m_stack(new QStackedWidget),
      m_list(new QTreeWidget),
      m_message(new MessageBar(MessageBar::Closing::ByUser)),
      m_reason(new QLineEdit)
{
    const auto make = [this](const QString &text, QLatin1StringView picture, Tone tone, const QString &name, auto slot) {
        auto *action = new QAction(icon(picture, tone), text, this);
        action->setObjectName(name);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    m_take = make(tr("Take snapshot"), "archive"_L1, Tone::Normal, u"takeSnapshot"_s, &SnapshotsPage::take);
    m_restore = make(tr("Restore…"), "rotate-ccw"_L1, Tone::Normal, u"restoreSnapshot"_s, &SnapshotsPage::restore);
    m_remove = make(tr("Delete…"), "trash-2"_L1, Tone::Normal, u"removeSnapshot"_s, &SnapshotsPage::remove);
    m_remove->setShortcut(QKeySequence::Delete);
    m_remove->setShortcutContext(Qt::WidgetShortcut);
    m_list->addAction(m_remove);
    m_list->addAction(m_restore);
    m_list->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_reason->setPlaceholderText(tr("A note for the snapshot"));
    m_reason->setAccessibleName(tr("Note"));
    m_reason->setObjectName(u"snapshotReason"_s);
    m_list->setHeaderLabels({tr("Taken"), tr("Note"), tr("Size")});
    m_list->setRootIsDecorated(false);
    m_list->setAlternatingRowColors(true);
    m_list->setUniformRowHeights(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Snapshots"));
    m_list->setObjectName(u"snapshots"_s);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);

    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(6, 3, 6, 3);
    bar->setSpacing(2);
    bar->addWidget(toolButton(m_restore, ButtonLook::WithText));
    bar->addWidget(toolButton(m_remove, ButtonLook::WithText));
    bar->addSpacing(6);
    bar->addStretch(1);
    bar->addWidget(m_reason, 2);
    bar->addWidget(toolButton(m_take, ButtonLook::WithText));
    m_stack->addWidget(new EmptyState("archive"_L1, tr("No snapshots yet"),
        tr("A snapshot is a copy of the whole database to come back to. Cleat takes one by itself before a migration, an import, a drop and a delete of "
           "everything.")));
    m_stack->addWidget(m_list);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(m_message);
    column->addWidget(m_stack, 1);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &SnapshotsPage::updateActions);
    connect(m_reason, &QLineEdit::returnPressed, this, &SnapshotsPage::take);
    connect(&desk, &D1Desk::changed, this, [this] {
        if (isVisible())
            refresh();
    });
    connect(&strip, &ProgressStrip::runningChanged, this, [this] {
        updateActions();
        if (isVisible())
            refresh();
    });
    updateActions();
}

void SnapshotsPage::refresh()
{
    m_desk.rowsThread().run(
        this, [file = m_desk.file()](std::stop_token) { return d1::snapshots(file); },
        [this](std::vector<d1::Snapshot> &&snapshots) { show(std::move(snapshots)); });
}

void SnapshotsPage::show(std::vector<d1::Snapshot> &&snapshots)
{
    if (snapshots != m_snapshots || m_list->topLevelItemCount() != static_cast<int>(snapshots.size())) {
        const d1::Snapshot *before = current();
        const std::filesystem::path chosen = before ? before->file : std::filesystem::path();
        m_snapshots = std::move(snapshots);
        m_list->clear();
        for (const d1::Snapshot &snapshot : m_snapshots) {
            auto *item = new QTreeWidgetItem(m_list, {timeOf(snapshot), fromUtf8(snapshot.reason), formatBytes(snapshot.bytes)});
            const bool own = snapshot.maker == d1::Snapshot::Maker::User;
            item->setIcon(0, own ? icon("archive"_L1, Tone::Accent) : icon("archive"_L1, Tone::Muted));
            item->setToolTip(1, own ? QString() : tr("Taken by Cleat itself; of these the last ten are kept."));
            item->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
            if (snapshot.file == chosen)
                m_list->setCurrentItem(item);
        }
        if (!m_list->currentItem() && m_list->topLevelItemCount() > 0)
            m_list->setCurrentItem(m_list->topLevelItem(0));
    }
    m_stack->setCurrentIndex(m_snapshots.empty() ? 0 : 1);
    updateActions();
}

const d1::Snapshot *SnapshotsPage::current() const
{
    const int row = m_list->currentItem() ? m_list->indexOfTopLevelItem(m_list->currentItem()) : -1;
    return row >= 0 && static_cast<std::size_t>(row) < m_snapshots.size() ? &m_snapshots[static_cast<std::size_t>(row)] : nullptr;
}

void SnapshotsPage::tell(const base::Error &error)
{
    m_message->setMessage(error.code == "data.cancelled" ? MessageBar::Kind::Info : MessageBar::Kind::Error, formatError(error));
    m_message->show();
}

void SnapshotsPage::take()
{
    if (m_strip.isRunning())
        return;
    m_message->hide();
    const QString reason = m_reason->text().trimmed();
    m_strip.run(
        tr("Taking a snapshot"), ProgressStrip::Unit::Count,
        [file = m_desk.file(), reason = toUtf8(reason)](
            const data::Control &control) { return d1::takeSnapshot(file, reason, d1::Snapshot::Maker::User, control); },
        [this](base::Result<d1::Snapshot> &&snapshot) {
            if (snapshot)
                m_reason->clear();
            else
                tell(snapshot.error());
            refresh();
        });
}

void SnapshotsPage::restore()
{
    const d1::Snapshot *chosen = current();
    if (!chosen || m_strip.isRunning())
        return;
    ask(this, tr("Restore the database as it was at %1?").arg(timeOf(*chosen)), tr("A snapshot of what is there now is taken first."), tr("Restore"),
        [this, snapshot = *chosen] {
            m_message->hide();
            m_strip.run(
                tr("Restoring"), ProgressStrip::Unit::Count,
                [file = m_desk.file(), snapshot](const data::Control &control) { return d1::restoreSnapshot(file, snapshot, control); },
                [this, snapshot](base::Result<void> &&restored) {
                    if (restored) {
                        m_message->setMessage(MessageBar::Kind::Info, tr("The database is as it was at %1.").arg(timeOf(snapshot)));
                        m_message->show();
                    } else {
                        tell(restored.error());
                    }
                    m_desk.readSchema();
                    refresh();
                });
        });
}

void SnapshotsPage::remove()
{
    const d1::Snapshot *chosen = current();
    if (!chosen || m_strip.isRunning())
        return;
    ask(this, tr("Delete the snapshot of %1?").arg(timeOf(*chosen)), tr("This cannot be undone."), tr("Delete"), [this, snapshot = *chosen] {
        m_desk.workThread().run(
            this, [snapshot](std::stop_token) { return d1::removeSnapshot(snapshot); },
            [this](base::Result<void> &&removed) {
                if (!removed)
                    tell(removed.error());
                refresh();
            });
    });
}

void SnapshotsPage::updateActions()
{
    const bool idle = !m_strip.isRunning();
    m_take->setEnabled(idle);
    m_restore->setEnabled(idle && current());
    m_remove->setEnabled(idle && current());
}

} // namespace cleat::ui
