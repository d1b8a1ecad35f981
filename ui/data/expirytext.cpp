// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/expirytext.h"

#include <QCoreApplication>
#include <QDateTime>

#include <cstdlib>

namespace cleat::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::ExpiryText)
};

/// The largest unit of which there is more than one and a half.
QString span(std::int64_t seconds)
{
    constexpr int minute = 60;
    constexpr int hour = 60 * minute;
    constexpr int day = 24 * hour;
    if (seconds < 2 * minute)
        return Words::tr("%1 s").arg(seconds);
    if (seconds < 2 * hour)
        return Words::tr("%1 min").arg((seconds + minute / 2) / minute);
    if (seconds < 2 * day)
        return Words::tr("%1 h").arg((seconds + hour / 2) / hour);
    if (seconds < 730LL * day)
        return Words::tr("%1 days").arg((seconds + day / 2) / day);
    return Words::tr("%1 years").arg(seconds / (365LL * day + day / 4));
}

} // namespace

bool expired(std::int64_t ms)
{
    return ms <= QDateTime::currentMSecsSinceEpoch();
}

QString relativeTime(std::int64_t ms)
{
    const std::int64_t difference = ms - QDateTime::currentMSecsSinceEpoch();
    const QString amount = span((std::llabs(difference) + 500) / 1000);
    return difference > 0 ? Words::tr("in %1").arg(amount) : Words::tr("%1 ago").arg(amount);
}

QString absoluteTime(std::int64_t ms)
{
    return QDateTime::fromMSecsSinceEpoch(ms).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

} // namespace cleat::ui
