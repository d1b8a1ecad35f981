// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/ai/recordings.h"

#include "core/base/file.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace cleat;
using namespace cleat::bindings::ai;
namespace fs = std::filesystem;
using Match = Recordings::Match;

namespace {

const std::string model = "@cf/meta/llama-3.1-8b-instruct";

class Bench final
{
public:
    void write(const char *name, const std::string &text)
    {
        QVERIFY(base::writeFileAtomically(fs::path(folder.path().toStdString()) / name, text));
    }
    QTemporaryDir folder;
    Recordings recordings{folder.path().toStdString()};
};

} // namespace

class TestRecordings final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsAndFinds()
    {
        Bench bench;
        const auto kept = bench.recordings.keep({model, "{\"prompt\":\"Hi\",\"max_tokens\":5}", Recording::Form::Json, "{\"response\":\"Hello!\",\"usage\":{\"total_tokens\":3},\"v\":[1,2.5]}", {}});
        QVERIFY2(kept, kept ? "" : kept.error().message.c_str());
        QVERIFY(kept->filename().string().starts_with("llama-3.1-8b-instruct-"));
        const auto text = base::readFile(*kept);
        QCOMPARE(*text, std::string("{\n  \"model\": \"" + model + "\",\n  \"inputs\": {\n    \"prompt\": \"Hi\",\n    \"max_tokens\": 5\n  },\n  \"answer\": {\n    \"response\": \"Hello!\",\n    \"usage\": {\n      \"total_tokens\": 3\n    },\n    \"v\": [1,2.5]\n  }\n}\n"));
        // The members may come in another order.
        Recordings other(bench.folder.path().toStdString());
        const auto found = other.find(model, "{\"max_tokens\":5,\"prompt\":\"Hi\"}", Match::Exact);
        QVERIFY(found);
        QCOMPARE(found->answer, std::string("{\"response\":\"Hello!\",\"usage\":{\"total_tokens\":3},\"v\":[1,2.5]}"));
        QVERIFY(!other.find(model, "{\"max_tokens\":6,\"prompt\":\"Hi\"}", Match::Exact));
        QVERIFY(!other.find("@cf/other", "{\"max_tokens\":5,\"prompt\":\"Hi\"}", Match::Exact));
        QVERIFY(other.find(model, "{\"prompt\":\"Bye\"}", Match::Model));
        QVERIFY(!other.find("@cf/other", "{\"prompt\":\"Bye\"}", Match::Model));
        // Once more: the same file.
        const auto again = bench.recordings.keep({model, "{\"max_tokens\":5,\"prompt\":\"Hi\"}", Recording::Form::Json, "{\"response\":\"New\"}", {}});
        QCOMPARE(*again, *kept);
        QCOMPARE(QDir(bench.folder.path()).entryList(QDir::Files).size(), 1);
        QCOMPARE(other.find(model, "{\"max_tokens\":5,\"prompt\":\"Hi\"}", Match::Exact)->answer, std::string("{\"response\":\"New\"}"));
        QVERIFY(bench.recordings.takeProblems().empty());
    }

    void otherForms()
    {
        Bench bench;
        const std::string bytes("\x89PNG\0\xff\n", 7);
        QVERIFY(bench.recordings.keep({"@cf/x/flux", "{\"prompt\":\"a\"}", Recording::Form::Bytes, bytes, "image/png"}));
        QVERIFY(bench.recordings.keep({model, "{\"prompt\":\"a\",\"stream\":true}", Recording::Form::Events, "[{\"response\":\"A\"},[\"named\",{\"x\":1}],\"plain\"]", {}}));
        const auto picture = bench.recordings.find("@cf/x/flux", "{\"prompt\":\"a\"}", Match::Exact);
        QCOMPARE(picture->form, Recording::Form::Bytes);
        QCOMPARE(picture->answer, bytes);
        QCOMPARE(picture->contentType, std::string("image/png"));
        const auto events = bench.recordings.find(model, "{\"stream\":true,\"prompt\":\"a\"}", Match::Exact);
        QCOMPARE(events->form, Recording::Form::Events);
        QCOMPARE(events->answer, std::string("[{\"response\":\"A\"},[\"named\",{\"x\":1}],\"plain\"]"));
        QCOMPARE(bench.recordings.models(), (std::vector<std::string>{model, "@cf/x/flux"}));
    }

    void longBytesAreNotKept()
    {
        Bench bench;
        std::string audio = "[";
        for (int i = 0; i < 5000; ++i)
            audio += (i ? "," : "") + std::to_string(i % 256);
        const std::string inputs = "{\"audio\":" + audio + "]}";
        const auto kept = bench.recordings.keep({"@cf/openai/whisper", inputs, Recording::Form::Json, "{\"text\":\"so\"}", {}});
        QVERIFY(fs::file_size(*kept) < 400);
        QVERIFY(bench.recordings.find("@cf/openai/whisper", inputs, Match::Exact));
        Recordings other(bench.folder.path().toStdString());
        QVERIFY(other.find("@cf/openai/whisper", inputs, Match::Exact));
        QVERIFY(!other.find("@cf/openai/whisper", "{\"audio\":[7," + audio.substr(1) + "]}", Match::Exact));
        const std::string picture = "{\"image\":\"" + std::string(5000, 'A') + "\"}";
        QVERIFY(fs::file_size(*bench.recordings.keep({"@cf/x/y", picture, Recording::Form::Json, "1", {}})) < 400);
        QVERIFY(other.find("@cf/x/y", picture, Match::Exact));
    }

    void byModel()
    {
        Bench bench;
        bench.write("z.json", "{\"model\":\"" + model + "\",\"answer\":{\"response\":\"whatever\"}}");
        QCOMPARE(bench.recordings.find(model, "{\"prompt\":\"?\"}", Match::Model)->answer, std::string("{\"response\":\"whatever\"}"));
        QVERIFY(!bench.recordings.find(model, "{\"prompt\":\"?\"}", Match::Exact));
        bench.write("a.json", "{\"model\":\"" + model + "\",\"inputs\":{\"prompt\":\"one\"},\"answer\":{\"response\":\"1\"}}");
        bench.write("b.json", "{\"model\":\"" + model + "\",\"inputs\":{\"prompt\":\"two\"},\"answer\":{\"response\":\"2\"}}");
        QCOMPARE(bench.recordings.find(model, "{\"prompt\":\"?\"}", Match::Model)->answer, std::string("{\"response\":\"whatever\"}"));
        QCOMPARE(bench.recordings.find(model, "{\"prompt\":\"two\",\"stream\":true}", Match::Model)->answer, std::string("{\"response\":\"2\"}"));
        fs::remove(fs::path(bench.folder.path().toStdString()) / "z.json");
        QCOMPARE(bench.recordings.find(model, "{\"prompt\":\"?\"}", Match::Model)->answer, std::string("{\"response\":\"1\"}"));
    }

    void whatIsWrongIsToldOnce_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("problem");
        QTest::newRow("no JSON") << QByteArray("{") << QByteArray("no JSON object");
        QTest::newRow("a list") << QByteArray("[]") << QByteArray("no JSON object");
        QTest::newRow("no model") << QByteArray("{\"answer\":1}") << QByteArray("\"model\"");
        QTest::newRow("no answer") << QByteArray("{\"model\":\"m\"}") << QByteArray("one of");
        QTest::newRow("two answers") << QByteArray("{\"model\":\"m\",\"answer\":1,\"events\":[]}") << QByteArray("one of");
        QTest::newRow("events") << QByteArray("{\"model\":\"m\",\"events\":{}}") << QByteArray("a list");
        QTest::newRow("base64") << QByteArray("{\"model\":\"m\",\"base64\":\"?\"}") << QByteArray("no base64");
    }

    void whatIsWrongIsToldOnce()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, problem);
        Bench bench;
        bench.write("x.json", text.toStdString());
        QVERIFY(!bench.recordings.find("m", "{}", Match::Model));
        const auto problems = bench.recordings.takeProblems();
        QCOMPARE(problems.size(), 1U);
        QCOMPARE(problems[0].code, std::string("ai.recording"));
        QVERIFY2(problems[0].message.find(problem.toStdString()) != std::string::npos, problems[0].message.c_str());
        QVERIFY(problems[0].message.find("x.json") != std::string::npos);
        QVERIFY(!bench.recordings.find("m", "{}", Match::Model));
        QVERIFY(bench.recordings.takeProblems().empty());
        bench.write("x.json", "{\"model\":\"m\",\"answer\":{\"mended\":true}}");
        QVERIFY(bench.recordings.find("m", "{}", Match::Model));
    }

    void noFolder()
    {
        QTemporaryDir folder;
        Recordings recordings(fs::path(folder.path().toStdString()) / "not" / "there");
        QVERIFY(!recordings.find(model, "{}", Match::Model));
        QVERIFY(recordings.takeProblems().empty());
        QVERIFY(recordings.keep({model, "{}", Recording::Form::Json, "1", {}}));
        QVERIFY(recordings.find(model, "{}", Match::Exact));
        QCOMPARE(recordings.keep({model, "{", Recording::Form::Json, "1", {}}).error().code, std::string("ai.recording"));
        const QString file = folder.filePath(QStringLiteral("file"));
        QVERIFY(base::writeFileAtomically(file.toStdString(), "x"));
        Recordings blocked(fs::path(file.toStdString()) / "below");
        QCOMPARE(blocked.keep({model, "{}", Recording::Form::Json, "1", {}}).error().code, std::string("file.write"));
    }
};

QTEST_GUILESS_MAIN(TestRecordings)
#include "t_recordings.moc"
