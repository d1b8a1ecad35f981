// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/questions.h"

#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>

namespace cleat::ui {

void askFirst(QWidget *parent, const QString &question, const QString &doIt, std::function<void()> then)
{
    auto *box = new QMessageBox(QMessageBox::Warning, QObject::tr("Cleat"), question, QMessageBox::Cancel, parent);
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *yes = box->addButton(doIt, QMessageBox::AcceptRole);
    box->setDefaultButton(yes);
    QObject::connect(yes, &QPushButton::clicked, parent, std::move(then));
    box->open();
}

void askText(QWidget *parent, const TextQuestion &question, std::function<void(const QString &text)> then)
{
    auto *dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(question.title);
    auto *line = new QLineEdit(question.text);
    line->setFont(monospaceFont());
    line->setSelection(question.selectFrom, question.selectLength < 0 ? static_cast<int>(question.text.size()) - question.selectFrom : question.selectLength);
    auto *label = new QLabel(question.label);
    label->setBuddy(line);
    auto *trouble = new ToneLabel({}, Tone::Danger);
    trouble->setWordWrap(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    QPushButton *yes = buttons->addButton(question.doIt, QDialogButtonBox::AcceptRole);
    auto *column = new QVBoxLayout(dialog);
    column->addWidget(label);
    column->addWidget(line);
    column->addWidget(trouble);
    column->addStretch(1);
    column->addWidget(buttons);
    yes->setDefault(true); // once it is in the dialog; before, Enter would be Cancel's
    dialog->resize(460, dialog->sizeHint().height());
    const auto check = [line, trouble, yes, find = question.trouble, first = question.text] {
        const QString why = find ? find(line->text()) : QString();
        trouble->setText(line->text() == first ? QString() : why);
        yes->setEnabled(why.isEmpty());
    };
    QObject::connect(line, &QLineEdit::textChanged, dialog, check);
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    QObject::connect(dialog, &QDialog::accepted, parent, [line, then = std::move(then)] { then(line->text()); });
    check();
    dialog->open();
    line->setFocus();
}

} // namespace cleat::ui
