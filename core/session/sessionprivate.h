// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/functions/bundler.h"
#include "core/session/assetaccess.h"
#include "core/session/assetrules.h"
#include "core/session/certificate.h"
#include "core/session/deployment.h"
#include "core/session/filewatch.h"
#include "core/session/folderwatch.h"
#include "core/session/localresources.h"
#include "core/session/objectdesk.h"
#include "core/session/planlimits.h"
#include "core/session/queuebroker.h"
#include "core/session/resolve.h"
#include "core/session/site.h"
#include "core/session/workergroup.h"
#include <QCoreApplication>
#include <QStandardPaths>
#include <QThread>
#include <QThreadPool>
#include <algorithm>
#include <cstdint>
#include <set>
#include <span>
#include <sys/stat.h>

namespace cleat::session {

namespace fs = std::filesystem;

/// What an open project is made of. The main thread's. Its parts that run code are in sessionrun.cpp.
class Session::Private
{
public:
    Private(Session &session, Options given, secrets::Keychain &keychain)
        : q(session), options(std::move(given)), store(options.project), secrets(keychain, options.project, dataFolder() / "secrets"), aiKey(keychain, options.project), log(options.eventBytes),
          recorder(log, {.maxBytes = options.recordingBytes.value_or(ProjectSettings().recordingBytes), .journal = journalFolder()}), debugger(options.project),
          sources(10), surroundings(30), rulesFile(30), pageFiles(50)
    {
        builds.setMaxThreadCount(1);
        if (auto read = readProjectSettings(settingsFile())) {
            settings = *std::move(read);
        } else {
            settingsError = std::move(read.error());
            notice(events::Level::Warn, *settingsError);
        }
        useSettings();
        if (settings.ai.key == AiSettings::Key::InKeychain)
            aiKey.load();
    }

    fs::path dataFolder() const
    {
        if (!options.dataFolder.empty())
            return options.dataFolder;
        return fs::path(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation).toStdString()) / "cleat";
    }
    /// Of what Cleat keeps for this project.
    std::string ownName() const
    {
        const fs::path project = options.project.has_filename() ? options.project : options.project.parent_path();
        const std::uint64_t sum = base::checksum(project.string());
        return base::toHex(std::as_bytes(std::span(&sum, 1)));
    }
    fs::path journalFolder() const { return dataFolder() / "requests" / ownName(); }
    fs::path settingsFile() const { return dataFolder() / "settings" / (ownName() + ".json"); }
    /// Those of the options and those of the settings.
    void useWorkers()
    {
        std::vector<fs::path> files = options.workers;
        for (const fs::path &file : settings.workers) {
            if (std::ranges::find(files, file) == files.end())
                files.push_back(file);
        }
        group.setFiles(files);
    }
    void useSettings()
    {
        recorder.setMaxBytes(options.recordingBytes.value_or(settings.recordingBytes));
        log.setBodyBytes(settings.bodyBytes);
    }

    void setState(State next)
    {
        if (state == next)
            return;
        state = next;
        Q_EMIT q.stateChanged();
    }

    void start();
    void resume();
    void stop();
    void tearDown();
    void fail(base::Error error);
    void notice(events::Level level, const base::Error &error);
    void build();
    functions::NodeCompat nodeCompat() const;
    enum class Whole { No, Yes };
    /// Yes: the Worker's script is not to be bundled.
    Whole isWhole() const;
    void built(base::Result<functions::Bundle> &&result);
    void load();
    void loadNext();
    void loaded(std::uint64_t number, base::Result<void> &&result, std::shared_ptr<const Deployment> deployment);
    void listen();
    void listenWhenSettled();
    void hide(const std::vector<std::pair<std::string, std::string>> &found);
    void configChanged();
    void watchSurroundings();
    void deploy(std::shared_ptr<const Deployment> deployment);
    void readRules();
    void rulesChanged();
    void setBuildError(std::optional<base::Error> error);
    void setLive(Live next);
    // sessiontriggers.cpp
    void startBroker();
    void updateConsumers();
    // livepages.cpp
    void watchAssets();
    void pageFilesChanged(const std::vector<fs::path> &paths);
    void reloadWhenBuilt();
    void reloadPages();
    void tellProblem();
    base::Result<Resolved> resolveNow();
    /// Who answers for Workers AI; tells the log what is wrong with it.
    bindings::ai::Provider aiProviderNow();
    ServiceOptions servicesNow();
    enum class Late { No, Yes };
    /// Late: something that nobody watched when the build began has changed since.
    Late watchSources(const std::vector<fs::path> &inputs, const base::Error *error);
    fs::path esbuild() const { return fs::path(QCoreApplication::applicationDirPath().toStdString()) / "esbuild"; }

    Session &q;
    Options options;
    ConfigStore store;
    SecretStore secrets;
    AiKey aiKey;
    const std::shared_ptr<ModelCallLog> modelCalls = std::make_shared<ModelCallLog>();
    events::EventLog log;
    Recorder recorder;
    ProjectSettings settings;
    std::optional<base::Error> settingsError;
    Debugger debugger;
    State state = State::Stopped;
    base::Error failure;
    int freePort = 0;
    int port = 0;
    std::optional<base::Error> buildError;

    std::uint64_t run = 0; ///< counts starts and stops: what belongs to an older one is dropped
    Resolved resolved;
    std::shared_ptr<functions::Assets> assets;
    AssetRulesFiles assetRules;
    AssetAccess assetAccess;
    std::unique_ptr<QThread> thread;
    Site *site = nullptr; ///< lives on `thread`
    /// The Worker of that name, the project among them, while it runs.
    runtime::Worker *runningWorker(const std::string &name);
    ObjectDesk objects{[this](const std::string &name) { return runningWorker(name); }, [this] { return q.stateFolder(); }}; ///< outlives the Workers
    std::unique_ptr<QueueBroker> broker; ///< while something runs; outlives the Workers
    std::string consumerConflict; ///< that the log has
    std::unique_ptr<runtime::Worker> worker;
    WorkerGroup group{log};
    QThreadPool builds;
    std::shared_ptr<functions::Bundler> bundler; ///< of this run; used in `builds` only
    enum class Building { No, Yes, Again };
    Building building = Building::No;
    functions::Bundle bundle; ///< the last that was built
    const std::string version = versionMetadata(); ///< what a version_metadata binding tells
    std::vector<base::Error> compatibilityWarnings; ///< that the log has
    std::vector<Remark> remarks; ///< the same
    base::Error aiProblem; ///< the same
    bool runnable = false; ///< `bundle` holds code of this run
    bool sourceBroken = false; ///< the last build failed
    /// One at a time, until the front uses it: the Worker keeps two generations, so none that requests still come for may fall behind.
    enum class Loading { No, Yes, Again };
    Loading loading = Loading::No;
    std::int64_t buildStartUs = 0; ///< wall clock
    std::set<fs::path> watched; ///< by `sources`
    std::uint64_t generation = 0;
    bool deployed = false; ///< some deployment is in place
    bool listening = false; ///< or about to
    bool serves = false; ///< and one with code
    FileWatch sources; ///< what the code is built from
    FileWatch surroundings; ///< .dev.vars and its like
    fs::path watchedFolder; ///< where those are
    FileWatch rulesFile; ///< _routes.json, _headers and _redirects
    std::optional<RouteRules> rules; ///< what it says
    FolderWatch pageFiles; ///< the files that are served, for live reload
    bool reloadDue = false; ///< they have changed, and a build is on its way
    std::shared_ptr<const RouteTable> routes;
    bool stopping = false;
    bool startAfterStop = false;
    bool startWithSecrets = false; ///< a start waits for the keychain's answer
    Live live = Live::Off;
    std::int64_t liveSince = 0;
};

} // namespace cleat::session
