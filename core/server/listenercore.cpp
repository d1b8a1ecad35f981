// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/listenercore.h"

#include "core/base/clock.h"
#include "core/server/peercheck.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace cleat::server {

namespace {

constexpr int tickMs = 500;
constexpr int desertedMs = 20;
constexpr std::size_t readBytes = 64U << 10;
/// Connections over the limit that are told so; what comes beyond is closed without a word.
constexpr std::size_t overLimit = 64;

} // namespace

ListenerCore::ListenerCore(Handler &handler, const Limits &limits)
    : m_handler(handler),
      m_limits(limits),
      m_buffer(readBytes),
      m_poll(epoll_create1(EPOLL_CLOEXEC)),
      m_now(base::steadyNs() / 1'000'000)
{
    if (m_poll < 0)
        qFatal("epoll_create1: %s", std::strerror(errno));
    m_notifier = std::make_unique<QSocketNotifier>(m_poll, QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, &m_context, [this] { dispatch(); });
    m_clock.setInterval(tickMs);
    m_clock.setTimerType(Qt::CoarseTimer);
    QObject::connect(&m_clock, &QTimer::timeout, &m_context, [this] { tick(); });
    m_desertedTimer.setInterval(desertedMs);
    m_desertedTimer.setSingleShot(true);
    QObject::connect(&m_desertedTimer, &QTimer::timeout, &m_context, [this] { checkDeserted(); });
    m_graveTimer.setInterval(0);
    m_graveTimer.setSingleShot(true);
    QObject::connect(&m_graveTimer, &QTimer::timeout, &m_context, [this] { clearGraveyard(); });
}

ListenerCore::~ListenerCore()
{
    m_notifier.reset();
    m_listeners.clear();
    m_connections.clear();
    m_graveyard.clear();
    ::close(m_poll);
}

void ListenerCore::addListener(std::unique_ptr<QTcpServer> listener)
{
    QObject::connect(listener.get(), &QTcpServer::acceptError, &m_context, [this] { m_clock.start(); }); // Qt paused it; tick() resumes
    m_listeners.push_back(std::move(listener));
}

void ListenerCore::accept(int descriptor)
{
    if (m_connections.size() >= static_cast<std::size_t>(m_limits.connections) + overLimit) {
        ::close(descriptor);
        return;
    }
    if (!m_clock.isActive()) {
        m_now = base::steadyNs() / 1'000'000;
        m_clock.start();
    }
    const bool tooMany = m_connections.size() >= static_cast<std::size_t>(m_limits.connections);
    auto owned = std::make_unique<Connection>(*this, descriptor);
    Connection &connection = *owned;
    epoll_event event{};
    event.events = connection.watched();
    event.data.ptr = &connection;
    if (epoll_ctl(m_poll, EPOLL_CTL_ADD, descriptor, &event) != 0)
        return;
    connection.setIndex(m_connections.size());
    m_connections.push_back(std::move(owned));
    if (tooMany)
        connection.turnAway("There are too many connections, the limit is " + std::to_string(m_limits.connections) + " (connections)");
}

void ListenerCore::watch(Connection &connection, std::uint32_t events)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = &connection;
    epoll_ctl(m_poll, EPOLL_CTL_MOD, connection.descriptor(), &event);
}

void ListenerCore::unwatch(Connection &connection)
{
    epoll_ctl(m_poll, EPOLL_CTL_DEL, connection.descriptor(), nullptr);
}

void ListenerCore::dispatch()
{
    if (m_dispatching != 0)
        return;
    ++m_dispatching;
    std::array<epoll_event, 256> events;
    const int count = epoll_wait(m_poll, events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i)
        static_cast<Connection *>(events[static_cast<std::size_t>(i)].data.ptr)->onEvents(events[static_cast<std::size_t>(i)].events);
    --m_dispatching;
    if (!m_graveyard.empty())
        clearGraveyard();
}

template <typename Each>
void ListenerCore::forConnections(Each each)
{
    ++m_dispatching;
    // Closing moves the last connection to the freed place, so going down meets each one that stays exactly once.
    for (std::size_t i = m_connections.size(); i-- > 0;) {
        if (i < m_connections.size())
            each(*m_connections[i]);
    }
    --m_dispatching;
    if (m_dispatching == 0 && !m_graveyard.empty())
        clearGraveyard();
}

void ListenerCore::tick()
{
    m_now = base::steadyNs() / 1'000'000;
    for (const auto &listener : m_listeners) {
        if (listener->isListening())
            listener->resumeAccepting();
    }
    forConnections([](Connection &connection) { connection.onTick(); });
    checkDeserted();
    if (m_connections.empty())
        m_clock.stop();
}

void ListenerCore::suspectDeserted()
{
    if (!m_desertedTimer.isActive())
        m_desertedTimer.start();
}

void ListenerCore::checkDeserted()
{
    std::unique_ptr<PeerCheck> check;
    forConnections([&check](Connection &connection) {
        if (!connection.mayBeDeserted())
            return;
        if (!check)
            check = std::make_unique<PeerCheck>();
        if (check->peerOf(connection.descriptor()) == PeerCheck::Peer::Gone)
            connection.gone();
    });
}

void ListenerCore::bury(Connection &connection)
{
    const std::size_t index = connection.index();
    m_graveyard.push_back(std::move(m_connections[index]));
    if (index + 1 != m_connections.size()) {
        m_connections[index] = std::move(m_connections.back());
        m_connections[index]->setIndex(index);
    }
    m_connections.pop_back();
    if (m_dispatching == 0 && !m_graveTimer.isActive())
        m_graveTimer.start();
}

void ListenerCore::clearGraveyard()
{
    if (m_dispatching == 0)
        m_graveyard.clear();
}

void ListenerCore::beginClosing()
{
    m_closing = true;
    for (const auto &listener : m_listeners)
        listener->close();
    forConnections([](Connection &connection) { connection.windDown(); });
}

} // namespace cleat::server
