// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/edit.h"
#include "ui/bindings/entrydraft.h"
#include "ui/bindings/entrymodels.h"

#include <QWidget>

class QSettings;
class QSplitter;
class QTableView;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class ToneLabel;

/// One tab of the bindings pane: what Production or Preview gets. It asks for changes; the pane makes them.
class ScopePage final : public QWidget
{
    Q_OBJECT
public:
    ScopePage(session::Session &session, config::Scope environment, QWidget *parent = nullptr);

    config::Scope environment() const { return m_environment; }
    /// Shows the config as it is now; keeps the selection by name.
    void refresh();
    bool hasSelection() const;
    void editSelected();
    void removeSelected();
    void saveState(QSettings &settings) const;

Q_SIGNALS:
    void selectionChanged();
    void editRequested(const cleat::ui::EntryDraft &draft);
    void changeRequested(const cleat::config::Edit &edit, const QString &step);
    /// As changeRequested, for a removal: `name` is what is gone then.
    void removalRequested(const cleat::config::Edit &edit, const QString &step, const QString &name);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QTableView *makeTable(QAbstractItemModel *model, const QString &name);
    QWidget *makeSection(const QString &title, QTableView *table, ToneLabel *empty);
    void addCopyButtons();
    void showMenu(QTableView *table, const QPoint &place);
    void copyHere(QTableView *table, int row);
    void restoreState();

    session::Session &m_session;
    const config::Scope m_environment;
    BindingsModel *m_bindings;
    VariablesModel *m_variables;
    ToneLabel *m_note;
    ToneLabel *m_noBindings;
    ToneLabel *m_noVariables;
    QTableView *m_bindingsTable;
    QTableView *m_variablesTable;
    QTableView *m_last; ///< the table that was used last
    QSplitter *m_splitter;
};

} // namespace cleat::ui
