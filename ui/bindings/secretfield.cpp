// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/secretfield.h"

#include "ui/bindings/formparts.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QLineEdit>
#include <QPushButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;

SecretField::SecretField(QWidget *parent)
    : QWidget(parent), m_edit(new QLineEdit), m_reveal(nullptr), m_lines(makeHint({})), m_kept(makeHint({})), m_trouble(new QWidget),
      m_why(new ToneLabel({}, Tone::Danger)), m_again(new QPushButton(tr("Try again"))), m_risk(makeHint({})), m_devVars(new QPushButton)
{
    m_edit->setEchoMode(QLineEdit::Password);
    m_edit->setFont(monospaceFont());
    m_edit->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    m_reveal = m_edit->addAction(icon("eye"_L1, Tone::Muted), QLineEdit::TrailingPosition);
    m_reveal->setCheckable(true);
    m_reveal->setToolTip(tr("Show what is typed"));
    m_lines->hide();
    m_why->setWordWrap(true);
    m_again->setAutoDefault(false);
    m_devVars->setAutoDefault(false);

    auto *trouble = makeFieldColumn(m_trouble);
    trouble->setContentsMargins(0, 6, 0, 0);
    trouble->setSpacing(6);
    trouble->addWidget(m_why);
    trouble->addWidget(m_again, 0, Qt::AlignLeft);
    trouble->addWidget(m_risk);
    trouble->addWidget(m_devVars, 0, Qt::AlignLeft);
    m_trouble->hide();
    auto *column = makeFieldColumn(this);
    addField(*column, tr("Va&lue"), m_edit);
    column->addWidget(m_lines);
    column->addWidget(m_kept);
    column->addWidget(m_trouble);

    connect(m_reveal, &QAction::toggled, this, [this](bool on) {
        m_edit->setEchoMode(on ? QLineEdit::Normal : QLineEdit::Password);
        m_reveal->setIcon(icon(on ? "eye-off"_L1 : "eye"_L1, Tone::Muted));
        m_reveal->setToolTip(on ? tr("Hide what is typed") : tr("Show what is typed"));
    });
    connect(m_edit, &QLineEdit::textChanged, this, [this] {
        countLines();
        Q_EMIT edited();
    });
    connect(m_again, &QPushButton::clicked, this, &SecretField::askKeychainRequested);
    connect(m_devVars, &QPushButton::clicked, this, &SecretField::devVarsRequested);
    setMode(Mode::New);
}

void SecretField::setMode(Mode mode)
{
    m_edit->setPlaceholderText(mode == Mode::Replace ? tr("The new value; the one before cannot be shown") : tr("Pasted or typed; it stays hidden"));
}

QString SecretField::text() const
{
    return m_edit->text();
}

void SecretField::setText(const QString &text)
{
    m_edit->setText(text);
}

void SecretField::countLines()
{
    const auto lines = m_edit->text().count(u'\n') + 1;
    m_lines->setVisible(lines > 1);
    m_lines->setText(tr("It has %1 lines; all of them are kept.").arg(lines));
}

void SecretField::setKeychain(EntryAccess::Keychain state, const base::Error &error, const QString &fileName)
{
    m_kept->setText(tr("Kept in the system keychain, never in %1. Nobody can read it in Cleat after it is saved; it can be replaced and removed. "
                       "A deployment needs it once more: wrangler pages secret put.")
                        .arg(fileName));
    switch (state) {
    case EntryAccess::Keychain::Asking:
        m_why->setTone(Tone::Muted);
        m_why->setText(tr("Waiting for the system keychain; it may ask for your password."));
        break;
    case EntryAccess::Keychain::Ready:
        break;
    case EntryAccess::Keychain::Unavailable:
        m_why->setTone(Tone::Danger);
        m_why->setText(formatError(error));
        break;
    }
    m_trouble->setVisible(state != EntryAccess::Keychain::Ready);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_again, m_risk, m_devVars})
        widget->setVisible(state == EntryAccess::Keychain::Unavailable);
}

void SecretField::setDevVarsFiles(const QStringList &files)
{
    const QString names = files.join(u", "_s);
    m_risk->setText(tr("Or write it to %1, in plain text: whoever and whatever can read the project's folder can read it, and git takes it along unless .gitignore "
                       "names the file.")
                        .arg(names));
    m_devVars->setText(tr("Write it in plain text"));
}

void SecretField::forget()
{
    m_reveal->setChecked(false);
    m_edit->setText(QString(m_edit->text().size(), u'\0'));
    m_edit->clear();
}

void SecretField::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_reveal->setChecked(false);
}

} // namespace cleat::ui
