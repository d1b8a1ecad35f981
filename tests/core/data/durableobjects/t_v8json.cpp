// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/data/durableobjects/objectvalues.h"
#include "core/data/v8json.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;

class TestV8Json final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// The bytes are those of v8.serialize(JSON.parse(text)) in Node.js 22.
    void bytes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("hex");
        const auto row = [](const char *text, const char *hex) { QTest::newRow(text) << QByteArray(text) << QByteArray(hex); };
        row("null", "ff0f30");
        row("true", "ff0f54");
        row("false", "ff0f46");
        row("0", "ff0f4900");
        row("-1", "ff0f4901");
        row("5", "ff0f490a");
        row("5.0", "ff0f490a");
        row("-7", "ff0f490d");
        row("1073741823", "ff0f49feffffff07");
        row("-1073741824", "ff0f49ffffffff07");
        row("2147483648", "ff0f4e000000000000e041");
        row("1.5", "ff0f4e000000000000f83f");
        row("1e21", "ff0f4e50efe2d6e41a4b44");
        row("123456.789", "ff0f4ec976be9f0c24fe40");
        row("\"ascii\"", "ff0f22056173636969");
        row("\"\u00e9\"", "ff0f2201e9");
        row("\"日本😀\"", "ff0f6308e5652c673dd800de");
        row("\"\"", "ff0f2200");
        row("{}", "ff0f6f7b00");
        row("[]", "ff0f4100240000");
        row("{\"a\":1}", "ff0f6f22016149027b01");
        row("{\"b\":1,\"a\":[1,\"x\",null,{\"c\":false}]}", "ff0f6f220162490222016141044902220178306f220163467b012400047b02");
        row("{\"10\":1,\"z\":2,\"2\":3}", "ff0f6f490449064914490222017a49047b03");
        row("{\"ключ\":\"日\"}", "ff0f6f0063083a043b044e0447046302e5657b01");
        row("[\"日\"]", "ff0f41016302e565240001");
        row("{\"a\":\"日本\"}", "ff0f6f2201616304e5652c677b01");
    }
    void bytes()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, hex);
        const auto written = data::writeV8Json(text.toStdString());
        QVERIFY(written);
        QCOMPARE(QByteArray::fromStdString(base::toHex(base::asBytes(*written))), hex);
        const auto read = data::durableobjects::readStored(*written);
        QVERIFY(read.text && read.isJson);
        QCOMPARE(data::writeV8Json(*read.text).value(), *written);
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("open") << QByteArray("{\"a\":");
        QTest::newRow("JavaScript") << QByteArray("{a: 1}");
        QTest::newRow("two") << QByteArray("1 2");
        QTest::newRow("deep") << QByteArray(200, '[') + QByteArray(200, ']');
        QTest::newRow("very deep") << QByteArray(1'000'000, '[');
        QTest::newRow("no UTF-8") << QByteArray("\"\xff\"");
    }
    void refused()
    {
        QFETCH(QByteArray, text);
        QCOMPARE(codeOf(data::writeV8Json(text.toStdString())), QByteArray("data.json"));
    }
};

QTEST_GUILESS_MAIN(TestV8Json)
#include "t_v8json.moc"
