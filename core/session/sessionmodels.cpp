// SPDX-License-Identifier: GPL-3.0-or-later
// What a session does with models by hand: the list of their calls, one more, an answer to be kept.

#include "core/session/sessionprivate.h"

#include "core/base/json.h"
#include "core/runtime/preview.h"

namespace cleat::session {

using bindings::ai::Recordings;

ModelCallLog &Session::modelCalls()
{
    return *d->modelCalls;
}

base::Result<events::RequestId> Session::askModel(const std::string &worker, const std::string &binding, const std::string &model, const std::string &inputs)
{
    if (const base::Json parsed = base::Json::parse(inputs, nullptr, false); !parsed.is_object())
        return base::fail("ai.inputs", "The inputs are no JSON object. A text model takes {\"prompt\": \"...\"} or {\"messages\": [...]}.");
    runtime::Worker *running = d->runningWorker(worker);
    if (!running)
        return base::fail("session.ai", "The Worker " + worker + " does not run. Start the project, and mend the Worker's code when the log says that it cannot be loaded.");
    runtime::Trigger trigger;
    trigger.event = "ai";
    trigger.kind = events::RequestKind::Manual;
    trigger.target = model;
    trigger.arguments = {binding, model, inputs};
    trigger.given = "{\"binding\":" + runtime::jsonString(binding) + ",\"model\":" + runtime::jsonString(model) + ",\"inputs\":" + inputs + '}';
    return running->trigger(std::move(trigger));
}

base::Result<std::filesystem::path> Session::keepModelCall(const ModelCall &call)
{
    if (!call.error.empty())
        return base::fail("session.ai", "This call failed, so there is no answer to keep.");
    if (call.isCut)
        return base::fail("session.ai", "This call's inputs or answer are too long to be kept from here. With a folder for recordings in Settings, answers of any length are kept as they come.");
    const bindings::ai::Provider provider = d->aiProviderNow();
    if (provider.recordings.empty())
        return base::fail("session.ai", "No folder is chosen for recordings. Choose one in Settings, Workers AI.");
    return Recordings(provider.recordings).keep({call.model, call.inputs, call.form, call.answer, call.contentType});
}

} // namespace cleat::session
