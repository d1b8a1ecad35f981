// SPDX-License-Identifier: GPL-3.0-or-later
// How a session starts, builds, loads and ends what runs.

#include "core/session/sessionprivate.h"

#include "core/config/document.h"

#include <QTimer>

namespace cleat::session {

namespace {

constexpr int prepareAfterMs = 200; ///< after a build

/// Without bundling, a script has all that it needs in itself, or, when it is a folder, in that folder.
base::Result<void> standsAlone(const functions::Bundle &bundle, const fs::path &project, const fs::path &script)
{
    std::error_code ec;
    const fs::path own = fs::canonical(script, ec);
    const fs::path root = fs::canonical(project, ec);
    const bool isFolder = script.filename() == "index.js" && fs::is_directory(script.parent_path(), ec) && script.parent_path().extension() == ".js";
    for (const fs::path &input : bundle.inputs) {
        const bool within = isFolder && input.string().starts_with(own.parent_path().string() + '/');
        const bool ours = !input.string().starts_with(root.string() + '/'); // what stands in for Node's modules
        if (input == own || within || ours)
            continue;
        const std::string name = script.lexically_proximate(project).generic_string();
        return base::fail("build.no-bundle", name + " imports " + input.lexically_proximate(project).generic_string() + ", which cannot be found when it is not bundled. Leave --no-bundle (or no_bundle in the Wrangler file) out, or bundle it "
                "before.", {name});
    }
    return {};
}

} // namespace

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
    assets = std::make_shared<functions::Assets>(resolved.directory);
    assetAccess.use(assets, resolved.proxyPort);
    assetRules.forget();
    readRules();
    deployed = listening = false;
    bundle = {};
    runnable = sourceBroken = serves = reloadDue = false;
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

    Site::Settings wanted;
    wanted.allowedHosts = options.allowedHosts;
    if (resolved.proxyPort)
        wanted.assets = Site::Settings::Assets::OtherServer;
    if (options.liveReload == Options::LiveReload::Yes)
        wanted.liveReload = Site::Settings::LiveReload::On;
    if (options.protocol == Options::Protocol::Https) {
        auto certificate = serverCertificate(options, dataFolder());
        if (!certificate) {
            fail(certificate.error());
            return;
        }
        wanted.tls = std::move(certificate->tls);
        if (certificate->origin == ServerCertificate::Origin::New)
            notice(events::Level::Info, {"tls.made", "A certificate for HTTPS was made: " + certificate->file.string() + ". Browsers ask whether to trust it; curl takes it with --cacert.", {}});
    }
    thread = std::make_unique<QThread>();
    thread->setObjectName(QStringLiteral("server"));
    site = new Site(log, std::move(wanted));
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
    runtime::Limits limits = limitsOf(options.plan.value_or(settings.plan));
    limits.cpuMs = options.cpuMs.value_or(limits.cpuMs);
    const std::string name = q.projectName().toStdString();
    startBroker();
    worker = std::make_unique<runtime::Worker>(log, *site, assetAccess, limits, runtime::WorkerPlace{group.directory(), name, {}, [this] { broker->wake(); }});
    site->setWorker(worker.get());
    debugger.setWorker(worker.get());
    thread->start();
    if (auto started = group.start({esbuild(), resolved.state, limits, options.cpuMs, {}, servicesNow(), version, [this] { broker->wake(); }}, name, store.path()); !started) {
        fail(started.error());
        return;
    }
    watchAssets();
    bundler = std::make_shared<functions::Bundler>(esbuild());
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
    for (const fs::path &file : options.envFiles) {
        files.push_back(file);
        files.push_back(file.parent_path()); // where one that is missing may come
    }
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
    pageFiles.watch({});
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
    group.stop();
    broker.reset();
    bundler.reset();
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
    pageFiles.watch({});
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
    else if (state == State::Running && !stopping)
        notice(events::Level::Info, {"build.good", "The code is good again.", {}});
    buildError = std::move(error);
    tellProblem();
    Q_EMIT q.buildChanged();
}

// ---- code

functions::NodeCompat Session::Private::nodeCompat() const
{
    return nodeCompatOf(resolved.bindings.compatibility);
}

Session::Private::Whole Session::Private::isWhole() const
{
    if (options.bundling != Options::Bundling::AsFile)
        return options.bundling == Options::Bundling::No ? Whole::Yes : Whole::No;
    const auto document = config::parseDocument(store.text(), store.form(), store.path().string());
    const config::Node *noBundle = document ? document->root.find("no_bundle") : nullptr;
    const bool *set = noBundle ? std::get_if<bool>(&noBundle->scalar) : nullptr;
    return set && *set ? Whole::Yes : Whole::No;
}

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
    builds.start([this, project = options.project, assets = resolved.directory, builder = bundler, name = options.workerScript, whole = isWhole(), number = run, node = nodeCompat()] {
        const fs::path script = functions::workerScript(assets, name);
        auto result = std::make_shared<base::Result<functions::Bundle>>(script.empty() ? builder->build(project, node) : builder->buildWorker(project, script, node));
        if (!script.empty() && *result && whole == Whole::Yes) {
            if (auto alone = standsAlone(**result, project, script); !alone)
                *result = std::unexpected(alone.error());
        }
        std::error_code ec;
        if (!script.empty() && *result && fs::is_directory(project / "functions", ec)) {
            const std::string shown = script.lexically_proximate(project).generic_string();
            (*result)->warnings.push_back({"build.worker-wins", shown + " answers all requests; the functions folder is ignored. Remove one of them.", {shown}});
        }
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
    paths.insert(resolved.directory); // and _worker.js
    paths.insert(resolved.directory / options.workerScript);
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
    // What the next build waits for comes when this one answers: before, it would take time from that.
    QTimer::singleShot(prepareAfterMs, &q, [this, number = run, builder = bundler] {
        if (number == run && building == Building::No)
            builds.start([builder] { builder->prepareNext(); });
    });
    sourceBroken = !result;
    if (!result) {
        setBuildError(result.error());
        reloadWhenBuilt();
        if (!serves)
            deploy(Deployment::make(++generation, environmentName(options.scope), {}, assets, result.error()));
        return;
    }
    if (deployed && !buildError && result->code == bundle.code && result->node == bundle.node && result->kind == bundle.kind && result->parts == bundle.parts && result->assetFolders == bundle.assetFolders && result->sourceMap == bundle.sourceMap && result->routes == bundle.routes) {
        reloadWhenBuilt();
        return; // something was touched, nothing has changed
    }
    if (!deployed && rules && rules->error) {
        if (!result->routes.empty()) { // as wrangler has it: a later mistake is survived, one at the start is not
            fail(*rules->error);
            return;
        }
        notice(events::Level::Warn, *rules->error);
    }
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
    else
        reloadWhenBuilt();
}

void Session::Private::load()
{
    if (loading != Loading::No) {
        loading = Loading::Again;
        return;
    }
    loading = Loading::Yes;
    assets->mount(bundle.assetFolders);
    setLive(Live::Applying);
    auto deployment = Deployment::make(++generation, environmentName(options.scope), bundle.routes, assets, {},
        rules && !rules->error ? std::optional(functions::RoutesFile{rules->include, rules->exclude}) : std::nullopt);
    runtime::Module module = moduleOf(bundle);
    module.generation = generation;
    module.handlers = deployment->handlers;
    module.folder = options.project.string();
    assetAccess.expect(deployment);
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
        if (!serves)
            deploy(Deployment::make(++generation, environmentName(options.scope), {}, assets, result.error()));
        loadNext();
        return;
    }
    serves = true;
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

/// _routes.json, _headers and _redirects. Once code runs, what is wrong with the first keeps nothing from running: all paths go to the code first then, and the log says so.
void Session::Private::readRules()
{
    const fs::path file = resolved.directory / "_routes.json";
    rulesFile.watch({resolved.directory, file, resolved.directory / "_headers", resolved.directory / "_redirects"});
    if (auto read = assetRules.read(resolved.directory, options.project)) {
        assets->use(read->rules);
        reloadDue = true;
        for (const auto &[level, notes] : read->notices)
            notice(level, notes);
    }
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
        if (rules != before && deployed) {
            base::Error told = parsed.error();
            told.message += " Until it is, all paths go to the code first.";
            notice(events::Level::Warn, told);
        }
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
    else
        reloadWhenBuilt();
}

void Session::Private::deploy(std::shared_ptr<const Deployment> deployment)
{
    const bool first = !std::exchange(deployed, true);
    reloadDue = false; // the front does it with every deployment
    if (deployment->error.message.empty()) {
        routes = std::make_shared<const RouteTable>(deployment, rules);
        Q_EMIT q.routesChanged();
    }
    QMetaObject::invokeMethod(site, [site = site, deployment] { site->deploy(deployment); }, Qt::QueuedConnection);
    if (first)
        listenWhenSettled();
}

/// What other Workers answer is there before the first request.
void Session::Private::listenWhenSettled()
{
    if (!deployed || listening || !group.isSettled())
        return;
    listening = true;
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

void Session::Private::hide(const std::vector<std::pair<std::string, std::string>> &found)
{
    if (found.empty())
        return;
    std::vector<events::Redactor::Secret> all;
    if (const auto before = log.redactor())
        all = before->secrets();
    for (const auto &[name, value] : found)
        all.push_back({name, value});
    log.setRedactor(std::make_shared<const events::Redactor>(std::move(all)));
}

bindings::ai::Provider Session::Private::aiProviderNow()
{
    base::Error problem = aiKey.error();
    auto provider = aiProvider(options, settings.ai, std::string(aiKey.value().reveal()));
    if (!provider)
        problem = provider.error();
    if (problem != std::exchange(aiProblem, problem) && !problem.code.empty())
        notice(events::Level::Warn, problem);
    if (!provider) {
        bindings::ai::Provider none;
        none.calls = modelCalls;
        none.problem = problem.message;
        return none;
    }
    const events::Redactor::Secret secret{"key of the AI provider", provider->key};
    const auto hidden = log.redactor();
    if (secret.value.size() >= 6 && (!hidden || std::ranges::find(hidden->secrets(), secret.value, &events::Redactor::Secret::value) == hidden->secrets().end()))
        hide({{secret.name, secret.value}});
    provider->calls = modelCalls;
    return *std::move(provider);
}

ServiceOptions Session::Private::servicesNow()
{
    return {aiProviderNow(), settings.analyticsPerSecond, settings.hyperdriveSeconds, settings.hyperdriveStaleSeconds};
}

/// From now on the events hide the secrets that it found; and those from before, which may still be on their way.
base::Result<Resolved> Session::Private::resolveNow()
{
    auto found = resolve(options, store, secrets, q.projectName().toStdString(), version);
    if (found) {
        found->bindings.cf = settings.cf;
        servicesNow().applyTo(found->bindings);
    }
    if (found)
        hide(found->secrets);
    if (found && found->bindings.compatibility.warnings() != compatibilityWarnings) {
        compatibilityWarnings = found->bindings.compatibility.warnings();
        for (const base::Error &warning : compatibilityWarnings)
            notice(events::Level::Warn, warning);
    }
    if (found && found->remarks != remarks) {
        remarks = found->remarks;
        for (const Remark &remark : remarks)
            notice(remark.level, remark.what);
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
    group.setStateFolder(resolved.state);
    group.setServices(servicesNow());
    updateConsumers();
    if (moved) {
        assets = std::make_shared<functions::Assets>(resolved.directory);
        assetAccess.use(assets, resolved.proxyPort);
        assetRules.forget();
        readRules();
        watchAssets();
    }
    if ((moved || rebound) && runnable)
        load();
    else if (runnable && loading == Loading::No && !buildError && live != Live::Current)
        setLive(Live::Current);
    if (runnable && nodeCompat() != bundle.node)
        build();
}

} // namespace cleat::session
