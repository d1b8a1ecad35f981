// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/routesfile.h"

#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;
using functions::RoutesFile;

class TestRoutesFile final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rules_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("takes");
        const auto row = [](const char *rule, const char *path, bool takes) { QTest::addRow("%s %s", rule, path) << QString::fromLatin1(rule) << QString::fromLatin1(path) << takes; };
        row("/", "/", true);
        row("/", "/a", false);
        row("/*", "/", true);
        row("/*", "/a/b", true);
        row("/api/*", "/api", true);
        row("/api/*", "/api/", true);
        row("/api/*", "/api/x/y", true);
        row("/api/*", "/apis", false);
        row("/api", "/api", true);
        row("/api", "/api/", true);
        row("/api", "/api/x", false);
        row("/api/", "/api", true);
        row("/api*", "/apis", true);
        row("/api*", "/api/x", true);
        row("/*.png", "/a/b.png", true);
        row("/*.png", "/a/b.pngx", false);
        row("/*.png", "/a/bxpng", false);
        row("/a/*/c", "/a/b/b/c", true);
        row("/a/*/c", "/a/c", false);
        row("/a(b)+", "/a(b)+", true);
        row("/a(b)+", "/abb", false);
        row("/******************x", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false);
    }

    void rules()
    {
        QFETCH(QString, rule);
        QFETCH(QString, path);
        QTEST(functions::ruleTakes(rule.toStdString(), path.toStdString()), "takes");
    }

    void decides()
    {
        const auto file = RoutesFile::parse("{\"version\": 1, \"include\": [\"/api/*\", \"/hello\"], \"exclude\": [\"/api/static/*\"]}");
        QVERIFY(file);
        using Goes = RoutesFile::Goes;
        QCOMPARE(file->decide("/api/users"), (RoutesFile::Decision{Goes::ToCode, "/api/*"}));
        QCOMPARE(file->decide("/api/static/x.png"), (RoutesFile::Decision{Goes::Excluded, "/api/static/*"}));
        QCOMPARE(file->decide("/api/../api/static/x"), (RoutesFile::Decision{Goes::Excluded, "/api/static/*"}));
        QCOMPARE(file->decide("/other"), (RoutesFile::Decision{Goes::NotIncluded, ""}));
    }

    /// The folder itself, and what only looks alike, is no part of the rule.
    void doesNotOverlap()
    {
        QVERIFY(RoutesFile::parse("{\"version\": 1, \"include\": [\"/api/*\", \"/api\", \"/apis/*\", \"/v*\", \"/v1/x\"], \"exclude\": [\"/api/*\"]}"));
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("says");
        QTest::newRow("no JSON") << u"{"_s << u"not JSON"_s;
        QTest::newRow("list") << u"[]"_s << u"\"version\": 1"_s;
        QTest::newRow("version") << u"{\"version\": 2, \"include\": [\"/*\"]}"_s << u"\"version\": 1"_s;
        QTest::newRow("nothing included") << u"{\"version\": 1, \"include\": []}"_s << u"one rule at least"_s;
        QTest::newRow("no list") << u"{\"version\": 1, \"include\": \"/*\"}"_s << u"list of paths"_s;
        QTest::newRow("no text") << u"{\"version\": 1, \"include\": [5]}"_s << u"not a text"_s;
        QTest::newRow("no slash") << u"{\"version\": 1, \"include\": [\"api/*\"]}"_s << u"\"api/*\" of \"include\" does not begin with a slash"_s;
        QTest::newRow("long") << u"{\"version\": 1, \"include\": [\"/%1\"]}"_s.arg(QString(100, u'x')) << u"longer than 100"_s;
        QTest::newRow("overlap") << u"{\"version\": 1, \"include\": [\"/api/*\", \"/api/users\"], \"exclude\": []}"_s << u"\"/api/users\" is part of \"/api/*\""_s;
        QTest::newRow("nothing excluded") << u"{\"version\": 1, \"include\": [\"/*\"]}"_s << u"it needs \"exclude\""_s;
        QStringList many;
        for (int i = 0; i < 101; ++i)
            many << u"\"/r%1\""_s.arg(i);
        QTest::newRow("many") << u"{\"version\": 1, \"include\": [%1]}"_s.arg(many.join(u',')) << u"more than 100 rules"_s;
    }

    void refuses()
    {
        QFETCH(QString, json);
        QFETCH(QString, says);
        const auto file = RoutesFile::parse(json.toStdString());
        QVERIFY(!file);
        QCOMPARE(file.error().code, std::string("routesfile.invalid"));
        QVERIFY2(QString::fromStdString(file.error().message).contains(says), file.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(TestRoutesFile)
#include "t_routesfile.moc"
