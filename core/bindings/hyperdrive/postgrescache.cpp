// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/hyperdrive/postgrescache.h"

#include "core/bindings/hyperdrive/postgreswire.h"

#include <algorithm>
#include <utility>

namespace cleat::bindings::hyperdrive {

using postgreswire::numberAt;

namespace {

constexpr std::size_t lengthBytes = 4;
constexpr std::size_t longestUnit = 1 << 20; ///< a longer question is not held back, and not cached
constexpr std::uint32_t version3 = 3;
constexpr std::uint32_t askTls = 80877103;
constexpr std::uint32_t askGss = 80877104;

constexpr std::string_view parseComplete("1\0\0\0\4", 5);
constexpr std::string_view flush("H\0\0\0\4", 5);
constexpr std::string_view sync("S\0\0\0\4", 5);

/// The text up to the zero byte at its end, which goes too.
std::string_view takeText(std::string_view &bytes)
{
    const std::size_t end = bytes.find('\0');
    const std::string_view text = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    return text;
}

/// The length of the first message that has a type; 0: it is not whole; 1: it cannot be one.
std::size_t messageLength(std::string_view bytes)
{
    if (bytes.size() < 1 + lengthBytes)
        return 0;
    const std::size_t length = numberAt(bytes, 1);
    if (length < lengthBytes)
        return 1;
    return bytes.size() < 1 + length ? 0 : 1 + length;
}

/// Whether a message from the server belongs to no question: a setting, a notification, a last word.
bool isForSession(char type, std::string_view body)
{
    return type == 'S' || type == 'A' || (type == 'E' && (body.find(std::string_view("VFATAL", 7)) != std::string_view::npos || body.find(std::string_view("VPANIC", 7)) != std::string_view::npos));
}

} // namespace

struct PostgresCache::Question {
    bool isCacheable = false;
    std::string key;
    std::string sql; ///< to be shown
    std::size_t answers = 0; ///< ReadyForQuery messages that it makes
    std::size_t replies = unknown; ///< messages that answer a question that asks what a statement is like, up to Flush
    bool isExtended = false;
    bool isSimple = false;
    std::vector<std::pair<std::string, std::string>> parses; ///< name, body behind it
    std::vector<std::string> closes;
    std::vector<std::string> uses; ///< names of statements that were made before it
};

PostgresCache::PostgresCache(std::shared_ptr<QueryCache> cache, Answered answered) : m_cache(std::move(cache)), m_answered(std::move(answered)) {}

PostgresCache::~PostgresCache()
{
    for (Owed &owed : m_answers)
        dropRecording(owed);
}

DatabaseCache::Passed PostgresCache::fromClient(std::string_view bytes, std::int64_t nowMs)
{
    Passed passed;
    if (m_transparent) {
        passed.toServer = bytes;
        return passed;
    }
    m_fromClient += bytes;
    if (!m_started)
        startUp(passed);
    while (m_started && !m_transparent) {
        const std::size_t length = messageLength(m_fromClient);
        if (length == 0)
            break;
        if (length == 1) {
            m_transparent = true;
            break;
        }
        const char type = m_fromClient[0];
        m_unit.append(m_fromClient, 0, length);
        m_fromClient.erase(0, length);
        // What is not part of a question goes at once; so does a question when the client wants its answers so far.
        if (type == 'Q' || type == 'S' || type == 'H')
            ask(passed, nowMs);
        else if (std::string_view("PBDEC").find(type) == std::string_view::npos || m_unit.size() > longestUnit)
            forwardUnasked(passed);
    }
    if (m_fromClient.size() > longestUnit) // one message is not held back as a whole
        m_transparent = true;
    if (m_transparent) {
        passed.toServer += std::exchange(m_unit, {});
        passed.toServer += std::exchange(m_fromClient, {});
    }
    return passed;
}

/// The first message has no type.
void PostgresCache::startUp(Passed &passed)
{
    if (m_awaitsTls || m_fromClient.size() < 2 * lengthBytes)
        return;
    const std::size_t length = numberAt(m_fromClient, 0);
    const std::uint32_t code = numberAt(m_fromClient, lengthBytes);
    if (length < 2 * lengthBytes || length > longestUnit) {
        m_transparent = true;
        return;
    }
    if (m_fromClient.size() < length)
        return;
    if (code == askTls || code == askGss) {
        m_awaitsTls = true;
    } else if (code >> 16 == version3) {
        m_startUp = m_fromClient.substr(0, length);
        m_started = true;
        m_owed = 1; // to say that the client is in
        m_answers.resize(m_owed + 1);
    } else {
        m_transparent = true;
        return;
    }
    passed.toServer.append(m_fromClient, 0, length);
    m_fromClient.erase(0, length);
}

/// A whole question is in m_unit: messages up to Sync or Flush, or a simple query.
void PostgresCache::ask(Passed &passed, std::int64_t nowMs)
{
    const std::string unit = std::exchange(m_unit, {});
    const Question question = look(unit);
    const bool idle = m_ready && m_owed == m_swallows && m_pending == 0 && m_state == 'I' && !m_settings;
    if (!idle || !question.isCacheable) {
        forward(unit, question, passed);
        return;
    }
    if (const std::string *answer = m_unsynced ? nullptr : m_cache->find(question.key, nowMs)) {
        clientKnows(question);
        if (m_answered)
            m_answered(question.sql);
        for (std::size_t i = 0; i < question.parses.size(); ++i)
            passed.toClient += parseComplete;
        passed.toClient += *answer;
        if (m_cache->claim(question.key, nowMs))
            askAgain(unit, question, passed);
        return;
    }
    if (m_owed == 0 || question.answers > 0) // else where its answer ends is not known
        m_answers.back().recording = Recording{question.key, {}, question.parses.size(), true, false, false, {}};
    forward(unit, question, passed);
}

/// The client has an answer that is too old; the next one will be new.
void PostgresCache::askAgain(const std::string &unit, const Question &question, Passed &passed)
{
    Owed &owed = m_answers.back();
    owed.recording = Recording{question.key, {}, question.parses.size(), true, true, question.answers == 0, {}};
    for (const auto &[name, body] : question.parses)
        owed.recording->made.push_back(name);
    owed.isSwallowed = true;
    ++m_swallows;
    if (question.answers > 0) {
        forward(unit, question, passed);
        return;
    }
    // What a statement is like was asked up to Flush. Sync says where the answer ends.
    const std::string synced = unit.substr(0, unit.size() - flush.size()) + std::string(sync);
    forward(synced, look(synced), passed);
}

/// What is no question.
void PostgresCache::forwardUnasked(Passed &passed)
{
    const std::string unit = std::exchange(m_unit, {});
    forward(unit, look(unit), passed);
}

void PostgresCache::forward(const std::string &unit, const Question &question, Passed &passed)
{
    for (const std::string &name : question.uses) {
        const auto known = m_prepared.find(name);
        const auto there = m_there.find(name);
        if (known == m_prepared.end() || (there != m_there.end() && there->second == known->second))
            continue;
        // The client has made it in a question that was answered here.
        passed.toServer += postgreswire::message('P', name + '\0' + known->second);
        m_there[name] = known->second;
        ++m_answers.back().parses;
    }
    clientKnows(question);
    for (const auto &[name, body] : question.parses) {
        m_there[name] = body;
        m_settings = m_settings || changesSession(std::string_view(body).substr(0, body.find('\0')));
    }
    if (question.isSimple) {
        m_there.erase(std::string());
        m_settings = m_settings || changesSession(question.sql);
    }
    for (const std::string &name : question.closes)
        m_there.erase(name);
    if (question.answers > 0) {
        m_unsynced = false;
        m_owed += question.answers;
        m_answers.resize(m_owed + 1);
    } else if (question.isExtended) {
        if (m_pending != 0 && m_pending != unknown)
            dropRecording(m_answers.front()); // where its answer ends is not known any more
        m_pending = m_owed == 0 && m_pending == 0 ? question.replies : unknown;
        m_unsynced = true;
    }
    passed.toServer += unit;
}

/// What the statements are that the client has made, whoever has answered.
void PostgresCache::clientKnows(const Question &question)
{
    for (const auto &[name, body] : question.parses)
        m_prepared[name] = body;
    for (const std::string &name : question.closes)
        m_prepared.erase(name);
    if (question.isSimple) // which ends the unnamed one
        m_prepared.erase(std::string());
}

PostgresCache::Question PostgresCache::look(std::string_view unit) const
{
    Question question;
    question.key = m_startUp;
    question.isCacheable = true;
    bool executes = false;
    bool flushes = false;
    bool onlyDescribes = true; // statements, not portals
    bool says = false; // the key tells what is asked
    std::size_t replies = 0;
    std::size_t messages = 0; // before this one
    for (std::string_view rest = unit; !rest.empty(); ++messages) {
        const std::size_t length = messageLength(rest);
        if (length <= 1)
            return {};
        const std::string_view whole = rest.substr(0, length);
        std::string_view body = whole.substr(1 + lengthBytes);
        rest.remove_prefix(length);
        question.isExtended = question.isExtended || std::string_view("PBDECH").find(whole[0]) != std::string_view::npos;
        onlyDescribes = onlyDescribes && (whole[0] == 'P' || whole[0] == 'H' || (whole[0] == 'D' && body.starts_with('S')));
        switch (whole[0]) {
        case 'Q': {
            question.sql = takeText(body);
            question.answers = 1;
            question.isSimple = true;
            executes = true;
            says = true;
            if (!hyperdrive::isCacheable(question.sql))
                question.isCacheable = false;
            question.key += whole;
            break;
        }
        case 'P': {
            const std::string name(takeText(body));
            // Not part of the key: a statement that was made before is the same question. Nor is its name, which is the connection's own.
            ++replies; // ParseComplete
            if (question.parses.size() != messages)
                question.isCacheable = false; // its ParseComplete is not at the beginning
            question.parses.emplace_back(name, std::string(body));
            question.sql = takeText(body);
            if (!hyperdrive::isCacheable(question.sql))
                question.isCacheable = false;
            break;
        }
        case 'B':
        case 'D': {
            question.key += whole[0];
            std::string_view portal;
            if (whole[0] == 'B') {
                portal = takeText(body);
            } else if (body.starts_with('P')) {
                question.key += body;
                break;
            } else {
                body.remove_prefix(std::min<std::size_t>(1, body.size()));
                replies += 2; // ParameterDescription, and RowDescription or NoData
            }
            const std::string name(takeText(body));
            const auto made = std::ranges::find(question.parses, name, [](const auto &parse) { return parse.first; });
            const auto known = m_prepared.find(name);
            if (made == question.parses.end() && known == m_prepared.end()) {
                question.isCacheable = false;
                break;
            }
            if (made == question.parses.end())
                question.uses.push_back(name);
            std::string_view parse = made != question.parses.end() ? made->second : known->second;
            question.key.append(portal).append(1, '\0').append(parse).append(body);
            says = true;
            question.sql = takeText(parse);
            if (!hyperdrive::isCacheable(question.sql))
                question.isCacheable = false;
            break;
        }
        case 'E':
            executes = true;
            question.key += whole;
            break;
        case 'C': {
            std::string_view named = body;
            if (body.starts_with('S')) {
                named.remove_prefix(1);
                question.closes.emplace_back(takeText(named));
            }
            question.isCacheable = false;
            break;
        }
        case 'S':
            question.answers = 1;
            question.key += 'S';
            break;
        case 'H':
            flushes = true;
            question.key += 'H';
            break;
        case 'F': // a function call answers like a query
            question.answers = 1;
            question.isCacheable = false;
            break;
        default:
            question.isCacheable = false;
            break;
        }
    }
    const bool describes = flushes && onlyDescribes && replies > 0;
    if (describes)
        question.replies = replies;
    question.isCacheable = question.isCacheable && says && (describes || (executes && !flushes && question.answers == 1));
    return question;
}

std::string PostgresCache::fromServer(std::string_view bytes, std::int64_t nowMs)
{
    std::string given;
    if (m_passing > 0) {
        const std::size_t part = std::min(m_passing, bytes.size());
        if (!m_passingSwallowed)
            given += bytes.substr(0, part);
        bytes.remove_prefix(part);
        m_passing -= part;
    }
    if (m_awaitsTls && !m_transparent && !bytes.empty()) {
        m_awaitsTls = false;
        given += bytes[0];
        if (bytes[0] == 'S' || bytes[0] == 'G') // what follows cannot be read
            m_transparent = true;
        bytes.remove_prefix(1);
        if (m_transparent)
            return given + std::string(bytes);
    }
    m_fromServer += bytes;
    std::size_t at = 0;
    while (!m_transparent || m_swallows > 0) {
        const std::string_view rest = std::string_view(m_fromServer).substr(at);
        const std::size_t length = messageLength(rest);
        const bool isSwallowed = m_answers.front().isSwallowed;
        if (length == 0) {
            const std::size_t whole = rest.size() > lengthBytes ? 1 + numberAt(rest, 1) : 0;
            if (whole > longestUnit) { // of a row that is long on its own
                if (!isSwallowed)
                    given += rest;
                m_passing = whole - rest.size();
                m_passingSwallowed = isSwallowed;
                at = m_fromServer.size();
                if (m_answers.front().recording)
                    m_answers.front().recording->spoil();
            }
            break;
        }
        if (length == 1) {
            m_transparent = true;
            m_swallows = 0;
            break;
        }
        const Message message{rest[0], rest.substr(1 + lengthBytes, length - 1 - lengthBytes), rest.substr(0, length)};
        at += length;
        if (message.type == '1' && m_answers.front().parses > 0) {
            --m_answers.front().parses;
            continue;
        }
        if (message.type == 'E')
            m_answers.front().parses = 0; // what follows up to Sync is not done
        if (!isSwallowed || isForSession(message.type, message.body))
            given += message.whole;
        take(message, nowMs);
    }
    m_fromServer.erase(0, at);
    if (m_transparent && m_swallows == 0)
        given += std::exchange(m_fromServer, {});
    return given;
}

void PostgresCache::take(const Message &message, std::int64_t nowMs)
{
    std::optional<Recording> &recording = m_answers.front().recording;
    if (recording && recording->isAgain && message.type == 'E') {
        // The client has been told that they are made. They will be made, or refused, when they are used.
        for (std::size_t i = recording->made.size() - std::min(recording->parses, recording->made.size()); i < recording->made.size(); ++i)
            m_there.erase(recording->made[i]);
    }
    if (recording && message.type == '1' && recording->parses > 0) {
        --recording->parses;
    } else if (recording && recording->isFine) {
        // Row descriptions, rows, and what says that something is done. Anything else belongs to this time alone.
        if (std::string_view("123TDCntZ").find(message.type) == std::string_view::npos || recording->answer.size() + message.whole.size() > QueryCache::longest) {
            recording->spoil();
        } else if (message.type != 'Z' || !recording->isDescription) {
            recording->answer += message.whole;
        }
    }
    if (m_pending > 0 && m_pending != unknown) {
        if (message.type == 'E')
            m_pending = unknown;
        else if (std::string_view("1tTn").find(message.type) != std::string_view::npos && --m_pending == 0)
            keepRecorded(nowMs);
    }
    if (message.type == 'S' && m_ready) // the session's settings are others than when it began
        m_settings = true;
    if (message.type != 'Z')
        return;
    m_ready = true;
    m_state = message.body.empty() ? 'E' : message.body[0];
    if (recording && m_state != 'I')
        recording->spoil();
    keepRecorded(nowMs);
    if (m_owed > 0) {
        --m_owed;
        if (m_answers.front().isSwallowed)
            --m_swallows;
        m_answers.pop_front();
    }
    if (m_owed == 0 && !m_unsynced)
        m_pending = 0;
}

void PostgresCache::keepRecorded(std::int64_t nowMs)
{
    std::optional<Recording> &recording = m_answers.front().recording;
    if (recording && recording->isFine)
        m_cache->keep(std::move(recording->question), std::move(recording->answer), nowMs);
    else if (recording && recording->isAgain)
        m_cache->forget(recording->question);
    recording.reset();
}

void PostgresCache::dropRecording(Owed &owed)
{
    if (owed.recording && owed.recording->isAgain)
        m_cache->release(owed.recording->question);
    owed.recording.reset();
}

} // namespace cleat::bindings::hyperdrive
