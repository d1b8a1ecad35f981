// SPDX-License-Identifier: GPL-3.0-or-later
// What console's functions put into the log.
#include "tests/core/runtime/workerharness.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QThread>

using namespace cleat;
using test::WorkerHarness;
using namespace Qt::StringLiterals;

class ConsoleTest final : public QObject
{
    Q_OBJECT

    /// Waits until so many have come.
    static std::vector<events::ConsoleEvent> lines(WorkerHarness &harness, std::size_t count)
    {
        std::vector<events::ConsoleEvent> seen;
        for (QDeadlineTimer timer(10000); seen.size() < count && !timer.hasExpired(); QThread::msleep(1)) {
            for (const auto &event : harness.events()) {
                if (const auto *line = std::get_if<events::ConsoleEvent>(&event))
                    seen.push_back(*line);
            }
        }
        seen.resize(count);
        return seen;
    }

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
        row("new Float16Array([1.5, 2]), {a: new Float16Array(0)}", "Float16Array(2) [ 1.5, 2 ] { a: Float16Array(0) [] }");
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
        row("new Proxy({}, {ownKeys() { throw new Error('trap'); }})", "{}");
        row("new Proxy({a: 1}, {get() { throw new Error('trap'); }, getPrototypeOf() { throw new Error('trap'); }})", "{ a: 1 }");
        row("(() => { const {proxy, revoke} = Proxy.revocable({}, {}); revoke(); return proxy; })()", "'[Proxy (revoked)]'");
        row("'%d|%i|%f', {valueOf() { throw 1; }}, Symbol(), 'x'", "NaN|NaN|NaN");
        row("'%j', (() => { const o = {}; o.o = o; return o; })()", "[Circular]");
        row("'%o and %O', 'text', [1]", "'text' and [ 1 ]");
        row("'%cred%c plain', 'color: red', ''", "red plain");
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

    void trees_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *code, const char *expected) { QTest::newRow(code) << QString::fromUtf8(code) << QString::fromUtf8(expected); };
        row("'only', 1, true, null, undefined, 5n, 'text %'", "");
        row("'a %s b %d', 'x', 5", "");
        row("'user', {a: 1, b: 'x'}, 5, 'end'", R"j([{"t":"text","s":"user "},{"t":"object","s":"{a: 1, b: 'x'}","m":[["a",1],["b","x"]]},{"t":"text","s":" "},5,{"t":"text","s":" end"}])j");
        row("'<%o>', []", R"j([{"t":"text","s":"<"},{"t":"array","s":"[]"},{"t":"text","s":">"}])j");
        row("[1, , 'x', {}]", R"j([{"t":"array","s":"(4) [1, empty, 'x', {}]","m":[["0",1,"index"],["1",{"t":"hole","s":"empty"},"index"],["2","x","index"],["3",{"t":"object","s":"{}"},"index"]]}])j");
        row("new Array(1e9)", R"j([{"t":"array","s":"(1000000000) [empty, empty, empty, empty, empty, empty, empty, empty, empty, empty, …]","m":[["0 … 999999999",{"t":"hole","s":"empty × 1000000000"},"index"]]}])j");
        row("(() => { const a = []; a[99999] = 1; return a; })()", R"j([{"t":"array","s":"(100000) [empty, empty, empty, empty, empty, empty, empty, empty, empty, empty, …]","m":[["0 … 99998",{"t":"hole","s":"empty × 99999"},"index"],["99999",1,"index"]]}])j");
        row("[NaN, -0, 5n, Symbol('s'), undefined, null, true]",
            R"j([{"t":"array","s":"(7) [NaN, -0, 5n, Symbol(s), undefined, null, true]","m":[["0",{"t":"number","s":"NaN"},"index"],["1",{"t":"number","s":"-0"},"index"],["2",{"t":"bigint","s":"5n"},"index"],["3",{"t":"symbol","s":"Symbol(s)"},"index"],["4",{"t":"undefined","s":"undefined"},"index"],["5",null,"index"],["6",true,"index"]]}])j");
        row("new Map([['k', 1], [{a: 1}, 2]])", R"j([{"t":"map","s":"Map(2) {'k' => 1, {…} => 2}","m":[["'k'",1,"entry"],["1",{"t":"entry","s":"{…} => 2","m":[["key",{"t":"object","s":"{a: 1}","m":[["a",1]]}],["value",2]]},"index"]]}])j");
        row("new Set(['x'])", R"j([{"t":"set","s":"Set(1) {'x'}","m":[["0","x","index"]]}])j");
        row("new Uint8Array([1, 2])", R"j([{"t":"typedarray","s":"Uint8Array(2) [1, 2]","m":[["0",1,"index"],["1",2,"index"]]}])j");
        row("new Float16Array([1.5, 2]), [new Float16Array(1)]",
            R"j([{"t":"typedarray","s":"Float16Array(2) [1.5, 2]","m":[["0",1.5,"index"],["1",2,"index"]]},{"t":"text","s":" "},{"t":"array","s":"[Float16Array(1) [0]]","m":[["0",{"t":"typedarray","s":"Float16Array(1) [0]","m":[["0",0,"index"]]},"index"]]}])j");
        row("new Uint8Array([1, 255]).buffer", R"j([{"t":"arraybuffer","s":"ArrayBuffer(2)","m":[["0000",{"t":"bytes","s":"01 ff"},"index"]]}])j");
        row("new Date(0), /a\\/b/gi", R"j([{"t":"date","s":"1970-01-01T00:00:00.000Z"},{"t":"text","s":" "},{"t":"regexp","s":"/a\\/b/gi","m":[["lastIndex",0,"hidden"]]}])j");
        row("new (class Point { x = 1; get far() { globalThis.ran = true; return 1; } })()", R"j([{"t":"object","s":"Point {x: 1}","m":[["x",1],["far",{"t":"accessor","s":"getter"},"inherited"]]}])j");
        row("{get bad() { throw 1; }, set only(v) {}, [Symbol('q')]: 1}", R"j([{"t":"object","s":"{bad: (…), only: (…), [Symbol(q)]: 1}","m":[["bad",{"t":"accessor","s":"getter"}],["only",{"t":"accessor","s":"setter"}],["Symbol(q)",1,"symbol"]]}])j");
        row("Object.create(null)", R"j([{"t":"object","s":"[Object: null prototype] {}"}])j");
        row("(() => { const o = {}; o.self = {o}; return o; })()", R"j([{"t":"object","s":"{self: {…}}","m":[["self",{"t":"object","s":"{o: {…}}","m":[["o",{"t":"circular","s":"[Circular]","up":2}]]}]]}])j");
        row("new Proxy({a: 1}, {get() { throw 1; }, ownKeys() { throw 1; }, getPrototypeOf() { throw 1; }, getOwnPropertyDescriptor() { throw 1; }})",
            R"j([{"t":"proxy","s":"Proxy({…})","m":[["target",{"t":"object","s":"{a: 1}","m":[["a",1]]},"inner"]]}])j");
        row("Object.create(new Proxy({}, {get() { throw 1; }, getPrototypeOf() { throw 1; }, getOwnPropertyDescriptor() { throw 1; }}))", R"j([{"t":"object","s":"{}"}])j");
        row("Promise.resolve(1), new String('s')", R"j([{"t":"promise","s":"Promise {1}","m":[["state","fulfilled","inner"],["value",1,"inner"]]},{"t":"text","s":" "},{"t":"boxed","s":"String {'s'}","m":[["value","s","inner"]]}])j");
        row("function foo() {}, class A {}, async () => {}", R"j([{"t":"function","s":"ƒ foo()"},{"t":"text","s":" "},{"t":"class","s":"class A"},{"t":"text","s":" "},{"t":"function","s":"async ƒ (anonymous)()"}])j");
        row("{toJSON() { return 'no'; }, a: {toJSON() { throw 1; }}}", R"j([{"t":"object","s":"{toJSON: ƒ toJSON(), a: {…}}","m":[["toJSON",{"t":"function","s":"ƒ toJSON()"}],["a",{"t":"object","s":"{toJSON: ƒ toJSON()}","m":[["toJSON",{"t":"function","s":"ƒ toJSON()"}]]}]]}])j");
        row("new Headers({a: 'b'})", R"j([{"t":"object","s":"Headers {}","m":[["a","b","inner"]]}])j");
        row(R"j(['\ud800', '\u2028"\n'])j", "[{\"t\":\"array\",\"s\":\"(2) ['\\\\ud800', '\u2028\\\"\\\\n']\",\"m\":[[\"0\",\"\\ud800\",\"index\"],[\"1\",\"\u2028\\\"\\n\",\"index\"]]}]");
    }

    void trees()
    {
        QFETCH(QString, code);
        QFETCH(QString, expected);
        WorkerHarness harness;
        QVERIFY(harness.load("function onRequest() { console.log(" + code.toStdString() + "); return new Response(String(globalThis.ran)); }"));
        QCOMPARE(harness.fetch().body, std::string("undefined")); // no getter ran
        QCOMPARE(QString::fromStdString(lines(harness, 1)[0].values), expected);
    }

    /// What the line is made of stays within bounds, and is JSON whatever there is in it.
    void hostileTrees_data()
    {
        QTest::addColumn<QString>("code");
        QTest::newRow("wide") << u"Object.fromEntries(Array.from({length: 50000}, (_, i) => ['k' + i, {i}]))"_s;
        QTest::newRow("deep") << u"(() => { let o = {}; for (let i = 0; i < 5000; ++i) o = {o}; return o; })()"_s;
        QTest::newRow("bushy") << u"(() => { const wide = (n) => n === 0 ? 1 : Array.from({length: 40}, () => wide(n - 1)); return wide(4); })()"_s;
        QTest::newRow("long texts") << u"Array.from({length: 200}, () => 'x'.repeat(100000))"_s;
        QTest::newRow("long keys") << u"({['k'.repeat(1000000)]: 1})"_s;
        QTest::newRow("long name") << u"new ({['N'.repeat(1000000)]: class { }}['N'.repeat(1000000)])()"_s;
        QTest::newRow("big integer") << u"[10n ** 20000n]"_s;
        QTest::newRow("huge buffer") << u"new Uint8Array(50000000)"_s;
        QTest::newRow("big map") << u"new Map(Array.from({length: 100000}, (_, i) => [{i}, [i]]))"_s;
        QTest::newRow("proxy of proxies") << u"(() => { let p = {}; for (let i = 0; i < 1000; ++i) p = new Proxy(p, {}); return p; })()"_s;
        QTest::newRow("revoked") << u"[(() => { const {proxy, revoke} = Proxy.revocable({}, {}); revoke(); return proxy; })()]"_s;
        QTest::newRow("long chain") << u"(() => { let o = {}; for (let i = 0; i < 5000; ++i) o = Object.create(o); return o; })()"_s;
        QTest::newRow("false class") << u"Object.create(Headers.prototype)"_s;
        QTest::newRow("error of nonsense") << u"Object.assign(new Error('x'), {stack: 5, message: {}, name: Symbol()})"_s;
        QTest::newRow("error with getters") << u"(() => { const e = new Error('x'); for (const key of ['stack', 'message', 'name', 'cause']) Object.defineProperty(e, key, {get() { throw 1; }}); return e; })()"_s;
        QTest::newRow("toJSON everywhere") << u"(() => { for (const c of [Object, Array, String, Number]) c.prototype.toJSON = () => { throw 1; }; return {a: ['x', 1]}; })()"_s;
    }

    void hostileTrees()
    {
        QFETCH(QString, code);
        WorkerHarness harness;
        QVERIFY(harness.load("function onRequest() { console.log('it', (" + code.toStdString() + ")); return new Response('x'); }"));
        QCOMPARE(harness.fetch().body, std::string("x"));
        const auto line = lines(harness, 1)[0];
        QVERIFY2(line.values.size() < 300'000, qPrintable(QString::number(line.values.size())));
        const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(line.values));
        QVERIFY2(json.isArray(), line.values.substr(0, 300).c_str());
        QCOMPARE(json.array().size(), 2);
        QVERIFY(json.array().at(1).isObject());
    }

    void treesOfErrorsTablesTracesAndGroups()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("function inner() { return Object.assign(new TypeError('bad', {cause: 'why'}), {code: 5}); }\n"
                             "function onRequest() { console.error('failed:', inner()); console.table([{a: 1}, {b: [2]}]); console.trace('at', {x: 1}); console.group('G'); console.log('in'); console.groupCollapsed('H', {h: 1});"
                             " console.log({deep: 1}); console.groupEnd(); console.groupEnd(); console.log('out'); return new Response('x'); }"));
        harness.fetch();
        const auto all = lines(harness, 8);
        const auto nodes = [](const events::ConsoleEvent &line) { return QJsonDocument::fromJson(QByteArray::fromStdString(line.values)).array(); };
        const QJsonObject error = nodes(all[0]).at(1).toObject();
        QCOMPARE(error.value(u"t"_s), u"error"_s);
        QCOMPARE(error.value(u"s"_s), u"TypeError: bad"_s);
        const QJsonArray members = error.value(u"m"_s).toArray();
        QVERIFY(members.at(0).toArray().at(1).toObject().value(u"s"_s).toString().startsWith(u"at inner ("_s));
        QCOMPARE(members.at(0).toArray().at(2), u"frame"_s);
        QCOMPARE(members.at(members.size() - 2).toArray(), (QJsonArray{u"cause"_s, u"why"_s}));
        QCOMPARE(members.last().toArray(), (QJsonArray{u"code"_s, 5}));
        const QJsonObject table = nodes(all[1]).at(0).toObject();
        QCOMPARE(table.value(u"t"_s), u"table"_s);
        QCOMPARE(table.value(u"h"_s).toArray(), (QJsonArray{u"(index)"_s, u"a"_s, u"b"_s}));
        QCOMPARE(table.value(u"m"_s).toArray().size(), 2);
        QCOMPARE(QString::fromStdString(all[1].text), u"(index) | a | b\n--------+---+------\n0       | 1 |\n1       |   | [ 2 ]"_s);
        const QJsonObject trace = nodes(all[2]).at(0).toObject();
        QCOMPARE(trace.value(u"s"_s), u"Trace: at { x: 1 }"_s);
        QVERIFY(trace.value(u"m"_s).toArray().at(0).toArray().at(1).toObject().value(u"s"_s).toString().startsWith(u"at onRequest ("_s));
        QCOMPARE(QString::fromStdString(all[3].values), uR"([{"t":"group","depth":0,"opens":"open"}])"_s);
        QCOMPARE(QString::fromStdString(all[4].values), uR"([{"t":"group","depth":1}])"_s);
        QCOMPARE(QString::fromStdString(all[5].values),
            uR"([{"t":"text","s":"H "},{"t":"object","s":"{h: 1}","m":[["h",1]]},{"t":"group","depth":1,"opens":"collapsed"}])"_s);
        QCOMPARE(nodes(all[6]).last().toObject().value(u"depth"_s), 2);
        QVERIFY(all[7].values.empty());
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
            " console.dir({a: 1}); console.table([{a: 1, b: 'x'}, {a: 2}]); console.table(5); console.trace('here'); console.time('t'); console.timeEnd('t'); console.timeEnd('never'); console.countReset('never'); console.time('u'); console.time('u');"
            " console.table([{a: 1, b: 2}], ['b', 'c']); console.profile(); console.profileEnd(); console.timeStamp('s'); console.clear(); console.context('x').log('of a context');"
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
            QStringLiteral("1 { a: 1 }"), QStringLiteral("1 (index) | a | b\n--------+---+----\n0       | 1 | 'x'\n1       | 2 |"), QStringLiteral("1 5"),
            QStringLiteral("3 Timer 'never' does not exist"), QStringLiteral("3 Count for 'never' does not exist"), QStringLiteral("3 Timer 'u' already exists"),
            QStringLiteral("1 (index) | b | c\n--------+---+--\n0       | 2 |"), QStringLiteral("1 of a context"), QStringLiteral("1 unbound")};
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
