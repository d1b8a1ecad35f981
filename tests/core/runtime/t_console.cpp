// SPDX-License-Identifier: GPL-3.0-or-later
// What console's functions put into the log.
#include "tests/core/runtime/workerharness.h"

#include <QElapsedTimer>
#include <QTest>

using namespace cleat;
using test::WorkerHarness;

class ConsoleTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void values_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *code, const char *expected) { QTest::newRow(code) << QString::fromUtf8(code) << QString::fromUtf8(expected); };
        row("'a', 1, true, null, undefined, -0, 1n, Symbol('s')", "a 1 true null undefined -0 1n Symbol(s)");
        row("", "");
        row("'two\\nlines', {a: 'two\\nlines'}", "two\nlines { a: 'two\\nlines' }");
        row("{a: 1, b: 'x', c: [1, 'two', {d: {e: 1}}]}", "{ a: 1, b: 'x', c: [ 1, 'two', { d: { e: 1 } } ] }");
        row("[1, , 3], [], {}, [[]], [undefined], new Array(5)", "[ 1, <1 empty item>, 3 ] [] {} [ [] ] [ undefined ] [ <5 empty items> ]");
        row("new Array(1e9)", "[ <1000000000 empty items> ]");
        row("Object.assign([1], {extra: 2})", "[ 1, extra: 2 ]");
        row("new Map([['k', {v: 1}]]), new Set([1, '2']), new Map()", "Map(1) { 'k' => { v: 1 } } Set(2) { 1, '2' } Map(0) {}");
        row("new Uint8Array([1, 2]), new ArrayBuffer(2), new Float64Array(1)", "Uint8Array(2) [ 1, 2 ] ArrayBuffer { [Uint8Contents]: <00 00>, byteLength: 2 } Float64Array(1) [ 0 ]");
        row("function foo() {}, () => {}, class A {}, class B extends Map {}, async () => {}, function* gen() {}",
            "[Function: foo] [Function (anonymous)] [class A] [class B extends Map] [AsyncFunction (anonymous)] [GeneratorFunction: gen]");
        row("Object.assign(() => {}, {prop: 1})", "[Function (anonymous)] { prop: 1 }");
        row("new Date(0), new Date(NaN), /a/gi", "1970-01-01T00:00:00.000Z Invalid Date /a/gi");
        row("new (class P { x = 1; })(), Object.create(null)", "P { x: 1 } [Object: null prototype] {}");
        row("{get a() { return 1; }, set b(v) {}}", "{ a: [Getter], b: [Setter] }");
        row("{'with-dash': 1, [Symbol('sym')]: 2, 3: 4}", "{ '3': 4, 'with-dash': 1, [Symbol(sym)]: 2 }");
        row("[\"it's\", 'say \"x\"']", "[ \"it's\", 'say \"x\"' ]");
        row("new String('s'), Object(1n)", "[String: 's'] [BigInt: 1n]");
        row("Promise.resolve(1), new Promise(() => {}), new WeakMap()", "Promise { 1 } Promise { <pending> } WeakMap { <items unknown> }");
        row("(() => { const o = {name: 'o'}; o.self = o; return o; })()", "{ name: 'o', self: [Circular] }");
        row("Array.from({length: 8}, (_, i) => i * 5)", "[ 0, 5, 10, 15, 20, 25, 30, 35 ]");
        row("Array.from({length: 101}, (_, i) => i % 10)", "[\n  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5,\n  6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1,\n  2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7,\n"
                                                           "  8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3,\n  4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,\n  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5,\n  6, 7, 8, 9,\n  ... 1 more item\n]");
        row("{a: 'x'.repeat(40), b: 'y'.repeat(40)}", "{\n  a: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',\n  b: 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'\n}");
        row("[1].values(), new Map([[1, 2]]).entries(), new Set([1]).values()", "Object [Array Iterator] {} [Map Iterator] { [ 1, 2 ] } [Set Iterator] { 1 }");
        row("(function () { return arguments; })(1, 2)", "[Arguments] [ 1, 2 ]");
        row("new Headers({a: 'b'}), new URLSearchParams('a=b')", "Headers { 'a' => 'b' } URLSearchParams { 'a' => 'b' }");
        row("'%s is %d and %i %f %j %c%%', 'text', 4.5, 4.5, '1.5', {a: 1}, 'css', 'extra'", "text is 4.5 and 4 1.5 {\"a\":1} % extra");
        row("'%o', {a: 1}", "{ a: 1 }");
        row("'100%', 5", "100% 5");
        row("'%s'", "%s");
        row("{get bad() { throw 1; }}", "{ bad: [Getter] }");
        row("new Proxy({}, {ownKeys() { throw new Error('trap'); }})", "[a value that cannot be shown: trap]");
        row("Object.freeze({a: 1})", "{ a: 1 }");
    }

    void values()
    {
        QFETCH(QString, code);
        QFETCH(QString, expected);
        WorkerHarness harness;
        QVERIFY(harness.load("function onRequest() { console.log(" + code.toStdString() + "); return new Response('x'); }"));
        QCOMPARE(harness.fetch().body, std::string("x"));
        QCOMPARE(QString::fromStdString(harness.console(1)[0]), expected);
    }

    void errors()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("function inner() { return new TypeError('bad', {cause: new RangeError('why')}); }\nfunction onRequest() { const e = inner(); e.code = 5; console.log(e); console.log([new Error('x')].length, 'in', {e: new Error('x')}); return new Response('x'); }"));
        harness.fetch();
        const auto lines = harness.console(2);
        QVERIFY2(lines[0].starts_with("TypeError: bad\n    at inner ("), lines[0].c_str());
        QVERIFY2(lines[0].find("code: 5") != std::string::npos && lines[0].find("[cause]: RangeError: why\n") != std::string::npos, lines[0].c_str());
        QVERIFY2(lines[0].find("cleat:runtime") == std::string::npos, lines[0].c_str());
        QVERIFY2(lines[1].starts_with("1 in {\n  e: Error: x\n"), lines[1].c_str());
    }

    void methods()
    {
        WorkerHarness harness;
        QVERIFY(harness.load(
            "function onRequest() { console.debug('d'); console.log('l'); console.info('i'); console.warn('w'); console.error('e');"
            " console.assert(true, 'no'); console.assert(false, 'yes', 1); console.assert(false);"
            " console.count(); console.count('a'); console.count(); console.countReset(); console.count();"
            " console.group('G'); console.log('in\\nside'); console.groupCollapsed(); console.log('deep'); console.groupEnd(); console.groupEnd(); console.groupEnd(); console.log('out');"
            " console.dir({a: 1}); console.table([{a: 1, b: 'x'}, {a: 2}]); console.table(5); console.trace('here'); console.time('t'); console.timeEnd('t'); console.timeEnd('never');"
            " const {log} = console; log('unbound'); return new Response('x'); }"));
        harness.fetch();
        QElapsedTimer timer;
        timer.start();
        std::vector<events::ConsoleEvent> seen;
        while (timer.elapsed() < 10000 && (seen.empty() || seen.back().text != "unbound")) {
            for (const auto &event : harness.events()) {
                if (const auto *line = std::get_if<events::ConsoleEvent>(&event))
                    seen.push_back(*line);
            }
            QTest::qSleep(2);
        }
        QStringList lines;
        for (const auto &event : seen)
            lines << QStringLiteral("%1 %2").arg(static_cast<int>(event.level)).arg(QString::fromStdString(event.text));
        const auto trace = std::ranges::find_if(lines, [](const QString &line) { return line.contains(QStringLiteral("Trace: here")); });
        QVERIFY(trace != lines.end());
        QVERIFY2(trace->contains(QStringLiteral("\n    at onRequest (")) && !trace->contains(QStringLiteral("cleat:runtime")), qPrintable(*trace));
        lines.erase(trace);
        const auto time = std::ranges::find_if(lines, [](const QString &line) { return line.startsWith(QStringLiteral("1 t: ")) && line.endsWith(QStringLiteral(" ms")); });
        QVERIFY(time != lines.end());
        lines.erase(time);
        const QStringList expected{QStringLiteral("0 d"), QStringLiteral("1 l"), QStringLiteral("2 i"), QStringLiteral("3 w"), QStringLiteral("4 e"), QStringLiteral("4 Assertion failed: yes 1"), QStringLiteral("4 Assertion failed"),
            QStringLiteral("1 default: 1"), QStringLiteral("1 a: 1"), QStringLiteral("1 default: 2"), QStringLiteral("1 default: 1"), QStringLiteral("1 G"), QStringLiteral("1   in\n  side"), QStringLiteral("1     deep"), QStringLiteral("1 out"),
            QStringLiteral("1 { a: 1 }"), QStringLiteral("1 (index) | a | b\n--------+---+----\n0       | 1 | 'x'\n1       | 2 |"), QStringLiteral("1 5"), QStringLiteral("1 unbound")};
        QCOMPARE(lines.join(QStringLiteral("\n---\n")), expected.join(QStringLiteral("\n---\n")));
    }

    void groupsAreOfOneRequest()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("function onRequest() { console.group('g'); console.log('x'); return new Response('x'); }"));
        harness.fetch();
        harness.fetch();
        QCOMPARE(harness.console(4), (std::vector<std::string>{"g", "  x", "g", "  x"}));
    }

    /// A line costs no more than a bounded look at the value.
    void hugeValues()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("function onRequest() { const wide = (n) => n === 0 ? 1 : Array.from({length: 100}, () => wide(n - 1)); const all = wide(3); const deep = [all, all, all, all, all, all];"
                             " console.log(deep, new Map(Array.from({length: 100000}, (_, i) => [i, i]))); return new Response('x'); }"));
        QCOMPARE(harness.fetch().body, std::string("x"));
        const auto lines = harness.console(1);
        QCOMPARE(lines.size(), 1U);
        QVERIFY2(lines[0].size() < 4U << 20, std::to_string(lines[0].size()).c_str());
    }
};

QTEST_GUILESS_MAIN(ConsoleTest)
#include "t_console.moc"
