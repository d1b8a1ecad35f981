// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/workerproject.h"

#include <QObject>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
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

    /// By their Wrangler files, in this order. Those that run and stay go on. New ones begin at once while the others run, or with the next start(); one that may not (the codes of
    /// start()) is Failed.
    void setFiles(const std::vector<std::filesystem::path> &files);
    /// `project`: name and file of the Pages project. Code session.worker-name when two have one name, session.queue-consumers when two consume one queue.
    base::Result<void> start(const WorkerSurroundings &surroundings, const std::string &project, const std::filesystem::path &projectFile);
    void stop();
    /// Ends it and starts it anew, while the others run.
    void restart(const std::filesystem::path &file);
    /// Whether they could run together. Codes: those of start().
    base::Result<void> check(const std::string &project, const std::filesystem::path &projectFile) const;
    /// Local data lies in another folder from now on.
    void setStateFolder(const std::filesystem::path &folder);
    /// WorkerProject::setServices() of all.
    void setServices(const ServiceOptions &services);
    /// Each has run, or failed, once.
    bool isSettled() const;

    const std::vector<std::unique_ptr<WorkerProject>> &workers() const { return m_workers; }
    const std::shared_ptr<runtime::WorkerDirectory> &directory() const { return m_directory; }

Q_SIGNALS:
    void changed();
    void secretsFound(const std::vector<std::pair<std::string, std::string>> &secrets);

private:
    void begin(WorkerProject &worker);

    events::EventLog &m_log;
    /// While they run.
    struct Run {
        WorkerSurroundings surroundings;
        std::string project;
        std::filesystem::path projectFile;
    };
    std::optional<Run> m_run;
    std::vector<std::unique_ptr<WorkerProject>> m_workers;
    std::shared_ptr<runtime::WorkerDirectory> m_directory;
};

} // namespace cleat::session
