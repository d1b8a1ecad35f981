// SPDX-License-Identifier: GPL-3.0-or-later
// The Requests pane over very many requests: how long it takes until the first show, to the end, to filter, sort and group, and how long it is away from its events while
// thousands arrive each second: the longest single event, paint, and pause between two beats of a timer. Figures are printed; only an optimized build on a quiet machine
// says something by them. CLEAT_REQUESTS_SIZE=full holds 1,000,000 requests and lets 5,000 a second come for a minute, or for CLEAT_REQUESTS_SECONDS; else a fiftieth is
// held, and they come for two seconds.
#include "core/session/recorder.h"
#include "tests/ui/windowbench.h"
#include "ui/requests/filterline.h"
#include "ui/requests/requestsmodel.h"
#include "ui/widgets/rowview.h"

#include <QAction>
#include <QApplication>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSettings>
#include <QTimer>

#include <time.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

using namespace cleat;
using namespace Qt::StringLiterals;
using tests::WindowBench;

namespace {

bool isFull()
{
    return qgetenv("CLEAT_REQUESTS_SIZE") == "full";
}

int held()
{
    return isFull() ? 1'000'000 : 20'000;
}

events::Batch requests(events::EventLog &log, int count)
{
    static const char *const targets[] = {"/", "/api/tasks", "/api/tasks/17?full=1", "/assets/app.js", "/api/users"};
    static std::uint32_t step = 1;
    events::Batch batch;
    batch.reserve(static_cast<std::size_t>(count) * 3);
    for (int i = 0; i < count; ++i) {
        step = step * 1'664'525 + 1'013'904'223;
        const std::uint32_t dice = step >> 8;
        events::RequestEvent e;
        e.id = log.nextRequest();
        e.startUs = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
        e.state = events::RequestState::Finished;
        e.method = dice % 7 ? "GET" : "POST";
        e.target = targets[dice % std::size(targets)];
        e.status = static_cast<std::uint16_t>(dice % 100 ? dice % 20 ? 200 : 404 : 500);
        e.durationUs = 200 + dice % 40'000;
        e.responseBytes = dice % 9'000;
        e.handler = "functions/api/tasks.ts";
        if (dice % 3 == 0) {
            events::CallEvent call;
            call.request = e.id;
            call.span = 1;
            call.kind = "kv";
            call.binding = "TASKS";
            call.method = "get";
            batch.emplace_back(std::move(call));
        }
        events::ContentEvent content;
        content.request = e.id;
        content.requestHead = "Host: localhost:8788\r\nAccept: */*\r\n";
        content.responseHead = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
        batch.emplace_back(std::move(content));
        batch.emplace_back(std::move(e));
    }
    return batch;
}

qint64 residentKb()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:"))
            return std::stoll(line.substr(6));
    }
    return 0;
}

/// What the GUI thread did with its time.
struct Turns {
    qint64 longestUs = 0; ///< a single event, with all that it brought about at once
    qint64 itsOwnUs = 0; ///< what of that the thread worked; it waited for a lock, or for the processor, else
    QByteArray longest; ///< what it was
    qint64 paintUs = 0; ///< the longest paint of a window
    qint64 pauseUs = 0; ///< the longest from one beat to the next
    int late = 0; ///< beats that came more than 32 ms after the one before
    int beats = 0;

    QByteArray told() const
    {
        const auto ms = [](qint64 us) { return QByteArray::number(static_cast<double>(us) / 1000, 'f', 1) + " ms"; };
        return "longest event " + ms(longestUs) + " (" + ms(itsOwnUs) + " of work, " + longest + "), longest paint " + ms(paintUs) + ", longest pause " + ms(pauseUs) + ", "
            + QByteArray::number(late) + " of " + QByteArray::number(beats) + " beats late";
    }
};

qint64 threadUs()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<qint64>(time.tv_sec) * 1'000'000 + time.tv_nsec / 1000;
}

/// Watches each event that the loop hands out.
class WatchedApplication final : public QApplication
{
public:
    using QApplication::QApplication;
    Turns *turns = nullptr;

    bool notify(QObject *receiver, QEvent *event) override
    {
        if (QThread::currentThread() != thread() || !turns || m_inside)
            return QApplication::notify(receiver, event);
        const QScopedValueRollback inside(m_inside, true);
        const auto type = event->type(); // neither may be there afterwards
        const QByteArray name = receiver->metaObject()->className();
        const qint64 before = threadUs();
        QElapsedTimer timer;
        timer.start();
        const bool result = QApplication::notify(receiver, event);
        const qint64 us = timer.nsecsElapsed() / 1000;
        if (type == QEvent::UpdateRequest)
            turns->paintUs = std::max(turns->paintUs, us);
        if (us > turns->longestUs) {
            turns->longestUs = us;
            turns->itsOwnUs = threadUs() - before;
            turns->longest = name + " " + QByteArray::number(type);
        }
        return result;
    }

private:
    bool m_inside = false;
};

/// Lets the window work until the condition holds, and watches how long it is away from its events.
template <typename Condition>
qint64 workUntil(Condition condition, Turns *turns = nullptr)
{
    const QScopedValueRollback watching(static_cast<WatchedApplication *>(qApp)->turns, turns);
    QElapsedTimer total;
    total.start();
    qint64 last = 0;
    QTimer beat;
    beat.setTimerType(Qt::PreciseTimer);
    QObject::connect(&beat, &QTimer::timeout, [&] {
        const qint64 now = total.nsecsElapsed() / 1000;
        if (turns) {
            turns->pauseUs = std::max(turns->pauseUs, now - last);
            turns->late += now - last > 32'000;
            ++turns->beats;
        }
        last = now;
    });
    beat.start(10);
    while (!condition() && total.elapsed() < 120'000)
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    return total.elapsed();
}

} // namespace

class TestRequestsSize final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;
    std::unique_ptr<WindowBench> m_bench;

    ui::RowView *table() const { return m_bench->rows(u"Requests"_s); }
    ui::RequestsModel *model() const { return qobject_cast<ui::RequestsModel *>(table()->model()); }
    const events::Recording &recording() const { return *m_bench->session->recorder().recording(); }

private Q_SLOTS:
    void initTestCase()
    {
        tests::prepareWindows(m_settings.path());
        QSettings().clear();
        m_bench = std::make_unique<WindowBench>(WindowBench::Start::No, WindowBench::Content::Empty);
        m_bench->session->recorder().setMaxBytes(std::size_t(3) << 30);
        QElapsedTimer timer;
        timer.start();
        for (int done = 0; done < held(); done += 2'000) {
            m_bench->session->events().publish(requests(m_bench->session->events(), 2'000));
            if (done % 20'000 == 0)
                QTRY_VERIFY_WITH_TIMEOUT(static_cast<int>(recording().held().size()) >= done, 60'000); // no faster than the log lets go
        }
        QTRY_COMPARE_WITH_TIMEOUT(static_cast<int>(recording().held().size()), held(), 60'000);
        qInfo("%d requests recorded in %lld ms", held(), static_cast<long long>(timer.elapsed()));
    }

    void cleanupTestCase() { m_bench.reset(); }

    void showsAll()
    {
        Turns turns;
        QElapsedTimer timer;
        timer.start();
        m_bench->press(Qt::Key_3, Qt::ControlModifier);
        workUntil([&] { return table() && table()->model()->rowCount() == held() && table()->lastRow() == held() - 1; }, &turns);
        QVERIFY(table());
        table()->viewport()->repaint();
        const qint64 shown = timer.elapsed();
        timer.restart();
        table()->setFocus();
        QTest::keyClick(table(), Qt::Key_Home);
        table()->viewport()->repaint();
        const qint64 home = timer.nsecsElapsed() / 1000;
        timer.restart();
        QTest::keyClick(table(), Qt::Key_End);
        table()->viewport()->repaint();
        const qint64 end = timer.nsecsElapsed() / 1000;
        QCOMPARE(table()->lastRow(), held() - 1);
        qint64 frame = 0;
        for (int i = 0; i <= 300; ++i) {
            timer.restart();
            table()->verticalScrollBar()->setValue(static_cast<int>(static_cast<qint64>(held()) * (i * 7919 % 300) / 300));
            table()->viewport()->repaint();
            frame = std::max(frame, timer.nsecsElapsed() / 1000);
        }
        qInfo("first paint %lld ms, to the beginning %.1f ms, to the end %.1f ms, longest frame while scrolling %.1f ms, memory %lld MiB",
            static_cast<long long>(shown), static_cast<double>(home) / 1000, static_cast<double>(end) / 1000, static_cast<double>(frame) / 1000,
            static_cast<long long>(residentKb() / 1024));
    }

    void filters_data()
    {
        QTest::addColumn<QString>("line");
        for (const char *line : {"5xx", "/users", "kind:kv", "dur:>30", "-method:get path:/api/tasks", "nothing-of-this"})
            QTest::newRow(line) << QString::fromLatin1(line);
    }
    void filters()
    {
        QFETCH(QString, line);
        auto *filter = m_bench->window->findChild<ui::FilterLine *>();
        Turns turns;
        QElapsedTimer timer;
        timer.start();
        filter->use(line);
        auto *rows = m_bench->window->findChild<ui::RequestsModel *>();
        QVERIFY(rows->isSearching());
        workUntil([&] { return !rows->isSearching(); }, &turns);
        const qint64 found = timer.elapsed();
        const auto wanted = recording().matching(*events::RequestQuery::parse(line.toStdString()), recording().held().first, recording().held().end);
        QCOMPARE(rows->rowCount(), static_cast<int>(wanted.size()));
        qInfo("%s: %d found in %lld ms, %s", qPrintable(line), rows->rowCount(), static_cast<long long>(found), turns.told().constData());
        filter->use({});
        workUntil([&] { return !rows->isSearching(); });
        QCOMPARE(rows->rowCount(), held());
    }

    void sorts_data()
    {
        QTest::addColumn<int>("column");
        for (const ui::RequestColumn column : {ui::RequestColumn::Duration, ui::RequestColumn::Path, ui::RequestColumn::Status, ui::RequestColumn::Started})
            QTest::newRow(qPrintable(ui::columnTitle(column))) << static_cast<int>(column);
    }
    void sorts()
    {
        QFETCH(int, column);
        auto *rows = model();
        Turns turns;
        QElapsedTimer timer;
        timer.start();
        rows->sort(column, Qt::DescendingOrder);
        workUntil([&] { return !rows->isSearching(); }, &turns);
        qInfo("sorted in %lld ms, %s", static_cast<long long>(timer.elapsed()), turns.told().constData());
        QCOMPARE(rows->rowCount(), held());
        rows->sort(0, Qt::AscendingOrder);
    }

    void groups()
    {
        QAbstractButton *button = m_bench->button(u"By path"_s);
        Turns turns;
        QElapsedTimer timer;
        timer.start();
        button->click();
        workUntil([&] { return m_bench->rows(u"Requests by path"_s) && m_bench->rows(u"Requests by path"_s)->model()->rowCount() > 0; }, &turns);
        qInfo("grouped in %lld ms, %s", static_cast<long long>(timer.elapsed()), turns.told().constData());
        QCOMPARE(m_bench->rows(u"Requests by path"_s)->model()->rowCount(), 10); // five paths, two methods
        button->click();
    }

    void staysSmoothWhileMoreArrive_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("column");
        QTest::newRow("following") << QString() << 0;
        QTest::newRow("filtered") << u"kind:kv"_s << 0;
        QTest::newRow("sorted") << QString() << static_cast<int>(ui::RequestColumn::Duration);
    }
    void staysSmoothWhileMoreArrive()
    {
        QFETCH(QString, line);
        QFETCH(int, column);
        auto *filter = m_bench->window->findChild<ui::FilterLine *>();
        auto *rows = m_bench->window->findChild<ui::RequestsModel *>();
        filter->use(line);
        rows->sort(column, column ? Qt::DescendingOrder : Qt::AscendingOrder);
        workUntil([&] { return !rows->isSearching(); });
        const int before = rows->rowCount();
        const auto heldBefore = recording().held().end;
        const int asked = qEnvironmentVariableIntValue("CLEAT_REQUESTS_SECONDS");
        const std::chrono::seconds time(asked > 0 ? asked : isFull() ? 60 : 2);
        std::atomic_bool done = false;
        std::atomic_int sent = 0;
        std::jthread sender([&] {
            const auto begin = std::chrono::steady_clock::now();
            auto next = begin;
            while (next - begin < time) {
                m_bench->session->events().publish(requests(m_bench->session->events(), 50));
                sent += 50;
                next += std::chrono::milliseconds(10);
                std::this_thread::sleep_until(next);
            }
            done = true;
        });
        Turns turns;
        workUntil([&] { return done.load(); }, &turns);
        sender.join();
        const qint64 recorded = workUntil([&] { return recording().held().end == heldBefore + static_cast<std::uint64_t>(sent.load()); });
        const int wanted = static_cast<int>(recording().matching(*events::RequestQuery::parse(line.toStdString()), 1, recording().held().end).size());
        const qint64 settled = recorded + workUntil([&] { return rows->rowCount() == wanted; });
        qInfo("%s: %d of %d shown that came in %lld s, %s, complete %lld ms later", QTest::currentDataTag(), rows->rowCount() - before, sent.load(),
            static_cast<long long>(time.count()), turns.told().constData(), static_cast<long long>(settled));
        QCOMPARE(rows->rowCount(), wanted);
        filter->use({});
        rows->sort(0, Qt::AscendingOrder);
    }
};

int main(int argc, char *argv[])
{
    WatchedApplication app(argc, argv);
    app.setAttribute(Qt::AA_Use96Dpi, true); // as QTEST_MAIN has it
    TestRequestsSize test;
    QTEST_SET_MAIN_SOURCE_PATH
    return QTest::qExec(&test, argc, argv);
}

#include "t_requestssize.moc"
