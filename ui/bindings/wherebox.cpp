// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/wherebox.h"

#include "ui/bindings/formparts.h"
#include "ui/bindings/wheretexts.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QRadioButton>
#include <QStyle>

namespace cleat::ui {

using Where = EntryDraft::Where;

WhereBox::WhereBox(config::Scope environment, Purpose purpose, QWidget *parent) : QWidget(parent), m_environment(environment)
{
    auto *column = makeFieldColumn(this);
    column->addWidget(new ToneLabel(tr("Where")));
    if (purpose == Purpose::Tell) {
        m_place = makeHint({});
        column->addWidget(m_place);
        return;
    }
    const int indent = style()->pixelMetric(QStyle::PM_ExclusiveIndicatorWidth) + style()->pixelMetric(QStyle::PM_RadioButtonLabelSpacing);
    m_choices[0].where = Where::Everywhere;
    m_choices[1].where = Where::Environment;
    m_choices[2].where = Where::TopLevel;
    for (Choice &choice : m_choices) {
        choice.button = new QRadioButton(whereTitle(choice.where, environment));
        choice.sentence = makeHint({});
        choice.sentence->setContentsMargins(indent, 0, 0, 2);
        column->addWidget(choice.button);
        column->addWidget(choice.sentence);
        if (choice.where == Where::Environment) {
            m_copy = new QCheckBox;
            m_copy->setChecked(true);
            auto *row = new QHBoxLayout;
            row->setContentsMargins(indent, 0, 0, 4);
            row->addWidget(m_copy);
            column->addLayout(row);
            connect(m_copy, &QCheckBox::toggled, this, &WhereBox::edited);
        }
        connect(choice.button, &QRadioButton::toggled, this, [this](bool on) {
            if (on)
                Q_EMIT edited();
        });
    }
    m_choices[0].button->setChecked(true);
}

void WhereBox::setWhere(Where where)
{
    for (const Choice &choice : m_choices) {
        if (choice.button && choice.where == where)
            choice.button->setChecked(true);
    }
}

Where WhereBox::where() const
{
    for (const Choice &choice : m_choices) {
        if (choice.button && choice.button->isChecked())
            return choice.where;
    }
    return Where::Everywhere;
}

EntryDraft::Copies WhereBox::copies() const
{
    return m_copy && m_copy->isChecked() ? EntryDraft::Copies::Lost : EntryDraft::Copies::None;
}

void WhereBox::refresh(const config::WranglerConfig &config, config::Form form, const EntryDraft &draft)
{
    if (m_place) {
        m_place->setText(placeSentence(config, form, draft));
        return;
    }
    for (const Choice &choice : m_choices) {
        const WhereText text = whereSentence(config, form, draft, choice.where, m_environment);
        const bool chosen = choice.button->isChecked();
        choice.sentence->setText(text.text);
        choice.sentence->setTone(chosen && text.weight == WhereText::Weight::Surprise ? Tone::Warning : Tone::Muted);
        choice.button->setAccessibleDescription(text.text);
    }
    const Losses copied = draft.sort == EntryDraft::Sort::Secret ? Losses() : lossesOf(config, m_environment).copiedBeside(draft);
    m_copy->setVisible(draft.where == Where::Environment && copied.count() > 0);
    m_copy->setText(copyTitle(copied, m_environment));
}

} // namespace cleat::ui
