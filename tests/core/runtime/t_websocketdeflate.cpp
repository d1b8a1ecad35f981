// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/websockethandshake.h"

#include <QTest>

using namespace cleat::runtime;

namespace {

using Side = WebSocketDeflate::Side;
using Failure = WebSocketDeflate::Failure;

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
}

std::string numbers(int count)
{
    std::string all;
    for (int i = 0; i < count; ++i)
        all += std::to_string(i * 7919) + ' ';
    return all;
}

} // namespace

/// What is negotiated is what workerd 1.20261117.1 answers to the same; the data are RFC 7692's and zlib's own.
class WebSocketDeflateTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreements_data()
    {
        QTest::addColumn<QString>("offered");
        QTest::addColumn<QString>("own"); // of the code
        QTest::addColumn<QString>("agreed");
        const auto row = [](const char *offered, const char *agreed, const char *own = "") {
            QTest::newRow(qPrintable(QStringLiteral("%1 | %2").arg(QLatin1String(offered), QLatin1String(own)))) << QString::fromLatin1(offered) << QString::fromLatin1(own) << QString::fromLatin1(agreed);
        };
        row("", "");
        row("permessage-deflate", "permessage-deflate");
        row("permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits=15");
        row(" permessage-deflate ;  client_max_window_bits ", "permessage-deflate; client_max_window_bits=15");
        row("permessage-deflate; server_no_context_takeover", "permessage-deflate; server_no_context_takeover");
        row("permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=10");
        row("permessage-deflate; server_max_window_bits=09", "permessage-deflate; server_max_window_bits=9");
        row("permessage-deflate; client_max_window_bits=8", "permessage-deflate; client_max_window_bits=8");
        row("permessage-deflate;", "permessage-deflate");
        row("permessage-deflate; client_max_window_bits=\"10\"", "");
        row("permessage-deflate; client_max_window_bits=16", "");
        row("permessage-deflate; client_max_window_bits=", "");
        row("permessage-deflate; server_max_window_bits=7", "");
        row("permessage-deflate; server_max_window_bits", "");
        row("permessage-deflate; server_no_context_takeover=1", "");
        row("permessage-deflate; server_no_context_takeover; server_no_context_takeover", "");
        row("permessage-deflate; client_max_window_bits; client_max_window_bits=9", "");
        row("permessage-deflate; foo", "");
        row("PERMESSAGE-DEFLATE", "");
        row("x-webkit-deflate-frame", "");
        row("permessage-deflate; foo, permessage-deflate", "permessage-deflate");
        row("permessage-deflate; server_max_window_bits=7, permessage-deflate; client_no_context_takeover", "permessage-deflate; client_no_context_takeover");
        row("foo, permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=12; client_max_window_bits=11",
            "permessage-deflate; client_no_context_takeover; server_no_context_takeover; client_max_window_bits=11; server_max_window_bits=12");
        row("", "", "permessage-deflate");
        row("foo", "", "permessage-deflate");
        row("permessage-deflate", "", "foo");
        row("permessage-deflate", "permessage-deflate; server_no_context_takeover", "permessage-deflate;server_no_context_takeover");
        row("permessage-deflate", "permessage-deflate; server_max_window_bits=9", "permessage-deflate; server_max_window_bits=9");
    }
    void agreements()
    {
        QFETCH(QString, offered);
        QFETCH(QString, own);
        WebSocketFields request;
        if (!offered.isEmpty())
            request.emplace_back("sec-WebSocket-Extensions", offered.toStdString());
        WebSocketFields code;
        if (!own.isEmpty())
            code.emplace_back("sec-websocket-extensions", own.toStdString());
        const auto agreed = agreeOnDeflate(request, code);
        QTEST(agreed ? text(agreed->text()) : QString(), "agreed");
    }

    void offersOverSeveralFields()
    {
        const auto agreed = agreeOnDeflate({{"Sec-WebSocket-Extensions", "foo"}, {"Sec-WebSocket-Extensions", "permessage-deflate"}}, {});
        QVERIFY(agreed);
        QCOMPARE(text(deflateOffersText(deflateOffers("foo, permessage-deflate; client_max_window_bits, permessage-deflate"))),
            QStringLiteral("permessage-deflate; client_max_window_bits=15, permessage-deflate"));
        QVERIFY(!deflateAgreement("permessage-deflate, permessage-deflate"));
        QVERIFY(!deflateAgreement("permessage-deflate; client_max_window_bits"));
        QVERIFY(deflateAgreement("permessage-deflate; client_max_window_bits=9"));
    }

    /// RFC 7692 section 7.2.3.
    void knownData()
    {
        WebSocketDeflate server(Side::Server, {});
        const auto first = server.expand(std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7), 100);
        QCOMPARE(text(first.message), QStringLiteral("Hello"));
        QCOMPARE(text(server.expand(std::string("\xf2\x00\x11\x00\x00", 5), 100).message), QStringLiteral("Hello")); // with the first one's context
        WebSocketDeflate other(Side::Server, {});
        QCOMPARE(text(other.expand(std::string("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11), 100).message), QStringLiteral("Hello")); // stored
        QCOMPARE(text(other.expand(std::string("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8), 100).message), QStringLiteral("Hello")); // a last block, and a byte behind it
        QCOMPARE(text(other.expand(std::string("\xf3\x48\xcd\xc9\xc9\x07\x00", 7), 100).message), QStringLiteral("Hello")); // and nothing behind it
        QCOMPARE(text(other.expand(std::string("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13), 100).message), QStringLiteral("Hello")); // two blocks
        QCOMPARE(text(other.expand(std::string(1, '\0'), 100).message), QString());
        QCOMPARE(other.expand("\xff\xff\xff", 100).failure, Failure::Invalid);
    }

    void bothWays_data()
    {
        QTest::addColumn<QString>("agreed");
        for (const char *agreed : {"permessage-deflate", "permessage-deflate; client_no_context_takeover; server_no_context_takeover", "permessage-deflate; client_max_window_bits=9; server_max_window_bits=9",
                 "permessage-deflate; client_max_window_bits=8; server_max_window_bits=8; client_no_context_takeover"})
            QTest::newRow(agreed) << QString::fromLatin1(agreed);
    }
    void bothWays()
    {
        QFETCH(QString, agreed);
        const auto parameters = deflateAgreement(agreed.toStdString());
        QVERIFY(parameters);
        WebSocketDeflate server(Side::Server, *parameters);
        WebSocketDeflate client(Side::Client, *parameters);
        std::string noise;
        for (unsigned i = 0, x = 1; i < 200'000; ++i)
            noise += static_cast<char>((x = x * 1103515245 + 12345) >> 16);
        for (const std::string &message : {std::string("Hello"), std::string(), std::string(), std::string("Hello"), numbers(50'000), noise, std::string(3 << 20, 'a'), numbers(50'000)}) {
            const auto there = client.compress(message);
            QVERIFY(there && !there->empty());
            QVERIFY(server.expand(*there, 4 << 20).message == message);
            const auto back = server.compress(message);
            QVERIFY(back && !back->empty());
            QVERIFY(client.expand(*back, 4 << 20).message == message);
        }
        QVERIFY(client.compress(numbers(50'000))->size() < numbers(50'000).size());
    }

    void bombs()
    {
        WebSocketDeflate client(Side::Client, {});
        WebSocketDeflate server(Side::Server, {});
        const std::string exact(1000, 'x');
        QCOMPARE(server.expand(*client.compress(exact), 1000).failure, Failure::None);
        QCOMPARE(server.expand(*client.compress(exact + 'x'), 1000).failure, Failure::TooLarge);
        WebSocketDeflate bomber(Side::Client, {});
        WebSocketDeflate bombed(Side::Server, {});
        const auto bomb = bomber.compress(std::string(40 << 20, 'a'));
        QVERIFY(bomb->size() < 100'000);
        const auto expanded = bombed.expand(*bomb, 1 << 20);
        QCOMPARE(expanded.failure, Failure::TooLarge);
        QVERIFY(expanded.message.size() <= (1 << 20) + 1);
    }

    /// Whatever comes, it ends.
    void anything()
    {
        unsigned x = 42;
        for (int round = 0; round < 2000; ++round) {
            std::string bytes;
            const std::size_t size = (x = x * 1103515245 + 12345) >> 24;
            for (std::size_t i = 0; i < size; ++i)
                bytes += static_cast<char>((x = x * 1103515245 + 12345) >> 16);
            WebSocketDeflate server(Side::Server, {});
            const auto expanded = server.expand(bytes, 10'000);
            QVERIFY(expanded.message.size() <= 10'001);
        }
    }
};

QTEST_GUILESS_MAIN(WebSocketDeflateTest)
#include "t_websocketdeflate.moc"
