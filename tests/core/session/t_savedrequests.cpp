// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/savedrequests.h"
#include "tests/core/session/project.h"

#include <QSignalSpy>
#include <QTest>

using namespace cleat;
using session::SavedRequest;
using session::SavedRequests;

namespace {

constexpr int patience = 120'000;

SavedRequest task(std::string name, std::string body = "{}")
{
    return {std::move(name), {"POST", "/api/tasks?a=%20", {{"Content-Type", "application/json"}, {"x-Two", "1"}, {"X-two", "2"}}, std::move(body)}};
}

} // namespace

class SavedRequestsTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<tests::Project> m_project;

private Q_SLOTS:
    void init() { m_project = std::make_unique<tests::Project>(); }

    void roundTrip()
    {
        const std::vector<SavedRequest> all = {task("Add a task"), task("Binary", std::string("\0\xff\x80\r\n", 5)), {"Ünïcode \"quoted\"", {"GET", "/", {}, ""}}};
        {
            SavedRequests saved(m_project->path());
            for (const SavedRequest &one : all)
                QVERIFY(saved.save(one));
        }
        const SavedRequests again(m_project->path());
        QVERIFY(again.error().code.empty());
        QVERIFY(again.requests() == all);
        const std::string text = m_project->read(SavedRequests::fileName);
        QVERIFY(text.find("\"bodyBase64\"") != std::string::npos);
        QVERIFY(text.ends_with("}\n"));
    }

    void bytesThatAreNoTextAreRefused()
    {
        SavedRequests saved(m_project->path());
        QVERIFY(saved.save(task("Kept")));
        const std::string before = m_project->read(SavedRequests::fileName);
        SavedRequest latin = task("Latin");
        latin.request.fields.emplace_back("X-Name", "caf\xe9");
        const auto refused = saved.save(latin);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, std::string("saved.text"));
        QCOMPARE(m_project->read(SavedRequests::fileName), before);
    }

    void notUnderstood_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("line");
        QTest::newRow("empty") << QByteArray("") << 1;
        QTest::newRow("cut") << QByteArray("{\n  \"version\": 1,\n  \"requests\": [") << 3;
        QTest::newRow("comma") << QByteArray("{\n  \"requests\": [,]\n}") << 2;
        QTest::newRow("no UTF-8") << QByteArray("{\"requests\":\n[{\"name\":\"\xff\"}]}") << 2;
        QTest::newRow("a list") << QByteArray("[]") << 0;
        QTest::newRow("no requests") << QByteArray("{\"version\": 1}") << 0;
        QTest::newRow("newer") << QByteArray(R"({"version": 2, "requests": []})") << 0;
        QTest::newRow("no name") << QByteArray(R"({"requests": [{"path": "/"}]})") << 0;
        QTest::newRow("same names") << QByteArray(R"({"requests": [{"name": "a"}, {"name": "a"}]})") << 0;
        QTest::newRow("no object") << QByteArray(R"({"requests": [7]})") << 0;
        QTest::newRow("bad method") << QByteArray(R"({"requests": [{"name": "a", "method": "G T"}]})") << 0;
        QTest::newRow("bad path") << QByteArray(R"({"requests": [{"name": "a", "path": "api"}]})") << 0;
        QTest::newRow("bad header") << QByteArray(R"({"requests": [{"name": "a", "headers": [["X"]]}]})") << 0;
        QTest::newRow("smuggled header") << QByteArray(R"({"requests": [{"name": "a", "headers": [["X", "1\r\nY: 2"]]}]})") << 0;
        QTest::newRow("bad base64") << QByteArray(R"({"requests": [{"name": "a", "bodyBase64": "*"}]})") << 0;
        QTest::newRow("body is a number") << QByteArray(R"({"requests": [{"name": "a", "body": 1}]})") << 0;
    }
    void notUnderstood()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, line);
        m_project->write(SavedRequests::fileName, text.toStdString());
        SavedRequests saved(m_project->path());
        QCOMPARE(saved.error().code, std::string("saved.file"));
        QCOMPARE(saved.error().place.line, line);
        QVERIFY(saved.requests().empty());
        QCOMPARE(saved.save(task("new")).error().code, std::string("saved.file"));
        QCOMPARE(saved.rename("a", "b").error().code, std::string("saved.file"));
        QCOMPARE(saved.remove("a").error().code, std::string("saved.file"));
        QCOMPARE(m_project->read(SavedRequests::fileName), text.toStdString());
    }

    void namesAreKept()
    {
        SavedRequests saved(m_project->path());
        QCOMPARE(saved.save(task("")).error().code, std::string("saved.name"));
        QVERIFY(saved.save(task("a", "1")) && saved.save(task("b", "2")));
        QVERIFY(saved.save(task("a", "3"))); // takes its place
        QCOMPARE(saved.requests().size(), 2U);
        QCOMPARE(saved.requests()[0].request.body, std::string("3"));
        QCOMPARE(saved.rename("a", "b").error().code, std::string("saved.taken"));
        QCOMPARE(saved.rename("a", "").error().code, std::string("saved.name"));
        QVERIFY(saved.rename("a", "c"));
        QVERIFY(!saved.find("a"));
        QCOMPARE(saved.find("c")->request.body, std::string("3"));
        QVERIFY(saved.remove("c"));
        QVERIFY(SavedRequests(m_project->path()).requests() == std::vector{task("b", "2")});
    }

    void othersWriteToo()
    {
        SavedRequests saved(m_project->path());
        QVERIFY(saved.save(task("mine")));
        QSignalSpy changed(&saved, &SavedRequests::changed);
        // At once after it: what has not been noticed yet is kept all the same.
        m_project->replace(SavedRequests::fileName, SavedRequests::write({task("mine"), task("theirs")}));
        QVERIFY(saved.save(task("mine too")));
        const std::vector<SavedRequest> three = {task("mine"), task("theirs"), task("mine too")};
        QVERIFY(SavedRequests(m_project->path()).requests() == three);
        m_project->write(SavedRequests::fileName, "{");
        QTRY_COMPARE_WITH_TIMEOUT(saved.error().code, std::string("saved.file"), patience);
        m_project->replace(SavedRequests::fileName, SavedRequests::write({task("mended")}));
        QTRY_VERIFY_WITH_TIMEOUT(saved.find("mended"), patience);
        QVERIFY(saved.error().code.empty());
        m_project->remove(SavedRequests::fileName);
        QTRY_VERIFY_WITH_TIMEOUT(saved.requests().empty(), patience);
        QVERIFY(saved.error().code.empty());
        QVERIFY(changed.size() >= 4);
    }

    /// The folder went away: nothing is told to be saved that is not.
    void noFolder()
    {
        SavedRequests saved(m_project->path("none"));
        const auto result = saved.save(task("a"));
        QVERIFY(!result);
        QVERIFY(!result.error().message.empty());
        QVERIFY(saved.requests().empty());
    }
};

QTEST_GUILESS_MAIN(SavedRequestsTest)
#include "t_savedrequests.moc"
