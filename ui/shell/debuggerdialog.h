// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QFormLayout;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace cleat::session {
class Debugger;
class Session;
}

namespace cleat::ui {

class CodeSnippet;
class Dot;
class ToneLabel;

/// Where debuggers attach to what runs: the addresses to copy, a snippet for VS Code, and whether one is there. Opening it turns the door on; it stays on
/// when the window is closed. The session must outlive it.
class DebuggerDialog final : public QDialog
{
    Q_OBJECT
public:
    explicit DebuggerDialog(session::Session &session, QWidget *parent = nullptr);

private:
    QLineEdit *addAddress(QFormLayout &form, const QString &label, const QString &copyName);
    QWidget *makeOnPage();
    QWidget *makeOffPage();
    void turnOn();
    void refresh();

    session::Session &m_session;
    QStackedWidget *m_pages;
    Dot *m_dot;
    ToneLabel *m_state;
    QPushButton *m_resume;
    QLineEdit *m_devTools;
    QLineEdit *m_socket;
    CodeSnippet *m_launch;
    ToneLabel *m_offText;
    QPushButton *m_switch; ///< on or off
};

/// "functions/api.ts:12" where the code stands still, or an empty text.
QString pausedPlace(const session::Debugger &debugger);

} // namespace cleat::ui
