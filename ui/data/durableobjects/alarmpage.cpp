// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/durableobjects/alarmpage.h"

#include "ui/data/expirytext.h"
#include "ui/data/questions.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QDateTimeEdit>
#include <QPushButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::durableobjects::ObjectChange;
using session::ObjectDesk;

AlarmPage::AlarmPage(ObjectDesk &desk, QWidget *parent)
    : QWidget(parent), m_desk(desk), m_when(new ToneLabel), m_note(new ToneLabel({}, Tone::Muted)), m_run(new QPushButton(tr("Run now"))), m_remove(new QPushButton(tr("Remove"))),
      m_at(new QDateTimeEdit(QDateTime::currentDateTime().addSecs(60))), m_set(new QPushButton(tr("Set")))
{
    m_when->setFont(headingFont());
    m_when->setWordWrap(true);
    m_note->setWordWrap(true);
    m_at->setCalendarPopup(true);
    m_at->setDisplayFormat(u"yyyy-MM-dd HH:mm:ss"_s);
    m_at->setAccessibleName(tr("When the alarm rings"));
    m_run->setToolTip(tr("Run the alarm() handler now"));
    m_remove->setToolTip(tr("The alarm does not ring any more"));
    m_set->setToolTip(tr("The alarm rings then, in place of the one that is set"));
    for (QPushButton *button : {m_run, m_remove, m_set})
        button->setAutoDefault(false);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_run);
    buttons->addWidget(m_remove);
    buttons->addStretch(1);
    auto *setting = new QHBoxLayout;
    setting->addWidget(new QLabel(tr("Ring at")));
    setting->addWidget(m_at);
    setting->addWidget(m_set);
    setting->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(10);
    column->addWidget(m_when);
    column->addLayout(buttons);
    column->addSpacing(6);
    column->addLayout(setting);
    column->addWidget(m_note);
    column->addStretch(1);
    connect(m_run, &QPushButton::clicked, this, &AlarmPage::runNow);
    connect(m_remove, &QPushButton::clicked, this, [this] { askFirst(this, tr("Remove the alarm of this object?"), tr("Remove"), [this] { set(std::nullopt); }); });
    connect(m_set, &QPushButton::clicked, this, [this] { set(m_at->dateTime().toMSecsSinceEpoch()); });
    refresh();
}

void AlarmPage::setObject(const session::ObjectPlace &place, std::optional<std::int64_t> alarmMs)
{
    if (m_place.id != place.id)
        m_at->setDateTime(QDateTime::currentDateTime().addSecs(60));
    m_place = place;
    m_alarmMs = alarmMs;
    refresh();
}

void AlarmPage::refresh()
{
    const bool runs = m_desk.runs(m_place.uniqueKey);
    if (!m_alarmMs)
        m_when->setText(tr("No alarm is set."));
    else if (expired(*m_alarmMs))
        m_when->setText(runs ? tr("The alarm rings now, or is tried again soon.") : tr("The alarm was due at %1.").arg(absoluteTime(*m_alarmMs)));
    else
        m_when->setText(tr("Rings %1, at %2.").arg(relativeTime(*m_alarmMs), absoluteTime(*m_alarmMs)));
    m_note->setText(runs ? tr("A handler that fails is tried again up to six times. Each run is a row in Requests.")
                         : tr("The Worker that has the class does not run. An alarm that is due rings when it starts."));
    m_run->setEnabled(runs && m_alarmMs);
    m_remove->setEnabled(m_alarmMs.has_value());
}

void AlarmPage::set(std::optional<std::int64_t> ms)
{
    ObjectChange change;
    change.alarm = ObjectChange::Alarm{ms};
    m_desk.change(m_place, std::move(change), this, [this](base::Result<ObjectDesk::Instance> &&done) {
        if (done)
            Q_EMIT changed(*done);
        else
            Q_EMIT failed(formatError(done.error()));
    });
}

void AlarmPage::runNow()
{
    m_desk.ring(m_place, this, [this](base::Result<void> &&done) {
        if (done)
            Q_EMIT changed(ObjectDesk::Instance::Gone);
        else
            Q_EMIT failed(formatError(done.error()));
    });
}

} // namespace cleat::ui
