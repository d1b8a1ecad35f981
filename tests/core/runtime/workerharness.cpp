// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/runtime/workerharness.h"

#include <QElapsedTimer>
#include <QThread>

#include <chrono>
#include <future>

namespace cleat::test {

std::string WorkerHarness::Answer::field(std::string_view name) const
{
    for (const auto &[key, value] : fields) {
        if (key == name)
            return value;
    }
    return {};
}

WorkerHarness::WorkerHarness(runtime::Limits limits, runtime::WorkerPlace place) : m_worker(std::make_unique<runtime::Worker>(m_log, *this, *this, limits, std::move(place))) {}

WorkerHarness::~WorkerHarness()
{
    m_worker.reset();
}

base::Result<void> WorkerHarness::load(const std::string &code, runtime::Bindings bindings, const std::string &sourceMap)
{
    return loadHandlers(code + "\nexport default {\"index.js\": {onRequest}};\n", {{"index.js", "onRequest"}}, std::move(bindings), sourceMap);
}

base::Result<void> WorkerHarness::loadHandlers(const std::string &code, std::vector<std::pair<std::string, std::string>> handlers, runtime::Bindings bindings,
    const std::string &sourceMap)
{
    runtime::Module module;
    module.code = code;
    module.sourceMap = sourceMap;
    module.handlers = std::move(handlers);
    if (bindings.state.empty())
        bindings.state = m_state.path().toStdString();
    std::promise<base::Result<void>> done;
    m_worker->load(std::move(module), std::move(bindings), [&](base::Result<void> result) { done.set_value(std::move(result)); });
    return done.get_future().get();
}

base::Result<void> WorkerHarness::loadWorker(const std::string &code, runtime::Bindings bindings)
{
    runtime::Module module;
    module.kind = runtime::Module::Kind::Worker;
    module.code = code;
    module.handlers = {{"worker.js", "fetch"}};
    if (bindings.state.empty())
        bindings.state = m_state.path().toStdString();
    std::promise<base::Result<void>> done;
    m_worker->load(std::move(module), std::move(bindings), [&](base::Result<void> result) { done.set_value(std::move(result)); });
    return done.get_future().get();
}

runtime::RequestId WorkerHarness::begin(runtime::Request request)
{
    request.id = m_log.nextRequest();
    if (request.steps.empty())
        request.steps.push_back({0, "/", {}});
    const runtime::RequestId id = request.id;
    {
        std::lock_guard lock(m_mutex);
        m_answers[id] = {};
    }
    m_worker->request(std::move(request));
    return id;
}

WorkerHarness::Answer WorkerHarness::wait(runtime::RequestId id, int milliseconds)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, std::chrono::milliseconds(milliseconds), [&] { return m_answers[id].complete; });
    return m_answers[id];
}

WorkerHarness::Answer WorkerHarness::send(runtime::Request request)
{
    return wait(begin(std::move(request)));
}

WorkerHarness::Answer WorkerHarness::fetch(const std::string &method, const std::string &url, runtime::Fields fields, std::optional<std::string> body)
{
    runtime::Request request;
    request.method = method;
    request.url = url;
    request.fields = std::move(fields);
    if (body) {
        request.bodyKind = runtime::Request::Body::Whole;
        request.body = *body;
    }
    return send(std::move(request));
}

std::vector<events::Event> WorkerHarness::events()
{
    const auto drained = m_log.after(m_cursor);
    m_cursor = drained.next;
    std::vector<events::Event> all;
    for (const auto &batch : drained.batches)
        all.insert(all.end(), batch->begin(), batch->end());
    return all;
}

std::vector<std::string> WorkerHarness::console(std::size_t count)
{
    std::vector<std::string> lines;
    QElapsedTimer timer;
    timer.start();
    while (lines.size() < count && timer.elapsed() < 10000) {
        for (const auto &event : events()) {
            if (const auto *line = std::get_if<events::ConsoleEvent>(&event))
                lines.push_back(line->text);
        }
        if (lines.size() < count)
            QThread::msleep(5);
    }
    return lines;
}

std::size_t WorkerHarness::consumed() const
{
    std::lock_guard lock(m_mutex);
    return m_consumed;
}

void WorkerHarness::forget(runtime::RequestId id)
{
    std::lock_guard lock(m_mutex);
    m_answers.erase(id);
}

void WorkerHarness::respond(runtime::RequestId id, runtime::ResponseHead &&head, std::string &&body)
{
    std::lock_guard lock(m_mutex);
    Answer &answer = m_answers[id];
    answer.status = head.status;
    answer.fields = std::move(head.fields);
    answer.body = std::move(body);
    answer.bytes = answer.body.size();
    answer.complete = true;
    m_changed.notify_all();
}

void WorkerHarness::begin(runtime::RequestId id, runtime::ResponseHead &&head, std::optional<std::uint64_t> length)
{
    std::lock_guard lock(m_mutex);
    Answer &answer = m_answers[id];
    answer.status = head.status;
    answer.fields = std::move(head.fields);
    answer.streamed = true;
    answer.length = length;
}

void WorkerHarness::piece(runtime::RequestId id, std::string &&bytes)
{
    {
        std::lock_guard lock(m_mutex);
        if (keep == Keep::Text)
            m_answers[id].body += bytes;
        m_answers[id].bytes += bytes.size();
        ++m_answers[id].pieces;
    }
    if (acknowledge == Acknowledge::AtOnce)
        m_worker->pieceSent(id, bytes.size());
}

void WorkerHarness::end(runtime::RequestId id, Finish finish)
{
    std::lock_guard lock(m_mutex);
    m_answers[id].complete = true;
    m_answers[id].truncated = finish == Finish::Truncated;
    m_changed.notify_all();
}

void WorkerHarness::bodyConsumed(runtime::RequestId, std::size_t bytes)
{
    std::lock_guard lock(m_mutex);
    m_consumed += bytes;
}

void WorkerHarness::failed(runtime::RequestId id, const std::string &error)
{
    std::lock_guard lock(m_mutex);
    m_answers[id].error = error;
}

void WorkerHarness::flush() {}

runtime::AssetSource::Answer WorkerHarness::fetch(const std::string &method, const std::string &url, const runtime::Fields &fields)
{
    if (url.ends_with("/asset.txt")) {
        std::string mark;
        for (const auto &[name, value] : fields)
            mark += name == "x-mark" ? value : std::string();
        return {{200, {}, {{"content-type", "text/plain; charset=utf-8"}, {"x-seen", mark}}}, std::make_shared<const std::string>(method + " asset")};
    }
    return {{404, {}, {}}, nullptr};
}

} // namespace cleat::test
