// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/sessionprivate.h"

#include "core/runtime/workerdirectory.h"
#include "core/session/workerfile.h"

namespace cleat::session {

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
    connect(&d->aiKey, &AiKey::changed, this, [this] { d->configChanged(); });
    d->useWorkers();
    connect(&d->group, &WorkerGroup::changed, this, [this] {
        d->updateConsumers();
        d->listenWhenSettled();
        Q_EMIT workersChanged();
    });
    connect(&d->group, &WorkerGroup::secretsFound, this, [this](const auto &secrets) { d->hide(secrets); });
    connect(&d->sources, &FileWatch::changed, this, [this] { d->build(); });
    connect(&d->rulesFile, &FileWatch::changed, this, [this] { d->rulesChanged(); });
    connect(&d->pageFiles, &FolderWatch::changed, this, [this](const std::vector<fs::path> &paths) { d->pageFilesChanged(paths); });
    connect(&d->pageFiles, &FolderWatch::failed, this, [this](const base::Error &error) { d->notice(events::Level::Warn, error); });
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
    url.setScheme(d->options.protocol == Options::Protocol::Https ? QStringLiteral("https") : QStringLiteral("http"));
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

const ProjectSettings &Session::settings() const
{
    return d->settings;
}

std::optional<base::Error> Session::settingsError() const
{
    return d->settingsError;
}

base::Result<void> Session::setSettings(const ProjectSettings &settings)
{
    if (settings == d->settings && !d->settingsError)
        return {};
    if (auto written = writeProjectSettings(d->settingsFile(), settings); !written)
        return written;
    const Plan before = d->settings.plan;
    const std::vector<fs::path> workersBefore = d->settings.workers;
    d->settings = settings;
    d->settingsError.reset();
    d->useSettings();
    if (settings.workers != workersBefore)
        d->useWorkers();
    Q_EMIT settingsChanged();
    if (settings.plan != before && !d->options.plan && d->state == State::Running)
        restart(); // a Worker has its limits from its start on
    else
        d->configChanged();
    return {};
}

std::vector<WorkerStatus> Session::workers() const
{
    std::vector<WorkerStatus> all;
    for (const auto &worker : d->group.workers()) {
        State state = State::Stopped;
        switch (worker->state()) {
        case WorkerProject::State::Stopped:
            break;
        case WorkerProject::State::Starting:
            state = State::Starting;
            break;
        case WorkerProject::State::Running:
            state = State::Running;
            break;
        case WorkerProject::State::Failed:
            state = State::Failed;
            break;
        }
        all.push_back({worker->name(), worker->file(), state, worker->isBuilding(), worker->error(), worker->bindings(), worker->variables()});
    }
    return all;
}

void Session::setWorkers(std::vector<fs::path> files)
{
    d->options.workers = std::move(files);
    d->useWorkers();
}

base::Result<void> Session::addWorker(const fs::path &place)
{
    auto found = findWorker(place);
    if (!found)
        return std::unexpected(found.error());
    const auto taken = [&](const fs::path &file) {
        return base::fail("session.worker-name", "The Worker in " + found->file.string() + " has the name " + found->name + ", like " + file.string()
                + ". Others reach a Worker by its name, so give one of them another `name`.", {found->file.string()});
    };
    for (const auto &one : d->group.workers()) {
        std::error_code ec;
        if (one->file() == found->file || fs::equivalent(one->file(), found->file, ec))
            return base::fail("worker.known", "The Worker " + one->name() + " (" + one->file().string() + ") is there already.", {found->file.string()});
        if (one->name() == found->name)
            return taken(one->file());
    }
    if (projectName().toStdString() == found->name)
        return taken(d->store.path());
    ProjectSettings next = d->settings;
    next.workers.push_back(found->file);
    return setSettings(next);
}

base::Result<void> Session::removeWorker(const fs::path &file)
{
    if (std::erase(d->options.workers, file) > 0)
        d->useWorkers();
    ProjectSettings next = d->settings;
    if (std::erase(next.workers, file) > 0) {
        if (auto kept = setSettings(next); !kept)
            return kept;
    }
    if (d->state == State::Failed && (d->failure.code == "session.worker-name" || d->failure.code == "session.queue-consumers"))
        start();
    return {};
}

void Session::restartWorker(const fs::path &file)
{
    d->group.restart(file);
}

bool Session::isConnected(const config::Binding &binding) const
{
    const std::string worker = binding.value(binding.kind == config::Kind::DurableObject ? "script_name" : "service");
    return d->group.directory()->find(worker.empty() ? projectName().toStdString() : worker) != nullptr;
}

Connection Session::connection(const config::Binding &binding) const
{
    using enum Connection::State;
    const auto reach = [](const WorkerProject &worker) { return Connection{worker.state() == WorkerProject::State::Failed ? NotRunning : Connected, worker.name()}; };
    switch (binding.kind) {
    case config::Kind::Service:
    case config::Kind::DurableObject: {
        const bool isService = binding.kind == config::Kind::Service;
        const std::string name = binding.value(isService ? "service" : "script_name");
        if (name.empty())
            return {isService ? NotNeeded : Connected, {}};
        if (name == projectName().toStdString())
            return {Connected, name};
        for (const auto &one : d->group.workers()) {
            if (one->name() == name)
                return reach(*one);
        }
        return {NoWorker, name};
    }
    case config::Kind::Queue: {
        const auto queue = config::localId(binding);
        for (const auto &one : d->group.workers()) {
            if (std::ranges::find(one->triggers().consumers, queue.value_or(""), &config::QueueConsumer::queue) != one->triggers().consumers.end())
                return reach(*one);
        }
        return {NoConsumer, {}};
    }
    case config::Kind::KvNamespace:
    case config::Kind::R2Bucket:
    case config::Kind::D1Database:
    case config::Kind::Vectorize:
    case config::Kind::Hyperdrive:
    case config::Kind::AnalyticsEngine:
    case config::Kind::MtlsCertificate:
    case config::Kind::Ai:
    case config::Kind::Browser:
    case config::Kind::VersionMetadata:
        break;
    }
    return {};
}

SecretStore &Session::secrets()
{
    return d->secrets;
}

AiKey &Session::aiKey()
{
    return d->aiKey;
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
    std::vector<std::string> names;
    for (const QueueStatus &queue : queues())
        names.push_back(queue.name);
    auto all = session::dataResources(d->store.config(), d->options.bindings, d->store.folder(), stateFolder(), names, objectNamespaces());
    // One place for the models of all Workers.
    for (const WorkerStatus &worker : workers()) {
        for (const config::Binding &binding : worker.bindings) {
            if (binding.kind != config::Kind::Ai)
                continue;
            if (all.empty() || all.back().kind != DataResource::Kind::Models)
                all.push_back({DataResource::Kind::Models, "models", "models", {}, stateFolder(), {}, {}, true, {}, {}});
            all.back().uses.push_back({binding.name, {config::Scope::TopLevel}, worker.name});
        }
    }
    return all;
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
    std::vector<std::string> known = session::knownResources(d->store.config(), stateFolder(), kind);
    if (kind == config::Kind::Service) {
        for (const auto &one : d->group.workers())
            known.push_back(one->name());
    }
    if (kind == config::Kind::Queue) {
        for (const QueueStatus &queue : queues())
            known.push_back(queue.name);
    }
    std::ranges::sort(known);
    known.erase(std::ranges::unique(known).begin(), known.end());
    return known;
}

bool Session::runs(config::Kind kind)
{
    return kind == config::Kind::KvNamespace || kind == config::Kind::R2Bucket || kind == config::Kind::D1Database || kind == config::Kind::Queue || kind == config::Kind::Vectorize || kind == config::Kind::Hyperdrive || kind == config::Kind::AnalyticsEngine || kind == config::Kind::Ai || kind == config::Kind::Service || kind == config::Kind::DurableObject || kind == config::Kind::VersionMetadata;
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

void Session::setProxyPort(int port)
{
    d->options.proxyPort = port;
}

} // namespace cleat::session
