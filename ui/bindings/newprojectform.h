// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/devscript.h"
#include "core/session/configstore.h"

#include <QWidget>

#include <vector>

class QCheckBox;
class QComboBox;
class QDateEdit;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QRadioButton;
class QShowEvent;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class ToneLabel;

/// Makes the Wrangler file of a project that has none: its name, its folder, its date, TOML or JSON, and what the flags of a `wrangler pages dev` script in
/// package.json say. Shows the text before it is written. GUI thread.
class NewProjectForm final : public QWidget
{
    Q_OBJECT
public:
    explicit NewProjectForm(session::Session &session, QWidget *parent = nullptr);

Q_SIGNALS:
    /// The file is there.
    void created();

protected:
    /// Folders and scripts may have come and gone.
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeFields();
    QWidget *makeImport();
    QWidget *makePreview();
    void look();
    void fillFolders();
    void fillScripts();
    void chooseFolder();
    void takeImport();
    void edited();
    void create();
    config::DevImport chosenImport() const;
    session::ConfigStore::NewFile file() const;
    QString problem() const;

    session::Session &m_session;
    QLineEdit *m_name;
    QComboBox *m_folder;
    QDateEdit *m_date;
    QRadioButton *m_toml;
    QRadioButton *m_jsonc;
    ToneLabel *m_folderHint;
    QWidget *m_import;
    QCheckBox *m_importWanted;
    QComboBox *m_script;
    ToneLabel *m_command;
    QLabel *m_imported;
    QPlainTextEdit *m_preview;
    ToneLabel *m_problem;
    QPushButton *m_create;
    std::vector<config::DevScript> m_scripts;
    QString m_likelyFolder;
};

} // namespace cleat::ui
