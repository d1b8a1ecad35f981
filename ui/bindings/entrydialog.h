// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bindings/entrydraft.h"

#include <QDialog>

#include <functional>

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QRadioButton;

namespace cleat::ui {

class CodeSnippet;
class DiffView;
class ToneLabel;

/// Adds or changes one entry of the Wrangler file: checks while one types, and shows the lines that Save will write.
class EntryDialog final : public QDialog
{
    Q_OBJECT
public:
    /// What the dialog needs of the outside. All are called on the GUI thread while the dialog lives.
    struct Access {
        std::function<const config::WranglerConfig &()> config;
        std::function<std::string()> text; ///< of the file
        std::function<base::Result<std::string>(const config::Edit &)> preview;
        /// Saves. On failure the dialog shows why and stays open.
        std::function<base::Result<void>(const config::Edit &, const QString &step)> apply;
        QString fileName;
    };

    /// `draft` names the kind, for a change also the entry and its scope; `environment` is the page that asks.
    EntryDialog(Access access, EntryDraft draft, config::Scope environment, QWidget *parent = nullptr);

    /// As typed.
    EntryDraft draft() const;
    /// Reads the file again: after a change from outside.
    void refresh();

protected:
    void accept() override;

private:
    QWidget *makeForm();
    QWidget *makeKvFields();
    QWidget *makeVariableFields();
    QWidget *makeWhere();
    QWidget *makePreview();
    void fillIn();
    void edited();

    Access m_access;
    EntryDraft m_start;
    config::Scope m_environment;
    QLineEdit *m_name;
    QLineEdit *m_id;
    QLineEdit *m_previewId;
    QComboBox *m_valueKind;
    QPlainTextEdit *m_value;
    QRadioButton *m_topLevel;
    QRadioButton *m_own;
    ToneLabel *m_whereText;
    ToneLabel *m_problem;
    DiffView *m_diff;
    CodeSnippet *m_javaScript;
    CodeSnippet *m_typeScript;
    QPushButton *m_save;
};

} // namespace cleat::ui
