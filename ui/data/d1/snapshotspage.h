// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/snapshots.h"

#include <QWidget>

class QAction;
class QLineEdit;
class QStackedWidget;
class QTreeWidget;

namespace cleat::ui {

class D1Desk;
class ProgressStrip;
class MessageBar;

/// The snapshots of the database: taken, restored, deleted. GUI thread.
class SnapshotsPage final : public QWidget
{
    Q_OBJECT
public:
    SnapshotsPage(D1Desk &desk, ProgressStrip &strip, QWidget *parent = nullptr);
    void refresh();

private:
    void take();
    void restore();
    void remove();
    const data::d1::Snapshot *current() const;
    void show(std::vector<data::d1::Snapshot> &&snapshots);
    void tell(const base::Error &error);
    void updateActions();

    D1Desk &m_desk;
    ProgressStrip &m_strip;
    std::vector<data::d1::Snapshot> m_snapshots;
    QStackedWidget *m_stack;
    QTreeWidget *m_list;
    MessageBar *m_message;
    QLineEdit *m_reason;
    QAction *m_take;
    QAction *m_restore;
    QAction *m_remove;
};

} // namespace cleat::ui
