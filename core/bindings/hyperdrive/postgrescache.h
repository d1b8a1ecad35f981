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
#include <vector>

namespace cleat::bindings::hyperdrive {

/// The query cache for PostgreSQL ("Frontend/Backend Protocol", version 3), for one connection. Belongs to one thread.
///
/// A question is a simple query, or the messages of the extended query up to Sync, or to Flush when they only ask what a statement is like. One is answered from the cache only when the server owes the client no answer and no transaction is open, so that the order of
/// answers, and what a transaction sees, stay what they are. A connection that changes its settings is not cached any more.
class PostgresCache final : public DatabaseCache
{
public:
    explicit PostgresCache(std::shared_ptr<QueryCache> cache, Answered answered = {});
    ~PostgresCache() override;

    Passed fromClient(std::string_view bytes, std::int64_t nowMs) override;
    std::string fromServer(std::string_view bytes, std::int64_t nowMs) override;

private:
    struct Message {
        char type = 0;
        std::string_view body;
        std::string_view whole;
    };
    struct Question; ///< what is known of the messages up to Sync
    struct Recording {
        std::string question;
        std::string answer; ///< without the ParseComplete messages at its beginning
        std::size_t parses = 0; ///< of these, that still come
        bool isFine = true;
        bool isAgain = false; ///< the cache has an answer that is too old
        bool isDescription = false; ///< without ReadyForQuery, which the question has not asked for
        std::vector<std::string> made; ///< names of the statements that an answer that is asked for again makes
        void spoil()
        {
            isFine = false;
            answer.clear();
        }
    };

    /// An answer that the server owes.
    struct Owed {
        std::size_t parses = 0; ///< ParseComplete messages that the client is not to get
        bool isSwallowed = false; ///< the client has all of it already
        std::optional<Recording> recording;
    };

    void startUp(Passed &passed);
    void ask(Passed &passed, std::int64_t nowMs);
    void askAgain(const std::string &unit, const Question &question, Passed &passed);
    void forwardUnasked(Passed &passed);
    void forward(const std::string &unit, const Question &question, Passed &passed);
    void clientKnows(const Question &question);
    Question look(std::string_view unit) const;
    void take(const Message &message, std::int64_t nowMs);
    void keepRecorded(std::int64_t nowMs);
    void dropRecording(Owed &owed);

    const std::shared_ptr<QueryCache> m_cache;
    const Answered m_answered;
    bool m_transparent = false; ///< bytes pass as they are, those of the server behind the last answer that is swallowed
    bool m_started = false; ///< the client's first message was seen
    bool m_awaitsTls = false; ///< the server's next byte answers the question for encryption
    bool m_ready = false; ///< the server has let the client in
    bool m_settings = false; ///< the session's settings are its own
    std::string m_startUp; ///< who is connected to what
    std::string m_fromClient; ///< the beginning of a message
    std::string m_unit; ///< whole messages that wait for Sync
    std::string m_fromServer;
    std::size_t m_passing = 0; ///< bytes of a long message from the server that are still to come
    bool m_passingSwallowed = false;
    std::size_t m_swallows = 0; ///< answers that are swallowed
    std::size_t m_owed = 0; ///< ReadyForQuery messages that the server still sends
    char m_state = 'I'; ///< of the last one
    static constexpr std::size_t unknown = static_cast<std::size_t>(-1);
    bool m_unsynced = false; ///< the server has messages of a question whose Sync it has not
    std::size_t m_pending = 0; ///< messages that it still sends for them, as far as that is known
    std::deque<Owed> m_answers{Owed{}}; ///< each that the server owes, and last what comes next
    std::unordered_map<std::string, std::string> m_prepared; ///< name, Parse's body behind the name; as the client knows them
    std::unordered_map<std::string, std::string> m_there; ///< the same, as the server knows them
};

} // namespace cleat::bindings::hyperdrive
