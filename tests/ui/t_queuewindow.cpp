// SPDX-License-Identifier: GPL-3.0-or-later
// Queues in the Data pane of the real window.
#include "core/base/clock.h"
#include "core/data/queues/messagelist.h"
#include "tests/patience.h"
#include "tests/ui/windowbench.h"
#include "ui/data/datapane.h"
#include "ui/data/dataview.h"
#include "ui/data/queues/messagemodel.h"
#include "ui/data/resourcetree.h"
#include "ui/values/valueview.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/rowview.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDialog>
#include <QElapsedTimer>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QSettings>
#include <QToolButton>

#include <array>
#include <chrono>

using namespace cleat;
using namespace Qt::StringLiterals;
using bindings::queues::NewMessage;
using bindings::queues::QueueStore;
using data::queues::ContentType;
using session::DataResource;
using session::State;
using tests::WindowBench;

namespace {

constexpr const char *sendJs = "export const onRequest = async ({ env, request }) => { await env.MAIL.send(JSON.parse(new URL(request.url).searchParams.get('m'))); return new Response('sent'); };\n";

class Bench final
{
public:
    Bench() : window(WindowBench::Start::No, WindowBench::Content::Empty)
    {
        window.write("wrangler.toml", "name = \"pages\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-01\"\n[[queues.producers]]\nbinding = \"MAIL\"\nqueue = \"mail\"\n");
        window.write("functions/send.js", sendJs);
    }
    void consumer(const std::string &body, const std::string &settings = "max_batch_timeout = 0\n") const
    {
        window.write("worker/wrangler.toml", "name = \"worker\"\nmain = \"index.js\"\ncompatibility_date = \"2026-03-01\"\n[[queues.consumers]]\nqueue = \"mail\"\n" + settings);
        window.write("worker/index.js", "export default { async queue(batch) { " + body + " } };\n");
    }
    bool start()
    {
        if (!QTest::qWaitFor([&] { return window.session->config().status() == session::ConfigStore::Status::Readable; }, 30'000))
            return false;
        window.session->start();
        return window.waitFor(State::Running);
    }
    /// The page of the queue.
    bool open()
    {
        if (!QTest::qWaitFor([&] { return window.session->config().status() == session::ConfigStore::Status::Readable; }, 30'000))
            return false;
        window.press(Qt::Key_2, Qt::ControlModifier);
        pane = window.window->findChild<ui::DataPane *>();
        return pane && pane->showItem(DataResource::Kind::Queue, "mail");
    }
    void put(const std::vector<NewMessage> &messages, std::int64_t at = base::wallMs())
    {
        QVERIFY(store().send("mail", messages, at));
    }
    QueueStore &store()
    {
        if (!m_store)
            m_store = std::make_unique<QueueStore>(window.session->stateFolder());
        return *m_store;
    }
    QueueStore::Counts counts() { return store().counts("mail", base::wallMs()).value(); }
    ui::RowView *table() const { return window.rows(u"Messages"_s); }
    QString cell(int row, int column) const { return table()->model()->index(row, column).data().toString(); }
    QStringList bodies() const
    {
        QStringList all;
        for (int row = 0; table() && row < table()->model()->rowCount(); ++row)
            all << cell(row, ui::MessageModel::Body);
        return all;
    }
    bool says(const QString &words) const
    {
        for (const ui::ElideLabel *label : window.window->findChildren<ui::ElideLabel *>()) {
            if (label->isVisible() && label->text().contains(words))
                return true;
        }
        return window.shows(words);
    }
    /// Presses the button of the question that is open.
    void answer(const QString &button) const
    {
        QDialog *dialog = window.dialog();
        QVERIFY(dialog);
        QAbstractButton *found = window.button(button, dialog);
        QVERIFY(found);
        QTest::mouseClick(found, Qt::LeftButton);
        QTRY_VERIFY(!window.window->findChild<QDialog *>());
    }

    WindowBench window;
    ui::DataPane *pane = nullptr;

private:
    std::unique_ptr<QueueStore> m_store;
};

} // namespace

class TestQueueWindow final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }

    void waitsForAConsumer()
    {
        Bench bench;
        QVERIFY(bench.start());
        QVERIFY(bench.open());
        QVERIFY(bench.says(u"No Worker beside the project consumes this queue"_s));
        QVERIFY(bench.says(u"sent to by pages"_s));
        const QAbstractItemModelTester tester(bench.table()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(bench.window.get(u"/send?m={\"to\":\"ada\"}"_s).body, QByteArray("sent"));
        QCOMPARE(bench.window.get(u"/send?m=[1,2]"_s).body, QByteArray("sent"));
        QTRY_COMPARE(bench.bodies(), (QStringList{u"{\"to\":\"ada\"}"_s, u"[1,2]"_s}));
        QTRY_VERIFY(bench.window.button(u"Waiting 2"_s));
        QVERIFY(bench.window.button(u"All 2"_s) && bench.window.button(u"Dead 0"_s));
        QCOMPARE(bench.cell(0, ui::MessageModel::State), u"Waiting"_s);
        QCOMPARE(bench.cell(0, ui::MessageModel::Due), u"now"_s);
        QVERIFY(!bench.window.button(u"Deliver now"_s)->isEnabled());

        // Looked at.
        WindowBench::clickRow(*bench.table(), 0);
        auto *value = bench.window.window->findChild<ui::ValueView *>();
        QTRY_VERIFY(value->value());
        QCOMPARE(*value->value(), std::string("{\"to\":\"ada\"}"));
        QCOMPARE(value->form(), ui::ValueForm::Json);

        // With the consumer they go, and what told of it does too.
        bench.consumer("for (const m of batch.messages) console.log('got', JSON.stringify(m.body));");
        QVERIFY(bench.window.session->addWorker(bench.window.path("worker")));
        QTRY_COMPARE(bench.counts().total(), 0U);
        QTRY_VERIFY(bench.bodies().isEmpty());
        QTRY_VERIFY(!bench.window.shows(u"No Worker beside the project consumes this queue"_s));
        QTRY_VERIFY(bench.says(u"Consumed by worker · batches of 5 or after 0 s · 2 retries"_s));
        QTRY_VERIFY(bench.window.button(u"All 0"_s));
    }

    void sendsAndDeletes()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.window.click(u"Send…"_s);
        QDialog *dialog = bench.window.dialog();
        QVERIFY(dialog);
        QAbstractButton *send = bench.window.button(u"Send"_s, dialog);
        QPlainTextEdit *edit = nullptr;
        for (QPlainTextEdit *one : dialog->findChildren<QPlainTextEdit *>())
            edit = one->isVisible() ? one : edit;
        QVERIFY(edit && send);
        edit->setPlainText(u"{ \"a\": "_s);
        QTRY_VERIFY(!send->isEnabled());
        edit->setPlainText(u"{\"a\": 1}"_s);
        QTRY_VERIFY(send->isEnabled());
        QTest::mouseClick(send, Qt::LeftButton);
        QTRY_COMPARE(bench.bodies(), QStringList{u"{\"a\": 1}"_s});

        bench.window.click(u"Send…"_s);
        dialog = bench.window.dialog();
        QVERIFY(dialog);
        dialog->findChild<QComboBox *>()->setCurrentIndex(1);
        for (QPlainTextEdit *one : dialog->findChildren<QPlainTextEdit *>())
            edit = one->isVisible() ? one : edit;
        edit->setPlainText(u"plain words"_s);
        QTest::mouseClick(bench.window.button(u"Send"_s, dialog), Qt::LeftButton);
        QTRY_COMPARE(bench.bodies(), (QStringList{u"{\"a\": 1}"_s, u"plain words"_s}));

        WindowBench::clickRow(*bench.table(), 0);
        bench.window.click(u"Delete"_s);
        bench.answer(u"Delete"_s);
        QTRY_COMPARE(bench.bodies(), QStringList{u"plain words"_s});
        bench.window.click(u"Purge…"_s);
        bench.answer(u"Cancel"_s);
        QCOMPARE(bench.counts().total(), 1U);
        bench.window.click(u"Purge…"_s);
        bench.answer(u"Purge"_s);
        QTRY_VERIFY(bench.bodies().isEmpty());
        QCOMPARE(bench.counts().total(), 0U);
    }

    /// By the time that the question is answered, other messages are in the rows that were chosen.
    void deletesWhatWasMeant()
    {
        Bench bench;
        bench.put({{ContentType::Text, "a", 0, {}}, {ContentType::Text, "b", 0, {}}, {ContentType::Text, "c", 0, {}}}, base::wallMs() - 1000);
        QVERIFY(bench.open());
        QTRY_COMPARE(bench.bodies().size(), 3);
        WindowBench::clickRow(*bench.table(), 0);
        bench.window.click(u"Delete"_s);
        QVERIFY(bench.window.dialog());
        bench.put({{ContentType::Text, "before", 0, {}}}, base::wallMs() - 5000);
        QTRY_COMPARE(bench.bodies().value(0), u"before"_s);
        bench.answer(u"Delete"_s);
        QTRY_COMPARE(bench.bodies(), (QStringList{u"before"_s, u"b"_s, u"c"_s}));
    }

    void kindsOfBodies()
    {
        Bench bench;
        bench.put({{ContentType::V8, QByteArray::fromHex("ff0f3b22016149023a02").toStdString(), 0, {}}, {ContentType::Bytes, std::string("\x00\xff\x10", 3), 0, {}}, {ContentType::Text, "line\nbreak", 0, {}},
            {ContentType::Json, "{\"long\":\"" + std::string(5000, 'x') + "\"}", 0, {}}, {ContentType::V8, QByteArray::fromHex("ff0f5c01").toStdString(), 0, {}}, {ContentType::Text, "later", 3600, {}}});
        QVERIFY(bench.open());
        QTRY_COMPARE(bench.bodies().size(), 6);
        QCOMPARE(bench.cell(0, ui::MessageModel::Body), u"new Map([ [\"a\", 1] ])"_s);
        QCOMPARE(bench.cell(1, ui::MessageModel::Body), u"00 ff 10"_s);
        QVERIFY(bench.cell(3, ui::MessageModel::Body).endsWith(u'…'));
        QCOMPARE(bench.cell(4, ui::MessageModel::Body), u"V8 value of 4 B"_s);
        QCOMPARE(bench.cell(5, ui::MessageModel::State), u"Delayed"_s);
        QCOMPARE(bench.cell(5, ui::MessageModel::Due), u"in 60 min"_s);
        auto *value = bench.window.window->findChild<ui::ValueView *>();
        WindowBench::clickRow(*bench.table(), 0);
        QTRY_VERIFY(value->value() && value->value()->starts_with("new Map("));
        WindowBench::clickRow(*bench.table(), 3);
        QTRY_VERIFY(value->value() && value->value()->size() == 5011);
        WindowBench::clickRow(*bench.table(), 4); // what cannot be read is shown as bytes
        QTRY_VERIFY(value->value() && value->value()->size() == 4);

        bench.window.click(u"Delayed 1"_s);
        QTRY_COMPARE(bench.bodies(), QStringList{u"later"_s});
        WindowBench::clickRow(*bench.table(), 0);
        bench.window.click(u"Retry"_s);
        QTRY_VERIFY(bench.bodies().isEmpty());
        QTRY_VERIFY(bench.window.button(u"Waiting 6"_s));
    }

    void pausedAndDead()
    {
        Bench bench;
        bench.consumer("console.log('batch of', batch.messages.length); throw new Error('no');", "max_retries = 0\nmax_batch_timeout = 0\n");
        QVERIFY(bench.window.session->addWorker(bench.window.path("worker")));
        QVERIFY(bench.start());
        QVERIFY(bench.open());
        QTRY_VERIFY(bench.says(u"Consumed by worker"_s));
        bench.window.click(u"Pause"_s);
        QTRY_VERIFY(bench.says(u"Consumed by worker, paused"_s));
        QCOMPARE(bench.window.get(u"/send?m=1"_s).body, QByteArray("sent"));
        QTRY_VERIFY(bench.window.button(u"Waiting 1"_s));
        QVERIFY(!bench.window.button(u"Deliver now"_s)->isEnabled());
        bench.window.click(u"Resume"_s);
        QTRY_VERIFY(bench.window.button(u"Dead 1"_s));
        QTRY_COMPARE(bench.cell(0, ui::MessageModel::State), u"Dead"_s);
        QCOMPARE(bench.cell(0, ui::MessageModel::Attempts), u"1"_s);

        // Retried, with code that takes it.
        bench.consumer("console.log('took', batch.messages[0].attempts);", "max_retries = 0\nmax_batch_timeout = 0\n");
        QTRY_VERIFY(!bench.window.session->workers()[0].building);
        WindowBench::clickRow(*bench.table(), 0);
        QTest::qWait(500); // the new code is loaded
        bench.window.click(u"Retry"_s);
        QTRY_COMPARE(bench.counts().total(), 0U);
        QTRY_VERIFY(bench.bodies().isEmpty());
    }

    /// A batch that is not full goes when it is told to.
    void deliversNow()
    {
        Bench bench;
        bench.consumer("console.log('batch of', batch.messages.length);", "max_batch_size = 100\nmax_batch_timeout = 60\n");
        QVERIFY(bench.window.session->addWorker(bench.window.path("worker")));
        QVERIFY(bench.start());
        QVERIFY(bench.open());
        QCOMPARE(bench.window.get(u"/send?m=1"_s).body, QByteArray("sent"));
        QTRY_VERIFY(bench.window.button(u"Waiting 1"_s));
        QTRY_VERIFY(bench.window.button(u"Deliver now"_s)->isEnabled());
        bench.window.click(u"Deliver now"_s);
        QTRY_COMPARE(bench.counts().total(), 0U);
    }

    void many()
    {
        Bench bench;
        constexpr int count = 100'000;
        bench.put(std::vector<NewMessage>(count, {ContentType::Json, "{\"n\":1}", 0, {}}), base::wallMs() - 1000);
        QVERIFY(bench.open());
        QTRY_COMPARE(bench.table()->model()->rowCount(), count);
        QElapsedTimer timer;
        qint64 slowest = 0;
        QScrollBar *bar = bench.table()->verticalScrollBar();
        for (int step = 0; step <= 40; ++step) {
            timer.restart();
            bar->setValue(static_cast<int>(static_cast<qint64>(bar->maximum()) * step / 40));
            QCoreApplication::processEvents();
            slowest = std::max(slowest, timer.elapsed());
        }
        QTRY_VERIFY(!bench.cell(count - 1, ui::MessageModel::Body).isEmpty());
        qInfo("scrolling through %d messages kept the window for %lld ms at most", count, static_cast<long long>(slowest));
        QVERIFY(slowest < 1000);
        QTRY_VERIFY(bench.says(u"100,000"_s));
        // One page further, while somebody sends.
        bench.put({{ContentType::Text, "newest", 0, {}}});
        QTRY_COMPARE(bench.table()->model()->rowCount(), count + 1);
    }

    /// A page that is not to be seen does not look.
    void hiddenDoesNothing()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.put({{ContentType::Text, "seen", 0, {}}});
        QTRY_COMPARE(bench.bodies().size(), 1);
        const QAbstractItemModel *model = bench.table()->model();
        bench.window.press(Qt::Key_1, Qt::ControlModifier);
        bench.put({{ContentType::Text, "unseen", 0, {}}});
        QTest::qWait(800); // three times as long as it waits between two looks
        QCOMPARE(model->rowCount(), 1);
        bench.window.press(Qt::Key_2, Qt::ControlModifier);
        QTRY_COMPARE(model->rowCount(), 2);
    }
};

QTEST_MAIN(TestQueueWindow)
#include "t_queuewindow.moc"
