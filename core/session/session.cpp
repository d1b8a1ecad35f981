// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/sessionprivate.h"

#include "core/runtime/workerdirectory.h"

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
    d->group.setFiles(d->options.workers);
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
    d->settings = settings;
    d->settingsError.reset();
    d->useSettings();
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
        all.push_back({worker->name(), worker->file(), state, worker->error(), worker->bindings(), worker->variables()});
    }
    return all;
}

void Session::setWorkers(std::vector<fs::path> files)
{
    d->options.workers = std::move(files);
    d->group.setFiles(d->options.workers);
}

bool Session::isConnected(const config::Binding &service) const
{
    return d->group.directory()->find(service.value("service")) != nullptr;
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
    return kind == config::Kind::KvNamespace || kind == config::Kind::R2Bucket || kind == config::Kind::D1Database || kind == config::Kind::Queue || kind == config::Kind::Service || kind == config::Kind::VersionMetadata;
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
