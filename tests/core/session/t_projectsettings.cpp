// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/projectsettings.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace cleat::session;
namespace fs = std::filesystem;

class TestProjectSettings final : public QObject
{
    Q_OBJECT
private:
    static fs::path in(const QTemporaryDir &folder, const char *name) { return folder.filePath(QString::fromLatin1(name)).toStdString(); }
    static void write(const fs::path &path, const QByteArray &text)
    {
        QFile file(QString::fromStdString(path.string()));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }

private Q_SLOTS:
    void missingFile()
    {
        QTemporaryDir folder;
        const auto settings = readProjectSettings(in(folder, "no/such.json"));
        QVERIFY(settings);
        QVERIFY(*settings == ProjectSettings());
    }

    void roundTrip()
    {
        QTemporaryDir folder;
        ProjectSettings settings;
        settings.plan = Plan::None;
        settings.cf = R"({"country":"DE","botManagement":{"score":1}})";
        settings.recordingBytes = 64U << 20;
        settings.workers = {"/work/api/wrangler.toml", "/work/ä ö/wrangler.json"};
        settings.bodyBytes = 0;
        settings.analyticsPerSecond = 500;
        settings.hyperdriveSeconds = 60;
        settings.hyperdriveStaleSeconds = 0;
        const fs::path file = in(folder, "a/b/c.json");
        QVERIFY(writeProjectSettings(file, settings));
        const auto read = readProjectSettings(file);
        QVERIFY(read);
        QCOMPARE(read->plan, settings.plan);
        QCOMPARE(read->recordingBytes, settings.recordingBytes);
        QCOMPARE(read->workers, settings.workers);
        QCOMPARE(read->bodyBytes, settings.bodyBytes);
        QCOMPARE(read->analyticsPerSecond, settings.analyticsPerSecond);
        QCOMPARE(read->hyperdriveSeconds, settings.hyperdriveSeconds);
        QCOMPARE(read->hyperdriveStaleSeconds, settings.hyperdriveStaleSeconds);
        QVERIFY(read->cf.find("\"country\": \"DE\"") != std::string::npos); // laid out
        QCOMPARE(fs::status(file).permissions() & fs::perms::all, fs::perms::owner_read | fs::perms::owner_write);
        QVERIFY(writeProjectSettings(file, *read));
        QVERIFY(*readProjectSettings(file) == *read);
    }

    void partOfIt()
    {
        QTemporaryDir folder;
        write(in(folder, "s.json"), R"({"plan": "free", "somethingNewer": true})");
        const auto settings = readProjectSettings(in(folder, "s.json"));
        QVERIFY(settings);
        QCOMPARE(settings->plan, Plan::Free);
        QCOMPARE(settings->bodyBytes, ProjectSettings().bodyBytes);
        QCOMPARE(settings->hyperdriveStaleSeconds, std::uint32_t(15));
    }

    void broken_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("{\"plan\":");
        QTest::newRow("a list") << QByteArray("[]");
        QTest::newRow("no such plan") << QByteArray(R"({"plan": "gold"})");
        QTest::newRow("plan of a wrong type") << QByteArray(R"({"plan": 1})");
        QTest::newRow("cf a list") << QByteArray(R"({"cf": []})");
        QTest::newRow("Workers that are no list") << QByteArray(R"({"workers": "/a"})");
        QTest::newRow("a Worker that is no path") << QByteArray(R"({"workers": [1]})");
        QTest::newRow("a Worker at a relative path") << QByteArray(R"({"workers": ["api"]})");
        QTest::newRow("memory negative") << QByteArray(R"({"recordingBytes": -1})");
        QTest::newRow("memory a text") << QByteArray(R"({"recordingBytes": "1"})");
        QTest::newRow("memory too small") << QByteArray(R"({"recordingBytes": 1})");
        QTest::newRow("memory too large") << QByteArray(R"({"recordingBytes": 18446744073709551615})");
        QTest::newRow("points a text") << QByteArray(R"({"analyticsPerSecond": "all"})");
        QTest::newRow("points negative") << QByteArray(R"({"analyticsPerSecond": -1})");
        QTest::newRow("too many points") << QByteArray(R"({"analyticsPerSecond": 10000000})");
        QTest::newRow("kept too long") << QByteArray(R"({"hyperdriveSeconds": 4000})");
        QTest::newRow("given on too long") << QByteArray(R"({"hyperdriveStaleSeconds": 4000})");
        QTest::newRow("body too large") << QByteArray(R"({"bodyBytes": 10000000000})");
    }
    void broken()
    {
        QFETCH(QByteArray, text);
        QTemporaryDir folder;
        write(in(folder, "s.json"), text);
        const auto settings = readProjectSettings(in(folder, "s.json"));
        QVERIFY(!settings);
        QCOMPARE(settings.error().code, std::string("settings.file"));
        QVERIFY(settings.error().message.find("s.json") != std::string::npos);
    }

    void whatCannotBeIsNotWritten()
    {
        QTemporaryDir folder;
        ProjectSettings settings;
        settings.cf = "{";
        const auto written = writeProjectSettings(in(folder, "s.json"), settings);
        QVERIFY(!written);
        QCOMPARE(written.error().code, std::string("settings.cf"));
        QVERIFY(!fs::exists(in(folder, "s.json")));
    }
};

QTEST_GUILESS_MAIN(TestProjectSettings)
#include "t_projectsettings.moc"
