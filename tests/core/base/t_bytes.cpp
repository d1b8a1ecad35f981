// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"

#include <QTest>

#include <random>

using namespace cleat::base;

class BytesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hex()
    {
        QCOMPARE(toHex({}), std::string());
        QCOMPARE(toHex(asBytes(std::string_view("\x00\x0f\xa5\xff", 4))), std::string("000fa5ff"));
    }

    void views()
    {
        const std::string text("a\0\xff", 3);
        QCOMPARE(asBytes(text).size(), 3U);
        QCOMPARE(asText(asBytes(text)), std::string_view(text));
    }

    // RFC 4648, section 10.
    void base64_data()
    {
        QTest::addColumn<QByteArray>("plain");
        QTest::addColumn<QByteArray>("encoded");
        QTest::newRow("empty") << QByteArray("") << QByteArray("");
        QTest::newRow("f") << QByteArray("f") << QByteArray("Zg==");
        QTest::newRow("fo") << QByteArray("fo") << QByteArray("Zm8=");
        QTest::newRow("foo") << QByteArray("foo") << QByteArray("Zm9v");
        QTest::newRow("foob") << QByteArray("foob") << QByteArray("Zm9vYg==");
        QTest::newRow("fooba") << QByteArray("fooba") << QByteArray("Zm9vYmE=");
        QTest::newRow("foobar") << QByteArray("foobar") << QByteArray("Zm9vYmFy");
        QTest::newRow("last digits") << QByteArray("\xfb\xff\xbf") << QByteArray("+/+/");
    }
    void base64()
    {
        QFETCH(QByteArray, plain);
        QFETCH(QByteArray, encoded);
        const std::string text = plain.toStdString();
        const std::string digits = encoded.toStdString();
        QCOMPARE(toBase64(asBytes(text)), digits);
        QCOMPARE(fromBase64(digits).value_or("?"), text);
        QCOMPARE(fromBase64(digits.substr(0, digits.find('='))).value_or("?"), text);
    }

    void base64Refuses_data()
    {
        QTest::addColumn<QByteArray>("encoded");
        for (const char *text : {"Z", "Zm9vY", "Zm9*", "Zm 9v", "Zm9v\n", "Zg==Zg==", "-_-_", "\xc3\xa9\xc3\xa9"})
            QTest::newRow(text) << QByteArray(text);
    }
    void base64Refuses()
    {
        QFETCH(QByteArray, encoded);
        QVERIFY(!fromBase64(encoded.toStdString()));
    }

    void base64RoundTrip()
    {
        std::mt19937 random(20);
        for (std::size_t size = 0; size < 300; ++size) {
            std::string text(size, '\0');
            for (char &c : text)
                c = static_cast<char>(random());
            QCOMPARE(fromBase64(toBase64(asBytes(text))).value_or("?"), text);
        }
    }

    void utf8_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("good");
        QTest::newRow("empty") << QByteArray() << true;
        QTest::newRow("ascii with NUL") << QByteArray("a\0b", 3) << true;
        QTest::newRow("two") << QByteArray("\xc2\x80\xdf\xbf") << true;
        QTest::newRow("three") << QByteArray("\xe0\xa0\x80\xef\xbf\xbf") << true;
        QTest::newRow("below surrogates") << QByteArray("\xed\x9f\xbf") << true;
        QTest::newRow("above surrogates") << QByteArray("\xee\x80\x80") << true;
        QTest::newRow("four") << QByteArray("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf") << true;
        QTest::newRow("lone continuation") << QByteArray("a\x80") << false;
        QTest::newRow("overlong two") << QByteArray("\xc0\xaf") << false;
        QTest::newRow("overlong two, highest") << QByteArray("\xc1\xbf") << false;
        QTest::newRow("overlong three") << QByteArray("\xe0\x9f\xbf") << false;
        QTest::newRow("overlong four") << QByteArray("\xf0\x8f\xbf\xbf") << false;
        QTest::newRow("lowest surrogate") << QByteArray("\xed\xa0\x80") << false;
        QTest::newRow("highest surrogate") << QByteArray("\xed\xbf\xbf") << false;
        QTest::newRow("above U+10FFFF") << QByteArray("\xf4\x90\x80\x80") << false;
        QTest::newRow("five") << QByteArray("\xf8\x88\x80\x80\x80") << false;
        QTest::newRow("ff") << QByteArray("\xff") << false;
        QTest::newRow("cut two") << QByteArray("\xc3") << false;
        QTest::newRow("cut three") << QByteArray("\xe2\x82") << false;
        QTest::newRow("cut four") << QByteArray("\xf0\x9f\x98") << false;
        QTest::newRow("not continued") << QByteArray("\xe2\x82" "a") << false;
    }
    void utf8()
    {
        QFETCH(QByteArray, bytes);
        QTEST(isUtf8(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size()))), "good");
    }
};

QTEST_GUILESS_MAIN(BytesTest)
#include "t_bytes.moc"
