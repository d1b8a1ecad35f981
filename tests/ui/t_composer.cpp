// SPDX-License-Identifier: GPL-3.0-or-later
// Doing requests again, in the real window: replay, the composer, saved requests, repeat, copies, HAR and session files.
#include "tests/ui/windowbench.h"
#include "ui/requests/again/composer.h"
#include "ui/requests/again/fieldseditor.h"
#include "ui/requests/again/repeatdialog.h"
#include "ui/requests/again/requestactions.h"
#include "ui/requests/detail/comparedialog.h"
#include "ui/requests/requestspane.h"
#include "ui/values/valueview.h"
#include "ui/widgets/rowview.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QNetworkReply>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTableWidget>

using namespace cleat;
using namespace Qt::StringLiterals;
using tests::WindowBench;

namespace {

template <typename Widget>
Widget *named(const QWidget &in, const QString &name)
{
    for (Widget *one : in.findChildren<Widget *>()) {
        if (one->accessibleName() == name)
            return one;
    }
    return nullptr;
}

QAbstractButton *buttonOf(const QWidget &in, const QString &text)
{
    for (QAbstractButton *button : in.findChildren<QAbstractButton *>()) {
        if (button->isVisible() && QString(button->text()).remove(u'&') == text)
            return button;
    }
    return nullptr;
}

/// The pane with some requests in it.
struct Requests {
    WindowBench bench;
    ui::RowView *rows = nullptr;

    Requests()
    {
        bench.click(u"Requests"_s);
        bench.request("POST", u"/api/tasks"_s, R"({"title":"Paint the boat"})");
        bench.get(u"/api/tasks"_s);
        (void)QTest::qWaitFor([&] {
            rows = bench.rows(u"Requests"_s);
            return rows && rows->model()->rowCount() == 2;
        }, 30'000);
    }
    int count() const { return rows->model()->rowCount(); }
    QString path(int row) const { return rows->model()->index(row, 2).data().toString(); }
    QString method(int row) const { return rows->model()->index(row, 1).data().toString(); }
    void choose(int row, Qt::KeyboardModifiers modifiers = {}) const { WindowBench::clickRow(*rows, row, modifiers); }

    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const
    {
        rows->setFocus();
        bench.press(key, modifiers);
    }
    /// With the context menu of the selected rows.
    bool run(const QString &entry) const
    {
        auto *pane = bench.window->findChild<ui::RequestsPane *>();
        auto *actions = bench.window->findChild<ui::RequestActions *>();
        for (QAction *action : actions->actionsFor(pane->recording(), pane->selected())) {
            if (action->text().remove(u'&') == entry) {
                action->trigger();
                return true;
            }
        }
        return false;
    }
    ui::RequestActions &actions() const { return *bench.window->findChild<ui::RequestActions *>(); }

    ui::Composer *composer() const
    {
        ui::Composer *found = nullptr;
        (void)QTest::qWaitFor([&] {
            found = bench.window->findChild<ui::Composer *>();
            return found && found->isVisible();
        }, 30'000);
        return found && found->isVisible() && QTest::qWaitForWindowActive(found) ? found : nullptr;
    }
};

QString status(const ui::Composer &composer)
{
    const auto *label = named<QLabel>(composer, u"Status of the answer"_s);
    return label && label->isVisible() ? label->text() : QString();
}

/// The question over `parent`.
QMessageBox *question(const QWidget &parent)
{
    QMessageBox *found = nullptr;
    (void)QTest::qWaitFor([&] {
        for (QMessageBox *box : parent.findChildren<QMessageBox *>()) {
            if (box->isVisible())
                found = box;
        }
        return found != nullptr;
    }, 30'000);
    return found;
}

/// Types into the question for a name over `composer` and agrees.
bool answerName(const ui::Composer &composer, const QString &name)
{
    QDialog *dialog = nullptr;
    (void)QTest::qWaitFor([&] {
        for (QDialog *one : composer.findChildren<QDialog *>()) {
            if (one->isVisible())
                dialog = one;
        }
        return dialog != nullptr;
    }, 30'000);
    auto *line = dialog ? dialog->findChild<QLineEdit *>() : nullptr;
    if (!line)
        return false;
    line->selectAll();
    QTest::keyClicks(line, name);
    QTest::keyClick(line, Qt::Key_Return);
    return true;
}

} // namespace

class TestComposer final : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }

    void replay()
    {
        Requests requests;
        requests.choose(0);
        requests.press(Qt::Key_R);
        QTRY_COMPARE(requests.count(), 3);
        QCOMPARE(requests.method(2), u"POST"_s);
        QCOMPARE(requests.path(2), u"/api/tasks"_s);
        requests.choose(0);
        requests.choose(2, Qt::ShiftModifier);
        QVERIFY(requests.run(u"Replay 3 requests"_s));
        QTRY_COMPARE(requests.count(), 6);
        const auto tasks = QJsonDocument::fromJson(requests.bench.get(u"/api/tasks"_s).body);
        QVERIFY(!tasks.isNull());
    }

    void editAndResend()
    {
        Requests requests;
        requests.choose(0);
        requests.press(Qt::Key_E, Qt::ControlModifier);
        ui::Composer *composer = requests.composer();
        QVERIFY(composer);
        QCOMPARE(composer->request().method, std::string("POST"));
        QCOMPARE(composer->request().target, std::string("/api/tasks"));
        QCOMPARE(composer->request().body, std::string(R"({"title":"Paint the boat"})"));
        auto *path = named<QLineEdit>(*composer, u"Path"_s);
        QVERIFY(path);
        path->selectAll();
        QTest::keyClicks(path, u"no slash"_s);
        QVERIFY(!buttonOf(*composer, u"Send"_s)->isEnabled()); // and why is said
        path->selectAll();
        QTest::keyClicks(path, u"/api/tasks?again=1"_s);
        QVERIFY(buttonOf(*composer, u"Send"_s)->isEnabled());
        QTest::keyClick(path, Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(status(*composer), u"201 Created"_s);
        QTRY_COMPARE(requests.count(), 3);
        QCOMPARE(requests.path(2), u"/api/tasks?again=1"_s);

        // Another one takes its place only when what was edited may go.
        requests.choose(1);
        QVERIFY(requests.run(u"Edit and resend…"_s));
        QMessageBox *box = question(*composer);
        QVERIFY(box);
        QTest::mouseClick(box->button(QMessageBox::Cancel), Qt::LeftButton);
        QCOMPARE(composer->request().target, std::string("/api/tasks?again=1"));
        QVERIFY(requests.run(u"Edit and resend…"_s));
        box = question(*composer);
        QVERIFY(box);
        QTest::mouseClick(buttonOf(*box, u"Give up"_s), Qt::LeftButton);
        QTRY_COMPARE(composer->request().method, std::string("GET"));
    }

    void fromScratch()
    {
        Requests requests;
        requests.bench.click(u"New request"_s);
        ui::Composer *composer = requests.composer();
        QVERIFY(composer);
        auto *method = named<QComboBox>(*composer, u"Method"_s);
        method->setCurrentText(u"PUT"_s);
        auto *path = named<QLineEdit>(*composer, u"Path"_s);
        QTest::keyClicks(path, u"/nowhere/at/all"_s);
        QTest::mouseClick(buttonOf(*composer, u"Send"_s), Qt::LeftButton);
        QTRY_VERIFY(!status(*composer).isEmpty());
        QTRY_COMPARE(requests.count(), 3);
        QCOMPARE(requests.method(2), u"PUT"_s);
        QCOMPARE(requests.path(2), u"/nowhere/at/all"_s);

        // The server stops: the composer says so instead of an answer.
        requests.bench.session->stop();
        QVERIFY(requests.bench.waitFor(session::State::Stopped));
        QTest::mouseClick(buttonOf(*composer, u"Send"_s), Qt::LeftButton);
        QTRY_VERIFY(status(*composer).isEmpty());
        QTRY_VERIFY(std::ranges::any_of(composer->findChildren<QLabel *>(), [](const QLabel *label) { return label->isVisible() && label->text().contains(u"The project does not run"_s); }));
    }

    void savedRequests()
    {
        Requests requests;
        requests.bench.click(u"New request"_s);
        ui::Composer *composer = requests.composer();
        QVERIFY(composer);
        QTest::keyClicks(named<QLineEdit>(*composer, u"Path"_s), u"/hello"_s);
        auto *fields = composer->findChild<ui::FieldsEditor *>();
        fields->setFields({{"Authorization", "Bearer abc"}, {"X-Mine", "1"}});
        QTest::mouseClick(named<QAbstractButton>(*composer, u"Save request"_s), Qt::LeftButton);
        QVERIFY(answerName(*composer, u"Hello"_s));
        QMessageBox *box = question(*composer);
        QVERIFY(box && box->text().contains(u"Authorization"_s));
        QTest::mouseClick(buttonOf(*box, u"Leave them out"_s), Qt::LeftButton);
        auto *list = named<QListWidget>(*composer, u"Saved requests"_s);
        QTRY_COMPARE(list->count(), 1);
        QCOMPARE(list->item(0)->text(), u"Hello"_s);
        const std::string file = requests.bench.read("cleat.requests.json");
        QVERIFY(file.find("X-Mine") != std::string::npos);
        QVERIFY(file.find("Bearer") == std::string::npos);
        QVERIFY(composer->windowTitle().startsWith(u"Hello"_s));

        // Saved again under the same name, renamed, opened after something else stood there, deleted.
        named<QLineEdit>(*composer, u"Path"_s)->selectAll();
        QTest::keyClicks(named<QLineEdit>(*composer, u"Path"_s), u"/hello?x=1"_s);
        fields->setFields({{"X-Mine", "2"}});
        QTest::keyClick(composer, Qt::Key_S, Qt::ControlModifier);
        QTRY_VERIFY(requests.bench.read("cleat.requests.json").find("/hello?x=1") != std::string::npos);
        list->setFocus();
        QTRY_COMPARE(list->count(), 1);
        list->setCurrentRow(0);
        QTest::keyClick(list, Qt::Key_F2);
        QVERIFY(answerName(*composer, u"Greeting"_s));
        QTRY_COMPARE(list->item(0)->text(), u"Greeting"_s);
        QTest::mouseClick(named<QAbstractButton>(*composer, u"New request"_s), Qt::LeftButton);
        QTRY_COMPARE(composer->request().target, std::string("/"));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(0)).center());
        QTRY_COMPARE(composer->request().target, std::string("/hello?x=1"));
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Delete);
        box = question(*composer);
        QVERIFY(box);
        QTest::mouseClick(buttonOf(*box, u"Delete"_s), Qt::LeftButton);
        QTRY_COMPARE(list->count(), 0);

        // What somebody else writes into the file shows; what is broken is said.
        requests.bench.write("cleat.requests.json", R"({"version":1,"requests":[{"name":"Theirs","method":"GET","path":"/theirs"}]})");
        QTRY_COMPARE(list->count(), 1);
        QCOMPARE(list->item(0)->text(), u"Theirs"_s);
        requests.bench.write("cleat.requests.json", "{");
        QTRY_VERIFY(std::ranges::any_of(composer->findChildren<QLabel *>(), [](const QLabel *label) { return label->isVisible() && label->text().contains(u"cleat.requests.json"_s); }));
    }

    void repeat()
    {
        Requests requests;
        requests.choose(1);
        QVERIFY(requests.run(u"Repeat…"_s));
        auto *dialog = qobject_cast<ui::RepeatDialog *>(requests.bench.dialog());
        QVERIFY(dialog);
        named<QSpinBox>(*dialog, u"Times"_s)->setValue(50);
        named<QSpinBox>(*dialog, u"At once"_s)->setValue(8);
        QTest::mouseClick(buttonOf(*dialog, u"Send"_s), Qt::LeftButton);
        QTRY_VERIFY(named<QLabel>(*dialog, u"Result"_s)->text().contains(u"50"_s));
        QTRY_COMPARE(requests.count(), 52);
        QTest::mouseClick(buttonOf(*dialog, u"Close"_s), Qt::LeftButton);
    }

    void copies()
    {
        Requests requests;
        requests.choose(0);
        const QString url = requests.bench.session->url().toString();
        QVERIFY(requests.run(u"Copy as cURL"_s));
        QVERIFY(QApplication::clipboard()->text().startsWith(u"curl"_s));
        QVERIFY(QApplication::clipboard()->text().contains(url + u"/api/tasks"_s));
        QVERIFY(requests.run(u"Copy as fetch()"_s));
        QVERIFY(QApplication::clipboard()->text().contains(u"fetch(\""_s + url));
        QVERIFY(requests.run(u"Copy as wget"_s));
        QVERIFY(QApplication::clipboard()->text().startsWith(u"wget"_s));
        QVERIFY(requests.bench.shows(u"Copied"_s));
    }

    void compare()
    {
        Requests requests;
        requests.choose(0);
        requests.choose(1, Qt::ControlModifier);
        QVERIFY(requests.run(u"Compare…"_s));
        QTRY_VERIFY(requests.bench.window->findChild<ui::CompareDialog *>());
        QVERIFY(requests.bench.window->findChild<ui::CompareDialog *>()->isVisible());
    }

    void harFiles()
    {
        Requests requests;
        QTemporaryDir folder;
        const QString file = folder.filePath(u"some.har"_s);
        requests.actions().exportHar(requests.bench.session->recorder().recording(), {}, file);
        QTRY_VERIFY(requests.bench.shows(u"some.har"_s));
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QJsonObject log = QJsonDocument::fromJson(written.readAll()).object()[u"log"_s].toObject();
        QCOMPARE(log[u"version"_s].toString(), u"1.2"_s);
        QCOMPARE(log[u"entries"_s].toArray().size(), 2);

        requests.actions().importHar(file);
        QWidget *opened = nullptr;
        QTRY_VERIFY([&] {
            for (QWidget *window : QApplication::topLevelWidgets()) {
                if (window->isVisible() && window->windowTitle().startsWith(u"some.har"_s))
                    opened = window;
            }
            return opened != nullptr;
        }());
        auto *rows = named<ui::RowView>(*opened, u"Requests"_s);
        QTRY_COMPARE(rows->model()->rowCount(), 2);
        QCOMPARE(rows->model()->index(0, 1).data().toString(), u"POST"_s);
        opened->close();

        QFile broken(folder.filePath(u"broken.har"_s));
        QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write("{\"log\":") > 0);
        broken.close();
        requests.actions().importHar(broken.fileName());
        QTRY_VERIFY(requests.bench.shows(u"broken.har"_s));
    }

    void sessionFiles()
    {
        Requests requests;
        QTemporaryDir folder;
        const QString file = folder.filePath(u"today.cleat"_s);
        requests.actions().saveSession(file);
        QTRY_VERIFY(requests.bench.shows(u"today.cleat"_s));
        requests.actions().openSession(file);
        QWidget *opened = nullptr;
        QTRY_VERIFY([&] {
            for (QWidget *window : QApplication::topLevelWidgets()) {
                if (window->isVisible() && window->windowTitle().startsWith(u"today.cleat"_s))
                    opened = window;
            }
            return opened != nullptr;
        }());
        auto *rows = named<ui::RowView>(*opened, u"Requests"_s);
        QTRY_COMPARE(rows->model()->rowCount(), 2);
        WindowBench::clickRow(*rows, 0);
        // It can be sent again from there, to the project that runs.
        QTest::keyClick(rows, Qt::Key_R);
        QTRY_COMPARE(requests.count(), 3);
        opened->close();
    }
};

QTEST_MAIN(TestComposer)
#include "t_composer.moc"
