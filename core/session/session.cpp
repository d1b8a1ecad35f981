// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/functions/bundler.h"
#include "core/session/assetaccess.h"
#include "core/session/deployment.h"
#include "core/session/filewatch.h"
#include "core/session/localresources.h"
#include "core/session/resolve.h"
#include "core/session/site.h"

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

class Session::Private
{
public:
    Private(Session &session, Options given, secrets::Keychain &keychain)
        : q(session), options(std::move(given)), store(options.project), secrets(keychain, options.project, dataFolder() / "secrets"), log(options.eventBytes),
          recorder(log, {.maxBytes = options.recordingBytes, .journal = journalFolder()}), debugger(options.project),
          sources(10), surroundings(30), rulesFile(30)
    {
        builds.setMaxThreadCount(1);
    }

    fs::path dataFolder() const
    {
        if (!options.dataFolder.empty())
            return options.dataFolder;
        return fs::path(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation).toStdString()) / "cleat";
    }
    fs::path journalFolder() const
    {
        const fs::path project = options.project.has_filename() ? options.project : options.project.parent_path();
        const std::uint64_t sum = base::checksum(project.string());
        return dataFolder() / "requests" / base::toHex(std::as_bytes(std::span(&sum, 1)));
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
    void built(base::Result<functions::Bundle> &&result);
    void load();
    void loadNext();
    void loaded(std::uint64_t number, base::Result<void> &&result, std::shared_ptr<const Deployment> deployment);
    void listen();
    void configChanged();
    void watchSurroundings();
    void deploy(std::shared_ptr<const Deployment> deployment);
    void readRules();
    void rulesChanged();
    void setBuildError(std::optional<base::Error> error);
    void setLive(Live next);
    base::Result<Resolved> resolveNow();
    enum class Late { No, Yes };
    /// Late: something that nobody watched when the build began has changed since.
    Late watchSources(const std::vector<fs::path> &inputs, const base::Error *error);
    fs::path esbuild() const { return fs::path(QCoreApplication::applicationDirPath().toStdString()) / "esbuild"; }

    Session &q;
    Options options;
    ConfigStore store;
    SecretStore secrets;
    events::EventLog log;
    Recorder recorder;
    Debugger debugger;
    State state = State::Stopped;
    base::Error failure;
    int freePort = 0;
    int port = 0;
    std::optional<base::Error> buildError;

    std::uint64_t run = 0; ///< counts starts and stops: what belongs to an older one is dropped
    Resolved resolved;
    std::shared_ptr<const functions::Assets> assets;
    AssetAccess assetAccess;
    std::unique_ptr<QThread> thread;
    Site *site = nullptr; ///< lives on `thread`
    std::unique_ptr<runtime::Worker> worker;
    QThreadPool builds;
    enum class Building { No, Yes, Again };
    Building building = Building::No;
    functions::Bundle bundle; ///< the last that was built
    bool runnable = false; ///< `bundle` holds code of this run
    bool sourceBroken = false; ///< the last build failed
    /// One at a time, until the front uses it: the Worker keeps two generations, so none that requests still come for may fall behind.
    enum class Loading { No, Yes, Again };
    Loading loading = Loading::No;
    std::int64_t buildStartUs = 0; ///< wall clock
    std::set<fs::path> watched; ///< by `sources`
    std::uint64_t generation = 0;
    bool deployed = false; ///< some deployment is in place
    FileWatch sources; ///< what the code is built from
    FileWatch surroundings; ///< .dev.vars and its like
    fs::path watchedFolder; ///< where those are
    FileWatch rulesFile; ///< _routes.json
    std::optional<RouteRules> rules; ///< what it says
    std::shared_ptr<const RouteTable> routes;
    bool stopping = false;
    bool startAfterStop = false;
    bool startWithSecrets = false; ///< a start waits for the keychain's answer
    Live live = Live::Off;
    std::int64_t liveSince = 0;
};

Session::Session(Options options, secrets::Keychain &keychain, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>(*this, std::move(options), keychain))
{
    connect(&d->store, &ConfigStore::changed, this, [this] {
        d->watchSurroundings();
        d->configChanged();
    });
    connect(&d->surroundings, &FileWatch::changed, this, [this] {
        d->configChanged();
        Q_EMIT variablesChanged();
    });
    connect(&d->secrets, &SecretStore::changed, this, [this] {
        if (d->startWithSecrets && d->secrets.state() != SecretStore::State::Loading) {
            d->startWithSecrets = false;
            d->resume();
        } else {
            d->configChanged();
        }
        Q_EMIT variablesChanged();
    });
    connect(&d->sources, &FileWatch::changed, this, [this] { d->build(); });
    connect(&d->rulesFile, &FileWatch::changed, this, [this] { d->rulesChanged(); });
    d->watchSurroundings();
}

Session::~Session()
{
    ++d->run;
    d->builds.waitForDone();
    d->tearDown();
}

const Options &Session::options() const
{
    return d->options;
}

QString Session::projectName() const
{
    if (d->store.config().name)
        return QString::fromStdString(*d->store.config().name);
    const fs::path folder = d->options.project;
    return QString::fromStdString((folder.has_filename() ? folder : folder.parent_path()).filename().string());
}

ConfigStore &Session::config()
{
    return d->store;
}

events::EventLog &Session::events()
{
    return d->log;
}

Recorder &Session::recorder()
{
    return d->recorder;
}

State Session::state() const
{
    return d->state;
}

base::Error Session::failure() const
{
    return d->failure;
}

int Session::freePort() const
{
    return d->freePort;
}

QUrl Session::url() const
{
    if (d->state != State::Running)
        return {};
    QUrl url;
    url.setScheme(QStringLiteral("http"));
    const std::string &ip = d->options.ip;
    const bool everywhere = ip == "0.0.0.0" || ip == "::" || ip == "*";
    url.setHost(everywhere ? QStringLiteral("localhost") : QString::fromStdString(ip));
    url.setPort(d->port);
    return url;
}

std::optional<base::Error> Session::buildError() const
{
    return d->buildError;
}

std::shared_ptr<const RouteTable> Session::routes() const
{
    return d->routes;
}

Debugger &Session::debugger()
{
    return d->debugger;
}

SecretStore &Session::secrets()
{
    return d->secrets;
}

std::vector<VariableSource> Session::variables(config::Scope scope) const
{
    return variableSources(variableInputs(d->options, d->store, d->secrets, projectName().toStdString(), scope).inputs);
}

std::optional<fs::path> Session::dataOf(const config::Binding &binding) const
{
    return session::dataOf(stateFolder(), binding);
}

std::vector<DataResource> Session::dataResources() const
{
    return session::dataResources(d->store.config(), d->options.bindings, d->store.folder(), stateFolder());
}

fs::path Session::stateFolder() const
{
    return session::stateFolder(d->options, d->store);
}

void Session::setStateFolder(std::optional<fs::path> folder)
{
    const fs::path before = stateFolder();
    d->options.persistTo = std::move(folder);
    if (stateFolder() == before)
        return;
    d->configChanged();
    Q_EMIT dataPlaceChanged();
}

std::vector<std::string> Session::knownResources(config::Kind kind) const
{
    return session::knownResources(d->store.config(), stateFolder(), kind);
}

bool Session::runs(config::Kind kind)
{
    return kind == config::Kind::KvNamespace || kind == config::Kind::R2Bucket || kind == config::Kind::D1Database;
}

Session::Live Session::live() const
{
    return d->live;
}

std::int64_t Session::liveSince() const
{
    return d->liveSince;
}

void Session::start()
{
    if (d->stopping)
        d->startAfterStop = true;
    else
        d->start();
}

void Session::stop()
{
    d->startAfterStop = false;
    d->stop();
}

void Session::restart()
{
    if (d->state == State::Stopped || d->state == State::Failed) {
        start();
        return;
    }
    d->startAfterStop = true;
    d->stop();
}

void Session::setScope(config::Scope scope)
{
    if (d->options.scope == scope)
        return;
    d->options.scope = scope;
    d->configChanged();
    Q_EMIT stateChanged();
}

void Session::setPort(int port)
{
    d->options.port = port;
}

// ---- start and stop

void Session::Private::start()
{
    if (state == State::Starting || state == State::Running || stopping)
        return;
    ++run;
    failure = {};
    freePort = 0;
    setState(State::Starting);
    if (secrets.state() == SecretStore::State::Loading) {
        startWithSecrets = true;
        return;
    }
    resume();
}

/// The start, once the secrets are known.
void Session::Private::resume()
{
    auto found = resolveNow();
    if (!found) {
        fail(found.error());
        return;
    }
    resolved = std::move(*found);
    assets = std::make_shared<const functions::Assets>(resolved.directory);
    assetAccess.use(assets);
    readRules();
    deployed = false;
    bundle = {};
    runnable = sourceBroken = false;
    loading = Loading::No;
    watched.clear();
    setBuildError(std::nullopt);
    if (const auto wanted = std::exchange(options.inspectorPort, std::nullopt)) {
        if (auto on = debugger.turnOn(*wanted, q.projectName()); !on) {
            options.inspectorPort = wanted;
            fail(on.error());
            return;
        }
    }

    Site::Settings settings;
    settings.allowedHosts = options.allowedHosts;
    thread = std::make_unique<QThread>();
    thread->setObjectName(QStringLiteral("server"));
    site = new Site(log, std::move(settings));
    site->moveToThread(thread.get());
    QObject::connect(site, &Site::closed, &q, [this] {
        if (!stopping)
            return;
        tearDown();
        stopping = false;
        setState(State::Stopped);
        Q_EMIT q.stopped();
        if (startAfterStop) {
            startAfterStop = false;
            start();
        }
    });
    runtime::Limits limits;
    limits.cpuMs = options.cpuMs;
    worker = std::make_unique<runtime::Worker>(log, *site, assetAccess, limits);
    site->setWorker(worker.get());
    debugger.setWorker(worker.get());
    thread->start();
    build();
}

void Session::Private::watchSurroundings()
{
    const fs::path folder = store.folder();
    if (folder == watchedFolder)
        return;
    watchedFolder = folder;
    std::vector<fs::path> files{folder};
    for (const char *name : {".dev.vars", ".dev.vars.preview", ".dev.vars.production", ".env", ".env.local"})
        files.push_back(folder / name);
    surroundings.watch(files);
}

void Session::Private::stop()
{
    if (stopping)
        return;
    startWithSecrets = false;
    if (!site) {
        setState(State::Stopped);
        Q_EMIT q.stopped();
        return;
    }
    stopping = true;
    ++run;
    sources.watch({});
    rulesFile.watch({});
    building = Building::No;
    debugger.letGo();
    QMetaObject::invokeMethod(site, &Site::close, Qt::QueuedConnection);
    setBuildError(std::nullopt);
    setLive(Live::Off);
    setState(State::Stopped);
}

void Session::Private::tearDown()
{
    if (!site)
        return;
    QMetaObject::invokeMethod(site, &Site::shutDown, Qt::BlockingQueuedConnection);
    debugger.setWorker(nullptr);
    worker.reset();
    site->deleteLater();
    site = nullptr;
    thread->quit();
    thread->wait();
    thread.reset();
}

void Session::Private::fail(base::Error error)
{
    ++run;
    building = Building::No;
    sources.watch({});
    rulesFile.watch({});
    failure = std::move(error);
    notice(events::Level::Error, failure);
    tearDown();
    setLive(Live::Off);
    setState(State::Failed);
}

void Session::Private::setLive(Live next)
{
    if (next == Live::Current)
        liveSince = base::wallUs();
    else if (live == next)
        return;
    live = next;
    Q_EMIT q.liveChanged();
}

void Session::Private::notice(events::Level level, const base::Error &error)
{
    log.publish({events::NoticeEvent{base::wallUs(), level, error.code, error.message, error.place}});
}

void Session::Private::setBuildError(std::optional<base::Error> error)
{
    if (error == buildError)
        return;
    if (error)
        notice(events::Level::Error, *error);
    else if (state == State::Running)
        notice(events::Level::Info, {"build.good", "The code is good again.", {}});
    buildError = std::move(error);
    Q_EMIT q.buildChanged();
}

// ---- code

void Session::Private::build()
{
    if (!site || stopping)
        return;
    if (building != Building::No) {
        building = Building::Again;
        return;
    }
    building = Building::Yes;
    buildStartUs = base::wallUs();
    builds.start([this, project = options.project, binary = esbuild(), number = run] {
        auto result = std::make_shared<base::Result<functions::Bundle>>(functions::Bundler(binary).build(project));
        QMetaObject::invokeMethod(
            &q, [this, number, result] {
                if (number == run)
                    built(std::move(*result));
            },
            Qt::QueuedConnection);
    });
}

Session::Private::Late Session::Private::watchSources(const std::vector<fs::path> &inputs, const base::Error *error)
{
    const fs::path functions = options.project / "functions";
    std::set<fs::path> paths(inputs.begin(), inputs.end());
    for (const fs::path &folder : foldersBelow(functions)) {
        paths.insert(folder);
        std::error_code ec;
        for (const auto &entry : fs::directory_iterator(folder, ec)) {
            if (entry.is_regular_file(ec))
                paths.insert(entry.path());
        }
    }
    paths.insert(options.project); // where functions/ may come
    if (error) {
        // What it takes to mend the code may lie where no build that was good has named anything: a file that is missing, or that is wrong itself.
        if (!error->place.file.empty())
            paths.insert((options.project / error->place.file).lexically_normal());
        for (const fs::path &folder : foldersBelow(options.project))
            paths.insert(folder);
        paths.insert(options.project / "node_modules");
    }
    Late late = Late::No;
    constexpr std::int64_t coarseUs = 20'000; // the clock of file systems goes in steps
    sources.watch({paths.begin(), paths.end()});
    for (const fs::path &path : paths) {
        struct stat info {};
        if (!watched.contains(path) && ::stat(path.c_str(), &info) == 0
            && info.st_ctim.tv_sec * 1'000'000LL + info.st_ctim.tv_nsec / 1000 >= buildStartUs - coarseUs)
            late = Late::Yes;
    }
    watched = std::move(paths);
    return late;
}

void Session::Private::built(base::Result<functions::Bundle> &&result)
{
    const bool again = std::exchange(building, Building::No) == Building::Again;
    const Late late = watchSources(result ? result->inputs : bundle.inputs, result ? nullptr : &result.error());
    if (again || late == Late::Yes) {
        build();
        return;
    }
    sourceBroken = !result;
    if (!result) {
        setBuildError(result.error());
        if (!deployed)
            deploy(Deployment::make(++generation, environmentName(options.scope), {}, assets, result.error().message));
        return;
    }
    if (deployed && !buildError && result->code == bundle.code && result->sourceMap == bundle.sourceMap && result->routes == bundle.routes)
        return; // something was touched, nothing has changed
    for (const base::Error &warning : result->warnings)
        notice(events::Level::Warn, warning);
    bundle = std::move(*result);
    runnable = true;
    load();
}

void Session::Private::loadNext()
{
    if (std::exchange(loading, Loading::No) == Loading::Again)
        load();
}

void Session::Private::load()
{
    if (loading != Loading::No) {
        loading = Loading::Again;
        return;
    }
    loading = Loading::Yes;
    setLive(Live::Applying);
    auto deployment = Deployment::make(++generation, environmentName(options.scope), bundle.routes, assets, {},
        rules && !rules->error ? std::optional(functions::RoutesFile{rules->include, rules->exclude}) : std::nullopt);
    runtime::Module module;
    module.generation = generation;
    module.code = bundle.code;
    module.sourceMap = bundle.sourceMap;
    module.handlers = deployment->handlers;
    module.folder = options.project.string();
    worker->load(std::move(module), resolved.bindings, [this, number = run, deployment](base::Result<void> result) {
        // On the Worker's thread, which ends before this object does.
        QMetaObject::invokeMethod(
            &q, [this, number, deployment, result = std::move(result)]() mutable { loaded(number, std::move(result), deployment); }, Qt::QueuedConnection);
    });
}

void Session::Private::loaded(std::uint64_t number, base::Result<void> &&result, std::shared_ptr<const Deployment> deployment)
{
    if (number != run)
        return;
    if (!result) {
        setBuildError(result.error());
        setLive(Live::Stale);
        if (!deployed)
            deploy(Deployment::make(++generation, environmentName(options.scope), {}, assets, result.error().message));
        loadNext();
        return;
    }
    if (!sourceBroken) // else what was loaded is the last good code, with other bindings
        setBuildError(std::nullopt);
    deploy(std::move(deployment));
    QMetaObject::invokeMethod(site, [this, number] { // behind the deployment, so in use when this comes back
        QMetaObject::invokeMethod(
            &q, [this, number] {
                if (number != run)
                    return;
                if (loading == Loading::Yes)
                    setLive(Live::Current);
                loadNext();
            },
            Qt::QueuedConnection);
    }, Qt::QueuedConnection);
}

/// What is wrong with it keeps nothing from running: all paths go to the code first then, and the log says so.
void Session::Private::readRules()
{
    const fs::path file = resolved.directory / "_routes.json";
    rulesFile.watch({resolved.directory, file});
    const auto before = std::exchange(rules, std::nullopt);
    const auto text = base::readFile(file);
    if (!text && text.error().code == "file.missing")
        return;
    rules = RouteRules{file.string(), {}, {}, {}};
    auto parsed = text ? functions::RoutesFile::parse(*text, file.lexically_proximate(options.project).string()) : std::unexpected(text.error());
    if (parsed) {
        rules->include = std::move(parsed->include);
        rules->exclude = std::move(parsed->exclude);
    } else {
        rules->error = parsed.error();
        if (rules != before)
            notice(events::Level::Warn, parsed.error());
    }
}

void Session::Private::rulesChanged()
{
    if (!site || stopping)
        return;
    const auto before = rules;
    readRules();
    if (rules != before && runnable)
        load();
}

void Session::Private::deploy(std::shared_ptr<const Deployment> deployment)
{
    const bool first = !std::exchange(deployed, true);
    if (deployment->error.empty()) {
        routes = std::make_shared<const RouteTable>(deployment, rules);
        Q_EMIT q.routesChanged();
    }
    QMetaObject::invokeMethod(site, [site = site, deployment] { site->deploy(deployment); }, Qt::QueuedConnection);
    if (first)
        listen();
}

void Session::Private::listen()
{
    struct Outcome {
        base::Result<int> port;
        int free = 0;
    };
    QMetaObject::invokeMethod(site, [this, site = site, number = run, ip = options.ip, wanted = options.port, policy = options.portInUse] {
        auto outcome = std::make_shared<Outcome>();
        outcome->port = site->listen(ip, wanted);
        if (!outcome->port && outcome->port.error().code == "server.port-in-use") {
            for (int next = wanted + 1; next <= std::min(wanted + 100, 65535) && outcome->free == 0; ++next) {
                if (auto other = site->listen(ip, next)) {
                    outcome->free = next;
                    if (policy == Options::PortInUse::TakeNext)
                        outcome->port = other;
                }
            }
        }
        QMetaObject::invokeMethod(
            &q, [this, number, outcome] {
                if (number != run)
                    return;
                freePort = outcome->free;
                if (!outcome->port) {
                    fail(outcome->port.error());
                    return;
                }
                port = *outcome->port;
                setState(State::Running);
            },
            Qt::QueuedConnection);
    }, Qt::QueuedConnection);
}

/// From now on the events hide the secrets that it found; and those from before, which may still be on their way.
base::Result<Resolved> Session::Private::resolveNow()
{
    auto found = resolve(options, store, secrets, q.projectName().toStdString());
    if (found && !found->secrets.empty()) {
        std::vector<events::Redactor::Secret> all;
        if (const auto before = log.redactor())
            all = before->secrets();
        for (auto &[name, value] : found->secrets)
            all.push_back({name, value});
        log.setRedactor(std::make_shared<const events::Redactor>(std::move(all)));
    }
    return found;
}

void Session::Private::configChanged()
{
    if (!site || stopping)
        return;
    auto found = resolveNow();
    if (!found) {
        // What runs goes on; the file's own pane shows the error too.
        notice(events::Level::Error, found.error());
        setLive(Live::Stale);
        return;
    }
    const bool moved = found->directory != resolved.directory;
    const bool rebound = found->bindings != resolved.bindings;
    resolved = std::move(*found);
    if (moved) {
        assets = std::make_shared<const functions::Assets>(resolved.directory);
        assetAccess.use(assets);
        readRules();
    }
    if ((moved || rebound) && runnable)
        load();
    else if (runnable && loading == Loading::No && !buildError && live != Live::Current)
        setLive(Live::Current);
}

} // namespace cleat::session
