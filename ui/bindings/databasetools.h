// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/session/databasecheck.h"
#include "core/session/datathread.h"

#include <QWidget>

#include <functional>
#include <string>

class QLineEdit;
class QPushButton;

namespace cleat::ui {

class ToneLabel;

/// What the form of a Hyperdrive binding does with its connection string: tries it, and moves its password to the keychain. GUI thread.
class DatabaseTools final : public QWidget
{
    Q_OBJECT
public:
    /// `field` is borrowed: it holds the string.
    explicit DatabaseTools(QLineEdit *field, QWidget *parent = nullptr);
    ~DatabaseTools() override;

    /// Puts the password that the keychain has into a string without one; not called: the string is tried as it is.
    void setCompletion(std::function<std::string(const std::string &text)> complete) { m_complete = std::move(complete); }
    /// What became of keepPasswordRequested(). The field loses the password only when it is in the keychain.
    void passwordKept(const base::Result<void> &kept);

Q_SIGNALS:
    void keepPasswordRequested(const std::string &password);

private:
    void refresh();
    void test();
    void cancel();
    void take(const base::Result<session::DatabaseAnswer> &answer);

    session::DataThread m_thread;
    session::DataThread::Ticket m_ticket = 0;
    std::function<std::string(const std::string &text)> m_complete;
    QLineEdit *m_field;
    QPushButton *m_test;
    QPushButton *m_keep;
    ToneLabel *m_result;
    std::string m_moving; ///< the string whose password is on its way to the keychain
};

} // namespace cleat::ui
