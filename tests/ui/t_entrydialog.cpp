// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/entrybench.h"
#include "ui/bindings/kindtexts.h"
#include "ui/widgets/theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;
using config::Kind;
using config::Scope;
using tests::EntryBench;
using ui::EntryDraft;
using ui::EntryStart;

namespace {

const std::string plain = "name = \"demo\"\npages_build_output_dir = \"public\"\n\n[[kv_namespaces]]\nbinding = \"LIST\"\nid = \"one\"\n\n[vars]\nURL = \"x\"\n";
const std::string both = plain + "\n[env.preview.vars]\nURL = \"y\"\n\n[env.production.vars]\nURL = \"z\"\n";

EntryDraft kv(const std::string &name, Scope scope = Scope::TopLevel)
{
    EntryDraft draft;
    draft.original = name;
    draft.scope = scope;
    return draft;
}

EntryDraft value(EntryDraft::Sort sort, const std::string &name, Scope scope = Scope::TopLevel)
{
    EntryDraft draft;
    draft.sort = sort;
    draft.original = name;
    draft.scope = scope;
    return draft;
}

} // namespace

class TestEntryDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void checksNames_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("usable");
        QTest::newRow("empty") << u""_s << false;
        QTest::newRow("good") << u"CACHE"_s << true;
        QTest::newRow("spaces round it") << u"  CACHE "_s << true;
        QTest::newRow("taken by a namespace") << u"LIST"_s << false;
        QTest::newRow("taken by a variable") << u"URL"_s << false;
        QTest::newRow("reserved") << u"ASSETS"_s << false;
        QTest::newRow("no identifier") << u"MY-LIST"_s << false;
        QTest::newRow("begins with a digit") << u"1LIST"_s << false;
    }
    void checksNames()
    {
        EntryBench bench(plain);
        bench.add(Kind::KvNamespace);
        QFETCH(QString, name);
        bench.type(u"Variable name"_s, name);
        QTEST(bench.save()->isEnabled(), "usable");
        QCOMPARE(bench.diff().contains(u"+ [[kv_namespaces]]"_s), bench.save()->isEnabled());
        QCOMPARE(bench.save()->toolTip().isEmpty(), bench.save()->isEnabled());
        QCOMPARE(bench.problem().isEmpty(), bench.save()->isEnabled());
    }

    void everyKind_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QStringList>("typed"); // field, text, ...
        QTest::addColumn<QString>("lines");
        const auto row = [](Kind kind, const QStringList &typed, const char *lines) {
            QTest::newRow(qPrintable(ui::exampleName(kind))) << static_cast<int>(kind) << typed << QString::fromLatin1(lines);
        };
        row(Kind::KvNamespace, {u"KV namespace"_s, u"abc"_s}, "[[kv_namespaces]]\nbinding = \"NEW\"\nid = \"abc\"\n");
        row(Kind::DurableObject, {u"Durable Object namespace"_s, u"Room"_s, u"Worker"_s, u"do-worker"_s},
            "[[durable_objects.bindings]]\nname = \"NEW\"\nclass_name = \"Room\"\nscript_name = \"do-worker\"\n");
        row(Kind::R2Bucket, {u"R2 bucket"_s, u"photos"_s}, "[[r2_buckets]]\nbinding = \"NEW\"\nbucket_name = \"photos\"\n");
        row(Kind::D1Database, {u"D1 database"_s, u"1-2"_s, u"Database name"_s, u"north"_s},
            "[[d1_databases]]\nbinding = \"NEW\"\ndatabase_id = \"1-2\"\ndatabase_name = \"north\"\n");
        row(Kind::Vectorize, {u"Vectorize index"_s, u"words"_s}, "[[vectorize]]\nbinding = \"NEW\"\nindex_name = \"words\"\n");
        row(Kind::Ai, {}, "[ai]\nbinding = \"NEW\"\n");
        row(Kind::Service, {u"Service"_s, u"my-worker"_s}, "[[services]]\nbinding = \"NEW\"\nservice = \"my-worker\"\n");
        row(Kind::Queue, {u"Queue"_s, u"jobs"_s}, "[[queues.producers]]\nbinding = \"NEW\"\nqueue = \"jobs\"\n");
        row(Kind::Hyperdrive, {u"Hyperdrive configuration"_s, u"57b7"_s, u"Local connection string"_s, u"postgres://me:x%40y@localhost:5432/db"_s},
            "[[hyperdrive]]\nbinding = \"NEW\"\nid = \"57b7\"\nlocalConnectionString = \"postgres://me:x%40y@localhost:5432/db\"\n");
        row(Kind::AnalyticsEngine, {u"Dataset"_s, u"clicks"_s}, "[[analytics_engine_datasets]]\nbinding = \"NEW\"\ndataset = \"clicks\"\n");
        row(Kind::Browser, {}, "[browser]\nbinding = \"NEW\"\n");
        row(Kind::MtlsCertificate, {u"Certificate"_s, u"c-1"_s}, "[[mtls_certificates]]\nbinding = \"NEW\"\ncertificate_id = \"c-1\"\n");
        row(Kind::VersionMetadata, {}, "[version_metadata]\nbinding = \"NEW\"\n");
    }
    void everyKind()
    {
        QFETCH(int, kind);
        QFETCH(QStringList, typed);
        QFETCH(QString, lines);
        EntryBench bench(plain);
        bench.add(static_cast<Kind>(kind));
        QVERIFY(!bench.save()->isEnabled());
        bench.type(u"Variable name"_s, u"NEW"_s);
        for (qsizetype i = 0; i < typed.size(); i += 2)
            bench.type(typed[i], typed[i + 1]);
        QVERIFY2(bench.save()->isEnabled(), qPrintable(bench.problem()));
        QVERIFY(bench.shows(u"context.env.NEW"_s) || static_cast<Kind>(kind) == Kind::Browser);
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QVERIFY(!bench.dialog || !bench.dialog->isVisible());
        QVERIFY2(QString::fromStdString(bench.text).contains(lines), bench.text.c_str());
        QCOMPARE(bench.steps.size(), std::size_t(1));
        QVERIFY(QString::fromStdString(bench.steps.front()).endsWith(u" NEW"_s));
        QVERIFY(bench.written().findings.empty());
    }

    void requiredFieldsAndSpaces()
    {
        EntryBench bench(plain);
        bench.add(Kind::DurableObject);
        bench.type(u"Variable name"_s, u"ROOMS"_s);
        QCOMPARE(bench.problem(), u"Durable Object namespace is needed."_s);
        bench.type(u"Durable Object namespace"_s, u"Room"_s);
        QCOMPARE(bench.problem(), u"Worker is needed."_s);
        bench.type(u"Worker"_s, u"do worker"_s);
        QCOMPARE(bench.problem(), u"Worker cannot hold spaces."_s);
        bench.type(u"Worker"_s, u"do-worker"_s);
        QVERIFY(bench.save()->isEnabled());
    }

    void connectionStrings_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<bool>("usable");
        QTest::newRow("none") << u""_s << true;
        QTest::newRow("postgres") << u"postgres://user:pw@localhost:5432/db"_s << true;
        QTest::newRow("postgresql") << u"postgresql://localhost/db"_s << true;
        QTest::newRow("mysql") << u"mysql://root@127.0.0.1:3306/db"_s << true;
        QTest::newRow("another scheme") << u"http://localhost/db"_s << false;
        QTest::newRow("no scheme") << u"localhost:5432"_s << false;
        QTest::newRow("no host") << u"postgres:///db"_s << false;
        QTest::newRow("no database") << u"postgres://localhost"_s << false;
        QTest::newRow("a bad port") << u"postgres://localhost:port/db"_s << false;
    }
    void connectionStrings()
    {
        QFETCH(QString, url);
        EntryBench bench(plain);
        bench.add(Kind::Hyperdrive);
        bench.type(u"Variable name"_s, u"DB"_s);
        bench.type(u"Hyperdrive configuration"_s, u"1"_s);
        bench.type(u"Local connection string"_s, url);
        QTEST(bench.save()->isEnabled(), "usable");
    }

    void bucketNames()
    {
        EntryBench bench(plain);
        bench.add(Kind::R2Bucket);
        bench.type(u"Variable name"_s, u"FILES"_s);
        bench.type(u"R2 bucket"_s, u"My_Files"_s);
        QVERIFY(!bench.save()->isEnabled());
        QVERIFY(!bench.problem().isEmpty());
    }

    void createsNewResources()
    {
        EntryBench bench(plain);
        bench.add(Kind::KvNamespace);
        bench.click(u"Create new: KV namespace"_s);
        QVERIFY(QRegularExpression(u"^[0-9a-f]{32}$"_s).match(bench.field(u"KV namespace"_s)->text()).hasMatch());
        bench.add(Kind::D1Database);
        bench.type(u"Variable name"_s, u"NORTHWIND_DB"_s);
        bench.click(u"Create new: D1 database"_s);
        QVERIFY(QRegularExpression(u"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"_s).match(bench.field(u"D1 database"_s)->text()).hasMatch());
        QCOMPARE(bench.field(u"Database name"_s)->text(), u"northwind-db"_s);
        bench.add(Kind::R2Bucket);
        bench.type(u"Variable name"_s, u"B"_s);
        bench.click(u"Create new: R2 bucket"_s);
        QCOMPARE(bench.field(u"R2 bucket"_s)->text(), u"b-bucket"_s);
        QVERIFY2(bench.save()->isEnabled(), qPrintable(bench.problem()));
    }

    void suggestsWhatIsKnown()
    {
        EntryBench bench(plain);
        bench.known[Kind::KvNamespace] = {"one", "two"};
        bench.add(Kind::KvNamespace);
        auto *combo = bench.find<QComboBox>(u"KV namespace"_s);
        QVERIFY(combo);
        QCOMPARE(combo->count(), 2);
        QVERIFY(combo->currentText().isEmpty());
        bench.type(u"Variable name"_s, u"CACHE"_s);
        combo->setFocus();
        QTest::keyClick(combo, Qt::Key_Down);
        QCOMPARE(combo->currentText(), u"one"_s);
        QVERIFY(bench.diff().contains(u"+ id = \"one\""_s));
    }

    void advancedFields()
    {
        EntryBench bench(plain);
        bench.add(Kind::Service);
        bench.type(u"Variable name"_s, u"API"_s);
        bench.type(u"Service"_s, u"api"_s);
        QVERIFY(!bench.field(u"Entrypoint"_s));
        bench.click(u"Advanced"_s);
        bench.type(u"Entrypoint"_s, u"Admin"_s);
        bench.type(u"Props"_s, u"{\"role\": "_s);
        QVERIFY(!bench.save()->isEnabled());
        bench.type(u"Props"_s, u"{\"role\": \"reader\"}"_s);
        bench.click(u"Remote"_s);
        QVERIFY2(bench.save()->isEnabled(), qPrintable(bench.problem()));
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        const config::Binding written = bench.written().topLevel.binding("API")->value;
        QCOMPARE(written.value("entrypoint"), std::string("Admin"));
        QCOMPARE(written.value("remote"), std::string("true"));
        QVERIFY(written.find("props")->kind == config::Field::Kind::Json);
    }

    void unknownFieldsStay()
    {
        EntryBench bench("pages_build_output_dir = \"public\"\n\n[[kv_namespaces]]\nbinding = \"LIST\"\nid = \"one\"\nfuture = 5 # note\nremote = false\n");
        bench.change(kv("LIST"));
        QVERIFY(!bench.save()->isEnabled());
        QCOMPARE(bench.problem(), u"Nothing is changed yet."_s);
        QVERIFY(bench.field(u"Preview id"_s)); // unfolded, since an advanced field is there
        bench.type(u"KV namespace"_s, u"two"_s);
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QCOMPARE(bench.text, std::string("pages_build_output_dir = \"public\"\n\n[[kv_namespaces]]\nbinding = \"LIST\"\nid = \"two\"\nfuture = 5 # note\nremote = false\n"));
        QCOMPARE(bench.steps.front(), std::string("Change KV namespace LIST"));
    }

    void changeRenames()
    {
        EntryBench bench(plain);
        bench.change(kv("LIST"));
        bench.click(u"Advanced"_s);
        bench.type(u"Preview id"_s, u"two"_s);
        bench.type(u"Variable name"_s, u"LISTS"_s);
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        const auto *entry = bench.written().topLevel.binding("LISTS");
        QVERIFY(!bench.written().topLevel.binding("LIST"));
        Q_UNUSED(entry);
        QVERIFY(bench.text.find("preview_id = \"two\"") != std::string::npos);
    }

    void pickerFinds_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("title");
        QTest::newRow("title") << u"kv"_s << u"KV namespace"_s;
        QTest::newRow("key of the file") << u"analytics_engine"_s << u"Analytics Engine"_s;
        QTest::newRow("redis") << u"redis"_s << u"KV namespace"_s;
        QTest::newRow("s3") << u"S3"_s << u"R2 bucket"_s;
        QTest::newRow("sqlite") << u"sqlite"_s << u"D1 database"_s;
        QTest::newRow("postgres") << u"postgres"_s << u"Hyperdrive"_s;
        QTest::newRow("password") << u"password"_s << u"Secret"_s;
        QTest::newRow("vars") << u"vars"_s << u"Variable"_s;
        QTest::newRow("puppeteer") << u"puppeteer"_s << u"Browser Rendering"_s;
        QTest::newRow("d1 first") << u"sql"_s << u"D1 database"_s;
    }
    void pickerFinds()
    {
        QFETCH(QString, typed);
        EntryBench bench(plain);
        bench.add();
        bench.type(u"Search kinds"_s, typed);
        auto *kinds = bench.find<QListWidget>(u"Kinds"_s);
        QVERIFY(kinds && kinds->currentItem());
        QTEST(kinds->currentItem()->text(), "title");
        QTest::keyClick(bench.field(u"Search kinds"_s), Qt::Key_Return);
        QVERIFY(bench.field(u"Variable name"_s));
    }

    void pickerByMouseAndKeys()
    {
        EntryBench bench(plain);
        bench.add();
        QCOMPARE(bench.dialog->windowTitle(), u"Add"_s);
        QVERIFY(!bench.save()->isVisible());
        auto *kinds = bench.find<QListWidget>(u"Kinds"_s);
        QCOMPARE(kinds->count(), 15);
        QCOMPARE(kinds->item(0)->text(), u"KV namespace"_s);
        // Typing into the list goes to the search, arrows there go to the list.
        QTest::keyClicks(kinds, u"que"_s);
        QCOMPARE(bench.field(u"Search kinds"_s)->text(), u"que"_s);
        QCOMPARE(kinds->currentItem()->text(), u"Queue"_s);
        bench.type(u"Search kinds"_s, {});
        QTest::keyClick(bench.field(u"Search kinds"_s), Qt::Key_Right);
        QCOMPARE(kinds->currentItem()->text(), u"Durable Object"_s);
        QTest::keyClick(kinds, Qt::Key_Return);
        QCOMPARE(bench.dialog->windowTitle(), u"Add Durable Object"_s);
        bench.click(u"Back"_s);
        QVERIFY(!bench.field(u"Variable name"_s));
        QTest::mouseClick(kinds->viewport(), Qt::LeftButton, {}, kinds->visualItemRect(kinds->item(5)).center());
        QCOMPARE(bench.dialog->windowTitle(), u"Add Workers AI"_s);
        bench.click(u"Back"_s);
        bench.type(u"Search kinds"_s, u"no such thing"_s);
        QVERIFY(bench.shows(u"No kind of binding is called “no such thing”."_s));
        QTest::keyClick(bench.field(u"Search kinds"_s), Qt::Key_Return);
        QVERIFY(!bench.field(u"Variable name"_s));
        QTest::keyClick(bench.dialog.data(), Qt::Key_Escape);
        QTRY_VERIFY(!bench.dialog);
        QVERIFY(bench.steps.empty());
    }

    void boundOnceIsDisabled()
    {
        EntryBench bench(plain + "\n[ai]\nbinding = \"AI\"\n");
        bench.add();
        auto *kinds = bench.find<QListWidget>(u"Kinds"_s);
        const QListWidgetItem *ai = kinds->findItems(u"Workers AI"_s, Qt::MatchExactly).constFirst();
        QVERIFY(!(ai->flags() & Qt::ItemIsEnabled));
        QVERIFY(ai->toolTip().contains(u"AI everywhere"_s));
        bench.type(u"Search kinds"_s, u"workers ai"_s);
        QTest::keyClick(bench.field(u"Search kinds"_s), Qt::Key_Return);
        QVERIFY(!bench.field(u"Variable name"_s));
    }

    void boundOnceInOnePlace()
    {
        EntryBench bench(both + "\n[ai]\nbinding = \"AI\"\n");
        bench.add();
        auto *kinds = bench.find<QListWidget>(u"Kinds"_s);
        QVERIFY(kinds->findItems(u"Workers AI"_s, Qt::MatchExactly).constFirst()->flags() & Qt::ItemIsEnabled);
        bench.add(Kind::Ai);
        bench.type(u"Variable name"_s, u"AI"_s);
        QVERIFY(bench.find<QRadioButton>(u"Only Preview"_s)->isChecked());
        QVERIFY2(bench.save()->isEnabled(), qPrintable(bench.problem()));
    }

    void everywhereWithoutTables()
    {
        EntryBench bench(plain);
        bench.add(Kind::KvNamespace);
        QVERIFY(bench.find<QRadioButton>(u"Both environments"_s)->isChecked());
        QVERIFY(bench.shows(u"Written once, at the top level"_s));
        bench.type(u"Variable name"_s, u"CACHE"_s);
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QVERIFY(bench.written().topLevel.binding("CACHE"));
        QVERIFY(!bench.written().preview.present);
        QVERIFY(!bench.written().production.present);
    }

    void everywhereWithTables()
    {
        EntryBench bench(both);
        bench.add(Kind::KvNamespace);
        QVERIFY(bench.shows(u"Written three times: at the top level, in [env.production] and in [env.preview]."_s));
        bench.type(u"Variable name"_s, u"CACHE"_s);
        QVERIFY(bench.diff().contains(u"+ [[kv_namespaces]]"_s));
        QVERIFY(bench.diff().contains(u"+ [[env.preview.kv_namespaces]]"_s));
        QVERIFY(bench.diff().contains(u"+ [[env.production.kv_namespaces]]"_s));
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        const config::WranglerConfig written = bench.written();
        QVERIFY(written.topLevel.binding("CACHE") && written.preview.binding("CACHE") && written.production.binding("CACHE"));
        QCOMPARE(bench.steps.size(), std::size_t(1));
    }

    void takenInOnePlace()
    {
        EntryBench bench(both + "\n[[env.production.r2_buckets]]\nbinding = \"CACHE\"\n");
        bench.add(Kind::KvNamespace);
        bench.type(u"Variable name"_s, u"CACHE"_s);
        QVERIFY(!bench.save()->isEnabled());
        QVERIFY(bench.problem().startsWith(u"Production: "_s));
        bench.choose(u"Only Preview"_s);
        QVERIFY(bench.save()->isEnabled());
    }

    void onlyThisEnvironmentCopies()
    {
        EntryBench bench(plain);
        bench.add(Kind::KvNamespace);
        bench.type(u"Variable name"_s, u"CACHE"_s);
        bench.choose(u"Only Preview"_s);
        QVERIFY(bench.shows(u"Makes the table [env.preview]."_s));
        QVERIFY(bench.shows(u"not LIST, URL."_s));
        auto *copy = bench.find<QCheckBox>(u"Also copy the 2 entries that Preview would lose"_s);
        QVERIFY(copy && copy->isChecked());
        QVERIFY(bench.diff().contains(u"URL = \"x\""_s));
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        const config::WranglerConfig written = bench.written();
        QVERIFY(written.preview.binding("CACHE") && written.preview.binding("LIST") && written.preview.variable("URL"));
        QVERIFY(!written.topLevel.binding("CACHE"));
        QVERIFY(!written.production.present);
        QCOMPARE(bench.steps.size(), std::size_t(1));
    }

    void onlyThisEnvironmentAlone()
    {
        EntryBench bench(plain);
        bench.add(Kind::KvNamespace, Scope::Production);
        bench.type(u"Variable name"_s, u"LIST"_s);
        QVERIFY(!bench.save()->isEnabled());
        bench.choose(u"Only Production"_s); // free there
        QVERIFY(bench.save()->isEnabled());
        bench.click(u"Also copy the entry that Production would lose"_s); // LIST itself is not copied
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QCOMPARE(bench.written().production.takenNames.size(), std::size_t(1));
    }

    void onlyLocally()
    {
        EntryBench bench(both);
        bench.add(Kind::KvNamespace);
        bench.type(u"Variable name"_s, u"CACHE"_s);
        bench.choose(u"Only locally (top level)"_s);
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        const config::WranglerConfig written = bench.written();
        QVERIFY(written.topLevel.binding("CACHE") && !written.preview.binding("CACHE") && !written.production.binding("CACHE"));
    }

    void jsonVariable()
    {
        EntryBench bench(plain);
        bench.add(EntryStart{EntryDraft::Sort::Variable, {}});
        bench.type(u"Variable name"_s, u"LIMITS"_s);
        QVERIFY(bench.save()->isEnabled()); // an empty text is a value
        bench.find<QComboBox>(u"Type"_s)->setCurrentIndex(1);
        QVERIFY(!bench.save()->isEnabled());
        bench.type(u"Value"_s, u"{\"max\": 5"_s);
        QVERIFY(!bench.save()->isEnabled());
        QVERIFY(bench.shows(u"Line 1, column 10: "_s));
        bench.type(u"Value"_s, u"{\"max\": 5, \"tags\": [\"a\"]}"_s);
        QVERIFY(bench.save()->isEnabled());
        QVERIFY(bench.shows(u"context.env.LIMITS"_s));
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QCOMPARE(bench.steps.front(), std::string("Add variable LIMITS"));
        QVERIFY(bench.written().topLevel.variable("LIMITS")->value.kind == config::Variable::Kind::Json);
    }

    void textBecomesJson()
    {
        EntryBench bench(plain);
        bench.change(value(EntryDraft::Sort::Variable, "URL"));
        QCOMPARE(bench.find<QPlainTextEdit>(u"Value"_s)->toPlainText(), u"x"_s);
        bench.find<QComboBox>(u"Type"_s)->setCurrentIndex(1);
        QCOMPARE(bench.find<QPlainTextEdit>(u"Value"_s)->toPlainText(), u"\"x\""_s);
        bench.find<QComboBox>(u"Type"_s)->setCurrentIndex(0);
        QCOMPARE(bench.find<QPlainTextEdit>(u"Value"_s)->toPlainText(), u"x"_s);
        bench.type(u"Value"_s, u"y"_s);
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QCOMPARE(bench.written().topLevel.variable("URL")->value.value, std::string("y"));
    }

    void secretIsKeptAndHidden()
    {
        EntryBench bench(plain);
        bench.add(EntryStart{EntryDraft::Sort::Secret, {}});
        bench.type(u"Variable name"_s, u"API_KEY"_s);
        QCOMPARE(bench.problem(), u"Type the secret's value."_s);
        QLineEdit *typed = bench.field(u"Value"_s);
        QCOMPARE(typed->echoMode(), QLineEdit::Password);
        bench.type(u"Value"_s, u"s3cret"_s);
        QVERIFY(bench.save()->isEnabled());
        typed->actions().constFirst()->trigger();
        QCOMPARE(typed->echoMode(), QLineEdit::Normal);
        QVERIFY(!bench.shows(u"s3cret"_s));
        QVERIFY(bench.shows(u"Kept in the system keychain, never in wrangler.toml."_s));
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QTRY_VERIFY(!bench.dialog);
        for (const Scope scope : {Scope::TopLevel, Scope::Preview, Scope::Production})
            QCOMPARE(bench.secrets[scope].at("API_KEY"), std::string("s3cret"));
        QCOMPARE(bench.text, plain);
        QVERIFY(bench.steps.empty());
    }

    void secretOfSeveralLines()
    {
        EntryBench bench(plain);
        bench.add(EntryStart{EntryDraft::Sort::Secret, {}});
        bench.type(u"Variable name"_s, u"PRIVATE_KEY"_s);
        QGuiApplication::clipboard()->setText(u"-----BEGIN\nabc\n-----END\n"_s);
        bench.field(u"Value"_s)->paste();
        QVERIFY(bench.shows(u"It has 4 lines"_s));
        bench.choose(u"Only Preview"_s);
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QTRY_VERIFY(!bench.dialog);
        QCOMPARE(bench.secrets[Scope::Preview].at("PRIVATE_KEY"), std::string("-----BEGIN\nabc\n-----END\n"));
        QVERIFY(bench.secrets[Scope::TopLevel].empty());
    }

    void secretNeedsAKeychain()
    {
        EntryBench bench(plain);
        bench.keychain = ui::EntryAccess::Keychain::Unavailable;
        bench.add(EntryStart{EntryDraft::Sort::Secret, {}});
        bench.type(u"Variable name"_s, u"API_KEY"_s);
        bench.type(u"Value"_s, u"x"_s);
        QVERIFY(!bench.save()->isEnabled());
        QVERIFY(bench.shows(u"Start gnome-keyring."_s));
        bench.click(u"Try again"_s);
        QCOMPARE(bench.asked, 1);
        bench.keychain = ui::EntryAccess::Keychain::Asking;
        bench.dialog->refresh();
        QVERIFY(!bench.save()->isEnabled());
        bench.keychain = ui::EntryAccess::Keychain::Ready;
        bench.dialog->refresh();
        QVERIFY(bench.save()->isEnabled());
        QVERIFY(!bench.shows(u"Start gnome-keyring."_s));
    }

    void secretThatCannotBeKept()
    {
        EntryBench bench(plain);
        bench.secretError = base::Error{"secrets.locked", "The keychain stayed locked.", {}};
        bench.add(EntryStart{EntryDraft::Sort::Secret, {}});
        bench.type(u"Variable name"_s, u"API_KEY"_s);
        bench.type(u"Value"_s, u"x"_s);
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QTRY_COMPARE(bench.problem(), u"The keychain stayed locked."_s);
        QCOMPARE(bench.field(u"Value"_s)->text(), u"x"_s);
        bench.secretError.reset();
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QTRY_VERIFY(!bench.dialog);
    }

    void plainFileInsteadOfAKeychain()
    {
        EntryBench bench(plain);
        bench.keychain = ui::EntryAccess::Keychain::Unavailable;
        bench.add(EntryStart{EntryDraft::Sort::Secret, {}});
        QVERIFY(bench.shows(u"in plain text: whoever"_s));
        bench.click(u"Write it in plain text"_s);
        QCOMPARE(bench.problem(), u"Type a name."_s);
        bench.type(u"Variable name"_s, u"API_KEY"_s);
        bench.type(u"Value"_s, u"x"_s);
        QVERIFY(!bench.save()->isEnabled());
        bench.click(u"Write it in plain text"_s);
        QTRY_VERIFY(!bench.dialog);
        QCOMPARE(bench.devVars.at("API_KEY"), std::string("x"));
        QVERIFY(bench.secrets[Scope::TopLevel].empty());
        QCOMPARE(bench.text, plain);
    }

    void answerAfterTheWindowIsGone()
    {
        EntryBench bench(plain);
        bench.slow = true;
        bench.add(EntryStart{EntryDraft::Sort::Secret, {}});
        bench.type(u"Variable name"_s, u"API_KEY"_s);
        bench.type(u"Value"_s, u"x"_s);
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QVERIFY(!bench.save()->isEnabled());
        delete bench.dialog;
        bench.pending({});
    }

    void secretIsReplacedOnly()
    {
        EntryBench bench(plain);
        bench.secrets[Scope::Preview]["API_KEY"] = "old";
        bench.change(value(EntryDraft::Sort::Secret, "API_KEY", Scope::Preview));
        QCOMPARE(bench.dialog->windowTitle(), u"Replace secret API_KEY"_s);
        QVERIFY(bench.field(u"Value"_s)->text().isEmpty());
        QVERIFY(bench.field(u"Variable name"_s)->isReadOnly());
        QVERIFY(!bench.find<QComboBox>(u"Type"_s)->isEnabled());
        bench.type(u"Value"_s, u"new"_s);
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QTRY_VERIFY(!bench.dialog);
        QCOMPARE(bench.secrets[Scope::Preview].at("API_KEY"), std::string("new"));
        QVERIFY(bench.secrets[Scope::TopLevel].empty());
    }

    void encryptsAVariable()
    {
        EntryBench bench(plain);
        bench.change(value(EntryDraft::Sort::Variable, "URL"));
        bench.find<QComboBox>(u"Type"_s)->setCurrentIndex(2);
        QCOMPARE(bench.dialog->windowTitle(), u"Encrypt variable URL"_s);
        QVERIFY(bench.diff().contains(u"- URL = \"x\""_s));
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QTRY_VERIFY(!bench.dialog);
        QVERIFY(!bench.written().topLevel.variable("URL"));
        for (const Scope scope : {Scope::TopLevel, Scope::Preview, Scope::Production})
            QCOMPARE(bench.secrets[scope].at("URL"), std::string("x"));
    }

    void tellsOfSecretsOfThatName()
    {
        EntryBench bench(plain);
        bench.secrets[Scope::TopLevel]["KEY"] = "old";
        bench.add(EntryStart{EntryDraft::Sort::Variable, {}});
        bench.type(u"Variable name"_s, u"KEY"_s);
        QVERIFY(bench.problem().contains(u"wins over this"_s));
        QVERIFY(bench.save()->isEnabled());
    }

    void conflictShowsBothSides()
    {
        EntryBench bench(plain);
        bench.change(kv("LIST"));
        bench.type(u"KV namespace"_s, u"mine"_s);
        std::string theirs = plain;
        theirs.replace(theirs.find("\"one\""), 5, "\"theirs\"");
        bench.writeUnnoticed(theirs);
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QVERIFY(bench.shows(u"Meanwhile, someone else changed the same entry"_s));
        QVERIFY(bench.shows(u"+ id = \"theirs\""_s));
        QVERIFY(bench.shows(u"+ id = \"mine\""_s));
        QCOMPARE(bench.text, theirs);
        bench.click(u"Use mine"_s);
        QTRY_VERIFY(!bench.dialog);
        QVERIFY(bench.text.find("\"mine\"") != std::string::npos);
    }

    void conflictKeepsTheirs()
    {
        EntryBench bench(plain);
        bench.change(kv("LIST"));
        bench.type(u"KV namespace"_s, u"mine"_s);
        bench.writeUnnoticed(plain + "# theirs\n");
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        bench.click(u"Back"_s);
        QCOMPARE(bench.field(u"KV namespace"_s)->text(), u"mine"_s);
        bench.writeUnnoticed(plain + "# theirs again\n");
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        bench.click(u"Keep what is in the file"_s);
        QTRY_VERIFY(!bench.dialog);
        QCOMPARE(bench.text, plain + "# theirs again\n");
    }

    void followsTheFile()
    {
        EntryBench bench(plain);
        bench.change(kv("LIST"));
        std::string theirs = plain;
        theirs.replace(theirs.find("\"one\""), 5, "\"two\"");
        bench.writeFromOutside(theirs);
        QCOMPARE(bench.field(u"KV namespace"_s)->text(), u"two"_s); // nothing was typed yet
        bench.type(u"KV namespace"_s, u"mine"_s);
        bench.writeFromOutside("# a comment\n" + theirs);
        QCOMPARE(bench.field(u"KV namespace"_s)->text(), u"mine"_s);
        bench.writeFromOutside(plain); // the very entry: saving must not overwrite it unseen
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QVERIFY(bench.shows(u"Meanwhile, someone else changed the same entry"_s));
    }

    void entryIsGone()
    {
        EntryBench bench(plain);
        bench.change(kv("LIST"));
        bench.type(u"KV namespace"_s, u"mine"_s);
        bench.writeFromOutside("pages_build_output_dir = \"public\"\n");
        QVERIFY(!bench.save()->isEnabled());
        QVERIFY(!bench.problem().isEmpty());
    }

    void failureToSaveLosesNothing()
    {
        EntryBench bench(plain);
        bench.add(Kind::KvNamespace);
        bench.saveError = base::Error{"file.denied", "The folder cannot be written.", {}};
        bench.type(u"Variable name"_s, u"CACHE"_s);
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QVERIFY(bench.dialog && bench.dialog->isVisible());
        QCOMPARE(bench.problem(), u"The folder cannot be written."_s);
        QCOMPARE(bench.field(u"Variable name"_s)->text(), u"CACHE"_s);
        QVERIFY(bench.steps.empty());
        bench.saveError.reset();
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QCOMPARE(bench.steps.front(), std::string("Add KV namespace CACHE"));
    }

    void keysAlone()
    {
        EntryBench bench(plain);
        bench.add();
        QTest::keyClicks(bench.field(u"Search kinds"_s), u"kv"_s);
        QTest::keyClick(bench.field(u"Search kinds"_s), Qt::Key_Return);
        auto *name = bench.field(u"Variable name"_s);
        QTRY_VERIFY(name->hasFocus());
        QTest::keyClicks(name, u"TODO_LIST"_s);
        QTest::keyClick(name, Qt::Key_Return);
        QTRY_VERIFY(!bench.dialog);
        QVERIFY(bench.written().topLevel.binding("TODO_LIST"));
    }

    void tabGoesDownTheForm()
    {
        EntryBench bench(plain);
        bench.add(Kind::KvNamespace);
        bench.type(u"Variable name"_s, u"CACHE"_s);
        QVERIFY(QTest::qWaitForWindowActive(bench.dialog));
        QStringList order;
        bench.field(u"Variable name"_s)->setFocus();
        for (int i = 0; i < 12; ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            const QWidget *at = QApplication::focusWidget();
            const auto *button = qobject_cast<const QAbstractButton *>(at);
            order << (at->accessibleName().isEmpty() && button ? button->text().remove(u'&') : at->accessibleName());
        }
        const QStringList wanted{u"KV namespace"_s, u"Create new: KV namespace"_s, u"Advanced"_s, u"Both environments"_s, u"What will be written"_s};
        QCOMPARE(order.mid(0, wanted.size()), wanted);
        QVERIFY2(order.indexOf(u"Back"_s) > order.indexOf(u"Both environments"_s), qPrintable(order.join(u", "_s)));
        QVERIFY2(order.indexOf(u"Save"_s) > order.indexOf(u"What will be written"_s), qPrintable(order.join(u", "_s)));
    }

    void fitsASmallWindow()
    {
        EntryBench bench(plain);
        for (const Kind kind : {Kind::Vectorize, Kind::D1Database, Kind::Hyperdrive}) {
            bench.add(kind);
            bench.dialog->resize(640, 420);
            QCOMPARE(bench.dialog->size(), QSize(640, 420));
        }
        bench.add();
        bench.dialog->resize(640, 420);
        QCOMPARE(bench.dialog->size(), QSize(640, 420));
    }
};

QTEST_MAIN(TestEntryDialog)
#include "t_entrydialog.moc"
