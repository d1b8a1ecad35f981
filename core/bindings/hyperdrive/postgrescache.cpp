// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/hyperdrive/postgrescache.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace cleat::bindings::hyperdrive {

namespace {

constexpr std::size_t lengthBytes = 4;
constexpr std::size_t longestUnit = 1 << 20; ///< a longer question is not held back, and not cached
constexpr std::uint32_t version3 = 3;
constexpr std::uint32_t askTls = 80877103;
constexpr std::uint32_t askGss = 80877104;

std::uint32_t numberAt(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < lengthBytes; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

/// The text up to the zero byte at its end, which goes too.
std::string_view takeText(std::string_view &bytes)
{
    const std::size_t end = bytes.find('\0');
    const std::string_view text = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    return text;
}

/// The first word of a statement, in small letters.
std::string firstWord(std::string_view sql)
{
    const std::size_t begin = sql.find_first_not_of(" \t\r\n(;");
    std::string word;
    for (std::size_t i = begin; i < sql.size() && std::isalpha(static_cast<unsigned char>(sql[i])) != 0; ++i)
        word += static_cast<char>(std::tolower(static_cast<unsigned char>(sql[i])));
    return word;
}

bool changesSettings(std::string_view sql)
{
    const std::string word = firstWord(sql);
    return word == "set" || word == "reset" || word == "discard" || word == "load" || word == "create" || word == "declare";
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

} // namespace

struct PostgresCache::Question {
    bool isCacheable = false;
    std::string key;
    std::string_view sql; ///< to be shown
    std::size_t answers = 0; ///< ReadyForQuery messages that it makes
    bool isSimple = false;
    std::vector<std::pair<std::string, std::string>> parses; ///< name, body behind it
    std::vector<std::string> closes;
    bool needsUnnamed = false; ///< it uses the unnamed statement that was made before it
};

PostgresCache::PostgresCache(std::shared_ptr<QueryCache> cache, std::function<void(std::string_view)> answered) : m_cache(std::move(cache)), m_answered(std::move(answered)) {}

PostgresCache::Passed PostgresCache::fromClient(std::string_view bytes, std::int64_t nowMs)
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
            letPass();
            break;
        }
        const char type = m_fromClient[0];
        m_unit.append(m_fromClient, 0, length);
        m_fromClient.erase(0, length);
        // What is not part of a question goes at once; so does a question when the client wants its answers so far.
        if (type == 'Q' || type == 'S')
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
        letPass();
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
    } else {
        letPass();
        return;
    }
    passed.toServer.append(m_fromClient, 0, length);
    m_fromClient.erase(0, length);
}

/// A whole question is in m_unit: messages up to Sync, or a simple query.
void PostgresCache::ask(Passed &passed, std::int64_t nowMs)
{
    const std::string unit = std::exchange(m_unit, {});
    const Question question = look(unit);
    const bool alone = m_ready && m_owed == 0 && m_state == 'I' && !m_settings;
    if (!alone || !question.isCacheable) {
        forward(unit, question, passed);
        return;
    }
    if (const std::string *answer = m_cache->find(question.key, nowMs)) {
        clientKnows(question);
        if (m_answered)
            m_answered(question.sql);
        passed.toClient += *answer;
        return;
    }
    m_recording = Recording{question.key, {}, true};
    forward(unit, question, passed);
}

/// What is no question, or one of which the client wants answers before its end.
void PostgresCache::forwardUnasked(Passed &passed)
{
    const std::string unit = std::exchange(m_unit, {});
    forward(unit, look(unit), passed);
}

void PostgresCache::forward(const std::string &unit, const Question &question, Passed &passed)
{
    const auto unnamed = m_prepared.find({});
    if (question.needsUnnamed && unnamed != m_prepared.end() && m_unnamedThere != unnamed->second) {
        // The client has made it in a question that was answered here.
        const std::size_t length = lengthBytes + 1 + unnamed->second.size();
        passed.toServer += 'P';
        for (int shift = 24; shift >= 0; shift -= 8)
            passed.toServer += static_cast<char>(length >> shift & 0xFF);
        passed.toServer += '\0';
        passed.toServer += unnamed->second;
        m_unnamedThere = unnamed->second;
        ++m_swallow;
    }
    clientKnows(question);
    for (const auto &[name, body] : question.parses) {
        if (name.empty())
            m_unnamedThere = body;
        if (changesSettings(body))
            m_settings = true;
    }
    if (question.isSimple)
        m_unnamedThere.reset();
    if (question.isSimple && changesSettings(question.sql))
        m_settings = true;
    m_owed += question.answers;
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
    bool knowsUnnamed = false; // it is made in here
    for (std::string_view rest = unit; !rest.empty();) {
        const std::size_t length = messageLength(rest);
        if (length <= 1)
            return {};
        const std::string_view whole = rest.substr(0, length);
        std::string_view body = whole.substr(1 + lengthBytes);
        rest.remove_prefix(length);
        switch (whole[0]) {
        case 'Q': {
            question.sql = takeText(body);
            question.answers = 1;
            question.isSimple = true;
            executes = true;
            if (!hyperdrive::isCacheable(question.sql))
                question.isCacheable = false;
            question.key += whole;
            break;
        }
        case 'P': {
            const std::string name(takeText(body));
            const std::string behind(body);
            question.sql = takeText(body);
            question.parses.emplace_back(name, behind);
            if (!name.empty() || !hyperdrive::isCacheable(question.sql)) // the server has to know it, too
                question.isCacheable = false;
            knowsUnnamed = knowsUnnamed || name.empty();
            question.key += whole;
            break;
        }
        case 'B':
        case 'D': {
            std::string_view named = body;
            const bool describesPortal = whole[0] == 'D' && body.starts_with('P');
            if (whole[0] == 'D')
                named.remove_prefix(std::min<std::size_t>(1, named.size()));
            else
                takeText(named); // the portal
            const std::string name(takeText(named));
            question.key += whole;
            if (describesPortal)
                break;
            if (!(name.empty() && knowsUnnamed)) {
                const auto known = m_prepared.find(name);
                if (known == m_prepared.end()) {
                    question.isCacheable = false;
                    break;
                }
                std::string_view parse = known->second;
                question.key += '\0';
                question.key += parse;
                const std::string_view sql = takeText(parse);
                if (!hyperdrive::isCacheable(sql))
                    question.isCacheable = false;
                question.sql = sql;
                question.needsUnnamed = question.needsUnnamed || name.empty();
            }
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
        case 'F': // a function call answers like a query
            question.answers = 1;
            question.isCacheable = false;
            break;
        default:
            question.isCacheable = false;
            break;
        }
    }
    question.isCacheable = question.isCacheable && executes && question.answers == 1;
    return question;
}

std::string PostgresCache::fromServer(std::string_view bytes, std::int64_t nowMs)
{
    std::string given;
    if (m_transparent) {
        given = std::exchange(m_fromServer, {});
        return given += bytes;
    }
    if (m_passing > 0) {
        const std::size_t part = std::min(m_passing, bytes.size());
        given += bytes.substr(0, part);
        bytes.remove_prefix(part);
        m_passing -= part;
    }
    if (m_awaitsTls && !bytes.empty()) {
        m_awaitsTls = false;
        given += bytes[0];
        if (bytes[0] == 'S' || bytes[0] == 'G') // what follows cannot be read
            letPass();
        bytes.remove_prefix(1);
        if (m_transparent)
            return given + std::string(bytes);
    }
    m_fromServer += bytes;
    std::size_t at = 0;
    for (;;) {
        const std::string_view rest = std::string_view(m_fromServer).substr(at);
        const std::size_t length = messageLength(rest);
        if (length == 0) {
            const std::size_t whole = rest.size() > lengthBytes ? 1 + numberAt(rest, 1) : 0;
            if (whole > longestUnit) { // of a row that is long on its own
                given += rest;
                m_passing = whole - rest.size();
                at = m_fromServer.size();
                if (m_recording)
                    m_recording->spoil();
            }
            break;
        }
        if (length == 1) {
            letPass();
            given += rest;
            at = m_fromServer.size();
            break;
        }
        const Message message{rest[0], rest.substr(1 + lengthBytes, length - 1 - lengthBytes), rest.substr(0, length)};
        at += length;
        if (message.type == '1' && m_swallow > 0) {
            --m_swallow;
            continue;
        }
        if (message.type == 'E' && m_owed == 1)
            m_swallow = 0; // what follows up to Sync is not done
        given += message.whole;
        take(message, nowMs);
    }
    m_fromServer.erase(0, at);
    return given;
}

void PostgresCache::take(const Message &message, std::int64_t nowMs)
{
    if (m_recording && m_recording->isFine) {
        // Row descriptions, rows, and what says that something is done. Anything else belongs to this time alone.
        if (std::string_view("123TDCntZ").find(message.type) == std::string_view::npos || m_recording->answer.size() + message.whole.size() > QueryCache::longest) {
            m_recording->spoil();
        } else {
            m_recording->answer += message.whole;
        }
    }
    if (message.type == 'S' && m_ready) // the session's settings are others than when it began
        m_settings = true;
    if (message.type != 'Z')
        return;
    m_ready = true;
    m_state = message.body.empty() ? 'E' : message.body[0];
    if (m_owed > 0)
        --m_owed;
    if (m_recording) {
        if (m_recording->isFine && m_state == 'I')
            m_cache->keep(std::move(m_recording->question), std::move(m_recording->answer), nowMs);
        m_recording.reset();
    }
}

} // namespace cleat::bindings::hyperdrive
