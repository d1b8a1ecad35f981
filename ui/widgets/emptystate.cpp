// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/emptystate.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>

namespace cleat::ui {

EmptyState::EmptyState(QLatin1StringView iconName, const QString &title, const QString &sentence, QWidget *parent)
    : QWidget(parent), m_sentence(new ToneLabel(sentence, Tone::Muted)), m_column(new QVBoxLayout)
{
    auto *picture = new QToolButton;
    picture->setIcon(icon(iconName, Tone::Muted));
    picture->setIconSize({32, 32});
    picture->setStyleSheet(QStringLiteral("border: none"));
    picture->setFocusPolicy(Qt::NoFocus);
    picture->setAttribute(Qt::WA_TransparentForMouseEvents);
    auto *heading = new ToneLabel(title);
    heading->setFont(headingFont());
    heading->setAlignment(Qt::AlignHCenter);
    heading->setWordWrap(true);
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignHCenter);

    m_column->setSpacing(8);
    m_column->addWidget(picture, 0, Qt::AlignHCenter);
    m_column->addWidget(heading);
    m_column->addWidget(m_sentence);
    auto *middle = new QWidget;
    middle->setLayout(m_column);
    middle->setMaximumWidth(460);
    auto *outer = new QVBoxLayout(this);
    outer->addStretch(2);
    auto *across = new QHBoxLayout;
    across->addStretch(1);
    across->addWidget(middle, 100);
    across->addStretch(1);
    outer->addLayout(across);
    outer->addStretch(3);
}

void EmptyState::setSentence(const QString &sentence)
{
    m_sentence->setText(sentence);
}

void EmptyState::addRow(QWidget *row)
{
    m_column->addSpacing(4);
    m_column->addWidget(row);
}

} // namespace cleat::ui
