// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestsmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <random>

using namespace cleat;
using namespace cleat::events;
using namespace Qt::StringLiterals;
using ui::RequestColumn;
using ui::RequestsModel;
using Sequence = Recording::Sequence;

namespace {

RequestEvent finished(RequestId id, std::string target = "/", std::uint16_t status = 200)
{
    RequestEvent e;
    e.id = id;
    e.startUs = 1'700'000'000'000'000 + static_cast<std::int64_t>(id) * 1000;
    e.status = status;
    e.state = RequestState::Finished;
    e.method = "GET";
    e.target = std::move(target);
    e.durationUs = 1500;
    return e;
}

RequestEvent running(RequestId id, std::string target = "/")
{
    RequestEvent e = finished(id, std::move(target), 0);
    e.state = RequestState::Running;
    e.durationUs = 0;
    return e;
}

CallEvent call(RequestId id)
{
    CallEvent e;
    e.request = id;
    e.kind = "kv";
    e.binding = "LIST";
    e.method = "get";
    return e;
}

void feed(Recording &recording, Batch batch)
{
    const std::shared_ptr<const Batch> shared = std::make_shared<const Batch>(std::move(batch));
    recording.take(std::span(&shared, 1), nullptr);
}

QString cell(const RequestsModel &model, int row, RequestColumn column)
{
    return model.index(row, static_cast<int>(column)).data().toString();
}

std::vector<Sequence> rows(const RequestsModel &model)
{
    std::vector<Sequence> out;
    for (int row = 0; row < model.rowCount(); ++row)
        out.push_back(model.sequenceAt(row));
    return out;
}

ui::RowCriteria filter(std::string_view line)
{
    return {*RequestQuery::parse(line), std::nullopt};
}

/// What ought to be shown, by looking at every row.
std::vector<Sequence> bruteForce(
    const Recording &recording, const ui::RowCriteria &criteria, std::optional<Recording::Key> key, Recording::Order order, bool turned)
{
    std::vector<Sequence> out;
    const Recording::Range held = recording.held();
    for (Sequence sequence = held.first; sequence < held.end; ++sequence) {
        const auto row = recording.row(sequence);
        if (row && (!criteria.time || criteria.time->holds(row->request.startUs)) && recording.fits(criteria.query, sequence))
            out.push_back(sequence);
    }
    if (key)
        recording.sort(out, *key, order);
    else if (turned)
        std::ranges::reverse(out);
    return out;
}

} // namespace

class TestRequestsModel final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsRowsOfARecording()
    {
        const auto recording = std::make_shared<Recording>();
        RequestsModel model(recording);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        feed(*recording, {running(1, "/a"), finished(2, "/b"), call(2)});
        QCOMPARE(model.rowCount(), 0); // changes only inside
        model.refresh();
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(cell(model, 0, RequestColumn::Status), QString());
        QCOMPARE(cell(model, 0, RequestColumn::Duration), u"running"_s);
        QCOMPARE(cell(model, 0, RequestColumn::Calls), QString());
        QCOMPARE(cell(model, 1, RequestColumn::Calls), u"1"_s);
        QCOMPARE(cell(model, 1, RequestColumn::Path), u"/b"_s);
        QCOMPARE(cell(model, 1, RequestColumn::Duration), u"1.5 ms"_s);
        QCOMPARE(cell(model, 1, RequestColumn::Id), u"2"_s);
        QCOMPARE(cell(model, 1, RequestColumn::Kind), u"Function"_s);

        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        feed(*recording, {finished(1, "/a", 404)});
        model.refresh();
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(inserted.count(), 0);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(cell(model, 0, RequestColumn::Status), u"404"_s);
        model.refresh();
        QCOMPARE(changed.count(), 1); // nothing new
    }

    void oneInsertionForMany()
    {
        const auto recording = std::make_shared<Recording>();
        RequestsModel model(recording);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        for (RequestId id = 1; id <= 300; ++id)
            feed(*recording, {running(id), call(id), finished(id)});
        model.refresh();
        QCOMPARE(model.rowCount(), 300);
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(model.rowOf(model.sequenceAt(299)), 299);
        QCOMPARE(model.rowOf(9999), -1);
        QCOMPARE(model.sequenceAt(300), Sequence(0));
        QCOMPARE(model.sequenceAt(-1), Sequence(0));
        QVERIFY(!model.row(300));
    }

    void clearedAndBegunAnew()
    {
        const auto recording = std::make_shared<Recording>();
        RequestsModel model(recording);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (const char *line : {"", "2xx", "sorted"}) {
            if (line == std::string_view("sorted"))
                model.sort(static_cast<int>(RequestColumn::Path), Qt::AscendingOrder);
            else
                model.setCriteria(filter(line));
            feed(*recording, {finished(1), finished(2)});
            model.refresh();
            QTRY_COMPARE(model.rowCount(), 2);
            recording->clear();
            model.refresh();
            QTRY_COMPARE(model.rowCount(), 0);
            feed(*recording, {finished(3)});
            model.refresh();
            QTRY_COMPARE((model.refresh(), model.rowCount()), 1);
            recording->clear();
            model.refresh();
            QTRY_COMPARE(model.rowCount(), 0);
        }
    }

    void oldRowsStayUntilTheAnswerIsThere()
    {
        const auto recording = std::make_shared<Recording>();
        feed(*recording, {finished(1, "/a"), finished(2, "/b", 500), running(3, "/c")});
        RequestsModel model(recording);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 3);
        QSignalSpy searching(&model, &RequestsModel::searchingChanged);
        model.setCriteria(filter("5xx"));
        QCOMPARE(model.rowCount(), 3);
        QVERIFY(model.isSearching());
        QTRY_COMPARE(model.rowCount(), 1);
        QVERIFY(!model.isSearching());
        QCOMPARE(searching.count(), 2);
        QCOMPARE(model.total(), std::uint64_t(3));
        model.setCriteria(filter("404"));
        model.setCriteria(filter("")); // asked back before there was an answer
        QVERIFY(!model.isSearching());
        QCOMPARE(model.rowCount(), 3);
    }

    void lateChangesComeAndGo()
    {
        const auto recording = std::make_shared<Recording>();
        feed(*recording, {finished(1, "/a"), finished(2, "/b", 500), running(3, "/c"), finished(4, "/d", 503)});
        RequestsModel model(recording);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const Sequence first = model.sequenceAt(0);
        model.setCriteria(filter("5xx"));
        QTRY_COMPARE(rows(model), (std::vector<Sequence>{first + 1, first + 3}));
        feed(*recording, {finished(5, "/e", 502), finished(6)});
        QTRY_COMPARE((model.refresh(), rows(model)), (std::vector<Sequence>{first + 1, first + 3, first + 4}));
        feed(*recording, {finished(3, "/c", 500)}); // fits only now: at its place
        QTRY_COMPARE((model.refresh(), rows(model)), (std::vector<Sequence>{first + 1, first + 2, first + 3, first + 4}));
        model.setCriteria(filter("-status:5xx"));
        QTRY_COMPARE(rows(model), (std::vector<Sequence>{first, first + 5}));
        feed(*recording, {running(7)});
        QTRY_COMPARE((model.refresh(), rows(model)), (std::vector<Sequence>{first, first + 5, first + 6}));
        feed(*recording, {finished(7, "/", 500)}); // fits no longer
        QTRY_COMPARE((model.refresh(), rows(model)), (std::vector<Sequence>{first, first + 5}));
    }

    void pausesTakingIn()
    {
        const auto recording = std::make_shared<Recording>();
        feed(*recording, {finished(1), running(2)});
        RequestsModel model(recording);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setIntake(RequestsModel::Intake::Paused);
        feed(*recording, {finished(3, "/x", 404), finished(2)});
        model.refresh();
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.total(), std::uint64_t(2));
        QCOMPARE(cell(model, 1, RequestColumn::Status), u"200"_s); // what is shown still changes
        model.setCriteria(filter("404"));
        QTRY_VERIFY(!model.isSearching());
        QCOMPARE(model.rowCount(), 0);
        model.setIntake(RequestsModel::Intake::Live);
        QTRY_COMPARE(model.rowCount(), 1);
        model.setIntake(RequestsModel::Intake::Paused);
        recording->clear();
        model.refresh();
        QCOMPARE(model.rowCount(), 0);
        model.setCriteria({});
        QTRY_COMPARE(model.rowCount(), 0);
    }

    void sorts_data()
    {
        QTest::addColumn<int>("column");
        for (int column = 0; column < ui::requestColumnCount; ++column)
            QTest::newRow(qPrintable(ui::columnTitle(static_cast<RequestColumn>(column)))) << column;
    }
    void sorts()
    {
        QFETCH(int, column);
        const auto recording = std::make_shared<Recording>();
        std::mt19937 random(7);
        for (RequestId id = 1; id <= 200; ++id) {
            RequestEvent e = finished(id, "/p" + std::to_string(random() % 9), static_cast<std::uint16_t>(200 + random() % 4 * 100));
            e.durationUs = random() % 20;
            e.responseBytes = random() % 20;
            e.requestBytes = random() % 3;
            e.startUs += random() % 50'000;
            feed(*recording, {e});
        }
        RequestsModel model(recording);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto key = ui::sortKey(static_cast<RequestColumn>(column));
        for (const Qt::SortOrder order : {Qt::DescendingOrder, Qt::AscendingOrder}) {
            model.sort(column, order);
            const auto wanted = [&] {
                return bruteForce(*recording, {}, key, order == Qt::DescendingOrder ? Recording::Order::Descending : Recording::Order::Ascending,
                    order == Qt::DescendingOrder);
            };
            QTRY_COMPARE(rows(model), wanted());
            feed(*recording, {finished(recording->held().end + 100, "/new", 201)});
            QTRY_COMPARE((model.refresh(), rows(model)), wanted());
        }
    }

    void choosesATime()
    {
        const auto recording = std::make_shared<Recording>();
        Batch batch;
        for (RequestId id = 1; id <= 10'000; ++id)
            batch.push_back(finished(id, id % 3 ? "/a" : "/b"));
        RequestEvent late = finished(10'001, "/b"); // told after all others, begun before most
        late.startUs = finished(500).startUs;
        batch.push_back(late);
        feed(*recording, std::move(batch));
        RequestsModel model(recording);
        ui::RowCriteria criteria = filter("/b");
        criteria.time = ui::TimeSpan{finished(300).startUs, finished(900).startUs};
        model.setCriteria(criteria);
        QTRY_COMPARE(rows(model), bruteForce(*recording, criteria, {}, {}, false));
        QCOMPARE(model.rowCount(), 201);
        criteria.query = {};
        model.setCriteria(criteria);
        QTRY_COMPARE(model.rowCount(), 601);
        QCOMPARE(rows(model), bruteForce(*recording, criteria, {}, {}, false));
    }

    void hostsAreLookedUp()
    {
        const auto recording = std::make_shared<Recording>();
        RequestRecord record;
        record.request = finished(1);
        record.content.requestHead = "Accept: */*\r\nhOsT:  example.com:8788 \r\nX: y\r\n";
        recording->add(std::move(record));
        RequestsModel model(recording);
        QTRY_COMPARE(cell(model, 0, RequestColumn::Host), u"example.com:8788"_s);
    }

    /// Random traffic, eviction, filters, sorts and pauses against a look at every row.
    void againstBruteForce_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 12; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void againstBruteForce()
    {
        QFETCH(unsigned, seed);
        std::mt19937 random(seed);
        const auto recording = std::make_shared<Recording>(400'000);
        RequestsModel model(recording);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        RequestId next = 1;
        std::vector<RequestId> open;
        ui::RowCriteria criteria;
        int column = 0;
        Qt::SortOrder order = Qt::AscendingOrder;
        const char *lines[] = {"", "5xx", "-status:2xx", "/a", "kind:kv", "dur:>1", "/b 404"};
        for (int step = 0; step < 60; ++step) {
            Batch batch;
            for (unsigned i = random() % 60; i > 0; --i) {
                const std::string target = random() % 2 ? "/a" : "/b";
                const auto status = static_cast<std::uint16_t>(random() % 2 ? 200 : random() % 2 ? 404 : 500);
                if (random() % 3 == 0) {
                    open.push_back(next);
                    batch.push_back(running(next++, target));
                } else {
                    if (random() % 4 == 0)
                        batch.push_back(call(next));
                    batch.push_back(finished(next++, target, status));
                }
                if (!open.empty() && random() % 2) {
                    const std::size_t which = random() % open.size();
                    batch.push_back(finished(open[which], "/a", status));
                    open.erase(open.begin() + static_cast<std::ptrdiff_t>(which));
                }
            }
            feed(*recording, std::move(batch));
            switch (random() % 8) {
            case 0:
                criteria.query = *RequestQuery::parse(lines[random() % std::size(lines)]);
                model.setCriteria(criteria);
                break;
            case 1:
                column = static_cast<int>(random() % ui::requestColumnCount);
                order = random() % 2 ? Qt::AscendingOrder : Qt::DescendingOrder;
                model.sort(column, order);
                break;
            case 2:
                criteria.time = random() % 2 ? std::nullopt : std::optional(ui::TimeSpan{finished(next / 2).startUs, finished(next + 20).startUs});
                model.setCriteria(criteria);
                break;
            case 3:
                if (random() % 4 == 0)
                    recording->clear();
                break;
            default:
                break;
            }
            model.refresh();
            if (random() % 3 == 0)
                QCoreApplication::processEvents();
        }
        const auto key = ui::sortKey(static_cast<RequestColumn>(column));
        const auto wanted = bruteForce(
            *recording, criteria, key, order == Qt::DescendingOrder ? Recording::Order::Descending : Recording::Order::Ascending, order == Qt::DescendingOrder);
        QTRY_COMPARE((model.refresh(), rows(model)), wanted);
        for (int row = 0; row < model.rowCount(); ++row) {
            QCOMPARE(model.rowOf(model.sequenceAt(row)), row);
            QCOMPARE(model.row(row)->sequence, model.sequenceAt(row));
        }
    }
};

QTEST_GUILESS_MAIN(TestRequestsModel)
#include "t_requestsmodel.moc"
