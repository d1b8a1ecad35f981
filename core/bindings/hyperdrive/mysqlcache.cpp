// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/hyperdrive/mysqlcache.h"

#include "core/bindings/hyperdrive/mysqlstatement.h"
#include "core/bindings/hyperdrive/mysqlwire.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cleat::bindings::hyperdrive {

using namespace mysqlwire;

namespace {

constexpr std::size_t longestQuestion = 1 << 20; ///< what is longer is not held back, and not cached
constexpr std::string_view longData("\x01", 1); ///< stands for the payload of a packet that is longer: nothing but data is

/// Change what answers look like in ways that are not understood here, with the server's consent.
constexpr std::uint32_t refusedCapabilities = compression | optionalMetadata | zstdCompression | 0x2000'0000U;
constexpr std::uint32_t extendedMetadata = 0x8; ///< of MariaDB's extended capabilities
constexpr std::uint32_t bulkOperations = 0x4;
constexpr std::uint32_t lastStatementOf = 0xFFFF'FFFF; ///< MariaDB: the number of the statement that was prepared last

// SERVER_STATUS_...
constexpr std::uint32_t inTransaction = 0x1;
constexpr std::uint32_t autocommit = 0x2;
constexpr std::uint32_t moreResults = 0x8;
constexpr std::uint32_t cursorExists = 0x40;
constexpr std::uint32_t inReadTransaction = 0x2000;
constexpr std::uint32_t transactionBits = inTransaction | autocommit | inReadTransaction;
constexpr std::uint32_t quotingBits = 0x200 | 0x8000; ///< how the session reads backslashes and quotes
constexpr std::uint32_t aboutTheQuery = 0x10 | 0x20 | 0x800; ///< it was slow, it used no index

/// Big5, Shift JIS, GBK, CP932, GB18030: bytes of their letters look like quotes and backslashes.
constexpr std::array<unsigned char, 11> unsafeCharacters{1, 84, 13, 88, 28, 87, 95, 96, 248, 249, 250};

enum Command : unsigned char {
    Quit = 0x01,
    InitDb = 0x02,
    Query = 0x03,
    FieldList = 0x04,
    Refresh = 0x07,
    Statistics = 0x09,
    ProcessInfo = 0x0A,
    Debug = 0x0D,
    Ping = 0x0E,
    Prepare = 0x16,
    Execute = 0x17,
    SendLongData = 0x18,
    CloseStatement = 0x19,
    ResetStatement = 0x1A,
    Fetch = 0x1C,
    ResetConnection = 0x1F,
    BulkExecute = 0xFA,
};

constexpr char okHead = '\x00';
constexpr char endHead = '\xfe';
constexpr char errorHead = '\xff';
constexpr char fileHead = '\xfb';
constexpr std::size_t eofBytes = 9; ///< an EOF packet is shorter

std::uint32_t statementNumber(std::string_view payload)
{
    return Reader(payload.substr(std::min<std::size_t>(1, payload.size()))).integer(4);
}

struct Done {
    std::uint32_t status = 0;
    std::uint32_t warnings = 0;
};

/// What an OK packet says.
Done okOf(std::string_view payload)
{
    Reader reader(payload);
    reader.integer(1);
    reader.length(); // rows
    reader.length(); // the last number that was made
    Done done;
    done.status = reader.integer(2);
    done.warnings = reader.integer(2);
    return done;
}

Done eofOf(std::string_view payload)
{
    Reader reader(payload);
    reader.integer(1);
    Done done;
    done.warnings = reader.integer(2);
    done.status = reader.integer(2);
    return done;
}

} // namespace

struct MySqlCache::Execution {
    Statement *statement = nullptr; ///< nullptr: it is not known, or what it says is not understood
    bool isPlain = false; ///< it opens no cursor
    std::size_t boundAt = 0; ///< where the payload says whether types follow; 0: it has no parameters
    bool hasTypes = false;
    std::string_view count; ///< of the parameters, if it is given
    std::string_view nulls;
    std::string_view types;
    std::string_view values;
};

MySqlCache::MySqlCache(std::shared_ptr<QueryCache> cache, Answered answered) : m_cache(std::move(cache)), m_answered(std::move(answered)) {}

MySqlCache::~MySqlCache()
{
    for (const Owed &owed : m_owed) {
        if (owed.recording && owed.recording->isAgain)
            m_cache->release(owed.recording->question);
    }
}

DatabaseCache::Passed MySqlCache::fromClient(std::string_view bytes, std::int64_t nowMs)
{
    Passed passed;
    if (m_transparent) {
        passed.toServer = bytes;
        return passed;
    }
    m_fromClient += bytes;
    std::size_t at = 0;
    while (!m_transparent) {
        const std::string_view rest = std::string_view(m_fromClient).substr(at);
        if (rest.size() < headBytes)
            break;
        Reader head(rest);
        const std::size_t length = head.integer(3);
        const std::uint32_t sequence = head.integer(1);
        // Commands begin anew with number 0; what belongs to the login does not.
        if (length == 0 || length > longestQuestion || (sequence == 0) != (m_phase == Phase::Commands) || m_phase == Phase::Greeting) {
            m_transparent = true;
            break;
        }
        if (rest.size() < headBytes + length)
            break;
        const std::string_view whole = rest.substr(0, headBytes + length);
        at += whole.size();
        if (m_phase == Phase::Commands) {
            command(whole, passed, nowMs);
        } else {
            if (m_phase == Phase::Response)
                respond(whole.substr(headBytes));
            passed.toServer += whole;
        }
    }
    m_fromClient.erase(0, at);
    if (m_transparent)
        passed.toServer += std::exchange(m_fromClient, {});
    return passed;
}

/// The client's answer to the greeting (HandshakeResponse41).
void MySqlCache::respond(std::string_view payload)
{
    Reader reader(payload);
    const std::uint32_t capabilities = reader.integer(4);
    reader.integer(4); // the longest packet
    const auto characters = static_cast<unsigned char>(reader.integer(1));
    reader.text(19);
    const std::uint32_t extended = reader.integer(4);
    const std::string user(reader.untilNull());
    if ((capabilities & (protocol41 | canTls)) != protocol41 || (capabilities & m_capabilities & refusedCapabilities) != 0
        || (extended & ~(extendedMetadata | bulkOperations)) != 0 || std::ranges::find(unsafeCharacters, characters) != unsafeCharacters.end()) {
        m_transparent = true;
        return;
    }
    if ((capabilities & longAuthentication) != 0)
        reader.text(reader.length());
    else if ((capabilities & secureConnection) != 0)
        reader.text(reader.integer(1));
    else
        reader.untilNull();
    m_capabilities &= capabilities;
    m_startUp = number(m_capabilities, 4) + number(extended, 4) + static_cast<char>(characters) + user + '\0';
    if ((capabilities & withDatabase) != 0)
        m_startUp += reader.untilNull();
    m_startUp += '\0';
    m_phase = Phase::Login;
}

void MySqlCache::command(std::string_view whole, Passed &passed, std::int64_t nowMs)
{
    const std::string_view payload = whole.substr(headBytes);
    switch (static_cast<unsigned char>(payload[0])) {
    case Query: {
        const auto sql = textOf(payload);
        if (!sql || changesMySqlSession(*sql, (m_capabilities & multiStatements) != 0 ? Statements::Several : Statements::One))
            m_changed = true;
        ask(sql && isCacheableMySql(*sql) ? "Q" + std::string(*sql) : std::string(), sql.value_or(std::string_view()), whole, passed, nowMs);
        return;
    }
    case Execute:
        execute(whole, passed, nowMs);
        return;
    case Prepare: {
        const std::string sql(payload.substr(1));
        m_changed = m_changed || changesMySqlSession(sql, Statements::One);
        send(whole, {Reply::Prepared, sql, false, {}}, passed);
        return;
    }
    case SendLongData:
        if (const auto found = m_statements.find(statementNumber(payload)); found != m_statements.end())
            found->second.isCacheable = false; // its parameters are not all in the question
        send(whole, {Reply::Nothing, {}, false, {}}, passed);
        return;
    case CloseStatement:
        m_statements.erase(statementNumber(payload));
        send(whole, {Reply::Nothing, {}, false, {}}, passed);
        return;
    case ResetConnection:
        m_statements.clear();
        send(whole, {Reply::Single, {}, false, {}}, passed);
        return;
    case InitDb:
        m_changed = true;
        send(whole, {Reply::Single, {}, false, {}}, passed);
        return;
    case Refresh:
    case Statistics:
    case Debug:
    case Ping:
    case ResetStatement:
        send(whole, {Reply::Single, {}, false, {}}, passed);
        return;
    case ProcessInfo:
    case BulkExecute:
        send(whole, {Reply::Result, {}, false, {}}, passed);
        return;
    case FieldList:
        send(whole, {Reply::Fields, {}, false, {}}, passed);
        return;
    case Fetch:
        send(whole, {Reply::Rows, {}, false, {}}, passed);
        return;
    default: // also Quit: it is the last one
        m_transparent = true;
        passed.toServer += whole;
        return;
    }
}

/// The text of COM_QUERY. Nothing: it has attributes, which stand before it.
std::optional<std::string_view> MySqlCache::textOf(std::string_view payload) const
{
    Reader reader(payload.substr(1));
    if ((m_capabilities & queryAttributes) != 0) {
        const std::uint32_t count = reader.length();
        if (count != 0 || reader.length() != 1)
            return std::nullopt;
    }
    return reader.rest();
}

bool MySqlCache::owesClient() const
{
    return m_owed.size() > m_swallows;
}

bool MySqlCache::isIdle() const
{
    return !owesClient() && (m_status & transactionBits) == autocommit && !m_changed;
}

/// A query, which has no `question` when its answer cannot be kept.
void MySqlCache::ask(const std::string &question, std::string_view sql, std::string_view whole, Passed &passed, std::int64_t nowMs)
{
    if (question.empty() || !isIdle()) {
        // The server has not seen the one before, which it is asked about.
        if (!m_unseen.empty() && asksAboutLast(sql))
            send(std::exchange(m_unseen, {}), {Reply::Result, {}, true, {}}, passed);
        send(whole, {Reply::Result, {}, false, {}}, passed);
        return;
    }
    const std::string key = m_startUp + number(m_status & quotingBits, 4) + question;
    if (const std::string *answer = m_cache->find(key, nowMs)) {
        if (m_answered)
            m_answered(sql);
        passed.toClient += *answer;
        m_unseen = whole;
        if (m_cache->claim(key, nowMs))
            send(whole, {Reply::Result, {}, true, Recording{key, {}, true, true}}, passed);
        return;
    }
    send(whole, {Reply::Result, {}, false, Recording{key, {}, true, false}}, passed);
}

void MySqlCache::execute(std::string_view whole, Passed &passed, std::int64_t nowMs)
{
    const Execution execution = executionOf(whole.substr(headBytes));
    std::string question;
    std::string_view sql;
    if (Statement *const statement = execution.statement) {
        if (execution.hasTypes)
            statement->types = execution.types;
        sql = statement->sql;
        if (statement->isCacheable && execution.isPlain && (execution.boundAt == 0 || !statement->types.empty())) {
            question = "E" + number(static_cast<std::uint32_t>(statement->sql.size()), 4) + statement->sql;
            question += std::string(execution.count) + std::string(execution.nulls) + statement->types + std::string(execution.values);
        } else if (!execution.isPlain) {
            statement->isCacheable = false;
        }
    }
    ask(question, sql, whole, passed, nowMs);
}

/// COM_STMT_EXECUTE: number, flags, how often, then for the parameters which are null, whether types follow, types, values.
MySqlCache::Execution MySqlCache::executionOf(std::string_view payload)
{
    constexpr std::uint32_t countIsGiven = 0x8;
    Execution execution;
    Reader reader(payload);
    reader.integer(1);
    std::uint32_t id = reader.integer(4);
    if (id == lastStatementOf && std::ranges::none_of(m_owed, [](const Owed &owed) { return owed.reply == Reply::Prepared; }))
        id = m_lastStatement;
    const auto found = m_statements.find(id);
    const std::uint32_t flags = reader.integer(1);
    const std::uint32_t times = reader.integer(4);
    const bool hasAttributes = (m_capabilities & queryAttributes) != 0;
    if (found == m_statements.end())
        return execution;
    if (hasAttributes != ((flags & countIsGiven) != 0) || times != 1) {
        found->second.isCacheable = false;
        return execution;
    }
    std::size_t parameters = found->second.parameters;
    if (hasAttributes) {
        const std::string_view before = reader.rest();
        parameters = reader.length();
        execution.count = before.substr(0, before.size() - reader.rest().size());
    }
    if (parameters > 0) {
        if (parameters / 8 >= reader.rest().size()) // it is cut off
            return {};
        execution.nulls = reader.text((parameters + 7) / 8);
        execution.boundAt = payload.size() - reader.rest().size();
        if (reader.rest().empty())
            return {};
        execution.hasTypes = reader.integer(1) == 1;
        const std::string_view before = reader.rest();
        for (std::size_t i = 0; execution.hasTypes && i < parameters; ++i) {
            reader.text(2);
            if (hasAttributes)
                reader.text(reader.length()); // its name
        }
        execution.types = before.substr(0, before.size() - reader.rest().size());
        execution.hasTypes = execution.hasTypes && !execution.types.empty();
    }
    execution.values = reader.rest();
    execution.isPlain = (flags & ~countIsGiven) == 0;
    execution.statement = &found->second;
    return execution;
}

void MySqlCache::send(std::string_view whole, Owed owed, Passed &passed)
{
    const auto kind = static_cast<unsigned char>(whole[headBytes]);
    if (kind == Query || kind == Execute || kind == BulkExecute || owed.reply == Reply::Nothing) // without its statement, it cannot be asked again
        m_unseen.clear();
    const std::size_t before = passed.toServer.size();
    passed.toServer += whole;
    if (kind == Execute) {
        const std::string_view payload = whole.substr(headBytes);
        const Execution execution = executionOf(payload);
        if (Statement *const statement = execution.statement; statement && execution.boundAt != 0) {
            if (execution.hasTypes) {
                statement->known = execution.types;
            } else if (statement->known != statement->types) {
                // The client has told them in a question that was answered here.
                std::string changed(payload);
                changed[execution.boundAt] = 1;
                changed.insert(execution.boundAt + 1, statement->types);
                passed.toServer.resize(before);
                passed.toServer += packet(0, changed);
                statement->known = statement->types;
            }
        }
    }
    if (owed.reply == Reply::Nothing)
        return;
    if (owed.isSwallowed)
        ++m_swallows;
    m_owed.push_back(std::move(owed));
}

std::string MySqlCache::fromServer(std::string_view bytes, std::int64_t nowMs)
{
    std::string given;
    if (m_passing > 0) {
        const std::size_t part = std::min(m_passing, bytes.size());
        if (!m_passingSwallowed)
            given += bytes.substr(0, part);
        bytes.remove_prefix(part);
        m_passing -= part;
    }
    m_fromServer += bytes;
    std::size_t at = 0;
    while (!m_transparent || m_swallows > 0) {
        const std::string_view rest = std::string_view(m_fromServer).substr(at);
        if (rest.size() < headBytes)
            break;
        const std::size_t length = Reader(rest).integer(3);
        const std::size_t size = headBytes + length;
        const bool isLong = length > longestQuestion;
        if (!isLong && rest.size() < size)
            break;
        const std::string_view there = rest.substr(0, size);
        const bool isRest = std::exchange(m_continues, length == fullPacket);
        const bool isSwallowed = !m_owed.empty() && m_owed.front().isSwallowed;
        if (isLong || isRest)
            spoil();
        if (!isRest)
            take(isLong ? longData : there.substr(headBytes), isLong ? std::string_view() : there, nowMs);
        if (!isSwallowed)
            given += there;
        m_passing = size - there.size();
        m_passingSwallowed = isSwallowed;
        at += there.size();
    }
    m_fromServer.erase(0, at);
    if (m_transparent && m_swallows == 0)
        given += std::exchange(m_fromServer, {});
    return given;
}

/// A packet that the server has sent. `whole` is empty when it is long.
void MySqlCache::take(std::string_view payload, std::string_view whole, std::int64_t nowMs)
{
    switch (m_phase) {
    case Phase::Greeting:
        greet(payload);
        return;
    case Phase::Response: // it does not wait for the client
        m_transparent = true;
        return;
    case Phase::Login:
        logIn(payload);
        return;
    case Phase::Commands:
        break;
    }
    if (m_owed.empty()) { // it takes leave
        m_transparent = true;
        return;
    }
    if (auto &recording = m_owed.front().recording; recording && recording->isFine) {
        recording->answer += whole;
        if (recording->answer.size() > QueryCache::longest)
            spoil();
    }
    if (!isOver(payload))
        return;
    const Owed done = std::move(m_owed.front());
    m_owed.pop_front();
    m_step = Step::Head;
    m_left = 0;
    if (done.isSwallowed)
        --m_swallows;
    if (done.recording && done.recording->isFine)
        m_cache->keep(done.recording->question, done.recording->answer, nowMs);
    else if (done.recording && done.recording->isAgain)
        m_cache->forget(done.recording->question);
}

/// "Protocol::HandshakeV10".
void MySqlCache::greet(std::string_view payload)
{
    Reader reader(payload);
    if (reader.integer(1) != 10) {
        m_transparent = true;
        return;
    }
    reader.untilNull(); // version
    reader.integer(4); // of the connection
    reader.text(9); // salt
    m_capabilities = reader.integer(2);
    reader.integer(1); // characters
    reader.integer(2); // status
    m_capabilities |= reader.integer(2) << 16;
    m_phase = Phase::Response;
}

void MySqlCache::logIn(std::string_view payload)
{
    if (payload.starts_with(okHead)) {
        m_status = okOf(payload).status;
        m_phase = Phase::Commands;
    } else if (payload.empty() || payload.starts_with(errorHead)) {
        m_transparent = true;
    }
}

/// Whether the packet is the last one of the first answer that is owed.
bool MySqlCache::isOver(std::string_view payload)
{
    switch (m_owed.front().reply) {
    case Reply::Nothing:
    case Reply::Single:
        if (payload.starts_with(okHead))
            m_status = okOf(payload).status;
        return true;
    case Reply::Result:
        return isResultOver(payload);
    case Reply::Prepared:
        if (m_step == Step::Head) {
            if (!payload.starts_with(okHead))
                return true;
            m_step = Step::Columns;
            keepStatement(payload);
        } else if (payload.starts_with(errorHead)) {
            return true;
        } else {
            --m_left;
        }
        return m_left == 0;
    case Reply::Fields:
        return payload.starts_with(errorHead) || isEnd(payload);
    case Reply::Rows:
        if (payload.starts_with(errorHead))
            return true;
        return isEnd(payload) && endsResult(payload);
    }
    return true;
}

bool MySqlCache::isResultOver(std::string_view payload)
{
    const char head = payload.empty() ? errorHead : payload[0];
    if (head == errorHead) {
        spoil();
        return true;
    }
    switch (m_step) {
    case Step::Head: {
        if (head == okHead) {
            spoil();
            m_status = okOf(payload).status;
            return (m_status & moreResults) == 0;
        }
        if (head == fileHead) { // the client's file follows
            spoil();
            m_transparent = true;
            return true;
        }
        m_left = Reader(payload).length();
        m_step = Step::Columns;
        return false;
    }
    case Step::Columns:
        if (--m_left == 0)
            m_step = (m_capabilities & withoutEof) != 0 ? Step::Rows : Step::ColumnsEnd;
        return false;
    case Step::ColumnsEnd: {
        m_step = Step::Rows;
        const std::uint32_t status = eofOf(payload).status;
        if ((status & cursorExists) == 0)
            return false;
        spoil();
        m_status = status;
        return true;
    }
    case Step::Rows:
        return isEnd(payload) && endsResult(payload);
    }
    return true;
}

bool MySqlCache::isEnd(std::string_view payload) const
{
    return payload.starts_with(endHead) && ((m_capabilities & withoutEof) != 0 || payload.size() < eofBytes);
}

/// Whether nothing follows the packet that ends a result.
bool MySqlCache::endsResult(std::string_view payload)
{
    const Done done = (m_capabilities & withoutEof) != 0 ? okOf(payload) : eofOf(payload);
    m_status = done.status;
    if (done.warnings != 0 || (done.status & ~(quotingBits | aboutTheQuery)) != autocommit)
        spoil();
    m_step = Step::Head;
    return (done.status & moreResults) == 0;
}

void MySqlCache::keepStatement(std::string_view payload)
{
    Reader reader(payload);
    reader.integer(1);
    const std::uint32_t id = reader.integer(4);
    const std::size_t columns = reader.integer(2);
    const std::size_t parameters = reader.integer(2);
    const std::size_t end = (m_capabilities & withoutEof) != 0 ? 0 : 1;
    m_left = (columns > 0 ? columns + end : 0) + (parameters > 0 ? parameters + end : 0);
    Statement &statement = m_statements[id] = {};
    statement.sql = std::move(m_owed.front().sql);
    statement.parameters = parameters;
    statement.isCacheable = isCacheableMySql(statement.sql);
    m_lastStatement = id;
}

void MySqlCache::spoil()
{
    if (m_owed.empty() || !m_owed.front().recording)
        return;
    m_owed.front().recording->isFine = false;
    m_owed.front().recording->answer.clear();
}

} // namespace cleat::bindings::hyperdrive
