// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/corpus.h"

#include "tests/core/runtime/workerharness.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

#include <memory>

using namespace cleat;
using namespace Qt::StringLiterals;

namespace {

QByteArray fetched(const QString &url)
{
    QNetworkAccessManager network;
    const std::unique_ptr<QNetworkReply> reply(network.get(QNetworkRequest(QUrl(url))));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 300'000))
        return {};
    return reply->readAll();
}

void write(const QString &name, const QJsonArray &results)
{
    const QString folder = qEnvironmentVariable("CLEAT_CORPUS_OUTPUT");
    QFile out(folder + u'/' + name);
    if (!folder.isEmpty() && out.open(QIODevice::WriteOnly))
        out.write(QJsonDocument(results).toJson());
}

} // namespace

QStringList differences(const WranglerDev &wrangler, const QString &name, runtime::Bindings bindings, int atLeast, const QStringList &exceptions)
{
    return differences(wrangler, name, std::move(bindings), atLeast, [&exceptions](const QString &called) { return exceptions.contains(called); });
}

QStringList differences(
    const WranglerDev &wrangler, const QString &name, runtime::Bindings bindings, int atLeast, const std::function<bool(const QString &called)> &mayDiffer)
{
    const QByteArray their = fetched(wrangler.url() + u'/' + name);
    const QJsonArray theirs = QJsonDocument::fromJson(their).array();
    if (theirs.size() < atLeast)
        return {u"wrangler answered: "_s + QString::fromUtf8(their.left(2000))};

    QFile file(QStringLiteral(CLEAT_SOURCE_DIR "/tests/interop/project/functions/") + name.section(u'?', 0, 0) + u".js"_s);
    if (!file.open(QIODevice::ReadOnly))
        return {u"Could not read "_s + file.fileName()};
    QByteArray code = file.readAll();
    code.replace("export async function onRequestGet", "async function onRequest").replace("export async function", "async function");
    runtime::Limits limits;
    limits.cpuMs = 300'000;
    test::WorkerHarness harness(limits);
    bindings.state = harness.state().path().toStdString();
    if (const auto loaded = harness.load(code.toStdString(), std::move(bindings)); !loaded)
        return {QString::fromStdString(loaded.error().message)};
    runtime::Request request;
    request.method = "GET";
    request.url = "http://localhost/" + name.toStdString();
    const auto answer = harness.wait(harness.begin(std::move(request)), 300'000);
    const QJsonArray ours = QJsonDocument::fromJson(QByteArray::fromStdString(answer.body)).array();
    const QString saved = QString(name).replace(u'?', u'-').replace(u'=', u'-');
    write(saved + u"-theirs.json"_s, theirs);
    write(saved + u"-ours.json"_s, ours);
    if (answer.status != 200 || ours.size() != theirs.size())
        return {u"Cleat answered: "_s + QString::fromStdString(answer.body.substr(0, 2000))};
    QStringList different;
    for (qsizetype i = 0; i < ours.size(); ++i) {
        const QString called = theirs[i].toArray()[0].toString();
        if (ours[i] == theirs[i] || mayDiffer(called))
            continue;
        const auto shown = [](const QJsonValue &value) { return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact)); };
        different << u"theirs: "_s + shown(theirs[i]) << u"ours:   "_s + shown(ours[i]);
    }
    return different;
}
