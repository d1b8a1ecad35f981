// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"
#include "core/data/v8value.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace cleat;

namespace {

std::string bytesOf(const QByteArray &hex)
{
    return QByteArray::fromHex(hex).toStdString();
}

/// Without its line breaks.
QString flat(const std::string &text)
{
    QString out;
    for (const QString &line : QString::fromStdString(text).split(u'\n'))
        out += line.startsWith(u' ') ? line.trimmed() : line;
    return out;
}

} // namespace

class TestV8Value final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// Written by v8.Serializer of Node.js 22 (format 15).
    void reads_data()
    {
        QTest::addColumn<QByteArray>("hex");
        QTest::addColumn<QString>("text");
        QTest::newRow("undef") << QByteArray("ff0f5f") << QStringLiteral("undefined");
        QTest::newRow("num") << QByteArray("ff0f4e0000000000000080") << QStringLiteral("-0");
        QTest::newRow("nan") << QByteArray("ff0f4e000000000000f87f") << QStringLiteral("NaN");
        QTest::newRow("big") << QByteArray("ff0f5a20d20a3f4eeee073c3f60fe98e01000000") << QStringLiteral("123456789012345678901234567890n");
        QTest::newRow("neg") << QByteArray("ff0f5a110500000000000000") << QStringLiteral("-5n");
        QTest::newRow("zero") << QByteArray("ff0f5a00") << QStringLiteral("0n");
        QTest::newRow("date") << QByteArray("ff0f440000000000000000") << QStringLiteral("new Date(\"1970-01-01T00:00:00.000Z\")");
        QTest::newRow("olddate") << QByteArray("ff0f440000c65ae348ccc2") << QStringLiteral("new Date(\"-000001-01-01T00:00:00.000Z\")");
        QTest::newRow("map") << QByteArray("ff0f3b22016149026f22016b49047b012749022201322c023a04") << QStringLiteral("new Map([[\"a\", 1],[{\"k\": 2}, new Set([1,\"2\"])]])");
        QTest::newRow("re") << QByteArray("ff0f522203612b6213") << QStringLiteral("/a+b/giu");
        QTest::newRow("cyc") << QByteArray("ff0f6f22046e616d65220178220473656c665e007b02") << QStringLiteral("{\"name\": \"x\",\"self\": /* object 1 again */}");
        QTest::newRow("holes") << QByteArray("ff0f61034900490249044906400203") << QStringLiteral("/* array of 3, with holes */ {\"0\": 1,\"2\": 3}");
        QTest::newRow("arr") << QByteArray("ff0f41024902490422056578747261220170240102") << QStringLiteral("[1,2] /* and */ {\"extra\": \"p\"}");
        QTest::newRow("err") << QByteArray("ff0f72546d220b62616420227468696e6722732201732e") << QStringLiteral("new TypeError(\"bad \\\"thing\\\"\")");
        QTest::newRow("u8") << QByteArray("ff0f42030102ff5642000300") << QStringLiteral("Uint8Array { 3 bytes: 0102ff }");
        QTest::newRow("dv") << QByteArray("ff0f42020000563f000200") << QStringLiteral("DataView { 2 bytes: 0000 }");
        QTest::newRow("boxed") << QByteArray("ff0f4103796e000000000000144073220173240003") << QStringLiteral("[new Boolean(true),new Number(5),new String(\"s\")]");
        QTest::newRow("str") << QByteArray("ff0f2205706c61696e") << QStringLiteral("\"plain\"");
        QTest::newRow("emptyo") << QByteArray("ff0f6f7b00") << QStringLiteral("{}");
        QTest::newRow("emptya") << QByteArray("ff0f4100240000") << QStringLiteral("[]");
        QTest::newRow("u") << QByteArray("ff0f4e0000000065cded41") << QStringLiteral("4000000000");
        QTest::newRow("bad") << QByteArray("ff0f2204010a225c") << QStringLiteral("\"\\u0001\\n\\\"\\\\\"");
        QTest::newRow("lone") << QByteArray("ff0f630400d87800") << QStringLiteral("\"�x\"");
        QTest::newRow("a view of format 13") << QByteArray("ff0d42040001020356420102") << QStringLiteral("Uint8Array { 2 bytes: 0102 }");
    }
    void reads()
    {
        QFETCH(const QByteArray, hex);
        QFETCH(const QString, text);
        const auto read = data::readV8Value(bytesOf(hex));
        QCOMPARE(read ? flat(*read) : QString(), text);
    }

    void jsonStaysJson()
    {
        const auto read = data::readV8Value(bytesOf("ff0f6f2201614902220162220474657874220163410354463024000322016449092201654e000000000000f83f22016e6f2201782201e9220179630ae5652c6720003dd800de7b027b06"));
        QVERIFY(read);
        QCOMPARE(QString::fromStdString(base::Json::parse(*read).dump()), QStringLiteral("{\"a\":1,\"b\":\"text\",\"c\":[true,false,null],\"d\":-5,\"e\":1.5,\"n\":{\"x\":\"é\",\"y\":\"日本 😀\"}}"));
    }

    /// Whatever the bytes are, it ends, and touches nothing beside them.
    void malformed()
    {
        const std::string whole = bytesOf("ff0f3b22016149026f22016b49047b012749022201322c023a04");
        for (std::size_t size = 0; size < whole.size(); ++size)
            QVERIFY(!data::readV8Value(whole.substr(0, size)));
        for (std::size_t place = 0; place < whole.size(); ++place) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string other = whole;
                other[place] = static_cast<char>(byte);
                const auto read = data::readV8Value(other);
                Q_UNUSED(read);
            }
        }
        QVERIFY(!data::readV8Value({}));
        QVERIFY(!data::readV8Value("text"));
        QVERIFY(!data::readV8Value(bytesOf("ff0f5c01"))); // an object of the host's
        QVERIFY(!data::readV8Value(bytesOf("ff1a5f"))); // a format of the future
        QVERIFY(!data::readV8Value(bytesOf("ff0f41ffffffff0f"))); // longer than it can be
        std::string deep = bytesOf("ff0f");
        for (int i = 0; i < 100'000; ++i)
            deep += bytesOf("4101");
        QVERIFY(!data::readV8Value(deep));
    }
};

QTEST_MAIN(TestV8Value)
#include "t_v8value.moc"
