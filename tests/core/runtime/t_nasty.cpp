// SPDX-License-Identifier: GPL-3.0-or-later
// Functions that mean no good, all in one Worker of one process: each gets an answer, and the next request is served.
#include "tests/core/runtime/workerharness.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

using namespace cleat;
using test::WorkerHarness;

namespace {

struct Nasty {
    QString name;
    QString answer; ///< a status and a part of the body; "any"; "open": none, until the client leaves
    QString code;
};

/// nasty/*.js: modules, each after a line "// ---- name | answer". By hand: CLEAT_NASTY=pollution takes one file only, CLEAT_SHOW=1 prints the answers.
std::vector<Nasty> all()
{
    std::vector<Nasty> list;
    const QDir folder(QStringLiteral(CLEAT_TESTS_DIR "/core/runtime/nasty"));
    for (const QString &name : folder.entryList({qEnvironmentVariable("CLEAT_NASTY", QStringLiteral("*")) + QStringLiteral(".js")}, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            return {};
        const QStringList parts = QString::fromUtf8(file.readAll()).split(QStringLiteral("\n// ---- "));
        for (qsizetype i = 1; i < parts.size(); ++i) {
            const qsizetype end = parts[i].indexOf(u'\n');
            const QString head = parts[i].left(end);
            list.push_back({name.chopped(3) + QStringLiteral(": ") + head.section(u'|', 0, 0).trimmed(), head.section(u'|', 1).trimmed(), parts[i].mid(end)});
        }
    }
    return list;
}

runtime::Limits small()
{
    runtime::Limits limits;
    limits.heapBytes = 32U << 20;
    limits.bufferBytes = 32U << 20;
    limits.cpuMs = 200;
    limits.queryMs = 300;
    limits.subrequests = 1000;
    limits.serviceCalls = 1000;
    limits.queries = 200;
    return limits;
}

runtime::Bindings bound()
{
    runtime::Bindings bindings;
    bindings.kv = {{"KV", "kv"}};
    bindings.r2 = {{"BUCKET", "bucket"}};
    bindings.d1 = {{"DB", "db"}};
    bindings.variables = {{"TEXT", "text"}};
    return bindings;
}

const std::string good = "\nconst goodResponse = Response;\nfunction onRequest(context) { return context.request.url.endsWith('/good') ? new goodResponse('fine') : bad(context); }";

runtime::Request request(const std::string &path)
{
    runtime::Request asked;
    asked.method = "POST";
    asked.url = "http://localhost" + path;
    asked.bodyKind = runtime::Request::Body::Whole;
    asked.body = "some text";
    return asked;
}

} // namespace

class NastyTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<WorkerHarness> m_hasty;
    std::unique_ptr<WorkerHarness> m_patient;
    std::unique_ptr<WorkerHarness> m_calm;

private Q_SLOTS:
    void initTestCase()
    {
        m_hasty = std::make_unique<WorkerHarness>(small());
        m_hasty->keep = WorkerHarness::Keep::Count;
        runtime::Limits patient = small();
        patient.cpuMs = 1500;
        m_patient = std::make_unique<WorkerHarness>(patient);
        m_patient->keep = WorkerHarness::Keep::Count;
        patient.cpuMs = 60'000;
        m_calm = std::make_unique<WorkerHarness>(patient);
        m_calm->keep = WorkerHarness::Keep::Count;
    }
    void cleanupTestCase()
    {
        m_calm.reset();
        m_hasty.reset();
        m_patient.reset();
    }

    void oneByOne_data()
    {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<QString>("code");
        for (const Nasty &nasty : all())
            QTest::newRow(nasty.name.toUtf8().constData()) << nasty.answer << nasty.code;
    }

    void oneByOne()
    {
        QFETCH(QString, answer);
        QFETCH(QString, code);
        // What is to fill the memory needs some time for that; what ends by itself, as much as it takes on a machine that is busy.
        const QByteArrayView row(QTest::currentDataTag());
        const bool ends = row.startsWith("arguments") || row.startsWith("buffers") || row.startsWith("pollution");
        const std::unique_ptr<WorkerHarness> &harness = ends ? m_calm : row.startsWith("memory") ? m_patient : m_hasty;
        const auto loaded = harness->load(code.toStdString() + good, bound());
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        QElapsedTimer timer;
        timer.start();
        const auto id = harness->begin(request("/bad"));
        // It is served even while the bad one waits for something.
        const auto meanwhile = harness->begin(request("/good"));
        if (answer == QStringLiteral("open")) {
            QCOMPARE(harness->send(request("/good")).body, std::string("fine"));
            harness->worker().clientLeft(id);
            QTRY_COMPARE(harness->worker().pending(), 0U);
            return;
        }
        const auto given = harness->wait(id, 90000);
        if (qEnvironmentVariableIsSet("CLEAT_SHOW"))
            qInfo("%d %s | %s (%lld ms)", given.status, given.truncated ? "truncated" : "", given.body.substr(0, 150).c_str(), static_cast<long long>(timer.elapsed()));
        QVERIFY2(given.complete, "no answer");
        if (answer != QStringLiteral("any")) {
            QCOMPARE(given.status, answer.section(u' ', 0, 0).toInt());
            QVERIFY2(given.body.find(answer.section(u' ', 1).toStdString()) != std::string::npos, given.body.substr(0, 1000).c_str());
        }
        const auto then = harness->wait(meanwhile, 90000);
        if (qEnvironmentVariableIsSet("CLEAT_SHOW")) {
            for (const auto &event : harness->events()) {
                if (const auto *thrown = std::get_if<events::ExceptionEvent>(&event))
                    qInfo("%s %s", thrown->message.c_str(), thrown->stack.substr(0, 200).c_str());
            }
        }
        QVERIFY2(then.status == 200 || then.status == 500, std::to_string(then.status).c_str()); // 500: the memory was full while it ran
        if (then.status == 500)
            QVERIFY2(then.body.find("Send this request again") != std::string::npos, then.body.c_str());
        const auto after = harness->send(request("/good"));
        QCOMPARE(after.status, 200);
        QCOMPARE(after.body, std::string("fine"));
        harness->events();
    }
};

QTEST_GUILESS_MAIN(NastyTest)
#include "t_nasty.moc"
