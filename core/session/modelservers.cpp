// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/modelservers.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <algorithm>
#include <optional>
#include <utility>

namespace cleat::session {

namespace {

constexpr int patienceMs = 3000;
constexpr qint64 longestAnswer = 4 << 20;

std::optional<ModelServer> serverOf(const std::string &baseUrl, const QByteArray &answer)
{
    const QJsonValue data = QJsonDocument::fromJson(answer).object().value(QStringLiteral("data"));
    if (!data.isArray())
        return std::nullopt;
    ModelServer server{baseUrl, {}};
    for (const QJsonValue &one : data.toArray()) {
        const QString id = one.toObject().value(QStringLiteral("id")).toString();
        if (!id.isEmpty())
            server.models.push_back(id.toStdString());
    }
    return server;
}

} // namespace

class ModelServers::Private
{
public:
    explicit Private(ModelServers &servers) : q(servers) {}

    void begin(std::vector<std::string> urls, const std::string &key)
    {
        ++run;
        found.assign(urls.size(), std::nullopt);
        problem.clear();
        waiting = urls.size();
        if (waiting == 0)
            QMetaObject::invokeMethod(&q, [this, number = run] { finish(number); }, Qt::QueuedConnection);
        for (std::size_t i = 0; i < urls.size(); ++i) {
            QNetworkRequest request(QUrl(QString::fromStdString(urls[i] + "/models")));
            request.setTransferTimeout(patienceMs);
            request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
            if (!key.empty())
                request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(key));
            QNetworkReply *const reply = network.get(request);
            QObject::connect(reply, &QNetworkReply::downloadProgress, reply, [reply](qint64 received) {
                if (received > longestAnswer)
                    reply->abort();
            });
            QObject::connect(reply, &QNetworkReply::finished, &q, [this, reply, i, url = urls[i], number = run] {
                reply->deleteLater();
                if (number != run)
                    return;
                const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
                if (reply->error() == QNetworkReply::NoError && status == 200)
                    found[i] = serverOf(url, reply->readAll());
                if (!found[i])
                    problem = status == 200 || (status >= 300 && status < 400) ? ModelServers::tr("What answers there is no server with OpenAI's interface.")
                        : status == 401 || status == 403 ? ModelServers::tr("The server refuses the key.")
                                                         : reply->errorString();
                if (--waiting == 0)
                    finish(number);
            });
        }
    }

    void finish(std::uint64_t number)
    {
        if (number != run)
            return;
        std::vector<ModelServer> servers;
        for (auto &one : found) {
            if (one)
                servers.push_back(*std::move(one));
        }
        Q_EMIT q.finished(servers, servers.empty() ? problem : QString());
    }

    ModelServers &q;
    QNetworkAccessManager network;
    std::uint64_t run = 0;
    std::size_t waiting = 0;
    std::vector<std::optional<ModelServer>> found;
    QString problem;
};

ModelServers::ModelServers(QObject *parent) : QObject(parent), d(std::make_unique<Private>(*this)) {}

ModelServers::~ModelServers() = default;

void ModelServers::search(std::span<const std::uint16_t> ports)
{
    std::vector<std::string> urls;
    for (const std::uint16_t port : ports)
        urls.push_back("http://127.0.0.1:" + std::to_string(port) + "/v1");
    d->begin(std::move(urls), {});
}

void ModelServers::ask(const std::string &baseUrl, const std::string &key)
{
    d->begin({baseUrl}, key);
}

} // namespace cleat::session
