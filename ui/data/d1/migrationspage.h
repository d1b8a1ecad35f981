// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/migrations.h"

#include <QWidget>

class QAction;
class QFileSystemWatcher;
class QLineEdit;
class QStackedWidget;
class QTreeWidget;

namespace cleat::ui {

class D1Desk;
class ProgressStrip;
class MessageBar;
class SqlEditor;

/// The migrations of the database: which are applied and which wait, what they say; to be made, applied and opened. GUI thread.
class MigrationsPage final : public QWidget
{
    Q_OBJECT
public:
    MigrationsPage(D1Desk &desk, ProgressStrip &strip, QWidget *parent = nullptr);
    void refresh();

Q_SIGNALS:
    void pendingChanged(int pending);

private:
    void take(std::vector<data::d1::Migration> &&migrations);
    void showPreview();
    void create();
    void apply(const QString &last);
    void applied(base::Result<data::d1::Applied> &&result);
    void showProblem(const QString &message);
    QString currentName() const;
    std::filesystem::path pathOf(const QString &name) const;
    void updateActions();

    D1Desk &m_desk;
    ProgressStrip &m_strip;
    data::d1::MigrationPlace m_place;
    std::vector<data::d1::Migration> m_migrations;
    QFileSystemWatcher *m_watcher;
    QStackedWidget *m_stack;
    QTreeWidget *m_list;
    SqlEditor *m_preview;
    MessageBar *m_message;
    QLineEdit *m_name;
    QAction *m_create;
    QAction *m_applyAll;
    QAction *m_applyTo;
    QAction *m_open;
    QString m_choose; ///< once it is there
    bool m_reading = false;
    bool m_again = false;
    QString m_failedName; ///< the migration that could not be applied
    std::optional<base::Error> m_failure;
};

} // namespace cleat::ui
