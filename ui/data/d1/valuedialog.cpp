// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/valuedialog.h"

#include "ui/data/d1/cellvalue.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QDialogButtonBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>

namespace cleat::ui {

using data::d1::Value;

namespace {

constexpr qsizetype mostShown = 8 << 20; ///< letters; a text field is no place for more

} // namespace

ValueDialog::ValueDialog(const data::d1::Column &column, Value value, Access access, QWidget *parent)
    : QDialog(parent),
      m_column(column),
      m_before(std::move(value)),
      m_edit(new QPlainTextEdit),
      m_null(new QCheckBox(tr("&NULL")))
{
    setWindowTitle(fromUtf8(column.name));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(560, 360);
    QString text = editText(m_before);
    const bool whole = text.size() <= mostShown;
    if (!whole)
        text.truncate(mostShown);
    m_edit->setPlainText(text);
    m_text = m_edit->toPlainText();
    m_edit->setFont(monospaceFont());
    m_edit->setAccessibleName(tr("Value of %1").arg(fromUtf8(column.name)));
    m_edit->setTabChangesFocus(true);
    const bool editable = access == Access::Editable && whole;
    m_edit->setReadOnly(!editable);
    m_null->setChecked(std::holds_alternative<std::monostate>(m_before));
    m_null->setEnabled(editable && !column.notNull);
    m_edit->setDisabled(m_null->isChecked());
    connect(m_null, &QCheckBox::toggled, m_edit, &QWidget::setDisabled);

    auto *type = new ToneLabel(fromUtf8(column.type), Tone::Muted);
    auto *head = new QHBoxLayout;
    head->addWidget(type);
    head->addStretch(1);
    head->addWidget(m_null);
    auto *buttons = new QDialogButtonBox(editable ? QDialogButtonBox::Ok | QDialogButtonBox::Cancel : QDialogButtonBox::Close);
    if (QPushButton *take = buttons->button(QDialogButtonBox::Ok))
        take->setText(tr("&Stage"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    if (editable)
        new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), this, this, &QDialog::accept);
    auto *column_ = new QVBoxLayout(this);
    column_->addLayout(head);
    if (!whole)
        column_->addWidget(new ToneLabel(
            tr("Only the beginning is shown: the value has %1.").arg(formatBytes(static_cast<std::uint64_t>(editText(m_before).size()))), Tone::Warning));
    column_->addWidget(m_edit, 1);
    column_->addWidget(buttons);
    m_edit->setFocus();
}

Value ValueDialog::value() const
{
    if (m_null->isChecked())
        return std::monostate();
    if (!std::holds_alternative<std::monostate>(m_before) && m_edit->toPlainText() == m_text)
        return m_before; // carriage returns and what is not UTF-8 stay
    return valueOf(m_edit->toPlainText(), m_column, m_before);
}

} // namespace cleat::ui
