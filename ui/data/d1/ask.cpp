// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/ask.h"

#include <QAction>
#include <QCoreApplication>
#include <QMessageBox>
#include <QPushButton>
#include <QToolButton>

namespace cleat::ui {

void ask(QWidget *parent, const QString &question, const QString &more, const QString &accept, std::function<void()> then)
{
    auto *box = new QMessageBox(QMessageBox::Warning, QCoreApplication::translate("cleat::ui::Ask", "Cleat"), question, QMessageBox::Cancel, parent);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(more);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *yes = box->addButton(accept, QMessageBox::AcceptRole);
    yes->setObjectName(QStringLiteral("accept"));
    box->setDefaultButton(QMessageBox::Cancel);
    QObject::connect(box, &QMessageBox::finished, parent, [box, yes, then = std::move(then)] {
        if (box->clickedButton() == yes)
            then();
    });
    box->open();
}

QToolButton *toolButton(QAction *action, ButtonLook look)
{
    auto *button = new QToolButton;
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setToolButtonStyle(look == ButtonLook::WithText ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text().remove(QLatin1Char('&')));
    return button;
}

} // namespace cleat::ui
