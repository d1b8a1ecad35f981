// SPDX-License-Identifier: GPL-3.0-or-later
// Syntax of ES2022 to ES2026 goes through the bundler and runs.
#include "core/functions/bundler.h"
#include "tests/core/runtime/workerharness.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace cleat;
namespace fs = std::filesystem;

class LanguageTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void syntax_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("answer");
        const auto row = [](const char *name, const char *code, const char *answer) { QTest::newRow(name) << QString::fromUtf8(code) << QString::fromUtf8(answer); };
        row("class fields", "class A { x = 1; static y = 2; #z = 3; get z() { return this.#z } } return [new A().x, A.y, new A().z]", "[1,2,3]");
        row("static blocks", "class A { static n; static { A.n = 5 } } return A.n", "5");
        row("private in", "class A { #x; static has(o) { return #x in o } } return [A.has(new A()), A.has({})]", "[true,false]");
        row("private methods", "class A { #m() { return 1 } static #s() { return 2 } t() { return this.#m() + A.#s() } } return new A().t()", "3");
        row("accessors", "class A { accessor x = 1 } const a = new A(); a.x++; return a.x", "2");
        row("decorators", "const log = []; const d = (v, c) => { log.push(c.kind + c.name) }; class A { @d m() {} @d f = 1 } return log", "[\"methodm\",\"fieldf\"]");
        row("logical assignment", "let a = null; a ?\?= 1; let b = 1; b &&= 2; return [a, b]", "[1,2]");
        row("optional catch, chaining", "try { throw 1 } catch { return null?.x?.[1]?.() ?? 'none' }", "\"none\"");
        row("numeric separators, bigint", "return [1_000, String(2n ** 64n)]", "[1000,\"18446744073709551616\"]");
        row("using", "const seen = []; { using a = { [Symbol.dispose]() { seen.push('a') } }; seen.push('in') } return seen", "[\"in\",\"a\"]");
        row("await using", "const seen = []; { await using a = { async [Symbol.asyncDispose]() { seen.push('a') } }; seen.push('in') } return seen", "[\"in\",\"a\"]");
        row("using suppresses", "try { using a = { [Symbol.dispose]() { throw 2 } }; throw 1 } catch (e) { return [e.name, e.error, e.suppressed] }", "[\"SuppressedError\",2,1]");
        row("regexp indices, sticky, named", "return /(?<y>b)/d.exec('ab').indices.groups.y", "[1,2]");
        row("regexp look-behind, s, u", "return [/(?<=a)b/.test('ab'), /a.b/s.test('a\\nb'), /\\p{Lu}/u.test('\\u00c4')]", "[true,true,true]");
        row("async iteration", "async function* g() { yield 1; yield 2 } const out = []; for await (const x of g()) out.push(x); return out", "[1,2]");
        row("import attributes", "return json.a", "7");
        row("top-level await", "return top", "8");
    }

    void syntax()
    {
        QFETCH(QString, code);
        QFETCH(QString, answer);
        QTemporaryDir folder;
        const fs::path project = folder.path().toStdString();
        fs::create_directories(project / "functions");
        std::ofstream(project / "functions/data.json") << "{\"a\": 7}";
        std::ofstream(project / "functions/index.js") << "import json from './data.json' with { type: 'json' };\nconst top = await Promise.resolve(8);\nvoid json;\nexport async function onRequest() {\nconst run = async () => {"
                                                      << code.toStdString() << "};\nreturn Response.json(await run());\n}\n";
        const auto bundle = functions::Bundler(CLEAT_ESBUILD_BINARY).build(project);
        QVERIFY2(bundle, bundle ? "" : bundle.error().message.c_str());
        test::WorkerHarness harness;
        const auto loaded = harness.loadHandlers(bundle->code, {{"index.js", "onRequest"}});
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        const auto got = harness.fetch();
        QCOMPARE(QString::fromStdString(got.body), answer);
    }
};

QTEST_GUILESS_MAIN(LanguageTest)
#include "t_language.moc"
