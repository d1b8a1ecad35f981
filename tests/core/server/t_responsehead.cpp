// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/reasonphrase.h"
#include "core/server/responsehead.h"

#include <QLocale>
#include <QRegularExpression>
#include <QTest>

#include <clocale>

using namespace cleat::server;
using namespace Qt::StringLiterals;

class ResponseHeadTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void statusLine_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("usual") << 200 << QString() << u"HTTP/1.1 200 OK"_s;
        QTest::newRow("own text") << 200 << u"Fine"_s << u"HTTP/1.1 200 Fine"_s;
        QTest::newRow("a status without a phrase") << 299 << QString() << u"HTTP/1.1 299 "_s;
        QTest::newRow("three digits, high") << 599 << QString() << u"HTTP/1.1 599 "_s;
        QTest::newRow("431") << 431 << QString() << u"HTTP/1.1 431 Request Header Fields Too Large"_s;
    }

    void statusLine()
    {
        QFETCH(int, status);
        QFETCH(QString, text);
        QFETCH(QString, expected);
        std::string wire;
        appendStatusLine(wire, status, text.toStdString());
        const QStringList lines = QString::fromStdString(wire).split(u"\r\n"_s);
        QCOMPARE(lines.size(), 3);
        QCOMPARE(lines[0], expected);
        QVERIFY(lines[2].isEmpty());
    }

    void dateIsInTheFormOfTheStandard()
    {
        std::setlocale(LC_ALL, "de_DE.UTF-8");
        const QDateTime before = QDateTime::currentDateTimeUtc();
        std::string wire;
        appendStatusLine(wire, 200);
        const QString line = QString::fromStdString(wire).split(u"\r\n"_s)[1];
        QVERIFY(line.startsWith("Date: "_L1));
        const QString text = line.mid(6);
        QVERIFY2(QRegularExpression(u"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d [A-Z][a-z][a-z] \\d{4} \\d\\d:\\d\\d:\\d\\d GMT$"_s).match(text).hasMatch(),
            qPrintable(text));
        QDateTime parsed = QLocale::c().toDateTime(text.chopped(4), u"ddd, dd MMM yyyy HH:mm:ss"_s);
        parsed.setTimeSpec(Qt::UTC);
        QVERIFY(parsed.isValid());
        QVERIFY(qAbs(before.secsTo(parsed)) <= 2);
    }

    void plain()
    {
        const std::string whole = plainResponse(503, "too much");
        QVERIFY(whole.starts_with("HTTP/1.1 503 Service Unavailable\r\nDate: "));
        QVERIFY(whole.find("\r\nContent-Type: text/plain; charset=utf-8\r\n") != std::string::npos);
        QVERIFY(whole.find("\r\nContent-Length: 8\r\n") != std::string::npos);
        QVERIFY(whole.find("\r\nCache-Control: no-store\r\n") != std::string::npos);
        QVERIFY(whole.ends_with("\r\n\r\ntoo much"));
        const std::string head = plainResponse(503, "too much", false);
        QVERIFY(head.find("\r\nContent-Length: 8\r\n") != std::string::npos);
        QVERIFY(head.ends_with("\r\n\r\n"));
    }

    void phrases()
    {
        QCOMPARE(cleat::base::reasonPhrase(404), std::string_view("Not Found"));
        QCOMPARE(cleat::base::reasonPhrase(299), std::string_view());
        QCOMPARE(cleat::base::reasonPhrase(-1), std::string_view());
    }
};

QTEST_GUILESS_MAIN(ResponseHeadTest)
#include "t_responsehead.moc"
