// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/queues/queuehead.h"

#include "core/session/queuebroker.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QLocale>
#include <QStringList>
#include <QToolButton>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::queues::Delivery;
using data::queues::Shown;
using session::QueueBroker;
using session::QueueStatus;

namespace {

QString names(const std::vector<std::string> &all)
{
    QStringList list;
    for (const std::string &one : all)
        list << fromUtf8(one);
    return QLocale().createSeparatedList(list);
}

QString filterText(Shown shown, std::uint64_t count)
{
    const QString number = QLocale().toString(static_cast<qulonglong>(count));
    switch (shown) {
    case Shown::All:
        return QueueHead::tr("All %1").arg(number);
    case Shown::Waiting:
        return QueueHead::tr("Waiting %1").arg(number);
    case Shown::InFlight:
        return QueueHead::tr("In flight %1").arg(number);
    case Shown::Delayed:
        return QueueHead::tr("Delayed %1").arg(number);
    case Shown::Dead:
        break;
    }
    return QueueHead::tr("Dead %1").arg(number);
}

QString filterTip(Shown shown)
{
    switch (shown) {
    case Shown::All:
        return QueueHead::tr("All messages, in the order of delivery");
    case Shown::Waiting:
        return QueueHead::tr("Messages that can be delivered now");
    case Shown::InFlight:
        return QueueHead::tr("Messages that a consumer has");
    case Shown::Delayed:
        return QueueHead::tr("Messages that become visible later: sent with a delay, or to be retried");
    case Shown::Dead:
        break;
    }
    return QueueHead::tr("Messages whose attempts all failed, and that no dead-letter queue took");
}

} // namespace

QString consumerText(const std::optional<QueueStatus> &status, Delivery delivery)
{
    if (!status)
        return QueueHead::tr("Nothing of this project sends to it or consumes it.");
    QStringList parts;
    const QString consumer = fromUtf8(status->consumer);
    switch (status->delivery) {
    case QueueStatus::Delivery::NoConsumer:
        parts << QueueHead::tr("No consumer");
        break;
    case QueueStatus::Delivery::Stopped:
        parts << QueueHead::tr("Consumed by %1, which does not run").arg(consumer);
        break;
    case QueueStatus::Delivery::Pulled:
        parts << QueueHead::tr("%1 has it pulled over the network (http_pull): nothing is delivered here").arg(consumer);
        break;
    case QueueStatus::Delivery::Running:
        parts << (delivery == Delivery::Paused ? QueueHead::tr("Consumed by %1, paused").arg(consumer) : QueueHead::tr("Consumed by %1").arg(consumer));
        break;
    }
    if (status->settings && status->settings->type == config::QueueConsumer::Type::Worker) {
        const config::QueueConsumer &settings = *status->settings;
        parts << QueueHead::tr("batches of %1 or after %2 s").arg(std::max(settings.maxBatchSize.value_or(QueueBroker::defaultBatchSize), 1)).arg(settings.maxBatchTimeout.value_or(QueueBroker::defaultBatchTimeout));
        const int retries = settings.maxRetries.value_or(QueueBroker::defaultRetries);
        const QString then = settings.deadLetterQueue.empty() ? QString() : QueueHead::tr(", then to %1").arg(fromUtf8(settings.deadLetterQueue));
        parts << (retries == 1 ? QueueHead::tr("1 retry") : QueueHead::tr("%1 retries").arg(retries)) + then;
    }
    if (!status->producers.empty())
        parts << QueueHead::tr("sent to by %1").arg(names(status->producers));
    if (!status->deadLettersOf.empty())
        parts << QueueHead::tr("dead letters of %1").arg(names(status->deadLettersOf));
    return parts.join(u" · "_s);
}

QueueHead::QueueHead(QWidget *parent)
    : QWidget(parent), m_filters{{{Shown::All, new QToolButton}, {Shown::Waiting, new QToolButton}, {Shown::InFlight, new QToolButton}, {Shown::Delayed, new QToolButton}, {Shown::Dead, new QToolButton}}},
      m_consumer(new ElideLabel)
{
    m_consumer->setTone(Tone::Muted);
    auto *group = new QButtonGroup(this);
    auto *row = new QHBoxLayout;
    row->setSpacing(2);
    for (const Filter &filter : m_filters) {
        filter.button->setCheckable(true);
        filter.button->setChecked(filter.shown == m_shown);
        filter.button->setAutoRaise(true);
        filter.button->setFocusPolicy(Qt::TabFocus);
        filter.button->setToolTip(filterTip(filter.shown));
        group->addButton(filter.button);
        row->addWidget(filter.button);
        connect(filter.button, &QToolButton::clicked, this, [this, shown = filter.shown] {
            if (std::exchange(m_shown, shown) != shown)
                Q_EMIT shownChanged(shown);
        });
    }
    row->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 4, 8, 2);
    column->setSpacing(3);
    auto *consumerRow = new QHBoxLayout;
    consumerRow->setContentsMargins(4, 0, 4, 0);
    consumerRow->addWidget(m_consumer);
    column->addLayout(consumerRow);
    column->addLayout(row);
    setCounts({});
}

void QueueHead::setCounts(const data::queues::Counts &counts)
{
    for (const Filter &filter : m_filters) {
        const std::uint64_t count = filter.shown == Shown::Waiting ? counts.waiting
            : filter.shown == Shown::InFlight                      ? counts.inFlight
            : filter.shown == Shown::Delayed                       ? counts.delayed
            : filter.shown == Shown::Dead                          ? counts.dead
                                                                   : counts.total();
        const QString text = filterText(filter.shown, count);
        if (filter.button->text() != text)
            filter.button->setText(text);
    }
}

void QueueHead::setStatus(const std::optional<QueueStatus> &status, Delivery delivery)
{
    m_consumer->setText(consumerText(status, delivery));
}

} // namespace cleat::ui
