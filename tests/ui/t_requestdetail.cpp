// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/console.h"
#include "ui/requests/detail/bodyview.h"
#include "ui/requests/detail/consolelist.h"
#include "ui/requests/detail/exceptionsview.h"
#include "ui/requests/detail/fieldstable.h"
#include "ui/requests/detail/jsonpeek.h"
#include "ui/requests/detail/messageview.h"
#include "ui/requests/detail/spanpanel.h"
#include "ui/requests/detail/sqlview.h"
#include "ui/requests/detail/waterfall.h"
#include "ui/requests/requestdetailview.h"
#include "ui/values/jsontree.h"
#include "ui/widgets/theme.h"

#include "detailsample.h"

#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QToolButton>
#include <QTreeWidget>

using namespace cleat;
using namespace cleat::ui;
using namespace Qt::StringLiterals;
using Tab = RequestDetailView::Tab;

Q_DECLARE_METATYPE(cleat::base::Place)

class TestRequestDetail : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"CleatTest"_s);
        QSettings().clear();
        setupTheme(*qApp);
    }
    void init()
    {
        m_recording = std::make_shared<events::Recording>();
        m_view = std::make_unique<RequestDetailView>();
        m_view->setServices({.secret = [](const QString &name) { return name == u"API_KEY"_s ? std::optional(u"hush \"quoted\""_s) : std::nullopt; },
            .database = [this](const QString &binding) { return binding == u"DB"_s && !m_database.empty() ? std::optional(m_database) : std::nullopt; }});
        m_view->resize(900, 620);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanup()
    {
        m_view.reset();
        m_database.clear();
    }

    void spans()
    {
        show(sampleRecord());
        QSignalSpy source(m_view.get(), &RequestDetailView::sourceAsked);
        QSignalSpy data(m_view.get(), &RequestDetailView::dataAsked);
        auto *waterfall = m_view->findChild<Waterfall *>();
        QVERIFY(waterfall->isVisible());
        choose("kv");
        QTest::mouseClick(button("showData"), Qt::LeftButton);
        QCOMPARE(data.takeFirst(), (QVariantList{u"kv"_s, u"SESSIONS"_s, u"session:3f9a"_s}));
        QTest::mouseClick(button("openPlace"), Qt::LeftButton);
        QCOMPARE(source.takeFirst().first().value<base::Place>().line, 13);
        QVERIFY(!button("explainSql")->isVisible());
        QTest::keyClick(waterfall, Qt::Key_Return);
        QCOMPARE(source.takeFirst().first().value<base::Place>().line, 13);
        QTest::mouseClick(button("copySpan"), Qt::LeftButton);
        QVERIFY(QApplication::clipboard()->text().contains("session:3f9a"_L1));
        const auto peeks = m_view->findChild<SpanPanel *>()->findChildren<JsonPeek *>();
        QVERIFY(std::ranges::any_of(peeks, [](JsonPeek *peek) { return peek->showsTree() && peek->text().contains("editor"_L1); }));
        choose("middleware");
        QVERIFY(!button("showData")->isVisible());
        choose("r2"); // failed
        QVERIFY(std::ranges::any_of(peeks, [](JsonPeek *peek) { return peek->text().contains("no such object"_L1); }));
    }

    void explains()
    {
        QTemporaryDir folder;
        m_database = std::filesystem::path(folder.path().toStdString()) / "db.sqlite";
        show(sampleRecord());
        choose("d1");
        auto *sql = m_view->findChild<SqlView *>();
        QVERIFY(sql->isVisible());
        QVERIFY(sql->toPlainText().startsWith("SELECT t.id"_L1));
        QVERIFY(sql->toPlainText().contains("-- ?1 = 42"_L1));
        auto *plan = m_view->findChild<QPlainTextEdit *>(u"plan"_s);
        QTest::mouseClick(button("explainSql"), Qt::LeftButton);
        QTRY_VERIFY(plan->toPlainText().contains("not there"_L1));
        QVERIFY(!std::filesystem::exists(m_database)); // asking made nothing
        {
            data::d1::Console console(m_database);
            QVERIFY(console.run("CREATE TABLE todos (id INTEGER PRIMARY KEY, title, owner, done); CREATE TABLE users (id INTEGER PRIMARY KEY, name)", {}, {}));
        }
        QTest::mouseClick(button("explainSql"), Qt::LeftButton);
        QTRY_VERIFY(plan->toPlainText().contains("SEARCH t USING INTEGER PRIMARY KEY"_L1));
        QVERIFY(plan->isVisible());
        choose("kv");
        choose("d1"); // the plan was of another span
        QVERIFY(!plan->toPlainText().contains("SEARCH"_L1));
    }

    void headersAndBodies()
    {
        show(sampleRecord());
        m_view->tabs().setCurrentIndex(Tab::RequestTab);
        auto *request = half(Tab::RequestTab);
        QVERIFY(request->isVisible());
        QCOMPARE(request->headers().model().rowCount(), 6);
        QCOMPARE(request->headers().model().index(2, 1).data().toString(), FieldsModel::mask()); // Cookie
        QCOMPARE(request->query().model().fields()[1].value, u"a b"_s);
        QCOMPARE(request->cookies().model().rowCount(), 2);
        QVERIFY(request->cookies().model().isMasked(0));
        QCOMPARE(request->tabs().count(), 4);
        QTRY_COMPARE(request->body().form().model().rowCount(), 2);
        m_view->tabs().setCurrentIndex(Tab::ResponseTab);
        auto *response = half(Tab::ResponseTab);
        QCOMPARE(response->cookies().model().fields()[0].note, u"Path=/; HttpOnly"_s);
        QTRY_VERIFY(response->body().value().value());
        QCOMPARE(response->body().value().form(), ValueForm::Json);
    }

    void secrets()
    {
        show(sampleRecord());
        m_view->tabs().setCurrentIndex(Tab::ResponseTab);
        auto *response = half(Tab::ResponseTab);
        QTRY_VERIFY(response->body().value().value());
        QVERIFY(response->body().value().value()->contains("[secret API_KEY]"));
        QVERIFY(button("secrets")->isVisible());
        unmask();
        QTRY_VERIFY(response->body().value().value()->contains("hush"));
        m_view->tabs().setCurrentIndex(Tab::RequestTab);
        auto *request = half(Tab::RequestTab);
        QCOMPARE(request->headers().model().fields()[4].value, u"hush \"quoted\""_s);
        // Until another request is shown.
        show(failingRecord());
        show(sampleRecord());
        QCOMPARE(request->headers().model().fields()[4].value, u"[secret API_KEY]"_s);
        events::RequestRecord plain = sampleRecord();
        plain.content = {};
        plain.console.clear();
        show(plain);
        QVERIFY(!button("secrets")->isVisible());
    }

    void secretTexts()
    {
        QCOMPARE(secretMarks(u"a [secret X] [secret ] [secret Y"_s).size(), std::size_t(1));
        events::RequestRecord record = sampleRecord();
        record.calls[0].result = R"({"key":"[secret K]"})";
        record = withSecrets(record, {{"K", "a\"b\n[secret K]"}});
        QCOMPARE(record.calls[0].result, std::string("{\"key\":\"a\\\"b\\n[secret K]\"}"));
        QCOMPARE(secretNames(record), (QStringList{u"API_KEY"_s, u"K"_s}));
    }

    void console()
    {
        show(sampleRecord());
        QCOMPARE(m_view->tabs().tabText(Tab::ConsoleTab), u"Console (2)"_s);
        m_view->tabs().setCurrentIndex(Tab::ConsoleTab);
        auto *list = m_view->findChild<ConsoleList *>();
        QTreeWidget &lines = list->view();
        QCOMPARE(lines.topLevelItemCount(), 2);
        QCOMPARE(lines.topLevelItem(0)->text(0), u"2.5 ms"_s);
        lines.topLevelItem(0)->setExpanded(true);
        QCOMPARE(lines.topLevelItem(0)->childCount(), 2);
        lines.topLevelItem(0)->child(1)->setExpanded(true);
        QCOMPARE(lines.topLevelItem(0)->child(1)->child(0)->text(1), u"id: 42"_s);
        QSignalSpy source(m_view.get(), &RequestDetailView::sourceAsked);
        QTest::mouseClick(lines.viewport(), Qt::LeftButton, {}, lines.visualItemRect(lines.topLevelItem(0)).center() + QPoint(lines.visualItemRect(lines.topLevelItem(0)).width() / 2 - 20, 0));
        QCOMPARE(source.count(), 1);
        QCOMPARE(source.first().first().value<base::Place>().line, 14);
    }

    void exceptions()
    {
        show(failingRecord());
        QCOMPARE(m_view->tabs().tabText(Tab::ExceptionsTab), u"Exceptions (1)"_s);
        m_view->tabs().setCurrentIndex(Tab::ExceptionsTab);
        auto *view = m_view->findChild<ExceptionsView *>();
        const QString text = view->toPlainText();
        QVERIFY2(text.contains(u"▸  8    return todo.title"_s), qPrintable(text));
        QCOMPARE(text.count("TypeError"_L1), 1);
        QSignalSpy source(m_view.get(), &RequestDetailView::sourceAsked);
        QTextCursor cursor = view->document()->find(u"[id].ts:17:12"_s);
        QVERIFY(!cursor.isNull());
        cursor.setPosition(cursor.selectionStart() + 3);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->cursorRect(cursor).center());
        QCOMPARE(source.count(), 1);
        const auto place = source.first().first().value<base::Place>();
        QCOMPARE(place, (base::Place{"functions/api/todos/[id].ts", 17, 12}));
    }

    void stacks()
    {
        const auto places = stackPlaces(u"at f (functions/a.ts:1:2)\nat <anonymous>\nat node:internal/x.js:3:4\nat functions/[[path]].js:5\nat https://x.org/a.js:1:1 99:99"_s);
        QCOMPARE(places.size(), std::size_t(2));
        QCOMPARE(places[1].place, (base::Place{"functions/[[path]].js", 5, 0}));
    }

    /// While it runs, what is selected and where one looks stays.
    void runs()
    {
        std::vector<events::Event> batch;
        events::RequestEvent request = sampleRecord().request;
        request.id = 7;
        request.state = events::RequestState::Running;
        request.status = 0;
        request.durationUs = 0;
        batch.emplace_back(request);
        for (events::CallEvent call : sampleRecord().calls) {
            call.request = 7;
            if (call.kind == "kv" || call.kind == "d1")
                batch.emplace_back(call);
        }
        take(batch);
        const auto row = m_recording->find(7);
        QVERIFY(row);
        m_view->setRecord(m_recording, *row, QUrl());
        choose("d1");
        events::ConsoleEvent line;
        line.request = 7;
        line.text = "more";
        batch.clear();
        for (events::CallEvent call : sampleRecord().calls) {
            call.request = 7;
            if (call.kind != "kv" && call.kind != "d1")
                batch.emplace_back(call);
        }
        batch.emplace_back(line);
        take(batch);
        QTRY_VERIFY((m_view->setRecord(m_recording, *row, QUrl()), m_view->tabs().tabText(Tab::ConsoleTab) == u"Console (1)"_s));
        auto *waterfall = m_view->findChild<Waterfall *>();
        QCOMPARE(waterfall->currentIndex().data().toString(), u"D1 DB.all"_s);
        QVERIFY(waterfall->currentIndex().parent().isValid()); // its parents have come
        m_view->setRecord(m_recording, 99'999, QUrl()); // not held
        QVERIFY(!waterfall->isVisible());
        m_view->clear();
    }

    void nasty()
    {
        events::RequestRecord empty;
        show(empty);
        eachTab();
        events::RequestRecord odd = sampleRecord();
        odd.request.target = "\xff\xfe?%zz=\xff";
        odd.content.requestHead = std::string("\0\xff: \xff\r\nno colon\r\n\r\n: x", 22);
        odd.content.requestBody = std::string(1U << 20, '\xff');
        odd.request.requestBytes = 1U << 30;
        odd.content.cf = "{not json";
        for (events::CallEvent &call : odd.calls) {
            call.arguments = "\xff[[[";
            call.result = "\xfe";
            call.binding.clear();
        }
        odd.console[0].values = "[[[";
        odd.console[0].text = std::string(100'000, 'x');
        odd.exceptions.resize(3);
        odd.exceptions[1].excerpt = "\n";
        odd.exceptions[1].stack = std::string(100'000, ':');
        show(odd);
        eachTab();
        auto *waterfall = m_view->findChild<Waterfall *>();
        m_view->tabs().setCurrentIndex(Tab::WaterfallTab);
        for (int i = 0; i < 10; ++i)
            QTest::keyClick(waterfall, Qt::Key_Down);
    }

    void remembers()
    {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(u"s.ini"_s), QSettings::IniFormat);
        m_view->tabs().setCurrentIndex(Tab::ResponseTab);
        m_view->saveState(settings);
        RequestDetailView other;
        other.restoreState(settings);
        QCOMPARE(other.tabs().currentIndex(), static_cast<int>(Tab::ResponseTab));
        settings.setValue(u"requests/detail/tab"_s, 77);
        other.restoreState(settings); // and does not fall over
    }

    /// Pictures of it, to be looked at: CLEAT_SHOTS=<folder>.
    void pictures()
    {
        const QString folder = qEnvironmentVariable("CLEAT_SHOTS");
        const QString theme = qEnvironmentVariable("CLEAT_THEME", u"light"_s);
        for (const QSize size : {QSize(1000, 640), QSize(640, 420), QSize(420, 640)}) {
            m_view->resize(size);
            for (const bool fails : {false, true}) {
                show(fails ? failingRecord() : sampleRecord());
                for (int tab = 0; tab < Tab::TabCount; ++tab) {
                    m_view->tabs().setCurrentIndex(tab);
                    if (tab == Tab::WaterfallTab)
                        choose("d1");
                    QTest::qWait(folder.isEmpty() ? 0 : 120);
                    const QPixmap picture = m_view->grab();
                    QCOMPARE(picture.size(), size * m_view->devicePixelRatioF());
                    if (!folder.isEmpty())
                        QVERIFY(picture.save(u"%1/detail-%2-%3-%4-%5.png"_s.arg(folder, theme).arg(size.width()).arg(fails ? u"fails"_s : u"well"_s).arg(tab)));
                }
            }
        }
    }

private:
    void show(events::RequestRecord record)
    {
        const auto sequence = m_recording->add(std::move(record));
        m_view->setRecord(m_recording, sequence, QUrl(u"http://localhost:8788/"_s));
    }
    void take(const std::vector<events::Event> &batch)
    {
        const std::vector batches{std::make_shared<const events::Batch>(batch)};
        m_recording->take(batches, nullptr);
    }
    void eachTab()
    {
        for (int tab = 0; tab < Tab::TabCount; ++tab) {
            m_view->tabs().setCurrentIndex(tab);
            m_view->grab();
        }
    }
    void choose(std::string_view kind)
    {
        auto *waterfall = m_view->findChild<Waterfall *>();
        const auto &model = static_cast<const SpanModel &>(*waterfall->model());
        const auto found = std::ranges::find(model.calls(), kind, &events::CallEvent::kind);
        QVERIFY(found != model.calls().end());
        const QModelIndex index = model.indexOf(static_cast<std::size_t>(found - model.calls().begin()));
        waterfall->scrollTo(index);
        QTest::mouseClick(waterfall->viewport(), Qt::LeftButton, {}, waterfall->visualRect(index).center());
        QCOMPARE(waterfall->currentIndex(), index);
    }
    MessageView *half(Tab tab) const { return static_cast<MessageView *>(m_view->tabs().widget(tab)); }
    void unmask()
    {
        QMenu *menu = button("secrets")->menu();
        menu->popup(m_view->mapToGlobal(QPoint(10, 10)));
        QTRY_VERIFY(menu->isVisible());
        QCOMPARE(menu->actions().size(), 1);
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(menu->actions().first()).center());
    }
    QToolButton *button(const char *name) const { return m_view->findChild<QToolButton *>(QString::fromLatin1(name)); }

    std::shared_ptr<events::Recording> m_recording;
    std::filesystem::path m_database;
    std::unique_ptr<RequestDetailView> m_view;
};

QTEST_MAIN(TestRequestDetail)
#include "t_requestdetail.moc"
