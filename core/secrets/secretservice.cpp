// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/secretservice.h"

#include "core/secrets/sessionbus.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QList>
#include <QTimer>

#include <string>
#include <utility>

namespace cleat::secrets {

namespace {

const QString serviceName = QStringLiteral("org.freedesktop.secrets");
const QString busName = QStringLiteral("org.freedesktop.DBus");
constexpr int askMs = 10'000; ///< for an answer that needs no work
constexpr int startMs = 20'000; ///< for a program to start

constexpr const char *advice = " Install gnome-keyring or KWallet, and start it: with a desktop, log in again or run systemctl --user start gnome-keyring-daemon; without one, "
                               "run gnome-keyring-daemon --unlock --components=secrets, which reads the keychain's password from standard input. Then try again.";

/// The reason, without a full stop.
QString reason(const QDBusError &error)
{
    QString text = error.message();
    while (text.endsWith(u'.'))
        text.chop(1);
    return text;
}

std::unexpected<base::Error> unavailable(const QString &why)
{
    return base::fail("secrets.unavailable", why.toStdString() + advice);
}

std::unexpected<base::Error> failure(const QDBusError &error)
{
    switch (error.type()) {
    case QDBusError::Disconnected:
    case QDBusError::NoReply:
    case QDBusError::NoServer:
    case QDBusError::ServiceUnknown:
    case QDBusError::TimedOut:
    case QDBusError::Timeout:
        return base::fail("secrets.unavailable", QStringLiteral("The keychain does not answer: %1. Start it again, then try again.").arg(reason(error)).toStdString());
    default: // an enumeration of Qt's, of which these are the ones that mean something here
        return base::fail("secrets.failed", QStringLiteral("The keychain refuses to answer: %1.").arg(reason(error)).toStdString());
    }
}

template <typename Reply, typename Answer>
void call(QDBusConnection bus, const QDBusMessage &message, int timeoutMs, QObject *context, Answer answer)
{
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(message, timeoutMs), context);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, context, [answer = std::move(answer)](QDBusPendingCallWatcher *ended) {
        const Reply reply = *ended;
        ended->deleteLater();
        answer(reply);
    });
}

QDBusMessage toBus(const QString &method, const QVariantList &arguments)
{
    QDBusMessage message = QDBusMessage::createMethodCall(busName, QStringLiteral("/org/freedesktop/DBus"), busName, method);
    message.setArguments(arguments);
    return message;
}

} // namespace

base::Result<QDBusConnection> SecretService::connection() const
{
    const auto address = sessionBusAddress();
    if (!address)
        return std::unexpected(address.error());
    const QString name = QStringLiteral("cleat-secrets");
    if (QDBusConnection known(name); known.isConnected())
        return known;
    QDBusConnection::disconnectFromBus(name);
    QDBusConnection fresh = QDBusConnection::connectToBus(QString::fromStdString(*address), name);
    if (!fresh.isConnected())
        return unavailable(QStringLiteral("The session bus, through which keychains are reached, refuses: %1.").arg(reason(fresh.lastError())));
    return fresh;
}

void SecretService::ready(std::function<void(base::Result<void>)> answer)
{
    const auto bus = connection();
    if (!bus) {
        QTimer::singleShot(0, &m_context, [answer = std::move(answer), error = bus.error()] { answer(std::unexpected(error)); });
        return;
    }
    const auto started = [answer](const QDBusPendingReply<uint> &reply) {
        if (!reply.isError())
            answer({});
        else if (reply.error().type() == QDBusError::ServiceUnknown)
            answer(unavailable(QStringLiteral("No keychain is running.")));
        else
            answer(unavailable(QStringLiteral("The keychain could not be started: %1.").arg(reason(reply.error()))));
    };
    const auto asked = [this, answer, started, bus = *bus](const QDBusPendingReply<bool> &reply) {
        if (reply.isError())
            answer(failure(reply.error()));
        else if (reply.value())
            answer({});
        else
            call<QDBusPendingReply<uint>>(bus, toBus(QStringLiteral("StartServiceByName"), {serviceName, 0U}), startMs, &m_context, started);
    };
    call<QDBusPendingReply<bool>>(*bus, toBus(QStringLiteral("NameHasOwner"), {serviceName}), askMs, &m_context, asked);
}

void SecretService::find(const QMap<QString, QString> &attributes, std::function<void(base::Result<Entries>)> answer)
{
    const auto bus = connection();
    if (!bus) {
        QTimer::singleShot(0, &m_context, [answer = std::move(answer), error = bus.error()] { answer(std::unexpected(error)); });
        return;
    }
    qDBusRegisterMetaType<QMap<QString, QString>>();
    QDBusMessage message = QDBusMessage::createMethodCall(serviceName, QStringLiteral("/org/freedesktop/secrets"), QStringLiteral("org.freedesktop.Secret.Service"),
        QStringLiteral("SearchItems"));
    message.setArguments({QVariant::fromValue(attributes)});
    using Paths = QList<QDBusObjectPath>;
    using Reply = QDBusPendingReply<Paths, Paths>;
    call<Reply>(*bus, message, askMs, &m_context, [answer = std::move(answer)](const Reply &reply) {
        if (reply.isError())
            answer(failure(reply.error()));
        else
            answer(Entries{reply.template argumentAt<0>().size(), reply.template argumentAt<1>().size()});
    });
}

} // namespace cleat::secrets
