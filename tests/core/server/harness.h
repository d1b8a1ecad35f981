// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/httpserver.h"

#include <QObject>

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::server::test {

/// A handler that answers by the path of the target (tests/golden/server/README.md lists them) and keeps a record of its calls for each exchange.
class ScriptedHandler final : public QObject, public Handler
{
public:
    struct Record {
        ExchangeId id = 0;
        Head head;
        std::string body;
        bool complete = false;
        bool ended = false;
        End end = End::Done;
        std::uint64_t responseBytes = 0;
        int writables = 0;
        int callsAfterEnd = 0;
    };

    void setServer(HttpServer &server) { m_server = &server; }
    void request(ExchangeId exchange, Head &&head, std::string &&body, bool complete) override;
    void bodyData(ExchangeId exchange, std::string &&piece, bool last) override;
    void ended(ExchangeId exchange, End end, std::uint64_t responseBytes) override;
    void writable(ExchangeId exchange) override;
    void refused(const Refused &request) override;

    /// The calls as text: exchange by exchange, so that it does not depend on how the input was cut.
    std::string calls() const;
    bool allEnded() const;
    const std::deque<Record> &records() const { return m_records; }
    /// The newest exchange with this target.
    const Record *find(std::string_view target) const;
    const std::vector<std::string> &refusals() const { return m_refusals; }

    std::function<void(Record &)> onRequest; ///< for targets that begin with /test
    std::function<void(Record &, std::size_t)> onBody;
    std::function<void(Record &)> onWritable;

private:
    void answer(Record &record);
    void send(const Record &record, int status, std::string_view body, HttpServer::Connection connection = HttpServer::Connection::Keep);
    void stream(const Record &record, std::vector<std::string> pieces, HttpServer::Framing framing, HttpServer::Finish finish);

    HttpServer *m_server = nullptr;
    std::deque<Record> m_records;
    std::map<ExchangeId, std::size_t> m_index;
    std::vector<std::string> m_refusals;
    std::vector<ExchangeId> m_held;
};

/// A raw client on the test's own thread.
class Client final
{
public:
    explicit Client(int port);
    ~Client();
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    /// False when the server has closed the connection.
    bool send(std::string_view bytes);
    void halfClose();
    void close();
    void reset(); ///< closes with RST
    /// Takes what there is without waiting.
    void receive();
    /// Runs the event loop and receives until `done` says so; false after `timeoutMs`.
    bool receiveUntil(const std::function<bool()> &done, int timeoutMs = 5000);
    void setReceiveBuffer(int bytes);
    std::string received;
    bool ended = false; ///< the server has closed or finished sending
    bool broken = false;
    int descriptor = -1;
};

/// Runs the event loop until `done` says so; false after `timeoutMs`.
bool waitUntil(const std::function<bool()> &done, int timeoutMs = 5000);
/// Handles what is pending, without waiting.
void pump();
/// A server on a free loopback port with its handler.
struct Bench {
    explicit Bench(const Limits &limits = {});
    ScriptedHandler handler;
    HttpServer server;
};
/// Every "Date: ..." replaced by "Date: now".
std::string withoutDates(std::string wire);

} // namespace cleat::server::test
