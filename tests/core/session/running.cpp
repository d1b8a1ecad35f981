// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/session/running.h"

#include <QElapsedTimer>
#include <QTest>

namespace cleat::tests {

bool waitUntil(const std::function<bool()> &done)
{
    QElapsedTimer timer;
    timer.start();
    while (!done()) {
        if (timer.hasExpired(patience))
            return false;
        QTest::qWait(5);
    }
    return true;
}

Running::Running()
{
    project.write("public/index.html", "<p>hello</p>\n");
    project.write("wrangler.toml", "name = \"my-site\"\npages_build_output_dir = \"public\"\n");
    options.project = project.path();
    options.port = 0;
    options.dataFolder = data.path();
}

Running::~Running() = default;

bool Running::start()
{
    if (!m_session) {
        m_session = std::make_unique<session::Session>(options, keychain);
        m_reader = std::make_unique<events::EventLog::Reader>(m_session->events());
    }
    m_session->start();
    waitUntil([this] { return m_session->state() == session::State::Running || m_session->state() == session::State::Failed; });
    return m_session->state() == session::State::Running;
}

bool Running::stop()
{
    bool stopped = false;
    const auto connection = QObject::connect(m_session.get(), &session::Session::stopped, m_session.get(), [&] { stopped = true; });
    m_session->stop();
    waitUntil([&] { return stopped; });
    QObject::disconnect(connection);
    return stopped;
}

std::string Running::eventually(std::string_view target, const std::string &body) const
{
    std::string last;
    waitUntil([&] {
        last = get(target).body;
        return last == body;
    });
    return last;
}

const std::vector<events::Event> &Running::events()
{
    const auto drained = m_reader->drain();
    for (const auto &batch : drained.batches)
        m_events.insert(m_events.end(), batch->begin(), batch->end());
    return m_events;
}

std::optional<events::RequestEvent> Running::finished(const std::string &target)
{
    std::optional<events::RequestEvent> found;
    waitUntil([&] {
        for (const events::Event &event : events()) {
            const auto *request = std::get_if<events::RequestEvent>(&event);
            if (request && request->target == target && request->state != events::RequestState::Running)
                found = *request;
        }
        return found.has_value();
    });
    return found;
}

} // namespace cleat::tests
