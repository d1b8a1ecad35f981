// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bindings/entryaccess.h"
#include "ui/bindings/entrydialogs.h"

#include <QDialog>

class QPushButton;
class QStackedWidget;

namespace cleat::ui {

class ConflictView;
class EntryForm;
class KindPicker;
class ToneLabel;

/// The window that adds or changes one entry: the choice of a kind (for a new entry), its form, and, when the file was changed meanwhile, both sides.
class EntryDialog final : public QDialog
{
    Q_OBJECT
public:
    /// Adds. `environment` is the page that asks.
    EntryDialog(EntryAccess access, config::Scope environment, std::optional<EntryStart> start, QWidget *parent = nullptr);
    /// Changes.
    EntryDialog(EntryAccess access, const EntryDraft &draft, config::Scope environment, QWidget *parent = nullptr);

    /// After a change of the file, of the keychain or of the names in it.
    void refresh();

    void accept() override;
    void done(int result) override;

private:
    EntryDialog(EntryAccess access, config::Scope environment, QWidget *parent);
    void showPicker();
    void showForm(EntryDraft draft);
    void showConflict();
    void showButtons();
    void showVerdict();
    void back();
    void useMine();
    void saveSecret(const EntryDraft &draft);
    bool hasPasswordElsewhere(const EntryDraft &draft) const;
    void takePasswordAlong(const EntryDraft &draft);
    void setSaving(bool saving);
    /// In place of a keychain, when the user asks for it.
    void saveToDevVars();
    /// Writes to the file, if there is anything to write, and closes.
    void write(const EntryDraft &draft, const std::string &seen);
    void fail(const base::Error &error);

    EntryAccess m_access;
    const config::Scope m_environment;
    bool m_saving = false;
    std::optional<base::Error> m_failure; ///< of the last attempt to save
    QStackedWidget *m_pages;
    KindPicker *m_picker = nullptr;
    EntryForm *m_form = nullptr;
    ConflictView *m_conflict;
    QPushButton *m_back;
    ToneLabel *m_problem;
    QPushButton *m_keep;
    QPushButton *m_mine;
    QPushButton *m_save;
};

} // namespace cleat::ui
