// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"
#include "tests/core/secrets/memorykeychain.h"
#include "ui/bindings/bindingspane.h"
#include "ui/configfile/codeeditor.h"
#include "ui/configfile/configfilepane.h"
#include "ui/configfile/editedtext.h"
#include "ui/shell/headerbar.h"
#include "ui/shell/mainwindow.h"
#include "ui/widgets/theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QFile>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;

namespace {

const QByteArray good = "name = \"demo\"\npages_build_output_dir = \"public\"\n\n[vars]\nURL = \"x\"\n";

struct Bench {
    QTemporaryDir folder;
    tests::MemoryKeychain keychain;
    std::unique_ptr<session::Session> session;
    std::unique_ptr<ui::MainWindow> window;

    explicit Bench(const QByteArray &text = good)
    {
        if (!text.isEmpty()) {
            QFile file(folder.filePath(u"wrangler.toml"_s));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
        }
        session::Options options;
        options.project = folder.path().toStdString();
        options.dataFolder = folder.filePath(u"data"_s).toStdString();
        options.port = 0;
        session = std::make_unique<session::Session>(options, keychain);
        open();
    }
    void open()
    {
        window = std::make_unique<ui::MainWindow>(*session);
        window->show();
        window->activateWindow();
        (void)QTest::qWaitForWindowActive(window.get());
    }
    QByteArray read() const
    {
        QFile file(folder.filePath(u"wrangler.toml"_s));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("missing");
    }
    ui::CodeEditor *editor() const { return window->findChild<ui::CodeEditor *>(); }
    QAbstractButton *button(const QString &text) const
    {
        for (QAbstractButton *candidate : window->findChildren<QAbstractButton *>()) {
            if (candidate->isVisible() && candidate->text().remove(u'&') == text)
                return candidate;
        }
        return nullptr;
    }
    void edit() const
    {
        QTest::keyClick(window.get(), Qt::Key_6, Qt::ControlModifier);
        QTest::keyClicks(editor(), u"# mine "_s);
    }
    QMessageBox *question() const { return window->findChild<QMessageBox *>(); }
};

} // namespace

class TestConfigFileWindow : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase()
    {
        QApplication::setOrganizationName(u"Cleat"_s);
        QApplication::setApplicationName(u"Cleat"_s);
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
        ui::setupTheme(*qApp);
    }
    void init() { QSettings().clear(); }

    void pane()
    {
        Bench bench;
        QVERIFY(!bench.editor()); // made when it is first wanted
        QTest::keyClick(bench.window.get(), Qt::Key_6, Qt::ControlModifier);
        QVERIFY(bench.editor()->isVisible());
        QVERIFY(bench.editor()->hasFocus());
        QTest::keyClick(bench.window.get(), Qt::Key_1, Qt::ControlModifier);
        QVERIFY(!bench.editor()->isVisible());
        QVERIFY(bench.button(u"Config file"_s));
        QTest::mouseClick(bench.button(u"Config file"_s), Qt::LeftButton);
        QVERIFY(bench.editor()->isVisible());
        bench.window->close();
        bench.open();
        QVERIFY(bench.editor() && bench.editor()->isVisible()); // remembered
    }

    void leadsToALine()
    {
        Bench bench;
        Q_EMIT bench.window->findChild<ui::BindingsPane *>()->openConfigFileAt(5);
        QVERIFY(bench.editor()->isVisible());
        QCOMPARE(bench.editor()->textCursor().blockNumber(), 4);
        bench.window->openConfigFileAt(0);
        QCOMPARE(bench.editor()->textCursor().blockNumber(), 4);
    }

    void undoIsTheEditors()
    {
        Bench bench;
        QVERIFY(bench.session->config().apply(config::RemoveVariable{config::Scope::TopLevel, "URL"}, u"Remove URL"_s));
        const QByteArray removed = bench.read();
        bench.edit();
        QTest::keyClick(bench.editor(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bench.read(), removed); // not the panel's step
        QVERIFY(!ui::editorText(*bench.editor()).contains(u"# mine"_s));
    }

    void closing_data()
    {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<bool>("closes");
        QTest::addColumn<bool>("saved");
        QTest::newRow("save") << u"Save"_s << true << true;
        QTest::newRow("discard") << u"Discard"_s << true << false;
        QTest::newRow("cancel") << u"Cancel"_s << false << false;
    }
    void closing()
    {
        QFETCH(QString, answer);
        QFETCH(bool, closes);
        QFETCH(bool, saved);
        Bench bench;
        const QSignalSpy closed(bench.window.get(), &ui::MainWindow::closed);
        bench.edit();
        bench.window->close();
        QVERIFY(bench.window->isVisible());
        QTRY_VERIFY(bench.question() && bench.question()->isVisible());
        QAbstractButton *button = nullptr;
        for (QAbstractButton *candidate : bench.question()->buttons()) {
            if (candidate->text().remove(u'&') == answer || (answer == u"Discard"_s && bench.question()->buttonRole(candidate) == QMessageBox::DestructiveRole))
                button = candidate;
        }
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_COMPARE(closed.size(), closes ? 1 : 0);
        QCOMPARE(bench.window->isVisible(), !closes);
        QCOMPARE(bench.read().startsWith("# mine name"), saved);
        if (!closes)
            QVERIFY(ui::editorText(*bench.editor()).startsWith(u"# mine "_s));
    }

    void closesAtOnceWhenNothingIsEdited()
    {
        Bench bench;
        const QSignalSpy closed(bench.window.get(), &ui::MainWindow::closed);
        QTest::keyClick(bench.window.get(), Qt::Key_6, Qt::ControlModifier);
        bench.window->close();
        QCOMPARE(closed.size(), 1);
    }

    void asksBeforeAnotherProject()
    {
        Bench bench;
        const QSignalSpy wanted(bench.window.get(), &ui::MainWindow::openProjectRequested);
        auto *header = bench.window->findChild<ui::HeaderBar *>();
        Q_EMIT header->openProjectRequested("/a");
        QCOMPARE(wanted.size(), 1);
        bench.edit();
        Q_EMIT header->openProjectRequested("/b");
        QCOMPARE(wanted.size(), 1);
        QTRY_VERIFY(bench.question() && bench.question()->isVisible());
        QTest::mouseClick(bench.question()->button(QMessageBox::Save), Qt::LeftButton);
        QTRY_COMPARE(wanted.size(), 2);
        QVERIFY(bench.read().startsWith("# mine "));
    }

    void missingFileLeadsToTheForm()
    {
        Bench bench{QByteArray()};
        QTest::keyClick(bench.window.get(), Qt::Key_6, Qt::ControlModifier);
        QVERIFY(bench.button(u"New Wrangler file…"_s));
        QTest::mouseClick(bench.button(u"New Wrangler file…"_s), Qt::LeftButton);
        QVERIFY(bench.window->findChild<ui::BindingsPane *>()->isVisible());
        QVERIFY(bench.button(u"Create wrangler.toml"_s));
    }
};

QTEST_MAIN(TestConfigFileWindow)
#include "t_configfilewindow.moc"
