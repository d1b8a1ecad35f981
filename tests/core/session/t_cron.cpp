// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/cron.h"

#include <QDateTime>
#include <QTest>

using namespace cleat;
using session::Cron;

namespace {

Cron::Minute minuteOf(const QString &text)
{
    const QDateTime time = QDateTime::fromString(text + QStringLiteral(":00Z"), Qt::ISODate);
    return Cron::Minute(std::chrono::minutes(time.toSecsSinceEpoch() / 60));
}

QString textOf(std::optional<Cron::Minute> time)
{
    return time ? QDateTime::fromSecsSinceEpoch(time->time_since_epoch().count() * 60, Qt::UTC).toString(QStringLiteral("yyyy-MM-ddTHH:mm")) : QStringLiteral("never");
}

} // namespace

class TestCron final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void next_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *pattern, const char *after, const char *expected) { QTest::addRow("%s after %s", pattern, after) << pattern << after << expected; };
        row("* * * * *", "2026-11-29T03:23", "2026-11-29T03:24");
        row("*/30 * * * *", "2026-11-29T03:23", "2026-11-29T03:30");
        row("*/30 * * * *", "2026-11-29T03:30", "2026-11-29T04:00");
        row("45 * * * *", "2026-12-31T23:50", "2027-01-01T00:45");
        row("0 17 * * sun", "2026-11-29T17:00", "2026-12-06T17:00"); // the 29th is a Sunday
        row("10 7 * * mon-fri", "2026-11-27T08:00", "2026-11-30T07:10");
        row("0 15 1 * *", "2026-11-29T00:00", "2026-12-01T15:00");
        row("0 18 * * 6L", "2026-11-01T00:00", "2026-11-27T18:00"); // the last Friday: 1 is Sunday
        row("0 18 * * FRIL", "2026-11-28T00:00", "2026-12-25T18:00");
        row("59 23 LW * *", "2026-10-01T00:00", "2026-10-30T23:59"); // the 31st is a Saturday
        row("0 0 L * *", "2028-02-01T00:00", "2028-02-29T00:00");
        row("0 0 L-3 * *", "2026-11-01T00:00", "2026-11-27T00:00");
        row("0 0 15W * *", "2026-11-01T00:00", "2026-11-16T00:00"); // a Sunday
        row("0 0 1W * *", "2026-08-01T00:00", "2026-08-03T00:00"); // a Saturday: not in the month before
        row("0 0 31W * *", "2026-05-01T00:00", "2026-05-29T00:00"); // a Sunday at the end
        row("0 12 * * 2#1", "2026-11-03T00:00", "2026-12-07T12:00"); // the first Monday
        row("0 12 * * MON#5", "2026-11-01T00:00", "2026-11-30T12:00");
        row("0 0 13 * FRI", "2026-11-28T00:00", "2026-12-04T00:00"); // one of both is enough
        row("0 0 1 1,7 *", "2026-11-29T00:00", "2027-01-01T00:00");
        row("0 0 1 JAN-MAR *", "2027-01-01T00:00", "2027-02-01T00:00");
        row("5/20 3 * * *", "2026-11-29T03:10", "2026-11-29T03:25");
        row("1-10/4 * * * *", "2026-11-29T03:06", "2026-11-29T03:09");
        row("0 0 29 2 *", "2026-11-29T00:00", "2028-02-29T00:00");
        row("0 0 30 2 *", "2026-11-29T00:00", "never");
        row("  0   0  *  *  7 ", "2026-11-29T00:00", "2026-12-05T00:00"); // Saturday
    }
    void next()
    {
        QFETCH(const QString, pattern);
        QFETCH(const QString, after);
        QFETCH(const QString, expected);
        const auto cron = Cron::parse(pattern.toStdString());
        QVERIFY2(cron, cron ? "" : cron.error().message.c_str());
        const auto next = cron->next(minuteOf(after));
        QCOMPARE(textOf(next), expected);
        if (next)
            QVERIFY(cron->fits(*next));
    }

    void wrong_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *pattern, const char *says) { QTest::addRow("%s", pattern) << pattern << says; };
        row("", "fields");
        row("* * * *", "has 4 fields");
        row("* * * * * *", "has 6 fields");
        row("60 * * * *", "The minute");
        row("* 24 * * *", "The hour");
        row("* * 0 * *", "The day of month");
        row("* * 32W * *", "in front of W");
        row("* * L-31 * *", "behind L-");
        row("* * * 13 *", "The month");
        row("* * * FOO *", "The month");
        row("* * * * 0", "The day of week");
        row("* * * * 8", "The day of week");
        row("* * * * MON#6", "behind it a number");
        row("*/0 * * * *", "behind the /");
        row("*/ * * * *", "behind the /");
        row("9-5 * * * *", "from the lower");
        row("1,,2 * * * *", "The minute");
        row("-1 * * * *", "The minute");
        row("@daily", "has 1 fields");
    }
    void wrong()
    {
        QFETCH(const QString, pattern);
        QFETCH(const QString, says);
        const auto cron = Cron::parse(pattern.toStdString());
        QVERIFY(!cron);
        QCOMPARE(cron.error().code, std::string("cron.pattern"));
        QVERIFY2(QString::fromStdString(cron.error().message).contains(says), cron.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(TestCron)
#include "t_cron.moc"
