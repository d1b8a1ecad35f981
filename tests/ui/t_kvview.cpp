// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/kv/kvnamespace.h"
#include "core/session/dataresources.h"
#include "ui/data/kvbrowser.h"
#include "ui/data/kvexpiry.h"
#include "ui/data/kvmodel.h"
#include "ui/data/kvview.h"
#include "ui/values/jsontree.h"
#include "ui/values/textview.h"
#include "ui/widgets/jsonedit.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/rowview.h"
#include "ui/widgets/theme.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QDateTime>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <sqlite3.h>

using namespace cleat;
using namespace cleat::ui;
using namespace Qt::StringLiterals;
using bindings::kv::KvNamespace;

namespace {

/// A namespace in a folder of its own, its view, and another program that writes.
class Bench
{
public:
    Bench() : other(state(), "ns") {}

    std::filesystem::path state() const { return m_dir.path().toStdString() + "/state"; }
    QString path(const QString &name) const { return m_dir.filePath(name); }

    void put(const std::string &key, const std::string &value, bindings::kv::PutOptions options = {})
    {
        const auto done = other.put(key, std::as_bytes(std::span(value)), options);
        if (!done)
            qFatal("%s", done.error().message.c_str());
    }
    QString value(const std::string &key)
    {
        const auto read = other.read(key);
        return read && *read ? QString::fromUtf8((*read)->value->data(), static_cast<qsizetype>((*read)->value->size())) : u"<none>"_s;
    }
    std::optional<bindings::kv::Entry> entry(const std::string &key)
    {
        const auto read = other.read(key);
        return read ? *read : std::nullopt;
    }

    void open(QSize size = {1000, 640})
    {
        session::DataResource resource;
        resource.kind = session::DataResource::Kind::Kv;
        resource.id = "ns";
        resource.title = "CACHE";
        resource.uses.push_back({"CACHE", {}});
        resource.state = state();
        resource.file = other.file();
        resource.values = state() / "v3/kv/ns/blobs";
        view.reset(makeKvView(resource, nullptr));
        view->resize(size);
        view->show();
        list = view->findChild<RowView *>();
        panel = view->findChild<KvPanel *>();
        model = view->findChild<KvModel *>();
        QVERIFY(QTest::qWaitForWindowExposed(view.get()));
        view->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(view.get()));
    }
    /// What the Data pane does four times a second.
    template <typename Condition>
    bool pollUntil(Condition condition)
    {
        QElapsedTimer clock;
        clock.start();
        while (!condition() && clock.elapsed() < 8000) {
            view->poll();
            QTest::qWait(20);
        }
        return condition();
    }
    QStringList keys() const
    {
        QStringList out;
        for (int row = 0; row < model->rowCount(); ++row)
            out << model->index(row, KvModel::Key).data().toString();
        return out;
    }
    /// By a click on its row.
    void choose(const QString &key)
    {
        QTRY_VERIFY(keys().contains(key));
        const int row = static_cast<int>(keys().indexOf(key));
        list->scrollTo(model->index(row, 0));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(model->index(row, 0)).center());
        QTRY_COMPARE(QString::fromStdString(panel->shown().key), key);
    }
    /// What the bars say.
    QString told() const
    {
        QString all;
        for (MessageBar *bar : view->findChildren<MessageBar *>()) {
            for (QLabel *label : bar->findChildren<QLabel *>())
                all += bar->isVisible() ? label->text() : QString();
        }
        return all;
    }
    QPushButton *button(const QString &text) const
    {
        for (QPushButton *one : view->findChildren<QPushButton *>()) {
            if (one->isVisible() && one->text() == text)
                return one;
        }
        return nullptr;
    }
    QToolButton *tool(const QString &tip) const
    {
        for (QToolButton *one : view->findChildren<QToolButton *>()) {
            if (one->isVisible() && (one->toolTip().startsWith(tip) || one->text() == tip))
                return one;
        }
        return nullptr;
    }
    QPlainTextEdit *editor() const
    {
        for (QPlainTextEdit *one : view->findChildren<QPlainTextEdit *>()) {
            if (one->isVisible() && one->accessibleName() == u"Value"_s)
                return one;
        }
        return nullptr;
    }
    QLineEdit *field(const QString &name) const
    {
        for (QLineEdit *one : view->findChildren<QLineEdit *>()) {
            if (one->accessibleName() == name)
                return one;
        }
        return nullptr;
    }

private:
    QTemporaryDir m_dir;

public:
    KvNamespace other;
    std::unique_ptr<DataView> view;
    RowView *list = nullptr;
    KvPanel *panel = nullptr;
    KvModel *model = nullptr;
};

/// Presses the button of the question that is open.
void answer(QWidget *window, const QString &button, QString *question = nullptr)
{
    QMessageBox *box = nullptr;
    QTRY_VERIFY((box = window->findChild<QMessageBox *>()) && box->isVisible());
    if (question)
        *question = box->text();
    for (QAbstractButton *one : box->buttons()) {
        if (one->text().remove(u'&') == button) {
            QTest::mouseClick(one, Qt::LeftButton);
            return;
        }
    }
    QFAIL("no such button");
}

} // namespace

class TestKvView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"cleat-test"_s);
        QCoreApplication::setApplicationName(u"t_kvview"_s);
        setupTheme(*qApp);
        QSettings().clear();
    }
    void cleanupTestCase() { QSettings().clear(); }

    void emptyNamespaceSaysWhatToDo()
    {
        Bench bench;
        bench.open();
        QTRY_VERIFY(bench.button(u"Add key"_s));
        QTest::mouseClick(bench.button(u"Add key"_s), Qt::LeftButton);
        QLineEdit *name = bench.field(u"Key"_s);
        QTRY_VERIFY(name->hasFocus());
        name->insert(u"first/kéy"_s);
        QTest::keyClicks(bench.editor(), u"hello"_s);
        QTest::keyClick(bench.editor(), Qt::Key_S, Qt::ControlModifier);
        QTRY_COMPARE(bench.value("first/kéy"), u"hello"_s);
        QTRY_COMPARE(bench.keys(), QStringList{u"first/kéy"_s});
        QTRY_VERIFY(!bench.view->isEdited());
        QCOMPARE(bench.list->selectionModel()->selectedRows().size(), 1);
    }

    void listShowsWhatThereIs()
    {
        Bench bench;
        bindings::kv::PutOptions options;
        options.metadata = "{\"by\": \"me\"}";
        options.expirationTtl = 3 * 86400 + 100;
        bench.put("b", "xyz", options);
        bench.put("a", std::string(1500, 'x'));
        bench.put("日本", "1");
        QSignalSpy *summary = nullptr;
        bench.open();
        summary = new QSignalSpy(bench.view.get(), &DataView::summaryChanged);
        summary->setParent(bench.view.get());
        const QAbstractItemModelTester tester(bench.model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTRY_COMPARE(bench.keys(), (QStringList{u"a"_s, u"b"_s, u"日本"_s}));
        QCOMPARE(bench.model->index(0, KvModel::Size).data().toString(), u"1.5 kB"_s);
        QCOMPARE(bench.model->index(1, KvModel::Expires).data().toString(), u"in 3 days"_s);
        QCOMPARE(bench.model->index(1, KvModel::Metadata).data().toString(), u"{\"by\": \"me\"}"_s);
        QTRY_COMPARE(bench.panel->shown().key, std::string("a")); // the first is chosen

        QLineEdit *filter = bench.field(u"Filter"_s);
        QTest::keyClick(bench.list, Qt::Key_F, Qt::ControlModifier);
        QTRY_VERIFY(filter->hasFocus());
        QTest::keyClicks(filter, u"b"_s);
        QTRY_COMPARE(bench.keys(), QStringList{u"b"_s});
        QTRY_VERIFY(summary->last().first().toString().startsWith(u"1 of 3"_s));
        filter->insert(u"本"_s);
        QTRY_COMPARE(bench.model->rowCount(), 0);
        QTest::keyClick(filter, Qt::Key_Backspace);
        QTest::keyClick(filter, Qt::Key_Backspace);
        filter->insert(u"本"_s);
        QTRY_COMPARE(bench.model->rowCount(), 0);
        QTest::mouseClick(bench.tool(u"Find the text anywhere"_s), Qt::LeftButton);
        QTRY_COMPARE(bench.keys(), QStringList{u"日本"_s});
        QTest::keyClick(filter, Qt::Key_Escape);
        QTRY_COMPARE(bench.model->rowCount(), 3);
    }

    void editKeepsTheRest()
    {
        Bench bench;
        bindings::kv::PutOptions options;
        options.metadata = R"({"n":12345678901234567890})";
        options.expiration = QDateTime::currentSecsSinceEpoch() + 5000;
        bench.put("k", "line one\r\nline\u00A0two\n", options);
        bench.open();
        bench.choose(u"k"_s);
        QTest::keyClick(bench.list, Qt::Key_Return);
        QTRY_VERIFY(bench.editor() && bench.editor()->hasFocus());
        QVERIFY(!bench.view->isEdited());
        QTest::keyClick(bench.editor(), Qt::Key_End, Qt::ControlModifier);
        QTest::keyClicks(bench.editor(), u"more"_s);
        QVERIFY(bench.view->isEdited());
        QTest::mouseClick(bench.button(u"Save"_s), Qt::LeftButton);
        QTRY_COMPARE(bench.value("k"), u"line one\r\nline\u00A0two\nmore"_s);
        QCOMPARE(bench.entry("k")->metadata, options.metadata);
        QCOMPARE(bench.entry("k")->expiration, options.expiration);
        QTRY_VERIFY(!bench.view->isEdited());
    }

    void metadataAndExpiry()
    {
        Bench bench;
        bench.put("k", "v");
        bench.open();
        bench.choose(u"k"_s);
        QTest::mouseClick(bench.tool(u"Details"_s), Qt::LeftButton);
        auto *metadata = bench.view->findChild<JsonEdit *>()->findChild<QPlainTextEdit *>();
        QTRY_VERIFY(metadata->isVisible());
        QTest::keyClicks(metadata, u"{\"a\":"_s);
        QVERIFY(bench.view->isEdited());
        QVERIFY(!bench.button(u"Save"_s)->isEnabled()); // no JSON yet
        QTest::keyClicks(metadata, u"1}"_s);
        QVERIFY(bench.button(u"Save"_s)->isEnabled());
        auto *way = bench.view->findChild<KvExpiryField *>()->findChild<QComboBox *>();
        QTest::keyClick(way, Qt::Key_End); // "in"
        QCOMPARE(way->currentText(), u"in"_s);
        const qint64 before = QDateTime::currentSecsSinceEpoch();
        QTest::mouseClick(bench.button(u"Save"_s), Qt::LeftButton);
        QTRY_VERIFY(bench.entry("k")->metadata);
        QCOMPARE(*bench.entry("k")->metadata, std::string("{\"a\":1}"));
        QVERIFY(*bench.entry("k")->expiration >= before + 60 && *bench.entry("k")->expiration <= before + 70);
        QCOMPARE(bench.value("k"), u"v"_s);
    }

    void conflictIsTold_data()
    {
        QTest::addColumn<QString>("button");
        QTest::addColumn<QString>("value");
        QTest::newRow("mine") << u"Keep mine"_s << u"mine!"_s;
        QTest::newRow("theirs") << u"Take theirs"_s << u"theirs"_s;
    }
    void conflictIsTold()
    {
        QFETCH(QString, button);
        QFETCH(QString, value);
        Bench bench;
        bench.put("k", "!");
        bench.open();
        bench.choose(u"k"_s);
        QTest::keyClick(bench.list, Qt::Key_Return);
        QTRY_VERIFY(bench.editor());
        QTest::keyClicks(bench.editor(), u"mine"_s);
        bench.put("k", "theirs");
        QVERIFY(bench.pollUntil([&] { return bench.button(button) != nullptr; }));
        QTest::mouseClick(bench.button(button), Qt::LeftButton);
        QTRY_COMPARE(bench.value("k"), value);
        QTRY_VERIFY(!bench.view->isEdited());
        QTRY_COMPARE(QString::fromStdString(*bench.panel->shown().bytes), value);
    }

    /// Even when nobody looked in between.
    void conflictIsSeenWhenSaving()
    {
        Bench bench;
        bench.put("k", "!");
        bench.open();
        bench.choose(u"k"_s);
        QTest::keyClick(bench.list, Qt::Key_Return);
        QTRY_VERIFY(bench.editor());
        QTest::keyClicks(bench.editor(), u"mine"_s);
        QVERIFY(bench.other.remove("k"));
        QTest::keyClick(bench.editor(), Qt::Key_S, Qt::ControlModifier);
        QTRY_VERIFY(bench.button(u"Keep mine"_s));
        QCOMPARE(bench.value("k"), u"<none>"_s);
        QTest::mouseClick(bench.button(u"Keep mine"_s), Qt::LeftButton);
        QTRY_COMPARE(bench.value("k"), u"mine!"_s);
    }

    void othersWritesShowAndAreMarked()
    {
        Bench bench;
        bench.put("b", "1");
        bench.put("d", "1");
        bench.open();
        bench.choose(u"d"_s);
        bench.put("a", "new");
        bench.put("c", "new");
        QVERIFY(bench.pollUntil([&] { return bench.keys() == QStringList{u"a"_s, u"b"_s, u"c"_s, u"d"_s}; }));
        QTRY_VERIFY(bench.model->index(2, 0).data(Qt::BackgroundRole).isValid());
        QVERIFY(!bench.model->index(1, 0).data(Qt::BackgroundRole).isValid());
        QTRY_COMPARE(bench.list->currentIndex().row(), 3); // the chosen key is still chosen
        QCOMPARE(bench.list->selectionModel()->selectedRows().size(), 1);
        bench.put("d", "two");
        QVERIFY(bench.pollUntil([&] { return bench.panel->shown().bytes && *bench.panel->shown().bytes == "two"; }));
        QVERIFY(bench.other.remove("d"));
        QVERIFY(bench.pollUntil([&] { return !bench.panel->hasKey(); }));
    }

    void renameDuplicateDelete()
    {
        Bench bench;
        bindings::kv::PutOptions options;
        options.metadata = "[1]";
        bench.put("one", "1", options);
        bench.put("two", "2");
        bench.put("three", "3");
        bench.open();
        bench.choose(u"one"_s);
        QTest::keyClick(bench.list, Qt::Key_F2);
        QDialog *dialog = nullptr;
        QTRY_VERIFY((dialog = bench.view->findChild<QDialog *>()) && dialog->isVisible());
        auto *name = dialog->findChild<QLineEdit *>();
        name->selectAll();
        QTest::keyClicks(name, u"eins"_s);
        QTest::keyClick(name, Qt::Key_Return);
        QTRY_VERIFY2(bench.value("eins") == u"1"_s, qPrintable(bench.told()));
        QCOMPARE(bench.entry("eins")->metadata, options.metadata);
        QCOMPARE(bench.value("one"), u"<none>"_s);
        QTRY_COMPARE(bench.panel->shown().key, std::string("eins"));

        QTRY_VERIFY(bench.tool(u"Duplicate"_s) && bench.tool(u"Duplicate"_s)->isEnabled());
        QTest::mouseClick(bench.tool(u"Duplicate"_s), Qt::LeftButton);
        QTRY_VERIFY(bench.button(u"Add key"_s));
        QTest::mouseClick(bench.button(u"Add key"_s), Qt::LeftButton);
        QTRY_COMPARE(bench.value("eins-copy"), u"1"_s);
        QCOMPARE(bench.entry("eins-copy")->metadata, options.metadata);
        QTRY_COMPARE(bench.keys().size(), 4);
        QTRY_VERIFY(!bench.view->isEdited());

        bench.choose(u"eins"_s);
        QTest::keyClick(bench.list, Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(bench.list->selectionModel()->selectedRows().size(), 2);
        QTest::keyClick(bench.list, Qt::Key_Delete);
        QString question;
        answer(bench.view.get(), u"Delete"_s, &question);
        QVERIFY2(question.contains(u"2"_s), qPrintable(question));
        QTRY_COMPARE(bench.keys(), (QStringList{u"three"_s, u"two"_s}));
        QTest::keyClick(bench.list, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(bench.list, Qt::Key_Delete);
        answer(bench.view.get(), u"Delete"_s, &question);
        QVERIFY2(question.contains(u"all 2"_s), qPrintable(question));
        QTRY_COMPARE(bench.model->rowCount(), 0);
    }

    void takenNameIsRefused()
    {
        Bench bench;
        bench.put("a", "1");
        bench.open();
        QTRY_COMPARE(bench.model->rowCount(), 1);
        QTest::keyClick(bench.list, Qt::Key_N, Qt::ControlModifier);
        QLineEdit *name = bench.field(u"Key"_s);
        QTRY_VERIFY(name->isVisible());
        QTest::keyClicks(name, u"a"_s);
        QTest::mouseClick(bench.button(u"Add key"_s), Qt::LeftButton);
        auto *bar = bench.panel->findChild<MessageBar *>();
        QTRY_VERIFY(bar->isVisible());
        QCOMPARE(bench.value("a"), u"1"_s);
        QVERIFY(bench.view->isEdited());
    }

    void editsAreNotLostByLookingElsewhere()
    {
        Bench bench;
        bench.put("a", "1");
        bench.put("b", "2");
        bench.open();
        bench.choose(u"a"_s);
        QTest::keyClick(bench.list, Qt::Key_Return);
        QTRY_VERIFY(bench.editor());
        QTest::keyClicks(bench.editor(), u"x"_s);
        QTest::mouseClick(bench.list->viewport(), Qt::LeftButton, {}, bench.list->visualRect(bench.model->index(1, 0)).center());
        QTRY_VERIFY(bench.button(u"Give it up"_s));
        QCOMPARE(bench.panel->shown().key, std::string("a"));
        QTest::mouseClick(bench.button(u"Give it up"_s), Qt::LeftButton);
        QTRY_COMPARE(bench.panel->shown().key, std::string("b"));
        QCOMPARE(bench.value("a"), u"1"_s);
    }

    void importAndExport()
    {
        Bench bench;
        bench.put("old", "1");
        bench.open();
        QTRY_COMPARE(bench.model->rowCount(), 1);
        QFile file(bench.path(u"in.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"([{"key":"n1","value":"v1","metadata":{"a":1}},{"key":"n2","value":"AAEC","base64":true}])");
        file.close();
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(file.fileName())});
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &mime, Qt::LeftButton, {});
        QApplication::sendEvent(bench.view.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPoint(10, 10), Qt::CopyAction, &mime, Qt::LeftButton, {});
        QApplication::sendEvent(bench.view.get(), &drop);
        QTRY_COMPARE(bench.value("n1"), u"v1"_s);
        QTRY_COMPARE(bench.keys(), (QStringList{u"n1"_s, u"n2"_s, u"old"_s}));
        QCOMPARE(bench.value("n2"), QString::fromUtf8("\0\1\2", 3));

        auto *browser = qobject_cast<KvBrowser *>(bench.view.get());
        browser->exportTo(bench.path(u"out.json"_s));
        QTRY_VERIFY(QFile::exists(bench.path(u"out.json"_s)));
        QTRY_VERIFY2(bench.told().contains(u"written to"_s), qPrintable(bench.told()));

        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"([{"key":"n3","value":"v3"},{"key":"","value":"v1"}])");
        file.close();
        browser->importFrom(file.fileName());
        QTRY_VERIFY(!bench.told().isEmpty() && !bench.told().contains(u"written to"_s));
        QCOMPARE(bench.value("n3"), u"<none>"_s); // all or nothing
    }

    void copies()
    {
        Bench bench;
        bench.put("it's \"x\"", "the value");
        bench.put("k2", "2");
        bench.open();
        bench.choose(u"it's \"x\""_s);
        QTest::keyClick(bench.list, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"it's \"x\""_s);
        for (QAction *action : bench.view->findChildren<QAction *>()) {
            if (action->text() == u"Copy as code"_s)
                action->trigger();
        }
        QCOMPARE(QGuiApplication::clipboard()->text(), u"await env.CACHE.get(\"it's \\\"x\\\"\")"_s);
        QTest::keyClick(bench.list, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(bench.list, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"it's \"x\"\nk2"_s);
    }

    void showItemFindsTheKey()
    {
        Bench bench;
        for (int i = 0; i < 3000; ++i)
            bench.put("key" + std::to_string(i), std::to_string(i));
        bench.open();
        QTRY_COMPARE(bench.model->rowCount(), 3000);
        QTest::keyClicks(bench.field(u"Filter"_s), u"zzz"_s);
        QTRY_COMPARE(bench.model->rowCount(), 0);
        bench.view->showItem(u"key2345"_s);
        QTRY_COMPARE(bench.panel->shown().key, std::string("key2345"));
        QVERIFY(bench.list->visualRect(bench.list->currentIndex()).intersects(bench.list->viewport()->rect()));
    }

    void missingFileIsTold()
    {
        Bench bench;
        bench.put("k", "v");
        for (const auto &file : std::filesystem::directory_iterator(bench.state() / "v3/kv/ns/blobs"))
            std::filesystem::remove(file);
        bench.open();
        QTRY_COMPARE(bench.model->rowCount(), 1);
        QTRY_COMPARE(bench.model->index(0, KvModel::Size).data().toString(), u"missing"_s);
    }

    /// Figures for a million keys; nothing here fails by the clock.
    void large()
    {
        Bench bench;
        bench.put("seed", "x");
        sqlite3 *db = nullptr;
        QCOMPARE(sqlite3_open(bench.other.file().c_str(), &db), SQLITE_OK);
        const char *many = "PRAGMA synchronous=OFF; WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i < 999998)"
                           " INSERT INTO _mf_entries(key, blob_id) SELECT printf('user/%07d/profile', i), printf('%080x', i) FROM n";
        QCOMPARE(sqlite3_exec(db, many, nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(db);
        QElapsedTimer clock;
        clock.start();
        bench.open();
        const auto filled = [&] { return bench.model->rowCount() == 1'000'000 && bench.model->row(bench.list->firstRow()) && bench.model->row(bench.list->lastRow()); };
        qint64 longest = 0;
        const auto wait = [&](const auto &condition) {
            QElapsedTimer whole;
            whole.start();
            longest = 0;
            while (!condition() && whole.elapsed() < 30'000) {
                QElapsedTimer frame;
                frame.start();
                QCoreApplication::processEvents();
                longest = std::max(longest, frame.nsecsElapsed() / 1000);
            }
            return whole.elapsed();
        };
        wait(filled);
        qInfo() << "first rows after" << clock.elapsed() << "ms, longest frame" << longest / 1000.0 << "ms";
        bench.list->setFocus();
        clock.start();
        QTest::keyClick(bench.list, Qt::Key_End);
        wait(filled);
        qInfo() << "End after" << clock.elapsed() << "ms, longest frame" << longest / 1000.0 << "ms";
        QTRY_COMPARE(bench.list->currentIndex().row(), 999'999);
        qint64 scrolling = 0;
        for (int i = 0; i < 60; ++i) {
            bench.list->verticalScrollBar()->setValue(static_cast<int>((i * 48'271LL) % 999'000));
            wait([&] { return true; });
            QCoreApplication::processEvents();
            scrolling = std::max(scrolling, longest);
        }
        wait(filled);
        qInfo() << "scrolling: longest frame" << std::max(scrolling, longest) / 1000.0 << "ms";
        clock.start();
        QTest::keyClicks(bench.field(u"Filter"_s), u"user/05"_s);
        wait([&] { return bench.model->rowCount() == 100'000 && bench.model->row(0); });
        qInfo() << "prefix of 100,000 after" << clock.elapsed() << "ms (with 80 ms of waiting for more letters)";
    }
};

QTEST_MAIN(TestKvView)
#include "t_kvview.moc"
