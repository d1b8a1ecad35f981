// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/formparts.h"

#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QToolButton>

namespace cleat::ui {

ToneLabel *makeHeading(const QString &text)
{
    auto *label = new ToneLabel(text);
    label->setFont(headingFont());
    return label;
}

ToneLabel *makeHint(const QString &text)
{
    auto *label = new ToneLabel(text, Tone::Muted);
    label->setWordWrap(true);
    return label;
}

QVBoxLayout *makeFieldColumn(QWidget *parent)
{
    auto *column = new QVBoxLayout(parent);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    return column;
}

void addField(QVBoxLayout &column, const QString &title, QWidget *field, QWidget *beside)
{
    auto *label = new ToneLabel(title);
    label->setBuddy(field);
    field->setAccessibleName(QString(title).remove(u'&'));
    column.addWidget(label);
    if (!beside) {
        column.addWidget(field);
        return;
    }
    auto *row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(field, 1);
    row->addWidget(beside);
    column.addLayout(row);
}

QAbstractButton *makeUnfolder(const QString &text, QWidget *part)
{
    auto *button = new QToolButton;
    button->setText(text);
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setArrowType(Qt::RightArrow);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::StrongFocus);
    QObject::connect(button, &QToolButton::toggled, part, [button, part](bool on) {
        button->setArrowType(on ? Qt::DownArrow : Qt::RightArrow);
        part->setVisible(on);
    });
    part->hide();
    return button;
}

} // namespace cleat::ui
