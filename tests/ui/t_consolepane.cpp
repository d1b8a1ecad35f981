// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowbench.h"
#include "ui/console/consolemodel.h"
#include "ui/console/consolepane.h"
#include "ui/console/consoleview.h"

#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QToolButton>

using namespace cleat;
using namespace Qt::StringLiterals;
using events::Level;
using tests::WindowBench;

namespace {

constexpr auto chatty = R"(
interface User { name: string; tags: string[] }
export const onRequestGet = ({ request }: { request: Request }) => {
  const user: User = { name: 'Ann', tags: ['a', 'b'] };
  console.log('user', user);
  console.warn('careful');
  console.error(new TypeError('bad'));
  return new Response('said');
};
)";

} // namespace

/// The pane in the window, over a running session.
class TestConsolePane final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;
    std::unique_ptr<WindowBench> m_bench;

    ui::ConsolePane *pane() const { return m_bench->window->findChild<ui::ConsolePane *>(); }
    ui::ConsoleView *view() const { return m_bench->window->findChild<ui::ConsoleView *>(); }
    ui::ConsoleModel *model() const { return m_bench->window->findChild<ui::ConsoleModel *>(); }
    QLineEdit *filter() const { return pane()->findChild<QLineEdit *>(); }

    int rowWith(const QString &text) const
    {
        for (int row = 0; row < model()->rowCount(); ++row) {
            if ((model()->item(row) ? model()->index(row).data().toString() : model()->head(row)).contains(text))
                return row;
        }
        return -1;
    }

    bool waitForRow(const QString &text) const
    {
        return QTest::qWaitFor([&] { return rowWith(text) >= 0; }, 20'000);
    }

    void clickIn(const QRect &rect) const { QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, rect.center()); }

    void publish(std::string text, Level level = Level::Log) { m_bench->session->events().publish({events::ConsoleEvent{0, 1, level, std::move(text), {}, {}}}); }

    /// With the project running, chatty.ts answering, and the pane shown and empty.
    void begin()
    {
        m_bench = std::make_unique<WindowBench>();
        m_bench->write("functions/chatty.ts", chatty);
        QTRY_COMPARE_WITH_TIMEOUT(m_bench->get(u"/chatty"_s).body, "said", 20'000);
        m_bench->click(u"Console"_s);
        QVERIFY(waitForRow(u"careful"_s));
        m_bench->click(u"Clear"_s);
        QCOMPARE(model()->rowCount(), 0);
    }

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }
    void cleanup() { m_bench.reset(); }

    void saysWhatToDoFirst()
    {
        m_bench = std::make_unique<WindowBench>(WindowBench::Start::No);
        m_bench->click(u"Console"_s);
        QVERIFY(m_bench->shows(u"Nothing in the console yet"_s));
        QVERIFY(m_bench->shows(u"Start the project (F5)"_s));
    }

    void showsLinesAndUnfoldsObjects()
    {
        begin();
        QCOMPARE(m_bench->get(u"/chatty"_s).status, 200);
        QVERIFY(waitForRow(u"TypeError: bad"_s));
        const int row = rowWith(u"user {name: 'Ann'"_s);
        QVERIFY(row >= 0);
        QCOMPARE(model()->line(row).place.file, std::string("functions/chatty.ts"));
        QCOMPARE(model()->line(row).place.line, 5); // as the user wrote it, types and all
        clickIn(view()->partsOf(row).fold);
        const int name = rowWith(u"name: Ann"_s);
        QCOMPARE(name, row + 1);
        const int tags = rowWith(u"tags: (2)"_s);
        clickIn(view()->partsOf(tags).fold);
        QCOMPARE(rowWith(u"1: b"_s), tags + 2);
        clickIn(view()->partsOf(tags).fold);
        QCOMPARE(rowWith(u"1: b"_s), -1);

        // By keys: left goes out and folds, right unfolds.
        view()->setFocus();
        view()->setCurrentIndex(model()->index(tags));
        QTest::keyClick(view(), Qt::Key_Right);
        QVERIFY(rowWith(u"1: b"_s) > 0);
        QTest::keyClick(view(), Qt::Key_Left);
        QTest::keyClick(view(), Qt::Key_Left);
        QCOMPARE(view()->currentIndex().row(), row);
        QTest::keyClick(view(), Qt::Key_Left);
        QCOMPARE(rowWith(u"name: Ann"_s), -1);
        QTest::keyClick(view(), Qt::Key_Return);
        QVERIFY(rowWith(u"name: Ann"_s) > 0);
        QCOMPARE(m_bench->window->grab().size(), m_bench->window->size()); // painted without complaint
    }

    void linksToRequestsAndSources()
    {
        begin();
        const QString called = m_settings.filePath(u"called"_s);
        QFile::remove(called);
        QFile editor(m_settings.filePath(u"editor"_s));
        QVERIFY(editor.open(QIODevice::WriteOnly));
        editor.write("#!/bin/sh\nprintf '%s' \"$1\" > '" + called.toUtf8() + ".part'\nmv '" + called.toUtf8() + ".part' '" + called.toUtf8() + "'\n");
        editor.close();
        QVERIFY(editor.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        QSettings().setValue(u"editor/command"_s, editor.fileName() + u" {file}:{line}"_s);

        QCOMPARE(m_bench->get(u"/chatty"_s).status, 200);
        QVERIFY(waitForRow(u"careful"_s));
        const int row = rowWith(u"careful"_s);
        QTRY_COMPARE(view()->partsOf(row).requestText, u"GET /chatty"_s);
        clickIn(view()->partsOf(row).place);
        QTRY_VERIFY(QFile::exists(called));
        QFile written(called);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(written.readAll().endsWith("/functions/chatty.ts:6"));

        QSignalSpy asked(pane(), &ui::ConsolePane::requestAsked);
        clickIn(view()->partsOf(row).request);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toULongLong(), model()->line(row).request);
    }

    void showsExceptionsAndNotices()
    {
        begin();
        QCOMPARE(m_bench->get(u"/error"_s).status, 500);
        QVERIFY(waitForRow(u"This is what an uncaught error looks like"_s));
        const int row = rowWith(u"This is what an uncaught error looks like"_s);
        QCOMPARE(model()->line(row).kind, ui::ConsoleLine::Kind::Exception);
        clickIn(view()->partsOf(row).fold);
        const int frame = rowWith(u"functions/error.ts:"_s);
        QVERIFY(frame > row);
        QVERIFY(model()->item(frame)->place.line > 0);

        m_bench->write("functions/broken.ts", "export const onRequest = (;\n");
        QVERIFY(waitForRow(u"broken.ts"_s));
        QCOMPARE(model()->line(rowWith(u"broken.ts"_s)).kind, ui::ConsoleLine::Kind::Notice);
    }

    void filtersAndLevels()
    {
        begin();
        QCOMPARE(m_bench->get(u"/chatty"_s).status, 200);
        QVERIFY(waitForRow(u"TypeError: bad"_s));
        m_bench->press(Qt::Key_F, Qt::ControlModifier);
        QCOMPARE(m_bench->window->focusWidget(), filter());
        QTest::keyClicks(filter(), u"level:warn"_s);
        QTRY_COMPARE(model()->rowCount(), 1);
        QVERIFY(m_bench->shows(u"1 of 4"_s)); // the sample's middleware writes one
        QTest::keyClicks(filter(), u" nothing"_s);
        QTRY_VERIFY(m_bench->shows(u"No line fits"_s));
        m_bench->click(u"Show all lines"_s);
        QCOMPARE(model()->rowCount(), 4);
        m_bench->click(u"Errors"_s);
        QCOMPARE(rowWith(u"TypeError"_s), -1);
        QCOMPARE(static_cast<QToolButton *>(m_bench->button(u"Errors"_s))->text(), u"1"_s);
        m_bench->click(u"Errors"_s);
        QVERIFY(rowWith(u"TypeError"_s) >= 0);
        filter()->setText(u"/(/"_s); // makes no sense yet: the last one stays in force
        QTest::qWait(200);
        QCOMPARE(model()->rowCount(), 4);
    }

    void pausesFollowsAndClears()
    {
        begin();
        for (int i = 0; i < 500; ++i)
            publish("line " + std::to_string(i));
        QVERIFY(waitForRow(u"line 499"_s));
        QScrollBar *bar = view()->verticalScrollBar();
        QTRY_COMPARE(bar->value(), bar->maximum());
        QVERIFY(bar->maximum() > 0);
        m_bench->click(u"Pause"_s);
        publish("unseen");
        QTest::qWait(150);
        QCOMPARE(rowWith(u"unseen"_s), -1);
        m_bench->click(u"Pause"_s);
        QVERIFY(waitForRow(u"unseen"_s));

        bar->setValue(100);
        QVERIFY(!static_cast<QToolButton *>(m_bench->button(u"Follow"_s))->isChecked());
        publish("more");
        QVERIFY(waitForRow(u"more"_s));
        QCOMPARE(bar->value(), 100);
        m_bench->click(u"Follow"_s);
        QCOMPARE(bar->value(), bar->maximum());
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, QPoint(300, 30));
        QVERIFY(!static_cast<QToolButton *>(m_bench->button(u"Follow"_s))->isChecked());
        QCOMPARE(m_bench->window->focusWidget(), view());
        QTest::keyClick(view(), Qt::Key_Escape);
        QVERIFY(static_cast<QToolButton *>(m_bench->button(u"Follow"_s))->isChecked());
        m_bench->click(u"Clear"_s);
        QCOMPARE(model()->lines(), 0U);
        QVERIFY(m_bench->shows(u"Nothing in the console yet"_s));
    }

    /// What is in sight stays there when the oldest lines go.
    void staysInPlaceWhenLinesGo()
    {
        begin();
        std::vector<events::Event> many;
        for (int i = 0; i < 200'000; ++i)
            many.emplace_back(events::ConsoleEvent{0, 1, Level::Log, "n" + std::to_string(i), {}, {}});
        m_bench->session->events().publish(std::move(many));
        QTRY_COMPARE_WITH_TIMEOUT(model()->shown(), std::size_t(200'000), 60'000);
        QScrollBar *bar = view()->verticalScrollBar();
        bar->setValue(5000);
        QCOMPARE(model()->head(bar->value()), u"n5000"_s);
        for (int i = 0; i < 300; ++i)
            publish("late " + std::to_string(i));
        QVERIFY(waitForRow(u"late 299"_s));
        QCOMPARE(model()->head(bar->value()), u"n5000"_s);
        QCOMPARE(model()->lines(), 200'000U);
    }

    void takesInWhatHappenedWhileHidden()
    {
        begin();
        m_bench->click(u"Bindings"_s);
        publish("while hidden");
        QTest::qWait(150);
        QCOMPARE(model()->lines(), 0U);
        m_bench->click(u"Console"_s);
        QVERIFY(waitForRow(u"while hidden"_s));
    }

    void copiesAndSaves()
    {
        begin();
        QCOMPARE(m_bench->get(u"/chatty"_s).status, 200);
        QVERIFY(waitForRow(u"TypeError: bad"_s));
        const int row = rowWith(u"careful"_s);
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, view()->visualRect(model()->index(row)).center());
        QTest::keyClick(view(), Qt::Key_C, Qt::ControlModifier);
        const QString copied = QGuiApplication::clipboard()->text();
        QVERIFY2(copied.contains(u" warn  careful (functions/chatty.ts:6)"_s) && !copied.contains(u'\n'), qPrintable(copied));

        QTest::mouseClick(view()->viewport(), Qt::RightButton, {}, view()->visualRect(model()->index(row)).center());
        Q_EMIT view()->customContextMenuRequested(view()->visualRect(model()->index(row)).center());
        QMenu *menu = nullptr;
        QTRY_VERIFY((menu = qobject_cast<QMenu *>(QApplication::activePopupWidget())));
        for (QAction *action : menu->actions()) {
            if (action->text() == u"Copy as JSON"_s)
                action->trigger();
        }
        menu->close();
        const QJsonObject json = QJsonDocument::fromJson(QGuiApplication::clipboard()->text().toUtf8()).object();
        QCOMPARE(json.value(u"type"_s), u"console"_s);
        QCOMPARE(json.value(u"text"_s), u"careful"_s);
        QCOMPARE(json.value(u"level"_s), u"warn"_s);

        const QString file = m_settings.filePath(u"saved.log"_s);
        QVERIFY(pane()->saveTo(file.toStdString()));
        QFile saved(file);
        QVERIFY(saved.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(saved.readAll());
        QVERIFY(text.contains(u"user { name: 'Ann', tags: [ 'a', 'b' ] } (functions/chatty.ts:5)\n"_s));
        QVERIFY(text.contains(u"TypeError: bad"_s));
        const auto failed = pane()->saveTo("/nowhere/at/all.log");
        QVERIFY(!failed && !failed.error().message.empty());
    }

    void clearsOnRebuild()
    {
        begin();
        publish("old");
        QVERIFY(waitForRow(u"old"_s));
        m_bench->write("functions/chatty.ts", std::string(chatty) + "\nexport const onRequestPut = () => new Response('put');\n");
        QTRY_COMPARE_WITH_TIMEOUT(m_bench->request("PUT", u"/chatty"_s).body, "put", 20'000);
        QVERIFY(rowWith(u"old"_s) >= 0);
        for (QAction *action : pane()->findChildren<QAction *>()) {
            if (action->text() == u"Clear on rebuild"_s)
                action->trigger();
        }
        m_bench->write("functions/chatty.ts", std::string(chatty) + "\nexport const onRequestPut = () => new Response('again');\n");
        QTRY_COMPARE_WITH_TIMEOUT(m_bench->request("PUT", u"/chatty"_s).body, "again", 20'000);
        QCOMPARE(rowWith(u"old"_s), -1);
    }
};

QTEST_MAIN(TestConsolePane)
#include "t_consolepane.moc"
