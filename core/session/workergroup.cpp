// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/workergroup.h"

#include "core/runtime/workerdirectory.h"

#include <algorithm>
#include <map>

namespace cleat::session {

namespace fs = std::filesystem;

WorkerGroup::WorkerGroup(events::EventLog &log, QObject *parent) : QObject(parent), m_log(log), m_directory(std::make_shared<runtime::WorkerDirectory>()) {}

WorkerGroup::~WorkerGroup() = default;

void WorkerGroup::setFiles(const std::vector<fs::path> &files)
{
    std::vector<std::unique_ptr<WorkerProject>> before = std::exchange(m_workers, {});
    std::vector<WorkerProject *> fresh;
    for (const fs::path &file : files) {
        const auto known = std::ranges::find_if(before, [&](const auto &one) { return one && one->file() == file; });
        if (known != before.end()) {
            m_workers.push_back(std::move(*known));
            continue;
        }
        auto made = std::make_unique<WorkerProject>(file, m_log);
        connect(made.get(), &WorkerProject::changed, this, &WorkerGroup::changed);
        connect(made.get(), &WorkerProject::secretsFound, this, &WorkerGroup::secretsFound);
        m_workers.push_back(std::move(made));
        fresh.push_back(m_workers.back().get());
    }
    before.clear();
    if (m_run) {
        for (WorkerProject *worker : fresh)
            begin(*worker);
    }
    Q_EMIT changed();
}

/// Beside those that run.
void WorkerGroup::begin(WorkerProject &worker)
{
    worker.readName();
    if (auto fits = check(m_run->project, m_run->projectFile); !fits)
        worker.refuse(std::move(fits.error()));
    else
        worker.start(m_run->surroundings);
}

void WorkerGroup::restart(const fs::path &file)
{
    const auto found = std::ranges::find(m_workers, file, [](const auto &worker) { return worker->file(); });
    if (m_run && found != m_workers.end())
        begin(**found);
}

base::Result<void> WorkerGroup::check(const std::string &project, const fs::path &projectFile) const
{
    std::map<std::string, fs::path> names{{project, projectFile}};
    for (const auto &worker : m_workers) {
        const auto [found, isNew] = names.emplace(worker->name(), worker->file());
        if (!isNew) {
            return base::fail("session.worker-name", "Two Workers have the name " + worker->name() + ": " + found->second.string() + " and " + worker->file().string()
                    + ". Others reach them by their names, so give one another `name`.", {worker->file().string()});
        }
    }
    std::map<std::string, const WorkerProject *> consumers;
    for (const auto &worker : m_workers) {
        for (const config::QueueConsumer &consumer : worker->triggers().consumers) {
            const auto [found, isNew] = consumers.emplace(consumer.queue, worker.get());
            if (!isNew) {
                return base::fail("session.queue-consumers", "Two Workers consume the queue " + consumer.queue + ": " + found->second->name() + " (" + found->second->file().string() + ") and "
                        + worker->name() + " (" + worker->file().string() + "). A queue has one consumer: remove it from one of the files.", consumer.place);
            }
        }
    }
    return {};
}

base::Result<void> WorkerGroup::start(const WorkerSurroundings &surroundings, const std::string &project, const fs::path &projectFile)
{
    if (auto fits = check(project, projectFile); !fits)
        return fits;
    m_run = Run{surroundings, project, projectFile};
    m_run->surroundings.directory = m_directory;
    for (const auto &worker : m_workers)
        worker->start(m_run->surroundings);
    return {};
}

void WorkerGroup::stop()
{
    m_run.reset();
    for (const auto &worker : m_workers)
        worker->stop();
}

void WorkerGroup::setStateFolder(const fs::path &folder)
{
    if (m_run)
        m_run->surroundings.state = folder;
    for (const auto &worker : m_workers)
        worker->setStateFolder(folder);
}

void WorkerGroup::setServices(const ServiceOptions &services)
{
    if (m_run)
        m_run->surroundings.services = services;
    for (const auto &worker : m_workers)
        worker->setServices(services);
}

bool WorkerGroup::isSettled() const
{
    return std::ranges::none_of(m_workers, [](const auto &worker) { return worker->state() == WorkerProject::State::Starting; });
}

} // namespace cleat::session
