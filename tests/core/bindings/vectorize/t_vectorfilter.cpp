// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/vectorize/vectorfilter.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace cleat;
using namespace cleat::bindings::vectorize;

class TestVectorFilter final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matches_data()
    {
        QTest::addColumn<QByteArray>("filter");
        QTest::addColumn<QByteArray>("metadata");
        QTest::addColumn<bool>("fits");
        const auto row = [](const char *filter, const char *metadata, bool fits) {
            QTest::addRow("%s on %s", filter, metadata) << QByteArray(filter) << QByteArray(metadata) << fits;
        };
        row(R"({"a":"x"})", R"({"a":"x"})", true);
        row(R"({"a":"x"})", R"({"a":"y"})", false);
        row(R"({"a":"x"})", R"({})", false);
        row(R"({"a":1})", R"({"a":1.0})", true);
        row(R"({"a":1})", R"({"a":"1"})", false);
        row(R"({"a":true})", R"({"a":true})", true);
        row(R"({"a":1})", R"({"a":true})", false);
        row(R"({"a":null})", R"({})", true);
        row(R"({"a":null})", R"({"a":null})", true);
        row(R"({"a":null})", R"({"a":0})", false);
        row(R"({"a":{"$eq":"x"}})", R"({"a":"x"})", true);
        row(R"({"a":{"$ne":"x"}})", R"({"a":"y"})", true);
        row(R"({"a":{"$ne":"x"}})", R"({"a":"x"})", false);
        row(R"({"a":{"$ne":"x"}})", R"({})", true);
        row(R"({"a":{"$in":["x","y",3]}})", R"({"a":3})", true);
        row(R"({"a":{"$in":["x","y"]}})", R"({"a":"z"})", false);
        row(R"({"a":{"$nin":["x","y"]}})", R"({"a":"z"})", true);
        row(R"({"a":{"$nin":["x","y"]}})", R"({"a":"y"})", false);
        row(R"({"a":{"$lt":5}})", R"({"a":4.5})", true);
        row(R"({"a":{"$lt":5}})", R"({"a":5})", false);
        row(R"({"a":{"$lte":5}})", R"({"a":5})", true);
        row(R"({"a":{"$gt":5}})", R"({"a":5})", false);
        row(R"({"a":{"$gte":5}})", R"({"a":5})", true);
        row(R"({"a":{"$gte":5,"$lt":7}})", R"({"a":6})", true);
        row(R"({"a":{"$gte":5,"$lt":7}})", R"({"a":7})", false);
        row(R"({"a":{"$gt":5}})", R"({"a":"6"})", false);
        row(R"({"a":{"$lte":5}})", R"({})", false);
        row(R"({"a":{"$gte":"net","$lt":"neu"}})", R"({"a":"netflix"})", true);
        row(R"({"a":"x","b":2})", R"({"a":"x","b":3})", false);
        row(R"({"a":"x","b":2})", R"({"a":"x","b":2})", true);
        row(R"({"p.q":42})", R"({"p":{"q":42}})", true);
        row(R"({"p.q":42})", R"({"p":42})", false);
        row(R"({"p.q.r":"deep"})", R"({"p":{"q":{"r":"deep"}}})", true);
        row(R"({"p":1})", R"({"p":{"q":1}})", false);
    }

    void matches()
    {
        QFETCH(QByteArray, filter);
        QFETCH(QByteArray, metadata);
        QFETCH(bool, fits);
        const auto parsed = VectorFilter::parse(filter.toStdString());
        QVERIFY2(parsed, parsed ? "" : parsed.error().message.c_str());
        QCOMPARE(parsed->matches(base::Json::parse(metadata.toStdString())), fits);
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("filter");
        QTest::addColumn<QString>("why");
        QTest::newRow("no object") << QByteArray("[1]") << u"it must be an object"_qs;
        QTest::newRow("no JSON") << QByteArray("{") << u"it must be an object"_qs;
        QTest::newRow("empty") << QByteArray("{}") << u"not empty"_qs;
        QTest::newRow("operator") << QByteArray(R"({"a":{"$like":"x"}})") << u"unknown operator \"$like\""_qs;
        QTest::newRow("no operator") << QByteArray(R"({"a":{}})") << u"is empty"_qs;
        QTest::newRow("nested object") << QByteArray(R"({"a":{"b":1}})") << u"unknown operator \"b\""_qs;
        QTest::newRow("array") << QByteArray(R"({"a":[1]})") << u"takes a string"_qs;
        QTest::newRow("in without array") << QByteArray(R"({"a":{"$in":1}})") << u"takes an array"_qs;
        QTest::newRow("less than true") << QByteArray(R"({"a":{"$lt":true}})") << u"takes a string or a number"_qs;
        QTest::newRow("empty key") << QByteArray(R"({"":1})") << u"keys cannot be empty"_qs;
        QTest::newRow("dollar") << QByteArray(R"({"$a":1})") << u"cannot start with"_qs;
        QTest::newRow("quote") << QByteArray("{\"a\\\"b\":1}") << u"double quote"_qs;
        QTest::newRow("dots") << QByteArray(R"({"a..b":1})") << u"is empty"_qs;
        QTest::newRow("long key") << QByteArray("{\"" + QByteArray(513, 'k') + "\":1}") << u"longer than 512"_qs;
        QTest::newRow("long") << QByteArray("{\"a\":\"" + QByteArray(2040, 'v') + "\"}") << u"less than 2048"_qs;
    }

    void refused()
    {
        QFETCH(QByteArray, filter);
        QFETCH(QString, why);
        const auto parsed = VectorFilter::parse(filter.toStdString());
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, std::string("vectorize.input"));
        QVERIFY2(parsed.error().message.find(why.toStdString()) != std::string::npos, parsed.error().message.c_str());
    }

    void longTextsAreCutAtCharacters()
    {
        const std::string text = std::string(63, 'a') + "\u00e9" + "tail";
        QCOMPARE(std::string(cutToIndexed(text)), std::string(63, 'a'));
        QCOMPARE(std::string(cutToIndexed(std::string(64, 'b'))), std::string(64, 'b'));
        QCOMPARE(std::string(cutToIndexed(std::string(80, 'b'))), std::string(64, 'b'));
    }
};

QTEST_APPLESS_MAIN(TestVectorFilter)
#include "t_vectorfilter.moc"
