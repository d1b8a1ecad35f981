// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/devprocess.h"
#include "tests/core/session/client.h"
#include "tests/core/session/project.h"

#include <QList>
#include <QMap>
#include <QTest>

using namespace cleat::tests;

namespace {

using Files = QMap<QByteArray, QByteArray>;
using Words = QList<QByteArray>;

const QByteArray function = "export const onRequest = () => new Response('code');\n";

} // namespace

/// What `cleat dev` says of projects that are not in order, and what of them it serves all the same.
class DevProblemsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesOn_data()
    {
        QTest::addColumn<Files>("files");
        QTest::addColumn<Words>("words");
        QTest::addColumn<int>("status"); ///< of /a
        QTest::newRow("two files for one route") << Files{{"functions/a.js", function}, {"functions/a.ts", function}}
                                                 << Words{"functions/a.js and functions/a.ts both export onRequest for the route /a."} << 500;
        QTest::newRow("a file and the index of a folder") << Files{{"functions/a.js", function}, {"functions/a/index.js", function}} << Words{"functions/a.js and functions/a/index.js", "/a"} << 500;
        QTest::newRow("a missing file") << Files{{"functions/a.js", "import './nowhere.js';\n" + function}} << Words{"functions/a.js:1:", "Could not resolve \"./nowhere.js\""} << 500;
        QTest::newRow("a missing package") << Files{{"functions/a.js", "import x from '@scope/not-there/deep';\n" + function}}
                                           << Words{"functions/a.js:1:", "Could not resolve \"@scope/not-there/deep\"", "npm install @scope/not-there\n"} << 500;
        QTest::newRow("two mistakes") << Files{{"functions/a.js", "import './nowhere.js';\n" + function}, {"functions/b.js", "import './lost.js';\n" + function}} << Words{"nowhere.js", "lost.js"} << 500;
        QTest::newRow("it throws when it is loaded") << Files{{"functions/a.js", function + "throw new Error('at the top');\n"}} << Words{"functions/a.js:2:", "at the top"} << 500;
        QTest::newRow("_worker.js and functions") << Files{{"functions/a.js", function}, {"public/_worker.js", "export default { fetch: () => new Response('worker') };\n"}}
                                                  << Words{"public/_worker.js answers all requests; the functions folder is ignored."} << 200;
        QTest::newRow("_headers and _redirects") << Files{{"functions/a.js", function}, {"public/_headers", "/*\n  X A\n  Good: 1\n"}, {"public/_redirects", "/from\n/ok /there\n"}}
                                                 << Words{"public/_headers:2: \"X A\" is left out: ", "public/_redirects:1: \"/from\" is left out: ", "1 header rule", "1 redirect rule"} << 200;
    }
    void goesOn()
    {
        QFETCH(Files, files);
        QFETCH(Words, words);
        QFETCH(int, status);
        const Project project;
        project.write("public/index.html", "hello");
        for (auto it = files.cbegin(); it != files.cend(); ++it)
            project.write(it.key().constData(), it.value().toStdString());
        Dev dev(project, {QStringLiteral("public"), QStringLiteral("--port"), QStringLiteral("0")});
        const int port = dev.ready();
        QVERIFY2(port > 0, dev.err().constData());
        for (const QByteArray &word : words)
            QVERIFY2(dev.prints(word), (word + " is not in: " + dev.out() + dev.err()).constData());
        const Reply reply = get(port, "/a");
        QCOMPARE(reply.status, status);
        QVERIFY2(status == 200 || reply.body.find(words.back().trimmed().toStdString()) != std::string::npos, reply.body.c_str());
        if (status == 500) { // mended, it serves
            for (const char *name : {"functions/a.ts", "functions/a/index.js", "functions/b.js"})
                project.remove(name);
            project.write("functions/a.js", function.toStdString());
        }
        QVERIFY(Dev::waitFor([&] { return get(port, "/a").status == 200; }));
    }

    void ends_data()
    {
        QTest::addColumn<Files>("files");
        QTest::addColumn<QStringList>("flags");
        QTest::addColumn<Words>("words");
        QTest::newRow("no such directory") << Files{} << QStringList{QStringLiteral("nowhere")} << Words{"The directory to serve does not exist: ", "/nowhere. Build the project first, or name the right one."};
        QTest::newRow("no such directory in the file") << Files{{"wrangler.toml", "name = \"x\"\npages_build_output_dir = \"out\"\n"}} << QStringList{}
                                                       << Words{"/out. Build the project first, or correct pages_build_output_dir."};
        QTest::newRow("a file in place of a directory") << Files{} << QStringList{QStringLiteral("public/index.html")} << Words{"is not a directory: ", "public/index.html"};
        QTest::newRow("_routes.json is no JSON") << Files{{"functions/a.js", function}, {"public/_routes.json", "{\n  \"version\": 1,\n  \"include\": [\"/*\",,\n"}} << QStringList{QStringLiteral("public")}
                                                 << Words{"public/_routes.json:3:20: ", "it is not JSON."};
        QTest::newRow("a rule of _routes.json") << Files{{"functions/a.js", function}, {"public/_routes.json", "{\"version\": 1,\n \"include\": [\"/*\",\n\"nope\"], \"exclude\": []}"}}
                                                << QStringList{QStringLiteral("public")} << Words{"public/_routes.json:3:1: ", "the rule \"nope\" of \"include\" does not begin with a slash."};
        QTest::newRow("an overlapping rule of _routes.json") << Files{{"functions/a.js", function}, {"public/_routes.json", "{\"version\":1,\"include\":[\"/*\",\n\"/a/b\"],\"exclude\":[]}"}}
                                                             << QStringList{QStringLiteral("public")} << Words{"public/_routes.json:2:1: ", "the rule \"/a/b\" is part of \"/*\". Remove it."};
    }
    void ends()
    {
        QFETCH(Files, files);
        QFETCH(QStringList, flags);
        QFETCH(Words, words);
        const Project project;
        project.write("public/index.html", "hello");
        for (auto it = files.cbegin(); it != files.cend(); ++it)
            project.write(it.key().constData(), it.value().toStdString());
        Dev dev(project, flags + QStringList{QStringLiteral("--port"), QStringLiteral("0")});
        QCOMPARE(dev.status(), 1);
        for (const QByteArray &word : words)
            QVERIFY2(dev.err().contains(word), (word + " is not in: " + dev.err()).constData());
    }
};

QTEST_GUILESS_MAIN(DevProblemsTest)
#include "t_devproblems.moc"
