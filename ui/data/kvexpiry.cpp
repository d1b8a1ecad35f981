// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/kvexpiry.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDateTime>
#include <QDateTimeEdit>
#include <QSignalBlocker>
#include <QSpinBox>

namespace cleat::ui {

namespace {

constexpr std::int64_t minute = 60;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

} // namespace

KvExpiryField::KvExpiryField(QWidget *parent) : QWidget(parent), m_way(new QComboBox), m_at(new QDateTimeEdit), m_in(new QSpinBox), m_unit(new QComboBox)
{
    m_way->addItems({tr("never"), tr("at"), tr("in")});
    m_way->setAccessibleName(tr("Expires"));
    m_at->setCalendarPopup(true);
    m_at->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    m_at->setAccessibleName(tr("Moment when it expires"));
    m_at->setDateTimeRange(QDateTime::fromSecsSinceEpoch(0), QDateTime(QDate(9999, 12, 31), QTime(0, 0)));
    m_in->setRange(1, 1'000'000'000);
    m_in->setValue(60);
    m_in->setAccessibleName(tr("Time until it expires"));
    m_unit->addItem(tr("seconds"), qint64(1));
    m_unit->addItem(tr("minutes"), qint64(minute));
    m_unit->addItem(tr("hours"), qint64(hour));
    m_unit->addItem(tr("days"), qint64(day));
    m_unit->setAccessibleName(tr("Unit"));
    m_in->setMinimumWidth(m_in->fontMetrics().horizontalAdvance(QStringLiteral("0000000")) + 24);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(m_way);
    row->addWidget(m_at);
    row->addWidget(m_in);
    row->addWidget(m_unit);
    row->addStretch(1);
    setFocusProxy(m_way);
    choose(Never);

    const auto touched = [this] {
        m_touched = true;
        Q_EMIT edited();
    };
    connect(m_way, &QComboBox::currentIndexChanged, this, [this, touched](int way) {
        if (way == At && !m_set) {
            const QSignalBlocker quiet(m_at);
            m_at->setDateTime(QDateTime::currentDateTime().addDays(1));
        }
        choose(way);
        touched();
    });
    connect(m_at, &QDateTimeEdit::dateTimeChanged, this, touched);
    connect(m_in, &QSpinBox::valueChanged, this, touched);
    connect(m_unit, &QComboBox::currentIndexChanged, this, touched);
}

void KvExpiryField::choose(int way)
{
    m_at->setVisible(way == At);
    m_in->setVisible(way == In);
    m_unit->setVisible(way == In);
}

void KvExpiryField::setExpiration(std::optional<std::int64_t> expiration)
{
    m_set = expiration;
    m_touched = false;
    const QSignalBlocker quietWay(m_way);
    const QSignalBlocker quietAt(m_at);
    m_way->setCurrentIndex(expiration ? At : Never);
    if (expiration)
        m_at->setDateTime(QDateTime::fromSecsSinceEpoch(*expiration));
    choose(m_way->currentIndex());
}

std::optional<std::int64_t> KvExpiryField::expiration(std::int64_t now) const
{
    if (!m_touched)
        return m_set;
    switch (m_way->currentIndex()) {
    case At:
        return m_at->dateTime().toSecsSinceEpoch();
    case In:
        return now + m_in->value() * m_unit->currentData().toLongLong();
    default:
        return {};
    }
}

bool KvExpiryField::isModified() const
{
    if (!m_touched)
        return false;
    return m_way->currentIndex() == In || expiration(0) != m_set;
}

} // namespace cleat::ui
