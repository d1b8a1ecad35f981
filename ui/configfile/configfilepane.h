// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/wranglerconfig.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <optional>
#include <string>
#include <vector>

class QAction;
class QStackedWidget;
class QSyntaxHighlighter;

namespace cleat::session {
class ConfigStore;
}

namespace cleat::ui {

class CodeEditor;
class ConflictDialog;
class ElideLabel;
class FindBar;
class FindingsList;
class MessageBar;
class ToneLabel;

/// The Wrangler file as text: edited by hand, checked while one types, saved as one step of the project's history. GUI thread.
class ConfigFilePane final : public QWidget
{
    Q_OBJECT
public:
    explicit ConfigFilePane(session::ConfigStore &store, QWidget *parent = nullptr);

    /// Whether there is something that save() would write.
    bool isEdited() const;
    /// Puts the cursor there; line and column count from 1. Line 0: only shows the editor.
    void showLine(int line, int column = 0);

public Q_SLOTS:
    /// Where others changed the file meanwhile, both changes are kept, or the user is asked. isEdited() tells whether it is done.
    void save();
    /// Gives up what is not saved; the editor's undo brings it back.
    void revert();

Q_SIGNALS:
    /// There is no file, and the user wants one.
    void createRequested();
    void editedChanged();

private:
    QWidget *makeTools();
    QWidget *makeEditor();
    QWidget *makeMissing();
    QAction *makeAction(QLatin1StringView iconName, const QString &text, const QString &tip, const QKeySequence &keys);
    void refresh();
    void takeIn();
    void refreshHighlighter();
    void refreshEdited();
    void refreshBar();
    void check();
    void write(const std::string &bytes, const std::string &seen);
    void askWhichStays(const std::string &bytes);
    void openFile();
    QString fileName() const;

    session::ConfigStore &m_store;
    std::optional<std::string> m_seen; ///< what the editor's text was made from; nothing before the first file
    bool m_writing = false;
    std::optional<base::Error> m_saveError;
    std::vector<config::Finding> m_findings;
    std::optional<config::Form> m_form; ///< that the highlighter is for
    QTimer m_checkSoon;

    QStackedWidget *m_pages;
    CodeEditor *m_editor;
    FindBar *m_find;
    FindingsList *m_list;
    MessageBar *m_bar;
    ElideLabel *m_name;
    ToneLabel *m_edited;
    QAction *m_save;
    QAction *m_revert;
    QAction *m_findAction;
    QAction *m_open;
    QPointer<QSyntaxHighlighter> m_highlighter;
    QPointer<ConflictDialog> m_conflict;
};

} // namespace cleat::ui
