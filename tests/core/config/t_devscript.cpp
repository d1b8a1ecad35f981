// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/devscript.h"

#include "core/base/json.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace cleat::config;
using namespace Qt::StringLiterals;

namespace {

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

std::string package(const QByteArray &script)
{
    return cleat::base::Json{{"scripts", {{"dev", script.toStdString()}}}}.dump();
}

/// "a|b c|$X!", "!" behind a word that only a shell knows.
QString words(const std::vector<DevScript> &scripts)
{
    if (scripts.empty())
        return u"none"_s;
    QStringList out;
    for (const DevScript::Word &word : scripts.front().words)
        out << text(word.text) + (word.expands ? u"!"_s : QString());
    return out.join(u'|');
}

QString shown(const Edit &edit)
{
    if (const auto *add = std::get_if<AddVariable>(&edit))
        return u"var %1=%2"_s.arg(text(add->entry.name), text(add->entry.value));
    const auto *add = std::get_if<AddBinding>(&edit);
    if (!add || add->scope != Scope::TopLevel)
        return u"?"_s;
    QString out = u"%1 %2"_s.arg(int(add->entry.kind)).arg(text(add->entry.name));
    for (const Field &field : add->entry.fields)
        out += u" %1=%2"_s.arg(text(field.name), text(field.value));
    return out;
}

QString shown(const DevImport &flags)
{
    QStringList out;
    if (flags.outputDir)
        out << u"dir %1"_s.arg(text(*flags.outputDir));
    if (flags.compatibilityDate)
        out << u"date %1"_s.arg(text(*flags.compatibilityDate));
    for (const std::string &flag : flags.compatibilityFlags)
        out << u"flag %1"_s.arg(text(flag));
    for (const Edit &edit : flags.edits)
        out << shown(edit);
    for (const DevImport::Left &left : flags.left)
        out << u"left [%1]"_s.arg(text(left.flag));
    return out.join(u", ");
}

QString kind(Kind kind)
{
    return QString::number(int(kind));
}

DevImport imported(const QByteArray &flags)
{
    const auto scripts = findDevScripts(package("wrangler pages dev " + flags));
    return scripts.empty() ? DevImport() : importFlags(scripts.front());
}

} // namespace

class TestDevScript : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void finds_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *script, const char *expected) { QTest::newRow(script) << QByteArray(script) << QString::fromUtf8(expected); };
        row("wrangler pages dev", "");
        row("wrangler pages dev dist --kv A", "dist|--kv|A");
        row("npx wrangler pages dev dist", "dist");
        row("npx --yes wrangler@4 pages dev dist", "dist");
        row("pnpm exec wrangler pages dev dist", "dist");
        row("./node_modules/.bin/wrangler pages dev dist", "dist");
        row("NODE_ENV=development A='b c' wrangler pages dev dist", "dist");
        row("cross-env X=1 wrangler pages dev dist", "dist");
        row("npm run build && wrangler pages dev dist", "dist");
        row("npm run build&&wrangler pages dev dist;echo done", "dist");
        row("vite build --watch & wrangler pages dev dist", "dist");
        row("(cd site; wrangler pages dev dist) | cat", "dist");
        row("wrangler pages dev dist > log.txt 2>&1", "dist");
        row("wrangler pages dev 2>/dev/null dist", "dist");
        row("wrangler pages dev dist # --kv A", "dist");
        row("wrangler pages dev dist -- npx vite", "dist|--|npx|vite");
        row("npm exec -- wrangler pages dev dist", "dist");
        row("wrangler pages dev 'my dist' --binding \"A=b c\" --kv=X", "my dist|--binding|A=b c|--kv=X");
        row("wrangler pages dev a\\ b \\\"c\\\" 'd\\e' \"f\\\"g\\h\"", "a b|\"c\"|d\\e|f\"g\\h");
        row("wrangler pages dev '' \"\"", "|");
        row("wrangler pages dev --port $PORT `x` '$Y' \"${Z}\"", "--port|$PORT!|`x`!|$Y|${Z}!");
        row("concurrently \"vite\" \"wrangler pages dev dist --kv 'A B'\"", "dist|--kv|A B");
        row("concurrently \"npx vite build\" 'npx wrangler pages dev dist'", "dist");
        row("wrangler pages deploy dist", "none");
        row("wrangler dev", "none");
        row("echo wranglers pages dev", "none");
        row("vite", "none");
        row("echo 'unended", "none");
        row("", "none");
    }
    void finds()
    {
        QFETCH(QByteArray, script);
        QTEST(words(findDevScripts(package(script))), "expected");
    }

    void packages()
    {
        const auto scripts = findDevScripts(R"({"name": "x", "scripts": {"build": "vite", "dev": "wrangler pages dev a", "n": 1, "preview": "wrangler pages dev b"}})");
        QCOMPARE(scripts.size(), std::size_t(2));
        QCOMPARE(text(scripts[0].name), u"dev"_s);
        QCOMPARE(text(scripts[0].command), u"wrangler pages dev a"_s);
        QCOMPARE(text(scripts[1].name), u"preview"_s);
        for (const char *bad : {"", "{", "[]", "{}", R"({"scripts": []})", R"({"scripts": null})", "\xFF"})
            QVERIFY2(findDevScripts(bad).empty(), bad);
    }

    void imports_data()
    {
        QTest::addColumn<QByteArray>("flags");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *flags, const QString &expected) { QTest::newRow(flags) << QByteArray(flags) << expected; };
        const QString kv = kind(Kind::KvNamespace);
        row("", u""_s);
        row("dist", u"dir dist"_s);
        row("./dist --compatibility-date 2026-11-01", u"dir ./dist, date 2026-11-01"_s);
        row("dist --compatibility-date=2026-11-01 --compatibility-flags nodejs_compat --compatibility-flag=a b", u"dir dist, date 2026-11-01, flag nodejs_compat, flag a, flag b"_s);
        row("dist --compatibilityDate 2026-11-01", u"dir dist, date 2026-11-01"_s);
        row("--kv TODO", kv + u" TODO"_s);
        row("dist --kv TODO=abc -k OTHER --kv=THIRD=x", u"dir dist, %1 TODO id=abc, %1 OTHER, %1 THIRD id=x"_s.arg(kv));
        row("--kv A B --d1 C", u"%1 A, %1 B, %2 C"_s.arg(kv, kind(Kind::D1Database)));
        row("--kv A dist", u"%1 A, %1 dist"_s.arg(kv)); // as wrangler takes it
        row("--d1 DB=1234", kind(Kind::D1Database) + u" DB database_id=1234"_s);
        row("--r2 FILES --r2 PICTURES=my-pictures", u"%1 FILES, %1 PICTURES bucket_name=my-pictures"_s.arg(kind(Kind::R2Bucket)));
        row("-o ROOM=Room@chat --do=X=Y@z", u"%1 ROOM class_name=Room script_name=chat, %1 X class_name=Y script_name=z"_s.arg(kind(Kind::DurableObject)));
        row("--ai AI --version-metadata META", u"%1 AI, %2 META"_s.arg(kind(Kind::Ai), kind(Kind::VersionMetadata)));
        row("--service API=api --service B=b@staging#Named", u"%1 API service=api, %1 B service=b environment=staging entrypoint=Named"_s.arg(kind(Kind::Service)));
        row("--service C=c#Entry", kind(Kind::Service) + u" C service=c entrypoint=Entry"_s);
        row("-b KEY=value --binding URL='https://x.y/?a=b' EMPTY=", u"var KEY=value, var URL=https://x.y/?a=b, var EMPTY="_s);
        // What stays where it is.
        row("dist --port 3000 --ip=0.0.0.0 --persist-to ../state --live-reload", u"dir dist, left [--port 3000], left [--ip=0.0.0.0], left [--persist-to ../state], left [--live-reload]"_s);
        row("--live-reload dist", u"dir dist, left [--live-reload]"_s);
        row("--no-bundle --log-level debug", u"left [--no-bundle], left [--log-level debug]"_s);
        row("--nonsense x", u"dir x, left [--nonsense]"_s);
        row("-z", u"left [-z]"_s);
        row("dist other", u"dir dist, left [other]"_s);
        row("-- npm start", u"left [npm start]"_s);
        row("--proxy 3000 -- npm start", u"left [--proxy 3000], left [npm start]"_s);
        row("--kv", u"left [--kv]"_s);
        row("--kv --d1 A", u"%1 A, left [--kv]"_s.arg(kind(Kind::D1Database)));
        row("$DIR --kv $NAME -b A=$X", u"left [$DIR], left [--kv $NAME], left [-b A=$X]"_s);
        row("--compatibility-date today", u"left [--compatibility-date today]"_s);
        row("--kv A --d1 A", u"%1 A, left [--d1 A]"_s.arg(kv));
        row("--kv my-list ASSETS", u"left [--kv my-list], left [--kv ASSETS]"_s);
        row("--r2 A=Bad_Name", u"left [--r2 A=Bad_Name]"_s);
        row("--do ROOM=Room --do ROOM", u"left [--do ROOM=Room], left [--do ROOM]"_s);
        row("--service API", u"left [--service API]"_s);
        row("--ai A --ai B", u"%1 A, left [--ai B]"_s.arg(kind(Kind::Ai)));
        row("-b NOTHING", u"left [-b NOTHING]"_s);
    }
    void imports()
    {
        QFETCH(QByteArray, flags);
        const DevImport result = imported(flags);
        QTEST(shown(result), "expected");
        for (const DevImport::Left &left : result.left)
            QVERIFY2(left.why.ends_with('.'), left.why.c_str());
    }

    void fitsANewFile()
    {
        const DevImport result = imported("dist --compatibility-flags nodejs_compat --kv A=1 --r2 B --do C=D@e --service F=g -b H=\"i 'j'\" --ai AI");
        for (const Form form : {Form::Toml, Form::Jsonc}) {
            const auto made = applyEdits(newWranglerFile(form, "site", *result.outputDir, "2026-11-01", result.compatibilityFlags), form, result.edits);
            QVERIFY2(made, made ? "" : made.error().message.c_str());
            const auto read = readWranglerFile(*made, form, "w");
            QVERIFY(read);
            QVERIFY(read->findings.empty());
            QCOMPARE(read->compatibilityFlags, std::vector<std::string>{"nodejs_compat"});
            QCOMPARE(read->topLevel.bindings.size(), std::size_t(5));
            QCOMPARE(text(read->topLevel.variables.at(0).value.value), u"i 'j'"_s);
        }
    }

    void intoAFile()
    {
        const auto file = readWranglerFile("pages_build_output_dir = \"public\"\ncompatibility_flags = [\"a\"]\n[vars]\nA = \"x\"\n", Form::Toml, "w");
        QVERIFY(file);
        const DevImport into = importInto(imported("dist --compatibility-date 2026-11-01 --compatibility-flags a b --kv A --kv B"), *file);
        QCOMPARE(shown(into), u"date 2026-11-01, %1 B, left [pages_build_output_dir dist], left [b], left [A]"_s.arg(kind(Kind::KvNamespace)));
        QVERIFY(importInto(imported("public -b A=1"), *file).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestDevScript)
#include "t_devscript.moc"
