// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/session/running.h"

#include <QTest>

#include <optional>

using namespace cleat;
using config::Scope;
using secrets::SecretText;

namespace {

const std::string inKeychain = "keychain/value+with=signs";
const std::string inFile = "dev vars 'value' \"quoted\" of a file";

std::string everythingOf(const events::Event &event)
{
    struct Visitor {
        std::string operator()(const events::RequestEvent &e) const { return e.method + e.target + e.handler + e.error; }
        std::string operator()(const events::CallEvent &e) const { return e.binding + e.arguments + e.result + e.error; }
        std::string operator()(const events::ConsoleEvent &e) const { return e.text + e.place.file; }
        std::string operator()(const events::ExceptionEvent &e) const { return e.message + e.stack + e.place.file; }
        std::string operator()(const events::NoticeEvent &e) const { return e.text + e.place.file; }
        std::string operator()(const events::ContentEvent &e) const { return e.requestHead + e.responseHead; }
    };
    return std::visit(Visitor{}, event);
}

} // namespace

/// A project that gives its secrets away wherever it can.
class RedactionTest final : public QObject
{
    Q_OBJECT

    static bool set(tests::Running &run, const char *name, const std::string &value)
    {
        std::optional<bool> good;
        run.session().secrets().set({Scope::TopLevel}, {{name, SecretText(value)}}, [&](const base::Result<void> &result) { good = result.has_value(); });
        return tests::waitUntil([&] { return good.has_value(); }) && *good;
    }

private Q_SLOTS:
    void nothingInTheLog()
    {
        tests::Running run;
        run.project.write("wrangler.toml", "pages_build_output_dir = \"public\"\n[vars]\nPLAIN = \"plain value\"\n[[kv_namespaces]]\nbinding = \"KV\"\nid = \"x\"\n");
        run.project.write(".dev.vars", "FILE=`" + inFile + "`\n");
        run.project.write("functions/[[path]].js",
            "export async function onRequest({ request, env }) {\n"
            "  for (const value of [env.CHAIN, env.FILE]) {\n"
            "    if (!value) continue;\n"
            "    console.log('value', value, { value, list: [value] }, JSON.stringify({ value }));\n"
            "    console.error(new Error('failed with ' + value));\n"
            "    console.log(encodeURIComponent(value), btoa('user:' + value), 'x'.repeat(10) + value);\n"
            "    await env.KV.put('key of ' + value, JSON.stringify({ value }), { metadata: { value } });\n"
            "    await env.KV.put('long', 'x'.repeat(1010) + value);\n"
            "    await env.KV.getWithMetadata('key of ' + value);\n"
            "    await env.KV.list();\n"
            "  }\n"
            "  console.log(env.PLAIN);\n"
            "  if (new URL(request.url).pathname === '/throw') throw new Error('thrown with ' + env.CHAIN);\n"
            "  return new Response(`${env.CHAIN}|${env.FILE}`);\n"
            "}\n");
        QVERIFY(run.start());
        QVERIFY(set(run, "CHAIN", inKeychain));
        QCOMPARE(run.eventually("/", inKeychain + '|' + inFile), inKeychain + '|' + inFile); // the code itself has them
        run.get("/throw");
        run.get("/found?key=keychain%2Fvalue%2Bwith%3Dsigns&file=dev%20vars%20'value'%20%22quoted%22%20of%20a%20file");
        QVERIFY(run.finished("/found?key=[secret CHAIN]&file=[secret FILE]").has_value());
        QVERIFY(tests::waitUntil([&] { return !run.all<events::ExceptionEvent>().empty(); }));

        bool sawPlain = false;
        std::size_t hidden = 0;
        for (const events::Event &event : run.events()) {
            const std::string text = everythingOf(event);
            for (const std::string piece : {"keychain/value", "value+with", "keychain%2Fvalue", "vars 'value'", "vars \\'value", "\"quoted\" of", "quoted\\\" of", "keychain/v"})
                QVERIFY2(text.find(piece) == std::string::npos, text.c_str());
            sawPlain |= text.find("plain value") != std::string::npos;
            hidden += text.find("[secret CHAIN]") != std::string::npos ? 1 : 0;
        }
        QVERIFY(sawPlain);
        QVERIFY(hidden > 10);

        // One that is replaced while it runs is hidden at once; the one before it stays hidden.
        QVERIFY(set(run, "CHAIN", "a second value"));
        QCOMPARE(run.eventually("/", "a second value|" + inFile), "a second value|" + inFile);
        for (const events::Event &event : run.events()) {
            const std::string text = everythingOf(event);
            QVERIFY2(text.find("a second value") == std::string::npos && text.find("keychain/value") == std::string::npos, text.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(RedactionTest)
#include "t_redaction.moc"
