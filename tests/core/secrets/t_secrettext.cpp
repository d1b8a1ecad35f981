// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/secrettext.h"
#include "core/secrets/sessionbus.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstring>
#include <memory>
#include <new>
#include <sys/socket.h>
#include <sys/un.h>
#include <type_traits>
#include <unistd.h>

using namespace cleat;
using secrets::SecretText;

namespace {

const std::string shortText = "tiny-secret"; // lies inside of the string object
const std::string longText(100, 's');

/// The bytes of an object whose memory outlives it.
template <typename T>
struct Room {
    alignas(T) unsigned char bytes[sizeof(T)] = {};
    bool holds(const std::string &text) const { return std::string_view(reinterpret_cast<const char *>(bytes), sizeof bytes).find(text) != std::string_view::npos; }
};

} // namespace

class SecretTextTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void values()
    {
        QVERIFY(SecretText().empty());
        SecretText a(shortText);
        SecretText b = a;
        QCOMPARE(std::string(b.reveal()), shortText);
        SecretText c = std::move(a);
        QCOMPARE(std::string(c.reveal()), shortText);
        QVERIFY(a.empty());
        a = SecretText(longText);
        b = a;
        b = *&b;
        QCOMPARE(std::string(b.reveal()), longText);
        c = std::move(b);
        QCOMPARE(std::string(c.reveal()), longText);
        QVERIFY(b.empty());
        static_assert(!std::is_convertible_v<SecretText, std::string> && !std::is_convertible_v<std::string, SecretText>);
    }

    void wipesWhatEnds()
    {
        Room<SecretText> room;
        auto *text = new (room.bytes) SecretText(shortText);
        QVERIFY(room.holds(shortText));
        text->~SecretText();
        QVERIFY(!room.holds(shortText));
        QVERIFY(!room.holds(shortText.substr(1, 6)));
    }

    void wipesWhatMoved()
    {
        Room<SecretText> room;
        auto *text = new (room.bytes) SecretText(shortText);
        SecretText other = std::move(*text);
        QVERIFY(!room.holds(shortText.substr(1, 6)));
        *text = SecretText(shortText);
        QVERIFY(room.holds(shortText));
        other = std::move(*text);
        QVERIFY(!room.holds(shortText.substr(1, 6)));
        *text = SecretText(shortText);
        *text = SecretText();
        QVERIFY(!room.holds(shortText.substr(1, 6)));
        text->~SecretText();
    }

    void wipesUnusedCapacity()
    {
        std::string text = longText;
        text.resize(3);
        const char *bytes = text.data();
        secrets::wipe(text);
        QVERIFY(text.empty());
        for (std::size_t i = 0; i < 50; ++i)
            QCOMPARE(bytes[i], '\0');
    }

    void sessionBus()
    {
        QTemporaryDir folder;
        const QByteArray path = folder.filePath(QStringLiteral("bus")).toLocal8Bit();
        const auto code = [] {
            const auto address = secrets::sessionBusAddress();
            return address ? QByteArray() : QByteArray::fromStdString(address.error().code);
        };
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        qunsetenv("XDG_RUNTIME_DIR");
        QCOMPARE(code(), QByteArray("secrets.unavailable"));
        qputenv("XDG_RUNTIME_DIR", folder.path().toLocal8Bit());
        QCOMPARE(code(), QByteArray("secrets.unavailable"));
        QVERIFY(secrets::sessionBusAddress().error().message.find("No such file") != std::string::npos);

        const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        QVERIFY(std::size_t(path.size()) < sizeof address.sun_path);
        std::memcpy(address.sun_path, path.constData(), std::size_t(path.size()));
        QCOMPARE(::bind(listener, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
        QCOMPARE(code(), QByteArray("secrets.unavailable")); // the socket is left over: nobody listens
        QCOMPARE(::listen(listener, 5), 0);
        QCOMPARE(QByteArray::fromStdString(*secrets::sessionBusAddress()), "unix:path=" + path);

        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
        QCOMPARE(code(), QByteArray("secrets.unavailable"));
        for (const char *never : {"autolaunch:", "disabled:", "nonsense", "unix:path=", "unix:path=/nowhere;autolaunch:"}) {
            qputenv("DBUS_SESSION_BUS_ADDRESS", never);
            QCOMPARE(code(), QByteArray("secrets.unavailable"));
        }
        QByteArray escaped = path;
        escaped.replace("bus", "b%75s");
        for (const QByteArray &good : {"unix:path=" + path + ",guid=00", "unix:guid=00,path=" + escaped, "unix:path=/nowhere;unix:path=" + path, QByteArray("unix:runtime=yes"),
                 QByteArray("tcp:host=localhost,port=1")}) {
            qputenv("DBUS_SESSION_BUS_ADDRESS", good);
            QCOMPARE(code(), QByteArray());
        }
        ::close(listener);
    }
};

QTEST_GUILESS_MAIN(SecretTextTest)
#include "t_secrettext.moc"
