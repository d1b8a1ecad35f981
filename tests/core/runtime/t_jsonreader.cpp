// SPDX-License-Identifier: GPL-3.0-or-later
// Which texts the reader takes, and into which steps; that the values are right is in js/largejson.test.js.
#include "core/runtime/jsonreader.h"
#include "core/runtime/workerthread.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace cleat::runtime;
using Outcome = JsonReader::Outcome;

namespace {

struct Seen {
    Outcome outcome = Outcome::GivenUp;
    std::size_t values = 0;
    std::size_t pieces = 0;
    std::vector<std::int32_t> steps; ///< of the last piece
    std::vector<std::string> keys; ///< of the shape that the last step names
};

Seen read(JsonReader &reader, FreshIsolate &fresh, std::string text)
{
    const v8::HandleScope scope(fresh.isolate);
    const v8::Local<v8::Context> context = fresh.context.Get(fresh.isolate);
    const v8::Context::Scope inside(context);
    const auto steps = std::make_unique<std::array<std::int32_t, JsonReader::stepNumbers>>();
    Seen seen;
    if (!reader.begin(std::move(text)))
        return seen;
    do {
        JsonReader::Piece piece(Js{fresh.isolate, context});
        seen.outcome = reader.read(piece, *steps);
        seen.values += piece.values.size();
        ++seen.pieces;
    } while (seen.outcome == Outcome::More);
    if (seen.outcome == Outcome::Done) {
        seen.steps.assign(steps->begin() + 1, steps->begin() + (*steps)[0]);
        if (seen.steps.size() >= 2 && seen.steps[seen.steps.size() - 2] >= JsonReader::Object)
            seen.keys = reader.keysOf(static_cast<std::size_t>(seen.steps[seen.steps.size() - 2] - JsonReader::Object));
    }
    reader.end(seen.outcome);
    return seen;
}

template <typename Work>
void inIsolate(Work &&work)
{
    startWorkerThread({128U << 20, 64U << 20}, [&](FreshIsolate &&fresh) {
        work(fresh);
        discard(std::move(fresh));
    }).join();
}

} // namespace

class JsonReaderTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void steps()
    {
        Seen object;
        Seen numbers;
        Seen mixed;
        Seen many;
        inIsolate([&](FreshIsolate &fresh) {
            JsonReader reader;
            object = read(reader, fresh, R"({"a":[1,2.5],"b":"x"})");
            numbers = read(reader, fresh, "[1,2,3]");
            mixed = read(reader, fresh, "[1,null]");
            std::string text = "[0";
            for (int i = 0; i < 20'000; ++i)
                text += R"(,{"id":1,"name":"x"})";
            many = read(reader, fresh, text + "]");
        });
        QCOMPARE(object.outcome, Outcome::Done);
        const std::int32_t shape = object.steps[object.steps.size() - 2];
        QVERIFY(object.steps == (std::vector<std::int32_t>{JsonReader::Push, 2, JsonReader::Numbers, 2, JsonReader::Push, 1, shape, 2}));
        QVERIFY(object.keys == (std::vector<std::string>{"a", "b"}));
        QVERIFY(numbers.steps == (std::vector<std::int32_t>{JsonReader::Push, 3, JsonReader::Numbers, 3}));
        QVERIFY(mixed.steps == (std::vector<std::int32_t>{JsonReader::Push, 2, JsonReader::Array, 2}));
        QCOMPARE(many.outcome, Outcome::Done);
        QCOMPARE(many.values, std::size_t(40'001));
        QVERIFY(many.pieces > 5);
    }

    /// After some texts that were left to the engine no more are tried.
    void givesUp()
    {
        std::vector<Outcome> outcomes;
        bool isTried = true;
        inIsolate([&](FreshIsolate &fresh) {
            JsonReader reader;
            for (const char *text : {"[1,]", "{\"a\" 1}", "[01]", "[1]x", "\"\n\"", "[\"\\x\"]", "{\"\\u0061\":1}"})
                outcomes.push_back(read(reader, fresh, text).outcome);
            outcomes.push_back(read(reader, fresh, std::string(600, '[') + std::string(600, ']')).outcome);
            isTried = reader.begin("[1]");
        });
        QVERIFY(std::ranges::all_of(outcomes, [](Outcome outcome) { return outcome == Outcome::GivenUp; }));
        QVERIFY(!isTried);
    }
};

QTEST_GUILESS_MAIN(JsonReaderTest)
#include "t_jsonreader.moc"
