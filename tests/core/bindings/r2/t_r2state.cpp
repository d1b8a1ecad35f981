// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/bindings/r2/r2fixture.h"

#include "core/storage/blobremoval.h"

#include <QFile>
#include <QFileInfo>

#include <csignal>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

using namespace cleat;
using namespace cleat::bindings::r2;
using namespace std::chrono_literals;
using F = R2Fixture;

/// What can go wrong with the files under a bucket.
class R2StateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<R2Fixture>(); }
    void lockedForWriting();
    void notADatabase();
    void missingBlob();
    void shortBlob();
    void missingPart();
    void failedWriteLeavesNothing();
    void blobFolderInTheWay();
    void deletedWhileOpen();
    void replacedWhileOpen();
    void survivesSigkill();

private:
    std::unique_ptr<R2Fixture> m_fixture;
};

namespace {

QByteArray path(const std::filesystem::path &file)
{
    return QByteArray::fromStdString(file.string());
}

} // namespace

void R2StateTest::lockedForWriting()
{
    R2Bucket bucket(m_fixture->state(), "b", 50ms);
    F::put(bucket, "k", "v");
    Foreign foreign(bucket.file());
    foreign.run("BEGIN IMMEDIATE");
    const QByteArray locked = "The state file " + path(bucket.file())
        + " is locked: another program has held it for more than 50 ms. Close that program, or let it finish, and try again. (10001)";
    QCOMPARE(F::put(bucket, "k", "new"), "r2.storage: put: " + locked);
    QCOMPARE(F::remove(bucket, {"k"}), "r2.storage: delete: " + locked);
    QCOMPARE(F::get(bucket, "k"), QByteArray("v"));
    QCOMPARE(F::list(bucket), QByteArray("k,"));
    QCOMPARE(m_fixture->blobNames().size(), 1); // the value that could not be stored is not left behind
    QVERIFY(m_fixture->marks().isEmpty());
    foreign.run("COMMIT");
    F::put(bucket, "k", "new");
    QCOMPARE(F::get(bucket, "k"), QByteArray("new"));
}

void R2StateTest::notADatabase()
{
    R2Bucket bucket(m_fixture->state(), "b");
    std::filesystem::create_directories(bucket.file().parent_path());
    QFile raw(QString::fromStdString(bucket.file().string()));
    QVERIFY(raw.open(QIODevice::WriteOnly) && raw.write("precious text") == 13);
    raw.close();
    const QByteArray text = "The state file " + path(bucket.file()) + " is not a SQLite database, so Cleat will not touch it.";
    for (const QByteArray &outcome : {F::get(bucket, "k"), F::put(bucket, "k", "v"), F::remove(bucket, {"k"}), F::list(bucket)})
        QVERIFY2(outcome.startsWith("r2.storage: ") && outcome.contains(text) && outcome.endsWith(" (10001)"), outcome.constData());
    QVERIFY(raw.open(QIODevice::ReadOnly));
    QCOMPARE(raw.readAll(), QByteArray("precious text"));
    QVERIFY(m_fixture->blobNames().isEmpty());
    // Another bucket is none the worse, and what the message advises works without a restart.
    R2Bucket other(m_fixture->state(), "other");
    F::put(other, "k", "v");
    QCOMPARE(F::get(other, "k"), QByteArray("v"));
    QVERIFY(raw.remove());
    F::put(bucket, "k", "v");
    QCOMPARE(F::get(bucket, "k"), QByteArray("v"));
}

void R2StateTest::missingBlob()
{
    for (const std::size_t size : {std::size_t(5), std::size_t(100'000)}) {
        R2Bucket bucket(m_fixture->state(), "b");
        F::put(bucket, "k", std::string(size, 'x'));
        F::put(bucket, "other", "fine");
        const QByteArray id = Foreign(bucket.file()).run("SELECT blob_id FROM _mf_objects WHERE key = 'k'").trimmed();
        QVERIFY(QFile::remove(m_fixture->blobs().filePath(QString::fromLatin1(id))));
        const QByteArray outcome = F::get(bucket, "k");
        QVERIFY2(outcome.startsWith("r2.storage: get: ") && outcome.contains(m_fixture->blobs().path().toUtf8() + '/' + id) && outcome.endsWith(" (10001)"), outcome.constData());
        QVERIFY(*bucket.head("k"));
        QCOMPARE(F::get(bucket, "other"), QByteArray("fine"));
        QCOMPARE(F::list(bucket), QByteArray("k,other,"));
        F::put(bucket, "k", "anew");
        QCOMPARE(F::get(bucket, "k"), QByteArray("anew"));
    }
}

void R2StateTest::shortBlob()
{
    for (const qint64 size : {5, 100'000}) {
        R2Bucket bucket(m_fixture->state(), "b");
        F::put(bucket, "k", std::string(static_cast<std::size_t>(size), 'x'));
        QFile blob(m_fixture->blobs().filePath(m_fixture->blobNames()[0]));
        QVERIFY(blob.resize(size - 1));
        const QByteArray outcome = F::get(bucket, "k");
        QVERIFY2(outcome.contains("The value in " + blob.fileName().toUtf8() + " is shorter than the state file says."), outcome.constData());
    }
}

void R2StateTest::missingPart()
{
    R2Bucket bucket(m_fixture->state(), "b");
    const auto id = bucket.createMultipartUpload("k");
    std::vector<UploadedPart> parts;
    for (int number = 1; number <= 2; ++number) {
        auto writer = bucket.write("uploadPart");
        QVERIFY(writer && writer->write(base::asBytes(std::string(minPartBytes, 'x'))));
        parts.push_back({number, *bucket.uploadPart("k", *id, number, std::move(*writer))});
    }
    QVERIFY(bucket.completeMultipartUpload("k", *id, parts));
    const QByteArray blob = Foreign(bucket.file()).run("SELECT blob_id FROM _mf_multipart_parts WHERE part_number = 2").trimmed();
    QVERIFY(QFile::remove(m_fixture->blobs().filePath(QString::fromLatin1(blob))));
    QCOMPARE(F::get(bucket, "k", F::range(0, 10)), QByteArray("xxxxxxxxxx")); // what is there can be read
    const QByteArray outcome = F::get(bucket, "k");
    QVERIFY2(outcome.contains(blob) && outcome.contains("No such file"), outcome.constData());
}

void R2StateTest::failedWriteLeavesNothing()
{
    // A trigger that refuses stands for anything that can go wrong inside of the transaction.
    R2Bucket bucket(m_fixture->state(), "b");
    F::put(bucket, "k", "old");
    Foreign(bucket.file()).run("CREATE TRIGGER no BEFORE INSERT ON _mf_objects BEGIN SELECT RAISE(ABORT, 'refused'); END");
    const QByteArray outcome = F::put(bucket, "k", "new");
    QVERIFY2(outcome.startsWith("r2.storage: put: ") && outcome.contains("refused"), outcome.constData());
    QCOMPARE(F::get(bucket, "k"), QByteArray("old"));
    QCOMPARE(m_fixture->blobNames().size(), 1);
    QVERIFY(m_fixture->marks().isEmpty());
}

void R2StateTest::blobFolderInTheWay()
{
    R2Bucket bucket(m_fixture->state(), "b");
    QVERIFY(QDir().mkpath(QFileInfo(m_fixture->folder().path()).path()));
    QFile raw(m_fixture->folder().path());
    QVERIFY(raw.open(QIODevice::WriteOnly));
    const QByteArray outcome = F::put(bucket, "k", "v");
    QVERIFY2(outcome.startsWith("r2.storage: put: Could not ") && outcome.contains(m_fixture->folder().path().toUtf8()), outcome.constData());
    QCOMPARE(F::get(bucket, "k"), QByteArray("(none)"));
}

void R2StateTest::deletedWhileOpen()
{
    R2Bucket bucket(m_fixture->state(), "b");
    F::put(bucket, "k", "v");
    QDir state(QString::fromStdString(m_fixture->state().string()));
    QVERIFY(state.removeRecursively());
    QTRY_COMPARE_WITH_TIMEOUT(F::get(bucket, "k"), QByteArray("(none)"), 1000);
    QVERIFY(!std::filesystem::exists(m_fixture->state()));
    F::put(bucket, "k", "v");
    QVERIFY(state.removeRecursively());
    F::put(bucket, "k2", "v2"); // a write notices at once
    QCOMPARE(F::list(bucket), QByteArray("k2,"));
}

void R2StateTest::replacedWhileOpen()
{
    R2Bucket bucket(m_fixture->state(), "b");
    F::put(bucket, "k", "old");
    const QString state = QString::fromStdString(m_fixture->state().string());
    QVERIFY(QDir().rename(state, state + QStringLiteral(".backup")));
    {
        R2Bucket other(m_fixture->state(), "b");
        F::put(other, "k", "new");
    }
    QTRY_COMPARE_WITH_TIMEOUT(F::get(bucket, "k"), QByteArray("new"), 1000);
    R2Bucket backup(m_fixture->state().string() + ".backup", "b");
    QCOMPARE(F::get(backup, "k"), QByteArray("old"));
}

/// Children write, overwrite, delete and upload parts, and report what was acknowledged; each is killed at a random moment. All that they reported is there, and
/// when what they left behind is swept, there is a file for each row and a row for each file.
void R2StateTest::survivesSigkill()
{
    std::mt19937 random(4711);
    int kills = 0;
    std::vector<int> newest(7, -1);
    for (int round = 0; round < 25; ++round) {
        int pipe[2];
        QCOMPARE(::pipe(pipe), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            R2Bucket bucket(m_fixture->state(), "b");
            for (int i = round * 1'000'000;; ++i) {
                const std::string key = "k" + std::to_string(i % 7);
                if (F::put(bucket, key, std::to_string(i)).contains(':'))
                    ::_exit(1);
                if (::write(pipe[1], &i, sizeof i) != sizeof i)
                    ::_exit(2);
                F::put(bucket, "other", "x");
                F::remove(bucket, {"other"});
                const auto id = bucket.createMultipartUpload("parts");
                auto writer = bucket.write("uploadPart");
                if (!id || !writer || !writer->write(base::asBytes("part")))
                    ::_exit(3);
                if (const auto etag = bucket.uploadPart("parts", *id, 1, std::move(*writer)); !etag || !bucket.completeMultipartUpload("parts", *id, {{1, *etag}}))
                    ::_exit(4);
            }
        }
        ::close(pipe[1]);
        int last = -1;
        const auto note = [&] { newest[static_cast<std::size_t>(last % 7)] = last; };
        for (int i = 0; i < 10; ++i) {
            QCOMPARE(::read(pipe[0], &last, sizeof last), ssize_t(sizeof last));
            note();
        }
        ::usleep(random() % 5000);
        ::kill(child, SIGKILL);
        while (::read(pipe[0], &last, sizeof last) == ssize_t(sizeof last))
            note();
        ::close(pipe[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        QVERIFY2(WIFSIGNALED(status), qPrintable(QString::number(WEXITSTATUS(status))));
        ++kills;
        R2Bucket bucket(m_fixture->state(), "b");
        for (int slot = 0; slot < 7; ++slot) {
            // The write after the last one reported may have come through, too.
            const int found = F::get(bucket, "k" + std::to_string(slot)).toInt();
            QVERIFY2(found == newest[static_cast<std::size_t>(slot)] || found == last + 1, qPrintable(QString::number(found)));
        }
        QVERIFY(!F::get(bucket, "parts").contains(':'));
    }
    QCOMPARE(kills, 25);
    R2Bucket bucket(m_fixture->state(), "b");
    Foreign foreign(bucket.file());
    QCOMPARE(foreign.run("PRAGMA integrity_check"), QByteArray("ok\n"));
    const QByteArray named = foreign.run("SELECT blob_id FROM _mf_objects WHERE blob_id IS NOT NULL UNION SELECT blob_id FROM _mf_multipart_parts ORDER BY 1");
    const storage::BlobStore store(m_fixture->blobs().path().toStdString());
    QVERIFY(storage::sweepBlobs(store, bucket.file().stem().string().substr(0, 16), 0s, [&](std::string_view id) -> base::Result<bool> {
        return named.contains(QByteArray(id.data(), static_cast<qsizetype>(id.size())));
    }));
    QByteArray there;
    for (const QString &name : m_fixture->blobNames())
        there += name.toLatin1() + '\n';
    QCOMPARE(there, named);
    QVERIFY(m_fixture->marks().isEmpty());
}

QTEST_GUILESS_MAIN(R2StateTest)
#include "t_r2state.moc"
