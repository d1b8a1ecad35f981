// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"
#include "tests/core/secrets/memorykeychain.h"
#include "ui/bindings/newprojectform.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateEdit>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace cleat;
using namespace Qt::StringLiterals;
using ui::NewProjectForm;

namespace {

struct Bench {
    QTemporaryDir folder;
    tests::MemoryKeychain keychain;
    std::unique_ptr<session::Session> session;
    std::unique_ptr<NewProjectForm> form;
    std::unique_ptr<QSignalSpy> created;

    /// Folders end with /.
    explicit Bench(const std::map<QString, QByteArray> &files = {})
    {
        for (const auto &[name, text] : files)
            write(u"My Site/"_s + name, text);
        QVERIFY(QDir(folder.path()).mkpath(u"My Site"_s));
        session::Options options;
        options.project = project().toStdString();
        options.dataFolder = folder.filePath(u"data"_s).toStdString();
        session = std::make_unique<session::Session>(options, keychain);
        form = std::make_unique<NewProjectForm>(*session);
        created = std::make_unique<QSignalSpy>(form.get(), &NewProjectForm::created);
        form->resize(760, 640);
        form->show();
        form->activateWindow();
        (void)QTest::qWaitForWindowActive(form.get());
    }

    QString project() const { return folder.filePath(u"My Site"_s); }
    void write(const QString &name, const QByteArray &text) const
    {
        QVERIFY(QDir(folder.path()).mkpath(QFileInfo(folder.filePath(name)).path()));
        if (name.endsWith(u'/'))
            return;
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QString read(const QString &name) const
    {
        QFile file(project() + u'/' + name);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : u"missing"_s;
    }
    QLineEdit *name() const
    {
        for (QLineEdit *edit : form->findChildren<QLineEdit *>()) {
            if (edit->accessibleName() == u"Project name"_s)
                return edit;
        }
        return nullptr;
    }
    QComboBox *output() const
    {
        for (QComboBox *box : form->findChildren<QComboBox *>()) {
            if (box->accessibleName() == u"Output folder"_s)
                return box;
        }
        return nullptr;
    }
    QComboBox *scripts() const
    {
        for (QComboBox *box : form->findChildren<QComboBox *>()) {
            if (box->accessibleName() == u"Script"_s)
                return box;
        }
        return nullptr;
    }
    QCheckBox *importWanted() const { return form->findChild<QCheckBox *>(); }
    QPushButton *create() const { return form->findChild<QPushButton *>(); }
    QRadioButton *file(const QString &text) const
    {
        for (QRadioButton *button : form->findChildren<QRadioButton *>()) {
            if (button->text().remove(u'&') == text)
                return button;
        }
        return nullptr;
    }
    QString preview() const { return form->findChild<QPlainTextEdit *>()->toPlainText(); }
    bool shows(const QString &words) const
    {
        for (const QLabel *label : form->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(words))
                return true;
        }
        return false;
    }
    static void retype(QLineEdit *edit, const QString &text)
    {
        edit->setFocus();
        QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(edit, Qt::Key_Delete);
        QTest::keyClicks(edit, text);
    }
};

const QString today = QDate::currentDate().toString(Qt::ISODate);

QByteArray package(const QByteArray &scripts)
{
    return "{\"scripts\": {" + scripts + "}}";
}

} // namespace

class TestNewProjectForm : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void createsWhatItShows()
    {
        const Bench bench({{u"dist/index.html"_s, ""}});
        const QString expected = u"name = \"my-site\"\npages_build_output_dir = \"dist\"\ncompatibility_date = \"%1\"\n"_s.arg(today);
        QCOMPARE(bench.preview(), expected);
        QVERIFY(bench.name()->hasFocus());
        QCOMPARE(bench.create()->text(), u"Create wrangler.toml"_s);
        QTest::mouseClick(bench.create(), Qt::LeftButton);
        QCOMPARE(bench.read(u"wrangler.toml"_s), expected);
        QCOMPARE(bench.created->size(), 1);
        QCOMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
    }

    void jsonByKeys()
    {
        const Bench bench;
        Bench::retype(bench.name(), u"shop"_s);
        Bench::retype(bench.output()->lineEdit(), u"www"_s);
        QTest::mouseClick(bench.file(u"wrangler.jsonc"_s), Qt::LeftButton, {}, QPoint(8, bench.file(u"wrangler.jsonc"_s)->height() / 2));
        QVERIFY(bench.preview().startsWith(u"{\n  \"name\": \"shop\","_s));
        QCOMPARE(bench.create()->text(), u"Create wrangler.jsonc"_s);
        bench.name()->setFocus();
        QTest::keyClick(bench.name(), Qt::Key_Return);
        QVERIFY(bench.read(u"wrangler.jsonc"_s).contains(u"\"pages_build_output_dir\": \"www\""_s));
        QCOMPARE(bench.created->size(), 1);
    }

    void checks_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("output");
        QTest::addColumn<QString>("words"); // empty: it can be made
        QTest::newRow("fine") << u"my_site-2"_s << u"public"_s << QString();
        QTest::newRow("spaces round it") << u" site "_s << u" public "_s << QString();
        QTest::newRow("a folder below") << u"site"_s << u"./dist/client/"_s << QString();
        QTest::newRow("the project itself") << u"site"_s << u"."_s << QString();
        QTest::newRow("no name") << u""_s << u"public"_s << u"needs a name"_s;
        QTest::newRow("capitals") << u"Site"_s << u"public"_s << u"only a to z"_s;
        QTest::newRow("dash in front") << u"-site"_s << u"public"_s << u"cannot begin with -"_s;
        QTest::newRow("no folder") << u"site"_s << u""_s << u"Name the folder"_s;
        QTest::newRow("elsewhere") << u"site"_s << u"/tmp"_s << u"has to lie in the project"_s;
        QTest::newRow("above") << u"site"_s << u"a/../../b"_s << u"has to lie in the project"_s;
    }
    void checks()
    {
        QFETCH(QString, name);
        QFETCH(QString, output);
        QFETCH(QString, words);
        const Bench bench;
        Bench::retype(bench.name(), name);
        Bench::retype(bench.output()->lineEdit(), output);
        QCOMPARE(bench.create()->isEnabled(), words.isEmpty());
        if (!words.isEmpty())
            QVERIFY(bench.shows(words));
        QTest::keyClick(bench.name(), Qt::Key_Return);
        QCOMPARE(bench.created->size(), words.isEmpty() ? 1 : 0);
    }

    void suggestsFoldersThatAreThere()
    {
        const Bench bench({{u"out/x"_s, ""}, {u"dist/client/x"_s, ""}, {u"web/index.html"_s, ""}, {u"node_modules/index.html"_s, ""}, {u"src/x"_s, ""}});
        QStringList suggested;
        for (int i = 0; i < bench.output()->count(); ++i)
            suggested << bench.output()->itemText(i);
        QCOMPARE(suggested, (QStringList{u"dist"_s, u"out"_s, u"dist/client"_s, u"web"_s}));
        QCOMPARE(bench.output()->currentText(), u"dist"_s);
        QVERIFY(!bench.shows(u"no such folder"_s));
        Bench::retype(bench.output()->lineEdit(), u"later"_s);
        QVERIFY(bench.shows(u"no such folder"_s));
    }

    void browse()
    {
        const Bench bench({{u"site/deep/x"_s, ""}});
        for (QToolButton *button : bench.form->findChildren<QToolButton *>()) {
            if (button->accessibleName() == u"Browse…"_s)
                QTest::mouseClick(button, Qt::LeftButton);
        }
        auto *dialog = bench.form->findChild<QFileDialog *>();
        QVERIFY(dialog);
        Q_EMIT dialog->fileSelected(bench.project() + u"/site/deep"_s); // the dialog itself is Qt's
        dialog->close();
        QCOMPARE(bench.output()->currentText(), u"site/deep"_s);
        QVERIFY(bench.preview().contains(u"pages_build_output_dir = \"site/deep\""_s));
    }

    void importsFlags()
    {
        const Bench bench({{u"public/index.html"_s, ""},
                           {u"package.json"_s, package("\"build\": \"vite\", \"dev\": \"npm run build && npx wrangler pages dev ./dist --kv TODO_LIST --d1=DB=123 -b URL='https://x.y' "
                                                       "--compatibility-date=2026-01-02 --compatibility-flags nodejs_compat --port 3000\"")}});
        QVERIFY(bench.importWanted()->isVisible());
        QVERIFY(bench.importWanted()->isChecked());
        QVERIFY(bench.importWanted()->text().contains(u"“dev”"_s));
        QVERIFY(!bench.scripts()->isVisible());
        QCOMPARE(bench.output()->currentText(), u"./dist"_s);
        QCOMPARE(bench.form->findChild<QDateEdit *>()->date(), QDate(2026, 1, 2));
        QVERIFY(bench.shows(u"--port 3000 stays out"_s));
        QVERIFY(bench.shows(u"for all to read"_s));
        const QString expected = u"name = \"my-site\"\npages_build_output_dir = \"./dist\"\ncompatibility_date = \"2026-01-02\"\ncompatibility_flags = [\"nodejs_compat\"]\n"
                                 "\n[[kv_namespaces]]\nbinding = \"TODO_LIST\"\n\n[[d1_databases]]\nbinding = \"DB\"\ndatabase_id = \"123\"\n\n[vars]\nURL = \"https://x.y\"\n"_s;
        QCOMPARE(bench.preview(), expected);

        QTest::mouseClick(bench.importWanted(), Qt::LeftButton, {}, QPoint(8, bench.importWanted()->height() / 2)); // without
        QCOMPARE(bench.preview(), u"name = \"my-site\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"%1\"\n"_s.arg(today));
        QVERIFY(!bench.shows(u"stays out"_s));
        QTest::mouseClick(bench.importWanted(), Qt::LeftButton, {}, QPoint(8, bench.importWanted()->height() / 2)); // and with
        QTest::mouseClick(bench.create(), Qt::LeftButton);
        QCOMPARE(bench.read(u"wrangler.toml"_s), expected);
        QVERIFY(bench.session->config().config().findings.empty());
    }

    void choosesAScript()
    {
        const Bench bench({{u"package.json"_s, package("\"a\": \"wrangler pages dev one --kv A\", \"b\": \"wrangler pages dev two --kv B\"")}});
        QVERIFY(bench.scripts()->isVisible());
        QCOMPARE(bench.scripts()->count(), 2);
        QVERIFY(bench.preview().contains(u"\"one\""_s) && bench.preview().contains(u"\"A\""_s));
        bench.scripts()->setFocus();
        QTest::keyClick(bench.scripts(), Qt::Key_Down);
        QVERIFY(bench.preview().contains(u"\"two\""_s) && bench.preview().contains(u"\"B\""_s));
        QVERIFY(!bench.preview().contains(u"\"A\""_s));
    }

    void nothingToImport_data()
    {
        QTest::addColumn<QByteArray>("package");
        QTest::newRow("no package.json") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("{");
        QTest::newRow("no script") << package("\"dev\": \"vite\"");
        QTest::newRow("no flags") << package("\"dev\": \"wrangler pages dev\"");
    }
    void nothingToImport()
    {
        QFETCH(QByteArray, package);
        std::map<QString, QByteArray> files;
        if (!package.isEmpty())
            files.emplace(u"package.json"_s, package);
        const Bench bench(files);
        QVERIFY(!bench.importWanted()->isVisible());
        QVERIFY(bench.create()->isEnabled());
    }

    void somebodyElseWasFaster()
    {
        const Bench bench;
        bench.write(u"My Site/wrangler.toml"_s, "name = \"x\"\n");
        QTest::mouseClick(bench.create(), Qt::LeftButton);
        QCOMPARE(bench.read(u"wrangler.toml"_s), u"name = \"x\"\n"_s);
        QCOMPARE(bench.created->size(), 0);
        QVERIFY(bench.shows(u"has a Wrangler file already"_s));
    }
};

QTEST_MAIN(TestNewProjectForm)
#include "t_newprojectform.moc"
