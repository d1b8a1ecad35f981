// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/debugger.h"

#include "core/session/debuggerbridge.h"

#include <QCoreApplication>
#include <QThread>
#include <QUrl>
#include <QUuid>

namespace cleat::session {

using namespace Qt::StringLiterals;

namespace {

constexpr int stepMs = 100;

} // namespace

Debugger::Debugger(std::filesystem::path folder, QObject *parent)
    : QObject(parent), m_folder(std::move(folder)), m_id(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString())
{
    m_resumed.setSingleShot(true);
    m_resumed.setInterval(stepMs);
    connect(&m_resumed, &QTimer::timeout, this, [this] {
        m_paused.reset();
        Q_EMIT changed();
    });
}

Debugger::~Debugger()
{
    turnOff();
}

base::Result<void> Debugger::turnOn(int port, const QString &title)
{
    if (isOn())
        return {};
    server::InspectorServer::Target target;
    target.id = m_id;
    target.title = "Cleat: " + title.toStdString();
    target.url = QUrl::fromLocalFile(QString::fromStdString(m_folder.string())).toString(QUrl::FullyEncoded).toStdString();
    target.product = "Cleat/" CLEAT_VERSION;
    auto bridge = std::make_unique<DebuggerBridge>(*this, std::move(target));
    auto thread = std::make_unique<QThread>();
    thread->setObjectName(u"inspector"_s);
    bridge->moveToThread(thread.get());
    thread->start();
    base::Result<int> got;
    QMetaObject::invokeMethod(
        bridge.get(), [&, made = bridge.get()] { got = made->listen(port); }, Qt::BlockingQueuedConnection);
    m_thread = std::move(thread);
    m_bridge = bridge.release();
    if (!got) {
        turnOff();
        return std::unexpected(got.error());
    }
    m_port = *got;
    if (m_worker)
        QMetaObject::invokeMethod(m_bridge, [this] { m_bridge->setWorker(m_worker); }, Qt::BlockingQueuedConnection);
    Q_EMIT changed();
    return {};
}

void Debugger::turnOff()
{
    if (!isOn())
        return;
    QMetaObject::invokeMethod(m_bridge, [this] { m_bridge->setWorker(nullptr); }, Qt::BlockingQueuedConnection);
    if (m_worker)
        m_worker->closeInspector();
    m_bridge->deleteLater();
    m_bridge = nullptr;
    m_thread->quit();
    m_thread->wait();
    m_thread.reset();
    m_port = 0;
    m_attached = 0;
    m_paused.reset();
    m_resumed.stop();
    QCoreApplication::removePostedEvents(this, QEvent::MetaCall); // what the bridge said last
    Q_EMIT changed();
}

QString Debugger::address() const
{
    return isOn() ? u"ws://127.0.0.1:%1/%2"_s.arg(m_port).arg(QString::fromStdString(m_id)) : QString();
}

QString Debugger::devToolsAddress() const
{
    return isOn() ? u"devtools://devtools/bundled/js_app.html?experiments=true&v8only=true&ws="_s + address().mid(5) : QString();
}

QString Debugger::launchConfiguration() const
{
    if (!isOn())
        return {};
    return u"{\n"
           "  \"name\": \"Cleat\",\n"
           "  \"type\": \"node\",\n"
           "  \"request\": \"attach\",\n"
           "  \"address\": \"127.0.0.1\",\n"
           "  \"port\": %1,\n"
           "  \"restart\": true,\n"
           "  \"sourceMaps\": true,\n"
           "  \"resolveSourceMapLocations\": null,\n"
           "  \"attachExistingChildren\": false,\n"
           "  \"autoAttachChildProcesses\": false\n"
           "}"_s.arg(m_port);
}

void Debugger::resume()
{
    if (m_worker && isOn())
        m_worker->resume();
}

void Debugger::setWorker(runtime::Worker *worker)
{
    m_worker = worker;
    if (isOn())
        QMetaObject::invokeMethod(m_bridge, [this] { m_bridge->setWorker(m_worker); }, Qt::BlockingQueuedConnection);
}

void Debugger::letGo()
{
    if (isOn())
        QMetaObject::invokeMethod(m_bridge, [this] { m_bridge->letGo(); }, Qt::BlockingQueuedConnection);
}

void Debugger::newsOf(int attached)
{
    if (m_attached == attached)
        return;
    m_attached = attached;
    Q_EMIT changed();
}

void Debugger::newsOf(std::optional<base::Place> paused)
{
    if (!paused) {
        if (m_paused && !m_resumed.isActive())
            m_resumed.start();
        return;
    }
    m_resumed.stop();
    m_paused = std::move(paused);
    Q_EMIT changed();
}

} // namespace cleat::session
