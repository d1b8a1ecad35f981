// SPDX-License-Identifier: GPL-3.0-or-later
// What coding a response reaches its client in. The table is what the real wrangler's server answers.
#include "core/runtime/contentdecoder.h"
#include "tests/core/runtime/workerharness.h"

#include <QTest>

using namespace cleat;
using cleat::test::WorkerHarness;

namespace {

const std::string text = [] {
    std::string made;
    for (int i = 0; i < 400; ++i)
        made += "hello ";
    return made;
}();

const std::string code = R"(
const text = "hello ".repeat(400);
const gzip = async () => new Uint8Array(await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer());
const stream = (...parts) => new ReadableStream({ start(c) { for (const part of parts) c.enqueue(part); c.close(); } });
const onRequest = async ({ request }) => {
  const { pathname, searchParams } = new URL(request.url);
  const headers = { "content-type": searchParams.get("type") ?? "text/plain" };
  for (const [name, field] of [["as", "content-encoding"], ["length", "content-length"]]) if (searchParams.has(name)) headers[field] = searchParams.get(name);
  switch (pathname) {
    case "/seen": return new Response(request.headers.get("accept-encoding") + "|" + request.cf.clientAcceptEncoding, { headers: { "content-type": "image/png" } });
    case "/text": return new Response(text, { headers });
    case "/stream": return new Response(stream(new TextEncoder().encode(text.slice(0, 1000)), new TextEncoder().encode(text.slice(1000))), { headers });
    case "/coded": return new Response(await gzip(), { headers, encodeBody: "manual" });
    case "/codedstream": { const all = await gzip(); return new Response(stream(all.slice(0, 7), all.slice(7)), { headers, encodeBody: "manual" }); }
    case "/lie": return new Response(text, { headers, encodeBody: "manual" });
    case "/liestream": return new Response(stream(new TextEncoder().encode(text)), { headers, encodeBody: "manual" });
    case "/null": return new Response(null, { headers });
    default: return new Response(null, { status: Number(pathname.slice(1)), headers });
  }
};
)";

std::string decoded(const WorkerHarness::Answer &answer)
{
    const std::string coding = answer.field("content-encoding");
    const auto decoder = coding == "gzip" || coding == "br" ? runtime::ContentDecoder::create(coding) : nullptr;
    if (!decoder)
        return answer.body;
    auto plain = decoder->decode(answer.body);
    if (!plain)
        return "failed: " + plain.error().message;
    return decoder->isComplete() ? *plain : "incomplete: " + *plain;
}

} // namespace

class ResponseCodingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_harness = std::make_unique<WorkerHarness>();
        QVERIFY(m_harness->load(code));
    }
    void cleanupTestCase() { m_harness.reset(); }

    void codings_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("accepted"); // null: no such field
        QTest::addColumn<QString>("coding");
        const auto row = [](const char *path, const char *accepted, const char *coding) {
            QTest::addRow("%s for %s", path, accepted ? accepted : "nothing") << QString::fromLatin1(path) << (accepted ? QString::fromLatin1(accepted) : QString()) << QString::fromLatin1(coding);
        };
        for (const char *path : {"/text", "/stream"}) {
            const std::string at(path);
            row(path, nullptr, "");
            row(path, "gzip", "gzip");
            row(path, "br", "br");
            row(path, "gzip, deflate, br", "gzip");
            row(path, "br, gzip", "br");
            row(path, "gzip;q=0.5, br;q=0.8", "br");
            row(path, "gzip;q=0", "");
            row(path, "identity", "");
            row(path, "identity, gzip;q=0.5", "");
            row(path, "*", "");
            row(path, "deflate, zstd", "");
            row(path, ";;;, q=1", "");
            row((at + "?as=gzip").c_str(), nullptr, "gzip");
            row((at + "?as=gzip").c_str(), "gzip", "gzip");
            row((at + "?as=gzip").c_str(), "br", "br");
            row((at + "?as=gzip").c_str(), "identity", "");
            row((at + "?as=br").c_str(), nullptr, "br");
            row((at + "?as=br").c_str(), "gzip", "gzip");
            row((at + "?as=gzip&length=10").c_str(), "gzip", "gzip");
            row((at + "?as=gzip&type=image/png").c_str(), "br, gzip", "gzip"); // no type that is compressed: as the code wants it
            row((at + "?type=image/png").c_str(), "gzip", "");
            row((at + "?type=TEXT/HTML;charset=x").c_str(), "gzip", "gzip");
            for (const char *other : {"deflate", "GZIP", "gzip, br", "x-gzip", "identity", "zstd"}) // nothing that is done: the code's own business
                row((at + "?as=" + other).c_str(), "br", other);
        }
        for (const char *path : {"/coded?as=gzip", "/codedstream?as=gzip"}) {
            row(path, nullptr, "gzip");
            row(path, "gzip", "gzip");
            row(path, "br, gzip", "br");
            row(path, "identity", "");
        }
    }

    void codings()
    {
        QFETCH(QString, path);
        QFETCH(QString, accepted);
        QFETCH(QString, coding);
        const auto answer = ask(path.toStdString(), accepted);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.field("content-encoding"), coding.toStdString());
        QVERIFY(!answer.truncated);
        QVERIFY(decoded(answer) == text);
        if (coding == QLatin1StringView("gzip") || coding == QLatin1StringView("br"))
            QVERIFY(!answer.length || *answer.length == answer.body.size());
    }

    void whatTheCodeSees()
    {
        QCOMPARE(ask("/seen", QStringLiteral("identity;q=1, *;q=0")).body, std::string("br, gzip|identity;q=1, *;q=0"));
        QCOMPARE(ask("/seen", {}).body, std::string("br, gzip|"));
    }

    void nothingIsAcceptable()
    {
        for (const char *path : {"/text", "/stream", "/text?as=gzip"}) {
            const auto answer = ask(path, QStringLiteral("identity;q=0, deflate"));
            QCOMPARE(answer.status, 415);
            QCOMPARE(answer.body, std::string("Unsupported Media Type"));
            QCOMPARE(answer.field("accept-encoding"), std::string("br, gzip"));
        }
    }

    void withoutABody()
    {
        const auto empty = ask("/null?as=gzip", QStringLiteral("gzip"));
        QCOMPARE(empty.body, std::string());
        QCOMPARE(empty.field("content-encoding"), std::string("gzip"));
        for (const char *path : {"/204?as=gzip", "/304?as=gzip"})
            QCOMPARE(ask(path, QStringLiteral("br")).body, std::string());
    }

    void whatIsNotCodedAsItSays()
    {
        QCOMPARE(ask("/lie?as=gzip", QStringLiteral("gzip")).body, text); // nobody looks into it
        const auto whole = ask("/lie?as=gzip", QStringLiteral("br"));
        QCOMPARE(whole.status, 500);
        QVERIFY(whole.error.find("encodeBody") != std::string::npos);
        QVERIFY(ask("/liestream?as=br", QStringLiteral("identity")).truncated);
        QCOMPARE(ask("/text", {}).status, 200);
    }

private:
    WorkerHarness::Answer ask(const std::string &path, const QString &accepted)
    {
        runtime::Fields fields;
        if (!accepted.isNull())
            fields.emplace_back("Accept-Encoding", accepted.toStdString());
        return m_harness->fetch("GET", "http://localhost" + path, std::move(fields), std::optional<std::string>());
    }

    std::unique_ptr<WorkerHarness> m_harness;
};

QTEST_GUILESS_MAIN(ResponseCodingTest)
#include "t_responsecoding.moc"
