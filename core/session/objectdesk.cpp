// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/objectdesk.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/runtime/objectcontrol.h"
#include "core/runtime/preview.h"
#include "core/runtime/worker.h"

#include <QPointer>
#include <QThreadPool>

#include <nlohmann/json.hpp>

#include <atomic>

namespace cleat::session {

namespace fs = std::filesystem;

using base::Result;
using data::durableobjects::ObjectChange;
using nlohmann::json;
using runtime::ObjectControl;

class ObjectDesk::Private
{
public:
    FindWorker findWorker;
    std::function<fs::path()> state;
    QThreadPool files; ///< one at a time
};

/// Comes to the main thread once, whatever becomes of what it was given to.
template <typename T>
class ObjectDesk::Answer final
{
public:
    Answer(ObjectDesk &desk, QObject *context, Done<T> done) : m_desk(desk), m_to(std::make_shared<To>(To{context, std::move(done)})) {}
    ~Answer() { give(base::fail("session.objects", "The Worker stopped before it answered.")); }
    Answer(const Answer &) = delete;
    Answer &operator=(const Answer &) = delete;

    /// Any thread.
    void give(Result<T> result)
    {
        if (!m_to)
            return;
        QMetaObject::invokeMethod(
            &m_desk, [to = std::exchange(m_to, nullptr), result = std::make_shared<Result<T>>(std::move(result))] {
                if (to->context)
                    to->done(std::move(*result));
            },
            Qt::QueuedConnection);
    }

private:
    struct To {
        QPointer<QObject> context;
        Done<T> done;
    };
    ObjectDesk &m_desk;
    std::shared_ptr<To> m_to; ///< nullptr: it was given
};

namespace {

ObjectDesk::Instance instanceOf(ObjectControl::Instance instance)
{
    return instance == ObjectControl::Instance::Gone ? ObjectDesk::Instance::Gone : ObjectDesk::Instance::Busy;
}

LiveObject::State stateOf(runtime::LiveObject::State state)
{
    switch (state) {
    case runtime::LiveObject::State::Active:
        break;
    case runtime::LiveObject::State::Idle:
        return LiveObject::State::Idle;
    case runtime::LiveObject::State::Hibernating:
        return LiveObject::State::Hibernating;
    }
    return LiveObject::State::Active;
}

std::unexpected<base::Error> notRunning(const std::string &worker)
{
    return base::fail("session.objects", "The Worker " + worker + " does not run. Start the project, and mend the Worker's code when the log says that it cannot be loaded.");
}

std::unexpected<base::Error> noNamespace(const std::string &uniqueKey)
{
    return base::fail("session.objects", uniqueKey + " is no namespace of Durable Objects.");
}

std::string textOf(const json &object, const char *name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flagOf(const json &object, const char *name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

/// What js/durable/call.js tells.
ObjectAnswer answerOf(const runtime::TriggerResult &result)
{
    ObjectAnswer answer;
    if (result.outcome != "ok") {
        answer.error = result.error.empty() ? result.outcome : result.error;
        return answer;
    }
    const json details = json::parse(result.details, nullptr, false);
    if (!details.is_object())
        return answer;
    if (const auto status = details.find("status"); status != details.end() && status->is_number_integer())
        answer.status = status->get<int>();
    answer.statusText = textOf(details, "statusText");
    if (const auto headers = details.find("headers"); headers != details.end() && headers->is_array()) {
        for (const json &one : *headers) {
            if (one.is_array() && one.size() == 2 && one[0].is_string() && one[1].is_string())
                answer.headers.emplace_back(one[0].get<std::string>(), one[1].get<std::string>());
        }
    }
    answer.body = details.contains("base64") ? base::fromBase64(textOf(details, "base64")).value_or(std::string()) : textOf(details, "body");
    answer.webSocket = flagOf(details, "webSocket");
    answer.isJson = details.contains("json");
    answer.value = textOf(details, answer.isJson ? "json" : "value");
    answer.cut = flagOf(details, "cut");
    return answer;
}

} // namespace

ObjectDesk::ObjectDesk(FindWorker findWorker, std::function<fs::path()> state, QObject *parent) : QObject(parent), d(std::make_unique<Private>())
{
    d->findWorker = std::move(findWorker);
    d->state = std::move(state);
    d->files.setMaxThreadCount(1);
}

ObjectDesk::~ObjectDesk()
{
    d->files.waitForDone();
}

std::optional<std::pair<std::string, std::string>> ObjectDesk::workerAndClass(const std::string &uniqueKey)
{
    const std::size_t dash = uniqueKey.rfind('-'); // a class's name has none
    if (dash == std::string::npos || dash == 0 || dash + 1 == uniqueKey.size())
        return std::nullopt;
    return std::pair(uniqueKey.substr(0, dash), uniqueKey.substr(dash + 1));
}

bool ObjectDesk::runs(const std::string &uniqueKey) const
{
    const auto found = workerAndClass(uniqueKey);
    return found && d->findWorker(found->first);
}

template <typename T, typename Work>
void ObjectDesk::control(const std::string &worker, QObject *context, Done<T> done, Work work)
{
    const auto answer = std::make_shared<Answer<T>>(*this, context, std::move(done));
    if (runtime::Worker *running = d->findWorker(worker))
        running->controlObjects([answer, work = std::move(work)](ObjectControl &objects) { answer->give(work(objects)); });
    else
        answer->give(notRunning(worker));
}

template <typename T, typename Work>
void ObjectDesk::onFiles(QObject *context, Done<T> done, Work work)
{
    const auto answer = std::make_shared<Answer<T>>(*this, context, std::move(done));
    d->files.start([answer, work = std::move(work)] { answer->give(work()); });
}

void ObjectDesk::live(const std::string &uniqueKey, QObject *context, Done<std::vector<LiveObject>> done)
{
    const auto found = workerAndClass(uniqueKey);
    if (!found || !d->findWorker(found->first)) {
        Answer<std::vector<LiveObject>>(*this, context, std::move(done)).give(std::vector<LiveObject>());
        return;
    }
    control<std::vector<LiveObject>>(found->first, context, std::move(done), [className = found->second](ObjectControl &objects) -> Result<std::vector<LiveObject>> {
        std::vector<LiveObject> all;
        for (runtime::LiveObject &one : objects.live(className))
            all.push_back({std::move(one.id), std::move(one.name), stateOf(one.state), one.webSockets});
        return all;
    });
}

void ObjectDesk::webSockets(const ObjectPlace &place, QObject *context, Done<std::vector<ObjectSocket>> done)
{
    const auto found = workerAndClass(place.uniqueKey);
    if (!found || !d->findWorker(found->first)) {
        Answer<std::vector<ObjectSocket>>(*this, context, std::move(done)).give(std::vector<ObjectSocket>());
        return;
    }
    control<std::vector<ObjectSocket>>(found->first, context, std::move(done), [className = found->second, id = place.id](ObjectControl &objects) -> Result<std::vector<ObjectSocket>> {
        std::vector<ObjectSocket> all;
        for (runtime::ObjectSocket &one : objects.webSockets(className, id))
            all.push_back({std::move(one.tags), std::move(one.attachment), one.isClosing, one.answeredMs});
        return all;
    });
}

void ObjectDesk::change(const ObjectPlace &place, ObjectChange change, QObject *context, Done<Instance> done)
{
    const auto found = workerAndClass(place.uniqueKey);
    const auto inFile = [place, state = d->state(), change]() -> Result<Instance> {
        if (auto applied = data::durableobjects::applyToFile(state, place.uniqueKey, place.id, change); !applied)
            return std::unexpected(std::move(applied.error()));
        return Instance::Gone;
    };
    if (!found || !d->findWorker(found->first)) {
        onFiles<Instance>(context, std::move(done), inFile);
        return;
    }
    control<Instance>(found->first, context, std::move(done), [className = found->second, id = place.id, change = std::move(change), inFile](ObjectControl &objects) -> Result<Instance> {
        auto changed = objects.change(className, id, [&](bindings::durableobjects::ObjectStore &store) { return data::durableobjects::apply(change, store); });
        if (!changed && changed.error().code == "objects.no-class") // its code is gone, so nobody else has it open
            return inFile();
        if (!changed)
            return std::unexpected(std::move(changed.error()));
        return instanceOf(objects.evict(className, id));
    });
}

void ObjectDesk::evict(const ObjectPlace &place, QObject *context, Done<Instance> done)
{
    const auto found = workerAndClass(place.uniqueKey);
    if (!found || !d->findWorker(found->first)) {
        Answer<Instance>(*this, context, std::move(done)).give(Instance::Gone);
        return;
    }
    control<Instance>(found->first, context, std::move(done), [className = found->second, id = place.id](ObjectControl &objects) -> Result<Instance> { return instanceOf(objects.evict(className, id)); });
}

void ObjectDesk::ring(const ObjectPlace &place, QObject *context, Done<void> done)
{
    const auto found = workerAndClass(place.uniqueKey);
    if (!found) {
        Answer<void>(*this, context, std::move(done)).give(noNamespace(place.uniqueKey));
        return;
    }
    control<void>(found->first, context, std::move(done), [className = found->second, id = place.id](ObjectControl &objects) { return objects.ringNow(className, id); });
}

void ObjectDesk::remove(const ObjectPlace &place, QObject *context, Done<void> done)
{
    const auto found = workerAndClass(place.uniqueKey);
    const auto files = [place, state = d->state()] { return data::durableobjects::removeFiles(state, place.uniqueKey, place.id); };
    if (!found || !d->findWorker(found->first)) {
        onFiles<void>(context, std::move(done), files);
        return;
    }
    control<void>(found->first, context, std::move(done), [className = found->second, id = place.id, files](ObjectControl &objects) {
        auto removed = objects.remove(className, id);
        return !removed && removed.error().code == "objects.no-class" ? files() : removed;
    });
}

void ObjectDesk::call(const ObjectPlace &place, const ObjectCall &call, QObject *context, Done<ObjectAnswer> done)
{
    const auto answer = std::make_shared<Answer<ObjectAnswer>>(*this, context, std::move(done));
    const auto found = workerAndClass(place.uniqueKey);
    if (!found) {
        answer->give(noNamespace(place.uniqueKey));
        return;
    }
    runtime::Worker *worker = d->findWorker(found->first);
    if (!worker) {
        answer->give(notRunning(found->first));
        return;
    }
    const bool isRequest = call.how == ObjectCall::How::Request;
    json headers = json::array();
    for (const auto &[name, value] : call.headers)
        headers.push_back({name, value});
    const std::string given = isRequest ? headers.dump(-1, ' ', false, json::error_handler_t::replace) : call.arguments.empty() ? "[]" : call.arguments;
    runtime::Trigger trigger;
    trigger.event = "object";
    trigger.kind = events::RequestKind::Manual;
    trigger.target = found->second + ' ' + place.name.value_or(place.id) + ' ' + (isRequest ? call.method + ' ' + call.url : call.method + "()");
    trigger.arguments = {found->second, place.id, place.name ? runtime::Trigger::Argument(*place.name) : runtime::Trigger::Argument(-1.0), std::string(isRequest ? "fetch" : "call"), call.method, call.url, given,
        runtime::Trigger::Bytes{call.body}};
    if (isRequest)
        trigger.given = "{\"method\":" + runtime::jsonString(call.method) + ",\"url\":" + runtime::jsonString(call.url) + ",\"headers\":" + given + ",\"body\":" + runtime::jsonString(call.body) + '}';
    else
        trigger.given = "{\"method\":" + runtime::jsonString(call.method) + ",\"arguments\":" + given + '}';
    const auto row = std::make_shared<std::atomic<events::RequestId>>(0);
    trigger.done = [answer, row, begun = base::steadyNs()](runtime::TriggerResult &&result) {
        ObjectAnswer made = answerOf(result);
        made.tookUs = (base::steadyNs() - begun) / 1000;
        made.row = row->load();
        answer->give(std::move(made));
    };
    row->store(worker->trigger(std::move(trigger)));
}

} // namespace cleat::session
