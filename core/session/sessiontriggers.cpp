// SPDX-License-Identifier: GPL-3.0-or-later
// What a session has that no request asks for: queues, schedules, and Durable Objects by hand.

#include "core/session/sessionprivate.h"

#include "core/runtime/preview.h"
#include "core/session/cron.h"

#include <map>

namespace cleat::session {

namespace {

bool isRunning(const WorkerProject &worker)
{
    return worker.state() == WorkerProject::State::Running;
}

} // namespace

void Session::Private::startBroker()
{
    broker = std::make_unique<QueueBroker>(log, [this] {
        QMetaObject::invokeMethod(&q, [this] { Q_EMIT q.queuesChanged(); }, Qt::QueuedConnection);
    });
}

/// Those Workers get batches that run, and that are the first to name a queue.
void Session::Private::updateConsumers()
{
    if (broker) {
        std::map<std::string, QueueBroker::Consumer> consumers;
        std::string conflict;
        for (const auto &one : group.workers()) {
            for (const config::QueueConsumer &consumer : one->triggers().consumers) {
                if (const auto other = consumers.find(consumer.queue); other != consumers.end()) {
                    conflict = "The Workers " + other->second.worker + " and " + one->name() + " both consume the queue " + consumer.queue + ", which the first of them gets. Remove it from one of their files.";
                    continue;
                }
                if (isRunning(*one) && consumer.type == config::QueueConsumer::Type::Worker)
                    consumers.emplace(consumer.queue, QueueBroker::Consumer{consumer, one->name(), one->door()});
            }
        }
        if (std::exchange(consumerConflict, conflict) != conflict && !conflict.empty())
            notice(events::Level::Error, {"session.queue-consumers", conflict, {}});
        std::vector<QueueBroker::Consumer> list;
        for (auto &[queue, consumer] : consumers)
            list.push_back(std::move(consumer));
        broker->setConsumers(resolved.state, std::move(list));
    }
    Q_EMIT q.queuesChanged();
}

std::vector<QueueStatus> Session::queues() const
{
    std::map<std::string, QueueStatus> all;
    const auto at = [&](const std::string &name) -> QueueStatus & {
        QueueStatus &status = all[name];
        status.name = name;
        return status;
    };
    const auto produces = [&](const config::Binding &binding, const std::string &who) {
        const auto id = binding.kind == config::Kind::Queue ? config::localId(binding) : std::nullopt;
        if (!id || id->empty())
            return;
        std::vector<std::string> &producers = at(*id).producers;
        if (std::ranges::find(producers, who) == producers.end())
            producers.push_back(who);
    };
    const std::string project = projectName().toStdString();
    for (const auto &entry : d->store.config().effective(d->options.scope).bindings)
        produces(entry.value, project);
    for (const config::Binding &binding : d->options.bindings)
        produces(binding, project);
    for (const auto &one : d->group.workers()) {
        for (const config::Binding &binding : one->bindings())
            produces(binding, one->name());
        for (const config::QueueConsumer &consumer : one->triggers().consumers) {
            QueueStatus &status = at(consumer.queue);
            if (status.settings)
                continue;
            status.consumer = one->name();
            status.settings = consumer;
            status.delivery = consumer.type == config::QueueConsumer::Type::HttpPull ? QueueStatus::Delivery::Pulled
                : isRunning(*one)                                                          ? QueueStatus::Delivery::Running
                                                                                   : QueueStatus::Delivery::Stopped;
            if (!consumer.deadLetterQueue.empty())
                at(consumer.deadLetterQueue).deadLettersOf.push_back(consumer.queue);
        }
    }
    std::vector<QueueStatus> list;
    for (auto &[name, status] : all)
        list.push_back(std::move(status));
    return list;
}

void Session::deliverQueue(const std::string &queue)
{
    if (d->broker)
        d->broker->deliverNow(queue);
}

void Session::queuesTouched()
{
    if (d->broker)
        d->broker->wake();
    else
        Q_EMIT queuesChanged();
}

runtime::Worker *Session::Private::runningWorker(const std::string &name)
{
    if (worker && state == State::Running && name == q.projectName().toStdString())
        return worker.get();
    for (const auto &one : group.workers()) {
        if (one->name() == name)
            return one->worker();
    }
    return nullptr;
}

ObjectDesk &Session::objects()
{
    return d->objects;
}

std::vector<ObjectNamespace> Session::objectNamespaces() const
{
    std::map<std::pair<std::string, std::string>, ObjectNamespace> all;
    const auto use = [&](const config::Binding &binding, const std::string &owner, std::optional<config::Scope> scope, const std::string &beside) {
        const std::string className = binding.value("class_name");
        if (binding.kind != config::Kind::DurableObject || className.empty())
            return;
        const std::string script = binding.value("script_name");
        const std::string &worker = script.empty() ? owner : script;
        ObjectNamespace &found = all[{worker, className}];
        found.worker = worker;
        found.className = className;
        auto known = std::ranges::find_if(found.uses, [&](const DataResource::Use &one) { return one.binding == binding.name && one.worker == beside; });
        if (known == found.uses.end())
            known = found.uses.insert(found.uses.end(), {binding.name, {}, beside});
        if (scope)
            known->scopes.push_back(*scope);
    };
    const std::string project = projectName().toStdString();
    for (const config::Scope scope : {config::Scope::TopLevel, config::Scope::Production, config::Scope::Preview}) {
        for (const auto &entry : d->store.config().set(scope).bindings)
            use(entry.value, project, scope, {});
    }
    for (const config::Binding &binding : d->options.bindings)
        use(binding, project, std::nullopt, {});
    for (const auto &one : d->group.workers()) {
        for (const config::Binding &binding : one->bindings())
            use(binding, one->name(), std::nullopt, one->name());
    }
    std::vector<ObjectNamespace> list;
    for (auto &[key, found] : all)
        list.push_back(std::move(found));
    return list;
}

std::vector<CronStatus> Session::crons() const
{
    std::vector<CronStatus> all;
    const auto now = std::chrono::floor<std::chrono::minutes>(std::chrono::system_clock::now());
    for (const auto &one : d->group.workers()) {
        for (const auto &cron : one->triggers().crons) {
            CronStatus &status = all.emplace_back(CronStatus{one->name(), cron.pattern, std::nullopt, std::nullopt, isRunning(*one)});
            const auto parsed = Cron::parse(cron.pattern);
            if (!parsed)
                status.error = base::Error{parsed.error().code, parsed.error().message, cron.place};
            else if (const auto next = parsed->next(now))
                status.nextMs = std::chrono::duration_cast<std::chrono::milliseconds>(next->time_since_epoch()).count();
        }
    }
    return all;
}

base::Result<events::RequestId> Session::runCron(const std::string &worker, const std::string &pattern)
{
    const auto found = std::ranges::find_if(d->group.workers(), [&](const auto &one) { return one->name() == worker; });
    if (found == d->group.workers().end() || !isRunning(**found))
        return base::fail("session.cron", "The Worker " + worker + " does not run. Start the project, and mend the Worker's code when the log says that it cannot be loaded.");
    runtime::Trigger trigger;
    trigger.event = "scheduled";
    trigger.kind = events::RequestKind::Cron;
    trigger.target = pattern;
    const std::int64_t now = base::wallMs();
    trigger.arguments = {static_cast<double>(now), pattern};
    trigger.given = "{\"cron\":" + runtime::jsonString(pattern) + ",\"scheduledTime\":" + std::to_string(now) + '}';
    return (*found)->trigger(std::move(trigger));
}

} // namespace cleat::session
