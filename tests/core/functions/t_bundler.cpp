// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"
#include "core/functions/bundler.h"
#include "core/functions/esbuild.h"

#include <nlohmann/json.hpp>

#include <QDir>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <fstream>

using namespace cleat::functions;
namespace fs = std::filesystem;

namespace {

fs::path esbuild()
{
    if (qEnvironmentVariableIsSet("CLEAT_ESBUILD"))
        return qEnvironmentVariable("CLEAT_ESBUILD").toStdString();
    for (const char *place : {CLEAT_BINARY_DIR "/esbuild", CLEAT_SOURCE_DIR "/build/deps/npm/node_modules/@esbuild/linux-x64/bin/esbuild",
             CLEAT_SOURCE_DIR "/build/deps/npm/node_modules/@esbuild/linux-arm64/bin/esbuild"}) {
        if (fs::exists(place))
            return place;
    }
    return QStandardPaths::findExecutable(QStringLiteral("esbuild")).toStdString();
}

void write(const fs::path &path, std::string_view content)
{
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
}

// "GET /api [api.ts:onRequestGet]", a route a line.
QString brief(const Bundle &bundle)
{
    std::string out;
    for (const Route &route : bundle.routes) {
        out += (route.method.empty() ? "*" : route.method) + " " + route.path;
        for (const auto &[file, name] : route.middlewares)
            out += " (" + file + ":" + name + ")";
        for (const auto &[file, name] : route.modules)
            out += " [" + file + ":" + name + "]";
        out += '\n';
    }
    return text(out);
}

/// Empty: there is no such file, or nothing in it yet.
QString pidIn(const fs::path &file)
{
    std::ifstream stream(file);
    std::string pid;
    return std::getline(stream, pid) ? text(pid) : QString();
}

QStringList temporaryFolders()
{
    return QDir(QDir::tempPath()).entryList({QStringLiteral("cleat-build-*")}, QDir::Dirs);
}

std::vector<std::string> everything(const fs::path &folder)
{
    std::vector<std::string> names;
    for (const auto &entry : fs::recursive_directory_iterator(folder))
        names.push_back(entry.path().string());
    std::ranges::sort(names);
    return names;
}

} // namespace

class TestBundler final : public QObject
{
    Q_OBJECT

    QTemporaryDir m_scratch;
    std::unique_ptr<QTemporaryDir> m_temporary;
    fs::path m_project;
    fs::path m_functions;

    cleat::base::Result<Bundle> build() const { return Bundler(esbuild()).build(m_project, NodeCompat::Full); }
    Bundle built() const
    {
        auto bundle = build();
        if (!bundle)
            QTest::qFail(bundle.error().message.c_str(), __FILE__, __LINE__);
        return bundle.value_or(Bundle{});
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(!esbuild().empty(), "set CLEAT_ESBUILD to esbuild's binary");
        // A temporary folder of its own, so that what others build at the same time is not taken for what is left behind.
        QVERIFY(m_scratch.isValid());
        qputenv("TMPDIR", m_scratch.path().toUtf8());
    }

    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_project = fs::canonical(m_temporary->path().toStdString()) / "my project";
        m_functions = m_project / "functions";
        fs::create_directories(m_project);
    }

    void project()
    {
        write(m_functions / "_middleware.ts", "export const onRequest: PagesFunction[] = [(c) => c.next()];\n");
        write(m_functions / "api/[id].ts", "import { text } from '../../lib/text';\nexport async function onRequestGet() { return text<string>('x'); }\n");
        write(m_functions / "api/[[rest]].tsx", "export { handle as onRequest } from '../../lib/text';\n");
        write(m_functions / "page.jsx", "const h = () => 1;\nexport const onRequestPost = () => new Response(String(/* @jsx h */ 1));\n");
        write(m_functions / "helper.ts", "export const helper = 1;\n");
        write(m_functions / "notes.md", "onRequest export");
        write(m_project / "lib/text.ts", "import type { T } from './types';\nexport const text = <T>(t: T) => new Response(String(t));\nexport const handle = () => "
                                         "text(1);\n");
        write(m_project / "lib/types.ts", "export type T = number;\n");
        const auto before = everything(m_project);
        const QStringList folders = temporaryFolders();
        const Bundle bundle = built();
        QCOMPARE(brief(bundle),
            QStringLiteral("GET /api/:id [api/[id].ts:onRequestGet]\n* /api/:rest* [api/[[rest]].tsx:onRequest]\nPOST /page [page.jsx:onRequestPost]\n"
                           "* / (_middleware.ts:onRequest)\n"));
        QVERIFY(bundle.code.find("export {") != std::string::npos);
        QVERIFY(bundle.code.find("helper") == std::string::npos);
        QVERIFY(bundle.code.find("sourceMappingURL") == std::string::npos);
        QVERIFY(bundle.warnings.empty());

        const auto map = cleat::base::Json::parse(bundle.sourceMap);
        QCOMPARE(map["version"].get<int>(), 3);
        std::vector<std::string> sources = map["sources"];
        QVERIFY(std::ranges::find(sources, "functions/api/[id].ts") != sources.end());
        QVERIFY(std::ranges::find(sources, "lib/text.ts") != sources.end());
        QCOMPARE(map["sourcesContent"].size(), sources.size());

        QVERIFY(std::ranges::find(bundle.inputs, m_functions / "api/[id].ts") != bundle.inputs.end());
        QVERIFY(std::ranges::find(bundle.inputs, m_project / "lib/text.ts") != bundle.inputs.end());
        QVERIFY(std::ranges::all_of(bundle.inputs, [](const fs::path &path) { return fs::is_regular_file(path) && path.is_absolute(); }));
        QCOMPARE(everything(m_project), before);
        QCOMPARE(temporaryFolders(), folders);
    }

    void exports_data()
    {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QString>("routes");
        const auto row = [](const char *name, const char *source, const char *routes) {
            QTest::newRow(name) << QByteArray(source) << QString::fromLatin1(routes);
        };
        row("const", "export const onRequest = () => 1", "* /a [a.ts:onRequest]\n");
        row("later in a list", "export const a = 1, onRequestPut = () => 1", "PUT /a [a.ts:onRequestPut]\n");
        row("renamed", "const x = () => 1; export { x as onRequestGet }", "GET /a [a.ts:onRequestGet]\n");
        row("destructured", "export const { onRequest } = { onRequest: () => 1 }", "* /a [a.ts:onRequest]\n");
        row("all of another file", "export * from '../lib/handlers'", "GET /a [a.ts:onRequestGet]\n");
        row("all, with a comment", "export/* x */ * from '../lib/handlers'", "GET /a [a.ts:onRequestGet]\n");
        row("all, unknown until run", "export * from 'node:fs'; export const onRequestGet = () => 1;", "GET /a [a.ts:onRequestGet]\n");
        row("only a type", "export type onRequest = string; export const x = 1", "");
        row("only a type, from elsewhere", "export { type onRequest } from '../lib/handlers'; export const y = 2", "");
        row("only in text", "export const x = 'onRequest' // onRequestGet", "");
        row("imported, not exported", "import { onRequestGet } from '../lib/handlers'; export const x = onRequestGet;", "");
        row("not exported", "const onRequest = 1", "");
        row("default", "export default { onRequest() {} }", "");
        row("CommonJS", "exports.onRequest = () => 1; // export", "");
        row("escaped", "export const on\\u0052equest = () => 1", "* /a [a.ts:onRequest]\n");
        row("empty", "", "");
        row("other handlers", "export const onRequestTrace = 1, onRequestget = 2, onRequestHead = () => 1", "HEAD /a [a.ts:onRequestHead]\n");
    }
    void exports()
    {
        QFETCH(QByteArray, source);
        QFETCH(QString, routes);
        write(m_functions / "a.ts", source.toStdString());
        write(m_project / "lib/handlers.ts", "export const onRequestGet = () => 1; export type onRequest = string;");
        const Bundle bundle = built();
        QCOMPARE(brief(bundle), routes);
        QCOMPARE(bundle.code.empty(), routes.isEmpty());
    }

    // A file that is no route may import what cannot be bundled, as wrangler leaves it out of the bundle.
    void fileThatIsNoRoute()
    {
        write(m_functions / "a.ts", "export const onRequest = () => 1;");
        write(m_functions / "a.test.ts", "import 'not-installed'; import { onRequest } from './a'; export const test = onRequest;");
        QCOMPARE(brief(built()), QStringLiteral("* /a [a.ts:onRequest]\n"));
    }

    void nothingToBuild()
    {
        Bundle bundle = built();
        QVERIFY(bundle.routes.empty() && bundle.code.empty() && bundle.inputs.empty());
        fs::create_directory(m_functions);
        bundle = built();
        QVERIFY(bundle.routes.empty() && bundle.code.empty());
        QCOMPARE(text(Bundler(esbuild()).build(m_project / "missing").error().code), QStringLiteral("bundle.failed"));
    }

    void errors_data()
    {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QString>("message");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        QTest::newRow("syntax") << QByteArray("const a = 1;\nexport const onRequest = (;\n") << QStringLiteral("Unexpected \";\"") << 2 << 27;
        QTest::newRow("missing import") << QByteArray("import x from './nope';\nexport const onRequest = x;\n") << QStringLiteral("Could not resolve \"./nope\"") << 1
                                        << 15;
    }
    void errors()
    {
        QFETCH(QByteArray, source);
        QFETCH(QString, message);
        QFETCH(int, line);
        QFETCH(int, column);
        write(m_functions / "a.ts", source.toStdString());
        const QStringList folders = temporaryFolders();
        const auto bundle = build();
        QVERIFY(!bundle);
        QCOMPARE(text(bundle.error().code), QStringLiteral("bundle.failed"));
        QVERIFY2(text(bundle.error().message).contains(message), bundle.error().message.c_str());
        QCOMPARE(text(bundle.error().place.file), QStringLiteral("functions/a.ts"));
        QCOMPARE(bundle.error().place.line, line);
        QCOMPARE(bundle.error().place.column, column);
        QCOMPARE(temporaryFolders(), folders);
    }

    void routeErrors()
    {
        write(m_functions / "a.ts", "export const onRequest = () => 1;");
        write(m_functions / "a/index.js", "export const onRequest = () => 1;");
        const auto bundle = build();
        QVERIFY(!bundle);
        QCOMPARE(text(bundle.error().code), QStringLiteral("routes.conflict"));
        QVERIFY(text(bundle.error().message).contains(QStringLiteral("functions/a.ts and functions/a/index.js")));
    }

    void loaders()
    {
        write(m_functions / "a.js",
            "import t from './t.txt'; import s from './s.sql'; import h from './h.html'; import b from './b.bin'; import j from './j.json';\n"
            "import fs from 'node:fs'; import { connect } from 'cloudflare:sockets';\n"
            "export const onRequest = () => [t, s, h, b, j, fs, connect, process.env.NODE_ENV, <div/>];\nconst React = { createElement() {} };\n");
        write(m_functions / "t.txt", "TEXT");
        write(m_functions / "s.sql", "SELECT 1");
        write(m_functions / "h.html", "<p>");
        write(m_functions / "b.bin", "BIN");
        write(m_functions / "j.json", "{\"json\": 1}");
        const Bundle bundle = built();
        for (const char *piece : {"\"TEXT\"", "\"SELECT 1\"", "\"<p>\"", "json: 1", "from \"node:fs\"", "from \"cloudflare:sockets\"", "\"development\"",
                 "React.createElement(\"div\""})
            QVERIFY2(bundle.code.find(piece) != std::string::npos, piece);
        QVERIFY(std::ranges::find(bundle.inputs, m_functions / "t.txt") != bundle.inputs.end());
    }

    void nodeModules()
    {
        using cleat::functions::NodeCompat;
        write(m_functions / "a.js", "import fs from 'fs'; import 'node:path'; const u = require('util'); const p = require('node:events');\nexport const onRequest = () => [fs, u, p];\n");
        const auto with = [&](NodeCompat node) { return Bundler(esbuild()).build(m_project, node); };
        const auto full = with(NodeCompat::Full);
        QVERIFY2(full, full ? "" : full.error().message.c_str());
        for (const char *piece : {"from \"node:fs\"", "\"node:path\"", "require(\"node:util\")", "require(\"node:events\")", "createRequire"})
            QVERIFY2(full->code.find(piece) != std::string::npos, piece);
        QVERIFY(full->warnings.empty());

        const auto prefixed = with(NodeCompat::Prefixed);
        QVERIFY(!prefixed);
        QVERIFY(text(prefixed.error().message).contains(QStringLiteral("- Make sure to prefix the module name with \"node:\" or update your compatibility_date to 2024-09-23 or later.")));
        const auto none = with(NodeCompat::None);
        QVERIFY(!none);
        QVERIFY(text(none.error().message).contains(QStringLiteral("The package \"fs\" wasn't found on the file system but is built into node.\n- Add the \"nodejs_compat\" compatibility flag to your project.")));

        write(m_functions / "a.js", "import fs from 'node:fs'; import { AsyncLocalStorage } from 'node:async_hooks';\nexport const onRequest = () => [fs, AsyncLocalStorage];\n");
        for (const auto &[node, count] : {std::pair{NodeCompat::None, 2}, {NodeCompat::AsyncLocalStorage, 1}, {NodeCompat::Prefixed, 0}, {NodeCompat::Full, 0}}) {
            const auto bundle = with(node);
            QVERIFY2(bundle, bundle ? "" : bundle.error().message.c_str());
            QCOMPARE(static_cast<int>(bundle->warnings.size()), count);
            QCOMPARE(bundle->node, node);
            if (count > 0)
                QVERIFY(text(bundle->warnings.back().message).endsWith(QStringLiteral("Imported from:\n - functions/a.js")));
        }
    }

    void parts()
    {
        write(m_functions / "a.js", "import w from './m.wasm'; import v from '../lib/m.wasm?module'; import b from './b.bin';\nexport const onRequest = async () => [w, v, b, await import('./m.wasm')];\n");
        write(m_functions / "m.wasm", "one");
        write(m_project / "lib/m.wasm", "two");
        write(m_functions / "b.bin", "BIN");
        const auto bundle = build();
        QVERIFY2(bundle, bundle ? "" : bundle.error().message.c_str());
        QCOMPARE(bundle->parts.size(), std::size_t{3});
        std::string bytes;
        for (const BundlePart &part : bundle->parts) {
            bytes += part.bytes + ' ';
            QVERIFY2(bundle->code.find(part.name) != std::string::npos, part.name.c_str());
            QCOMPARE(part.kind == BundlePart::Kind::Wasm, part.name.ends_with(".wasm"));
        }
        QVERIFY2(bytes.find("one ") != std::string::npos && bytes.find("two ") != std::string::npos && bytes.starts_with("BIN "), bytes.c_str());
        const auto isInput = [&](const fs::path &path) { return std::ranges::find(bundle->inputs, fs::canonical(path)) != bundle->inputs.end(); };
        QVERIFY(isInput(m_functions / "m.wasm") && isInput(m_project / "lib/m.wasm") && isInput(m_functions / "b.bin"));
    }

    void worker()
    {
        QVERIFY(workerScript(m_project / "dist").empty());
        write(m_project / "dist/_worker.js", "import { name } from '../lib/name.ts';\nexport default { fetch() { return new Response(name); } };\nexport class Named {}\n");
        write(m_project / "lib/name.ts", "export const name: string = 'n';\n");
        const fs::path script = workerScript(m_project / "dist");
        QCOMPARE(text(script.filename().string()), QStringLiteral("_worker.js"));
        const auto bundle = Bundler(esbuild()).buildWorker(m_project, script);
        QVERIFY2(bundle, bundle ? "" : bundle.error().message.c_str());
        QVERIFY(bundle->kind == Bundle::Kind::Worker);
        QVERIFY(bundle->code.find("Named") != std::string::npos);
        QCOMPARE(brief(*bundle), QStringLiteral("* /cdn-cgi/handler/scheduled [_worker.js:scheduled]\n* /cdn-cgi/local/scheduled [_worker.js:scheduled]\n* /:path* [_worker.js:fetch]\n"));
        QCOMPARE(bundle->inputs.size(), std::size_t{2});
        QVERIFY(bundle->sourceMap.find("\"dist/_worker.js\"") != std::string::npos);

        write(m_project / "dist/_worker.js", "addEventListener('fetch', () => {});\n");
        const auto listener = Bundler(esbuild()).buildWorker(m_project, script, NodeCompat::None, Bundler::Form::ModuleOrScript);
        QVERIFY2(listener, listener ? "" : listener.error().message.c_str());
        QVERIFY(listener->warnings.empty());
        QVERIFY2(listener->code.find("__toESM") == std::string::npos, listener->code.c_str()); // no CommonJS module, which would have a default export
        write(m_project / "dist/_worker.js", "module.exports = { fetch() { return new Response('c'); } };\n");
        const auto common = Bundler(esbuild()).buildWorker(m_project, script, NodeCompat::None, Bundler::Form::ModuleOrScript);
        QVERIFY2(common, common ? "" : common.error().message.c_str());
        QVERIFY2(common->code.find("module.exports = {") != std::string::npos && common->code.find("__toESM") != std::string::npos, common->code.c_str());
        write(m_project / "dist/_worker.js", "export default (;\n");
        const auto broken = Bundler(esbuild()).buildWorker(m_project, script);
        QVERIFY(!broken);
        QCOMPARE(text(broken.error().place.file), QStringLiteral("dist/_worker.js"));

        fs::remove(m_project / "dist/_worker.js");
        write(m_project / "dist/_worker.js/index.js", "import './chunk.js';\nexport default { async fetch() { return (await import('./chunk.js')).answer; } };\n");
        write(m_project / "dist/_worker.js/chunk.js", "export const answer = 1;\n");
        const auto folder = Bundler(esbuild()).buildWorker(m_project, workerScript(m_project / "dist"));
        QVERIFY2(folder, folder ? "" : folder.error().message.c_str());
        QCOMPARE(folder->inputs.size(), std::size_t{2});
    }

    void newSyntaxIsLowered()
    {
        write(m_functions / "a.ts", "export const onRequest = () => { using x = { [Symbol.dispose]() {} }; class A { @d accessor p = 1; static { } } return [x, A]; };\n"
                                    "function d() {}\n");
        const Bundle bundle = built();
        QVERIFY(bundle.code.find("using x") == std::string::npos);
        QVERIFY(bundle.code.find("@d") == std::string::npos);
    }

    void warningsAreKept()
    {
        write(m_functions / "a.ts", "export const onRequest = (context) => typeof context === 'nmber';\n");
        const Bundle bundle = built();
        QCOMPARE(bundle.warnings.size(), std::size_t{1});
        QCOMPARE(text(bundle.warnings[0].place.file), QStringLiteral("functions/a.ts"));
    }

    void oddNames()
    {
        write(m_functions / "a \"b\" \xC3\xA9.ts", "export const onRequest = () => 1;");
        QCOMPARE(brief(built()), QStringLiteral("* /a \"b\" \u00e9 [a \"b\" \u00e9.ts:onRequest]\n"));
    }

    void projectThroughALink()
    {
        write(m_functions / "a.ts", "import '../../shared';\nexport const onRequest = () => 1;");
        write(m_project / "../shared.ts", "globalThis.x = 1;");
        const fs::path link = m_project.parent_path() / "elsewhere" / "link";
        fs::create_directories(link.parent_path());
        fs::create_directory_symlink(m_project, link);
        const auto bundle = Bundler(esbuild()).build(link);
        QVERIFY2(bundle.has_value(), bundle ? "" : bundle.error().message.c_str());
        QVERIFY(std::ranges::find(bundle->inputs, m_project.parent_path() / "shared.ts") != bundle->inputs.end());
        QVERIFY(bundle->sourceMap.find("\"../shared.ts\"") != std::string::npos);
    }

    void sample()
    {
        const auto bundle = Bundler(esbuild()).build(CLEAT_SOURCE_DIR "/resources/sample");
        QVERIFY2(bundle.has_value(), bundle ? "" : bundle.error().message.c_str());
        QVERIFY(bundle->warnings.empty());
        QCOMPARE(brief(*bundle),
            QStringLiteral("DELETE /api/tasks/:id [api/tasks/[id].ts:onRequestDelete]\nPATCH /api/tasks/:id [api/tasks/[id].ts:onRequestPatch]\n"
                           "GET /api/tasks [api/tasks/index.ts:onRequestGet]\nPOST /api/tasks [api/tasks/index.ts:onRequestPost]\n"
                           "GET /files/:name [files/[name].ts:onRequestGet]\nPUT /files/:name [files/[name].ts:onRequestPut]\n"
                           "GET /error [error.ts:onRequestGet]\nGET /hello [hello.ts:onRequestGet]\nGET /visits [visits.ts:onRequestGet]\n* / (_middleware.ts:onRequest)\n"));
    }

    void missingBinary()
    {
        write(m_functions / "a.ts", "export const onRequest = () => 1;");
        const auto bundle = Bundler("/nonexistent/esbuild").build(m_project);
        QVERIFY(!bundle);
        QCOMPARE(text(bundle.error().code), QStringLiteral("bundle.esbuild-missing"));
    }

    void hangingBinaryIsEnded()
    {
        write(m_project / "hang", "#!/bin/sh\nexec sleep 100\n");
        fs::permissions(m_project / "hang", fs::perms::owner_all);
        QElapsedTimer timer;
        timer.start();
        const auto run = runEsbuild(m_project / "hang", m_project, {}, "x", std::chrono::milliseconds(300));
        QVERIFY(!run);
        QCOMPARE(text(run.error().code), QStringLiteral("bundle.failed"));
        QVERIFY(timer.elapsed() < 30000);
    }

    /// An esbuild that waits for the next build gives what a new one gives, or is not used.
    void preparedBuilds()
    {
        const QStringList before = temporaryFolders();
        {
            const fs::path script = m_project / "esbuild";
            write(script, "#!/bin/sh\necho $$ > '" + (m_project / "pid").string() + "'\nexec '" + esbuild().string() + "' \"$@\"\n");
            fs::permissions(script, fs::perms::owner_all);
            Bundler bundler(script);
            bundler.prepareNext(); // for nothing yet
            write(m_functions / "a.ts", "export const onRequest = () => 'one';");
            const auto first = bundler.build(m_project);
            QVERIFY2(first && first->code.find("\"one\"") != std::string::npos, first ? first->code.c_str() : first.error().message.c_str());
            bundler.prepareNext();
            bundler.prepareNext(); // there is one
            QTRY_VERIFY(!pidIn(m_project / "pid").isEmpty());
            write(m_functions / "a.ts", "export const onRequest = () => 'two';");
            write(m_functions / "b.ts", "export const onRequestGet = () => 'b';");
            const auto second = bundler.build(m_project);
            QVERIFY2(second && second->code.find("\"two\"") != std::string::npos, second ? second->code.c_str() : second.error().message.c_str());
            QCOMPARE(second->routes.size(), std::size_t{2});

            // Killed while it waits.
            fs::remove(m_project / "pid");
            bundler.prepareNext();
            QTRY_VERIFY(!pidIn(m_project / "pid").isEmpty());
            QCOMPARE(::kill(pidIn(m_project / "pid").toInt(), SIGKILL), 0);
            write(m_functions / "a.ts", "export const onRequest = () => 'three';");
            const auto third = bundler.build(m_project);
            QVERIFY2(third && third->code.find("\"three\"") != std::string::npos, third ? third->code.c_str() : third.error().message.c_str());

            // Prepared for something else.
            bundler.prepareNext();
            write(m_functions / "a.ts", "import { ok } from 'node:assert'; export const onRequest = () => ok(1);");
            const auto node = bundler.build(m_project, NodeCompat::Full);
            QVERIFY2(node && node->node == NodeCompat::Full, node ? "" : node.error().message.c_str());
            bundler.prepareNext();
            write(m_project / "other/functions/c.ts", "export const onRequest = () => 'other';");
            const auto other = bundler.build(m_project / "other");
            QVERIFY2(other && other->code.find("\"other\"") != std::string::npos, other ? other->code.c_str() : other.error().message.c_str());
            bundler.prepareNext();
        }
        QCOMPARE(temporaryFolders(), before);
    }

    void speed_data()
    {
        QTest::addColumn<int>("files");
        QTest::newRow("5 files") << 5;
        QTest::newRow("200 files") << 200;
    }
    void speed()
    {
        QFETCH(int, files);
        for (int i = 0; i < files; ++i) {
            std::string source = "import { answer } from '../../lib/answer';\n";
            for (int line = 0; line < 40; ++line)
                source.append("const value").append(std::to_string(line)).append(": number = ").append(std::to_string(i)).append(";\n");
            source += "export const onRequestGet: PagesFunction = () => answer(value3 + value4);\n";
            source += "export const onRequestPost: PagesFunction = () => answer(value5);\n";
            write(m_functions / (std::string("part") + std::to_string(i % 20)) / (std::string("f") + std::to_string(i) + ".ts"), source);
        }
        write(m_project / "lib/answer.ts", "export const answer = (n: number) => new Response(String(n));\n");
        Bundler bundler(esbuild());
        qint64 best = 1'000'000;
        for (int round = 0; round < 5; ++round) {
            QElapsedTimer timer;
            timer.start();
            const auto bundle = bundler.build(m_project);
            best = std::min(best, timer.nsecsElapsed() / 1000);
            QVERIFY(bundle && bundle->routes.size() == static_cast<std::size_t>(files) * 2);
        }
        qInfo("%d files: %.1f ms", files, static_cast<double>(best) / 1000);
        QVERIFY(best < 2'000'000);
    }
};

QTEST_GUILESS_MAIN(TestBundler)
#include "t_bundler.moc"
