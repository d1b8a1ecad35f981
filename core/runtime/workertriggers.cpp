// SPDX-License-Identifier: GPL-3.0-or-later
// Work without a request: the half of WorkerState that runs triggers.

#include "core/base/clock.h"
#include "core/runtime/enter.h"
#include "core/runtime/natives.h"
#include "core/runtime/preview.h"
#include "core/runtime/triggerrun.h"
#include "core/runtime/workerstate.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cleat::runtime {

namespace {

std::uint32_t microseconds(std::int64_t fromNs, std::int64_t toNs)
{
    return static_cast<std::uint32_t>(std::max<std::int64_t>(toNs - fromNs, 0) / 1000);
}

std::string methodOf(const Trigger &trigger)
{
    switch (trigger.kind) {
    case events::RequestKind::Http:
        break;
    case events::RequestKind::Queue:
        return "QUEUE";
    case events::RequestKind::Cron:
        return "CRON";
    case events::RequestKind::Alarm:
        return "ALARM";
    case events::RequestKind::Manual:
        return trigger.event == "object" ? "OBJECT" : "AI";
    }
    return {};
}

v8::MaybeLocal<v8::Value> argumentToJs(Js js, const Trigger::Argument &argument)
{
    if (const auto *text = std::get_if<std::string>(&argument))
        return toJs(js, *text);
    if (const auto *number = std::get_if<double>(&argument))
        return v8::Local<v8::Value>(v8::Number::New(js.isolate, *number));
    v8::Local<v8::ArrayBuffer> buffer;
    if (!toArrayBuffer(js, std::get<Trigger::Bytes>(argument).bytes).ToLocal(&buffer))
        return {};
    return v8::Local<v8::Value>(buffer);
}

} // namespace

TriggerRun::TriggerRun(events::EventLog &log, Trigger &&trigger)
    : m_log(log), m_trigger(std::move(trigger)), m_recorded(log.recorded()), m_startNs(base::steadyNs())
{
    m_row.id = log.nextRequest();
    m_row.startUs = base::wallUs();
    m_row.kind = m_trigger.kind;
    m_row.method = methodOf(m_trigger);
    m_row.target = m_trigger.target;
    m_row.environment = m_trigger.environment;
    m_row.cause = m_trigger.cause;
    m_row.requestBytes = m_trigger.given.size();
}

TriggerRun::~TriggerRun()
{
    end({"canceled", "The Worker ended before its handler did.", {}});
}

void TriggerRun::begin(const std::string &worker)
{
    m_row.handler = worker;
    m_row.handedUs = m_row.beganUs = microseconds(m_startNs, base::steadyNs());
    publish(events::RequestState::Running, {});
}

void TriggerRun::end(TriggerResult &&result)
{
    if (std::exchange(m_ended, true))
        return;
    std::string made = "{\"outcome\":" + jsonString(result.outcome);
    if (result.details.size() > 2)
        made.append(",").append(result.details, 1, std::string::npos);
    else
        made += '}';
    if (result.outcome != "ok")
        m_row.error = result.error.empty() ? result.outcome : result.error.substr(0, result.error.find('\n'));
    m_row.answeredUs = microseconds(m_startNs, base::steadyNs());
    m_row.responseBytes = made.size();
    publish(events::RequestState::Finished, made);
    if (m_trigger.done)
        std::exchange(m_trigger.done, nullptr)(std::move(result));
}

void TriggerRun::publish(events::RequestState state, const std::string &made)
{
    if (m_recorded == events::EventLog::Recorded::Nothing)
        return;
    m_row.state = state;
    m_row.durationUs = microseconds(m_startNs, base::steadyNs());
    events::Batch batch;
    batch.emplace_back(m_row);
    if (recorded() && state != events::RequestState::Running) {
        const std::size_t most = m_log.bodyBytes();
        events::ContentEvent content;
        content.request = m_row.id;
        content.requestBody = m_trigger.given.substr(0, most);
        content.responseBody = made.substr(0, most);
        batch.emplace_back(std::move(content));
    }
    m_log.publish(std::move(batch));
}

// ---- WorkerState

RequestId WorkerState::addTrigger(Trigger &&trigger)
{
    auto run = std::make_unique<TriggerRun>(m_log, std::move(trigger));
    const RequestId id = run->id();
    unanswered.fetch_add(1, std::memory_order_relaxed);
    tasks.push(TriggerTask{std::move(run)});
    return id;
}

void WorkerState::handle(TriggerTask &&task)
{
    TriggerRun &run = *task.run;
    if (!m_latest) {
        if (!m_codeExpected) {
            unanswered.fetch_sub(1, std::memory_order_relaxed);
            run.end({"canceled", "The Worker's code could not be loaded; the log says why.", {}});
        } else {
            m_earlyTriggers.push_back(std::move(task.run));
        }
        return;
    }
    const RequestId id = run.id();
    const std::shared_ptr<Realm> realm = m_latest;
    PendingRequest &request = m_pending[id];
    request.realm = realm;
    request.startNs = run.startNs();
    request.recorded = run.recorded();
    request.gone = true; // there is no client
    m_triggers[id] = std::move(task.run);
    run.begin(m_links.name());
    const Trigger &trigger = run.trigger();
    if (trigger.kind == events::RequestKind::Alarm || trigger.event == "object")
        request.home = m_objects.homeOfTrigger(realm, trigger);
    const WorkerObjects::Home home = request.home;
    enter(realm, id, [&](Js js) {
        const v8::Local<v8::Array> arguments = v8::Array::New(js.isolate, static_cast<int>(trigger.arguments.size()));
        for (std::uint32_t i = 0; i < trigger.arguments.size(); ++i) {
            v8::Local<v8::Value> argument;
            if (!argumentToJs(js, trigger.arguments[i]).ToLocal(&argument))
                return false;
            arguments->CreateDataProperty(js.context, i, argument).Check();
        }
        if (home != 0)
            arguments->CreateDataProperty(js.context, arguments->Length(), v8::Number::New(js.isolate, static_cast<double>(home))).Check();
        std::array<v8::Local<v8::Value>, 3> all{v8::Number::New(js.isolate, static_cast<double>(id)), toJs(js, trigger.event), arguments};
        v8::Local<v8::Value> result;
        return realm->entry(Entry::Trigger)->Call(js.context, v8::Undefined(js.isolate), static_cast<int>(all.size()), all.data()).ToLocal(&result);
    });
}

void WorkerState::runEarlyTriggers()
{
    m_codeExpected = false;
    for (auto &run : std::exchange(m_earlyTriggers, {}))
        handle(TriggerTask{std::move(run)});
}

void WorkerState::endTrigger(RequestId id, std::string outcome, std::string error, std::string details)
{
    auto found = m_triggers.extract(id);
    if (!found)
        return;
    // What the code told comes before the row is complete.
    if (PendingRequest *request = pending(id)) {
        for (std::uint32_t scope = 1; scope <= request->scopes.size(); ++scope)
            endScope(id, *request, scope, {}, error);
    }
    publish();
    found.mapped()->end({std::move(outcome), std::move(error), std::move(details)});
}

// ---- natives

namespace {

/// triggerEnd(id, outcome, error, details): the code of a trigger is through
void triggerEnd(const v8::FunctionCallbackInfo<v8::Value> &arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto id = static_cast<RequestId>(arguments[0]->NumberValue(js.context).FromMaybe(0));
    WorkerState::of(js.isolate).endTrigger(id, toStd(js, arguments[1]), toStd(js, arguments[2]), toStd(js, arguments[3]));
}

constexpr std::array natives = {
    Native{"triggerEnd", triggerEnd},
};

} // namespace

std::span<const Native> triggerNatives()
{
    return natives;
}

} // namespace cleat::runtime
