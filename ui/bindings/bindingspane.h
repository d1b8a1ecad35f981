// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/edit.h"
#include "ui/bindings/entrydraft.h"

#include <QPointer>
#include <QWidget>

class QAction;
class QLineEdit;
class QListWidget;
class QSettings;
class QStackedWidget;
class QTabWidget;
class QToolButton;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class EmptyState;
class EntryDialog;
class MessageBar;
class ScopePage;
class ToneLabel;

/// The bindings and variables of the Wrangler file, for Production and Preview: shown, added, changed, removed, undone.
class BindingsPane final : public QWidget
{
    Q_OBJECT
public:
    explicit BindingsPane(session::Session &session, QWidget *parent = nullptr);
    void saveState(QSettings &settings) const;

Q_SIGNALS:
    /// A Wrangler file was made for a project that had none.
    void fileCreated();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeContent();
    QWidget *makeTools();
    QWidget *makeMissing();
    QWidget *makeBroken();
    QAction *makeAction(QLatin1StringView iconName, const QString &text, const QKeySequence &keys);
    ScopePage *page() const;
    void refresh();
    void refreshFocus();
    void refreshHistory();
    void refreshFindings();
    void fitFindings();
    void add(EntryDraft::Kind kind);
    void openDialog(const EntryDraft &draft);
    bool apply(const config::Edit &edit, const QString &step);
    void remove(const config::Edit &edit, const QString &step, const QString &name);
    void undo();
    void redo();
    void create();
    void showError(const QString &what, const base::Error &error);
    void openFile();

    session::Session &m_session;
    bool m_everReadable = false;
    QStackedWidget *m_pages;
    QTabWidget *m_tabs;
    ScopePage *m_production;
    ScopePage *m_preview;
    MessageBar *m_brokenBar;
    MessageBar *m_messageBar;
    ToneLabel *m_findingsTitle;
    QListWidget *m_findings;
    QAction *m_addKv;
    QAction *m_addVariable;
    QAction *m_edit;
    QAction *m_remove;
    QAction *m_undo;
    QAction *m_redo;
    QLineEdit *m_outputDir;
    ToneLabel *m_createProblem;
    EmptyState *m_broken;
    QPointer<EntryDialog> m_dialog;
};

} // namespace cleat::ui
