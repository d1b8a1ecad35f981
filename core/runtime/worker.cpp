// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/worker.h"

#include "core/runtime/workerstate.h"
#include "core/runtime/workerthread.h"

#include <thread>

namespace cleat::runtime {

class Worker::Private
{
public:
    Private(events::EventLog &log, ResponseSink &sink, AssetSource &assets, Limits limits, WorkerPlace place)
        : state(log, sink, assets, limits, std::move(place)),
          thread(startWorkerThread({limits.heapBytes, limits.bufferBytes}, [this](FreshIsolate &&fresh) { state.run(std::move(fresh)); }))
    {
    }
    ~Private()
    {
        state.stop();
        thread.join();
    }

    WorkerState state;
    std::thread thread;
};

Worker::Worker(events::EventLog &log, ResponseSink &sink, AssetSource &assets, Limits limits, WorkerPlace place)
    : d(std::make_unique<Private>(log, sink, assets, limits, std::move(place)))
{
}

Worker::~Worker() = default;

void Worker::load(Module module, Bindings bindings, std::function<void(base::Result<void>)> done)
{
    d->state.tasks.push(WorkerState::LoadTask{
        std::make_shared<const Module>(std::move(module)), std::make_shared<const Bindings>(std::move(bindings)), std::move(done)});
}

void Worker::loadNothing()
{
    d->state.tasks.push(WorkerState::LoadTask{});
}

void Worker::request(Request &&request)
{
    d->state.unanswered.fetch_add(1, std::memory_order_relaxed);
    d->state.tasks.push(std::move(request));
}

RequestId Worker::trigger(Trigger &&trigger)
{
    return d->state.addTrigger(std::move(trigger));
}

void Worker::ringAlarm(std::string className, std::string id, std::function<void(base::Result<void>)> done)
{
    controlObjects([className = std::move(className), id = std::move(id), done = std::move(done)](ObjectControl &objects) {
        auto rung = objects.ringNow(className, id);
        if (done)
            done(std::move(rung));
    });
}

void Worker::controlObjects(std::function<void(ObjectControl &)> work)
{
    d->state.tasks.push(WorkerState::ObjectsTask{std::move(work)});
}

void Worker::bodyPiece(RequestId id, std::string &&bytes, Piece piece)
{
    using Kind = WorkerState::BodyTask::Kind;
    d->state.tasks.push(WorkerState::BodyTask{id, std::move(bytes), piece == Piece::Last ? Kind::Last : Kind::More});
}

void Worker::bodyFailed(RequestId id, std::string reason)
{
    d->state.tasks.push(WorkerState::BodyTask{id, std::move(reason), WorkerState::BodyTask::Kind::Failed});
}

void Worker::clientLeft(RequestId id)
{
    d->state.tasks.push(WorkerState::LeftTask{id});
}

void Worker::pieceSent(RequestId id, std::size_t bytes)
{
    d->state.tasks.push(WorkerState::SentTask{id, bytes});
}

void Worker::openInspector(std::shared_ptr<InspectorSink> sink)
{
    d->state.tasks.push(WorkerState::OpenInspectorTask{std::move(sink)});
}

void Worker::closeInspector()
{
    d->state.inspect({InspectorCommand::Kind::Resume, 0, {}});
    d->state.tasks.push(WorkerState::CloseInspectorTask{});
}

void Worker::attachDebugger(InspectorSessionId session)
{
    d->state.inspect({InspectorCommand::Kind::Attach, session, {}});
}

void Worker::debuggerMessage(InspectorSessionId session, std::string &&json)
{
    d->state.inspect({InspectorCommand::Kind::Message, session, std::move(json)});
}

void Worker::detachDebugger(InspectorSessionId session)
{
    d->state.inspect({InspectorCommand::Kind::Detach, session, {}});
}

void Worker::resume()
{
    d->state.inspect({InspectorCommand::Kind::Resume, 0, {}});
}

std::size_t Worker::pending() const
{
    return d->state.unanswered.load(std::memory_order_relaxed);
}

} // namespace cleat::runtime
