// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/debuggerbridge.h"

#include "core/session/debugger.h"

#include <QCoreApplication>
#include <QEvent>

#include <limits>
#include <optional>

namespace cleat::session {

namespace {

const auto newsEvent = static_cast<QEvent::Type>(QEvent::registerEventType());

} // namespace

DebuggerBridge::Mailbox::Mailbox(DebuggerBridge &bridge) : news(std::numeric_limits<std::size_t>::max()), m_bridge(&bridge) {}

void DebuggerBridge::Mailbox::message(runtime::InspectorSessionId session, std::string &&json)
{
    push(Said{session, std::move(json)});
}

void DebuggerBridge::Mailbox::paused(const base::Place &place)
{
    push(Paused{place});
}

void DebuggerBridge::Mailbox::resumed()
{
    push(Resumed{});
}

void DebuggerBridge::Mailbox::push(News &&item)
{
    if (news.push(std::move(item)) != base::BatchQueue<News>::Push::First)
        return;
    std::lock_guard lock(m_mutex);
    if (m_bridge)
        QCoreApplication::postEvent(m_bridge, new QEvent(newsEvent));
}

void DebuggerBridge::Mailbox::close()
{
    std::lock_guard lock(m_mutex);
    m_bridge = nullptr;
}

DebuggerBridge::DebuggerBridge(Debugger &owner, server::InspectorServer::Target target) : m_owner(owner), m_target(std::move(target)) {}

DebuggerBridge::~DebuggerBridge()
{
    if (m_mailbox)
        m_mailbox->close();
}

base::Result<int> DebuggerBridge::listen(int port)
{
    m_server = std::make_unique<server::InspectorServer>(static_cast<server::InspectorHandler &>(*this), m_target, server::InspectorServer::Limits());
    if (auto result = m_server->listen(port); !result)
        return std::unexpected(result.error());
    return m_server->port();
}

void DebuggerBridge::setWorker(runtime::Worker *worker)
{
    letGo();
    if (m_mailbox)
        m_mailbox->close();
    m_mailbox.reset();
    m_worker = worker;
    if (!m_worker)
        return;
    m_mailbox = std::make_shared<Mailbox>(*this);
    m_worker->openInspector(m_mailbox);
    m_server->setAdmission(server::InspectorServer::Admission::Open);
}

void DebuggerBridge::letGo()
{
    if (!m_server)
        return;
    m_server->setAdmission(server::InspectorServer::Admission::Closed);
    m_server->closeAll(1001, "The project was stopped.");
    deliver(); // that the code goes on is told by the Worker, perhaps too late for this one
    QMetaObject::invokeMethod(&m_owner, [&owner = m_owner] { owner.newsOf(std::optional<base::Place>()); }, Qt::QueuedConnection);
}

void DebuggerBridge::opened(server::DebuggerId debugger)
{
    m_debuggers.insert(debugger);
    m_worker->attachDebugger(debugger);
    tellAttached();
}

void DebuggerBridge::received(server::DebuggerId debugger, std::string &&text)
{
    if (m_worker)
        m_worker->debuggerMessage(debugger, std::move(text));
}

void DebuggerBridge::closed(server::DebuggerId debugger)
{
    m_debuggers.erase(debugger);
    if (m_worker)
        m_worker->detachDebugger(debugger);
    tellAttached();
}

void DebuggerBridge::tellAttached()
{
    QMetaObject::invokeMethod(
        &m_owner, [&owner = m_owner, count = static_cast<int>(m_debuggers.size())] { owner.newsOf(count); }, Qt::QueuedConnection);
}

bool DebuggerBridge::event(QEvent *event)
{
    if (event->type() != newsEvent)
        return QObject::event(event);
    deliver();
    return true;
}

void DebuggerBridge::deliver()
{
    std::vector<News> batch;
    if (!m_mailbox || !m_mailbox->news.take(batch))
        return;
    const auto tell = [this](std::optional<base::Place> place) {
        QMetaObject::invokeMethod(&m_owner, [&owner = m_owner, place = std::move(place)] { owner.newsOf(place); }, Qt::QueuedConnection);
    };
    for (News &item : batch) {
        if (const auto *said = std::get_if<Said>(&item))
            m_server->send(said->session, said->json);
        else if (const auto *paused = std::get_if<Paused>(&item))
            tell(paused->place);
        else
            tell(std::nullopt);
    }
}

} // namespace cleat::session
