// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/configstore.h"
#include "ui/bindings/findingslist.h"
#include "ui/configfile/codeeditor.h"
#include "ui/configfile/configfilepane.h"
#include "ui/configfile/editedtext.h"
#include "ui/widgets/conflictdialog.h"
#include "ui/widgets/jsonhighlighter.h"
#include "ui/widgets/messagebar.h"

#include <QAction>
#include <QDesktopServices>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QToolButton>

using namespace cleat;
using namespace Qt::StringLiterals;
using session::ConfigStore;
using ui::CodeEditor;
using ui::ConfigFilePane;

namespace {

const QByteArray good = "name = \"demo\"\npages_build_output_dir = \"public\"\n\n[[kv_namespaces]]\nbinding = \"LIST\"\nid = \"one\"\n";

/// The pane in a window of its own, over the file of a real folder.
struct Bench {
    QTemporaryDir folder;
    std::unique_ptr<ConfigStore> store;
    std::unique_ptr<ConfigFilePane> pane;
    CodeEditor *editor = nullptr;

    explicit Bench(const QByteArray &text = good, const QString &name = u"wrangler.toml"_s)
    {
        if (!text.isEmpty())
            write(text, name);
        store = std::make_unique<ConfigStore>(folder.path().toStdString());
        pane = std::make_unique<ConfigFilePane>(*store);
        editor = pane->findChild<CodeEditor *>();
        pane->resize(760, 520);
        pane->show();
        pane->activateWindow();
        (void)QTest::qWaitForWindowActive(pane.get());
        pane->setFocus();
    }

    void write(const QByteArray &text, const QString &name = u"wrangler.toml"_s) const
    {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QByteArray read(const QString &name = u"wrangler.toml"_s) const
    {
        QFile file(folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("missing");
    }
    QString text() const { return ui::editorText(*editor); }
    QAction *action(const QString &name) const
    {
        for (QAction *candidate : pane->actions()) {
            if (candidate->text() == name)
                return candidate;
        }
        return nullptr;
    }
    void click(const QString &name) const
    {
        for (QToolButton *button : pane->findChildren<QToolButton *>()) {
            if (button->defaultAction() && button->defaultAction()->text() == name) {
                QTest::mouseClick(button, Qt::LeftButton);
                return;
            }
        }
        QFAIL(qPrintable(name));
    }
    QPushButton *barButton(const QString &name) const
    {
        for (QPushButton *button : pane->findChild<ui::MessageBar *>()->findChildren<QPushButton *>()) {
            if (button->text() == name && button->isVisible())
                return button;
        }
        return nullptr;
    }
    QString bar() const
    {
        const auto *bar = pane->findChild<ui::MessageBar *>();
        return bar->isVisible() ? bar->accessibleName() : QString();
    }
    QStringList findings() const
    {
        QStringList out;
        const auto *list = pane->findChild<ui::FindingsList *>()->findChild<QListWidget *>();
        for (int i = 0; list->isVisible() && i < list->count(); ++i)
            out << list->item(i)->text();
        return out;
    }
    ui::ConflictDialog *conflict() const { return pane->findChild<ui::ConflictDialog *>(); }
    void choose(const QString &name) const
    {
        for (QPushButton *button : conflict()->findChildren<QPushButton *>()) {
            if (button->text().remove(u'&') == name) {
                QTest::mouseClick(button, Qt::LeftButton);
                return;
            }
        }
        QFAIL(qPrintable(name));
    }
    void typeAtLine(int line, const QString &text) const
    {
        editor->showPlace(line);
        QTest::keyClick(editor, Qt::Key_End);
        QTest::keyClicks(editor, text);
    }
};

} // namespace

class TestConfigFilePane : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsTheFile()
    {
        const Bench bench;
        QCOMPARE(bench.text(), QString::fromUtf8(good));
        QVERIFY(!bench.pane->isEdited());
        QVERIFY(!bench.action(u"Save"_s)->isEnabled());
        QVERIFY(!bench.action(u"Revert"_s)->isEnabled());
        QCOMPARE(bench.findings(), QStringList());
        QCOMPARE(bench.bar(), QString());
        QVERIFY(bench.editor->hasFocus());
    }

    void savesByKey()
    {
        const Bench bench;
        bench.typeAtLine(1, u" # mine"_s);
        QVERIFY(bench.pane->isEdited());
        QVERIFY(bench.action(u"Save"_s)->isEnabled());
        QTest::keyClick(bench.editor, Qt::Key_S, Qt::ControlModifier);
        QVERIFY(!bench.pane->isEdited());
        QVERIFY(bench.read().startsWith("name = \"demo\" # mine\n"));
        QCOMPARE(bench.store->undoText(), u"Edit by hand"_s);
        QVERIFY(bench.store->undo());
        QCOMPARE(bench.read(), good);
        QCOMPARE(bench.text(), QString::fromUtf8(good)); // the editor follows
        QVERIFY(!bench.pane->isEdited());
    }

    void savesByClickAndReverts()
    {
        const Bench bench;
        bench.typeAtLine(1, u" # mine"_s);
        bench.click(u"Revert"_s);
        QCOMPARE(bench.text(), QString::fromUtf8(good));
        QVERIFY(!bench.pane->isEdited());
        QTest::keyClick(bench.editor, Qt::Key_Z, Qt::ControlModifier); // the editor's undo brings it back
        QVERIFY(bench.text().contains(u"# mine"_s));
        QVERIFY(bench.pane->isEdited());
        bench.click(u"Save"_s);
        QVERIFY(bench.read().contains("# mine"));
    }

    void undoneIsNotEdited()
    {
        const Bench bench;
        bench.typeAtLine(1, u"x"_s);
        QTest::keyClick(bench.editor, Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(!bench.pane->isEdited());
    }

    void keepsLineEnds()
    {
        const Bench bench("\xEF\xBB\xBF" "name = \"demo\"\r\npages_build_output_dir = \"public\"\r\n");
        bench.typeAtLine(2, u" # mine"_s);
        bench.click(u"Save"_s);
        QCOMPARE(bench.read(), QByteArray("\xEF\xBB\xBF" "name = \"demo\"\r\npages_build_output_dir = \"public\" # mine\r\n"));
    }

    void checksWhileTyping()
    {
        const Bench bench;
        bench.typeAtLine(2, {});
        QTest::keyClick(bench.editor, Qt::Key_Return);
        QTest::keyClicks(bench.editor, u"colour = 1"_s);
        QTRY_COMPARE(bench.findings(), QStringList{u"wrangler.toml:3:1: colour is not a key that Pages knows."_s});
        QCOMPARE(bench.editor->markText(3), u"colour is not a key that Pages knows."_s);
        bench.typeAtLine(3, u" ="_s);
        QTRY_VERIFY(bench.findings().value(0).startsWith(u"wrangler.toml:3:"_s) && !bench.findings().value(0).contains(u"colour"_s));
        QVERIFY(!bench.editor->markText(3).contains(u"line 3"_s)); // the place is told by where it stands
        QCOMPARE(bench.read(), good);
    }

    void columnsAreBytes()
    {
        const Bench bench(good + "[vars]\n\"\xC3\xA4 \xC3\xB6\" = \"x\"\n\"\xC3\xA9\" = { \"\xC3\xA4\" = 1979-05-27 }\n");
        QCOMPARE(bench.findings().size(), 2);
        const auto *list = bench.pane->findChild<QListWidget *>();
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(1)).center());
        QCOMPARE(bench.editor->textCursor().blockNumber(), 8);
        QCOMPARE(bench.editor->textCursor().block().text().mid(bench.editor->textCursor().positionInBlock(), 3), u"\"ä\""_s);
    }

    void clickOnAFinding()
    {
        QByteArray text = good;
        for (int i = 0; i < 300; ++i)
            text += "# line\n";
        const Bench bench(text + "[vars]\n  \"a b\" = \"x\"\n");
        const auto *list = bench.pane->findChild<QListWidget *>();
        QCOMPARE(list->count(), 1);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(0)).center());
        QCOMPARE(bench.editor->textCursor().blockNumber(), 307);
        QCOMPARE(bench.editor->textCursor().positionInBlock(), 2);
        QVERIFY(bench.editor->hasFocus());
        QVERIFY(bench.editor->viewport()->rect().contains(bench.editor->cursorRect()));
    }

    void brokenFileCanBeMended()
    {
        const Bench bench("name = \"demo\"\nvars = \n");
        QCOMPARE(bench.findings().size(), 1);
        QVERIFY(!bench.editor->isReadOnly());
        bench.typeAtLine(2, u"{}"_s);
        bench.click(u"Save"_s);
        QVERIFY(bench.read().contains("vars = {}"));
        QCOMPARE(bench.store->status(), ConfigStore::Status::Readable);
    }

    void aBrokenTextCanBeSaved()
    {
        const Bench bench;
        bench.typeAtLine(1, u" ]"_s);
        bench.click(u"Save"_s);
        QVERIFY(bench.read().startsWith("name = \"demo\" ]\n"));
        QVERIFY(!bench.pane->isEdited());
        QCOMPARE(bench.findings().size(), 1);
    }

    void followsOthers()
    {
        const Bench bench;
        bench.editor->showPlace(6, 4);
        bench.write("# above\n" + good);
        QTRY_COMPARE(bench.text(), u"# above\n"_s + QString::fromUtf8(good));
        QVERIFY(!bench.pane->isEdited());
        QCOMPARE(bench.editor->textCursor().block().text(), u"id = \"one\""_s);
        QCOMPARE(bench.editor->textCursor().positionInBlock(), 3);
    }

    void mergesWithOthers()
    {
        const Bench bench;
        bench.typeAtLine(1, u" # mine"_s);
        bench.write(good + "preview_id = \"theirs\"\n");
        QTRY_VERIFY(bench.bar().contains(u"wrangler.toml has changed since"_s));
        QVERIFY(bench.text().contains(u"# mine"_s));
        bench.click(u"Save"_s);
        QCOMPARE(bench.bar(), QString());
        const QByteArray both = QByteArray(good).replace("\"demo\"", "\"demo\" # mine") + "preview_id = \"theirs\"\n";
        QCOMPARE(bench.read(), both);
        QCOMPARE(bench.text(), QString::fromUtf8(both));
        QVERIFY(!bench.pane->isEdited());
    }

    void takesTheirs()
    {
        const Bench bench;
        bench.typeAtLine(1, u" # mine"_s);
        bench.write(good + "preview_id = \"theirs\"\n");
        QTRY_VERIFY(bench.barButton(u"Take the file's text"_s));
        QTest::mouseClick(bench.barButton(u"Take the file's text"_s), Qt::LeftButton);
        QCOMPARE(bench.text(), QString::fromUtf8(good) + u"preview_id = \"theirs\"\n"_s);
        QCOMPARE(bench.bar(), QString());
        QVERIFY(!bench.pane->isEdited());
    }

    void asksWhichStays_data()
    {
        QTest::addColumn<QString>("choice");
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<bool>("edited");
        QTest::newRow("mine") << u"Use mine"_s << QByteArray("\"one\" # mine\n") << false;
        QTest::newRow("theirs") << u"Keep the file as it is"_s << QByteArray("\"one\" # theirs\n") << false;
        QTest::newRow("cancel") << u"Cancel"_s << QByteArray("\"one\" # theirs\n") << true;
    }
    void asksWhichStays()
    {
        QFETCH(QString, choice);
        QFETCH(QByteArray, file);
        QFETCH(bool, edited);
        const Bench bench;
        bench.typeAtLine(6, u" # mine"_s);
        bench.write(QByteArray(good).replace("\"one\"", "\"one\" # theirs"));
        bench.click(u"Save"_s);
        QTRY_VERIFY(bench.conflict());
        bench.choose(choice);
        QTRY_VERIFY(!bench.conflict());
        QVERIFY2(bench.read().endsWith(file), bench.read().constData());
        QCOMPARE(bench.pane->isEdited(), edited);
        QCOMPARE(bench.text().contains(u"# mine"_s), edited || choice == u"Use mine"_s);
        if (edited) { // and can be saved after all
            bench.click(u"Save"_s);
            QTRY_VERIFY(bench.conflict());
            bench.choose(u"Use mine"_s);
            QVERIFY(bench.read().endsWith("\"one\" # mine\n"));
        }
    }

    void panelEditsWhileEditing()
    {
        const Bench bench;
        bench.typeAtLine(1, u" # mine"_s);
        QVERIFY(bench.store->apply(config::AddVariable{config::Scope::TopLevel, {"URL", config::Field::Kind::Text, "x"}}, u"Add variable"_s));
        QVERIFY(bench.pane->isEdited());
        bench.click(u"Save"_s);
        QVERIFY(bench.read().contains("# mine") && bench.read().contains("URL = \"x\""));
        QVERIFY(bench.store->undo()); // the edit by hand
        QVERIFY(!bench.read().contains("# mine") && bench.read().contains("URL = \"x\""));
    }

    void removedWhileEditing()
    {
        const Bench bench;
        bench.typeAtLine(1, u" # mine"_s);
        QVERIFY(QFile::remove(bench.folder.filePath(u"wrangler.toml"_s)));
        QTRY_VERIFY(bench.bar().contains(u"was removed"_s));
        QVERIFY(bench.text().contains(u"# mine"_s));
        QVERIFY(!bench.action(u"Save"_s)->isEnabled());
        bench.write(good);
        QTRY_COMPARE(bench.bar(), QString());
        bench.click(u"Save"_s);
        QVERIFY(bench.read().contains("# mine"));
    }

    void missingFile()
    {
        const Bench bench{QByteArray()};
        QSignalSpy wanted(bench.pane.get(), &ConfigFilePane::createRequested);
        QVERIFY(!bench.editor->isVisible());
        QPushButton *create = nullptr;
        for (QPushButton *button : bench.pane->findChildren<QPushButton *>()) {
            if (button->isVisible())
                create = button;
        }
        QVERIFY(create);
        QVERIFY(create->hasFocus());
        QTest::mouseClick(create, Qt::LeftButton);
        QCOMPARE(wanted.size(), 1);
        ConfigStore::NewFile file;
        file.outputDir = "public";
        QVERIFY(bench.store->create(file));
        QVERIFY(bench.editor->isVisible());
        QVERIFY(bench.text().contains(u"pages_build_output_dir"_s));
        QVERIFY(!bench.pane->isEdited());
        QVERIFY(QFile::remove(bench.folder.filePath(u"wrangler.toml"_s)));
        QTRY_VERIFY(!bench.editor->isVisible());
    }

    void unreadableFile()
    {
        const QTemporaryDir folder;
        QVERIFY(QFile::link(u"/proc/self/mem"_s, folder.filePath(u"wrangler.toml"_s))); // nobody can read its first page, not even root
        ConfigStore store(folder.path().toStdString());
        QCOMPARE(store.status(), ConfigStore::Status::Broken);
        ConfigFilePane pane(store);
        pane.show();
        QVERIFY(pane.findChild<CodeEditor *>()->isReadOnly());
        QVERIFY(!pane.findChild<ui::MessageBar *>()->accessibleName().isEmpty());
        QVERIFY(pane.findChild<ui::MessageBar *>()->isVisible());
    }

    void find()
    {
        const Bench bench;
        QTest::keyClick(bench.editor, Qt::Key_F, Qt::ControlModifier);
        auto *field = qobject_cast<QLineEdit *>(QApplication::focusWidget());
        QVERIFY(field);
        QTest::keyClicks(field, u"one"_s);
        QCOMPARE(bench.editor->textCursor().selectedText(), u"one"_s);
        QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(field, u"e"_s);
        const int first = bench.editor->textCursor().selectionStart();
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(bench.editor->textCursor().selectionStart() != first);
        QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(bench.editor->textCursor().selectionStart(), first);
        QTest::keyClick(field, Qt::Key_F3);
        QVERIFY(bench.editor->textCursor().selectionStart() != first);
        QTest::keyClick(field, Qt::Key_F3, Qt::ShiftModifier);
        QCOMPARE(bench.editor->textCursor().selectionStart(), first);
        QTest::keyClick(field, Qt::Key_Escape);
        QVERIFY(bench.editor->hasFocus());
        QVERIFY(!field->isVisible());
        QCOMPARE(bench.editor->hits(), 0);
        bench.editor->showPlace(5, 1);
        QTest::keyClick(bench.editor, Qt::Key_Right, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::keyClick(bench.editor, Qt::Key_F, Qt::ControlModifier);
        QCOMPARE(field->text().trimmed(), u"binding"_s); // what was selected
    }

    void jsonFile()
    {
        const Bench bench("{\n  // comment\n  \"name\": \"demo\",\n  \"pages_build_output_dir\": \"public\",\n  \"colour\": 1,\n}\n", u"wrangler.jsonc"_s);
        QVERIFY(bench.pane->findChild<ui::JsonHighlighter *>());
        QCOMPARE(bench.findings(), QStringList{u"wrangler.jsonc:5:3: colour is not a key that Pages knows."_s});
        bench.typeAtLine(5, u" // x"_s);
        bench.click(u"Save"_s);
        QVERIFY(bench.read(u"wrangler.jsonc"_s).contains("\"colour\": 1, // x\n"));
    }

    void showLine()
    {
        const Bench bench;
        bench.pane->showLine(5);
        QCOMPARE(bench.editor->textCursor().blockNumber(), 4);
        bench.pane->showLine(0);
        QCOMPARE(bench.editor->textCursor().blockNumber(), 4);
        QVERIFY(bench.editor->hasFocus());
    }

    void openInEditor()
    {
        const Bench bench;
        QDesktopServices::setUrlHandler(u"file"_s, this, "noteUrl");
        bench.click(u"Open in editor"_s);
        QDesktopServices::unsetUrlHandler(u"file"_s);
        QCOMPARE(m_url, QUrl::fromLocalFile(bench.folder.filePath(u"wrangler.toml"_s)));
    }

    void largeFile()
    {
        QByteArray text = good;
        for (int i = 0; i < 1000; ++i)
            text += "\n[[kv_namespaces]]\nbinding = \"KV_" + QByteArray::number(i) + "\"\nid = \"x" + QByteArray::number(i) + "\"\n";
        const Bench bench(text);
        QCOMPARE(bench.text(), QString::fromUtf8(text));
        bench.typeAtLine(3000, u" # x"_s);
        bench.click(u"Save"_s);
        QVERIFY(bench.read().contains(" # x\n"));
    }

public Q_SLOTS:
    void noteUrl(const QUrl &url) { m_url = url; }

private:
    QUrl m_url;
};

QTEST_MAIN(TestConfigFilePane)
#include "t_configfilepane.moc"
