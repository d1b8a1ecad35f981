// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/events/requestrecord.h"

#include <QByteArray>
#include <QElapsedTimer>
#include <QObject>
#include <QUrl>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

class QTcpSocket;
class QTimer;

namespace cleat::session {

/// A request to be sent to the project's own server, as it goes over the wire.
struct ReplayRequest {
    std::string method = "GET";
    std::string target = "/"; ///< path and query
    std::vector<std::pair<std::string, std::string>> fields; ///< sent in this order with these names; Host is put first when there is none, Content-Length and Connection are the sender's own
    std::string body;
    bool operator==(const ReplayRequest &) const = default;
};

/// What was recorded, to be sent again: without the fields that belonged to its connection. Codes: replay.kind (no HTTP request), replay.cut (only the beginning of its body was kept).
base::Result<ReplayRequest> replayOf(const events::RequestRecord &record);

/// What is wrong with it before anything is sent. Codes: replay.method, replay.target, replay.field.
base::Result<void> check(const ReplayRequest &request);

struct ReplayAnswer {
    int status = 0;
    std::string head; ///< status line and fields, "Name: value\r\n" each
    std::string body; ///< without framing; as it came otherwise
    std::uint32_t headUs = 0; ///< from the start until the head was there
    std::uint32_t durationUs = 0; ///< until its last byte
    bool operator==(const ReplayAnswer &) const = default;
};

/// Sends one request over a connection of its own. Main thread.
class Replay final : public QObject
{
    Q_OBJECT
public:
    /// `server`: Session::url(); an empty one fails with replay.stopped.
    Replay(ReplayRequest request, const QUrl &server, QObject *parent = nullptr);
    ~Replay() override;

    /// finished() follows, from the event loop.
    void start();
    /// finished() with replay.cancelled follows at once, unless it came before.
    void cancel();

    /// Bytes of an answer's body that are kept; a longer one fails with replay.size.
    static constexpr std::size_t maxBody = 256U << 20;

Q_SIGNALS:
    /// Once. Codes, besides those of check(): replay.stopped, replay.connect, replay.lost (the connection ended before the answer was complete), replay.answer (it is no HTTP),
    /// replay.size, replay.cancelled.
    void finished(const cleat::base::Result<cleat::session::ReplayAnswer> &answer);

private:
    void received();
    void disconnected();
    bool readHead();
    bool readBody();
    bool readChunks();
    void fail(std::string code, std::string message);
    void finish(base::Result<ReplayAnswer> &&answer);
    std::uint32_t elapsedUs() const;

    enum class Framing { None, Sized, Chunked, UntilEnd };
    const ReplayRequest m_request;
    const QUrl m_server;
    QTcpSocket *m_socket;
    QElapsedTimer m_clock;
    std::string m_in; ///< received, not understood yet
    ReplayAnswer m_answer;
    bool m_headRead = false;
    bool m_done = false;
    Framing m_framing = Framing::UntilEnd;
    std::uint64_t m_left = 0; ///< of the body, or of the chunk
    enum class Chunk { Size, Data, Trailer };
    Chunk m_chunk = Chunk::Size;
};

/// What many sendings of one request came to.
struct ReplaySummary {
    int sent = 0;
    int failed = 0; ///< without an answer
    std::vector<std::pair<int, int>> statuses; ///< status, how often; ascending
    std::uint32_t p50Us = 0;
    std::uint32_t p95Us = 0;
    std::uint32_t maxUs = 0;
    double perSecond = 0;
    base::Error firstError; ///< of those that failed
};

/// Sends one request many times, some at once. Main thread.
class RepeatedReplay final : public QObject
{
    Q_OBJECT
public:
    RepeatedReplay(ReplayRequest request, const QUrl &server, int times, int atOnce, QObject *parent = nullptr);

    void start();
    /// What is under way is dropped; finished() follows with what there is.
    void cancel();
    ReplaySummary summary() const;

Q_SIGNALS:
    void progressed(int done, int times);
    void finished(const cleat::session::ReplaySummary &summary);

private:
    void next();
    void take(const base::Result<ReplayAnswer> &answer);
    void end();

    const ReplayRequest m_request;
    const QUrl m_server;
    const int m_times;
    const int m_atOnce;
    int m_begun = 0;
    int m_running = 0;
    bool m_ended = false;
    QElapsedTimer m_clock;
    qint64 m_endedNs = 0;
    std::vector<std::uint32_t> m_durations;
    ReplaySummary m_summary;
};

} // namespace cleat::session
