// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/snippets.h"

#include "core/config/typescriptenv.h"
#include "ui/bindings/kindtexts.h"
#include "ui/widgets/text.h"

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Kind;

namespace {

/// A function in pieces; NAME stands for the variable.
struct Example {
    QString imports = {};
    QString before = {}; ///< between the imports and the function
    QString body = {};
    QString typedBefore = {}; ///< in place of `before` in TypeScript
    QString typedBody = {}; ///< in place of `body`
    QString handler = u"onRequest"_s;
};

Example vectorize()
{
    const QString vectors = u"[\n"
                            "  { id: \"1\", values: [32.4, 74.1, 3.2], metadata: { url: \"/products/1\" } },\n"
                            "  { id: \"2\", values: [15.1, 19.2, 15.8], metadata: { url: \"/products/2\" } },\n"
                            "  { id: \"3\", values: [0.16, 1.2, 3.8], metadata: { url: \"/products/3\" } },\n"
                            "];\n"_s;
    return {.before = u"const sampleVectors = "_s + vectors,
            .body = u"  const path = new URL(context.request.url).pathname;\n"
                    "  if (path.endsWith(\"/insert\")) {\n"
                    "    return Response.json(await context.env.NAME.insert(sampleVectors));\n"
                    "  }\n"
                    "  return Response.json(await context.env.NAME.query([30, 70, 3], { topK: 2 }));\n"_s,
            .typedBefore = u"const sampleVectors: Array<VectorizeVector> = "_s + vectors};
}

Example mySql()
{
    return {.imports = u"import { createConnection } from \"mysql2/promise\";\n"_s,
            .body = u"  const { host, port, user, password, database } = context.env.NAME;\n"
                    "  const connection = await createConnection({ host, port, user, password, database, disableEval: true });\n"
                    "  const [result] = await connection.query(\"SELECT id, name, value FROM records\");\n"
                    "  context.waitUntil(connection.end());\n"
                    "  return Response.json({ result });\n"_s};
}

Example postgres()
{
    const auto body = [](const QString &type) {
        return u"  const sql = postgres(context.env.NAME.connectionString);\n"
               "  const result = await sql"_s + type + u"`SELECT id, name, value FROM records`;\n"
               "  return Response.json({ result });\n"_s;
    };
    return {.imports = u"import postgres from \"postgres\";\n"_s,
            .body = body({}),
            .typedBefore = u"type MyRecord = {\n  id: number;\n  name: string;\n  value: string;\n};\n"_s,
            .typedBody = body(u"<MyRecord[]>"_s)};
}

Example exampleOf(Kind kind)
{
    switch (kind) {
    case Kind::KvNamespace:
        return {.body = u"  const task = await context.env.NAME.get(\"Task:123\");\n"
                        "  return new Response(task);\n"_s};
    case Kind::DurableObject:
        return {.body = u"  const id = context.env.NAME.newUniqueId();\n"
                        "  const stub = context.env.NAME.get(id);\n\n"
                        "  // Pass the request on to the Durable Object\n"
                        "  return stub.fetch(context.request);\n"_s,
                .handler = u"onRequestGet"_s};
    case Kind::R2Bucket:
        return {.body = u"  const obj = await context.env.NAME.get(\"some-key\");\n"
                        "  if (obj === null) {\n"
                        "    return new Response(\"Not found\", { status: 404 });\n"
                        "  }\n"
                        "  return new Response(obj.body);\n"_s};
    case Kind::D1Database:
        return {.body = u"  const ps = context.env.NAME.prepare(\"SELECT * from users\");\n"
                        "  const data = await ps.first();\n\n"
                        "  return Response.json(data);\n"_s};
    case Kind::Vectorize:
        return vectorize();
    case Kind::Ai:
        return {.body = u"  const input = { prompt: \"What is the origin of the phrase Hello, World\" };\n\n"
                        "  const answer = await context.env.NAME.run(\n"
                        "    \"@cf/meta/llama-3.1-8b-instruct\",\n"
                        "    input,\n"
                        "  );\n\n"
                        "  return Response.json(answer);\n"_s};
    case Kind::Service:
        return {.body = u"  return context.env.NAME.fetch(context.request);\n"_s, .handler = u"onRequestGet"_s};
    case Kind::Queue:
        return {.body = u"  await context.env.NAME.send({\n"
                        "    url: context.request.url,\n"
                        "    method: context.request.method,\n"
                        "    headers: Object.fromEntries(context.request.headers),\n"
                        "  });\n\n"
                        "  return new Response(\"Sent!\");\n"_s};
    case Kind::Hyperdrive:
        return postgres();
    case Kind::AnalyticsEngine:
        return {.body = u"  const url = new URL(context.request.url);\n\n"
                        "  context.env.NAME.writeDataPoint({\n"
                        "    indexes: [],\n"
                        "    blobs: [url.hostname, url.pathname],\n"
                        "    doubles: [],\n"
                        "  });\n\n"
                        "  return new Response(\"Logged analytic\");\n"_s};
    case Kind::Browser:
        return {.imports = u"import puppeteer from \"@cloudflare/puppeteer\";\n"_s,
                .body = u"  const browser = await puppeteer.launch(context.env.NAME);\n"
                        "  const page = await browser.newPage();\n"
                        "  await page.goto(\"https://example.com\");\n"
                        "  const title = await page.title();\n"
                        "  await browser.close();\n"
                        "  return new Response(title);\n"_s};
    case Kind::MtlsCertificate:
        return {.body = u"  return context.env.NAME.fetch(\"https://example.com/asks-for-a-certificate\");\n"_s};
    case Kind::VersionMetadata:
        return {.body = u"  const { id, tag, timestamp } = context.env.NAME;\n"
                        "  return Response.json({ id, tag, timestamp });\n"_s};
    }
    return {};
}

Example exampleOf(const EntryDraft &draft)
{
    switch (draft.sort) {
    case EntryDraft::Sort::Binding:
        if (draft.binding.kind == Kind::Hyperdrive && draft.binding.value("localConnectionString").starts_with("mysql"))
            return mySql();
        return exampleOf(draft.binding.kind);
    case EntryDraft::Sort::Secret:
        return {.body = u"  return fetch(\"https://api.example.com\", {\n"
                        "    headers: { Authorization: `Bearer ${context.env.NAME}` },\n"
                        "  });\n"_s};
    case EntryDraft::Sort::Variable:
        break;
    }
    if (draft.variable.kind == config::Variable::Kind::Json)
        return {.body = u"  return Response.json(context.env.NAME);\n"_s};
    return {.body = u"  if (context.env.NAME === \"development\") {\n"
                    "    return new Response(\"This is a local environment!\");\n"
                    "  }\n"
                    "  return new Response(\"This is a live environment\");\n"_s};
}

QString nameOf(const EntryDraft &draft)
{
    if (!draft.name().empty())
        return fromUtf8(draft.name());
    switch (draft.sort) {
    case EntryDraft::Sort::Binding:
        return exampleName(draft.binding.kind);
    case EntryDraft::Sort::Variable:
        return u"ENVIRONMENT"_s;
    case EntryDraft::Sort::Secret:
        return u"API_KEY"_s;
    }
    return {};
}

std::string typeOf(const EntryDraft &draft)
{
    switch (draft.sort) {
    case EntryDraft::Sort::Binding:
        return std::string(config::typeScriptType(draft.binding.kind));
    case EntryDraft::Sort::Variable:
        return config::typeScriptType(draft.variable);
    case EntryDraft::Sort::Secret:
        return "string";
    }
    return {};
}

QString paragraph(const QString &text)
{
    return text.isEmpty() ? text : text + u'\n';
}

} // namespace

QString usageSnippet(const EntryDraft &draft, Language language)
{
    const QString name = nameOf(draft);
    Example example = exampleOf(draft);
    example.body.replace(u"context.env.NAME"_s, u"context.env."_s + name);
    example.typedBody.replace(u"context.env.NAME"_s, u"context.env."_s + name);
    switch (language) {
    case Language::JavaScript:
        return paragraph(example.imports) + paragraph(example.before) + u"export async function %1(context) {\n"_s.arg(example.handler) + example.body + u'}';
    case Language::TypeScript:
        break;
    }
    const QString before = example.typedBefore.isEmpty() ? example.before : example.typedBefore;
    const QString body = example.typedBody.isEmpty() ? example.body : example.typedBody;
    return paragraph(example.imports) + u"interface Env {\n  "_s + name + u": "_s + fromUtf8(typeOf(draft)) + u";\n}\n\n"_s + paragraph(before)
        + u"export const %1: PagesFunction<Env> = async (context) => {\n"_s.arg(example.handler) + body + u"};"_s;
}

} // namespace cleat::ui
