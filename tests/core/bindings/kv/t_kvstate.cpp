// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/bindings/kv/kvfixture.h"

#include <QFile>
#include <QProcess>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace cleat;
using namespace cleat::bindings::kv;
using namespace std::chrono_literals;

/// What can go wrong with the files under a namespace.
class KvStateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<KvFixture>(); }
    void lockedForWriting();
    void lockedAltogether();
    void notADatabase();
    void fileInTheWay();
    void blobFolderInTheWay();
    void failedWriteLeavesNothing();
    void deniedFolder();
    void deletedWhileOpen();
    void replacedWhileOpen();
    void idWithALeadingDot_data();
    void idWithALeadingDot();
    void survivesSigkill();

private:
    std::unique_ptr<KvFixture> m_fixture;
};

using F = KvFixture;

namespace {
std::string numbered(int i)
{
    return std::string("k").append(std::to_string(i));
}
} // namespace

void KvStateTest::lockedForWriting()
{
    KvNamespace kv(m_fixture->state(), "ns", 50ms);
    QCOMPARE(F::put(kv, "k", "v"), QByteArray("OK"));
    Foreign foreign(kv.file());
    QCOMPARE(foreign.run("BEGIN IMMEDIATE"), QByteArray());
    const QByteArray locked = "failed: 500 The state file " + QByteArray::fromStdString(kv.file().string())
        + " is locked: another program has held it for more than 50 ms. Close that program, or let it finish, and try again.";
    QCOMPARE(F::put(kv, "k", "new"), "kv.storage: KV PUT " + locked);
    QCOMPARE(F::remove(kv, "k"), "kv.storage: KV DELETE " + locked);
    QCOMPARE(F::get(kv, "k"), QByteArray("v"));
    QCOMPARE(F::list(kv), QByteArray("k,"));
    QCOMPARE(m_fixture->blobNames().size(), 1); // the value that could not be stored is not left behind
    foreign.run("COMMIT");
    QCOMPARE(F::put(kv, "k", "new"), QByteArray("OK"));
    QCOMPARE(F::get(kv, "k"), QByteArray("new"));
}

void KvStateTest::lockedAltogether()
{
    KvNamespace kv(m_fixture->state(), "ns", 50ms);
    {
        KvNamespace writer(m_fixture->state(), "ns");
        QCOMPARE(F::put(writer, "k", "v"), QByteArray("OK"));
    }
    {
        Foreign foreign(kv.file());
        foreign.run("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE _mf_entries SET metadata = NULL; COMMIT");
        QVERIFY2(F::get(kv, "k").startsWith("kv.storage: KV GET failed: 500 The state file " + QByteArray::fromStdString(kv.file().string()) + " is locked:"),
            F::get(kv, "k").constData());
        QVERIFY(F::list(kv).startsWith("kv.storage: KV GET failed: 500 "));
    }
    QCOMPARE(F::get(kv, "k"), QByteArray("v"));
}

void KvStateTest::notADatabase()
{
    KvNamespace kv(m_fixture->state(), "ns");
    std::filesystem::create_directories(kv.file().parent_path());
    QFile raw(QString::fromStdString(kv.file().string()));
    QVERIFY(raw.open(QIODevice::WriteOnly) && raw.write("precious text") == 13);
    raw.close();
    const QByteArray text = " failed: 500 The state file " + QByteArray::fromStdString(kv.file().string())
        + " is not a SQLite database, so Cleat will not touch it. Move it out of the way, or put a good copy in its place; without it the next write starts an "
          "empty one.";
    QCOMPARE(F::get(kv, "k"), "kv.storage: KV GET" + text);
    QCOMPARE(F::put(kv, "k", "v"), "kv.storage: KV PUT" + text);
    QCOMPARE(F::remove(kv, "k"), "kv.storage: KV DELETE" + text);
    QCOMPARE(F::list(kv), "kv.storage: KV GET" + text);
    QVERIFY(raw.open(QIODevice::ReadOnly));
    QCOMPARE(raw.readAll(), QByteArray("precious text"));
    QVERIFY(m_fixture->blobNames().isEmpty());
    // What the message advises works without a restart.
    QVERIFY(raw.remove());
    QCOMPARE(F::put(kv, "k", "v"), QByteArray("OK"));
    QCOMPARE(F::get(kv, "k"), QByteArray("v"));
}

void KvStateTest::fileInTheWay()
{
    QFile raw(m_fixture->statePath());
    QVERIFY(raw.open(QIODevice::WriteOnly));
    KvNamespace kv(m_fixture->state(), "ns");
    for (const QByteArray &outcome : {F::put(kv, "k", "v"), F::get(kv, "k"), F::list(kv), F::remove(kv, "k")}) {
        QVERIFY2(outcome.startsWith("kv.storage: KV "), outcome.constData());
        QVERIFY2(outcome.contains(m_fixture->statePath().toUtf8()) && outcome.contains("A file stands where a folder is needed"), outcome.constData());
    }
}

void KvStateTest::blobFolderInTheWay()
{
    KvNamespace kv(m_fixture->state(), "ns");
    QVERIFY(QDir().mkpath(m_fixture->statePath() + QStringLiteral("/v3/kv")));
    QFile raw(m_fixture->statePath() + QStringLiteral("/v3/kv/ns"));
    QVERIFY(raw.open(QIODevice::WriteOnly));
    const QByteArray outcome = F::put(kv, "k", "v");
    QVERIFY2(outcome.startsWith("kv.storage: KV PUT failed: 500 Could not "), outcome.constData());
    QVERIFY2(outcome.contains(raw.fileName().toUtf8()), outcome.constData());
    QCOMPARE(F::get(kv, "k"), QByteArray("(none)"));
}

void KvStateTest::failedWriteLeavesNothing()
{
    // A trigger that refuses stands for anything that can go wrong inside of the transaction.
    KvNamespace kv(m_fixture->state(), "ns");
    QCOMPARE(F::put(kv, "k", "old"), QByteArray("OK"));
    Foreign(kv.file()).run("CREATE TRIGGER no BEFORE INSERT ON _mf_entries BEGIN SELECT RAISE(ABORT, 'refused'); END");
    const QByteArray outcome = F::put(kv, "k", "new");
    QVERIFY2(outcome.startsWith("kv.storage: KV PUT failed: 500 ") && outcome.contains("refused"), outcome.constData());
    QCOMPARE(F::get(kv, "k"), QByteArray("old"));
    QCOMPARE(m_fixture->blobNames().size(), 1);
}

/// Permissions do not bind root, so this runs as somebody else when it is root who tests.
void KvStateTest::deniedFolder()
{
    KvNamespace made(m_fixture->state(), "ns");
    QCOMPARE(F::put(made, "k", "v"), QByteArray("OK"));
    QVERIFY(QFile::setPermissions(QFileInfo(m_fixture->statePath()).path(), QFile::Permissions(0x7755)));
    const QString kvFolder = m_fixture->statePath() + QStringLiteral("/v3/kv");
    const auto closed = QFile::ReadOwner | QFile::ExeOwner | QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther;
    QVERIFY(m_fixture->blobs().mkpath(QStringLiteral(".")));
    QVERIFY(QFile::setPermissions(m_fixture->blobs().path(), closed));
    QVERIFY(QFile::setPermissions(kvFolder, closed));
    QVERIFY(QFile::setPermissions(QString::fromStdString(made.file().parent_path().string()), closed));

    int pipe[2];
    QCOMPARE(::pipe(pipe), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0))
            ::_exit(2);
        KvNamespace fresh(m_fixture->state(), "another");
        KvNamespace kv(m_fixture->state(), "ns", 50ms);
        const QByteArray report = F::put(fresh, "k", "v") + '\n' + F::get(fresh, "k") + '\n' + F::put(kv, "k", "v") + '\n';
        ::_exit(::write(pipe[1], report.constData(), static_cast<std::size_t>(report.size())) == report.size() ? 0 : 3);
    }
    ::close(pipe[1]);
    QByteArray report;
    char buffer[4096];
    for (ssize_t n; (n = ::read(pipe[0], buffer, sizeof buffer)) > 0;)
        report.append(buffer, n);
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    const auto open = closed | QFile::WriteOwner;
    for (const QString &folder : {kvFolder, m_fixture->blobs().path(), QString::fromStdString(made.file().parent_path().string())})
        QFile::setPermissions(folder, open);
    QCOMPARE(status, 0);
    const QList<QByteArray> lines = report.split('\n');
    QCOMPARE(lines.size(), 4);
    QVERIFY2(lines[0].startsWith("kv.storage: KV PUT failed: 500 Could not ") && lines[0].contains("Permission denied. Check the permissions"),
        lines[0].constData());
    QCOMPARE(lines[1], QByteArray("(none)"));
    QVERIFY2(lines[2].startsWith("kv.storage: KV PUT failed: 500 Could not ") && lines[2].contains("Permission denied. Check the permissions"),
        lines[2].constData());
}

void KvStateTest::deletedWhileOpen()
{
    KvNamespace kv(m_fixture->state(), "ns");
    KvNamespace idle(m_fixture->state(), "ns");
    QCOMPARE(F::put(kv, "k", "v"), QByteArray("OK"));
    QCOMPARE(F::get(idle, "k"), QByteArray("v"));
    QVERIFY(QDir(m_fixture->statePath()).removeRecursively());
    QTRY_COMPARE_WITH_TIMEOUT(F::get(kv, "k"), QByteArray("(none)"), 1000);
    QCOMPARE(F::list(kv), QByteArray());
    QVERIFY(!std::filesystem::exists(m_fixture->state()));
    // A write notices at once.
    QCOMPARE(F::put(kv, "k", "v"), QByteArray("OK"));
    QVERIFY(QDir(m_fixture->statePath()).removeRecursively());
    QCOMPARE(F::put(kv, "k2", "v2"), QByteArray("OK"));
    QCOMPARE(F::list(kv), QByteArray("k2,"));
    QVERIFY(std::filesystem::exists(kv.file()));
    QTRY_COMPARE_WITH_TIMEOUT(F::get(idle, "k2"), QByteArray("v2"), 1000);
    QCOMPARE(F::get(idle, "k"), QByteArray("(none)"));
}

void KvStateTest::replacedWhileOpen()
{
    KvNamespace kv(m_fixture->state(), "ns");
    QCOMPARE(F::put(kv, "k", "old"), QByteArray("OK"));
    QVERIFY(QDir().rename(m_fixture->statePath(), m_fixture->statePath() + QStringLiteral(".backup")));
    {
        KvNamespace other(m_fixture->state(), "ns");
        QCOMPARE(F::put(other, "k", "new"), QByteArray("OK"));
    }
    QTRY_COMPARE_WITH_TIMEOUT(F::get(kv, "k"), QByteArray("new"), 1000);
    KvNamespace backup(m_fixture->state().string() + ".backup", "ns");
    QCOMPARE(F::get(backup, "k"), QByteArray("old"));
    // A removal must not hit the file that was moved away.
    QVERIFY(QDir().rename(m_fixture->statePath(), m_fixture->statePath() + QStringLiteral(".second")));
    QCOMPARE(F::remove(kv, "k"), QByteArray("OK"));
    KvNamespace second(m_fixture->state().string() + ".second", "ns");
    QCOMPARE(F::get(second, "k"), QByteArray("new"));
}

void KvStateTest::idWithALeadingDot_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QByteArray>("expected");
    const QByteArray advice = " Give it another id in the Wrangler file.";
    QTest::newRow("hidden") << QByteArray(".foo")
                            << "The KV namespace id \".foo\" begins with a dot, and wrangler loses the values of such a namespace." + advice;
    QTest::newRow("none") << QByteArray("") << "The KV namespace has no id." + advice;
    QTest::newRow("only dots are stored as underscores") << QByteArray("..") << QByteArray();
}

void KvStateTest::idWithALeadingDot()
{
    QFETCH(QByteArray, id);
    QFETCH(QByteArray, expected);
    KvNamespace kv(m_fixture->state(), id.toStdString());
    if (expected.isEmpty()) {
        QCOMPARE(F::put(kv, "k", "v"), QByteArray("OK"));
        QCOMPARE(F::get(kv, "k"), QByteArray("v"));
        return;
    }
    QCOMPARE(F::put(kv, "k", "v"), "kv.storage: KV PUT failed: 500 " + expected);
    QCOMPARE(F::get(kv, "k"), "kv.storage: KV GET failed: 500 " + expected);
    QCOMPARE(F::list(kv), "kv.storage: KV GET failed: 500 " + expected);
    QCOMPARE(F::remove(kv, "k"), "kv.storage: KV DELETE failed: 500 " + expected);
    QVERIFY(!std::filesystem::exists(m_fixture->state()));
}

/// A child writes and reports each write that was acknowledged; it is killed in the middle. Everything that it reported must be there.
void KvStateTest::survivesSigkill()
{
    int pipe[2];
    QCOMPARE(::pipe(pipe), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        KvNamespace kv(m_fixture->state(), "ns");
        for (int i = 0;; ++i) {
            if (F::put(kv, numbered(i), std::to_string(i)) != "OK" || ::write(pipe[1], &i, sizeof i) != sizeof i)
                ::_exit(1);
        }
    }
    ::close(pipe[1]);
    int last = -1;
    for (int i = 0; i < 300; ++i)
        QCOMPARE(::read(pipe[0], &last, sizeof last), ssize_t(sizeof last));
    ::kill(child, SIGKILL);
    while (::read(pipe[0], &last, sizeof last) == ssize_t(sizeof last)) {}
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    QVERIFY(WIFSIGNALED(status));
    KvNamespace kv(m_fixture->state(), "ns");
    for (int i = 0; i <= last; ++i)
        QCOMPARE(F::get(kv, numbered(i)), QByteArray::number(i));
}

QTEST_GUILESS_MAIN(KvStateTest)
#include "t_kvstate.moc"
