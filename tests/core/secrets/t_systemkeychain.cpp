// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/systemkeychain.h"
#include "tests/core/secrets/keyring.h"

#include <QElapsedTimer>
#include <QTest>

#include <optional>

using namespace cleat;
using secrets::SecretText;
using secrets::SystemKeychain;

namespace {

constexpr int patience = 60'000;
const std::string key = "/home/someone/site (production)";

template <typename T>
struct Asked {
    std::optional<T> answer;
    bool wait() { return QTest::qWaitFor([this] { return answer.has_value(); }, patience); }
};

/// "nothing", "code", or the value between bars.
QByteArray read(SystemKeychain &keychain, const std::string &name = key)
{
    Asked<base::Result<std::optional<SecretText>>> asked;
    keychain.read(name, [&](auto result) { asked.answer = std::move(result); });
    if (asked.answer || !asked.wait())
        return "no answer, or too early";
    if (!*asked.answer)
        return QByteArray::fromStdString(asked.answer->error().code);
    const auto &value = **asked.answer;
    return value ? '|' + QByteArray::fromStdString(std::string(value->reveal())) + '|' : QByteArray("nothing");
}

/// Empty, or the code.
QByteArray done(const std::function<void(secrets::Keychain::Done)> &call)
{
    Asked<base::Result<void>> asked;
    call([&](base::Result<void> result) { asked.answer = std::move(result); });
    if (asked.answer || !asked.wait())
        return "no answer, or too early";
    return *asked.answer ? QByteArray() : QByteArray::fromStdString(asked.answer->error().code);
}

QByteArray write(SystemKeychain &keychain, const std::string &value, const std::string &name = key)
{
    return done([&](auto answer) { keychain.write(name, SecretText(value), answer); });
}

QByteArray remove(SystemKeychain &keychain, const std::string &name = key)
{
    return done([&](auto answer) { keychain.remove(name, answer); });
}

} // namespace

/// Against a real gnome-keyring. In order: each function begins where the one before it ended.
class SystemKeychainTest final : public QObject
{
    Q_OBJECT

    tests::Keyring m_keyring;
    SystemKeychain m_keychain;

private Q_SLOTS:
    void noBus()
    {
        QElapsedTimer clock;
        clock.start();
        QCOMPARE(read(m_keychain), QByteArray("secrets.unavailable"));
        QCOMPARE(write(m_keychain, "x"), QByteArray("secrets.unavailable"));
        QCOMPARE(remove(m_keychain), QByteArray("secrets.unavailable"));
        QVERIFY(clock.elapsed() < 2000);
    }

    void noKeychain()
    {
        QVERIFY(m_keyring.startBus());
        QElapsedTimer clock;
        clock.start();
        std::optional<base::Error> error;
        m_keychain.read(key, [&](auto result) { error = result.error(); });
        QTRY_VERIFY_WITH_TIMEOUT(error.has_value(), patience);
        QCOMPARE(error->code, std::string("secrets.unavailable"));
        QVERIFY(error->message.find("Install gnome-keyring") != std::string::npos);
        QCOMPARE(write(m_keychain, "x"), QByteArray("secrets.unavailable"));
        QVERIFY(clock.elapsed() < 2000);
    }

    void keychainThatDoesNotStart()
    {
        m_keyring.killBus();
        QVERIFY(m_keyring.startBus("[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/false\n"));
        QCOMPARE(read(m_keychain), QByteArray("secrets.unavailable"));
        m_keyring.killBus();
        QVERIFY(m_keyring.startBus());
    }

    void writesAndReads()
    {
        QVERIFY(m_keyring.startDaemon());
        QCOMPARE(read(m_keychain), QByteArray("nothing"));
        QCOMPARE(write(m_keychain, "one \"two\"\n\xc3\xa9\xf0\x9f\x94\x91"), QByteArray());
        QCOMPARE(read(m_keychain), QByteArray("|one \"two\"\n\xc3\xa9\xf0\x9f\x94\x91|"));
        QCOMPARE(read(m_keychain, "other"), QByteArray("nothing"));
        QCOMPARE(write(m_keychain, "three"), QByteArray());
        SystemKeychain another;
        QCOMPARE(read(another), QByteArray("|three|"));
        SystemKeychain elsewhere("dev.cleat.Test");
        QCOMPARE(read(elsewhere), QByteArray("nothing"));
    }

    void large()
    {
        const std::string value(300'000, 'x');
        QCOMPARE(write(m_keychain, value, "large"), QByteArray());
        QCOMPARE(read(m_keychain, "large").size(), qsizetype(value.size() + 2));
    }

    void refusesWhatItWouldCut()
    {
        QCOMPARE(write(m_keychain, std::string("a\0b", 3)), QByteArray("secrets.failed"));
        QCOMPARE(write(m_keychain, "\xff"), QByteArray("secrets.failed"));
        QCOMPARE(read(m_keychain), QByteArray("|three|"));
    }

    void removes()
    {
        QCOMPARE(write(m_keychain, "x", "other"), QByteArray());
        QCOMPARE(remove(m_keychain, "other"), QByteArray());
        QCOMPARE(read(m_keychain, "other"), QByteArray("nothing"));
        QCOMPARE(remove(m_keychain, "other"), QByteArray());
        QCOMPARE(read(m_keychain), QByteArray("|three|"));
    }

    void manyAtOnce()
    {
        int answers = 0;
        for (int i = 0; i < 20; ++i)
            m_keychain.write("many " + std::to_string(i), SecretText(std::to_string(i)), [&](const base::Result<void> &result) { answers += result ? 1 : 0; });
        QTRY_COMPARE_WITH_TIMEOUT(answers, 20, patience);
        QCOMPARE(read(m_keychain, "many 17"), QByteArray("|17|"));
    }

    void notAnsweredOnceItIsGone()
    {
        bool answered = false;
        {
            SystemKeychain brief;
            brief.read(key, [&](const auto &) { answered = true; });
            QTest::qWait(5);
            brief.write("brief", SecretText("x"), [&](const auto &) { answered = true; });
        }
        QCOMPARE(read(m_keychain), QByteArray("|three|"));
        QVERIFY(!answered);
    }

    void locked()
    {
        QVERIFY(m_keyring.lock());
        QCOMPARE(read(m_keychain), QByteArray("secrets.locked"));
        QCOMPARE(write(m_keychain, "four"), QByteArray("secrets.locked"));
        QCOMPARE(write(m_keychain, "four", "new"), QByteArray("secrets.locked"));
        QCOMPARE(remove(m_keychain), QByteArray("secrets.locked"));
        QCOMPARE(read(m_keychain, "never written"), QByteArray("nothing"));
    }

    void killedBetween()
    {
        m_keyring.killDaemon();
        QCOMPARE(read(m_keychain), QByteArray("secrets.unavailable"));
        QVERIFY(m_keyring.startDaemon());
        QCOMPARE(read(m_keychain), QByteArray("|three|"));
    }

    void killedInTheMiddle()
    {
        std::optional<std::string> code;
        m_keychain.write(key, SecretText("five"), [&](const base::Result<void> &result) { code = result ? "" : result.error().code; });
        QTest::qWait(1);
        m_keyring.freezeDaemon();
        QTest::qWait(50);
        m_keyring.killDaemon();
        QTRY_VERIFY_WITH_TIMEOUT(code.has_value(), patience);
        QVERIFY2(code->empty() || *code == "secrets.unavailable", code->c_str());
        QVERIFY(m_keyring.startDaemon());
        QCOMPARE(read(m_keychain), code->empty() ? QByteArray("|five|") : QByteArray("|three|"));
    }

    void frozen()
    {
        m_keyring.freezeDaemon();
        QCOMPARE(read(m_keychain), QByteArray("secrets.unavailable"));
        m_keyring.killDaemon();
        QVERIFY(m_keyring.startDaemon());
    }

    /// GLib would end the process with the bus.
    void busGoesAway()
    {
        QVERIFY(!read(m_keychain).isEmpty());
        m_keyring.killBus();
        m_keyring.killDaemon();
        QTest::qWait(100);
        QCOMPARE(read(m_keychain), QByteArray("secrets.unavailable"));
        QVERIFY(m_keyring.startBus());
        QVERIFY(m_keyring.startDaemon());
        QCOMPARE(read(m_keychain), QByteArray("secrets.unavailable")); // GLib keeps to its first bus
    }
};

QTEST_GUILESS_MAIN(SystemKeychainTest)
#include "t_systemkeychain.moc"
