// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/databasetools.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QPushButton>

#include <utility>

namespace cleat::ui {

using session::DatabaseAnswer;

DatabaseTools::DatabaseTools(QLineEdit *field, QWidget *parent)
    : QWidget(parent), m_field(field), m_test(new QPushButton(tr("Test connection"))), m_keep(new QPushButton(tr("Keep the password in the keychain"))), m_result(new ToneLabel)
{
    for (QPushButton *button : {m_test, m_keep})
        button->setAutoDefault(false);
    m_test->setToolTip(tr("Goes to the database, logs in and leaves again"));
    m_keep->setToolTip(tr("Moves the password out of the connection string, so that the file does not hold it. Runs put it in again."));
    m_result->setWordWrap(true);
    m_result->hide();
    auto *row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(m_test);
    row->addWidget(m_keep);
    row->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(4);
    column->addLayout(row);
    column->addWidget(m_result);
    connect(m_test, &QPushButton::clicked, this, [this] {
        if (m_ticket)
            cancel();
        else
            test();
    });
    connect(m_keep, &QPushButton::clicked, this, [this] {
        const session::SplitConnection parts = session::withoutPassword(toUtf8(m_field->text().trimmed()));
        if (parts.password.empty())
            return;
        m_moving = toUtf8(m_field->text().trimmed());
        refresh();
        Q_EMIT keepPasswordRequested(parts.password);
    });
    connect(m_field, &QLineEdit::textChanged, this, [this] {
        m_result->hide(); // it was about another string
        refresh();
    });
    refresh();
}

DatabaseTools::~DatabaseTools()
{
    m_thread.cancel(m_ticket);
}

void DatabaseTools::refresh()
{
    const std::string text = toUtf8(m_field->text().trimmed());
    m_test->setEnabled(m_ticket != 0 || !text.empty());
    m_test->setText(m_ticket ? tr("Cancel the test") : tr("Test connection"));
    m_keep->setVisible(!session::withoutPassword(text).password.empty());
    m_keep->setEnabled(m_moving.empty());
}

void DatabaseTools::test()
{
    const std::string text = toUtf8(m_field->text().trimmed());
    const std::string whole = m_complete ? m_complete(text) : text;
    m_result->setTone(Tone::Muted);
    m_result->setText(tr("Connecting…"));
    m_result->show();
    m_ticket = m_thread.run(
        this, [whole](const std::stop_token &stop) { return session::checkDatabase(whole, stop); },
        [this, text](base::Result<DatabaseAnswer> &&answer) {
            m_ticket = 0;
            refresh();
            if (text == toUtf8(m_field->text().trimmed()))
                take(answer);
        });
    refresh();
}

void DatabaseTools::cancel()
{
    m_thread.stop(m_ticket);
}

void DatabaseTools::take(const base::Result<DatabaseAnswer> &answer)
{
    m_result->show();
    if (answer) {
        m_result->setTone(Tone::Success);
        m_result->setText(answer->tls.empty() ? tr("Connected: %1, without TLS.").arg(fromUtf8(answer->server)) : tr("Connected: %1, by %2.").arg(fromUtf8(answer->server), fromUtf8(answer->tls)));
        return;
    }
    m_result->setTone(answer.error().code == "hyperdrive.cancelled" ? Tone::Muted : Tone::Danger);
    m_result->setText(formatError(answer.error()));
}

void DatabaseTools::passwordKept(const base::Result<void> &kept)
{
    const std::string moved = std::exchange(m_moving, {});
    refresh();
    if (!kept) {
        m_result->setTone(Tone::Danger);
        m_result->setText(tr("The password stays where it is: %1").arg(formatError(kept.error())));
        m_result->show();
        return;
    }
    if (toUtf8(m_field->text().trimmed()) != moved)
        return; // what is typed since then stays
    m_field->setText(fromUtf8(session::withoutPassword(moved).text));
    m_field->setCursorPosition(0);
    m_result->setTone(Tone::Success);
    m_result->setText(tr("The password is in the keychain. Save writes the string without it."));
    m_result->show();
}

} // namespace cleat::ui
