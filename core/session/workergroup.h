// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/workerproject.h"

#include <QObject>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cleat::session {

/// The Workers that run beside a Pages project and reach each other, and it, by their names. Lives on the main thread.
class WorkerGroup final : public QObject
{
    Q_OBJECT
public:
    /// `log` is borrowed.
    explicit WorkerGroup(events::EventLog &log, QObject *parent = nullptr);
    ~WorkerGroup() override;

    /// By their Wrangler files, in this order. Those that run and stay go on; new ones begin with the next start().
    void setFiles(const std::vector<std::filesystem::path> &files);
    /// `project`: name and file of the Pages project. Code session.worker-name when two have one name, session.queue-consumers when two consume one queue.
    base::Result<void> start(const WorkerSurroundings &surroundings, const std::string &project, const std::filesystem::path &projectFile);
    void stop();
    /// Each has run, or failed, once.
    bool isSettled() const;

    const std::vector<std::unique_ptr<WorkerProject>> &workers() const { return m_workers; }
    const std::shared_ptr<runtime::WorkerDirectory> &directory() const { return m_directory; }

Q_SIGNALS:
    void changed();
    void secretsFound(const std::vector<std::pair<std::string, std::string>> &secrets);

private:
    events::EventLog &m_log;
    std::vector<std::unique_ptr<WorkerProject>> m_workers;
    std::shared_ptr<runtime::WorkerDirectory> m_directory;
};

} // namespace cleat::session
