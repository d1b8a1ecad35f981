// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/eventlog.h"
#include "core/events/recording.h"

#include <QObject>

#include <filesystem>
#include <memory>
#include <optional>

namespace cleat::session {

/// Moves what the event log tells into a recording, on a thread of its own, and into a journal on the disk that a crash leaves behind. Lives on the main thread; every member is called there.
class Recorder final : public QObject
{
    Q_OBJECT
public:
    struct Settings {
        std::size_t maxBytes = events::Recording::defaultBytes;
        std::filesystem::path journal; ///< a folder of its own, below the project's folder in Options::dataFolder; empty: no journal
    };
    Recorder(events::EventLog &log, Settings settings, QObject *parent = nullptr);
    ~Recorder() override;

    /// Read it from any thread. Shared so that searches may outlive a recorder.
    std::shared_ptr<const events::Recording> recording() const;
    /// Rows from elsewhere go in behind those that are there, in order.
    void add(std::vector<events::RequestRecord> &&records);
    void clear();
    void setMaxBytes(std::size_t bytes);
    /// What the session before left behind: because it ended in the middle, or because it was kept. nullopt: nothing. Open it with events::Recording::open.
    std::optional<std::filesystem::path> lastSession() const;

Q_SIGNALS:
    /// The recording is another; at most 30 times a second, and more seldom when what hears of it takes long, so that the main thread is there for other things.
    void changed();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::session
