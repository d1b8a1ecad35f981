// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/workertriggers.h"
#include "core/config/wranglerconfig.h"
#include "core/events/eventlog.h"
#include "core/functions/bundler.h"
#include "core/runtime/worker.h"
#include "core/session/filewatch.h"
#include "core/session/hyperdrive.h"
#include "core/session/serviceoptions.h"
#include "core/session/variablesources.h"

#include <QObject>
#include <QThreadPool>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cleat::session {

/// What Workers of one group have in common.
struct WorkerSurroundings {
    std::filesystem::path esbuild;
    std::filesystem::path state; ///< where local data is; holds v3
    runtime::Limits limits;
    std::optional<std::int64_t> cpuMs; ///< a limit above what a Worker's own file says
    std::shared_ptr<runtime::WorkerDirectory> directory;
    ServiceOptions services;
    std::string version; ///< what a version_metadata binding tells
    std::function<void()> queueSent; ///< runtime::WorkerPlace::queueSent
};

/// A Worker beside a Pages project, as a Wrangler file with `main` tells of it: its code, built again when a file of it changes, and what runs it.
/// Lives on the main thread.
class WorkerProject final : public QObject
{
    Q_OBJECT
public:
    enum class State {
        Stopped,
        Starting, ///< built and loaded for the first time
        Running, ///< with the last good code, whatever error() says
        Failed, ///< there is no code that runs yet: error() says why
    };

    /// `log` is borrowed. Reads the file at once.
    WorkerProject(std::filesystem::path file, events::EventLog &log, QObject *parent = nullptr);
    ~WorkerProject() override;

    const std::filesystem::path &file() const { return m_file; }
    /// `name` of the file, else that of its folder.
    const std::string &name() const { return m_name; }
    State state() const { return m_state; }
    /// Of the last reading, build or load; nothing when it was good.
    const std::optional<base::Error> &error() const { return m_error; }
    bool isBuilding() const { return m_building != Building::No; }
    /// What its `env` holds, by the last good reading while it runs.
    std::vector<config::Binding> bindings() const;
    std::vector<VariableSource> variables() const;

    /// The queues that it consumes and its schedules, by the last good reading of its file.
    const config::WorkerTriggers &triggers() const { return m_triggers; }
    /// Starts work without a request in it, from any thread and for ever: once it has stopped such work ends as "canceled".
    std::function<void(runtime::Trigger &&)> door() const;
    /// The same on the main thread, while it runs: the number of its row.
    events::RequestId trigger(runtime::Trigger &&trigger) { return m_worker->trigger(std::move(trigger)); }

    /// What runs it, on the main thread; nullptr while it does not run.
    runtime::Worker *worker() const { return m_state == State::Running ? m_worker.get() : nullptr; }

    /// Runs until stop(). What is wrong with its file or its code is no failure: it waits for that to be mended.
    void start(const WorkerSurroundings &surroundings);
    /// name() and triggers() as the file says them now; start() does it too.
    void readName();
    /// In place of start(): it may not run beside the others. Failed, until it is started or stopped.
    void refuse(base::Error error);
    void stop();
    /// Local data lies in another folder from now on, also for what runs.
    void setStateFolder(const std::filesystem::path &folder);
    /// WorkerSurroundings::services are others from now on, also for what runs.
    void setServices(const ServiceOptions &services);

Q_SIGNALS:
    /// state(), name(), error(), isBuilding() or triggers() is another.
    void changed();
    /// Values that nobody may see, before any code gets them.
    void secretsFound(const std::vector<std::pair<std::string, std::string>> &secrets);

private:
    class Alone;
    struct Door;
    struct Read {
        config::WranglerConfig config;
        std::filesystem::path main;
        runtime::Bindings bindings;
        std::vector<VariableSource> variables;
        std::vector<std::pair<std::string, std::string>> secrets;
        config::WorkerTriggers triggers;
        std::vector<Remark> remarks;
    };
    base::Result<Read> read() const;
    void fileChanged();
    void build();
    void built(base::Result<functions::Bundle> &&result);
    void load();
    void loaded(base::Result<void> &&result);
    void setError(std::optional<base::Error> error);
    void fail();
    void setState(State state);
    void watchCode(const std::vector<std::filesystem::path> &inputs);

    const std::filesystem::path m_file;
    events::EventLog &m_log;
    std::string m_name;
    State m_state = State::Stopped;
    std::optional<base::Error> m_error;
    std::optional<Read> m_read;
    WorkerSurroundings m_surroundings;
    std::unique_ptr<Alone> m_alone; ///< outlives m_worker
    std::unique_ptr<runtime::Worker> m_worker;
    const std::shared_ptr<Door> m_door;
    config::WorkerTriggers m_triggers;
    QThreadPool m_builds;
    std::shared_ptr<functions::Bundler> m_bundler; ///< of this run; used in m_builds only
    enum class Building { No, Yes, Again };
    Building m_building = Building::No;
    functions::Bundle m_bundle;
    std::uint64_t m_generation = 0;
    std::uint64_t m_run = 0; ///< counts starts and stops: what belongs to an older one is dropped
    FileWatch m_code{10};
    FileWatch m_files{30}; ///< the Wrangler file, .dev.vars and their like
};

} // namespace cleat::session
