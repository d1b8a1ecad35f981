// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/replay.h"

#include "core/events/headfields.h"

#include <QHostAddress>
#include <QTcpSocket>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace cleat::session {

namespace {

/// Bytes of an answer's head, or of a line that frames its body.
constexpr std::size_t maxHead = 1U << 20;

using events::isToken;
using events::sameName;

/// What one connection says to the other end alone (RFC 9110, section 7.6.1), and what the sender makes anew.
bool isOfConnection(std::string_view name)
{
    constexpr std::array<std::string_view, 9> names = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "content-length", "expect"};
    return std::ranges::any_of(names, [name](std::string_view one) { return sameName(one, name); });
}

std::optional<std::uint64_t> number(std::string_view text, int base)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

} // namespace

base::Result<ReplayRequest> replayOf(const events::RequestRecord &record)
{
    const events::RequestEvent &request = record.request;
    if (request.kind != events::RequestKind::Http)
        return base::fail("replay.kind", "This was no HTTP request: it cannot be sent again.");
    if (record.content.requestBody.size() < request.requestBytes)
        return base::fail("replay.cut", "Only the first " + std::to_string(record.content.requestBody.size()) + " of " + std::to_string(request.requestBytes)
                + " bytes of its body were kept: it cannot be sent again as it was. Edit it and give it a body.");
    ReplayRequest result;
    result.method = request.method;
    result.target = request.target;
    for (const auto &[name, value] : events::headFields(record.content.requestHead)) {
        if (!isOfConnection(name))
            result.fields.emplace_back(name, value);
    }
    result.body = record.content.requestBody;
    return result;
}

base::Result<void> check(const ReplayRequest &request)
{
    if (!isToken(request.method))
        return base::fail("replay.method", "A method is one word such as GET or POST, not \"" + request.method + "\".");
    const auto isBad = [](unsigned char c) { return c <= ' ' || c == 0x7f; };
    if (!request.target.starts_with('/') || std::ranges::any_of(request.target, isBad))
        return base::fail("replay.target", "A path begins with a slash and has no spaces: write %20 for one.");
    for (const auto &[name, value] : request.fields) {
        if (!isToken(name))
            return base::fail("replay.field", "\"" + name + "\" cannot be the name of a header: letters, digits and - are what names are made of.");
        if (std::ranges::any_of(value, [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7f; }))
            return base::fail("replay.field", "The value of the header " + name + " holds a line break or another control character.");
    }
    return {};
}

// ---- one

Replay::Replay(ReplayRequest request, const QUrl &server, QObject *parent)
    : QObject(parent), m_request(std::move(request)), m_server(server), m_socket(new QTcpSocket(this))
{
    connect(m_socket, &QTcpSocket::readyRead, this, &Replay::received);
    connect(m_socket, &QTcpSocket::disconnected, this, &Replay::disconnected);
    connect(m_socket, &QTcpSocket::errorOccurred, this, [this](QAbstractSocket::SocketError error) {
        if (error == QAbstractSocket::RemoteHostClosedError)
            return; // disconnected() knows whether that was the end of the answer
        fail("replay.connect", "The project's server does not answer: " + m_socket->errorString().toStdString() + ".");
    });
}

Replay::~Replay()
{
    m_socket->disconnect(this);
}

void Replay::start()
{
    const auto later = [this](base::Error error) {
        QMetaObject::invokeMethod(this, [this, error = std::move(error)] { finish(std::unexpected(error)); }, Qt::QueuedConnection);
    };
    if (const auto fine = check(m_request); !fine) {
        later(fine.error());
        return;
    }
    if (m_server.isEmpty()) {
        later({"replay.stopped", "The project does not run: start it, then send again.", {}});
        return;
    }
    std::string wire = m_request.method + ' ' + m_request.target + " HTTP/1.1\r\n";
    const auto has = [this](std::string_view wanted) { return std::ranges::any_of(m_request.fields, [wanted](const auto &field) { return sameName(field.first, wanted); }); };
    if (!has("host"))
        wire += "Host: " + m_server.authority(QUrl::FullyEncoded).toStdString() + "\r\n";
    for (const auto &[name, value] : m_request.fields) {
        if (!isOfConnection(name))
            wire.append(name).append(": ").append(value).append("\r\n");
    }
    if (!m_request.body.empty() || m_request.method == "POST" || m_request.method == "PUT" || m_request.method == "PATCH")
        wire += "Content-Length: " + std::to_string(m_request.body.size()) + "\r\n";
    wire += "Connection: close\r\n\r\n";
    wire += m_request.body;
    m_clock.start();
    connect(m_socket, &QTcpSocket::connected, this, [this, wire = std::move(wire)] { m_socket->write(wire.data(), static_cast<qint64>(wire.size())); });
    m_socket->connectToHost(m_server.host(), static_cast<quint16>(m_server.port(80)));
}

void Replay::cancel()
{
    fail("replay.cancelled", "Cancelled.");
}

std::uint32_t Replay::elapsedUs() const
{
    return static_cast<std::uint32_t>(std::min<qint64>(m_clock.nsecsElapsed() / 1000, std::numeric_limits<std::uint32_t>::max()));
}

void Replay::fail(std::string code, std::string message)
{
    finish(base::fail(std::move(code), std::move(message)));
}

void Replay::finish(base::Result<ReplayAnswer> &&answer)
{
    if (m_done)
        return;
    m_done = true;
    m_socket->disconnect(this);
    m_socket->abort();
    Q_EMIT finished(answer);
}

void Replay::received()
{
    const QByteArray bytes = m_socket->readAll();
    m_in.append(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    while (!m_done && !m_headRead) {
        if (!readHead())
            return;
    }
    if (!m_done && readBody()) {
        m_answer.durationUs = elapsedUs();
        finish(std::move(m_answer));
    }
}

/// False: more is needed. An interim answer (100, 103) is left out.
bool Replay::readHead()
{
    const std::size_t end = m_in.find("\r\n\r\n");
    if (end == std::string::npos) {
        if (m_in.size() > maxHead)
            fail("replay.answer", "The answer's head has no end.");
        return false;
    }
    m_answer.head = m_in.substr(0, end + 2);
    m_in.erase(0, end + 4);
    const std::string_view head = m_answer.head;
    const auto status = head.starts_with("HTTP/1.") && head.size() > 12 ? number(head.substr(9, 3), 10) : std::nullopt;
    if (!status) {
        fail("replay.answer", "What came back is no HTTP answer.");
        return false;
    }
    if (*status < 200 && *status != 101)
        return true;
    m_answer.status = static_cast<int>(*status);
    m_answer.headUs = elapsedUs();
    m_headRead = true;
    for (const auto &[name, value] : events::headFields(head)) {
        if (sameName(name, "transfer-encoding") && sameName(value, "chunked")) {
            m_framing = Framing::Chunked;
        } else if (sameName(name, "content-length") && m_framing != Framing::Chunked) {
            if (const auto length = number(value, 10)) {
                m_framing = Framing::Sized;
                m_left = *length;
            }
        }
    }
    if (m_request.method == "HEAD" || *status == 204 || *status == 304 || *status == 101)
        m_framing = Framing::None;
    return true;
}

/// True: the answer is complete.
bool Replay::readBody()
{
    switch (m_framing) {
    case Framing::None:
        return true;
    case Framing::Chunked:
        if (!readChunks())
            break;
        return true;
    case Framing::Sized: {
        if (m_left > maxBody)
            break; // told of below
        const std::size_t take = static_cast<std::size_t>(std::min<std::uint64_t>(m_left, m_in.size()));
        m_answer.body.append(m_in, 0, take);
        m_in.erase(0, take);
        m_left -= take;
        if (m_left == 0)
            return true;
        break;
    }
    case Framing::UntilEnd:
        m_answer.body += m_in;
        m_in.clear();
        break;
    }
    if (!m_done && (m_answer.body.size() > maxBody || (m_framing == Framing::Sized && m_left > maxBody)))
        fail("replay.size", "The answer is larger than " + std::to_string(maxBody >> 20) + " MiB: more is not kept.");
    return false;
}

bool Replay::readChunks()
{
    std::size_t at = 0; // of m_in: understood so far
    bool complete = false;
    while (!complete) {
        if (m_chunk == Chunk::Data) {
            if (m_left > 0) {
                const std::size_t take = static_cast<std::size_t>(std::min<std::uint64_t>(m_left, m_in.size() - at));
                m_answer.body.append(m_in, at, take);
                at += take;
                m_left -= take;
            }
            if (m_left > 0 || m_in.size() < at + 2)
                break;
            if (m_in.compare(at, 2, "\r\n") != 0) {
                fail("replay.answer", "The answer's body is not framed as it should be.");
                return false;
            }
            at += 2;
            m_chunk = Chunk::Size;
        }
        const std::size_t end = m_in.find("\r\n", at);
        if (end == std::string::npos) {
            if (m_in.size() - at > maxHead)
                fail("replay.answer", "A line between the pieces of the answer's body has no end.");
            break;
        }
        const std::string_view line(m_in.data() + at, end - at);
        at = end + 2;
        if (m_chunk == Chunk::Trailer) {
            complete = line.empty();
            continue;
        }
        const auto size = number(line.substr(0, line.find_first_of("; \t")), 16);
        if (!size) {
            fail("replay.answer", "The answer's body is not framed as it should be.");
            return false;
        }
        m_left = *size;
        m_chunk = *size == 0 ? Chunk::Trailer : Chunk::Data;
    }
    m_in.erase(0, at);
    return complete;
}

void Replay::disconnected()
{
    received();
    if (m_done)
        return;
    if (m_headRead && m_framing == Framing::UntilEnd) {
        m_answer.durationUs = elapsedUs();
        finish(std::move(m_answer));
        return;
    }
    fail("replay.lost", m_headRead ? "The connection ended before the answer was complete: the code failed while it sent its answer, or the server was stopped."
                                   : "The connection ended before there was an answer.");
}

// ---- many

RepeatedReplay::RepeatedReplay(ReplayRequest request, const QUrl &server, int times, int atOnce, QObject *parent)
    : QObject(parent), m_request(std::move(request)), m_server(server), m_times(std::max(times, 1)), m_atOnce(std::clamp(atOnce, 1, 64))
{
}

void RepeatedReplay::start()
{
    m_clock.start();
    while (m_running < m_atOnce && m_begun < m_times)
        next();
}

void RepeatedReplay::next()
{
    ++m_begun;
    ++m_running;
    auto *one = new Replay(m_request, m_server, this);
    connect(one, &Replay::finished, this, [this, one](const base::Result<ReplayAnswer> &answer) {
        one->deleteLater();
        take(answer);
    });
    one->start();
}

void RepeatedReplay::take(const base::Result<ReplayAnswer> &answer)
{
    --m_running;
    ++m_summary.sent;
    if (answer) {
        m_durations.push_back(answer->durationUs);
        const auto found = std::ranges::lower_bound(m_summary.statuses, answer->status, {}, &std::pair<int, int>::first);
        if (found != m_summary.statuses.end() && found->first == answer->status)
            ++found->second;
        else
            m_summary.statuses.insert(found, {answer->status, 1});
    } else if (m_summary.failed++ == 0) {
        m_summary.firstError = answer.error();
    }
    if (m_ended)
        return;
    Q_EMIT progressed(m_summary.sent, m_times);
    // One that cannot be sent at all would fail as often as it is tried.
    const bool hopeless = !answer && (answer.error().code == "replay.stopped" || answer.error().code.starts_with("replay.method") || answer.error().code == "replay.target"
                                        || answer.error().code == "replay.field");
    if (hopeless || m_summary.sent == m_times)
        end();
    else if (m_begun < m_times)
        next();
}

void RepeatedReplay::cancel()
{
    end();
}

void RepeatedReplay::end()
{
    if (m_ended)
        return;
    m_ended = true;
    m_endedNs = m_clock.isValid() ? m_clock.nsecsElapsed() : 0;
    const auto running = findChildren<Replay *>(QString(), Qt::FindDirectChildrenOnly);
    for (Replay *one : running) {
        one->disconnect(this);
        one->deleteLater();
    }
    Q_EMIT finished(summary());
}

ReplaySummary RepeatedReplay::summary() const
{
    ReplaySummary result = m_summary;
    std::vector<std::uint32_t> sorted = m_durations;
    std::ranges::sort(sorted);
    if (!sorted.empty()) {
        result.p50Us = sorted[sorted.size() / 2];
        result.p95Us = sorted[std::min(sorted.size() - 1, sorted.size() * 95 / 100)];
        result.maxUs = sorted.back();
    }
    const qint64 ns = m_ended ? m_endedNs : m_clock.isValid() ? m_clock.nsecsElapsed() : 0;
    result.perSecond = ns > 0 ? static_cast<double>(sorted.size()) * 1e9 / static_cast<double>(ns) : 0;
    return result;
}

} // namespace cleat::session
