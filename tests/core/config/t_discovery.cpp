// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/discovery.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <map>

using namespace cleat::config;
using namespace Qt::StringLiterals;
using Files = std::map<QString, QByteArray>;

class DiscoveryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void find_data();
    void find();
    void redirects_data();
    void redirects();
    void redirectedEnvironments();
};

void DiscoveryTest::find_data()
{
    QTest::addColumn<QStringList>("files");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("expected");
    QTest::newRow("none") << QStringList{QStringLiteral("a/b/other.toml")} << QStringLiteral("a/b") << QString();
    QTest::newRow("here") << QStringList{QStringLiteral("a/b/wrangler.toml")} << QStringLiteral("a/b") << QStringLiteral("a/b/wrangler.toml");
    QTest::newRow("trailing slash") << QStringList{QStringLiteral("a/b/wrangler.toml")} << QStringLiteral("a/b/") << QStringLiteral("a/b/wrangler.toml");
    QTest::newRow("dots") << QStringList{QStringLiteral("a/b/wrangler.toml")} << QStringLiteral("a/c/../b/.") << QStringLiteral("a/b/wrangler.toml");
    QTest::newRow("above") << QStringList{QStringLiteral("wrangler.toml"), QStringLiteral("a/b/x")} << QStringLiteral("a/b") << QStringLiteral("wrangler.toml");
    QTest::newRow("nearest") << QStringList{QStringLiteral("wrangler.toml"), QStringLiteral("a/wrangler.toml"), QStringLiteral("a/b/x")} << QStringLiteral("a/b")
                             << QStringLiteral("a/wrangler.toml");
    QTest::newRow("json first") << QStringList{QStringLiteral("a/wrangler.toml"), QStringLiteral("a/wrangler.jsonc"), QStringLiteral("a/wrangler.json")} << QStringLiteral("a")
                                << QStringLiteral("a/wrangler.json");
    QTest::newRow("jsonc before toml") << QStringList{QStringLiteral("a/wrangler.toml"), QStringLiteral("a/wrangler.jsonc")} << QStringLiteral("a")
                                       << QStringLiteral("a/wrangler.jsonc");
    QTest::newRow("json above wins over toml here") << QStringList{QStringLiteral("a/wrangler.toml"), QStringLiteral("wrangler.json")} << QStringLiteral("a")
                                                    << QStringLiteral("wrangler.json");
    QTest::newRow("a folder of that name is none") << QStringList{QStringLiteral("wrangler.toml"), QStringLiteral("a/wrangler.toml/x")} << QStringLiteral("a")
                                                   << QStringLiteral("wrangler.toml");
}

void DiscoveryTest::find()
{
    QFETCH(QStringList, files);
    QFETCH(QString, from);
    QFETCH(QString, expected);
    QTemporaryDir root;
    for (const QString &name : files) {
        QVERIFY(QDir(root.path()).mkpath(QFileInfo(name).path()));
        QFile file(root.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    const auto found = findWranglerFile((root.path() + QLatin1Char('/') + from).toStdString());
    QCOMPARE(found ? QString::fromStdString(found->string()) : QString(), expected.isEmpty() ? QString() : root.filePath(expected));
}

void DiscoveryTest::redirects_data()
{
    QTest::addColumn<Files>("files");
    QTest::addColumn<QString>("path"); // or an error's code
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("words"); // of the error
    const auto row = [](const char *name, Files files, const char *path, const char *from, const char *user, const char *words = "") {
        files.emplace(u"a/b/file"_s, "");
        QTest::newRow(name) << files << QString::fromLatin1(path) << QString::fromLatin1(from) << QString::fromLatin1(user) << QString::fromLatin1(words);
    };
    const QString here = u"a/b/.wrangler/deploy/config.json"_s;
    row("nothing", {}, "", "", "");
    row("no redirect", {{u"a/wrangler.toml"_s, ""}}, "a/wrangler.toml", "", "a/wrangler.toml");
    row("beside the user's", {{here, R"({"configPath": "../../dist/wrangler.json"})"}, {u"a/b/wrangler.toml"_s, ""}, {u"a/b/dist/wrangler.json"_s, ""}}, "a/b/dist/wrangler.json",
        "a/b/.wrangler/deploy/config.json", "a/b/wrangler.toml");
    row("without the user's", {{here, R"({"configPath": "../../dist/wrangler.json"})"}, {u"a/b/dist/wrangler.json"_s, ""}}, "a/b/dist/wrangler.json",
        "a/b/.wrangler/deploy/config.json", "");
    row("above", {{u"a/.wrangler/deploy/config.json"_s, R"({"configPath": "w.toml"})"}, {u"a/wrangler.jsonc"_s, ""}, {u"a/.wrangler/deploy/w.toml"_s, ""}},
        "a/.wrangler/deploy/w.toml", "a/.wrangler/deploy/config.json", "a/wrangler.jsonc");
    row("comments, other members", {{here, "// made by a tool\n{ \"auxiliaryWorkers\": [], \"configPath\": \"w.json\", }"}, {u"a/b/.wrangler/deploy/w.json"_s, ""}},
        "a/b/.wrangler/deploy/w.json", "a/b/.wrangler/deploy/config.json", "");
    row("no JSON", {{here, "{"}, {u"a/b/wrangler.toml"_s, ""}}, "redirect.parse", "", "", ".wrangler/deploy/config.json");
    row("no object", {{here, "[]"}}, "redirect.parse", "", "");
    row("no path", {{here, "{}"}}, "redirect.path", "", "", "\"configPath\"");
    row("no text", {{here, R"({"configPath": 1})"}}, "redirect.path", "", "");
    row("empty path", {{here, R"({"configPath": ""})"}}, "redirect.path", "", "");
    row("no such file", {{here, R"({"configPath": "../gone.json"})"}}, "redirect.missing", "", "", "../gone.json");
    row("a folder", {{here, R"({"configPath": ".."})"}}, "redirect.missing", "", "");
    row("above the user's", {{u"a/.wrangler/deploy/config.json"_s, R"({"configPath": "w.toml"})"}, {u"a/.wrangler/deploy/w.toml"_s, ""}, {u"a/b/wrangler.toml"_s, ""}},
        "redirect.elsewhere", "", "", "../.wrangler/deploy/config.json");
    row("below the user's", {{here, R"({"configPath": "w.toml"})"}, {u"a/b/.wrangler/deploy/w.toml"_s, ""}, {u"a/wrangler.toml"_s, ""}}, "redirect.elsewhere", "", "",
        "../wrangler.toml");
}

void DiscoveryTest::redirects()
{
    QFETCH(Files, files);
    QTemporaryDir root;
    for (const auto &[name, text] : files) {
        QVERIFY(QDir(root.path()).mkpath(QFileInfo(name).path()));
        QFile file(root.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    const auto shown = [&](const std::optional<std::filesystem::path> &path) {
        return path ? QDir(root.path()).relativeFilePath(QString::fromStdString(path->string())) : QString();
    };
    const auto found = discoverWranglerFile(root.filePath(u"a/b"_s).toStdString());
    QFETCH(QString, words);
    if (!found) {
        QTEST(QString::fromStdString(found.error().code), "path");
        QVERIFY2(QString::fromStdString(found.error().message).contains(words), found.error().message.c_str());
        QVERIFY(found.error().message.ends_with('.'));
        QVERIFY(found.error().place.file.ends_with("config.json"));
        return;
    }
    QTEST(*found ? shown((*found)->path) : QString(), "path");
    QTEST(*found ? shown((*found)->redirectedFrom) : QString(), "from");
    QTEST(*found ? shown((*found)->userFile) : QString(), "user");
}

void DiscoveryTest::redirectedEnvironments()
{
    QVERIFY(redirectFindings("name = \"x\"\n", Form::Toml, "w.toml").empty());
    QVERIFY(redirectFindings("[env]\n", Form::Toml, "w.toml").empty());
    QVERIFY(redirectFindings("[env.\n", Form::Toml, "w.toml").empty());
    const auto findings = redirectFindings("name = \"x\"\n[env.preview.vars]\nA = \"1\"\n[env.production]\n", Form::Toml, "w.toml");
    QCOMPARE(findings.size(), std::size_t(1));
    QCOMPARE(findings[0].code, std::string("file.redirected-env"));
    QCOMPARE(findings[0].severity, Finding::Severity::Error);
    QCOMPARE(findings[0].place, (cleat::base::Place{"w.toml", 2, 1}));
    QVERIFY(findings[0].message.find("preview, production") != std::string::npos);
    QCOMPARE(redirectFindings("{\n  \"env\": { \"preview\": {} }\n}", Form::Jsonc, "w.json").at(0).place, (cleat::base::Place{"w.json", 2, 3}));
}

QTEST_GUILESS_MAIN(DiscoveryTest)
#include "t_discovery.moc"
