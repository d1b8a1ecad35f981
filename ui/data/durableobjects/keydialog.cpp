// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/durableobjects/keydialog.h"

#include "core/data/v8json.h"
#include "ui/widgets/jsonedit.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>

namespace cleat::ui {

KeyDialog::KeyDialog(Purpose purpose, const QString &key, const QString &json, QWidget *parent)
    : QDialog(parent), m_key(new QLineEdit(key)), m_value(new JsonEdit), m_trouble(new ToneLabel({}, Tone::Danger))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(purpose == Purpose::Add ? tr("Add a key") : tr("Edit %1").arg(oneLine(key, 60)));
    m_key->setFont(monospaceFont());
    m_key->setAccessibleName(tr("Key"));
    m_key->setReadOnly(purpose == Purpose::Edit);
    m_value->setFieldName(tr("Value"));
    m_value->setVisibleLines(12);
    m_value->setText(json);
    m_trouble->setWordWrap(true);
    auto *keyLabel = new QLabel(tr("&Key:"));
    keyLabel->setBuddy(m_key);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_save = buttons->addButton(purpose == Purpose::Add ? tr("Add") : tr("Save"), QDialogButtonBox::AcceptRole);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(8);
    column->addWidget(keyLabel);
    column->addWidget(m_key);
    column->addWidget(new QLabel(tr("Value, as JSON:")));
    column->addWidget(m_value, 1);
    column->addWidget(m_trouble);
    column->addWidget(buttons);
    resize(520, 420);
    connect(m_key, &QLineEdit::textChanged, this, &KeyDialog::refresh);
    connect(m_value, &JsonEdit::textChanged, this, &KeyDialog::refresh);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, &KeyDialog::save);
    for (const int pressed : {Qt::Key_Return, Qt::Key_Enter})
        connect(new QShortcut(QKeySequence(Qt::CTRL | pressed), this), &QShortcut::activated, this, &KeyDialog::save);
    refresh();
    if (purpose == Purpose::Add)
        m_key->setFocus();
    else
        m_value->setFocus();
}

void KeyDialog::refresh()
{
    m_trouble->hide();
    m_save->setEnabled(!m_key->text().isEmpty() && !m_value->problem());
}

void KeyDialog::save()
{
    if (!m_save->isEnabled())
        return;
    const auto value = data::writeV8Json(toUtf8(m_value->text()));
    if (!value) {
        m_trouble->setText(formatError(value.error()));
        m_trouble->show();
        return;
    }
    const std::string key = toUtf8(m_key->text());
    const std::string bytes = *value;
    accept();
    Q_EMIT saved(key, bytes);
}

} // namespace cleat::ui
