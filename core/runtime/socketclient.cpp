// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/socketclient.h"

#include "core/base/clock.h"
#include "core/runtime/resolver.h"
#include "core/runtime/socketconnection.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

namespace cleat::runtime {

namespace {

std::string withoutBrackets(const std::string &host)
{
    return host.size() > 2 && host.front() == '[' && host.back() == ']' ? host.substr(1, host.size() - 2) : host;
}

int numberOf(SocketClient::Family family)
{
    switch (family) {
    case SocketClient::Family::Any:
        return AF_UNSPEC;
    case SocketClient::Family::V4:
        return AF_INET;
    case SocketClient::Family::V6:
        return AF_INET6;
    }
    return AF_UNSPEC;
}

} // namespace

class SocketClient::Private
{
public:
    struct Send {
        SocketId id;
        std::string bytes;
    };
    struct Finish {
        SocketId id;
    };
    struct Consumed {
        SocketId id;
        std::size_t bytes;
    };
    struct StartTls {
        SocketId id;
        TlsPeer peer;
    };
    struct Abort {
        SocketId id;
    };
    struct Resolve {
        SocketId id;
        std::string host;
        Family family;
    };
    struct Resolved {
        SocketId id;
        Resolver::Answer answer;
        enum class For { Connection, Question };
        For purpose;
    };
    using Command = std::variant<Open, Send, Finish, Consumed, StartTls, Abort, Resolve, Resolved>;

    /// Where commands wait for the thread. The resolver's threads may put something in after everything else has gone.
    struct Mailbox {
        Mailbox() : wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
        ~Mailbox() { ::close(wake); }
        Mailbox(const Mailbox &) = delete;
        Mailbox &operator=(const Mailbox &) = delete;

        void post(Command &&command)
        {
            {
                std::lock_guard lock(mutex);
                commands.push_back(std::move(command));
            }
            ring();
        }
        void ring() const
        {
            const std::uint64_t one = 1;
            while (::write(wake, &one, sizeof one) < 0 && errno == EINTR) {
            }
        }

        std::mutex mutex;
        std::vector<Command> commands;
        bool stopping = false;
        const int wake;
    };

    struct Watched {
        std::unique_ptr<SocketConnection> connection;
        int descriptor = -1; ///< that epoll knows
        std::uint32_t events = 0;
        std::int64_t deadlineNs = 0; ///< that m_deadlines has
    };

    explicit Private(Listener &l) : listener(l), mailbox(std::make_shared<Mailbox>()), poll(::epoll_create1(EPOLL_CLOEXEC))
    {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = 0;
        ::epoll_ctl(poll, EPOLL_CTL_ADD, mailbox->wake, &event);
        thread = std::thread([this] { run(); });
    }

    ~Private()
    {
        {
            std::lock_guard lock(mailbox->mutex);
            mailbox->stopping = true;
        }
        mailbox->ring();
        thread.join();
        connections.clear();
        ::close(poll);
    }

    void run()
    {
        std::vector<Command> batch;
        std::array<epoll_event, 64> happened{};
        for (;;) {
            {
                std::lock_guard lock(mailbox->mutex);
                if (mailbox->stopping)
                    return;
                batch.swap(mailbox->commands);
            }
            for (Command &command : batch)
                std::visit([this](auto &&known) { handle(std::move(known)); }, std::move(command));
            batch.clear();
            const int count = ::epoll_wait(poll, happened.data(), static_cast<int>(happened.size()), waitMs());
            for (int i = 0; i < count; ++i) {
                const SocketId id = happened[static_cast<std::size_t>(i)].data.u64;
                if (id == 0) {
                    std::uint64_t ignored = 0;
                    [[maybe_unused]] const auto n = ::read(mailbox->wake, &ignored, sizeof ignored);
                } else {
                    with(id, [](SocketConnection &connection) { connection.ready(); });
                }
            }
            const std::int64_t now = base::steadyNs();
            while (!deadlines.empty() && deadlines.begin()->first <= now)
                with(deadlines.begin()->second, [](SocketConnection &connection) { connection.late(); });
        }
    }

    int waitMs() const
    {
        if (deadlines.empty())
            return -1;
        return static_cast<int>(std::max<std::int64_t>(0, (deadlines.begin()->first - base::steadyNs() + 999'999) / 1'000'000));
    }

    template <typename Work>
    void with(SocketId id, Work &&work)
    {
        const auto found = connections.find(id);
        if (found == connections.end())
            return;
        work(*found->second.connection);
        if (found->second.connection->isOver())
            remove(id);
        else
            watch(id, found->second);
    }

    void watch(SocketId id, Watched &watched)
    {
        if (const std::int64_t deadline = watched.connection->deadlineNs(); deadline != watched.deadlineNs) {
            deadlines.erase({watched.deadlineNs, id});
            if (deadline != 0)
                deadlines.emplace(deadline, id);
            watched.deadlineNs = deadline;
        }
        const int descriptor = watched.connection->descriptor();
        const std::uint32_t events = watched.connection->waitsFor();
        // One that tries the next address has another descriptor, perhaps of the same number.
        if (descriptor == watched.descriptor && events == watched.events && events != EPOLLOUT)
            return;
        epoll_event event{};
        event.events = events;
        event.data.u64 = id;
        // Of a descriptor that waits for nothing, epoll would tell an error again and again.
        if (events == 0)
            ::epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, nullptr);
        else if (::epoll_ctl(poll, EPOLL_CTL_MOD, descriptor, &event) != 0 && errno == ENOENT)
            ::epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
        watched.descriptor = descriptor;
        watched.events = events;
    }

    void remove(SocketId id)
    {
        const auto found = connections.find(id);
        if (found == connections.end())
            return;
        deadlines.erase({found->second.deadlineNs, id});
        connections.erase(found);
    }

    void report(SocketEvent &&event) { listener.socketEvent(std::move(event)); }

    void ask(SocketId id, const std::string &host, std::uint16_t port, Family family, Resolved::For purpose)
    {
        const auto done = [to = std::weak_ptr(mailbox), id, purpose](Resolver::Answer &&answer) {
            if (const auto box = to.lock())
                box->post(Resolved{id, std::move(answer), purpose});
        };
        resolver.resolve(withoutBrackets(host), port, numberOf(family), done);
    }

    void handle(Open &&open)
    {
        std::optional<std::string> tlsName;
        if (open.transport == Open::Transport::Tls)
            tlsName = withoutBrackets(open.host);
        connections[open.id].connection
            = std::make_unique<SocketConnection>(open.id, [this](const std::string &authorities) -> const TlsTrust & { return trusted(authorities); }, std::move(tlsName),
                [this](SocketEvent &&event) { report(std::move(event)); });
        ask(open.id, open.host, open.port, Family::Any, Resolved::For::Connection);
    }
    void handle(Send &&send)
    {
        with(send.id, [&](SocketConnection &connection) { connection.send(std::move(send.bytes)); });
    }
    void handle(Finish &&finish)
    {
        with(finish.id, [](SocketConnection &connection) { connection.finish(); });
    }
    void handle(Consumed &&consumed)
    {
        with(consumed.id, [&](SocketConnection &connection) { connection.consumed(consumed.bytes); });
    }
    void handle(StartTls &&start)
    {
        start.peer.name = withoutBrackets(start.peer.name);
        with(start.id, [&](SocketConnection &connection) { connection.startTls(start.peer); });
    }
    void handle(Abort &&abort) { remove(abort.id); }
    void handle(Resolve &&question) { ask(question.id, question.host, 0, question.family, Resolved::For::Question); }
    void handle(Resolved &&resolved)
    {
        if (resolved.purpose == Resolved::For::Question) {
            std::string list;
            for (const SocketAddress &address : resolved.answer.addresses)
                list += (list.empty() ? "" : "\n") + address.host();
            report({SocketEvent::Kind::Resolved, resolved.id, std::move(list), std::move(resolved.answer.error), 0});
            return;
        }
        with(resolved.id, [&](SocketConnection &connection) {
            if (resolved.answer.addresses.empty())
                connection.fail("The name could not be resolved: " + resolved.answer.error);
            else
                connection.connect(std::move(resolved.answer.addresses));
        });
    }

    const TlsTrust &trusted(const std::string &authorities)
    {
        std::unique_ptr<TlsTrust> &trust = trusts[authorities];
        if (!trust)
            trust = std::make_unique<TlsTrust>(authorities);
        return *trust;
    }

    Listener &listener;
    const std::shared_ptr<Mailbox> mailbox;
    const int poll;
    Resolver resolver;
    std::unordered_map<std::string, std::unique_ptr<TlsTrust>> trusts; ///< by TlsPeer::authorities, made on first use
    std::unordered_map<SocketId, Watched> connections;
    std::set<std::pair<std::int64_t, SocketId>> deadlines;
    std::thread thread;
};

SocketClient::SocketClient(Listener &listener) : d(std::make_unique<Private>(listener)) {}

SocketClient::~SocketClient() = default;

void SocketClient::open(Open &&open)
{
    d->mailbox->post(std::move(open));
}

void SocketClient::send(SocketId id, std::string &&bytes)
{
    d->mailbox->post(Private::Send{id, std::move(bytes)});
}

void SocketClient::finish(SocketId id)
{
    d->mailbox->post(Private::Finish{id});
}

void SocketClient::consumed(SocketId id, std::size_t bytes)
{
    d->mailbox->post(Private::Consumed{id, bytes});
}

void SocketClient::startTls(SocketId id, TlsPeer &&peer)
{
    d->mailbox->post(Private::StartTls{id, std::move(peer)});
}

void SocketClient::abort(SocketId id)
{
    d->mailbox->post(Private::Abort{id});
}

void SocketClient::resolve(SocketId id, std::string &&host, Family family)
{
    d->mailbox->post(Private::Resolve{id, std::move(host), family});
}

} // namespace cleat::runtime
