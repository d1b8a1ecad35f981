// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestsmodel.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace cleat;
using namespace cleat::events;
using namespace Qt::StringLiterals;
using ui::RequestsModel;

namespace {

RequestEvent finished(RequestId id, std::string target = "/", std::uint16_t status = 200)
{
    RequestEvent e;
    e.id = id;
    e.status = status;
    e.state = RequestState::Finished;
    e.method = "GET";
    e.target = std::move(target);
    e.durationUs = 1500;
    return e;
}

RequestEvent running(RequestId id, std::string target = "/")
{
    RequestEvent e;
    e.id = id;
    e.method = "GET";
    e.target = std::move(target);
    return e;
}

CallEvent call(RequestId id, std::string method = "get")
{
    CallEvent e;
    e.request = id;
    e.kind = "kv";
    e.binding = "LIST";
    e.method = std::move(method);
    return e;
}

void feed(RequestsModel &model, Batch batch)
{
    const std::shared_ptr<const Batch> shared = std::make_shared<const Batch>(std::move(batch));
    model.take(std::span(&shared, 1));
}

QString cell(const RequestsModel &model, int row, RequestsModel::Column column)
{
    return model.index(row, column).data().toString();
}

std::vector<RequestId> ids(const RequestsModel &model)
{
    std::vector<RequestId> out;
    for (int row = 0; row < model.rowCount(); ++row)
        out.push_back(model.request(row)->id);
    return out;
}

} // namespace

class TestRequestsModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void addsAndUpdatesInPlace()
    {
        RequestsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        feed(model, {running(1, "/a"), finished(2, "/b")});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(cell(model, 0, RequestsModel::Status), QString());
        QCOMPARE(cell(model, 0, RequestsModel::Duration), u"running"_s);

        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        const std::uint32_t before = model.revision(1);
        feed(model, {finished(1, "/a", 404)});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(inserted.count(), 0);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed.at(0).at(0).toModelIndex().row(), 0);
        QCOMPARE(cell(model, 0, RequestsModel::Status), u"404"_s);
        QVERIFY(model.revision(1) > before);
    }

    void oneInsertionForManyBatches()
    {
        RequestsModel model;
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        std::vector<std::shared_ptr<const Batch>> batches;
        for (RequestId id = 1; id <= 300; ++id)
            batches.push_back(std::make_shared<const Batch>(Batch{running(id), call(id), finished(id)}));
        model.take(batches);
        QCOMPARE(model.rowCount(), 300);
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(model.detail(300)->calls.size(), std::size_t(1));
    }

    void lateRunningDoesNotReopen()
    {
        RequestsModel model;
        feed(model, {finished(1)});
        feed(model, {running(1)});
        QCOMPARE(model.request(0)->state, RequestState::Finished);
    }

    void keepsWhatIsInside()
    {
        RequestsModel model;
        feed(model, {call(1, "list"), ConsoleEvent{1, 5, Level::Warn, "hey", {}}}); // before its request is known
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!model.detail(1));
        feed(model, {finished(1)});
        feed(model, {call(1, "get"), ExceptionEvent{1, 6, "boom", "boom\n at x", {}}, ConsoleEvent{0, 7, Level::Log, "of no request", {}}});
        const ui::RequestDetail *detail = model.detail(1);
        QVERIFY(detail);
        QCOMPARE(detail->calls.size(), std::size_t(2));
        QCOMPARE(detail->calls[0].method, std::string("list"));
        QCOMPARE(detail->console.size(), std::size_t(1));
        QCOMPARE(detail->exceptions.size(), std::size_t(1));
        feed(model, {finished(2)});
        QVERIFY(model.detail(2)->calls.empty());
        QVERIFY(!model.detail(3));
    }

    void countsCalls()
    {
        RequestsModel model;
        feed(model, {call(1), finished(2), finished(1)});
        QCOMPARE(cell(model, 0, RequestsModel::Calls), QString());
        QCOMPARE(cell(model, 1, RequestsModel::Calls), u"1"_s);

        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        feed(model, {call(1, "put"), call(1, "list")}); // from waitUntil(), after the end
        QCOMPARE(cell(model, 1, RequestsModel::Calls), u"3"_s);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed.at(0).at(0).toModelIndex(), model.index(1, 0));
        QCOMPARE(changed.at(0).at(1).toModelIndex(), model.index(1, RequestsModel::ColumnCount - 1));
        feed(model, {finished(1, "/a", 500)});
        QCOMPARE(cell(model, 1, RequestsModel::Calls), u"3"_s);
    }

    void boundedInRows()
    {
        RequestsModel model({.rows = 100, .bytes = 1U << 30, .block = 20, .unclaimed = 10});
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (RequestId id = 1; id <= 1000; ++id) {
            feed(model, {call(id), finished(id)});
            QVERIFY(model.rowCount() <= 100);
        }
        QCOMPARE(model.request(model.rowCount() - 1)->id, RequestId(1000));
        QVERIFY(model.rowCount() >= 80);
        QCOMPARE(model.dropped() + model.total(), std::uint64_t(1000));
        QVERIFY(!model.find(1));
        QVERIFY(!model.detail(1));
        QVERIFY(model.detail(1000));
    }

    void oneBatchLargerThanTheBound()
    {
        RequestsModel model({.rows = 10, .bytes = 1U << 30, .block = 4, .unclaimed = 10});
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        Batch batch;
        for (RequestId id = 1; id <= 55; ++id)
            batch.push_back(finished(id));
        feed(model, {finished(100), finished(101)});
        feed(model, std::move(batch));
        QCOMPARE(model.rowCount(), 10);
        QCOMPARE(model.request(0)->id, RequestId(46));
        QCOMPARE(model.request(9)->id, RequestId(55));
        feed(model, {finished(55, "/again")});
        QCOMPARE(model.request(9)->target, std::string("/again"));
    }

    void boundedInBytes()
    {
        RequestsModel model({.rows = 100'000, .bytes = 1U << 20, .block = 8, .unclaimed = 10});
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (RequestId id = 1; id <= 200; ++id) {
            CallEvent large = call(id);
            large.result.assign(50'000, 'x');
            feed(model, {large, finished(id)});
            QVERIFY(model.bytes() <= (1U << 20));
        }
        QVERIFY(model.rowCount() > 5);
        QCOMPARE(model.request(model.rowCount() - 1)->id, RequestId(200));
        CallEvent giant = call(200);
        giant.result.assign(4U << 20, 'x');
        feed(model, {giant});
        QCOMPARE(model.rowCount(), 1); // the newest stays
    }

    void boundedInUnclaimed()
    {
        RequestsModel model({.rows = 100, .bytes = 1U << 30, .block = 8, .unclaimed = 10});
        for (RequestId id = 1; id <= 1000; ++id)
            feed(model, {call(id)});
        QVERIFY(model.bytes() < 11 * (sizeof(Event) + 64));
        feed(model, {finished(1), finished(1000)});
        QVERIFY(model.detail(1)->calls.empty());
        QCOMPARE(model.detail(1000)->calls.size(), std::size_t(1));
    }

    void bytesAreCountedBack()
    {
        RequestsModel model({.rows = 50, .bytes = 1U << 30, .block = 50, .unclaimed = 10});
        for (RequestId id = 1; id <= 500; ++id)
            feed(model, {running(id, "/" + std::string(id % 90, 'p')), call(id), finished(id, "/" + std::string(id % 70, 'q'))});
        model.clear();
        QCOMPARE(model.bytes(), std::size_t(0));
        QCOMPARE(model.rowCount(), 0);
        feed(model, {finished(501), finished(3)}); // an old one that ends after the clearing shows
        QCOMPARE(ids(model), (std::vector<RequestId>{501, 3}));
    }

    void filter()
    {
        RequestsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        feed(model, {finished(1, "/a"), finished(2, "/b", 500), running(3, "/c")});
        model.setFilter(*events::RequestQuery::parse("5xx"));
        QCOMPARE(ids(model), (std::vector<RequestId>{2}));
        feed(model, {finished(4, "/d"), finished(5, "/e", 502)});
        QCOMPARE(ids(model), (std::vector<RequestId>{2, 5}));
        feed(model, {finished(3, "/c", 503)}); // fits only now: at the end
        QCOMPARE(ids(model), (std::vector<RequestId>{2, 5, 3}));
        feed(model, {finished(5, "/e", 200)}); // stays once shown
        QCOMPARE(ids(model), (std::vector<RequestId>{2, 5, 3}));
        QCOMPARE(model.total(), std::size_t(5));
        model.setFilter({});
        QCOMPARE(ids(model), (std::vector<RequestId>{1, 2, 3, 4, 5}));
    }

    void filterAndBound()
    {
        RequestsModel model({.rows = 40, .bytes = 1U << 30, .block = 10, .unclaimed = 10});
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFilter(*events::RequestQuery::parse("4xx"));
        for (RequestId id = 1; id <= 400; ++id) {
            Batch batch{running(id, "/x")};
            if (id > 5)
                batch.push_back(finished(id - 5, "/x", (id % 3) ? 200 : 404)); // told late
            feed(model, std::move(batch));
            for (int row = 0; row < model.rowCount(); ++row)
                QCOMPARE(model.request(row)->status, std::uint16_t(404));
        }
        QVERIFY(model.rowCount() > 5);
        const int shown = model.rowCount();
        model.setFilter(*events::RequestQuery::parse("/x 404"));
        QCOMPARE(model.rowCount(), shown);
    }

    void fromALog()
    {
        EventLog log(1U << 20);
        RequestsModel model;
        log.publish({finished(log.nextRequest())});
        auto drained = log.after(0);
        model.take(drained.batches);
        log.publish({finished(log.nextRequest())});
        drained = log.after(drained.next);
        model.take(drained.batches);
        QCOMPARE(ids(model), (std::vector<RequestId>{1, 2}));
    }

    void manyRowsAreCheap()
    {
        RequestsModel model({.rows = 40'000, .bytes = 128U << 20, .block = 4'096, .unclaimed = 10'000});
        QElapsedTimer clock;
        clock.start();
        RequestId id = 0;
        for (int tick = 0; tick < 60; ++tick) {
            Batch batch;
            for (int i = 0; i < 1000; ++i) {
                ++id;
                batch.push_back(call(id));
                batch.push_back(finished(id, "/api/todos/" + std::to_string(id)));
            }
            feed(model, std::move(batch));
        }
        QVERIFY(model.total() <= 40'000);
        QVERIFY(model.total() > 30'000);
        // Twelve seconds' worth of 5,000 a second; a small part of that even in a sanitizer build.
        QVERIFY2(clock.elapsed() < 12'000, qPrintable(QString::number(clock.elapsed())));
    }
};

QTEST_GUILESS_MAIN(TestRequestsModel)
#include "t_requestsmodel.moc"
