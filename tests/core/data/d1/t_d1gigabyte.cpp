// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/importexport.h"
#include "core/data/d1/snapshots.h"
#include "tests/core/data/statefixture.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <functional>
#include <sys/wait.h>
#include <unistd.h>

using namespace cleat::data::d1;

namespace {

std::int64_t kibibytes(const char *field)
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith(field))
            return line.mid(qstrlen(field) + 1).trimmed().split(' ').first().toLongLong();
    }
    return -1;
}

/// By how many MiB a process of its own grows at most while it does the work; -1 when the work fails.
int growth(const std::function<bool()> &work)
{
    int ends[2];
    if (::pipe(ends) != 0)
        return -1;
    const pid_t child = ::fork();
    if (child == 0) {
        const std::int64_t before = kibibytes("VmRSS:");
        int mib = -1;
        if (work())
            mib = static_cast<int>((kibibytes("VmHWM:") - before) / 1024);
        ::_exit(::write(ends[1], &mib, sizeof mib) == sizeof mib ? 0 : 1);
    }
    int mib = -1;
    if (::read(ends[0], &mib, sizeof mib) != sizeof mib)
        mib = -1;
    ::close(ends[0]);
    ::close(ends[1]);
    ::waitpid(child, nullptr, 0);
    return mib;
}

} // namespace

/// A database of a gigabyte (CLEAT_MEBIBYTES says of how much else) goes out as SQL and CSV, into a snapshot, and back in, in constant memory.
class TestD1Gigabyte : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void constantMemory()
    {
        constexpr int most = 100; // MiB
        const int mebibytes = qEnvironmentVariable("CLEAT_MEBIBYTES", QStringLiteral("1024")).toInt();
        QTemporaryDir dir(QStringLiteral(CLEAT_BINARY_DIR "/d1gigabyte-XXXXXX")); // the disk, not a tmpfs: that would be memory
        QVERIFY(dir.isValid());
        const std::filesystem::path folder = dir.path().toStdString();
        const auto file = folder / "state" / "v3" / "d1" / "miniflare-D1DatabaseObject" / "abc.sqlite";
        const QByteArray sums = "SELECT count(*), sum(id), sum(length(text)), sum(length(blob)), min(text), max(text) FROM t";
        QByteArray there;
        {
            OtherProgram other(file);
            QCOMPARE(other.run("PRAGMA synchronous = OFF; CREATE TABLE t(id INTEGER PRIMARY KEY, text TEXT, blob BLOB);"
                               "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < " + std::to_string(mebibytes) + " * 256)"
                               " INSERT INTO t SELECT x, printf('%.*c', 3000, char(97 + x % 26)) || x, randomblob(1000) FROM n; PRAGMA wal_checkpoint(TRUNCATE)").split('\n').size(), 2);
            there = other.run(sums.toStdString());
        }
        QVERIFY(std::filesystem::file_size(file) > std::uint64_t(mebibytes) * 1'000'000);
        const auto sql = folder / "out.sql";
        const auto csv = folder / "out.csv";
        const auto back = folder / "back" / "v3" / "d1" / "miniflare-D1DatabaseObject" / "abc.sqlite";
        QElapsedTimer timer;
        const auto within = [&](const char *what, const std::function<bool()> &work) {
            timer.start();
            const int mib = growth(work);
            qInfo("%s: %lld s, %d MiB more at most", what, static_cast<long long>(timer.elapsed() / 1000), mib);
            return mib >= 0 && mib < most;
        };
        QVERIFY(within("export as SQL", [&] { return exportSql(file, {}, sql, {}).has_value(); }));
        QVERIFY(std::filesystem::file_size(sql) > std::uint64_t(mebibytes) * 1'000'000);
        QVERIFY(within("import of it", [&] { return importSql(back, sql, {}).has_value(); }));
        QCOMPARE(OtherProgram(back).run(sums.toStdString()), there);
        std::filesystem::remove(sql);
        std::filesystem::remove_all(folder / "back");
        QVERIFY(within("export as CSV", [&] { return exportCsv(file, "SELECT id, text FROM t", csv, {}).has_value(); }));
        std::filesystem::remove(csv);
        QVERIFY(within("snapshot", [&] { return takeSnapshot(file, "x", Snapshot::Maker::User, {}).has_value(); }));
        const auto taken = snapshots(file);
        QCOMPARE(taken.size(), std::size_t(1));
        QCOMPARE(OtherProgram(taken[0].file).run(sums.toStdString()), there);
    }
};

QTEST_GUILESS_MAIN(TestD1Gigabyte)
#include "t_d1gigabyte.moc"
