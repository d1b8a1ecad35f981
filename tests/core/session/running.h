// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "tests/core/secrets/memorykeychain.h"
#include "tests/core/session/client.h"
#include "tests/core/session/project.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cleat::tests {

/// How long anything may take on a busy machine.
constexpr int patience = 120'000;

/// Lets the event loop run until `done` or until patience ends.
bool waitUntil(const std::function<bool()> &done);

/// A project with a session on it.
class Running final
{
public:
    /// public/index.html and a wrangler.toml that names it.
    Running();
    ~Running();

    Project project;
    Project data; ///< what Cleat keeps of its own
    MemoryKeychain keychain;
    session::Options options; ///< change before start(); any free port by default

    /// Starts and waits; true when it runs.
    bool start();
    /// Stops and waits.
    bool stop();
    session::Session &session() { return *m_session; }
    int port() const { return m_session->url().port(); }
    Reply get(std::string_view target, std::string_view extra = {}) const { return tests::get(port(), target, extra); }
    /// Asks again and again, with the event loop running in between, until the body is this. The last body.
    std::string eventually(std::string_view target, const std::string &body) const;

    /// Everything the log told so far, oldest first.
    const std::vector<events::Event> &events();
    /// The newest event of the request for `target` that is over, waiting for it.
    std::optional<events::RequestEvent> finished(const std::string &target);
    template <typename Kind>
    std::vector<Kind> all()
    {
        std::vector<Kind> found;
        for (const events::Event &event : events()) {
            if (const auto *known = std::get_if<Kind>(&event))
                found.push_back(*known);
        }
        return found;
    }

private:
    std::unique_ptr<session::Session> m_session;
    std::vector<events::Event> m_events;
    std::unique_ptr<events::EventLog::Reader> m_reader; ///< of m_session
};

} // namespace cleat::tests
