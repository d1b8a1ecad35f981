// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/analytics/civiltime.h"

#include <QDateTime>
#include <QTest>
#include <QTimeZone>

#include <algorithm>

using namespace cleat::data::analytics;

class CivilTimeTest final : public QObject
{
    Q_OBJECT

    static std::int64_t at(const char *text) { return *parseTime(text); }

private Q_SLOTS:
    /// Each day of some centuries, as Qt knows it.
    void days()
    {
        for (QDate date(1899, 12, 31); date.year() < 2402; date = date.addDays(1)) {
            const CivilTime time{date.year(), date.month(), date.day(), 1, 2, 3};
            const std::int64_t seconds = QDateTime(date, QTime(1, 2, 3), Qt::UTC).toSecsSinceEpoch();
            QCOMPARE(time.seconds(), seconds);
            const CivilTime back = CivilTime::of(seconds);
            QCOMPARE(back.year, date.year());
            QCOMPARE(back.month, date.month());
            QCOMPARE(back.day, date.day());
            QCOMPARE(back.hour * 10000 + back.minute * 100 + back.second, 10203);
            QCOMPARE(back.weekday(), date.dayOfWeek());
            QCOMPARE(back.dayOfYear(), date.dayOfYear());
        }
    }

    void parsed()
    {
        QCOMPARE(at("1981-04-12 12:00:04"), 355'924'804);
        QCOMPARE(at("355924804"), 355'924'804);
        QCOMPARE(at("1970-01-02"), 86'400);
        QCOMPARE(at("2024-02-29 00:00:00"), 1'709'164'800);
        for (const char *wrong : {"", "yesterday", "2023-02-29", "2026-13-01", "2026-00-01", "2026-01-32", "2026-01-01 24:00:00", "2026-01-01 1:00:00", "2026-01-01 00:00:00Z", "2026-01-01 00:60:00", "12.5"})
            QVERIFY2(!parseTime(wrong), wrong);
        QCOMPARE(timeText(355'924'804), std::string("1981-04-12 12:00:04"));
        QCOMPARE(timeText(-1), std::string("1969-12-31 23:59:59"));
    }

    void intervals()
    {
        const std::int64_t time = at("2025-10-29 16:55:25"); // a Wednesday
        const auto start = [&](std::int64_t amount, TimeUnit unit) { return timeText(startOfInterval(time, amount, unit)); };
        QCOMPARE(start(15, TimeUnit::Minute), std::string("2025-10-29 16:45:00"));
        QCOMPARE(start(1, TimeUnit::Hour), std::string("2025-10-29 16:00:00"));
        QCOMPARE(start(1, TimeUnit::Day), std::string("2025-10-29 00:00:00"));
        QCOMPARE(start(1, TimeUnit::Week), std::string("2025-10-27 00:00:00"));
        QCOMPARE(start(1, TimeUnit::Month), std::string("2025-10-01 00:00:00"));
        QCOMPARE(start(1, TimeUnit::Quarter), std::string("2025-10-01 00:00:00"));
        QCOMPARE(start(1, TimeUnit::Year), std::string("2025-01-01 00:00:00"));
        QCOMPARE(start(7, TimeUnit::Second), std::string("2025-10-29 16:55:20"));
        QCOMPARE(timeText(startOfInterval(-1, 1, TimeUnit::Week)), std::string("1969-12-29 00:00:00"));
        QCOMPARE(timeText(*addTime(at("2024-01-31 10:00:00"), 1, TimeUnit::Month)), std::string("2024-02-29 10:00:00"));
        QCOMPARE(timeText(*addTime(at("2024-02-29 10:00:00"), -1, TimeUnit::Year)), std::string("2023-02-28 10:00:00"));
        QCOMPARE(timeText(*addTime(at("2024-01-15 10:00:00"), -25, TimeUnit::Month)), std::string("2021-12-15 10:00:00"));
        QVERIFY(!addTime(0, 1'000'000'000, TimeUnit::Year));
    }

    void zones()
    {
        QVERIFY(Zone::named("Etc/UTC"));
        for (const char *wrong : {"", "Nowhere/Atall", "../../etc/passwd", "/etc/passwd", "zone.tab"})
            QVERIFY2(!Zone::named(wrong), wrong);
        for (const char *name : {"America/New_York", "Europe/Lisbon", "Australia/Lord_Howe", "Asia/Kolkata"}) {
            const auto zone = Zone::named(name);
            QVERIFY2(zone, "Debian's package tzdata is missing.");
            const QTimeZone known(name);
            for (std::int64_t time = at("1990-01-01"); time < at("2035-01-01"); time += 86'400 * 3 + 1234)
                QCOMPARE(zone->offsetAt(time), known.offsetFromUtc(QDateTime::fromSecsSinceEpoch(time)));
            QCOMPARE(zone->fromLocal(at("2022-12-01 16:17:00") + zone->offsetAt(at("2022-12-01 16:17:00"))), at("2022-12-01 16:17:00"));
        }
        const auto york = Zone::named("America/New_York");
        QCOMPARE(timeText(york->fromLocal(at("2022-12-01 16:17:00"))), std::string("2022-12-01 21:17:00"));
        QCOMPARE(timeText(york->fromLocal(at("2022-11-06 01:30:00"))), std::string("2022-11-06 05:30:00")); // twice: the first
        const auto names = Zone::names();
        QVERIFY(std::ranges::find(names, "Europe/Lisbon") != names.end());
    }

    void formats()
    {
        const std::int64_t time = at("2026-01-03 15:04:05"); // a Saturday of week 1
        const auto as = [&](const char *format) { return formatTime(time, format, -5 * 3600); };
        QCOMPARE(as("%Y-%m-%d %H:%i:%S"), std::string("2026-01-03 15:04:05"));
        QCOMPARE(as("%F %T|%D|%R|%r"), std::string("2026-01-03 15:04:05|01/03/26|15:04|03:04 PM"));
        QCOMPARE(as("%a %W %b %M %e %j %u %w"), std::string("Sat Saturday Jan January  3 003 6 6"));
        QCOMPARE(as("%G-%V %g %C %y %Q %z"), std::string("2026-01 26 20 26 1 -0500"));
        QCOMPARE(as("%h %I %l %p %%%n%t%?%"), std::string("03 03 3 PM %\n\t%?%"));
        QCOMPARE(formatTime(at("2027-01-01"), "%G-%V", 0), std::string("2026-53"));
    }
};

QTEST_GUILESS_MAIN(CivilTimeTest)
#include "t_civiltime.moc"
