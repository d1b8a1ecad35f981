// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bindings/entryaccess.h"
#include "ui/bindings/entrydraft.h"

#include <QWidget>

class QComboBox;
class QPlainTextEdit;

namespace cleat::ui {

class JsonEdit;
class SecretField;

/// The value of a variable or a secret: its type, as the dashboard has it (Text, JSON, Secret), and an editor for each.
class ValueFields final : public QWidget
{
    Q_OBJECT
public:
    explicit ValueFields(QWidget *parent = nullptr);

    /// `draft` is a variable or a secret. Of one that is there, a variable can become a secret, but not the other way round.
    void setValues(const EntryDraft &draft);
    /// `draft` with what is typed: sort, value, secret.
    EntryDraft applied(EntryDraft draft) const;
    /// Shows whether a secret can be kept, and what to do if not. `fileName` is the Wrangler file's.
    void setKeychain(EntryAccess::Keychain state, const base::Error &error, const QString &fileName);
    void setDevVarsFiles(const QStringList &files);
    /// Overwrites what was typed as a secret.
    void forgetSecret();

Q_SIGNALS:
    void edited();
    void askKeychainRequested();
    void devVarsRequested();

private:
    enum Type { Text, Json, Secret };
    Type type() const;
    void changeType();

    QComboBox *m_type;
    QWidget *m_textPart;
    QWidget *m_jsonPart;
    QPlainTextEdit *m_text;
    JsonEdit *m_json;
    SecretField *m_secret;
    Type m_before = Text;
};

} // namespace cleat::ui
