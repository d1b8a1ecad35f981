// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/hostcheck.h"

#include <QTest>

using namespace cleat::session;

class HostCheckTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void local_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("local");
        for (const char *host : {"", "localhost", "localhost:8788", "LOCALHOST:1", "localhost.", "localhost.:80", "site.localhost", "a.b.localhost:8788",
                 "127.0.0.1", "127.0.0.1:8788", "192.168.1.20:80", "[::1]", "[::1]:8788", "[fe80::1]:1"})
            QTest::newRow(host) << QByteArray(host) << true;
        for (const char *host : {"example.com", "example.com:8788", "localhost.example.com", "127.0.0.1.example.com", "evillocalhost", "localhost-evil",
                 "localhosts", "a.localhost.com", "1.2.3.4.nip.io", "xn--localhost-", "localhost@example.com", "-", "127.0.0.1x"})
            QTest::newRow(host) << QByteArray(host) << false;
    }
    void local()
    {
        QFETCH(QByteArray, host);
        QTEST(isLocalHost(host.toStdString()), "local");
    }

    void origins_data()
    {
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<bool>("may");
        for (const char *origin : {"http://localhost:8788", "https://localhost", "http://LOCALHOST:5173", "http://site.localhost:1", "http://127.0.0.1:3000", "http://127.8.9.1", "http://[::1]:8788",
                 "http://192.168.1.20:8788", "https://192.168.1.20", "http://192.168.1.20:9"})
            QTest::newRow(origin) << QByteArray(origin) << true;
        for (const char *origin : {"", "null", "localhost", "https://example.com", "http://localhost.example.com", "http://203.0.113.5", "http://127.0.0.1.example.com", "http://[2001:db8::1]",
                 "http://evillocalhost", "http://example.com@localhost", "http://example.com/localhost", "file://", "http://192.168.1.201", "http://"})
            QTest::newRow(origin) << QByteArray(origin) << false;
    }
    void origins()
    {
        QFETCH(QByteArray, origin);
        QTEST(originMatches(origin.toStdString(), "192.168.1.20:8788"), "may");
    }

    void matches()
    {
        QVERIFY(hostMatches("dev.example.com", "dev.example.com"));
        QVERIFY(hostMatches("DEV.example.com:8788", "dev.Example.com"));
        QVERIFY(hostMatches("dev.example.com.:80", "dev.example.com"));
        QVERIFY(!hostMatches("a.dev.example.com", "dev.example.com"));
        QVERIFY(!hostMatches("dev.example.com.evil.org", "dev.example.com"));
        QVERIFY(!hostMatches("dev.example.co", "dev.example.com"));
        QVERIFY(!hostMatches("", "dev.example.com"));
    }
};

QTEST_GUILESS_MAIN(HostCheckTest)
#include "t_hostcheck.moc"
