// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QWidget>

#include <filesystem>

class QAction;
class QComboBox;
class QDialog;
class QLabel;
class QMenu;
class QPushButton;
class QToolButton;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class Dot;
class ElideLabel;
class WorkersButton;

/// The bar at the top: the project, its run state, what one can do with it, which set of bindings runs.
class HeaderBar final : public QWidget
{
    Q_OBJECT
public:
    explicit HeaderBar(session::Session &session, QWidget *parent = nullptr);

    /// So that the window can register their shortcuts.
    QList<QAction *> shortcuts() const;
    WorkersButton *workers() const { return m_workers; }

Q_SIGNALS:
    void openProjectRequested(const std::filesystem::path &folder);
    void quitRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void makeProjectButton();
    QAction *makeAction(QLatin1StringView iconName, const QString &text, const QString &tip, const QKeySequence &keys);
    void fillProjectMenu();
    void chooseFolder();
    void refresh();
    void refreshName();
    void makeRunMenu();
    void openDebugger();

    session::Session &m_session;
    QAction *m_open;
    QAction *m_quit;
    QAction *m_run; ///< starts, or restarts while running
    QAction *m_stop;
    QAction *m_browse;
    QAction *m_resume; ///< while a debugger holds the code
    QAction *m_debug;
    QPushButton *m_project;
    QMenu *m_projectMenu;
    Dot *m_dot;
    ElideLabel *m_state;
    QLabel *m_link;
    WorkersButton *m_workers;
    QComboBox *m_scope;
    QList<QToolButton *> m_buttons;
    QMenu *m_runMenu;
    QToolButton *m_resumeButton = nullptr;
    QPointer<QDialog> m_debugger;
};

} // namespace cleat::ui
