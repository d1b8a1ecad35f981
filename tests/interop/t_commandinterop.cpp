// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/kv/kvnamespace.h"
#include "core/bindings/r2/r2bucket.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;

namespace {

struct Run {
    int status = -1;
    QByteArray out;
    QByteArray err;
};

/// A project, and both programs on its one state folder.
class Bench final
{
public:
    enum class Program { Cleat, Wrangler };
    static Program other(Program program) { return program == Program::Cleat ? Program::Wrangler : Program::Cleat; }

    Bench()
    {
        write(u"wrangler.toml"_s, "name = \"x\"\npages_build_output_dir = \"public\"\n[[kv_namespaces]]\nbinding = \"KV\"\nid = \"space\"\n[[r2_buckets]]\nbinding = \"R2\"\n"
                                  "bucket_name = \"bucket\"\n[[d1_databases]]\nbinding = \"DB\"\ndatabase_name = \"mydb\"\ndatabase_id = \"xxxx-1\"\n");
    }
    std::filesystem::path state() const { return m_folder.filePath(u".wrangler/state"_s).toStdString(); }
    void write(const QString &name, const QByteArray &text) const
    {
        QDir(m_folder.path()).mkpath(QFileInfo(m_folder.filePath(name)).path());
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("could not write a file of the test");
    }
    QByteArray read(const QString &name) const
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
    }
    Run run(Program program, QStringList arguments) const
    {
        QString file = QStringLiteral(CLEAT_BINARY_DIR "/cleat");
        if (program == Program::Wrangler) {
            const QDir packages(QStringLiteral(CLEAT_INTEROP_DIR "/node_modules"));
            const QStringList nodes = packages.entryList({u"node-linux-*"_s}, QDir::Dirs);
            if (nodes.isEmpty())
                return {-1, {}, "wrangler is not installed: run packaging/fetch-interop.sh"};
            file = packages.filePath(nodes.first() + u"/bin/node"_s);
            arguments = QStringList{packages.filePath(u"wrangler/bin/wrangler.js"_s)} + arguments;
        }
        if (!arguments.contains(u"create"_s)) // that is about no data
            arguments << u"--local"_s;
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const auto &[name, value] : {std::pair("HOME", m_folder.path()), std::pair("CI", u"1"_s), std::pair("NO_COLOR", u"1"_s), std::pair("WRANGLER_SEND_METRICS", u"false"_s),
                 std::pair("WRANGLER_SEND_ERROR_REPORTS", u"false"_s), std::pair("CLOUDFLARE_CF_FETCH_ENABLED", u"false"_s), std::pair("WRANGLER_HIDE_BANNER", u"true"_s)})
            environment.insert(QString::fromLatin1(name), value);
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(m_folder.path());
        process.setStandardInputFile(QProcess::nullDevice());
        process.start(file, arguments);
        if (!process.waitForFinished(120'000) || process.exitStatus() == QProcess::CrashExit)
            return {-1, process.readAllStandardOutput(), process.readAllStandardError()};
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }
    Run run(Program program, const char *line) const { return run(program, QString::fromUtf8(line).split(u' ', Qt::SkipEmptyParts)); }

private:
    QTemporaryDir m_folder;
};

using Program = Bench::Program;

/// The JSON in what a command printed, with whatever it says round it.
QJsonDocument json(const QByteArray &out)
{
    const qsizetype object = out.indexOf('{');
    const qsizetype array = out.indexOf('[');
    const bool isArray = array >= 0 && (object < 0 || array < object);
    const qsizetype begin = isArray ? array : object;
    return QJsonDocument::fromJson(out.mid(begin, out.lastIndexOf(isArray ? ']' : '}') + 1 - begin));
}

void bothWays()
{
    QTest::addColumn<Program>("first");
    QTest::newRow("wrangler writes, Cleat reads") << Program::Wrangler;
    QTest::newRow("Cleat writes, wrangler reads") << Program::Cleat;
}

QByteArray all(const Run &run)
{
    return QByteArray::number(run.status) + ": " + run.out + run.err;
}

} // namespace

Q_DECLARE_METATYPE(Program)

/// The commands of Cleat beside those of the real wrangler, on one state folder: what one writes, the other reads, by the same files and with the same outcome.
class CommandInteropTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bulk_data() { bothWays(); }
    void bulk()
    {
        QFETCH(Program, first);
        const Program second = Bench::other(first);
        const Bench bench;
        bench.write(u"bulk.json"_s, "[{\"key\":\"plain\",\"value\":\"text é 😀\"},{\"key\":\"bytes\",\"value\":\"/wD+Cg==\",\"base64\":true},{\"key\":\"a/b c:*\",\"value\":\"\",\"metadata\":{\"n\":[1,null,\"x\"]}},"
            "{\"key\":\"dated\",\"value\":\"later\",\"expiration\":2100000000,\"metadata\":{\"m\":true}},{\"key\":\"ttl\",\"value\":\"soon\",\"expiration_ttl\":3600},{\"key\":\"json\",\"value\":\"{\\\"a\\\":1}\"}]");
        bench.write(u"keys.json"_s, "[\"plain\",\"a/b c:*\",\"dated\",{\"name\":\"json\"},\"absent\"]");
        const Run put = bench.run(first, "kv bulk put bulk.json --binding KV");
        QVERIFY2(put.status == 0, all(put));
        // The values, byte for byte.
        bindings::kv::KvNamespace space(bench.state(), "space");
        const auto bytes = space.read("bytes");
        QVERIFY(bytes && *bytes && *(*bytes)->value == std::string("\xff\x00\xfe\n", 4));
        const Run theirs = bench.run(first, "kv bulk get keys.json --binding KV");
        const Run ours = bench.run(second, "kv bulk get keys.json --binding KV");
        QVERIFY2(ours.status == 0 && theirs.status == 0, all(ours) + all(theirs));
        const QJsonObject values = json(ours.out).object();
        QCOMPARE(values, json(theirs.out).object());
        QCOMPARE(values.size(), 5);
        QCOMPARE(values[u"plain"_s].toObject()[u"value"_s].toString(), u"text é 😀"_s);
        const QJsonArray listed = json(bench.run(second, "kv key list --binding KV").out).array();
        QCOMPARE(listed.size(), 6);
        QCOMPARE(listed, json(bench.run(first, "kv key list --binding KV").out).array());
        const Run value = bench.run(second, {u"kv"_s, u"key"_s, u"get"_s, u"bytes"_s, u"--binding"_s, u"KV"_s});
        QCOMPARE(value.out, QByteArray("\xff\x00\xfe\n", 4));
        // The second takes away what the first has put there.
        const Run removed = bench.run(second, "kv bulk delete keys.json --binding KV --force");
        QVERIFY2(removed.status == 0, all(removed));
        QCOMPARE(json(bench.run(first, "kv key list --binding KV").out).array().size(), 2);
    }

    void objects_data() { bothWays(); }
    void objects()
    {
        QFETCH(Program, first);
        const Program second = Bench::other(first);
        const Bench bench;
        QByteArray bytes(300'000, Qt::Uninitialized);
        for (qsizetype i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<char>(i * 7 + (i >> 9));
        bench.write(u"in.bin"_s, bytes);
        bench.write(u"empty"_s, {});
        for (const char *line : {"r2 object put bucket/a/b.bin --file in.bin --content-type image/png --cache-control no-store --content-disposition inline", "r2 object put bucket/empty --file empty"}) {
            const Run put = bench.run(first, line);
            QVERIFY2(put.status == 0, all(put));
        }
        const Run got = bench.run(second, "r2 object get bucket/a/b.bin --file out.bin");
        QVERIFY2(got.status == 0, all(got));
        QVERIFY(bench.read(u"out.bin"_s) == bytes);
        QVERIFY(bench.run(second, "r2 object get bucket/a/b.bin --pipe").out == bytes);
        QCOMPARE(bench.run(second, "r2 object get bucket/empty --file empty.out").status, 0);
        QCOMPARE(bench.read(u"empty.out"_s), QByteArray());
        bindings::r2::R2Bucket bucket(bench.state(), "bucket");
        const auto head = bucket.head("a/b.bin");
        QVERIFY(head && *head);
        const QJsonObject fields = QJsonDocument::fromJson(QByteArray::fromStdString((*head)->httpMetadata)).object();
        QCOMPARE(fields, (QJsonObject{{u"contentType"_s, u"image/png"_s}, {u"cacheControl"_s, u"no-store"_s}, {u"contentDisposition"_s, u"inline"_s}}));
        // Written over, and taken away, by the second.
        bench.write(u"in.bin"_s, "again");
        QCOMPARE(bench.run(second, "r2 object put bucket/a/b.bin --file in.bin").status, 0);
        QCOMPARE(bench.run(first, "r2 object get bucket/a/b.bin --pipe").out, QByteArray("again"));
        QCOMPARE(bench.run(second, "r2 object delete bucket/a/b.bin").status, 0);
        QVERIFY(bench.run(first, "r2 object get bucket/a/b.bin --pipe").status != 0);
    }

    void migrations_data() { bothWays(); }
    void migrations()
    {
        QFETCH(Program, first);
        const Program second = Bench::other(first);
        const Bench bench;
        bench.write(u"migrations/0001_users.sql"_s, "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\n-- a comment; with a semicolon\nINSERT INTO users (name) VALUES ('Ann; Bob');\n");
        QVERIFY(bench.run(second, "d1 migrations list mydb").out.contains("0001_users.sql"));
        const Run applied = bench.run(first, "d1 migrations apply mydb");
        QVERIFY2(applied.status == 0, all(applied));
        const Run none = bench.run(second, "d1 migrations list mydb");
        QVERIFY2(none.out.contains("No migrations to apply"), all(none));
        // One more, made by the one, applied by the other.
        const Run created = bench.run(first, {u"d1"_s, u"migrations"_s, u"create"_s, u"mydb"_s, u"add ages"_s});
        QVERIFY2(created.status == 0, all(created));
        QCOMPARE(QDir(QString::fromStdString((bench.state().parent_path().parent_path() / "migrations").string())).entryList(QDir::Files),
            (QStringList{u"0001_users.sql"_s, u"0002_add_ages.sql"_s}));
        bench.write(u"migrations/0002_add_ages.sql"_s, "ALTER TABLE users ADD COLUMN age INTEGER;\nUPDATE users SET age = 30;\n");
        const Run more = bench.run(second, "d1 migrations apply mydb");
        QVERIFY2(more.status == 0, all(more));
        QVERIFY(bench.run(first, "d1 migrations list mydb").out.contains("No migrations to apply"));
        // One that fails stays unapplied for both, and leaves nothing.
        bench.write(u"migrations/0003_wrong.sql"_s, "CREATE TABLE half (a);\nINSERT INTO nowhere VALUES (1);\n");
        QVERIFY(bench.run(second, "d1 migrations apply mydb").status != 0);
        for (const Program program : {first, second}) {
            const Run listed = bench.run(program, "d1 migrations list mydb");
            QVERIFY2(listed.out.contains("0003_wrong.sql") && !listed.out.contains("0002_add_ages.sql"), all(listed));
        }
        const QStringList query{u"d1"_s, u"execute"_s, u"mydb"_s, u"--json"_s, u"--command"_s,
            u"SELECT m.id, m.name AS migration, u.name, u.age, (SELECT count(*) FROM sqlite_schema WHERE name = 'half') AS half FROM d1_migrations m, users u ORDER BY m.id"_s};
        const QJsonArray rows = json(bench.run(first, query).out).array().first().toObject()[u"results"_s].toArray();
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows[1].toObject(), (QJsonObject{{u"id"_s, 2}, {u"migration"_s, u"0002_add_ages.sql"_s}, {u"name"_s, u"Ann; Bob"_s}, {u"age"_s, 30}, {u"half"_s, 0}}));
        QCOMPARE(json(bench.run(second, query).out).array().first().toObject()[u"results"_s].toArray(), rows);
    }
};

QTEST_GUILESS_MAIN(CommandInteropTest)
#include "t_commandinterop.moc"
