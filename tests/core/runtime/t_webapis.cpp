// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the JavaScript tests of tests/core/runtime/js inside the runtime: each file is the body of a handler, with test(name, function) and the
// assertions of prelude.js; each failed test is a failure here.
#include "tests/core/runtime/workerharness.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using cleat::test::WorkerHarness;

class WebApisTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void file_data()
    {
        QTest::addColumn<QString>("path");
        const QDir folder(QStringLiteral(CLEAT_TESTS_DIR "/core/runtime/js"));
        for (const QString &name : folder.entryList({QStringLiteral("*.test.js")}))
            QTest::newRow(qPrintable(name)) << folder.filePath(name);
    }

    void file()
    {
        QFETCH(QString, path);
        const auto read = [](const QString &name) {
            QFile file(name);
            return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
        };
        const std::string prelude = read(QStringLiteral(CLEAT_TESTS_DIR "/core/runtime/js/prelude.js"));
        const std::string body = read(path);
        QVERIFY(!prelude.empty() && !body.empty());
        cleat::runtime::Limits limits;
        limits.cpuMs = 60'000; // with sanitizers, on a busy machine
        WorkerHarness harness(limits);
        cleat::runtime::Bindings bindings;
        std::vector<std::string> flags{"no_nodejs_compat"};
        std::string date;
        if (QFileInfo(path).fileName().startsWith(QLatin1String("node"))) {
            flags = {"nodejs_compat"};
            date = "2026-03-01";
            bindings.variables.push_back({"NAME", "value"});
        }
        bindings.compatibility = cleat::runtime::Compatibility::resolve(date, flags, "2026-12-01").value();
        bindings.state = harness.state().path().toStdString();
        bindings.r2.push_back({"BUCKET", "bucket"});
        const auto loaded = harness.load(prelude + "\nasync function onRequest({ env }) {\n" + body + "\nreturn Response.json(await finish());\n}\n", bindings);
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        const auto answer = harness.fetch();
        QVERIFY2(answer.status == 200, answer.body.c_str());
        const QJsonObject report = QJsonDocument::fromJson(QByteArray::fromStdString(answer.body)).object();
        const QJsonArray failures = report[QStringLiteral("failures")].toArray();
        QStringList texts;
        for (const auto &failure : failures)
            texts << failure.toString();
        QVERIFY2(failures.isEmpty(), qPrintable(texts.join(QLatin1Char('\n'))));
        QVERIFY(report[QStringLiteral("count")].toInt() > 0);
    }
};

QTEST_GUILESS_MAIN(WebApisTest)
#include "t_webapis.moc"
