// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/queuebroker.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/bindings/queues/queuelimits.h"
#include "core/runtime/preview.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace cleat::session {

using bindings::queues::ContentType;
using bindings::queues::Message;
using bindings::queues::QueueLock;
using bindings::queues::QueueStore;
using Outcome = QueueStore::Outcome;

namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t lookNs = second / 2; ///< what other processes sent is found within it
constexpr std::int64_t tellNs = second / 30;
constexpr std::int64_t expireNs = 3600 * second;

int batchSize(const config::QueueConsumer &settings)
{
    return std::max(settings.maxBatchSize.value_or(QueueBroker::defaultBatchSize), 1);
}

std::string shownBody(const Message &message)
{
    if (message.type == ContentType::Json)
        return message.body;
    if (message.type == ContentType::Text && base::isUtf8(message.body))
        return runtime::jsonString(message.body);
    return "{\"base64\":\"" + base::toBase64(base::asBytes(message.body)) + "\"}";
}

/// What the log says that the handler was given.
std::string shownMessages(const std::string &queue, const std::vector<Message> &messages, std::size_t most)
{
    std::string text = "{\"queue\":" + runtime::jsonString(queue) + ",\"messages\":[";
    for (const Message &message : messages) {
        text += text.back() == '[' ? "" : ",";
        text += "{\"id\":\"" + message.id + "\",\"timestamp\":" + std::to_string(message.sentMs) + ",\"attempts\":" + std::to_string(message.attempts + 1);
        if (message.type != ContentType::Json)
            text.append(",\"contentType\":\"").append(bindings::queues::contentTypeName(message.type)).append("\"");
        if (message.sender.request != 0)
            text += ",\"sentByRequest\":" + std::to_string(message.sender.request);
        text += ",\"body\":" + shownBody(message) + '}';
        if (text.size() > most)
            break;
    }
    return text + "]}";
}

/// What the handler said of each message, as js/queues/batch.js tells it.
struct Said {
    bool retryAll = false;
    std::optional<std::int64_t> batchDelay;
    std::map<std::string, std::optional<std::int64_t>> retries;
    std::vector<std::string> acknowledged;
};

Said saidIn(const std::string &details)
{
    Said said;
    const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(details)).object();
    const auto delay = [](const QJsonObject &from) -> std::optional<std::int64_t> {
        const QJsonValue found = from.value(QLatin1String("delaySeconds"));
        return found.isDouble() ? std::optional(std::clamp<std::int64_t>(found.toInteger(), 0, bindings::queues::maxDelaySeconds)) : std::nullopt;
    };
    const QJsonObject batch = json.value(QLatin1String("retryBatch")).toObject();
    said.retryAll = batch.value(QLatin1String("retry")).toBool();
    said.batchDelay = delay(batch);
    for (const QJsonValue one : json.value(QLatin1String("retryMessages")).toArray())
        said.retries[one.toObject().value(QLatin1String("msgId")).toString().toStdString()] = delay(one.toObject());
    for (const QJsonValue one : json.value(QLatin1String("explicitAcks")).toArray())
        said.acknowledged.push_back(one.toString().toStdString());
    return said;
}

} // namespace

/// Messages that a handler has.
struct QueueBroker::Batch {
    std::string queue;
    config::QueueConsumer settings;
    std::vector<Message> messages;
};

/// A queue that has a consumer.
struct QueueBroker::Line {
    Consumer consumer;
    std::unique_ptr<QueueLock> lock; ///< null: another process delivers
    std::int64_t lockNs = 0; ///< when to try again
    std::int64_t flushNs = 0; ///< when a batch goes that is not full; 0: nothing waits
    std::int64_t restNs = 0; ///< nothing is delivered before
    int open = 0; ///< batches under way
    bool now = false; ///< deliverNow()
};

struct QueueBroker::Mail {
    struct Over {
        std::shared_ptr<Batch> batch;
        runtime::TriggerResult result;
    };
    struct Wanted {
        std::filesystem::path state;
        std::vector<Consumer> consumers;
    };
    std::mutex mutex;
    std::condition_variable news;
    bool awake = false;
    bool stopping = false;
    std::vector<Over> over; ///< handlers that are through
    std::vector<std::string> now; ///< of deliverNow()
    std::optional<Wanted> wanted;
};

QueueBroker::QueueBroker(events::EventLog &log, std::function<void()> changed)
    : m_log(log), m_changed(std::move(changed)), m_mail(std::make_shared<Mail>()), m_thread([this] { run(); })
{
}

QueueBroker::~QueueBroker()
{
    {
        const std::lock_guard lock(m_mail->mutex);
        m_mail->stopping = true;
    }
    m_mail->news.notify_all();
    m_thread.join();
}

void QueueBroker::setConsumers(std::filesystem::path state, std::vector<Consumer> consumers)
{
    {
        const std::lock_guard lock(m_mail->mutex);
        m_mail->wanted = Mail::Wanted{std::move(state), std::move(consumers)};
    }
    m_mail->news.notify_all();
}

void QueueBroker::wake()
{
    {
        const std::lock_guard lock(m_mail->mutex);
        m_mail->awake = true;
    }
    m_mail->news.notify_all();
}

void QueueBroker::deliverNow(const std::string &queue)
{
    {
        const std::lock_guard lock(m_mail->mutex);
        m_mail->now.push_back(queue);
        m_mail->awake = true;
    }
    m_mail->news.notify_all();
}

// ---- the thread

void QueueBroker::run()
{
    while (takeNews()) {
        const std::int64_t now = base::steadyNs();
        std::int64_t next = m_lines.empty() ? now + expireNs : now + lookNs;
        for (const auto &[queue, line] : m_lines)
            next = std::min(next, serve(*line, now));
        if (!m_lines.empty() && now >= m_expireNs) {
            m_expireNs = now + expireNs;
            if (const auto gone = m_store->expire(base::wallMs()); !gone)
                problem(gone.error());
        }
        if (!m_unsettled.empty())
            next = std::min(next, settleAgain(now));
        if (m_news && now >= m_toldNs + tellNs) {
            m_news = false;
            m_toldNs = now;
            if (m_changed)
                m_changed();
        } else if (m_news) {
            next = std::min(next, m_toldNs + tellNs);
        }
        std::unique_lock lock(m_mail->mutex);
        const auto deadline = std::chrono::steady_clock::time_point(std::chrono::nanoseconds(next));
        m_mail->news.wait_until(lock, deadline, [this] { return m_mail->awake || m_mail->stopping || !m_mail->over.empty() || m_mail->wanted; });
    }
    returnAll();
}

/// False: it is to end.
bool QueueBroker::takeNews()
{
    std::vector<Mail::Over> over;
    std::vector<std::string> now;
    std::optional<Mail::Wanted> wanted;
    bool stopping = false;
    {
        const std::lock_guard lock(m_mail->mutex);
        over = std::exchange(m_mail->over, {});
        now = std::exchange(m_mail->now, {});
        wanted = std::exchange(m_mail->wanted, std::nullopt);
        stopping = m_mail->stopping;
        m_news = m_news || m_mail->awake;
        m_mail->awake = false;
    }
    for (const Mail::Over &one : over)
        settle(*one.batch, one.result);
    if (wanted)
        use(std::move(wanted->state), std::move(wanted->consumers));
    for (const std::string &queue : now) {
        if (const auto line = m_lines.find(queue); line != m_lines.end())
            line->second->now = true;
    }
    return !stopping;
}

void QueueBroker::use(std::filesystem::path state, std::vector<Consumer> consumers)
{
    if (state != m_state || !m_store) {
        returnAll();
        m_lines.clear();
        m_state = std::move(state);
        m_store = std::make_unique<QueueStore>(m_state);
        m_expireNs = 0;
    }
    std::map<std::string, std::unique_ptr<Line>> before = std::exchange(m_lines, {});
    for (Consumer &consumer : consumers) {
        const std::string queue = consumer.settings.queue;
        auto &line = m_lines[queue];
        if (const auto known = before.find(queue); known != before.end())
            line = std::move(known->second);
        else
            line = std::make_unique<Line>();
        line->consumer = std::move(consumer);
        line->restNs = 0;
    }
    m_news = true;
}

/// Serves a queue as far as it can be now; gives when to come again.
std::int64_t QueueBroker::serve(Line &line, std::int64_t nowNs)
{
    const std::string &queue = line.consumer.settings.queue;
    if (!line.lock) {
        if (nowNs < line.lockNs)
            return line.lockNs;
        line.lockNs = nowNs + second;
        auto lock = QueueLock::take(m_state, queue);
        if (!lock)
            problem(lock.error());
        if (!lock || !*lock)
            return line.lockNs;
        line.lock = std::move(*lock);
        if (line.open == 0) {
            if (auto recovered = m_store->recover(queue); !recovered)
                problem(recovered.error());
        }
    }
    if (nowNs < line.restNs)
        return line.restNs;
    const config::QueueConsumer &settings = line.consumer.settings;
    for (;;) {
        const std::int64_t wallMs = base::wallMs();
        const auto due = m_store->due(queue, wallMs);
        if (!due) {
            problem(due.error());
            return line.restNs = nowNs + second;
        }
        std::int64_t next = due->nextMs ? nowNs + (*due->nextMs - wallMs) * 1'000'000 : nowNs + lookNs;
        if (due->ready == 0) {
            line.flushNs = 0;
            line.now = false;
            return next;
        }
        if (line.open >= settings.maxConcurrency.value_or(1))
            return nowNs + lookNs;
        if (line.flushNs == 0)
            line.flushNs = nowNs + static_cast<std::int64_t>(settings.maxBatchTimeout.value_or(defaultBatchTimeout) * second);
        if (due->ready < static_cast<std::uint64_t>(batchSize(settings)) && !line.now && nowNs < line.flushNs)
            return std::min(next, line.flushNs);
        line.flushNs = 0;
        if (!start(line))
            return line.restNs = nowNs + second;
    }
}

bool QueueBroker::start(Line &line)
{
    const config::QueueConsumer &settings = line.consumer.settings;
    const std::int64_t wallMs = base::wallMs();
    auto claimed = m_store->claim(settings.queue, static_cast<std::size_t>(batchSize(settings)), wallMs);
    if (!claimed) {
        problem(claimed.error());
        return false;
    }
    if (claimed->empty())
        return false;
    const auto behind = m_store->backlog(settings.queue, wallMs);
    auto batch = std::make_shared<Batch>(Batch{settings.queue, settings, std::move(*claimed)});
    runtime::Trigger trigger;
    trigger.event = "queue";
    trigger.kind = events::RequestKind::Queue;
    trigger.target = settings.queue;
    if (m_log.recordsAll())
        trigger.given = shownMessages(settings.queue, batch->messages, m_log.bodyBytes());
    trigger.arguments = {settings.queue, static_cast<double>(behind ? behind->count : 0), static_cast<double>(behind ? behind->bytes : 0),
        static_cast<double>(behind && behind->oldestMs ? *behind->oldestMs : -1)};
    for (const Message &message : batch->messages) {
        if (trigger.cause == 0 && message.sender.log == m_log.token())
            trigger.cause = message.sender.request;
        trigger.arguments.emplace_back(message.id);
        trigger.arguments.emplace_back(static_cast<double>(message.sentMs));
        trigger.arguments.emplace_back(static_cast<double>(message.attempts + 1));
        trigger.arguments.emplace_back(std::string(bindings::queues::contentTypeName(message.type)));
        trigger.arguments.emplace_back(runtime::Trigger::Bytes{message.body});
    }
    trigger.done = [mail = m_mail, batch](runtime::TriggerResult &&result) {
        {
            const std::lock_guard lock(mail->mutex);
            mail->over.push_back({batch, std::move(result)});
        }
        mail->news.notify_all();
    };
    ++line.open;
    m_open.push_back(batch);
    m_news = true;
    line.consumer.deliver(std::move(trigger));
    return true;
}

void QueueBroker::settle(Batch &batch, const runtime::TriggerResult &result)
{
    const auto open = std::ranges::find_if(m_open, [&](const auto &one) { return one.get() == &batch; });
    if (open == m_open.end()) // given back already: it belongs to another state folder
        return;
    const std::shared_ptr<Batch> kept = *open;
    m_open.erase(open);
    m_news = true;
    const auto line = m_lines.find(batch.queue);
    const bool canceled = result.outcome == "canceled";
    if (line != m_lines.end()) {
        --line->second->open;
        if (canceled)
            line->second->restNs = base::steadyNs() + second;
    }
    const Said said = saidIn(result.details);
    const config::QueueConsumer &settings = batch.settings;
    const int most = settings.maxRetries.value_or(defaultRetries) + 1;
    std::vector<Outcome> outcomes;
    events::Batch notices;
    for (const Message &message : batch.messages) {
        Outcome &outcome = outcomes.emplace_back();
        outcome.place = message.place;
        const auto retry = said.retries.find(message.id);
        if (canceled) {
            outcome.kind = Outcome::Kind::Returned;
            continue;
        }
        if (std::ranges::find(said.acknowledged, message.id) != said.acknowledged.end() || (retry == said.retries.end() && result.outcome == "ok" && !said.retryAll))
            continue;
        outcome.kind = Outcome::Kind::Retry;
        outcome.delaySeconds = (retry != said.retries.end() && retry->second ? retry->second : said.batchDelay).value_or(settings.retryDelay.value_or(0));
        if (message.attempts + 1 < most)
            continue;
        const std::string attempts = std::to_string(most) + (most == 1 ? " failed attempt" : " failed attempts");
        outcome.delaySeconds = 0;
        if (!settings.deadLetterQueue.empty()) {
            outcome.kind = Outcome::Kind::DeadLetter;
            outcome.deadLetterQueue = settings.deadLetterQueue;
            notices.emplace_back(events::NoticeEvent{base::wallUs(), events::Level::Warn, "queue.dead-letter",
                "Message \"" + message.id + "\" of queue \"" + batch.queue + "\" goes to the dead-letter queue \"" + settings.deadLetterQueue + "\" after " + attempts + '.', {}});
        } else {
            outcome.kind = Outcome::Kind::Dead;
            notices.emplace_back(events::NoticeEvent{base::wallUs(), events::Level::Warn, "queue.dead",
                "Message \"" + message.id + "\" of queue \"" + batch.queue + "\" is not delivered any more after " + attempts + ". The Data pane still has it; a dead_letter_queue would take it.", {}});
        }
    }
    m_unsettled.insert(m_unsettled.end(), outcomes.begin(), outcomes.end());
    m_settleNs = 0;
    settleAgain(base::steadyNs());
    if (!notices.empty())
        m_log.publish(std::move(notices));
}

/// Writes down what became of messages; what cannot be written (a full disk, a file that another program holds) is kept for the next time, so that nothing is delivered once more for that. Gives when that is.
std::int64_t QueueBroker::settleAgain(std::int64_t nowNs)
{
    if (m_unsettled.empty() || nowNs < m_settleNs)
        return m_settleNs;
    if (auto done = m_store->settle(m_unsettled, base::wallMs()); !done) {
        problem(done.error());
        return m_settleNs = nowNs + second;
    }
    m_unsettled.clear();
    m_news = true;
    return nowNs + expireNs;
}

/// What is under way waits again, as if nothing had been.
void QueueBroker::returnAll()
{
    std::vector<Outcome> outcomes;
    for (const auto &batch : std::exchange(m_open, {})) {
        for (const Message &message : batch->messages)
            outcomes.push_back({message.place, Outcome::Kind::Returned, 0, {}});
    }
    m_unsettled.insert(m_unsettled.end(), outcomes.begin(), outcomes.end());
    m_settleNs = 0;
    settleAgain(base::steadyNs());
    m_unsettled.clear(); // who delivers next finds them in flight, and delivers them anew
    for (const auto &[queue, line] : m_lines)
        line->open = 0;
}

/// Tells of something that goes wrong again and again once.
void QueueBroker::problem(const base::Error &error)
{
    if (std::exchange(m_lastProblem, error.message) != error.message)
        m_log.publish({events::NoticeEvent{base::wallUs(), events::Level::Error, error.code, error.message, error.place}});
}

} // namespace cleat::session
