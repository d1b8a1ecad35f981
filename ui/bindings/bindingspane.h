// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/binding.h"
#include "ui/bindings/entrydialogs.h"

#include <QWidget>

#include <vector>

class QAction;
class QLineEdit;
class QMenu;
class QSettings;
class QStackedWidget;
class QTabWidget;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class EntryCommands;
class FindingsList;
class LivePill;
class MessageBar;
class NewProjectForm;
class ScopePage;
class SecretCommands;
class SecretNotices;
class WorkerPicker;

/// The bindings, variables and secrets of a project, for Production and Preview: shown, added, changed, removed, moved, undone.
class BindingsPane final : public QWidget
{
    Q_OBJECT
public:
    explicit BindingsPane(session::Session &session, QWidget *parent = nullptr);
    void saveState(QSettings &settings) const;

Q_SIGNALS:
    /// A Wrangler file was made for a project that had none.
    void fileCreated();
    /// The Config file pane is to show this line; from 1, 0: any.
    void openConfigFileAt(int line);
    /// The Data pane on what this binding stands for.
    void openDataOf(const config::Binding &binding);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Actions {
        QAction *addBinding;
        QAction *addVariable;
        QAction *edit;
        QAction *remove;
        QAction *undo;
        QAction *redo;
        QAction *copyTypes;
        QAction *copy;
        QAction *cut;
        QAction *paste;
    };

    void makeActions();
    QWidget *makeContent();
    QWidget *makeTools();
    QMenu *makeAddMenu();
    void makeSearch();
    void connectPage(ScopePage *page);
    void connectCommands();
    QAction *makeAction(QLatin1StringView iconName, const QString &text, const QKeySequence &keys);
    ScopePage *page() const;
    ScopePage *otherPage() const;
    void refresh();
    void refreshPages();
    void refreshFocus();
    void refreshConnections();
    void offerWorkers(const std::vector<config::Binding> &missing);
    void refreshActions();
    void showTab();
    void openSelected();
    void removeSelected();
    void showMenu(const QPoint &globalPlace);
    void startDrag();
    void copyTypes();
    void tell(const QString &sentence);
    void tellMade(const QString &sentence);
    void showError(const QString &step, const base::Error &error);

    session::Session &m_session;
    bool m_everReadable = false;
    EntryCommands *m_commands;
    SecretCommands *m_secrets;
    QStackedWidget *m_pages;
    QTabWidget *m_tabs;
    ScopePage *m_production;
    ScopePage *m_preview;
    LivePill *m_live;
    MessageBar *m_brokenBar;
    MessageBar *m_messageBar;
    MessageBar *m_connectionBar;
    std::vector<config::Binding> m_missing; ///< that the bar tells of, or told of before the user closed it
    WorkerPicker *m_picker;
    SecretNotices *m_notices;
    FindingsList *m_findings;
    QLineEdit *m_search;
    NewProjectForm *m_form;
    Actions m_do = {};
};

} // namespace cleat::ui
