// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/hyperdrive/databasecache.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cleat::bindings::hyperdrive {

/// The query cache for MySQL and MariaDB (MySQL, "Client/Server Protocol"; MariaDB, "Client/Server Protocol"), for one connection that is neither compressed nor encrypted here. Belongs to one thread.
///
/// A question is COM_QUERY, or COM_STMT_EXECUTE with the statement's text and parameters in place of its number. One is answered from the cache only when the server owes the client no answer, no transaction is open
/// and each statement is one of its own (autocommit), so that the order of answers, and what a transaction sees, stay what they are. Kept is a single result without warnings. Who asks as whom, with which capabilities and
/// characters, is part of the question. A connection that changes its session is not cached any more.
class MySqlCache final : public DatabaseCache
{
public:
    explicit MySqlCache(std::shared_ptr<QueryCache> cache, Answered answered = {});
    ~MySqlCache() override;

    Passed fromClient(std::string_view bytes, std::int64_t nowMs) override;
    std::string fromServer(std::string_view bytes, std::int64_t nowMs) override;

private:
    enum class Phase {
        Greeting,
        Response,
        Login,
        Commands
    }; ///< what comes next: the server's greeting, the client's answer to it, the rest of the login, commands
    enum class Reply { Nothing, Single, Result, Prepared, Fields, Rows }; ///< what the server answers a command with
    enum class Step { Head, Columns, ColumnsEnd, Rows }; ///< of a result
    struct Statement {
        std::string sql;
        std::size_t parameters = 0;
        bool isCacheable = false;
        std::string types; ///< of its parameters, as the client has told them last; empty: not yet
        std::string known; ///< the same, as the server has got them
    };
    struct Execution; ///< what COM_STMT_EXECUTE says
    struct Recording {
        std::string question;
        std::string answer;
        bool isFine = true;
        bool isAgain = false; ///< the cache has an answer that is too old
    };
    struct Owed {
        Reply reply = Reply::Single;
        std::string sql; ///< that is prepared
        bool isSwallowed = false; ///< the client has its answer
        std::optional<Recording> recording;
    };

    void respond(std::string_view payload);
    void greet(std::string_view payload);
    void logIn(std::string_view payload);
    void command(std::string_view whole, Passed &passed, std::int64_t nowMs);
    void ask(const std::string &question, std::string_view sql, std::string_view whole, Passed &passed, std::int64_t nowMs);
    void send(std::string_view whole, Owed owed, Passed &passed);
    void execute(std::string_view whole, Passed &passed, std::int64_t nowMs);
    Execution executionOf(std::string_view payload);
    std::optional<std::string_view> textOf(std::string_view payload) const;
    bool isIdle() const;
    bool owesClient() const;

    void take(std::string_view payload, std::string_view whole, std::int64_t nowMs);
    bool isOver(std::string_view payload);
    bool isResultOver(std::string_view payload);
    bool endsResult(std::string_view payload);
    bool isEnd(std::string_view payload) const;
    void keepStatement(std::string_view payload);
    void spoil();

    const std::shared_ptr<QueryCache> m_cache;
    const Answered m_answered;
    Phase m_phase = Phase::Greeting;
    bool m_transparent = false; ///< what the client sends passes as it is, and what the server sends behind the last answer that is swallowed
    bool m_changed = false; ///< the session is not as it began
    std::uint32_t m_capabilities = 0; ///< the server's, and then those that both have
    std::string m_startUp; ///< who is connected to what, and how
    std::uint32_t m_status = 0; ///< of the session, as the server has told it last
    std::string m_fromClient; ///< the beginning of a packet
    std::string m_fromServer;
    std::size_t m_passing = 0; ///< bytes of a long packet from the server that are still to come
    bool m_passingSwallowed = false;
    bool m_continues = false; ///< the server's next packet is the rest of the one before
    std::size_t m_swallows = 0; ///< among m_owed
    std::deque<Owed> m_owed; ///< answers that the server still gives
    Step m_step = Step::Head;
    std::size_t m_left = 0; ///< packets of columns and parameters that still come
    std::unordered_map<std::uint32_t, Statement> m_statements;
    std::uint32_t m_lastStatement = 0;
    std::string m_unseen; ///< the command of the question that was answered here last, when the server has got no question since
};

} // namespace cleat::bindings::hyperdrive
