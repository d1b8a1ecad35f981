// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/queues/senddialog.h"

#include "ui/widgets/jsonedit.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QSpinBox>
#include <QStackedWidget>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::queues::ContentType;

SendDialog::SendDialog(const QString &queue, QWidget *parent)
    : QDialog(parent), m_type(new QComboBox), m_pages(new QStackedWidget), m_json(new JsonEdit), m_text(new QPlainTextEdit), m_delay(new QSpinBox), m_trouble(new ToneLabel({}, Tone::Danger))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Send a message to %1").arg(queue));
    m_type->addItems({tr("JSON"), tr("Text")});
    m_type->setAccessibleName(tr("Type"));
    m_json->setFieldName(tr("Message"));
    m_json->setVisibleLines(10);
    m_json->setText(u"{\n  \n}"_s);
    m_text->setAccessibleName(tr("Message"));
    m_text->setFont(monospaceFont());
    m_text->setTabChangesFocus(true);
    m_pages->addWidget(m_json);
    m_pages->addWidget(m_text);
    m_delay->setRange(0, 86'400); // as `delaySeconds`
    m_delay->setSuffix(tr(" s"));
    m_delay->setSpecialValueText(tr("at once"));
    m_delay->setAccessibleName(tr("Visible"));
    m_trouble->setWordWrap(true);

    auto *type = new QLabel(tr("&Type:"));
    type->setBuddy(m_type);
    auto *visible = new QLabel(tr("&Visible:"));
    visible->setBuddy(m_delay);
    auto *top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(type);
    top->addWidget(m_type);
    top->addSpacing(12);
    top->addWidget(visible);
    top->addWidget(m_delay);
    top->addStretch(1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_send = buttons->addButton(tr("Send"), QDialogButtonBox::AcceptRole);
    m_send->setToolTip(tr("Send (Ctrl+Enter)"));
    auto *column = new QVBoxLayout(this);
    column->setSpacing(10);
    column->addLayout(top);
    column->addWidget(m_pages, 1);
    column->addWidget(m_trouble);
    column->addWidget(buttons);
    resize(520, 380);

    connect(m_type, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_pages->setCurrentIndex(index);
        refresh();
    });
    connect(m_json, &JsonEdit::textChanged, this, &SendDialog::refresh);
    connect(m_text, &QPlainTextEdit::textChanged, this, &SendDialog::refresh);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    for (const int key : {Qt::Key_Return, Qt::Key_Enter}) {
        connect(new QShortcut(QKeySequence(Qt::CTRL | key), this), &QShortcut::activated, this, [this] {
            if (m_send->isEnabled())
                accept();
        });
    }
    connect(this, &QDialog::accepted, this, [this] { Q_EMIT sent(isJson() ? ContentType::Json : ContentType::Text, body(), m_delay->value()); });
    refresh();
    m_pages->setFocus();
}

bool SendDialog::isJson() const
{
    return m_type->currentIndex() == 0;
}

std::string SendDialog::body() const
{
    return toUtf8(isJson() ? m_json->text() : m_text->toPlainText());
}

void SendDialog::refresh()
{
    const std::size_t size = body().size();
    const bool large = size > data::queues::mostBodyBytes;
    m_trouble->setText(large ? tr("A message has %1 at most; this one has %2.").arg(formatBytes(data::queues::mostBodyBytes), formatBytes(size)) : QString());
    m_trouble->setVisible(large);
    m_send->setEnabled(!large && !(isJson() && m_json->problem()));
}

} // namespace cleat::ui
