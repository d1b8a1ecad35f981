// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bindings/entryaccess.h"
#include "ui/bindings/entrydraft.h"
#include "ui/widgets/theme.h"

#include <QWidget>

#include <optional>
#include <string>

class QLineEdit;

namespace cleat::ui {

class BindingFields;
class CodeSnippet;
class DatabaseTools;
class DiffView;
class ToneLabel;
class ValueFields;
class WhereBox;

/// The form of one entry: what it is called, its fields, where it goes; beside it the lines that Save will write and how code uses it. Checks while one types.
class EntryForm final : public QWidget
{
    Q_OBJECT
public:
    /// `access` is borrowed. `start` is a new entry, perhaps with values, or names one that is there.
    EntryForm(const EntryAccess &access, EntryDraft start, config::Scope environment, QWidget *parent = nullptr);

    /// "Add KV namespace", "Change variable API_URL".
    QString title() const;
    /// As typed.
    EntryDraft draft() const;
    /// The text of the file on which the user decides.
    const std::string &seen() const { return m_seen; }

    struct Verdict {
        enum class Save { No, Yes } save = Save::No;
        QString text; ///< why not, or what to know; may be empty
        Tone tone = Tone::Muted;
    };
    const Verdict &verdict() const { return m_verdict; }

    /// After a change of the file, the keychain or its secrets by others. An entry that was changed there too, while it was being edited here, is left as it is typed;
    /// saving it then is a conflict.
    void refresh();
    /// Takes the file as it is now as seen, whatever is in it.
    void acceptSeen();
    void forgetSecret();
    /// Under which binding's name the keychain may hold the password of this database: the one that it had when the password was moved there. Empty: under none.
    std::string passwordName() const;
    /// The keychain refused to keep the secret: shows why and what can be done, until it is asked again.
    void setKeychainTrouble(const base::Error &error);

Q_SIGNALS:
    /// verdict() or title() is another.
    void changed();
    void askKeychainRequested();
    void devVarsRequested();

private:
    QWidget *makeLeft();
    QWidget *makeRight();
    QWidget *makeHead();
    void wireDatabase(DatabaseTools &tools);
    void fillIn(const EntryDraft &draft);
    /// The draft with what the file holds of the entry now.
    EntryDraft loaded() const;
    bool isTouched() const;
    /// A kind that can be bound once, and is so in one of the places of Where::Everywhere.
    bool isBoundElsewhere() const;
    void edited();
    void showUsage(const EntryDraft &now);
    Verdict judged(const EntryDraft &now);
    Verdict judgedSecret(Verdict verdict) const;
    QString secretNote(const EntryDraft &now) const;

    const EntryAccess &m_access;
    EntryDraft m_start; ///< as in the file when it was read last
    const config::Scope m_environment;
    std::string m_seen;
    Verdict m_verdict;
    std::optional<base::Error> m_keychainTrouble;
    std::string m_passwordName; ///< the binding's, when its password was moved to the keychain here
    bool m_filling = false;
    QLineEdit *m_name;
    BindingFields *m_binding = nullptr;
    ValueFields *m_value = nullptr;
    WhereBox *m_where;
    ToneLabel *m_diffTitle;
    DiffView *m_diff;
    CodeSnippet *m_javaScript;
    CodeSnippet *m_typeScript;
};

} // namespace cleat::ui
