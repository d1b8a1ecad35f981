// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bindings/entryrows.h"

#include <QWidget>

class QMimeData;
class QPushButton;
class QSettings;
class QSplitter;
class QToolButton;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class BindingsModel;
class EntryTable;
class ToneLabel;
class VariablesModel;

/// Rows of both tables of a page.
struct PageRows {
    std::vector<BindingRow> bindings;
    std::vector<VariableRow> variables;
    std::size_t size() const { return bindings.size() + variables.size(); }
    bool empty() const { return size() == 0; }
};

/// One tab of the bindings pane: what Production or Preview gets. It shows and asks; the pane acts.
class ScopePage final : public QWidget
{
    Q_OBJECT
public:
    ScopePage(session::Session &session, config::Scope environment, QWidget *parent = nullptr);

    config::Scope environment() const { return m_environment; }
    /// Shows the config as it is now, at once or when the page is next seen; keeps the selection by name.
    void refresh();
    void setFilter(const QString &filter);
    /// The rows selected in both tables.
    PageRows selection() const;
    /// Those that the environment does not inherit, filtered or not.
    PageRows lost() const;
    /// Those whose Worker or consumer is not there (BindingsModel::missing()).
    std::vector<config::Binding> missing() const;
    /// Workers came or went.
    void refreshConnections();
    /// The rows of .dev.vars and its like.
    std::vector<VariableRow> fromLocalFiles() const;
    /// Whether a secret of this environment is in the keychain.
    bool holdsSecrets() const;
    void saveState(QSettings &settings) const;

Q_SIGNALS:
    void selectionChanged();
    void openRequested();
    void removeRequested();
    void menuRequested(const QPoint &globalPlace);
    void copyHereRequested(const cleat::ui::PageRows &rows);
    void importRequested();
    void exportRequested();
    void dragRequested();
    void dropped(const QMimeData *data, Qt::DropAction action);

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void setUpColumns();
    void fitColumns();
    void connectTable(EntryTable *table, EntryTable *other);
    QWidget *makeSection(const QString &title, EntryTable *table, const QList<QToolButton *> &tools);
    void showRows();
    void showTexts();
    PageRows rowAt(const EntryTable *table, int row) const;
    void setDropping(bool dropping);
    void restoreState();

    session::Session &m_session;
    const config::Scope m_environment;
    bool m_stale = true;
    bool m_dropping = false;
    std::optional<bool> m_narrow; ///< as the columns were fitted last
    QString m_filter;
    BindingsModel *m_bindings;
    VariablesModel *m_variables;
    ToneLabel *m_note;
    QPushButton *m_copyAll;
    QToolButton *m_import;
    QToolButton *m_export;
    EntryTable *m_bindingsTable;
    EntryTable *m_variablesTable;
    QSplitter *m_splitter;
};

} // namespace cleat::ui
