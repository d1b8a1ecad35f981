// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/websocket.h"

#include <QTest>

using namespace cleat::base;
using Event = WebSocketReader::Event;
using Kind = Event::Kind;
using State = WebSocketReader::State;

namespace {

constexpr std::size_t limit = 70'000;

/// A client's frame: first byte, payload, masked with a key that is not the same in every byte.
std::string frame(unsigned char first, const std::string &payload)
{
    const std::string mask = "\x11\xA2\x33\x07";
    std::string wire(1, static_cast<char>(first));
    if (payload.size() < 126) {
        wire += static_cast<char>(0x80 | payload.size());
    } else {
        const int bytes = payload.size() <= 0xFFFF ? 2 : 8;
        wire += static_cast<char>(bytes == 2 ? 0xFE : 0xFF);
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
            wire += static_cast<char>(payload.size() >> shift);
    }
    wire += mask;
    for (std::size_t i = 0; i < payload.size(); ++i)
        wire += static_cast<char>(payload[i] ^ mask[i & 3]);
    return wire;
}

/// What comes of the bytes, as one text; cut into pieces of that size.
QString outcome(const std::string &wire, std::size_t pieces)
{
    WebSocketReader reader(limit);
    std::vector<Event> events;
    for (std::size_t at = 0; at < wire.size(); at += pieces)
        reader.read(std::string_view(wire).substr(at, pieces), events);
    QString all;
    for (const Event &event : events) {
        const QString payload = event.payload.size() > 40 ? QStringLiteral("%1 bytes").arg(event.payload.size()) : QString::fromStdString(event.payload);
        switch (event.kind) {
        case Kind::Text:
            all += QStringLiteral("text(%1) ").arg(payload);
            break;
        case Kind::Binary:
            all += QStringLiteral("binary(%1) ").arg(payload);
            break;
        case Kind::Ping:
            all += QStringLiteral("ping(%1) ").arg(payload);
            break;
        case Kind::Pong:
            all += QStringLiteral("pong(%1) ").arg(payload);
            break;
        case Kind::Close:
            all += QStringLiteral("close(%1 %2) ").arg(event.code).arg(payload);
            break;
        }
    }
    if (reader.state() == State::Failed)
        all += QStringLiteral("failed(%1)").arg(reader.failureCode());
    return all.trimmed();
}

} // namespace

class WebSocketTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const std::string &wire, const QString &expected) {
            QTest::newRow(name) << QByteArray::fromStdString(wire) << expected;
        };
        using namespace Qt::StringLiterals;
        const std::string many(300, 'x');
        row("reserved bit 1", frame(0xC1, "a"), u"failed(1002)"_s);
        row("reserved bit 2", frame(0xA1, "a"), u"failed(1002)"_s);
        row("reserved bit 3", frame(0x91, "a"), u"failed(1002)"_s);
        row("binary", frame(0x82, "a"), u"failed(1003)"_s);
        row("opcode 3", frame(0x83, "a"), u"failed(1002)"_s);
        row("opcode 11", frame(0x8B, "a"), u"failed(1002)"_s);
        row("opcode 15", frame(0x8F, "a"), u"failed(1002)"_s);
        row("not masked", std::string("\x81\x01"
                                      "a"), u"failed(1002)"_s);
        row("continues nothing", frame(0x80, "a"), u"failed(1002)"_s);
        row("text within a message", frame(0x01, "a") + frame(0x81, "b"), u"failed(1002)"_s);
        row("ping in pieces", frame(0x09, "a"), u"failed(1002)"_s);
        row("ping of 126 bytes", frame(0x89, std::string(126, 'p')), u"failed(1002)"_s);
        row("length 125 in two bytes", std::string("\x81\xFE\x00\x7D", 4) + "mask", u"failed(1002)"_s);
        row("length 65535 in eight bytes", std::string("\x81\xFF\x00\x00\x00\x00\x00\x00\xFF\xFF", 10) + "mask", u"failed(1002)"_s);
        row("length with its highest bit", std::string("\x81\xFF\x80\x00\x00\x00\x00\x01\x00\x00", 10) + "mask", u"failed(1002)"_s);
        row("too large, by its length", std::string("\x81\xFF\x00\x00\x00\x00\x00\x01\x11\x71", 10) + "mask", u"failed(1009)"_s);
        row("too large together", frame(0x01, std::string(limit, 'x')) + frame(0x80, "y"), u"failed(1009)"_s);
        row("as large as may be", frame(0x01, std::string(limit - 1, 'x')) + frame(0x80, "y"), u"text(70000 bytes)"_s);
        row("no UTF-8", frame(0x81, "\xC3"), u"failed(1007)"_s);
        row("UTF-8 cut by a frame", frame(0x01, "\xC3") + frame(0x80, "\xA9"), QStringLiteral("text(\u00e9)"));
        row("empty", frame(0x81, ""), u"text()"_s);
        row("nothing, then nothing", frame(0x01, "") + frame(0x80, ""), u"text()"_s);
        row("two bytes of length", frame(0x81, many), u"text(300 bytes)"_s);
        row("eight bytes of length", frame(0x81, std::string(66'000, 'x')), u"text(66000 bytes)"_s);
        row("control frames within a message", frame(0x01, "ab") + frame(0x89, "?") + frame(0x00, "c") + frame(0x8A, "!") + frame(0x80, "d") + frame(0x81, "e"),
            u"ping(?) pong(!) text(abcd) text(e)"_s);
        row("close", frame(0x88, ""), u"close(1005 )"_s);
        row("close with code and reason", frame(0x88, "\x03\xE8" "done"), u"close(1000 done)"_s);
        row("close with a code of the program's own", frame(0x88, "\x0F\xA0"), u"close(4000 )"_s);
        row("close with one byte", frame(0x88, "\x03"), u"failed(1002)"_s);
        for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
            const std::string bytes{static_cast<char>(code >> 8), static_cast<char>(code)};
            row(("close with code " + std::to_string(code)).c_str(), frame(0x88, bytes), u"failed(1002)"_s);
        }
        row("close with a reason that is no UTF-8", frame(0x88, "\x03\xE8\xFF"), u"failed(1007)"_s);
        row("after a close", frame(0x88, "") + frame(0x81, "late"), u"close(1005 )"_s);
        row("after a failure", frame(0x82, "a") + frame(0x81, "late"), u"failed(1003)"_s);
        row("not complete", frame(0x81, "abc").substr(0, 7), QString());
    }
    void reads()
    {
        QFETCH(QByteArray, wire);
        QFETCH(QString, expected);
        const std::string bytes = wire.toStdString();
        for (const std::size_t pieces : {bytes.size(), std::size_t(1), std::size_t(2), std::size_t(7), std::size_t(1000)})
            QCOMPARE(outcome(bytes, pieces), expected);
    }

    void writes_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<QByteArray>("head");
        QTest::newRow("0") << 0 << QByteArray("\x81\x00", 2);
        QTest::newRow("125") << 125 << QByteArray("\x81\x7D", 2);
        QTest::newRow("126") << 126 << QByteArray("\x81\x7E\x00\x7E", 4);
        QTest::newRow("65535") << 65535 << QByteArray("\x81\x7E\xFF\xFF", 4);
        QTest::newRow("65536") << 65536 << QByteArray("\x81\x7F\x00\x00\x00\x00\x00\x01\x00\x00", 10);
    }
    void writes()
    {
        QFETCH(int, size);
        QFETCH(QByteArray, head);
        const std::string payload(static_cast<std::size_t>(size), 'z');
        std::string wire = "before";
        appendWebSocketFrame(wire, WebSocketOpcode::Text, payload);
        QCOMPARE(QByteArray::fromStdString(wire), "before" + head + QByteArray::fromStdString(payload));
    }

    void readsWhatAServerSends()
    {
        std::string wire;
        appendWebSocketFrame(wire, WebSocketOpcode::Text, "text");
        appendWebSocketFrame(wire, WebSocketOpcode::Binary, std::string(70'000, '\xFF'));
        for (const std::size_t pieces : {wire.size(), std::size_t(1), std::size_t(13)}) {
            WebSocketReader reader(100'000, WebSocketReader::Peer::Server, WebSocketReader::Content::TextAndBinary);
            std::vector<Event> events;
            for (std::size_t at = 0; at < wire.size(); at += pieces)
                reader.read(std::string_view(wire).substr(at, pieces), events);
            QCOMPARE(events.size(), 2U);
            QVERIFY((events[0] == Event{Kind::Text, "text", 0}));
            QVERIFY((events[1] == Event{Kind::Binary, std::string(70'000, '\xFF'), 0}));
        }
        WebSocketReader reader(100, WebSocketReader::Peer::Server, WebSocketReader::Content::TextAndBinary);
        std::vector<Event> events;
        QCOMPARE(reader.read(frame(0x81, "masked"), events), State::Failed);
        QCOMPARE(reader.failureCode(), 1002);
    }

    void masksWhatAClientSends()
    {
        for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 125U, 126U, 70'000U}) {
            const std::string payload(size, 'p');
            std::string wire;
            appendWebSocketFrame(wire, WebSocketOpcode::Binary, payload, WebSocketMask{1, 2, 3, 4});
            if (size > 8)
                QVERIFY(wire.find("pppp") == std::string::npos);
            for (const std::size_t pieces : {wire.size(), std::size_t(1), std::size_t(13)}) {
                WebSocketReader reader(100'000, WebSocketReader::Peer::Client, WebSocketReader::Content::TextAndBinary);
                std::vector<Event> events;
                for (std::size_t at = 0; at < wire.size(); at += pieces)
                    reader.read(std::string_view(wire).substr(at, pieces), events);
                QCOMPARE(events.size(), 1U);
                QVERIFY((events[0] == Event{Kind::Binary, payload, 0}));
            }
        }
    }

    void closeReasonsAreCutBetweenCharacters()
    {
        std::string wire;
        appendWebSocketClose(wire, 1001, "bye");
        QCOMPARE(QByteArray::fromStdString(wire), QByteArray("\x88\x05\x03\xE9"
                                                             "bye"));
        std::string reason(122, 'x');
        reason += "\u00e9"; // bytes 123 and 124
        wire.clear();
        appendWebSocketClose(wire, 1001, reason);
        QCOMPARE(wire.size(), 2U + 2U + 122U);
    }
};

QTEST_GUILESS_MAIN(WebSocketTest)
#include "t_websocket.moc"
