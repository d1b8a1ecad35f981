// SPDX-License-Identifier: GPL-3.0-or-later
// The guide that users follow, section by section, in the real window: "select your Pages environment > Bindings > Add > ...". What each section leaves in the file is in
// tests/golden/guide, and the guide's own code finds the binding in context.env, for the kinds that run.
#include "tests/ui/windowbench.h"

#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QSettings>
#include <QTableView>

#include <fstream>
#include <iterator>
#include <optional>

using namespace cleat;
using namespace Qt::StringLiterals;
using session::State;
using tests::WindowBench;

namespace {

constexpr int patience = 120'000;

/// What one section of the guide asks for.
struct Section {
    QString environment; ///< the tab
    QString search;      ///< typed into the Add window
    QString kind;        ///< what the search must bring to the front
    QString name;
    QList<std::pair<QString, QString>> fields; ///< by their labels
    QString where;
    std::optional<config::Kind> runs; ///< the kind that must run for the snippet to be tried
    QByteArray answer;                ///< of the snippet
};

std::string golden(const QString &name)
{
    std::ifstream file(std::string(CLEAT_TESTS_DIR "/golden/guide/") + name.toStdString(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

template <typename T>
T *visible(const QWidget &in, const QString &name)
{
    for (T *widget : in.findChildren<T *>()) {
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        const QString text = button ? button->text().remove(u'&') : QString();
        if (widget->isVisible() && (widget->accessibleName() == name || (button && text == name)))
            return widget;
    }
    return nullptr;
}

QDialog *openDialog(const WindowBench &bench)
{
    QDialog *dialog = nullptr;
    const bool open = QTest::qWaitFor([&] {
        dialog = bench.window->findChild<QDialog *>();
        return dialog && dialog->isVisible();
    }, 30'000);
    return open && QTest::qWaitForWindowActive(dialog) ? dialog : nullptr;
}

/// Types over what the field holds.
void type(QLineEdit &edit, const QString &text)
{
    QTest::mouseClick(&edit, Qt::LeftButton);
    QTest::keyClick(&edit, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(&edit, text);
}

} // namespace

Q_DECLARE_METATYPE(Section)

class TestGuide final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;

    /// Add, by the window that shows every kind; the form of the kind is open then.
    static QDialog *chooseKind(const WindowBench &bench, const Section &section)
    {
        bench.press(Qt::Key_N, Qt::ControlModifier);
        QDialog *dialog = openDialog(bench);
        if (!dialog)
            return nullptr;
        auto *search = visible<QLineEdit>(*dialog, u"Search kinds"_s);
        auto *kinds = visible<QListWidget>(*dialog, u"Kinds"_s);
        if (!search || !kinds)
            return nullptr;
        QTest::keyClicks(search, section.search);
        if (!kinds->currentItem() || kinds->currentItem()->text() != section.kind) {
            qWarning("%s brings %s", qPrintable(section.search), kinds->currentItem() ? qPrintable(kinds->currentItem()->text()) : "nothing");
            return nullptr;
        }
        QTest::keyClick(search, Qt::Key_Return);
        return dialog;
    }

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }

    void section_data()
    {
        using config::Kind;
        QTest::addColumn<Section>("section");
        const QString both = u"Both environments"_s;
        const QString production = u"Production"_s;
        const QString preview = u"Preview"_s;
        QTest::newRow("kv") << Section{preview, u"kv"_s, u"KV namespace"_s, u"TODO_LIST"_s, {{u"KV namespace"_s, u"0f2ac74b498b48028cb68387c421e279"_s}}, u"Only Preview"_s,
                                       Kind::KvNamespace, "water the plants"};
        QTest::newRow("durable-objects") << Section{production, u"durable"_s, u"Durable Object"_s, u"DURABLE_OBJECT"_s,
                                                    {{u"Durable Object namespace"_s, u"DurableObjectExample"_s}, {u"Worker"_s, u"do-worker"_s}}, both, Kind::DurableObject,
                                                    "the object was asked for /"};
        QTest::newRow("r2") << Section{production, u"s3"_s, u"R2 bucket"_s, u"BUCKET"_s, {{u"R2 bucket"_s, u"my-bucket"_s}}, both, Kind::R2Bucket, "a picture"};
        QTest::newRow("d1") << Section{production, u"sqlite"_s, u"D1 database"_s, u"NORTHWIND_DB"_s,
                                       {{u"D1 database"_s, u"8f1a2c3d-0000-4000-8000-1234567890ab"_s}, {u"Database name"_s, u"northwind"_s}}, u"Only Production"_s,
                                       Kind::D1Database, R"({"id":1,"name":"Ada"})"};
        QTest::newRow("vectorize") << Section{preview, u"vector"_s, u"Vectorize index"_s, u"VECTORIZE_INDEX"_s, {{u"Vectorize index"_s, u"products"_s}},
                                              u"Only locally (top level)"_s, Kind::Vectorize, R"(["5","4","2"])"};
        QTest::newRow("workers-ai") << Section{preview, u"ai"_s, u"Workers AI"_s, u"AI"_s, {}, u"Only Preview"_s, Kind::Ai, R"({"response":"It comes from a tutorial of 1974."})"};
        QTest::newRow("service-bindings") << Section{production, u"service"_s, u"Service binding"_s, u"SERVICE"_s, {{u"Service"_s, u"my-worker"_s}}, both, Kind::Service,
                                                     "my-worker was asked for /"};
        QTest::newRow("queue-producers") << Section{production, u"queue"_s, u"Queue"_s, u"MY_QUEUE"_s, {{u"Queue"_s, u"my-queue"_s}}, u"Only Production"_s, Kind::Queue, "Sent!"};
        QTest::newRow("hyperdrive") << Section{production, u"postgres"_s, u"Hyperdrive"_s, u"HYPERDRIVE"_s,
                                               {{u"Hyperdrive configuration"_s, u"a76a99bc342644deb02c38d66082262a"_s},
                                                {u"Local connection string"_s, u"postgres://user:pw@localhost:5432/records"_s}}, both, {}, {}}; // its code, with a database: tests/packages/databases
        QTest::newRow("analytics-engine") << Section{preview, u"analytics"_s, u"Analytics Engine"_s, u"ANALYTICS_ENGINE"_s, {{u"Dataset"_s, u"clicks"_s}}, both,
                                                     Kind::AnalyticsEngine, "Logged analytic"};
    }

    void section()
    {
        QFETCH(Section, section);
        const QString tag = QString::fromLatin1(QTest::currentDataTag());
        const bool runs = section.runs && session::Session::runs(*section.runs);
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", golden(u"secrets.toml"_s)); // as the guide finds it: no bindings
        if (runs) {
            std::filesystem::create_directory(bench.path("functions"));
            bench.write("functions/index.js", golden(tag + u".js"_s));
            bench.write("functions/seed.js", golden(tag + u".seed.js"_s));
        }
        if (section.runs == config::Kind::Service) {
            bench.write("my-worker/wrangler.toml", "name = \"my-worker\"\nmain = \"index.js\"\ncompatibility_date = \"2026-01-01\"\n");
            bench.write("my-worker/index.js", "export default { fetch: ({ url }) => new Response('my-worker was asked for ' + new URL(url).pathname) };\n");
            bench.session->setWorkers({bench.path("my-worker/wrangler.toml")});
        }
        if (section.runs == config::Kind::Ai) {
            bench.write("answers/hello.json", R"({ "model": "@cf/meta/llama-3.1-8b-instruct", "answer": { "response": "It comes from a tutorial of 1974." } })");
            session::ProjectSettings settings = bench.session->settings();
            settings.ai.provider = session::AiSettings::Provider::Recorded;
            settings.ai.recordings = "answers";
            QVERIFY(bench.session->setSettings(settings));
        }
        if (section.runs == config::Kind::DurableObject) {
            bench.write("do-worker/wrangler.toml", "name = \"do-worker\"\nmain = \"index.js\"\ncompatibility_date = \"2026-01-01\"\n[[migrations]]\ntag = \"v1\"\nnew_sqlite_classes = [\"DurableObjectExample\"]\n");
            bench.write("do-worker/index.js", "import { DurableObject } from 'cloudflare:workers';\nexport class DurableObjectExample extends DurableObject { fetch({ url }) { return new Response('the object was asked for ' + new URL(url).pathname); } }\nexport default {};\n");
            bench.session->setWorkers({bench.path("do-worker/wrangler.toml")});
        }
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        bench.session->start();
        QVERIFY(bench.waitFor(State::Running));
        QVERIFY(bench.showTab(section.environment));

        QDialog *dialog = chooseKind(bench, section);
        QVERIFY(dialog);
        auto *name = visible<QLineEdit>(*dialog, u"Variable name"_s);
        QVERIFY(name);
        type(*name, section.name);
        for (const auto &[label, value] : section.fields) {
            auto *box = visible<QComboBox>(*dialog, label);
            auto *edit = box ? box->lineEdit() : visible<QLineEdit>(*dialog, label);
            QVERIFY2(edit, qPrintable(label));
            type(*edit, value);
        }
        auto *where = visible<QRadioButton>(*dialog, section.where);
        QVERIFY2(where, qPrintable(section.where));
        QTest::mouseClick(where, Qt::LeftButton, {}, QPoint(10, where->height() / 2));
        QVERIFY(where->isChecked());
        QVERIFY(bench.shows(u"context.env."_s + section.name)); // how code reaches it
        auto *save = visible<QAbstractButton>(*dialog, u"Save"_s);
        QVERIFY(save && save->isEnabled());
        QTest::mouseClick(save, Qt::LeftButton);
        QTRY_VERIFY(!bench.window->findChild<QDialog *>());

        QCOMPARE(QString::fromStdString(bench.read("wrangler.toml")), QString::fromStdString(golden(tag + u".toml"_s)));
        QVERIFY(WindowBench::rowOf(*bench.table(u"Bindings"_s), 0, section.name) >= 0);
        QCOMPARE(bench.session->state(), State::Running); // "Redeploy your project for the binding to take effect" is done for the user
        if (!runs)
            return;
        // The set that the section was about is the one to run.
        bench.session->setScope(section.where == u"Only Preview"_s        ? config::Scope::Preview
                                : section.where == u"Only Production"_s ? config::Scope::Production
                                                                        : config::Scope::TopLevel);
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/seed"_s), (WindowBench::Reply{200, "ok"}), patience);
        QTRY_COMPARE(QString::fromUtf8(bench.get(u"/"_s).body), QString::fromUtf8(section.answer));
        QCOMPARE(bench.get(u"/"_s).status, 200);
        QTRY_COMPARE(bench.session->live(), session::Session::Live::Current);
        QTRY_VERIFY(bench.shows(u"In use since"_s));
    }

    void environmentVariables()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", golden(u"secrets.toml"_s));
        std::filesystem::create_directory(bench.path("functions"));
        bench.write("functions/index.js", golden(u"environment-variables.js"_s));
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        bench.session->start();
        QVERIFY(bench.waitFor(State::Running));
        QCOMPARE(bench.get(u"/"_s).body, QByteArray("This is a live environment"));
        QVERIFY(bench.showTab(u"Production"_s));

        bench.press(Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
        QDialog *dialog = openDialog(bench);
        QVERIFY(dialog);
        type(*visible<QLineEdit>(*dialog, u"Variable name"_s), u"ENVIRONMENT"_s);
        auto *value = visible<QPlainTextEdit>(*dialog, u"Value"_s);
        QVERIFY(value);
        QTest::mouseClick(value->viewport(), Qt::LeftButton);
        QTest::keyClicks(value, u"development"_s);
        QTest::mouseClick(visible<QAbstractButton>(*dialog, u"Save"_s), Qt::LeftButton);
        QTRY_VERIFY(!bench.window->findChild<QDialog *>());
        QCOMPARE(QString::fromStdString(bench.read("wrangler.toml")), QString::fromStdString(golden(u"environment-variables.toml"_s)));
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/"_s).body, QByteArray("This is a local environment!"), patience);
    }

    void secrets()
    {
        const QString secret = u"s3cr3t-value-7788"_s;
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", golden(u"secrets.toml"_s));
        std::filesystem::create_directory(bench.path("functions"));
        bench.write("functions/index.js", golden(u"secrets.js"_s));
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        bench.session->start();
        QVERIFY(bench.waitFor(State::Running));
        QVERIFY(bench.showTab(u"Preview"_s));

        bench.press(Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
        QDialog *dialog = openDialog(bench);
        QVERIFY(dialog);
        auto *kind = visible<QComboBox>(*dialog, u"Type"_s);
        QVERIFY(kind);
        kind->setFocus();
        QTest::keyClicks(kind, u"Sec"_s); // "Select Encrypt to create your secret"
        QVERIFY(kind->currentText().startsWith(u"Secret"_s));
        type(*visible<QLineEdit>(*dialog, u"Variable name"_s), u"SECRET_NAME"_s);
        auto *value = visible<QLineEdit>(*dialog, u"Value"_s);
        QVERIFY(value);
        QCOMPARE(value->echoMode(), QLineEdit::Password);
        type(*value, secret);
        QTest::mouseClick(visible<QAbstractButton>(*dialog, u"Save"_s), Qt::LeftButton);
        QTRY_VERIFY(!bench.window->findChild<QDialog *>());

        QCOMPARE(QString::fromStdString(bench.read("wrangler.toml")), QString::fromStdString(golden(u"secrets.toml"_s))); // it is not in the file
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/"_s).body, QByteArray("The key has 17 characters and ends in 7788"), patience);
        QTableView *variables = bench.table(u"Variables and Secrets"_s);
        QVERIFY(variables);
        QTRY_VERIFY(WindowBench::rowOf(*variables, 0, u"SECRET_NAME"_s) >= 0);
        for (int row = 0; row < variables->model()->rowCount(); ++row) { // nobody can read it in the window
            for (int column = 0; column < variables->model()->columnCount(); ++column) {
                for (const int role : {Qt::DisplayRole, Qt::ToolTipRole, Qt::EditRole, Qt::AccessibleTextRole})
                    QVERIFY(!variables->model()->index(row, column).data(role).toString().contains(secret));
            }
        }
        QVERIFY(!bench.shows(secret));
    }
};

QTEST_MAIN(TestGuide)
#include "t_guide.moc"
