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
        row("regexp v", "return [/[\\p{L}--[a-z]]/v.test('A'), /[\\p{L}--[a-z]]/v.test('a'), /[\\w&&\\d]+/gv.exec('ab12')[0], 'x1y2'.replace(/[\\d--2]/gv, '#'), /a/v.flags, /a/v.unicodeSets, /[a--b]/v.source]", "[true,false,\"12\",\"x#y2\",\"v\",true,\"[a--b]\"]");
        row("regexp v, properties of strings", "return [/^\\p{RGI_Emoji}$/v.test('\\u{1F468}\\u{1F3FE}\\u200D\\u2695\\uFE0F'), /^\\p{RGI_Emoji}$/v.test('ab'), /^[\\q{abc|d}x]$/v.test('abc')]", "[true,false,true]");
        row("regexp modifiers", "return [/(?i:a)b/.test('Ab'), /(?i:a)b/.test('AB'), /(?-i:a)b/i.test('aB'), /(?-i:a)b/i.test('AB'), /(?s:.)x(?m:$)/.test('\\nx\\n')]", "[true,false,true,false,true]");
        row("regexp groups of one name", "const r = /(?<y>\\d{4})-\\d\\d|\\d\\d-(?<y>\\d{4})/g; return [r.exec('2024-05').groups.y, '05-2023'.match(/(?<y>\\d{4})-\\d\\d|\\d\\d-(?<y>\\d{4})/).groups.y, [...'2024-05 06-2025'.matchAll(r)].map((m) => m.groups.y), '05-2023'.replace(/(?<y>\\d{4})-\\d\\d|\\d\\d-(?<y>\\d{4})/, '<$<y>>'), r.test('1'), '1-2024-05-3'.split(/(?<a>-)|(?<a>:)/).length]", "[\"2024\",\"2023\",[\"2025\"],\"<2023>\",false,10]");
        row("regexps of today where they look like something else", "const a = 4, g = 2, s = `${/(?i:x)/.test('X')} / (?i:y)`; const t = a /2/ g; return [s, t, '/(?i:z)/', /\\/(?i:[/]q)/.test('//Q'), (() => /(?i:n)/u)().test('N')]", "[\"true / (?i:y)\",1,\"/(?i:z)/\",true,true]");
        row("Float16Array", "const a = new Float16Array([1.5, 65520, -0]); return [a.length, a[0], String(a[1]), Object.is(a[2], -0), [...a.toSorted()].length, ArrayBuffer.isView(a), a instanceof Float16Array, Object.prototype.toString.call(a), Float16Array.name, typeof Float16Array]", "[3,1.5,\"Infinity\",true,3,true,true,\"[object Float16Array]\",\"Float16Array\",\"function\"]");
        row("Float16Array extended", "const F = globalThis.Float16Array ?? Float32Array; class G extends F { get first() { return this[0] } } return [new G([0.1]).first, Object.hasOwn(globalThis, 'Float16Array'), { Float16Array }.Float16Array === F]", "[0.0999755859375,true,true]");
        row("Float16Array replaced", "const before = []; before.push(typeof Float16Array); globalThis.Float16Array = class Mine {}; return [...before, Float16Array.name, delete globalThis.Float16Array, typeof Float16Array]", "[\"function\",\"Mine\",true,\"undefined\"]");
        row("Float16Array replaced unseen", "globalThis.Float16Array = 7; return [Float16Array, Object.getOwnPropertyDescriptor(globalThis, 'Float16Array')]", "[7,{\"value\":7,\"writable\":true,\"enumerable\":false,\"configurable\":true}]");
        row("Float16Array defined unseen", "Object.defineProperty(globalThis, 'Float16Array', { value: 8, enumerable: true, writable: true, configurable: true }); const seen = [Float16Array, Object.keys(globalThis).includes('Float16Array')]; return [...seen, delete globalThis.Float16Array, 'Float16Array' in globalThis]", "[8,true,true,false]");
        row("Float16Array deleted unseen", "return [delete globalThis.Float16Array, typeof Float16Array, ArrayBuffer.isView({}), ArrayBuffer.isView(new DataView(new ArrayBuffer(1)))]", "[true,\"undefined\",false,true]");
        row("Float16Array when the built-ins are broken", "const { apply } = Reflect; Reflect.apply = () => { throw new Error('mine') }; const told = []; try { told.push(typeof Float16Array) } catch (e) { told.push(e.message) } Reflect.apply = apply; told.push(new Float16Array([1.5])[0], ArrayBuffer.isView(new Float16Array(1)), structuredClone({ a: new Float16Array([2]) }).a[0]); return told", "[\"mine\",1.5,true,2]");
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
