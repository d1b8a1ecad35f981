// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/workerproject.h"

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/config/document.h"
#include "core/config/dotvars.h"
#include "core/config/objectclasses.h"
#include "core/session/resolve.h"

#include <algorithm>
#include <mutex>

namespace cleat::session {

namespace fs = std::filesystem;

/// Nobody sends requests to such a Worker from outside, and it has no static files.
class WorkerProject::Alone final : public runtime::ResponseSink, public runtime::AssetSource
{
public:
    void began(runtime::RequestId, std::int64_t) override {}
    void respond(runtime::RequestId, runtime::ResponseHead &&, std::string &&) override {}
    void begin(runtime::RequestId, runtime::ResponseHead &&, std::optional<std::uint64_t>) override {}
    void piece(runtime::RequestId, std::string &&) override {}
    void end(runtime::RequestId, Finish) override {}
    void bodyConsumed(runtime::RequestId, std::size_t) override {}
    void failed(runtime::RequestId, const std::string &) override {}
    void flush() override {}
    Answer fetch(const std::string &, const std::string &, const runtime::Fields &) override { return {{404, {}, {}}, nullptr}; }
};

struct WorkerProject::Door {
    std::mutex mutex;
    runtime::Worker *worker = nullptr;
};

std::function<void(runtime::Trigger &&)> WorkerProject::door() const
{
    return [door = m_door](runtime::Trigger &&trigger) {
        {
            const std::lock_guard lock(door->mutex);
            if (door->worker) {
                door->worker->trigger(std::move(trigger));
                return;
            }
        }
        if (trigger.done)
            trigger.done({"canceled", "The Worker does not run.", {}});
    };
}

WorkerProject::WorkerProject(fs::path file, events::EventLog &log, QObject *parent) : QObject(parent), m_file(std::move(file)), m_log(log), m_door(std::make_shared<Door>())
{
    m_builds.setMaxThreadCount(1);
    connect(&m_code, &FileWatch::changed, this, &WorkerProject::build);
    connect(&m_files, &FileWatch::changed, this, &WorkerProject::fileChanged);
    readName();
}

WorkerProject::~WorkerProject()
{
    stop();
    m_builds.waitForDone();
}

void WorkerProject::readName()
{
    const auto text = base::readFile(m_file);
    const auto config = text ? config::readWranglerFile(*text, config::formOf(m_file), m_file.string()) : std::unexpected(text.error());
    if (text) {
        const auto document = config::parseDocument(*text, config::formOf(m_file), m_file.string());
        auto triggers = document ? config::workerTriggers(*document, m_file.string()) : std::unexpected(document.error());
        if (triggers)
            m_triggers = std::move(*triggers);
    }
    m_name = config && config->name ? *config->name : m_file.parent_path().filename().string();
}

std::vector<config::Binding> WorkerProject::bindings() const
{
    std::vector<config::Binding> all;
    if (m_read) {
        for (const auto &entry : m_read->config.topLevel.bindings)
            all.push_back(entry.value);
    }
    return all;
}

std::vector<VariableSource> WorkerProject::variables() const
{
    return m_read ? m_read->variables : std::vector<VariableSource>();
}

base::Result<WorkerProject::Read> WorkerProject::read() const
{
    const auto text = base::readFile(m_file);
    if (!text)
        return std::unexpected(text.error());
    auto document = config::parseDocument(*text, config::formOf(m_file), m_file.string());
    if (!document)
        return std::unexpected(document.error());
    auto config = config::readWranglerFile(*text, config::formOf(m_file), m_file.string());
    if (!config)
        return std::unexpected(config.error());
    auto triggers = config::workerTriggers(*document, m_file.string());
    if (!triggers)
        return std::unexpected(triggers.error());
    auto classes = config::objectClasses(*document, m_file.string());
    if (!classes)
        return std::unexpected(classes.error());
    Read read{std::move(*config), {}, {}, {}, {}, std::move(*triggers), {}};
    const config::Node *main = document->root.find("main");
    if (!main || !main->text() || main->text()->empty())
        return base::fail("worker.no-main", m_file.string() + " names no `main`, the script of the Worker. Only the first --config may be a Pages project.", {m_file.string()});
    read.main = (m_file.parent_path() / *main->text()).lexically_normal();
    std::error_code ec;
    if (!fs::is_regular_file(read.main, ec))
        return base::fail("worker.main", "The script of the Worker " + m_name + " does not exist: " + read.main.string() + ". Correct `main` in " + m_file.string() + '.', {m_file.string()});
    auto resolved = resolveWorker(read.config, m_file.parent_path(), m_surroundings.state, m_surroundings.version);
    if (!resolved)
        return std::unexpected(resolved.error());
    read.bindings = std::move(resolved->bindings);
    m_surroundings.services.applyTo(read.bindings);
    for (const config::ObjectClass &one : *classes) {
        if (one.storage == config::ObjectClass::Storage::Sqlite)
            read.bindings.sqliteClasses.push_back(one.name);
    }
    if (m_surroundings.cpuMs)
        read.bindings.cpuMs.reset();
    read.variables = std::move(resolved->variables);
    read.secrets = std::move(resolved->secrets);
    read.remarks = std::move(resolved->remarks);
    return read;
}

void WorkerProject::start(const WorkerSurroundings &surroundings)
{
    stop();
    ++m_run;
    m_surroundings = surroundings;
    m_bundler = std::make_shared<functions::Bundler>(surroundings.esbuild);
    readName();
    m_alone = std::make_unique<Alone>();
    m_worker = std::make_unique<runtime::Worker>(m_log, *m_alone, *m_alone, surroundings.limits, runtime::WorkerPlace{surroundings.directory, m_name, '[' + m_name + ']', surroundings.queueSent});
    {
        const std::lock_guard lock(m_door->mutex);
        m_door->worker = m_worker.get();
    }
    const fs::path folder = m_file.parent_path();
    m_files.watch({m_file, folder, folder / ".dev.vars", folder / ".env", folder / ".env.local"});
    setState(State::Starting);
    fileChanged();
}

void WorkerProject::refuse(base::Error error)
{
    stop();
    setError(std::move(error));
    setState(State::Failed);
}

void WorkerProject::stop()
{
    if (!m_worker) {
        m_error.reset();
        setState(State::Stopped);
        return;
    }
    ++m_run;
    m_code.watch({});
    m_files.watch({});
    m_building = Building::No;
    {
        const std::lock_guard lock(m_door->mutex);
        m_door->worker = nullptr;
    }
    m_worker.reset();
    m_bundler.reset();
    m_alone.reset();
    m_read.reset();
    m_bundle = {};
    m_error.reset();
    setState(State::Stopped);
}

void WorkerProject::setStateFolder(const fs::path &folder)
{
    if (m_surroundings.state == folder)
        return;
    m_surroundings.state = folder;
    fileChanged();
}

void WorkerProject::setServices(const ServiceOptions &services)
{
    if (m_surroundings.services == services)
        return;
    m_surroundings.services = services;
    fileChanged();
}

void WorkerProject::fileChanged()
{
    if (!m_worker)
        return;
    auto found = read();
    if (!found) {
        setError(found.error());
        fail();
        return;
    }
    if (!found->secrets.empty())
        Q_EMIT secretsFound(found->secrets);
    if (!m_read || m_read->remarks != found->remarks) {
        for (const Remark &remark : found->remarks)
            m_log.publish({events::NoticeEvent{base::wallUs(), remark.level, remark.what.code, '[' + m_name + "] " + remark.what.message, {}}});
    }
    const bool moved = !m_read || m_read->main != found->main || nodeCompatOf(m_read->bindings.compatibility) != nodeCompatOf(found->bindings.compatibility);
    const bool rebound = !m_read || m_read->bindings != found->bindings;
    m_read = std::move(*found);
    if (m_read->triggers != m_triggers) {
        m_triggers = m_read->triggers;
        Q_EMIT changed();
    }
    if (moved || m_bundle.code.empty())
        build();
    else if (rebound)
        load();
    else
        setError(std::nullopt);
}

void WorkerProject::build()
{
    if (!m_worker || !m_read)
        return;
    if (m_building != Building::No) {
        m_building = Building::Again;
        return;
    }
    m_building = Building::Yes;
    Q_EMIT changed();
    m_builds.start([this, run = m_run, bundler = m_bundler, folder = m_file.parent_path(), main = m_read->main, node = nodeCompatOf(m_read->bindings.compatibility)] {
        auto result = std::make_shared<base::Result<functions::Bundle>>(bundler->buildWorker(folder, main, node, functions::Bundler::Form::ModuleOrScript));
        QMetaObject::invokeMethod(
            this, [this, run, result] {
                if (run == m_run)
                    built(std::move(*result));
            },
            Qt::QueuedConnection);
        bundler->prepareNext();
    });
}

void WorkerProject::watchCode(const std::vector<fs::path> &inputs)
{
    std::vector<fs::path> paths = inputs;
    if (m_read)
        paths.push_back(m_read->main);
    if (m_error) { // what mends it may be a file that is not there yet
        const fs::path folder = m_file.parent_path();
        paths.push_back(folder);
        for (const fs::path &below : foldersBelow(folder))
            paths.push_back(below);
        if (!m_error->place.file.empty())
            paths.push_back((folder / m_error->place.file).lexically_normal());
    }
    m_code.watch(paths);
}

void WorkerProject::built(base::Result<functions::Bundle> &&result)
{
    const bool again = std::exchange(m_building, Building::No) == Building::Again;
    if (again) {
        build();
        return;
    }
    Q_EMIT changed();
    if (!result) {
        setError(result.error());
        watchCode(m_bundle.inputs);
        fail();
        return;
    }
    const bool same = m_state == State::Running && !m_error && result->code == m_bundle.code && result->parts == m_bundle.parts && result->sourceMap == m_bundle.sourceMap;
    for (const base::Error &warning : result->warnings) {
        if (!same)
            m_log.publish({events::NoticeEvent{base::wallUs(), events::Level::Warn, warning.code, '[' + m_name + "] " + warning.message, warning.place}});
    }
    m_bundle = std::move(*result);
    watchCode(m_bundle.inputs);
    if (!same)
        load();
}

void WorkerProject::load()
{
    runtime::Module module = moduleOf(m_bundle);
    module.generation = ++m_generation;
    module.handlers = {{m_read->main.filename().string(), functions::workerFetch}};
    module.folder = m_file.parent_path().string();
    m_worker->load(std::move(module), m_read->bindings, [this, run = m_run, generation = m_generation](base::Result<void> result) {
        // On the Worker's thread, which ends before this object does.
        QMetaObject::invokeMethod(
            this, [this, run, generation, result = std::move(result)]() mutable {
                if (run == m_run && generation == m_generation)
                    loaded(std::move(result));
            },
            Qt::QueuedConnection);
    });
}

void WorkerProject::loaded(base::Result<void> &&result)
{
    if (!result) {
        setError(result.error());
        watchCode(m_bundle.inputs);
        fail();
        return;
    }
    setError(std::nullopt);
    setState(State::Running);
}

void WorkerProject::setError(std::optional<base::Error> error)
{
    if (error == m_error)
        return;
    if (error)
        m_log.publish({events::NoticeEvent{base::wallUs(), events::Level::Error, error->code, '[' + m_name + "] " + error->message, error->place}});
    else if (m_state == State::Running)
        m_log.publish({events::NoticeEvent{base::wallUs(), events::Level::Info, "build.good", '[' + m_name + "] The code is good again.", {}}});
    m_error = std::move(error);
    Q_EMIT changed();
}

/// There is no code, unless some runs already.
void WorkerProject::fail()
{
    if (m_state == State::Running)
        return;
    m_worker->loadNothing();
    setState(State::Failed);
}

void WorkerProject::setState(State state)
{
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT changed();
}

} // namespace cleat::session
