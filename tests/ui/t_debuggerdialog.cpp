// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/session/debugclient.h"
#include "tests/ui/windowbench.h"

#include <QClipboard>
#include <QDialog>
#include <QDir>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QNetworkReply>
#include <QPlainTextEdit>
#include <QSettings>
#include <QTcpServer>
#include <QTimer>
#include <QToolButton>

#include <future>

using namespace cleat;
using namespace Qt::StringLiterals;
using session::State;
using tests::DebugClient;
using tests::WindowBench;

namespace {

constexpr const char *stopTs = "export const onRequestGet = () => {\n"
                               "  debugger;\n"
                               "  return new Response('went on');\n"
                               "};\n";

QDialog *debuggerDialog(const WindowBench &bench)
{
    QDialog *dialog = nullptr;
    const bool open = QTest::qWaitFor([&] {
        for (QDialog *one : bench.window->findChildren<QDialog *>()) {
            if (one->windowTitle() == u"Debugger"_s && one->isVisible())
                dialog = one;
        }
        return dialog != nullptr;
    }, 30'000);
    return open && QTest::qWaitForWindowActive(dialog) ? dialog : nullptr;
}

/// Attached and listening for pauses; the event loop runs meanwhile.
std::unique_ptr<DebugClient> attach(const session::Debugger &debugger)
{
    auto future = std::async(std::launch::async, [port = debugger.port(), path = debugger.address().section(u'/', 3).prepend(u'/').toStdString()] {
        auto client = std::make_unique<DebugClient>(port, path);
        client->call("Debugger.enable");
        return client;
    });
    (void)QTest::qWaitFor([&] { return future.wait_for(std::chrono::milliseconds(0)) == std::future_status::ready; }, 30'000);
    return future.get();
}

/// With a mouse: the arrow at the side of the run button, then the entry.
bool chooseFromRunMenu(const WindowBench &bench, const QString &entry)
{
    auto *opener = qobject_cast<QToolButton *>(bench.button(u"Restart"_s));
    if (!opener || !opener->menu())
        return false;
    bool chosen = false;
    QTimer poll; // the menu keeps the click from returning until it is closed
    QObject::connect(&poll, &QTimer::timeout, opener, [&] {
        QMenu *menu = opener->menu();
        if (!menu->isVisible())
            return;
        poll.stop();
        for (QAction *action : menu->actions()) {
            if (action->text() == entry) {
                chosen = true;
                QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
                return;
            }
        }
        menu->close();
    });
    poll.start(10);
    QTest::mouseClick(opener, Qt::LeftButton, {}, QPoint(opener->width() - 5, opener->height() / 2));
    return QTest::qWaitFor([&] { return chosen; }, 30'000);
}

/// A picture for people to look at.
void keepPicture(QWidget &widget, const QString &name)
{
    QTest::qWait(50); // fonts, layouts and colours settle
    const QDir folder(QCoreApplication::applicationDirPath() + u"/screenshots/"_s + qEnvironmentVariable("CLEAT_THEME", u"light"_s));
    folder.mkpath(u"."_s);
    widget.grab().save(folder.filePath(name + u".png"_s));
}

QLineEdit *field(const QDialog &dialog, const QString &start)
{
    for (QLineEdit *one : dialog.findChildren<QLineEdit *>()) {
        if (one->text().startsWith(start))
            return one;
    }
    return nullptr;
}

} // namespace

class TestDebuggerDialog : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }

    void opensFromTheRunMenu()
    {
        WindowBench bench;
        QVERIFY(!bench.session->debugger().isOn());
        QVERIFY(chooseFromRunMenu(bench, u"Open debugger…"_s));
        QDialog *dialog = debuggerDialog(bench);
        QVERIFY(dialog);
        const session::Debugger &debugger = bench.session->debugger();
        QVERIFY(debugger.isOn());
        QVERIFY(bench.shows(u"No debugger is attached."_s));
        keepPicture(*dialog, u"debugger"_s);
        QVERIFY(field(*dialog, u"ws://127.0.0.1:"_s));
        QCOMPARE(field(*dialog, u"ws://"_s)->text(), debugger.address());
        QCOMPARE(field(*dialog, u"devtools://"_s)->text(), debugger.devToolsAddress());
        QTest::mouseClick(bench.button(u"Copy the address of the WebSocket"_s, dialog), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), debugger.address());
        QTest::mouseClick(bench.button(u"Copy the address for Chrome"_s, dialog), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), debugger.devToolsAddress());
        QTest::mouseClick(bench.button(u"Copy this code"_s, dialog), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), debugger.launchConfiguration());

        auto client = attach(debugger);
        QVERIFY(client->open());
        QTRY_VERIFY(bench.shows(u"One debugger is attached."_s));
        auto other = attach(debugger);
        QTRY_VERIFY(bench.shows(u"2 debuggers are attached."_s));
        client->vanish();
        other->vanish();
        QTRY_VERIFY(bench.shows(u"No debugger is attached."_s));

        QTest::mouseClick(bench.button(u"Turn off"_s, dialog), Qt::LeftButton);
        QVERIFY(!debugger.isOn());
        QVERIFY(bench.shows(u"No debugger can attach."_s));
        QTest::mouseClick(bench.button(u"Turn on"_s, dialog), Qt::LeftButton);
        QVERIFY(debugger.isOn());
        QTest::mouseClick(bench.button(u"Close"_s, dialog), Qt::LeftButton);
        QTRY_VERIFY(bench.window->findChildren<QDialog *>().isEmpty());
        QVERIFY(debugger.isOn()); // closing the window leaves it
    }

    void takesAnotherPortWhenTheUsualOneIsTaken()
    {
        QTcpServer other; // perhaps somebody else has it already: as good
        other.listen(QHostAddress::LocalHost, session::Debugger::usualPort);
        WindowBench bench;
        bench.press(Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(debuggerDialog(bench));
        QVERIFY(bench.session->debugger().isOn());
        QVERIFY(bench.session->debugger().port() != session::Debugger::usualPort);
    }

    void showsThatCodeIsPaused()
    {
        WindowBench bench;
        bench.write("functions/stop.ts", stopTs);
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/stop"_s).body, QByteArray("went on"), 20'000); // nobody is there to stop for
        QVERIFY(!bench.button(u"Resume"_s));
        QVERIFY(bench.session->debugger().turnOn(0, u"sample"_s));
        auto client = attach(bench.session->debugger());
        QVERIFY(client->open());

        auto reply = bench.begin("GET", u"/stop"_s);
        QTRY_VERIFY_WITH_TIMEOUT(bench.shows(u"Paused at functions/stop.ts:2"_s), 20'000);
        QVERIFY(!reply->isFinished());
        QVERIFY(bench.button(u"Resume"_s));
        bench.press(Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
        QDialog *dialog = debuggerDialog(bench);
        QVERIFY(dialog);
        QVERIFY(bench.button(u"Resume"_s, dialog));
        keepPicture(*dialog, u"debugger-paused"_s);
        keepPicture(*bench.window, u"debugger-window"_s);
        const QSize size = bench.window->size();
        bench.window->resize(bench.window->minimumSize());
        keepPicture(*bench.window, u"debugger-window-small"_s);
        bench.window->resize(size);
        dialog->close();
        bench.click(u"Resume"_s);
        QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 20'000);
        QCOMPARE(reply->readAll(), QByteArray("went on"));
        QTRY_VERIFY(!bench.button(u"Resume"_s));
        QVERIFY(bench.shows(u"Running on"_s));

        // By its key, and by stopping the project
        auto second = bench.begin("GET", u"/stop"_s);
        QTRY_VERIFY_WITH_TIMEOUT(bench.button(u"Resume"_s), 20'000);
        bench.press(Qt::Key_F8);
        QTRY_VERIFY_WITH_TIMEOUT(second->isFinished(), 20'000);
        QTRY_VERIFY(!bench.button(u"Resume"_s));
        auto third = bench.begin("GET", u"/stop"_s);
        QTRY_VERIFY_WITH_TIMEOUT(bench.button(u"Resume"_s), 20'000);
        bench.click(u"Stop"_s);
        QVERIFY(bench.waitFor(State::Stopped));
        QTRY_VERIFY(!bench.button(u"Resume"_s));
        QVERIFY(bench.shows(u"Stopped"_s));
        QTRY_VERIFY_WITH_TIMEOUT(third->isFinished(), 20'000);
    }
};

QTEST_MAIN(TestDebuggerDialog)
#include "t_debuggerdialog.moc"
