// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"
#include "tests/core/secrets/memorykeychain.h"
#include "tests/packages/fakepostgres.h"
#include "ui/bindings/entrydialogs.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>
#include <iterator>

using namespace cleat;
using namespace Qt::StringLiterals;
using config::Kind;
using config::Scope;
using tests::MemoryKeychain;
using ui::EntryDraft;
using ui::EntryStart;

namespace {

const std::string wrangler = "name = \"demo\" # mine\npages_build_output_dir = \"public\"\n\n[[kv_namespaces]]\nbinding = \"LIST\"\nid = \"one\"\n";

/// The windows over a real session on a folder of its own.
struct Bench {
    QTemporaryDir folder;
    MemoryKeychain keychain;
    std::unique_ptr<session::Session> session;
    QPointer<QDialog> dialog;

    Bench()
    {
        qputenv("XDG_DATA_HOME", folder.filePath(u"data"_s).toLocal8Bit());
        std::filesystem::create_directories(path("public"));
        write(wrangler);
        session::Options options;
        options.project = path({});
        session = std::make_unique<session::Session>(std::move(options), keychain);
    }
    ~Bench() { delete dialog; }

    std::filesystem::path path(std::string_view name) const { return std::filesystem::path(folder.path().toStdString()) / "site" / name; }
    std::string read() const
    {
        std::ifstream file(path("wrangler.toml"), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void write(const std::string &text) const { std::ofstream(path("wrangler.toml"), std::ios::binary | std::ios::trunc) << text; }

    template <typename T>
    T *find(const QString &name) const
    {
        for (T *widget : dialog->findChildren<T *>()) {
            QString words = widget->accessibleName();
            if (const auto *button = qobject_cast<const QAbstractButton *>(widget); button && words.isEmpty())
                words = button->text();
            if (widget->isVisible() && words.remove(u'&') == name)
                return widget;
        }
        return nullptr;
    }
    void type(const QString &name, const QString &text) const
    {
        auto *edit = find<QLineEdit>(name);
        QVERIFY2(edit, qPrintable(name));
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }
    bool shows(const QString &words) const
    {
        const auto labels = dialog->findChildren<QLabel *>();
        return std::ranges::any_of(labels, [&](const QLabel *label) { return label->isVisible() && label->text().contains(words); });
    }
    void save() const { QTest::mouseClick(dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Save), Qt::LeftButton); }
};

} // namespace

class TestEntryDialogs : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void addsToTheFile()
    {
        Bench bench;
        bench.dialog = ui::openAddDialog(*bench.session, Scope::Preview, EntryStart{EntryDraft::Sort::Binding, Kind::R2Bucket}, nullptr);
        QVERIFY(bench.dialog->isVisible());
        QCOMPARE(bench.dialog->windowModality(), Qt::WindowModal);
        bench.type(u"Variable name"_s, u"BUCKET"_s);
        bench.type(u"R2 bucket"_s, u"photos"_s);
        bench.save();
        QTRY_VERIFY(!bench.dialog);
        QCOMPARE(bench.read(), wrangler + "\n[[r2_buckets]]\nbinding = \"BUCKET\"\nbucket_name = \"photos\"\n");
        QCOMPARE(bench.session->config().undoText(), u"Add R2 bucket BUCKET"_s);
        QVERIFY(bench.session->config().undo());
        QCOMPARE(bench.read(), wrangler);
    }

    void suggestsIdsOfTheFile()
    {
        Bench bench;
        bench.dialog = ui::openAddDialog(*bench.session, Scope::Preview, EntryStart{}, nullptr);
        auto *combo = bench.find<QComboBox>(u"KV namespace"_s);
        QVERIFY(combo);
        QVERIFY(combo->findText(u"one"_s) >= 0);
    }

    void conflictOnDisk()
    {
        Bench bench;
        EntryDraft draft;
        draft.original = "LIST";
        bench.dialog = ui::openChangeDialog(*bench.session, draft, Scope::Preview, nullptr);
        bench.type(u"KV namespace"_s, u"mine"_s);
        std::string theirs = wrangler;
        theirs.replace(theirs.find("\"one\""), 5, "\"theirs\"");
        bench.write(theirs);
        bench.save();
        auto *mine = bench.find<QPushButton>(u"Use mine"_s);
        QVERIFY(mine);
        QCOMPARE(bench.read(), theirs);
        QTest::mouseClick(mine, Qt::LeftButton);
        QTRY_VERIFY(!bench.dialog);
        QVERIFY(bench.read().find("id = \"mine\"") != std::string::npos);
    }

    void othersChangedSomethingElse()
    {
        Bench bench;
        EntryDraft draft;
        draft.original = "LIST";
        bench.dialog = ui::openChangeDialog(*bench.session, draft, Scope::Preview, nullptr);
        bench.type(u"KV namespace"_s, u"mine"_s);
        bench.write(wrangler + "\n[vars]\nURL = \"x\"\n");
        bench.save();
        QTRY_VERIFY(!bench.dialog);
        QVERIFY(bench.read().find("id = \"mine\"") != std::string::npos);
        QVERIFY(bench.read().find("URL = \"x\"") != std::string::npos);
    }

    void followsTheFile()
    {
        Bench bench;
        EntryDraft draft;
        draft.original = "LIST";
        bench.dialog = ui::openChangeDialog(*bench.session, draft, Scope::Preview, nullptr);
        std::string theirs = wrangler;
        theirs.replace(theirs.find("\"one\""), 5, "\"theirs\"");
        bench.write(theirs);
        QTRY_COMPARE_WITH_TIMEOUT(bench.find<QLineEdit>(u"KV namespace"_s)->text(), u"theirs"_s, 20'000);
    }

    void secretGoesToTheKeychain()
    {
        Bench bench;
        bench.dialog = ui::openAddDialog(*bench.session, Scope::Preview, EntryStart{EntryDraft::Sort::Secret, {}}, nullptr);
        bench.type(u"Variable name"_s, u"API_KEY"_s);
        bench.type(u"Value"_s, u"s3cret"_s);
        QTRY_VERIFY(bench.dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Save)->isEnabled());
        bench.save();
        QTRY_VERIFY(!bench.dialog);
        for (const Scope scope : {Scope::TopLevel, Scope::Preview, Scope::Production})
            QCOMPARE(bench.session->secrets().names(scope), std::vector<std::string>{"API_KEY"});
        QCOMPARE(bench.read(), wrangler);
        QVERIFY(!bench.keychain.entries.empty());
    }

    void noKeychain()
    {
        Bench bench;
        bench.keychain.setMood(MemoryKeychain::Mood::Unavailable);
        bench.dialog = ui::openAddDialog(*bench.session, Scope::Preview, EntryStart{EntryDraft::Sort::Secret, {}}, nullptr);
        bench.type(u"Variable name"_s, u"API_KEY"_s);
        bench.type(u"Value"_s, u"s3cret"_s);
        auto *save = bench.dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Save);
        bench.save();
        QTRY_VERIFY(save->isEnabled()); // the answer came
        QVERIFY(bench.dialog->isVisible());
        QTRY_VERIFY(bench.dialog->findChild<QLabel *>(u"problem"_s)->text().contains(u"keychain"_s));
        QCOMPARE(bench.find<QLineEdit>(u"Value"_s)->text(), u"s3cret"_s);
        QVERIFY(bench.find<QPushButton>(u"Write it in plain text"_s));
        bench.keychain.setMood(MemoryKeychain::Mood::Well);
        bench.save();
        QTRY_VERIFY(!bench.dialog);
        QCOMPARE(bench.session->secrets().names(Scope::Preview), std::vector<std::string>{"API_KEY"});
    }

    /// The password of a Hyperdrive binding moves to the keychain, goes where the binding goes, and is no variable of the code.
    void passwordOfADatabase()
    {
        const auto held = [](const Bench &bench, Scope scope) {
            std::string all;
            for (const auto &[name, value] : bench.session->secrets().values(scope))
                all += name + '=' + std::string(value.reveal()) + ' ';
            return all;
        };
        Bench bench;
        bench.write(wrangler + "\n[[hyperdrive]]\nbinding = \"DB\"\nid = \"one\"\nlocalConnectionString = \"postgres://ada:s3cret%21@localhost/planes\"\n");
        QTRY_VERIFY(bench.session->config().config().set(Scope::TopLevel).binding(Kind::Hyperdrive, "DB"));
        const auto open = [&bench](const char *name) {
            EntryDraft draft;
            draft.original = name;
            draft.binding.kind = Kind::Hyperdrive;
            bench.dialog = ui::openChangeDialog(*bench.session, draft, Scope::Preview, nullptr);
        };
        open("DB");
        auto *keep = bench.find<QPushButton>(u"Keep the password in the keychain"_s);
        QVERIFY(keep);
        // A keychain that is locked: said, and the password stays.
        bench.keychain.setMood(MemoryKeychain::Mood::Locked);
        QTest::mouseClick(keep, Qt::LeftButton);
        QTRY_VERIFY(bench.shows(u"The password stays where it is: "_s));
        QCOMPARE(bench.find<QLineEdit>(u"Local connection string"_s)->text(), u"postgres://ada:s3cret%21@localhost/planes"_s);
        bench.keychain.setMood(MemoryKeychain::Mood::Well);
        QTest::mouseClick(keep, Qt::LeftButton);
        QTRY_COMPARE(bench.find<QLineEdit>(u"Local connection string"_s)->text(), u"postgres://ada@localhost/planes"_s);
        QVERIFY(bench.shows(u"The password is in the keychain. Save writes the string without it."_s));
        QVERIFY(!keep->isVisible());
        for (const Scope scope : {Scope::TopLevel, Scope::Preview, Scope::Production}) // whose runs meet the binding
            QCOMPARE(held(bench, scope), std::string("HYPERDRIVE_PASSWORD_DB=s3cret! "));
        bench.save();
        QTRY_VERIFY(!bench.dialog);
        QVERIFY(bench.read().find("localConnectionString = \"postgres://ada@localhost/planes\"") != std::string::npos);
        // Another name.
        open("DB");
        bench.type(u"Variable name"_s, u"PLANES"_s);
        bench.save();
        QTRY_VERIFY(!bench.dialog);
        QVERIFY(bench.read().find("binding = \"PLANES\"") != std::string::npos);
        for (const Scope scope : {Scope::TopLevel, Scope::Preview, Scope::Production})
            QTRY_COMPARE(held(bench, scope), std::string("HYPERDRIVE_PASSWORD_PLANES=s3cret! "));
        // The keychain is locked when the name changes: the file stays as it is, and so does the password.
        const std::string before = bench.read();
        bench.keychain.setMood(MemoryKeychain::Mood::FailingWrites);
        open("PLANES");
        bench.type(u"Variable name"_s, u"SHIPS"_s);
        bench.save();
        QTRY_VERIFY(bench.dialog->findChild<QLabel *>(u"problem"_s)->text().startsWith(u"The password of PLANES is in the keychain and cannot be moved to the new name: "_s));
        QCOMPARE(bench.read(), before);
        QCOMPARE(held(bench, Scope::TopLevel), std::string("HYPERDRIVE_PASSWORD_PLANES=s3cret! "));
        bench.keychain.setMood(MemoryKeychain::Mood::Well);
        bench.save();
        QTRY_VERIFY(!bench.dialog);
        QTRY_COMPARE(held(bench, Scope::TopLevel), std::string("HYPERDRIVE_PASSWORD_SHIPS=s3cret! "));
    }

    /// It is moved under a name that changes once more before it is saved.
    void passwordOfANewDatabase()
    {
        Bench bench;
        bench.dialog = ui::openAddDialog(*bench.session, Scope::Preview, EntryStart{EntryDraft::Sort::Binding, Kind::Hyperdrive}, nullptr);
        bench.type(u"Variable name"_s, u"FIRST"_s);
        bench.type(u"Hyperdrive configuration"_s, u"one"_s);
        bench.type(u"Local connection string"_s, u"mysql://ada:s3cret@localhost/planes"_s);
        QTest::mouseClick(bench.find<QPushButton>(u"Keep the password in the keychain"_s), Qt::LeftButton);
        QTRY_VERIFY(bench.shows(u"The password is in the keychain. Save writes the string without it."_s));
        bench.type(u"Variable name"_s, u"SECOND"_s);
        bench.save();
        QTRY_VERIFY(!bench.dialog);
        QTRY_COMPARE(bench.session->secrets().names(Scope::TopLevel), std::vector<std::string>{"HYPERDRIVE_PASSWORD_SECOND"});
        QVERIFY(bench.read().find("mysql://ada@localhost/planes") != std::string::npos);
    }

    void testsTheConnection()
    {
        test::SocketPeer database(test::answerAsPostgres);
        const QString place = u"127.0.0.1:%1"_s.arg(database.port());
        Bench bench;
        bench.dialog = ui::openAddDialog(*bench.session, Scope::Preview, EntryStart{EntryDraft::Sort::Binding, Kind::Hyperdrive}, nullptr);
        auto *test = bench.find<QPushButton>(u"Test connection"_s);
        QVERIFY(test);
        QVERIFY(!test->isEnabled());
        bench.type(u"Variable name"_s, u"DB"_s);
        bench.type(u"Local connection string"_s, u"postgres://md5:secret@%1/planes"_s.arg(place));
        QTest::mouseClick(test, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(bench.shows(u"Connected: PostgreSQL"_s), 20'000);
        QVERIFY(bench.shows(u", without TLS."_s));
        // What it says is about one string.
        bench.type(u"Local connection string"_s, u"postgres://md5:wrong@%1/planes"_s.arg(place));
        QVERIFY(!bench.shows(u"Connected: "_s));
        QTest::mouseClick(test, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(bench.shows(u"The server does not take this user and password"_s), 20'000);
        // The keychain's password is put in, also when the binding has got another name.
        bench.type(u"Local connection string"_s, u"postgres://md5:secret@%1/planes"_s.arg(place));
        QTest::mouseClick(bench.find<QPushButton>(u"Keep the password in the keychain"_s), Qt::LeftButton);
        QTRY_COMPARE(bench.find<QLineEdit>(u"Local connection string"_s)->text(), u"postgres://md5@%1/planes"_s.arg(place));
        bench.type(u"Variable name"_s, u"OTHER"_s);
        QTest::mouseClick(test, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(bench.shows(u"Connected: PostgreSQL"_s), 20'000);
        // One that does not answer can be given up.
        test::SocketPeer silent([](test::SocketPeer::Connection &connection) { connection.bytes(1U << 20); });
        bench.type(u"Local connection string"_s, u"postgres://ada:pw@127.0.0.1:%1/planes"_s.arg(silent.port()));
        QTest::mouseClick(test, Qt::LeftButton);
        QVERIFY(silent.waitForOpen(1));
        QCOMPARE(test->text(), u"Cancel the test"_s);
        QTest::mouseClick(test, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(test->text(), u"Test connection"_s, 5'000);
    }

    void plainFileInsteadOfAKeychain()
    {
        Bench bench;
        bench.keychain.setMood(MemoryKeychain::Mood::Locked);
        bench.dialog = ui::openAddDialog(*bench.session, Scope::Preview, EntryStart{EntryDraft::Sort::Secret, {}}, nullptr);
        std::ofstream(bench.path(".dev.vars.preview")) << "# mine\nOTHER=1\n";
        bench.type(u"Variable name"_s, u"API_KEY"_s);
        bench.type(u"Value"_s, u"s3cret"_s);
        bench.save();
        QTRY_VERIFY(bench.find<QPushButton>(u"Write it in plain text"_s));
        QTest::mouseClick(bench.find<QPushButton>(u"Write it in plain text"_s), Qt::LeftButton);
        QTRY_VERIFY(!bench.dialog);
        const auto content = [&bench](const char *name) {
            std::ifstream file(bench.path(name), std::ios::binary);
            return std::string(std::istreambuf_iterator<char>(file), {});
        };
        QCOMPARE(content(".dev.vars"), std::string("API_KEY=s3cret\n"));
        QCOMPARE(content(".dev.vars.preview"), std::string("# mine\nOTHER=1\nAPI_KEY=s3cret\n"));
        QCOMPARE(bench.read(), wrangler);
    }
};

QTEST_MAIN(TestEntryDialogs)
#include "t_entrydialogs.moc"
