// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/systemkeychain.h"
#include "core/session/secretstore.h"
#include "tests/core/secrets/keyring.h"

#include <QCoreApplication>
#include <QDir>
#include <QProcess>
#include <QTest>

#include <cstdio>
#include <filesystem>
#include <optional>

using namespace cleat;
using config::Scope;
using secrets::SecretText;
using session::SecretStore;
using State = SecretStore::State;
namespace fs = std::filesystem;

namespace {

constexpr int patience = 60'000;
const QByteArray value = "tr0ub4dor-and-a-horse";

QString done(const std::function<void(SecretStore::Done)> &call)
{
    std::optional<QString> code;
    call([&](const base::Result<void> &result) { code = result ? QString() : QString::fromStdString(result.error().code); });
    return QTest::qWaitFor([&] { return code.has_value(); }, patience) ? *code : QStringLiteral("no answer");
}

QByteArray shown(const SecretStore &store, Scope scope)
{
    QByteArrayList out;
    for (const auto &[name, secret] : store.values(scope))
        out << QByteArray::fromStdString(name + '=' + std::string(secret.reveal()));
    return out.join(' ');
}

/// Another process: waits until the store of the project is loaded, and prints what it has for Production.
int show(const char *project, const char *names)
{
    secrets::SystemKeychain keychain;
    const SecretStore store(keychain, project, names);
    if (!QTest::qWaitFor([&] { return store.state() != State::Loading; }, patience))
        return 3;
    std::puts(store.state() == State::Ready ? shown(store, Scope::Production).constData() : store.error().code.c_str());
    return 0;
}

} // namespace

/// The secrets of a project in a real gnome-keyring. In order: each function begins where the one before it ended.
class KeyringTest final : public QObject
{
    Q_OBJECT

    tests::Keyring m_keyring;
    secrets::SystemKeychain m_keychain;
    fs::path m_project;
    fs::path m_names;

    std::unique_ptr<SecretStore> ready()
    {
        auto store = std::make_unique<SecretStore>(m_keychain, m_project, m_names);
        return QTest::qWaitFor([&] { return store->state() != State::Loading; }, patience) ? std::move(store) : nullptr;
    }
    QByteArray inAnotherProcess() const
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--show"), QString::fromStdString(m_project.string()), QString::fromStdString(m_names.string())});
        process.waitForFinished(patience);
        return process.readAllStandardOutput().trimmed();
    }
    QString set(SecretStore &store, const char *name, const QByteArray &text, std::vector<Scope> scopes = {Scope::Production})
    {
        return done([&](auto answer) { store.set(scopes, {{name, SecretText(text.toStdString())}}, answer); });
    }

private Q_SLOTS:
    void initTestCase()
    {
        const QDir home(m_keyring.home());
        QVERIFY(home.mkpath(QStringLiteral("site")));
        m_project = home.filePath(QStringLiteral("site")).toStdString();
        m_names = home.filePath(QStringLiteral("data/cleat/secrets")).toStdString();
    }

    void noneRuns()
    {
        const auto store = ready();
        QCOMPARE(store->state(), State::Ready); // there are no secrets, so nobody asked
        QCOMPARE(set(*store, "A", value), QStringLiteral("secrets.unavailable"));
        QVERIFY(!fs::exists(m_names) || fs::is_empty(m_names));
        QVERIFY(m_keyring.startBus());
        QCOMPARE(set(*store, "A", value), QStringLiteral("secrets.unavailable"));
    }

    void setsReplacesRemoves()
    {
        QVERIFY(m_keyring.startDaemon());
        const auto store = ready();
        QCOMPARE(set(*store, "A", value, {Scope::Preview, Scope::Production}), QString());
        QCOMPARE(inAnotherProcess(), "A=" + value);
        QCOMPARE(set(*store, "B", "two"), QString());
        QCOMPARE(set(*store, "A", "another"), QString());
        QCOMPARE(inAnotherProcess(), QByteArray("A=another B=two"));
        QCOMPARE(shown(*store, Scope::Preview), "A=" + value);
        QCOMPARE(done([&](auto answer) { store->remove(Scope::Production, {"A"}, answer); }), QString());
        QCOMPARE(inAnotherProcess(), QByteArray("B=two"));
        QCOMPARE(set(*store, "A", value), QString());
    }

    void nowhereInTheClear()
    {
        QVERIFY(!tests::isInAnyProcess(value));
        QCOMPARE(tests::filesWith(m_keyring.home(), value), QStringList());
        QVERIFY(!tests::filesWith(m_keyring.home(), "\"production\"").isEmpty()); // the file of names, so the search does search
        QVERIFY(QDir(m_keyring.home()).exists(QStringLiteral("data/keyrings/login.keyring")));
    }

    void locked()
    {
        QVERIFY(m_keyring.lock());
        const auto store = ready();
        QCOMPARE(store->state(), State::Unavailable);
        QCOMPARE(QByteArray::fromStdString(store->error().code), QByteArray("secrets.locked"));
        QCOMPARE(store->names(Scope::Production), std::vector<std::string>({"A", "B"}));
        QCOMPARE(set(*store, "B", "three"), QStringLiteral("secrets.locked"));
        QCOMPARE(inAnotherProcess(), QByteArray("secrets.locked"));
    }

    void killed()
    {
        m_keyring.killDaemon();
        QVERIFY(m_keyring.startDaemon()); // unlocked again
        const auto store = ready();
        QCOMPARE(shown(*store, Scope::Production), "A=" + value + " B=two");
        std::optional<bool> good;
        store->set({Scope::Production}, {{"B", SecretText("three")}}, [&](const base::Result<void> &result) { good = result.has_value(); });
        m_keyring.freezeDaemon();
        QTest::qWait(50);
        m_keyring.killDaemon();
        QTRY_VERIFY_WITH_TIMEOUT(good.has_value(), patience);
        QVERIFY(!*good);
        QCOMPARE(shown(*store, Scope::Production), "A=" + value + " B=two");
        QCOMPARE(inAnotherProcess(), QByteArray("secrets.unavailable"));
        QVERIFY(m_keyring.startDaemon());
        QCOMPARE(inAnotherProcess(), "A=" + value + " B=two");
        QCOMPARE(set(*store, "B", "three"), QString());
        QCOMPARE(inAnotherProcess(), "A=" + value + " B=three");
    }
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 4 && QByteArray(argv[1]) == "--show")
        return show(argv[2], argv[3]);
    KeyringTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "t_keyring.moc"
