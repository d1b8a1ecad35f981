// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/eventlog.h"
#include "core/runtime/worker.h"

#include <QTemporaryDir>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace cleat::test {

/// A Worker with nothing round it: code goes in as text, answers come back as values.
class WorkerHarness final : public runtime::ResponseSink, public runtime::AssetSource
{
public:
    struct Answer {
        int status = 0;
        runtime::Fields fields;
        std::string body;
        std::string error;
        bool streamed = false;
        std::optional<std::uint64_t> length; ///< of a streamed body
        bool complete = false;
        bool truncated = false;
        std::size_t pieces = 0;
        std::size_t bytes = 0; ///< of the body
        std::string field(std::string_view name) const;
    };

    explicit WorkerHarness(runtime::Limits limits = {}, runtime::WorkerPlace place = {});
    ~WorkerHarness() override;

    /// Loads `code`, an ES module whose default export maps "index.js" to its exports, as the only handler (its onRequest).
    base::Result<void> load(const std::string &code, runtime::Bindings bindings = {}, const std::string &sourceMap = {});
    base::Result<void> loadHandlers(const std::string &code, std::vector<std::pair<std::string, std::string>> handlers, runtime::Bindings bindings = {},
        const std::string &sourceMap = {});

    /// Loads `code` as a Worker's script.
    base::Result<void> loadWorker(const std::string &code, runtime::Bindings bindings = {});

    /// Sends and waits for the end of the answer (a minute at most; status 0 then).
    Answer fetch(const std::string &method = "GET", const std::string &url = "http://localhost/", runtime::Fields fields = {}, std::optional<std::string> body = {});
    Answer send(runtime::Request request);
    runtime::RequestId begin(runtime::Request request);
    Answer wait(runtime::RequestId id, int milliseconds = 60000);

    /// All that was logged since the last call, as far as it is published.
    std::vector<events::Event> events();
    /// Waits until `count` console lines have come, and gives their texts.
    std::vector<std::string> console(std::size_t count);

    events::EventLog &log() { return m_log; }
    runtime::Worker &worker() { return *m_worker; }
    const QTemporaryDir &state() const { return m_state; }
    /// Pieces are acknowledged at once unless told otherwise.
    enum class Acknowledge { AtOnce, Never };
    Acknowledge acknowledge = Acknowledge::AtOnce;
    /// What becomes of bodies that come in pieces.
    enum class Keep { Text, Count };
    Keep keep = Keep::Text;
    std::size_t consumed() const;
    void forget(runtime::RequestId id);

private:
    void began(runtime::RequestId, std::int64_t) override {}
    void respond(runtime::RequestId id, runtime::ResponseHead &&head, std::string &&body) override;
    void begin(runtime::RequestId id, runtime::ResponseHead &&head, std::optional<std::uint64_t> length) override;
    void piece(runtime::RequestId id, std::string &&bytes) override;
    void end(runtime::RequestId id, Finish finish) override;
    void bodyConsumed(runtime::RequestId id, std::size_t bytes) override;
    void failed(runtime::RequestId id, const std::string &error) override;
    void flush() override;
    runtime::AssetSource::Answer fetch(const std::string &method, const std::string &url, const runtime::Fields &fields) override;

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<runtime::RequestId, Answer> m_answers;
    std::size_t m_consumed = 0;
    events::EventLog m_log{32U << 20};
    std::uint64_t m_cursor = 0;
    QTemporaryDir m_state;
    std::unique_ptr<runtime::Worker> m_worker;
};

} // namespace cleat::test
