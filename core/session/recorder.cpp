// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/recorder.h"

#include "core/base/clock.h"
#include "core/events/contentredactor.h"
#include "core/events/journal.h"

#include <QElapsedTimer>
#include <QMetaObject>
#include <QPointer>
#include <QTimer>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace cleat::session {

using events::Batch;

namespace {

constexpr auto gathering = std::chrono::milliseconds(8); ///< what comes within it is taken together; longer, and it has left the processor's cache by then
constexpr auto beat = std::chrono::milliseconds(33); ///< between two changed()
constexpr qint64 costShare = 3; ///< who hears of changes works for a third of the time at most
constexpr qint64 mostRestMs = 1'000;

} // namespace

class Recorder::Private
{
public:
    Private(Recorder &recorder, events::EventLog &eventLog, Settings given)
        : q(recorder), log(eventLog), settings(std::move(given)), recording(std::make_shared<events::Recording>(settings.maxBytes))
    {
        rest.setSingleShot(true);
        rest.setTimerType(Qt::PreciseTimer);
        QObject::connect(&rest, &QTimer::timeout, &q, [this] {
            if (told)
                emitChanged();
        });
        startJournal();
        thread = std::jthread([this](const std::stop_token &stop) { loop(stop); });
    }
    ~Private()
    {
        thread.request_stop();
        thread.join();
    }

    void startJournal();
    void loop(const std::stop_token &stop);
    void drain();
    std::vector<std::shared_ptr<const Batch>> redacted(std::vector<std::shared_ptr<const Batch>> batches, const events::Redactor &redactor);
    void journalRow(events::Recording::Sequence sequence, Batch &batch) const;
    void notice(events::Level level, const base::Error &error) { log.publish({events::NoticeEvent{base::wallUs(), level, error.code, error.message, error.place}}); }
    void tell();
    void emitChanged();

    Recorder &q;
    events::EventLog &log;
    const Settings settings;
    const std::shared_ptr<events::Recording> recording;
    std::mutex writing; ///< guards what follows, and writing to `recording`
    events::EventLog::Reader reader{log};
    bool begun = false; ///< something was drained; what went before is nobody's fault
    bool missed = false; ///< it was told that something was missed
    std::unique_ptr<events::Journal> journal; ///< nullptr: none
    events::ContentRedactor contentRedactor;
    std::atomic<bool> told{false}; ///< a changed() is on its way
    QTimer rest; ///< until the next changed(); the main thread's, as is emitChanged()
    std::jthread thread; ///< last: the others are there when it begins
};

void Recorder::Private::startJournal()
{
    if (settings.journal.empty())
        return;
    auto started = events::Journal::start(settings.journal, settings.maxBytes, [this](const base::Error &error) { notice(events::Level::Warn, error); });
    if (started)
        journal = std::move(*started);
    else
        notice(started.error().code == "journal.busy" ? events::Level::Info : events::Level::Warn, started.error());
}

void Recorder::Private::tell()
{
    if (!told.exchange(true)) {
        QMetaObject::invokeMethod(
            &q,
            [this] {
                if (told && !rest.isActive()) // else its end tells
                    emitChanged();
            },
            Qt::QueuedConnection);
    }
}

/// The rest behind it is a timer's, never a posted event's: those are handed out until none is left, so while each took longer than the next took to come, nothing else came about.
void Recorder::Private::emitChanged()
{
    told = false;
    rest.start(beat);
    QElapsedTimer spent;
    spent.start();
    const QPointer<Recorder> there(&q);
    Q_EMIT q.changed();
    if (there)
        rest.start(static_cast<int>(std::clamp<qint64>((costShare - 1) * spent.elapsed(), beat.count(), mostRestMs)));
}

std::vector<std::shared_ptr<const Batch>> Recorder::Private::redacted(std::vector<std::shared_ptr<const Batch>> batches, const events::Redactor &redactor)
{
    for (auto &batch : batches) {
        if (std::ranges::none_of(*batch, [](const events::Event &event) { return std::holds_alternative<events::ContentEvent>(event); }))
            continue;
        Batch copy(*batch);
        for (events::Event &event : copy) {
            if (auto *content = std::get_if<events::ContentEvent>(&event))
                contentRedactor.redact(*content, &redactor);
        }
        batch = std::make_shared<const Batch>(std::move(copy));
    }
    return batches;
}

void Recorder::Private::drain()
{
    {
        const std::lock_guard lock(writing);
        auto drained = reader.drain();
        if (drained.missed > 0 && begun && !missed) {
            missed = true;
            notice(events::Level::Warn, {"recorder.missed", "Requests came faster than they could be recorded, so some are not in the list or not whole.", {}});
        }
        begun = true;
        if (drained.batches.empty())
            return;
        const auto redactor = log.redactor();
        if (journal && redactor && !redactor->secrets().empty()) {
            const auto batches = redacted(std::move(drained.batches), *redactor);
            recording->take(batches, nullptr);
            journal->append(batches);
        } else {
            recording->take(drained.batches, redactor.get());
            if (journal)
                journal->append(drained.batches);
        }
    }
    tell();
}

void Recorder::Private::loop(const std::stop_token &stop)
{
    std::mutex mutex;
    std::condition_variable_any pause;
    while (reader.wait(stop)) {
        drain();
        std::unique_lock lock(mutex);
        pause.wait_for(lock, stop, gathering, [] { return false; });
    }
    drain();
}

void Recorder::Private::journalRow(events::Recording::Sequence sequence, Batch &batch) const
{
    auto record = recording->record(sequence);
    if (!record)
        return;
    const auto put = [&batch](auto &event) { batch.emplace_back(std::move(event)); };
    put(record->request);
    put(record->content);
    std::ranges::for_each(record->calls, put);
    std::ranges::for_each(record->console, put);
    std::ranges::for_each(record->exceptions, put);
}

Recorder::Recorder(events::EventLog &log, Settings settings, QObject *parent) : QObject(parent), d(std::make_unique<Private>(*this, log, std::move(settings))) {}

Recorder::~Recorder() = default;

std::shared_ptr<const events::Recording> Recorder::recording() const
{
    return d->recording;
}

void Recorder::add(std::vector<events::RequestRecord> &&records)
{
    if (records.empty())
        return;
    {
        const std::lock_guard lock(d->writing);
        Batch batch;
        for (auto &record : records) {
            const auto sequence = d->recording->add(std::move(record));
            if (d->journal)
                d->journalRow(sequence, batch);
        }
        if (d->journal)
            d->journal->append(std::vector{std::make_shared<const Batch>(std::move(batch))});
    }
    d->tell();
}

void Recorder::clear()
{
    {
        const std::lock_guard lock(d->writing);
        d->reader.skip(); // what was told before is forgotten too
        d->recording->clear();
        if (d->journal)
            d->journal->restart();
    }
    d->tell();
}

void Recorder::setMaxBytes(std::size_t bytes)
{
    {
        const std::lock_guard lock(d->writing);
        d->recording->setMaxBytes(bytes);
        if (d->journal)
            d->journal->setMaxBytes(bytes);
    }
    d->tell();
}

std::optional<std::filesystem::path> Recorder::lastSession() const
{
    return d->settings.journal.empty() ? std::nullopt : events::Journal::last(d->settings.journal);
}

} // namespace cleat::session
