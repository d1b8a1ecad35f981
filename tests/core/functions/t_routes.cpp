// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/routepattern.h"
#include "core/functions/routes.h"
#include "core/functions/urlpath.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTest>

#include <fstream>
#include <sstream>

using namespace cleat::functions;

namespace {

// A golden file has three parts, each under a line of its own:
//   == files      a file and its exports a line
//   == routes     the table as it must come out, or one line "error CODE"
//   == requests   "GET /path", and below it the steps as they must come out, indented
// CLEAT_UPDATE_GOLDEN=1 in the environment writes what comes out.
struct Golden {
    std::string comment;
    std::vector<FunctionFile> files;
    std::vector<std::string> fileLines;
    std::vector<std::pair<std::string, std::string>> requests;
};

Golden parse(const std::string &text)
{
    Golden golden;
    std::string part;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string first;
        if (line.starts_with("== ")) {
            part = line.substr(3);
        } else if (part.empty()) {
            golden.comment += line + '\n';
        } else if (part == "files" && words >> first) {
            golden.fileLines.push_back(line);
            FunctionFile file{first, {}};
            for (std::string name; words >> name;)
                file.exports.push_back(name);
            golden.files.push_back(std::move(file));
        } else if (part == "requests" && !line.starts_with(' ') && words >> first) {
            std::string path;
            words >> path;
            golden.requests.emplace_back(first, path);
        }
    }
    return golden;
}

std::string list(const std::vector<std::pair<std::string, std::string>> &handlers)
{
    std::string out = "[";
    for (const auto &[file, name] : handlers)
        out += (out.size() > 1 ? " " : "") + file + ":" + name;
    return out + "]";
}

std::string render(const Golden &golden)
{
    std::string out = golden.comment + "== files\n";
    for (const std::string &line : golden.fileLines)
        out += line + '\n';
    out += "== routes\n";
    const auto routes = buildRoutes(golden.files);
    if (!routes)
        return out + "error " + routes.error().code + '\n' + "  " + routes.error().message + '\n';
    for (const Route &route : *routes) {
        out += route.path + " " + (route.method.empty() ? "*" : route.method) + " mount " + route.mount + " middlewares " + list(route.middlewares) +
            " modules " + list(route.modules) + '\n';
    }
    out += "== requests\n";
    const Router router(*routes);
    for (const auto &[method, path] : golden.requests) {
        out += method + " " + path + '\n';
        for (const Step &step : router.match(method, path)) {
            out += "  " + step.file + ":" + step.exportName + " at \"" + step.functionPath + "\"";
            for (const Parameter &parameter : step.parameters) {
                out.append(" ").append(parameter.name).append("=");
                if (parameter.kind == Parameter::Kind::Single) {
                    out += parameter.values.front();
                    continue;
                }
                std::string values;
                for (const std::string &value : parameter.values)
                    values += (values.empty() ? "" : ",") + value;
                out.append("[").append(values).append("]");
            }
            out += '\n';
        }
    }
    return out;
}

std::vector<Route> routesOf(const std::vector<FunctionFile> &files)
{
    auto routes = buildRoutes(files);
    if (!routes)
        qFatal("%s", routes.error().message.c_str());
    return *std::move(routes);
}

} // namespace

class TestRoutes final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void golden_data()
    {
        QTest::addColumn<QString>("path");
        const QDir folder(QStringLiteral(CLEAT_TESTS_DIR "/golden/routes"));
        const QStringList names = folder.entryList({QStringLiteral("*.txt")}, QDir::Files, QDir::Name);
        QVERIFY(!names.isEmpty());
        for (const QString &name : names)
            QTest::newRow(qPrintable(name)) << folder.filePath(name);
    }
    void golden()
    {
        QFETCH(QString, path);
        std::ostringstream content;
        content << std::ifstream(path.toStdString(), std::ios::binary).rdbuf();
        const std::string before = content.str();
        const std::string now = render(parse(before));
        if (qEnvironmentVariableIsSet("CLEAT_UPDATE_GOLDEN") && now != before)
            std::ofstream(path.toStdString(), std::ios::binary | std::ios::trunc) << now;
        QCOMPARE(QString::fromStdString(now), QString::fromStdString(before));
    }

    void orderOfFilesDoesNotMatter()
    {
        std::vector<FunctionFile> files{{"api.ts", {"onRequest"}}, {"api/_middleware.ts", {"onRequest"}}, {"[id].ts", {"onRequestGet"}},
            {"[name].ts", {"onRequestGet"}}, {"index.js", {"onRequest"}}};
        const auto routes = routesOf(files);
        std::ranges::reverse(files);
        QVERIFY(routesOf(files) == routes);
    }

    void paths_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("normal");
        QTest::newRow("plain") << QByteArray("/a/b") << QByteArray("/a/b");
        QTest::newRow("root") << QByteArray("/") << QByteArray("/");
        QTest::newRow("hidden file") << QByteArray("/.well-known/x..y") << QByteArray("/.well-known/x..y");
        QTest::newRow("up") << QByteArray("/a/../b") << QByteArray("/b");
        QTest::newRow("above the root") << QByteArray("/../../b") << QByteArray("/b");
        QTest::newRow("here at the end") << QByteArray("/a/.") << QByteArray("/a/");
        QTest::newRow("up at the end") << QByteArray("/a/b/..") << QByteArray("/a/");
        QTest::newRow("encoded dots") << QByteArray("/a/%2E%2e/b/.%2e/c") << QByteArray("/c");
        QTest::newRow("backslash") << QByteArray("\\a\\..\\b") << QByteArray("/b");
        QTest::newRow("kept encodings") << QByteArray("/a%2fb%20c") << QByteArray("/a%2fb%20c");
        QTest::newRow("encodes") << QByteArray("/\"<\xC3\xA9>") << QByteArray("/%22%3C%C3%A9%3E");
        QTest::newRow("empty segments") << QByteArray("//a//") << QByteArray("//a//");
    }
    void paths()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, normal);
        QCOMPARE(QByteArray::fromStdString(normalizedPath(path.toStdString())), normal);
        QCOMPARE(isNormalizedPath(path.toStdString()), path == normal);
        QVERIFY(isNormalizedPath(normal.toStdString()));
    }

    // A middleware that guards a folder runs however the path is spelled.
    void noWayAroundAMiddleware()
    {
        const Router router(routesOf({{"admin/_middleware.ts", {"onRequest"}}, {"admin/users.ts", {"onRequest"}}}));
        for (const char *path : {"/admin/users", "/x/../admin/users", "//admin//users", "/ADMIN/users", "/admin", "/admin/", "/x\\..\\admin\\users",
                 "/%2e/admin/nothing"}) {
            const auto steps = router.match("GET", path);
            QVERIFY2(!steps.empty() && steps.front().file == "admin/_middleware.ts", path);
        }
        QVERIFY(router.match("GET", "/administrator").empty());
    }

    // A path of thousands of segments against several wildcards must not explode.
    void manyWildcardsStayFast()
    {
        const Router router(routesOf({{"[[a]]/x/[[b]]/y/[[c]]/z.ts", {"onRequest"}}}));
        std::string path;
        for (int i = 0; i < 1000; ++i)
            path += "/x/y";
        QElapsedTimer timer;
        timer.start();
        QVERIFY(router.match("GET", path).empty());
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
    }

    void speed()
    {
        const std::vector<FunctionFile> few{{"_middleware.ts", {"onRequest"}}, {"index.ts", {"onRequest"}}, {"hello.ts", {"onRequestGet"}},
            {"api/tasks/index.ts", {"onRequestGet", "onRequestPost"}}, {"api/tasks/[id].ts", {"onRequestDelete", "onRequestPatch"}}};
        std::vector<FunctionFile> many;
        for (int i = 0; i < 1000; ++i) {
            const std::string name = std::string("api/part") + std::to_string(i);
            many.push_back({name + "/index.ts", {"onRequestGet"}});
            many.push_back({name + "/[id].ts", {"onRequestGet"}});
        }
        many.push_back({"_middleware.ts", {"onRequest"}});
        for (const auto &[files, path] : {std::pair{few, "/api/tasks/17"}, std::pair{many, "/api/part977/17"}}) {
            const Router router(routesOf(files));
            constexpr int rounds = 10'000;
            std::size_t steps = 0;
            QElapsedTimer timer;
            timer.start();
            for (int i = 0; i < rounds; ++i)
                steps += router.match("GET", path).size();
            const qint64 each = timer.nsecsElapsed() / rounds;
            qInfo("%zu routes: %lld ns a match", router.routes().size(), static_cast<long long>(each));
            QVERIFY(steps >= rounds);
            QVERIFY(each < 200'000); // far above, for sanitizers and busy machines; the line printed is the measurement
        }
    }
};

QTEST_GUILESS_MAIN(TestRoutes)
#include "t_routes.moc"
