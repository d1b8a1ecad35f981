// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/ai/calllog.h"

#include <QTest>

#include <thread>

using namespace cleat;
using namespace cleat::bindings::ai;
using Form = Recording::Form;
using Parts = CallLog::Parts;

namespace {

ModelCall call(std::string inputs, std::string answer, Form form = Form::Json)
{
    ModelCall made;
    made.model = "@cf/meta/llama-3.1-8b-instruct";
    made.inputs = std::move(inputs);
    made.answer = std::move(answer);
    made.form = form;
    return made;
}

} // namespace

class TestCallLog final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsInOrder()
    {
        CallLog log;
        QCOMPARE(log.oldest(), ModelCall::Id(0));
        QCOMPARE(log.add(call("{\"prompt\":\"Hi\"}", "{\"response\":\"Hello!\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}")), ModelCall::Id(1));
        QCOMPARE(log.add(call("{\"prompt\":\"More\"}", R"([{"response":"It"},{"response":" is"},{"response":"","usage":{"prompt_tokens":9,"completion_tokens":4}}])", Form::Events)), ModelCall::Id(2));
        const auto all = log.after(0, Parts::Whole);
        QCOMPARE(all.size(), std::size_t(2));
        QCOMPARE(all[0].tokensIn, std::optional<std::uint64_t>(3));
        QCOMPARE(all[0].tokensOut, std::optional<std::uint64_t>(2));
        QCOMPARE(all[1].tokensIn, std::optional<std::uint64_t>(9));
        const auto brief = log.after(1, Parts::Brief);
        QCOMPARE(brief.size(), std::size_t(1));
        QCOMPARE(brief[0].inputs, std::string("More"));
        QVERIFY(brief[0].answer.empty());
        QCOMPARE(brief[0].tokensOut, std::optional<std::uint64_t>(4));
        QVERIFY(log.find(2) == all[1]);
        QVERIFY(!log.find(3));
        log.clear();
        QVERIFY(!log.find(2));
        QCOMPARE(log.add(call("{}", "{}")), ModelCall::Id(3)); // numbers are never used again
    }

    void isBounded()
    {
        CallLog log;
        for (std::size_t i = 0; i < CallLog::mostCalls + 10; ++i)
            log.add(call("{}", "1"));
        QCOMPARE(log.oldest(), ModelCall::Id(11));
        QCOMPARE(log.after(0, Parts::Brief).size(), CallLog::mostCalls);
        log.add(call("{}", std::string(CallLog::longest + 1, 'x'), Form::Bytes));
        const auto cut = log.find(CallLog::mostCalls + 11);
        QVERIFY(cut && cut->isCut && cut->answer.empty());
        for (int i = 0; i < 12; ++i)
            log.add(call("{}", std::string(CallLog::longest, 'x'), Form::Bytes));
        std::size_t bytes = 0;
        for (const ModelCall &one : log.after(0, Parts::Whole))
            bytes += one.answer.size();
        QVERIFY(bytes <= CallLog::mostBytes);
        QVERIFY(bytes > CallLog::mostBytes / 2);
    }

    void texts_data()
    {
        QTest::addColumn<QByteArray>("inputs");
        QTest::addColumn<QByteArray>("prompt");
        QTest::newRow("prompt") << QByteArray(R"({"prompt":"Hi"})") << QByteArray("Hi");
        QTest::newRow("chat") << QByteArray(R"({"messages":[{"role":"system","content":"Be kind"},{"role":"user","content":"Hello"}]})") << QByteArray("Hello");
        QTest::newRow("parts") << QByteArray(R"({"messages":[{"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url"}]}]})") << QByteArray("What is it?\n");
        QTest::newRow("one text") << QByteArray(R"({"text":"to embed"})") << QByteArray("to embed");
        QTest::newRow("texts") << QByteArray(R"({"text":["a","b","c"]})") << QByteArray("a (and 2 more)");
        QTest::newRow("other") << QByteArray(R"({"image":[1,2]})") << QByteArray(R"({"image":[1,2]})");
        QTest::newRow("nothing said") << QByteArray(R"({"messages":[]})") << QByteArray(R"({"messages":[]})");
        QTest::newRow("no JSON") << QByteArray("{") << QByteArray("{");
    }
    void texts()
    {
        QFETCH(QByteArray, inputs);
        QFETCH(QByteArray, prompt);
        QCOMPARE(promptText(inputs.toStdString()), prompt.toStdString());
    }

    void answers()
    {
        QCOMPARE(answerText(Form::Json, R"({"response":"Hello!"})"), std::string("Hello!"));
        QCOMPARE(answerText(Form::Json, R"({"choices":[{"message":{"role":"assistant","content":"Hello!"}}]})"), std::string("Hello!"));
        QCOMPARE(answerText(Form::Json, R"("a text")"), std::string("a text"));
        QCOMPARE(answerText(Form::Json, R"({"shape":[1,3]})"), std::string("{\n  \"shape\": [\n    1,\n    3\n  ]\n}"));
        QCOMPARE(answerText(Form::Events, R"([{"response":"It"},{"choices":[{"delta":{"content":" is"}}]},["done",{"response":" so"}]])"), std::string("It is so"));
        QCOMPARE(answerText(Form::Bytes, "\x89PNG"), std::string());
        QCOMPARE(answerText(Form::Json, ""), std::string());
        QCOMPARE(answerText(Form::Json, "no JSON"), std::string("no JSON"));
    }

    void manyThreads()
    {
        CallLog log;
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int n = 0; n < 500; ++n)
                    log.add(call("{}", "{\"response\":\"x\"}"));
            });
        }
        ModelCall::Id last = 0;
        while (last < 2000) {
            for (const ModelCall &one : log.after(last, Parts::Brief)) {
                QVERIFY(one.id > last);
                last = one.id;
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestCallLog)
#include "t_calllog.moc"
