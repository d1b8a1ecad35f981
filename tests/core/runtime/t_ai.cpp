// SPDX-License-Identifier: GPL-3.0-or-later
// Workers AI as a Function sees it, by way of a real server whose bytes the test chooses.
#include "core/base/file.h"
#include "core/base/json.h"
#include "tests/core/runtime/httppeer.h"
#include "tests/core/runtime/workerharness.h"
#include "tests/patience.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

using namespace cleat;
using base::Json;
using bindings::ai::Provider;
using test::HttpPeer;
using test::WorkerHarness;
namespace fs = std::filesystem;

namespace {

using Then = HttpPeer::Then;

const std::string llama = "'@cf/meta/llama-3.1-8b-instruct'";

/// A Function whose body is code that returns something, or throws.
std::string function(const std::string &body)
{
    return "const read = async (stream) => { let text = ''; const decoder = new TextDecoder(); for await (const chunk of stream) text += decoder.decode(chunk, { stream: true }); return text; };"
           "export async function onRequest({ env, request, waitUntil }) { const AI = env.AI; try { const r = await (async () => { "
        + body + " })(); return r instanceof Response ? r : new Response(typeof r === 'string' ? r : JSON.stringify(r ?? null)); } catch (e) { return new Response(`threw ${e}`); } }";
}

QByteArray jsonAnswer(const Json &json)
{
    return QByteArray::fromStdString(json.dump());
}

constexpr const char *jsonType = "Content-Type: application/json\r\n";
const QByteArray streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

QByteArray chunk(const QByteArray &bytes)
{
    return QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n";
}

QByteArray chatChunk(const char *text)
{
    return "data: " + jsonAnswer(Json{{"object", "chat.completion.chunk"}, {"choices", Json::array({Json{{"index", 0}, {"delta", Json{{"content", text}}}}})}}) + "\n\n";
}

Json completion(const Json &message)
{
    return Json{{"id", "c1"}, {"object", "chat.completion"}, {"choices", Json::array({Json{{"index", 0}, {"message", message}, {"finish_reason", "stop"}}})},
        {"usage", Json{{"prompt_tokens", 7}, {"completion_tokens", 5}, {"total_tokens", 12}}}};
}

const QByteArray picture = QByteArray::fromHex("89504e470d0a1a0a0001ff00");

/// What an obliging server with OpenAI's interface does; the model "m:WORD" makes it fail in one way.
Then serve(HttpPeer::Connection &connection, HttpPeer::Received &request)
{
    const QByteArray &path = request.target;
    const Json body = Json::parse(request.body.toStdString(), nullptr, false);
    const std::string model = body.is_object() && body.contains("model") ? body["model"].get<std::string>() : std::string();
    const bool streams = body.is_object() && body.value("stream", false);
    if (path == "/v1/models") {
        connection.answer(jsonAnswer(Json{{"object", "list"}, {"data", Json::array({Json{{"id", "nomic-embed-text"}}, Json{{"id", "qwen2.5:7b"}}, Json{{"id", "llama3.1:8b"}}, Json{{"id", "whisper-1"}}, Json{{"id", "sdxl"}}, Json{{"id", "kokoro"}}})}}), jsonType);
    } else if (model == "m:401") {
        connection.answer("{\"error\":{\"message\":\"Incorrect API key provided\",\"type\":\"invalid_request_error\",\"code\":\"invalid_api_key\"}}", jsonType, "401 Unauthorized");
    } else if (model == "m:404") {
        connection.answer("{\"error\":{\"message\":\"model \\\"m:404\\\" not found, try pulling it first\"}}", jsonType, "404 Not Found");
    } else if (model == "m:429") {
        connection.answer("{\"error\":\"rate limited\"}", jsonType, "429 Too Many Requests");
    } else if (model == "m:500") {
        connection.answer("{\"error\":{\"message\":\"out of memory\"}}", jsonType, "500 Internal Server Error");
    } else if (model == "m:html") {
        connection.answer("<!DOCTYPE html><h1>It works!</h1>", "Content-Type: text/html\r\n");
    } else if (model == "m:html404") {
        connection.answer("<html>404</html>", "Content-Type: text/html\r\n", "404 Not Found");
    } else if (model == "m:garbage") {
        connection.answer("\xff\xfe\x00 nothing", jsonType);
    } else if (model == "m:otherjson") {
        connection.answer("{\"ok\":true}", jsonType);
    } else if (model == "m:redirect") {
        connection.answer({}, "Location: http://example.org/\r\n", "302 Found");
    } else if (model == "m:close") {
        connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"choices\":");
        return Then::Close;
    } else if (model == "m:hang") {
        connection.waitForEnd(60'000);
        return Then::Close;
    } else if (model == "m:cut") {
        connection.send(streamHead + chunk(chatChunk("Hel")) + chunk(chatChunk("lo")));
        return Then::Close;
    } else if (model == "m:noend") {
        connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + chatChunk("Hello"));
        return Then::Close;
    } else if (model == "m:badevent") {
        connection.send(streamHead + chunk(chatChunk("Hi")) + chunk("data: {nonsense\n\n") + chunk(""));
    } else if (model == "m:errorevent") {
        connection.send(streamHead + chunk(chatChunk("Hi")) + chunk("data: {\"error\":{\"message\":\"the GPU is gone\"}}\n\n") + chunk(""));
    } else if (model == "m:stall") {
        connection.send(streamHead + chunk(chatChunk("Hi")));
        connection.waitForEnd(60'000);
        return Then::Close;
    } else if (model == "m:json-for-stream") {
        connection.answer(jsonAnswer(completion(Json{{"role", "assistant"}, {"content", "whole"}})), jsonType);
    } else if (path == "/v1/chat/completions" && streams) {
        // In pieces of three bytes, which cut events and characters.
        QByteArray events = ": a comment\n\n" + chatChunk("Gr\u00fc") + chatChunk("") + chatChunk("\u00dfe\n") + chatChunk("you");
        if (body.contains("tools")) {
            events += "data: " + jsonAnswer(Json{{"choices", Json::array({Json{{"delta", Json{{"tool_calls", Json::array({Json{{"index", 0}, {"id", "c"}, {"function", Json{{"name", "weather"}, {"arguments", "{\"ci"}}}}})}}}}})}}) + "\n\n";
            events += "data: " + jsonAnswer(Json{{"choices", Json::array({Json{{"delta", Json{{"tool_calls", Json::array({Json{{"index", 0}, {"function", Json{{"arguments", "ty\":\"Rome\"}"}}}}})}}}}})}}) + "\n\n";
        }
        events += "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}\n\ndata: [DONE]\n\n";
        connection.send(streamHead);
        for (qsizetype at = 0; at < events.size(); at += 3)
            connection.send(chunk(events.mid(at, 3)));
        connection.send("0\r\n\r\n");
    } else if (path == "/v1/chat/completions" && body.contains("tools")) {
        connection.answer(jsonAnswer(completion(Json{{"role", "assistant"}, {"content", nullptr}, {"tool_calls", Json::array({Json{{"id", "c1"}, {"type", "function"}, {"function", Json{{"name", "weather"}, {"arguments", "{\"city\":\"Rome\"}"}}}}})}})), jsonType);
    } else if (path == "/v1/chat/completions" && body.contains("response_format")) {
        connection.answer(jsonAnswer(completion(Json{{"role", "assistant"}, {"content", body.contains("seed") ? "no JSON" : "{\"capital\":\"Paris\"}"}})), jsonType);
    } else if (path == "/v1/chat/completions") {
        connection.answer(jsonAnswer(completion(Json{{"role", "assistant"}, {"content", "It is from a book of 1974."}})), jsonType);
    } else if (path == "/v1/completions") {
        connection.answer("{\"choices\":[{\"text\":\" raw text\"}]}", jsonType);
    } else if (path == "/v1/responses") {
        connection.answer("{\"id\":\"r1\",\"object\":\"response\",\"output\":[]}", jsonType);
    } else if (path == "/v1/embeddings") {
        Json data = Json::array();
        for (std::size_t i = body["input"].size(); i-- > 0;) // backwards, as an index tells
            data.push_back(Json{{"object", "embedding"}, {"index", i}, {"embedding", Json::array({0.25 * static_cast<double>(i), -1, 0.5})}});
        connection.answer(jsonAnswer(Json{{"object", "list"}, {"data", data}}), jsonType);
    } else if (path == "/v1/images/generations") {
        connection.answer(jsonAnswer(Json{{"created", 1}, {"data", Json::array({Json{{"b64_json", picture.toBase64().toStdString()}}})}}), jsonType);
    } else if (path == "/v1/audio/transcriptions") {
        connection.answer("{\"text\":\" Hello out there. \"}", jsonType);
    } else if (path == "/v1/audio/speech") {
        connection.answer("ID3 spoken", "Content-Type: audio/mpeg\r\n");
    } else {
        connection.answer("{\"error\":{\"message\":\"no such path\"}}", jsonType, "404 Not Found");
    }
    return Then::KeepOpen;
}

class Bench final
{
public:
    Bench()
    {
        provider.kind = Provider::Kind::OpenAi;
        provider.baseUrl = peer.base() + "/v1";
    }
    std::string run(const std::string &body)
    {
        if (const auto loaded = load(body); !loaded)
            return "not loaded: " + loaded.error().message;
        return harness.fetch().body;
    }
    base::Result<void> load(const std::string &body)
    {
        runtime::Bindings bindings;
        bindings.ai.push_back({"AI", provider});
        return harness.load(function(body), bindings);
    }
    Json json(const std::string &body)
    {
        const std::string text = run(body);
        Json parsed = Json::parse(text, nullptr, false);
        if (parsed.is_discarded())
            qWarning("%s gave no JSON: %s", body.c_str(), text.c_str());
        return parsed;
    }
    /// What the server got last on a path, as JSON.
    Json sent(const QByteArray &path)
    {
        Json found;
        for (const HttpPeer::Received &request : peer.received()) {
            if (request.target == path)
                found = Json::parse(request.body.toStdString(), nullptr, false);
        }
        return found;
    }
    HttpPeer::Received last() { return peer.received().back(); }
    int asked(const QByteArray &path)
    {
        const auto all = peer.received();
        return static_cast<int>(std::ranges::count(all, path, &HttpPeer::Received::target));
    }
    /// The calls that the log has.
    std::vector<events::CallEvent> calls(std::size_t count)
    {
        std::vector<events::CallEvent> found;
        const auto take = [&] {
            for (events::Event &event : harness.events()) {
                if (auto *call = std::get_if<events::CallEvent>(&event); call && call->kind != "handler")
                    found.push_back(std::move(*call));
            }
            return found.size() >= count;
        };
        [&] { QTRY_VERIFY(take()); }();
        return found;
    }

    HttpPeer peer{serve};
    Provider provider;
    WorkerHarness harness;
};

} // namespace

class AiTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theGuide()
    {
        Bench bench;
        const Json answer = bench.json("const input = { prompt: 'What is the origin of the phrase Hello, World' };"
                                       "const answer = await env.AI.run('@cf/meta/llama-3.1-8b-instruct', input,); return Response.json(answer);");
        QCOMPARE(answer.dump(), std::string("{\"response\":\"It is from a book of 1974.\",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5,\"total_tokens\":12}}"));
        QCOMPARE(bench.sent("/v1/chat/completions").dump(), std::string("{\"model\":\"llama3.1:8b\",\"messages\":[{\"role\":\"user\",\"content\":\"What is the origin of the phrase Hello, World\"}]}"));
        // Which model of the server's it is, is said once.
        QCOMPARE(bench.harness.console(1).at(0), "Workers AI: @cf/meta/llama-3.1-8b-instruct is llama3.1:8b of " + bench.provider.baseUrl + " here.");
        QCOMPARE(bench.asked("/v1/models"), 1);
    }

    void mappedModel()
    {
        Bench bench;
        bench.provider.models = {{"@cf/meta/llama-3.1-8b-instruct", "own-model"}};
        bench.provider.key = "sk-secret-1";
        QVERIFY(bench.json("return AI.run(" + llama + ", { messages: [{ role: 'system', content: 'Be brief' }, { role: 'user', content: 'Hi' }], max_tokens: 9, temperature: 0.5, top_p: 0.9, seed: 3, repetition_penalty: 1.1 })").contains("response"));
        QCOMPARE(bench.sent("/v1/chat/completions").dump(),
            std::string("{\"model\":\"own-model\",\"max_tokens\":9,\"temperature\":0.5,\"top_p\":0.9,\"seed\":3,\"repetition_penalty\":1.1,\"messages\":[{\"role\":\"system\",\"content\":\"Be brief\"},{\"role\":\"user\",\"content\":\"Hi\"}]}"));
        QCOMPARE(bench.asked("/v1/models"), 0);
        QCOMPARE(bench.last().field("authorization"), QByteArray("Bearer sk-secret-1"));
        // A name of the server's own is as good.
        QVERIFY(bench.json("return AI.run('qwen2.5:7b', { prompt: 'x' })").contains("response"));
        QVERIFY(bench.sent("/v1/chat/completions")["model"] == Json("qwen2.5:7b"));
    }

    void tools()
    {
        Bench bench;
        const Json answer = bench.json("return AI.run(" + llama + ", { messages: [{ role: 'user', content: 'Weather?' }], tools: [{ name: 'weather', description: 'tells', parameters: { type: 'object', properties: { city: { type: 'string' } } } }] })");
        QCOMPARE(answer["tool_calls"].dump(), std::string("[{\"name\":\"weather\",\"arguments\":{\"city\":\"Rome\"}}]"));
        QVERIFY(answer["response"].is_null());
        QCOMPARE(bench.sent("/v1/chat/completions")["tools"].dump(),
            std::string("[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"description\":\"tells\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}}]"));
        // The next turn, in Workers AI's words.
        QVERIFY(bench.json("return AI.run(" + llama + ", { messages: [{ role: 'user', content: 'W?' }, { role: 'assistant', content: '', tool_calls: [{ name: 'weather', arguments: { city: 'Rome' } }] },"
                           "{ role: 'tool', name: 'weather', content: { c: 20 } }] })").contains("response"));
        QCOMPARE(bench.sent("/v1/chat/completions")["messages"].dump(),
            std::string("[{\"role\":\"user\",\"content\":\"W?\"},{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Rome\\\"}\"}}]},{\"role\":\"tool\",\"content\":\"{\\\"c\\\":20}\",\"tool_call_id\":\"call_1\"}]"));
    }

    void jsonMode()
    {
        Bench bench;
        const std::string format = "response_format: { type: 'json_schema', json_schema: { type: 'object', properties: { capital: { type: 'string' } } } }";
        QCOMPARE(bench.json("return AI.run(" + llama + ", { prompt: 'France', " + format + " })")["response"].dump(), std::string("{\"capital\":\"Paris\"}"));
        QCOMPARE(bench.sent("/v1/chat/completions")["response_format"].dump(),
            std::string("{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"answer\",\"schema\":{\"type\":\"object\",\"properties\":{\"capital\":{\"type\":\"string\"}}}}}"));
        QCOMPARE(bench.run("return AI.run(" + llama + ", { prompt: 'France', seed: 1, response_format: { type: 'json_object' } })"), std::string("threw AiError: 5024: JSON Mode couldn't be met"));
        QCOMPARE(bench.run("return AI.run(" + llama + ", { prompt: 'France', stream: true, " + format + " })"), std::string("threw AiError: 5023: JSON Schema mode is not supported with stream mode."));
    }

    void streams()
    {
        Bench bench;
        QCOMPARE(QByteArray::fromStdString(bench.run("return read(await AI.run(" + llama + ", { prompt: 'Hi', stream: true }))")),
            QByteArray("data: {\"response\":\"Gr\u00fc\"}\n\ndata: {\"response\":\"\u00dfe\\n\"}\n\ndata: {\"response\":\"you\"}\n\ndata: {\"response\":\"\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}\n\ndata: [DONE]\n\n"));
        // Straight to the client, as everybody does.
        const auto loaded = bench.load("return new Response(await AI.run(" + llama + ", { prompt: 'Hi', stream: true }), { headers: { 'content-type': 'text/event-stream' } })");
        QVERIFY(loaded);
        const auto answer = bench.harness.fetch();
        QVERIFY(answer.complete);
        QVERIFY(answer.body.ends_with("data: [DONE]\n\n"));
        const std::string calls = bench.run("return read(await AI.run(" + llama + ", { prompt: 'Hi', stream: true, tools: [{ name: 'weather' }] }))");
        QVERIFY2(calls.find("data: {\"response\":\"\",\"tool_calls\":[{\"name\":\"weather\",\"arguments\":{\"city\":\"Rome\"}}]}") != std::string::npos, calls.c_str());
        QCOMPARE(bench.run("const s = await AI.run(" + llama + ", { prompt: 'Hi', stream: true }); const r = s.getReader(); const first = new TextDecoder().decode((await r.read()).value); await r.cancel(); return [s instanceof ReadableStream, first]"),
            std::string("[true,\"data: {\\\"response\\\":\\\"Gr\u00fc\\\"}\\n\\n\"]"));
        bench.provider.models = {{"x", "m:json-for-stream"}};
        QVERIFY(bench.run("return read(await AI.run('x', { prompt: 'Hi', stream: true }))").starts_with("data: {\"response\":\"whole\""));
    }

    void otherShapes()
    {
        Bench bench;
        QVERIFY(bench.json("return AI.run('@cf/zai-org/glm-4.7-flash', { messages: [{ role: 'user', content: 'x' }] })")["object"] == Json("chat.completion"));
        QVERIFY(bench.run("return read(await AI.run('@cf/zai-org/glm-4.7-flash', { messages: [{ role: 'user', content: 'x' }], stream: true }))").starts_with("data: {\"object\":\"chat.completion.chunk\""));
        QVERIFY(bench.json("return AI.run('@cf/openai/gpt-oss-20b', { input: 'x', instructions: 'y' })")["object"] == Json("response"));
        QCOMPARE(bench.sent("/v1/responses").dump(), std::string("{\"input\":\"x\",\"instructions\":\"y\",\"model\":\"qwen2.5:7b\"}"));
        QCOMPARE(bench.run("return AI.run(" + llama + ", { prompt: 'raw', raw: true })"), std::string("{\"response\":\" raw text\"}"));
        QVERIFY(bench.json("return AI.run('@cf/meta/llama-3.2-11b-vision-instruct', { prompt: 'what', image: [1, 2, 3] })").contains("response"));
        QCOMPARE(bench.sent("/v1/chat/completions")["messages"][0]["content"].dump(), std::string("[{\"type\":\"text\",\"text\":\"what\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AQID\"}}]"));
    }

    void embeddings()
    {
        Bench bench;
        QCOMPARE(bench.run("return AI.run('@cf/baai/bge-base-en-v1.5', { text: ['a', 'b'] })"), std::string("{\"shape\":[2,3],\"data\":[[0,-1,0.5],[0.25,-1,0.5]],\"pooling\":\"mean\"}"));
        QCOMPARE(bench.sent("/v1/embeddings").dump(), std::string("{\"model\":\"nomic-embed-text\",\"input\":[\"a\",\"b\"],\"encoding_format\":\"float\"}"));
        QCOMPARE(bench.run("return AI.run('@cf/google/embeddinggemma-300m', { text: 'a' })"), std::string("{\"shape\":[1,3],\"data\":[[0,-1,0.5]]}"));
        QVERIFY(bench.run("return AI.run('@cf/baai/bge-base-en-v1.5', { text: [] })").starts_with("threw AiError: 5006: "));
        QVERIFY(bench.run("return AI.run('@cf/baai/bge-base-en-v1.5', {})").starts_with("threw AiError: 5006: "));
    }

    void pictures()
    {
        Bench bench;
        QCOMPARE(bench.run("const s = await AI.run('@cf/stabilityai/stable-diffusion-xl-base-1.0', { prompt: 'a cat', width: 512, height: 256, num_steps: 4 }); return [s instanceof ReadableStream, [...new Uint8Array(await new Response(s).arrayBuffer())].length]"),
            std::string("[true,12]"));
        QCOMPARE(bench.sent("/v1/images/generations").dump(), std::string("{\"model\":\"sdxl\",\"prompt\":\"a cat\",\"n\":1,\"response_format\":\"b64_json\",\"size\":\"512x256\",\"steps\":4}"));
        QCOMPARE(bench.json("return AI.run('@cf/black-forest-labs/flux-1-schnell', { prompt: 'a cat' })").dump(), "{\"image\":\"" + picture.toBase64().toStdString() + "\"}");
        QCOMPARE(bench.run("const r = await AI.run('@cf/leonardo/phoenix-1.0', { prompt: 'a cat' }, { returnRawResponse: true }); return [r.status, r.headers.get('content-type'), (await r.arrayBuffer()).byteLength]"), std::string("[200,\"image/png\",12]"));
    }

    void speech()
    {
        Bench bench;
        QCOMPARE(bench.run("return AI.run('@cf/openai/whisper', { audio: [...new Uint8Array([82, 73, 70, 70])] })"), std::string("{\"text\":\"Hello out there.\",\"word_count\":3}"));
        const QByteArray form = bench.last().body;
        QVERIFY2(form.contains("name=\"model\"\r\n\r\nwhisper-1\r\n") && form.contains("filename=\"audio.mp3\"") && form.contains("RIFF"), form.constData());
        QVERIFY(bench.run("return AI.run('@cf/openai/whisper-large-v3-turbo', { audio: 'UklGRg==', language: 'en' })").starts_with("{\"text\":"));
        QVERIFY(bench.last().body.contains("RIFF"));
        QCOMPARE(bench.run("return AI.run('@cf/deepgram/nova-3', { audio: { body: new Response('RIFF').body, contentType: 'audio/wav' } })"),
            std::string("{\"results\":{\"channels\":[{\"alternatives\":[{\"transcript\":\"Hello out there.\",\"confidence\":1,\"words\":[]}]}]}}"));
        QVERIFY(bench.last().body.contains("filename=\"audio.wav\""));
        QCOMPARE(bench.run("return AI.run('@cf/deepgram/nova-3', { audio: { body: new Response('RIFF').body } })"), std::string("threw AiInternalError: Content-Type is required with ReadableStream inputs"));
        QCOMPARE(bench.run("return AI.run('@cf/x/whisper', { a: { body: new Response('R').body, contentType: 'x' }, b: { body: new Response('R').body, contentType: 'x' } })"),
            std::string("threw AiInternalError: Multiple ReadableStreams are not supported. Found streams in keys: [a, b]"));
        QCOMPARE(bench.run("return read(await AI.run('@cf/deepgram/aura-1', { text: 'Hi', speaker: 'luna' }))"), std::string("ID3 spoken"));
        QCOMPARE(bench.sent("/v1/audio/speech").dump(), std::string("{\"model\":\"kokoro\",\"input\":\"Hi\",\"voice\":\"luna\",\"response_format\":\"mp3\"}"));
        QCOMPARE(bench.run("return atob((await AI.run('@cf/myshell-ai/melotts', { prompt: 'Hi' })).audio)"), std::string("ID3 spoken"));
    }

    void failures_data()
    {
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<QByteArray>("error");
        const auto row = [](const char *model, const char *error) { QTest::newRow(model) << QByteArray(model) << QByteArray(error); };
        row("m:401", "threw InferenceUpstreamError: The AI server at BASE refuses the key (HTTP 401): Incorrect API key provided");
        row("m:404", "threw AiError: 5007: No such model x: The AI server at BASE says: model \"m:404\" not found, try pulling it first");
        row("m:429", "threw AiError: 3040: The AI server at BASE has too much to do (HTTP 429): rate limited");
        row("m:500", "threw InferenceUpstreamError: The AI server at BASE failed (HTTP 500): out of memory");
        row("m:html", "threw InferenceUpstreamError: The AI server at BASE answers with a page of HTML. Is it a server that speaks OpenAI's interface, and is the address right?");
        row("m:html404", "threw InferenceUpstreamError: The AI server at BASE failed (HTTP 404): it answers with a page of HTML; is the address right?");
        row("m:garbage", "threw InferenceUpstreamError: The AI server at BASE answers with something that is no JSON. Is it a server that speaks OpenAI's interface, and is the address right?");
        row("m:otherjson", "threw InferenceUpstreamError: The AI server at BASE answers with JSON that is no chat completion: {\"ok\":true}");
        row("m:redirect", "threw InferenceUpstreamError: The AI server at BASE wants to be asked elsewhere (HTTP 302): http://example.org/. Name that address instead.");
        row("m:close", "threw InferenceUpstreamError: The AI server at BASE broke off in the middle of its answer: ");
    }

    void failures()
    {
        QFETCH(QByteArray, model);
        QFETCH(QByteArray, error);
        Bench bench;
        bench.provider.models = {{"x", model.toStdString()}};
        error.replace("BASE", QByteArray::fromStdString(bench.provider.baseUrl));
        const QByteArray told = QByteArray::fromStdString(bench.run("return AI.run('x', { prompt: 'Hi' })"));
        QVERIFY2(error.endsWith(": ") ? told.startsWith(error) : told == error, told.constData());
        // The log has the same, and the code can go on.
        const auto calls = bench.calls(1);
        QCOMPARE("threw " + calls.at(0).error, told.toStdString());
        bench.provider.models.clear();
        QVERIFY(bench.json("return AI.run(" + llama + ", { prompt: 'Hi' })").contains("response"));
    }

    void brokenStreams_data()
    {
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<QByteArray>("error");
        const auto row = [](const char *model, const char *error) { QTest::newRow(model) << QByteArray(model) << QByteArray(error); };
        row("m:cut", "[\"data: {\\\"response\\\":\\\"Hel\\\"}\\n\\ndata: {\\\"response\\\":\\\"lo\\\"}\\n\\n\",\"InferenceUpstreamError: The AI server at BASE broke off in the middle of its answer: ");
        row("m:noend", "[\"data: {\\\"response\\\":\\\"Hello\\\"}\\n\\n\",\"InferenceUpstreamError: The AI server at BASE broke off in the middle of its answer: the stream has no end.\"]");
        row("m:badevent", "[\"data: {\\\"response\\\":\\\"Hi\\\"}\\n\\n\",\"InferenceUpstreamError: The AI server at BASE sent an event that is no JSON: {nonsense\"]");
        row("m:errorevent", "[\"data: {\\\"response\\\":\\\"Hi\\\"}\\n\\n\",\"InferenceUpstreamError: The AI server at BASE failed in the middle of its answer: the GPU is gone\"]");
        row("m:stall", "[\"data: {\\\"response\\\":\\\"Hi\\\"}\\n\\n\",\"AiError: 3007: Request timeout: The AI server at BASE has said nothing for 1 second.\"]");
    }

    void brokenStreams()
    {
        QFETCH(QByteArray, model);
        QFETCH(QByteArray, error);
        Bench bench;
        bench.provider.models = {{"x", model.toStdString()}};
        bench.provider.stallMs = model == "m:stall" ? 1000 : 60'000;
        error.replace("BASE", QByteArray::fromStdString(bench.provider.baseUrl));
        const QByteArray told = QByteArray::fromStdString(bench.run("let text = ''; try { for await (const c of await AI.run('x', { prompt: 'Hi', stream: true })) text += new TextDecoder().decode(c); return [text, 'ended']; } catch (e) { return [text, `${e}`]; }"));
        QVERIFY2(told.startsWith(error), told.constData());
        const auto calls = bench.calls(1);
        QVERIFY2(!calls.at(0).error.empty() && calls.at(0).result.find("\"events\":") != std::string::npos, calls.at(0).result.c_str());
    }

    void silence()
    {
        Bench bench;
        bench.provider.models = {{"x", "m:hang"}};
        bench.provider.stallMs = 800;
        QCOMPARE(bench.run("return AI.run('x', { prompt: 'Hi' })"), "threw AiError: 3007: Request timeout: The AI server at " + bench.provider.baseUrl + " has said nothing for 1 second.");
        bench.provider.stallMs = 60'000;
        QCOMPARE(bench.run("return AI.run('x', { prompt: 'Hi' }, { signal: AbortSignal.timeout(100) })"), std::string("threw TimeoutError: The operation was aborted due to timeout"));
        QCOMPARE(bench.run("const c = new AbortController(); const p = AI.run('x', { prompt: 'Hi' }, { signal: c.signal }); c.abort(); return p"), std::string("threw AbortError: The operation was aborted"));
        QCOMPARE(bench.run("return AI.run('x', { prompt: 'Hi' }, { signal: AbortSignal.abort(new Error('own')) })"), std::string("threw Error: own"));
        // A stream is ended by its signal, too.
        bench.provider.models = {{"x", "m:stall"}};
        QCOMPARE(bench.run("const c = new AbortController(); const s = await AI.run('x', { prompt: 'Hi', stream: true }, { signal: c.signal }); const r = s.getReader(); await r.read(); c.abort(); await r.read(); return 'read'"),
            std::string("threw AbortError: The operation was aborted"));
        // Nobody is there.
        bench.provider.baseUrl = "http://127.0.0.1:1/v1";
        const std::string told = bench.run("return AI.run('x', { prompt: 'Hi' })");
        QVERIFY2(told.starts_with("threw InferenceUpstreamError: The AI server at http://127.0.0.1:1/v1 cannot be reached: "), told.c_str());
        // Another request is answered at once meanwhile.
        bench.provider.baseUrl = bench.peer.base() + "/v1";
        bench.provider.models = {{"x", "m:hang"}};
        QVERIFY(bench.load("if (new URL(request.url).pathname === '/quick') return 'quick'; return AI.run('x', { prompt: 'Hi' })"));
        runtime::Request request;
        request.method = "GET";
        request.url = "http://localhost/";
        const auto id = bench.harness.begin(request);
        QCOMPARE(bench.harness.fetch("GET", "http://localhost/quick").body, std::string("quick"));
        bench.harness.worker().clientLeft(id);
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("error");
        const auto row = [](const char *code, const char *error) { QTest::newRow(code) << QByteArray(code) << QByteArray(error); };
        row("AI.run('@cf/meta/llama-3.1-8b-instruct', {})", "AiError: 5006: Error: oneOf at '/' not met");
        row("AI.run('@cf/meta/llama-3.1-8b-instruct', { messages: 'x' })", "AiError: 5006: ");
        row("AI.run('@cf/meta/llama-3.1-8b-instruct')", "TypeError: Cannot convert undefined or null to object");
        row("AI.run('@cf/meta/llama-3.1-8b-instruct', { prompt: 'x' }, { websocket: true })", "AiInternalError: A WebSocket to a model");
        row("AI.run('@cf/meta/m2m100-1.2b', { text: 'x', target_lang: 'de' })", "AiError: 5007: No such model @cf/meta/m2m100-1.2b: translation is nothing");
        row("AI.run('@cf/openai/whisper', { audio: 7 })", "AiError: 5004: Invalid data type for base64 input: number");
        row("AI.run('@cf/openai/whisper', {})", "AiError: 5006: ");
        row("AI.gateway('x')", "AiInternalError: AI Gateway is not there locally");
        row("AI.autorag('x')", "AiInternalError: ");
    }

    void refused()
    {
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, error);
        Bench bench;
        const std::string told = bench.run("return " + code.toStdString());
        QVERIFY2(told.starts_with("threw " + error.toStdString()), told.c_str());
    }

    void theObject()
    {
        Bench bench;
        QCOMPARE(bench.run("const before = [AI.lastRequestId, AI.aiGatewayLogId]; await AI.run(" + llama + ", { prompt: 'x' }, { gateway: { id: 'g', skipCache: true }, prefix: 'p', extraHeaders: { 'x-a': 'b' } });"
                           "return [String(AI), before, AI.aiGatewayLogId, AI.lastRequestHttpStatusCode, AI.getLogs()]"),
            std::string("[\"[object WrappedBinding]\",[null,null],null,200,[]]"));
        QCOMPARE(bench.run("const r = await AI.run(" + llama + ", { prompt: 'x' }, { returnRawResponse: true }); return [r instanceof Response, r.status, r.headers.get('content-type'), Object.keys(await r.json())]"),
            std::string("[true,200,\"application/json\",[\"response\",\"usage\"]]"));
        QCOMPARE(bench.run("const r = await AI.run(" + llama + ", { prompt: 'x', stream: true }, { returnRawResponse: true }); return [r.headers.get('content-type'), (await r.text()).slice(-14)]"),
            std::string("[\"text/event-stream\",\"data: [DONE]\\n\\n\"]"));
        QCOMPARE(bench.run("const r = await AI.run(" + llama + ", {}, { returnRawResponse: true }); const b = await r.json(); return [r.status, b.internalCode, b.name, AI.lastRequestInternalStatusCode]"), std::string("[400,5006,\"AiError\",5006]"));
        const Json models = bench.json("return AI.models()");
        QCOMPARE(models.size(), 6U);
        QCOMPARE(models[0]["task"]["name"].get<std::string>(), std::string("Text embeddings"));
        QCOMPARE(bench.run("return (await AI.models({ search: 'LLAMA', per_page: 1 })).map((m) => m.name)"), std::string("[\"llama3.1:8b\"]"));
    }

    void toMarkdown()
    {
        Bench bench;
        const Json list = bench.json("return AI.toMarkdown([{ name: 'a.html', blob: new Blob(['<h1>Hi</h1><p>a <b>b</b></p>'], { type: 'text/html' }) }, { name: 'b.txt', blob: new Blob(['plain *text*']) },"
                                     "{ name: 'c.pdf', blob: new Blob(['%PDF'], { type: 'application/pdf' }) }])");
        QCOMPARE(list.size(), 3U);
        QVERIFY(list[0]["data"] == Json("# Hi\n\na **b**\n") && list[0]["format"] == Json("markdown") && list[0]["mimeType"] == Json("text/html") && list[0]["tokens"] == Json(4));
        QVERIFY(list[1]["data"] == Json("plain *text*"));
        QVERIFY(list[2]["format"] == Json("error"));
        QCOMPARE(list[2]["error"].get<std::string>(), std::string("application/pdf cannot be converted here: locally toMarkdown() reads HTML and text alone."));
        QVERIFY(bench.json("return AI.toMarkdown({ name: 'a.html', blob: new Blob(['x'], { type: 'text/html' }) })")["data"] == Json("x\n"));
        QVERIFY(bench.json("return AI.toMarkdown().transform({ name: 'a.htm', blob: new Blob(['x']) })")["data"] == Json("x\n"));
        QVERIFY(bench.json("return AI.toMarkdown().supported()").size() >= 4);
        QVERIFY(bench.run("return AI.toMarkdown({ name: 'a.html', blob: 'x' })").starts_with("threw AiInternalError: toMarkdown() takes"));
    }

    void whoAnswers()
    {
        Bench bench;
        Provider none;
        bench.provider = none;
        const std::string nobody = bench.run("return AI.run(" + llama + ", { prompt: 'x' })");
        QVERIFY2(nobody.starts_with("threw InferenceUpstreamError: Workers AI has no provider here: start a local server"), nobody.c_str());
        QVERIFY(nobody.find("--ai-base-url") != std::string::npos && nobody.find("CLOUDFLARE_API_TOKEN") != std::string::npos);
        bench.provider.problem = "The address is wrong.";
        QCOMPARE(bench.run("return AI.run(" + llama + ", { prompt: 'x' })"), std::string("threw InferenceUpstreamError: The address is wrong."));
        // One that listens on a usual port is found, and one that is no such server is not.
        HttpPeer other([](HttpPeer::Connection &connection, HttpPeer::Received &) {
            connection.answer("<html>hello</html>", "Content-Type: text/html\r\n");
            return Then::KeepOpen;
        });
        HttpPeer silent([](HttpPeer::Connection &connection, HttpPeer::Received &) {
            connection.waitForEnd(60'000);
            return Then::Close;
        });
        bench.provider = none;
        bench.provider.localPorts = {1, other.port(), silent.port()};
        QVERIFY(bench.run("return AI.run(" + llama + ", { prompt: 'x' })").starts_with("threw InferenceUpstreamError: Workers AI has no provider here"));
        bench.harness.console(0);
        bench.provider.localPorts = {other.port(), bench.peer.port()};
        QVERIFY(bench.json("return Promise.all([AI.run(" + llama + ", { prompt: 'x' }), AI.run(" + llama + ", { prompt: 'y' })])").size() == 2);
        const std::string base = "http://127.0.0.1:" + std::to_string(bench.peer.port()) + "/v1";
        const auto lines = bench.harness.console(2);
        QVERIFY2(std::ranges::find(lines, "Workers AI: the server at " + base + " answers here.") != lines.end(), lines.at(0).c_str());
    }

    void cloudflare()
    {
        HttpPeer api([](HttpPeer::Connection &connection, HttpPeer::Received &request) {
            const Json body = Json::parse(request.body.toStdString(), nullptr, false);
            if (request.field("authorization") != "Bearer the-token") {
                connection.answer("{\"result\":null,\"success\":false,\"errors\":[{\"code\":10000,\"message\":\"Authentication error\"}],\"messages\":[]}", jsonType, "403 Forbidden");
            } else if (request.target == "/client/v4/accounts/acc/ai/models/search?search=llama") {
                connection.answer("{\"success\":true,\"result\":[{\"id\":\"1\",\"name\":\"@cf/meta/llama\"}]}", jsonType);
            } else if (request.target == "/client/v4/accounts/acc/ai/run/@cf/openai/whisper") {
                connection.answer(jsonAnswer(Json{{"success", true}, {"result", Json{{"text", request.body.toStdString()}, {"type", request.field("content-type").toStdString()}}}}), jsonType);
            } else if (request.target == "/client/v4/accounts/acc/ai/run/@cf/nope") {
                connection.answer("{\"result\":null,\"success\":false,\"errors\":[{\"code\":5007,\"message\":\"AiError: No such model @cf/nope\"}]}", jsonType, "400 Bad Request");
            } else if (request.target == "/client/v4/accounts/acc/ai/run/@cf/html") {
                connection.answer("<html>", "Content-Type: text/html\r\n", "502 Bad Gateway");
            } else if (request.target == "/client/v4/accounts/acc/ai/run/@cf/picture") {
                connection.answer(picture, "Content-Type: image/png\r\n");
            } else if (body.is_object() && body.value("stream", false)) {
                connection.send(streamHead + chunk("data: {\"response\":\"A\",\"p\":\"x\"}\n\n") + chunk("data: [DONE]\n\n") + "0\r\n\r\n");
            } else {
                connection.answer(jsonAnswer(Json{{"result", Json{{"response", body.is_object() ? body["prompt"] : Json(request.target.toStdString())}}}, {"success", true}, {"errors", Json::array()}}), "Content-Type: application/json\r\ncf-ai-req-id: req-1\r\ncf-aig-log-id: log-1\r\n");
            }
            return Then::KeepOpen;
        });
        Bench bench;
        bench.provider = {};
        bench.provider.kind = Provider::Kind::Cloudflare;
        bench.provider.baseUrl = api.base() + "/client/v4";
        bench.provider.account = "acc";
        bench.provider.key = "the-token";
        QCOMPARE(bench.run("const a = await AI.run(" + llama + ", { prompt: 'Hi' }); return [a, AI.lastRequestId, AI.aiGatewayLogId]"), std::string("[{\"response\":\"Hi\"},\"req-1\",\"log-1\"]"));
        QCOMPARE(api.received().back().target, QByteArray("/client/v4/accounts/acc/ai/run/@cf/meta/llama-3.1-8b-instruct"));
        QCOMPARE(bench.run("return read(await AI.run(" + llama + ", { prompt: 'Hi', stream: true }))"), std::string("data: {\"response\":\"A\",\"p\":\"x\"}\n\ndata: [DONE]\n\n"));
        QCOMPARE(bench.run("return (await new Response(await AI.run('@cf/picture', { prompt: 'x' })).arrayBuffer()).byteLength"), std::string("12"));
        QCOMPARE(bench.run("return AI.run('@cf/openai/whisper', { audio: { body: new Response('RIFF').body, contentType: 'audio/wav' } })"), std::string("{\"text\":\"RIFF\",\"type\":\"audio/wav\"}"));
        QCOMPARE(bench.run("return AI.run('@cf/nope', { prompt: 'x' })"), std::string("threw InferenceUpstreamError: 5007: AiError: No such model @cf/nope"));
        QCOMPARE(bench.run("return AI.run('@cf/html', { prompt: 'x' })"), std::string("threw InferenceUpstreamError: Cloudflare's API answers (HTTP 502) with a page of HTML."));
        QCOMPARE(bench.run("return AI.models({ search: 'llama' })"), std::string("[{\"id\":\"1\",\"name\":\"@cf/meta/llama\"}]"));
        bench.provider.key = "wrong";
        QCOMPARE(bench.run("return AI.run(" + llama + ", { prompt: 'Hi' })"), std::string("threw InferenceUpstreamError: 10000: Authentication error"));
    }

    void recordings()
    {
        QTemporaryDir folder;
        Bench bench;
        bench.provider.key = "sk-very-secret";
        bench.provider.recordings = folder.path().toStdString() + "/ai";
        const std::string ask = "return AI.run(" + llama + ", { prompt: 'Hi' })";
        const std::string stream = "return read(await AI.run(" + llama + ", { prompt: 'Hi', stream: true }))";
        const std::string paint = "const b = new Uint8Array(await new Response(await AI.run('@cf/x/stable-diffusion', { prompt: 'a cat' })).arrayBuffer()); return [b.length, b[0]]";
        const std::string answer = bench.run(ask);
        QVERIFY(answer.starts_with("{\"response\""));
        const std::string events = bench.run(stream);
        QCOMPARE(bench.run(paint), std::string("[12,137]"));
        const QDir dir(folder.filePath(QStringLiteral("ai")));
        QCOMPARE(dir.entryList(QDir::Files).size(), 3);
        for (const QString &name : dir.entryList(QDir::Files))
            QVERIFY(base::readFile(dir.filePath(name).toStdString())->find("sk-very-secret") == std::string::npos);
        const int before = static_cast<int>(bench.peer.received().size());
        // Found again with the provider there, without asking it...
        QCOMPARE(bench.run(ask), answer);
        QCOMPARE(bench.run(stream), events);
        QCOMPARE(static_cast<int>(bench.peer.received().size()), before);
        // ... and with none.
        bench.provider.kind = Provider::Kind::None;
        QCOMPARE(bench.run(ask), answer);
        QCOMPARE(bench.run(stream), events);
        QCOMPARE(bench.run(paint), std::string("[12,137]"));
        // By the model, whatever the words.
        QVERIFY(bench.run("return AI.run(" + llama + ", { prompt: 'Something else' })").starts_with("{\"response\""));
        QVERIFY(bench.run("return read(await AI.run(" + llama + ", { prompt: 'Something else', stream: true }))").ends_with("data: [DONE]\n\n"));
        const std::string missing = bench.run("return AI.run('@cf/other', { prompt: 'Hi' })");
        QVERIFY2(missing.starts_with("threw InferenceUpstreamError: There is no recorded answer of @cf/other. Workers AI has no provider here"), missing.c_str());
        QCOMPARE(bench.run("return (await AI.models()).map((m) => m.name)"), std::string("[\"@cf/meta/llama-3.1-8b-instruct\",\"@cf/x/stable-diffusion\"]"));
        // Who cannot be reached is spoken for, and that is said.
        bench.provider.kind = Provider::Kind::OpenAi;
        bench.provider.baseUrl = "http://127.0.0.1:1/v1";
        QVERIFY(bench.run("return AI.run(" + llama + ", { prompt: 'Third' })").starts_with("{\"response\""));
        std::vector<std::string> lines;
        const auto told = [&] {
            std::ranges::move(bench.harness.console(1), std::back_inserter(lines));
            return std::ranges::any_of(lines, [](const std::string &line) { return line.ends_with("A recorded answer is given instead."); });
        };
        QTRY_VERIFY(told());
    }

    void byHand()
    {
        QTemporaryDir folder;
        Bench bench;
        bench.provider = {};
        bench.provider.recordings = folder.path().toStdString();
        QVERIFY(base::writeFileAtomically(folder.path().toStdString() + "/hello.json", "{ \"model\": \"@cf/meta/llama-3.1-8b-instruct\", \"answer\": { \"response\": \"Hello there, you!\", \"usage\": { \"total_tokens\": 4 } } }"));
        QVERIFY(base::writeFileAtomically(folder.path().toStdString() + "/broken.json", "{"));
        QCOMPARE(bench.run("return AI.run(" + llama + ", { prompt: 'x' })"), std::string("{\"response\":\"Hello there, you!\",\"usage\":{\"total_tokens\":4}}"));
        QVERIFY(bench.harness.console(1).at(0).find("broken.json cannot be used: it is no JSON object.") != std::string::npos);
        QCOMPARE(bench.run("return read(await AI.run(" + llama + ", { prompt: 'x', stream: true }))"),
            std::string("data: {\"response\":\"Hello\"}\n\ndata: {\"response\":\" there,\"}\n\ndata: {\"response\":\" you!\"}\n\ndata: {\"response\":\"\",\"usage\":{\"total_tokens\":4}}\n\ndata: [DONE]\n\n"));
        QVERIFY(base::writeFileAtomically(folder.path().toStdString() + "/hello.json", "{ \"model\": \"@cf/meta/llama-3.1-8b-instruct\", \"events\": [{ \"response\": \"A\" }, { \"response\": \"B\" }] }"));
        QCOMPARE(bench.run("return AI.run(" + llama + ", { prompt: 'x' })"), std::string("{\"response\":\"AB\"}"));
    }

    void spans()
    {
        Bench bench;
        QVERIFY(bench.json("return AI.run(" + llama + ", { prompt: 'Hi' }, { gateway: { id: 'g' }, extraHeaders: { authorization: 'own secret' } })").contains("response"));
        auto calls = bench.calls(1);
        QCOMPARE(calls.size(), 1U); // and no fetch beside it
        QCOMPARE(calls[0].kind, std::string("ai"));
        QCOMPARE(calls[0].binding, std::string("AI"));
        QCOMPARE(calls[0].method, std::string("run"));
        QCOMPARE(calls[0].arguments, std::string("[\"@cf/meta/llama-3.1-8b-instruct\",{\"prompt\":\"Hi\"},{\"gateway\":{\"id\":\"g\"}}]"));
        QCOMPARE(calls[0].result, std::string("{\"response\":\"It is from a book of 1974.\",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5,\"total_tokens\":12}}"));
        QVERIFY(calls[0].durationUs > 0);
        QVERIFY(bench.run("return read(await AI.run(" + llama + ", { prompt: 'Hi', stream: true }))").starts_with("data: "));
        calls = bench.calls(1);
        QCOMPARE(QByteArray::fromStdString(calls.at(0).result), QByteArray("{\"response\":\"Gr\u00fc\u00dfe\\nyou\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3},\"events\":4}"));
        QVERIFY(bench.json("return AI.run('@cf/baai/bge-base-en-v1.5', { text: 'a' })").contains("data"));
        calls = bench.calls(1);
        QCOMPARE(calls.at(0).result, std::string("{\"shape\":[1,3],\"data\":[[0,-1,0.5]],\"pooling\":\"mean\"}"));
    }

    void atTheTopLevel()
    {
        Bench bench;
        runtime::Bindings bindings;
        bindings.ai.push_back({"AI", bench.provider});
        const auto loaded = bench.harness.loadWorker("import { env } from 'cloudflare:workers'; let told = 'not refused'; const p = env.AI.run('x', { prompt: 'x' }).catch((e) => { told = e.message; }); export default { async fetch() { await p; return new Response(told); } };", bindings);
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        QVERIFY2(bench.harness.fetch().body.starts_with("Disallowed operation called within global scope."), bench.harness.fetch().body.c_str());
    }
};

QTEST_GUILESS_MAIN(AiTest)
#include "t_ai.moc"
