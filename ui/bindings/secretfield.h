// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bindings/entryaccess.h"

#include <QWidget>

class QAction;
class QLineEdit;
class QPushButton;

namespace cleat::ui {

class ToneLabel;

/// Where a secret is typed: hidden, unless the user asks to see what is being typed. What is kept already is never shown. Says where it goes, and what to do when
/// no keychain runs.
class SecretField final : public QWidget
{
    Q_OBJECT
public:
    explicit SecretField(QWidget *parent = nullptr);

    enum class Mode { New, Replace };
    void setMode(Mode mode);
    QString text() const;
    void setText(const QString &text);
    void setKeychain(EntryAccess::Keychain state, const base::Error &error, const QString &fileName);
    /// What is offered in place of a keychain that is Unavailable.
    void setDevVarsFiles(const QStringList &files);
    /// Overwrites what is typed, and hides the field again.
    void forget();

Q_SIGNALS:
    void edited();
    void askKeychainRequested();
    void devVarsRequested();

protected:
    void hideEvent(QHideEvent *event) override;

private:
    void countLines();

    QLineEdit *m_edit;
    QAction *m_reveal;
    ToneLabel *m_lines;
    ToneLabel *m_kept;
    QWidget *m_trouble;
    ToneLabel *m_why;
    QPushButton *m_again;
    ToneLabel *m_risk;
    QPushButton *m_devVars;
};

} // namespace cleat::ui
