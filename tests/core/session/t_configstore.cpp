// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/configstore.h"
#include "tests/core/config/entries.h"
#include "tests/core/session/project.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace cleat;
using session::ConfigStore;
using Status = ConfigStore::Status;
namespace fs = std::filesystem;

namespace {

constexpr int patience = 120'000;

const std::string sample = "# a site\n"
                           "name = \"site\"\n"
                           "pages_build_output_dir = \"public\" # made by the build\n"
                           "\n"
                           "[[kv_namespaces]]\n"
                           "binding = \"TODO\"\n"
                           "id = \"0f2ac74b498b48028cb68387c421e279\"\n";

config::Edit addKv(const std::string &name)
{
    return config::addKv(config::Scope::TopLevel, config::kv(name, "id-" + name));
}

ConfigStore::NewFile newFile(const std::string &outputDir)
{
    ConfigStore::NewFile file;
    file.outputDir = outputDir;
    return file;
}

config::Edit addVariable(const std::string &name, const std::string &value)
{
    return config::AddVariable{config::Scope::TopLevel, {name, config::Variable::Kind::Text, value}};
}

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

std::size_t kvCount(const ConfigStore &store)
{
    return store.config().topLevel.bindings.size();
}

} // namespace

class ConfigStoreTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<tests::Project> m_project;

private Q_SLOTS:
    void init() { m_project = std::make_unique<tests::Project>(); }

    void missing()
    {
        ConfigStore store(m_project->path());
        QCOMPARE(store.status(), Status::Missing);
        QCOMPARE(store.path(), m_project->path("wrangler.toml"));
        QVERIFY(store.text().empty());
        QVERIFY(!store.config().name);
        QCOMPARE(text(store.preview(addKv("KV")).error().code), QStringLiteral("config.missing"));
        QCOMPARE(text(store.apply(addKv("KV"), QStringLiteral("Add")).error().code), QStringLiteral("config.missing"));
        QVERIFY(!fs::exists(m_project->path("wrangler.toml")));
        QVERIFY(!store.canUndo());
        QVERIFY(store.undo());
        QVERIFY(!fs::exists(m_project->path("wrangler.toml")));
    }

    void creates()
    {
        ConfigStore store(m_project->path());
        QSignalSpy changed(&store, &ConfigStore::changed);
        QVERIFY(store.create(newFile("out \"x\"")));
        QVERIFY(!changed.isEmpty());
        QCOMPARE(store.status(), Status::Readable);
        QCOMPARE(store.config().pagesBuildOutputDir.value_or(""), std::string("out \"x\""));
        QCOMPARE(store.config().name.value_or(""), std::string("my-site"));
        QVERIFY(store.config().findings.empty());
        QCOMPARE(text(store.create(newFile("other")).error().code), QStringLiteral("config.exists"));
        QVERIFY(store.apply(addKv("KV"), QStringLiteral("Add")));
        QCOMPARE(kvCount(store), 1U);
    }

    /// The name of a project on Pages takes small letters, digits and dashes only.
    void createsWithAName_data()
    {
        QTest::addColumn<QByteArray>("folder");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("plain") << QByteArray("site2") << QByteArray("site2");
        QTest::newRow("trailing slash") << QByteArray("site/") << QByteArray("site");
        QTest::newRow("spaces and capitals") << QByteArray("My New Site!") << QByteArray("my-new-site");
        QTest::newRow("other letters") << QByteArray("caf\xc3\xa9") << QByteArray("caf");
        QTest::newRow("nothing left") << QByteArray("\xc3\xa9") << QByteArray("site");
    }
    void createsWithAName()
    {
        QFETCH(QByteArray, folder);
        QFETCH(QByteArray, name);
        fs::create_directories(m_project->path(folder.toStdString()));
        ConfigStore store(m_project->path(folder.toStdString()));
        QVERIFY(store.create(newFile("public")));
        QCOMPARE(QByteArray::fromStdString(store.config().name.value_or("")), name);
        QVERIFY(store.config().findings.empty());
    }

    void readable()
    {
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        QCOMPARE(store.status(), Status::Readable);
        QCOMPARE(store.text(), sample);
        QVERIFY(store.error() == base::Error());
        QCOMPARE(store.config().name.value_or(""), std::string("site"));
        QCOMPARE(kvCount(store), 1U);
    }

    void foundAbove()
    {
        m_project->write("wrangler.toml", sample);
        fs::create_directories(m_project->path("apps/web"));
        ConfigStore store(m_project->path("apps/web"));
        QCOMPARE(store.status(), Status::Readable);
        QCOMPARE(store.path(), m_project->path("wrangler.toml"));
        QVERIFY(store.apply(addKv("KV"), QStringLiteral("Add")));
        QVERIFY(!fs::exists(m_project->path("apps/web/wrangler.toml")));
    }

    void broken()
    {
        const std::string bad = "name = \"site\"\n\n  pages_build_output_dir = public\n";
        m_project->write("wrangler.toml", bad);
        ConfigStore store(m_project->path());
        QCOMPARE(store.status(), Status::Broken);
        QCOMPARE(store.text(), bad);
        const base::Error error = store.error();
        QCOMPARE(text(error.code), QStringLiteral("config.parse"));
        QCOMPARE(error.place.line, 3);
        QCOMPARE(error.place.column, 28);
        QCOMPARE(text(error.place.file), text(m_project->path("wrangler.toml").string()));
        QCOMPARE(text(store.apply(addKv("KV"), QStringLiteral("Add")).error().code), QStringLiteral("config.parse"));
        QCOMPARE(text(store.create(newFile("public")).error().code), QStringLiteral("config.exists"));
        QCOMPARE(m_project->read("wrangler.toml"), bad);
    }

    void brokenKeepsTheLastGood()
    {
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        m_project->write("wrangler.toml", "name = ");
        QTRY_COMPARE_WITH_TIMEOUT(store.status(), Status::Broken, patience);
        QCOMPARE(store.config().name.value_or(""), std::string("site"));
        QCOMPARE(kvCount(store), 1U);
        m_project->write("wrangler.toml", "name = \"again\"\n");
        QTRY_COMPARE_WITH_TIMEOUT(store.status(), Status::Readable, patience);
        QVERIFY(store.error() == base::Error());
        QCOMPARE(store.config().name.value_or(""), std::string("again"));
    }

    void json_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("json") << QByteArray("wrangler.json");
        QTest::newRow("jsonc") << QByteArray("wrangler.jsonc");
    }
    void json()
    {
        QFETCH(QByteArray, name);
        m_project->write(name.toStdString(), "{\n  // mine\n  \"name\": \"site\",\n  \"pages_build_output_dir\": \"public\"\n}\n");
        m_project->write("wrangler.toml", sample); // comes after JSON
        ConfigStore store(m_project->path());
        QCOMPARE(store.status(), Status::Readable);
        QCOMPARE(store.form(), config::Form::Jsonc);
        const std::string before = store.text();
        QVERIFY(store.apply(addKv("KV"), QStringLiteral("Add")));
        QCOMPARE(kvCount(store), 1U);
        QVERIFY(store.text().find("// mine") != std::string::npos);
        QCOMPARE(text(store.create(newFile("public")).error().code), QStringLiteral("config.exists"));
        QVERIFY(store.undo());
        QCOMPARE(m_project->read(name.toStdString()), before);
        QCOMPARE(m_project->read("wrangler.toml"), sample);
    }

    void createsJson()
    {
        ConfigStore store(m_project->path());
        ConfigStore::NewFile file = newFile("public");
        file.form = config::Form::Jsonc;
        file.projectName = "mine";
        file.compatibilityDate = "2026-01-02";
        file.edits = {addKv("KV"), addVariable("V", "1")};
        const auto shown = store.newText(file);
        QVERIFY(shown);
        QVERIFY(store.create(file));
        QCOMPARE(text(m_project->read("wrangler.jsonc")), text(*shown));
        QCOMPARE(store.config().name.value_or(""), std::string("mine"));
        QCOMPARE(store.config().compatibilityDate.value_or(""), std::string("2026-01-02"));
        QCOMPARE(kvCount(store), 1U);
        QCOMPARE(store.config().topLevel.variables.size(), 1U);
    }

    void unreadable()
    {
        fs::create_directory(m_project->path("target"));
        fs::create_symlink("wrangler.toml", m_project->path("wrangler.toml")); // a link to itself
        ConfigStore store(m_project->path());
        QVERIFY(store.status() != Status::Readable);
        QVERIFY(!store.apply(addKv("KV"), QStringLiteral("Add")));
        QVERIFY(fs::is_symlink(m_project->path("wrangler.toml")));
    }

    void previewWritesNothing()
    {
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        QSignalSpy changed(&store, &ConfigStore::changed);
        const auto preview = store.preview(addKv("CACHE"));
        QVERIFY(preview);
        QVERIFY(preview->starts_with(sample));
        QVERIFY(preview->find("binding = \"CACHE\"") != std::string::npos);
        QCOMPARE(store.text(), sample);
        QCOMPARE(m_project->read("wrangler.toml"), sample);
        QVERIFY(changed.isEmpty());
        QVERIFY(store.apply(addKv("CACHE"), QStringLiteral("Add")));
        QCOMPARE(m_project->read("wrangler.toml"), *preview);
    }

    void applyRefuses_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QString>("code");
        QTest::newRow("taken") << QByteArray("TODO") << QStringLiteral("name.taken");
        QTest::newRow("no identifier") << QByteArray("a-b") << QStringLiteral("name.identifier");
        QTest::newRow("empty") << QByteArray("") << QStringLiteral("name.empty");
        QTest::newRow("reserved") << QByteArray("ASSETS") << QStringLiteral("name.reserved");
    }
    void applyRefuses()
    {
        QFETCH(QByteArray, name);
        QFETCH(QString, code);
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        QCOMPARE(text(store.apply(addKv(name.toStdString()), QStringLiteral("Add")).error().code), code);
        QCOMPARE(m_project->read("wrangler.toml"), sample);
        QVERIFY(!store.canUndo());
    }

    void undoAndRedo()
    {
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        QSignalSpy changed(&store, &ConfigStore::changed);
        std::vector<std::string> texts{sample};
        constexpr std::size_t steps = 12;
        for (std::size_t i = 0; i < steps; ++i) {
            const std::string number = std::to_string(i);
            QVERIFY(store.apply(i % 2 ? addKv("KV" + number) : addVariable("V" + number, number), QStringLiteral("Step %1").arg(i)));
            QCOMPARE(store.undoText(), QStringLiteral("Step %1").arg(i));
            texts.push_back(store.text());
        }
        QCOMPARE(changed.size(), qsizetype(steps));
        for (std::size_t i = steps; i > 0; --i) {
            QVERIFY(store.canUndo());
            QVERIFY(store.undo());
            QCOMPARE(m_project->read("wrangler.toml"), texts[i - 1]);
            QCOMPARE(store.text(), texts[i - 1]);
            QCOMPARE(store.redoText(), QStringLiteral("Step %1").arg(i - 1));
        }
        QVERIFY(!store.canUndo());
        QVERIFY(store.undoText().isEmpty());
        for (std::size_t i = 1; i <= steps; ++i) {
            QVERIFY(store.redo());
            QCOMPARE(m_project->read("wrangler.toml"), texts[i]);
        }
        QVERIFY(!store.canRedo());
        QVERIFY(store.undo());
        QVERIFY(store.undo());
        QVERIFY(store.apply(addKv("OTHER"), QStringLiteral("Other way")));
        QVERIFY(!store.canRedo()); // a new step forgets the way not taken
        QVERIFY(store.undo());
        QCOMPARE(store.text(), texts[steps - 2]);
        // The watcher saw all of that, and none of it came from outside.
        QTest::qWait(200);
        QVERIFY(store.canUndo());
        QVERIFY(store.canRedo());
    }

    void outsideChange_data()
    {
        QTest::addColumn<QByteArray>("way");
        for (const char *way : {"rewritten", "replaced", "removed and written"})
            QTest::newRow(way) << QByteArray(way);
    }
    void outsideChange()
    {
        QFETCH(QByteArray, way);
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        QVERIFY(store.apply(addKv("KV"), QStringLiteral("Add")));
        QSignalSpy changed(&store, &ConfigStore::changed);
        for (int round = 0; round < 3; ++round) {
            const std::string content = sample + "# round " + std::to_string(round) + "\n";
            if (way == "rewritten") {
                m_project->write("wrangler.toml", content);
            } else if (way == "replaced") {
                m_project->replace("wrangler.toml", content);
            } else {
                m_project->remove("wrangler.toml");
                m_project->write("wrangler.toml", content);
            }
            QTRY_COMPARE_WITH_TIMEOUT(text(store.text()), text(content), patience);
            QVERIFY(!changed.isEmpty());
            QCOMPARE(kvCount(store), 1U);
            QVERIFY(store.canUndo()); // the history is kept; whether it can be merged shows when it is asked for
        }
    }

    /// A build tool's file in the place of the user's own.
    void redirected()
    {
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        QCOMPARE(store.path(), m_project->path("wrangler.toml"));
        m_project->write("dist/wrangler.json", "{ \"name\": \"built\", \"pages_build_output_dir\": \".\", \"env\": { \"preview\": {} } }\n");
        m_project->write(".wrangler/deploy/config.json", "{ \"configPath\": \"../../dist/wrangler.json\" }\n");
        QTRY_COMPARE_WITH_TIMEOUT(store.config().name.value_or(""), std::string("built"), patience);
        QCOMPARE(store.path(), m_project->path("dist/wrangler.json"));
        QCOMPARE(store.folder(), m_project->path());
        const auto has = [&](const char *code) { return std::ranges::any_of(store.config().findings, [&](const auto &f) { return f.code == code; }); };
        QVERIFY(has("file.redirected"));
        QVERIFY(has("file.redirected-env"));
        m_project->write(".wrangler/deploy/config.json", "{ \"configPath\": \"../../nowhere.json\" }\n");
        QTRY_COMPARE_WITH_TIMEOUT(store.status(), Status::Broken, patience);
        QCOMPARE(text(store.error().code), QStringLiteral("redirect.missing"));
        fs::remove_all(m_project->path(".wrangler"));
        QTRY_COMPARE_WITH_TIMEOUT(store.status(), Status::Readable, patience);
        QCOMPARE(store.path(), m_project->path("wrangler.toml"));
    }

    void comesAndGoes()
    {
        ConfigStore store(m_project->path());
        m_project->write("wrangler.toml", sample);
        QTRY_COMPARE_WITH_TIMEOUT(store.status(), Status::Readable, patience);
        m_project->write("wrangler.toml", sample + "# more\n"); // in place
        QTRY_COMPARE_WITH_TIMEOUT(text(store.text()), text(sample + "# more\n"), patience);
        m_project->remove("wrangler.toml");
        QTRY_COMPARE_WITH_TIMEOUT(store.status(), Status::Missing, patience);
        QVERIFY(store.text().empty());
        QVERIFY(store.config().topLevel.bindings.empty());
        m_project->write("wrangler.json", "{}"); // another form
        QTRY_COMPARE_WITH_TIMEOUT(store.form(), config::Form::Jsonc, patience);
        QCOMPARE(store.status(), Status::Readable);
        m_project->remove("wrangler.json");
        m_project->replace("wrangler.toml", sample);
        QTRY_COMPARE_WITH_TIMEOUT(store.status(), Status::Readable, patience);
    }

    /// Before the watcher had a chance: the event loop does not run in between.
    void undoKeepsOthersWork()
    {
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        QVERIFY(store.apply(addKv("KV"), QStringLiteral("Add KV")));
        QVERIFY(store.apply(addVariable("V", "1"), QStringLiteral("Add V")));
        m_project->write("wrangler.toml", "# theirs\n" + store.text());
        QVERIFY(store.undo());
        QVERIFY(store.undo());
        QCOMPARE(text(m_project->read("wrangler.toml")), text("# theirs\n" + sample));
        QVERIFY(store.redo());
        QVERIFY(store.redo());
        QVERIFY(store.text().starts_with("# theirs\n" + sample));
        QCOMPARE(kvCount(store), 2U);
        QVERIFY(store.undo());
        QVERIFY(store.undo());
        QCOMPARE(text(m_project->read("wrangler.toml")), text("# theirs\n" + sample));
    }

    void undoOfWhatOthersChangedAsks()
    {
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        QVERIFY(store.apply(addVariable("V", "1"), QStringLiteral("Add")));
        config::Edit change = config::ChangeVariable{config::Scope::TopLevel, "V", {"V", config::Variable::Kind::Text, "2"}};
        QVERIFY(store.apply(change, QStringLiteral("Change")));
        std::string theirs = store.text();
        theirs.replace(theirs.find("V = \"2\""), 7, "V = \"9\"");
        theirs.insert(0, "# more of theirs\n");
        m_project->write("wrangler.toml", theirs);
        QCOMPARE(text(store.undo().error().code), QStringLiteral("config.conflict"));
        QCOMPARE(m_project->read("wrangler.toml"), theirs);
        QCOMPARE(store.text(), theirs);
        QVERIFY(store.conflict().mine.find("V = \"1\"") != std::string::npos);
        QCOMPARE(store.conflict().theirs, theirs);
        QVERIFY(store.canUndo());
        QVERIFY(store.undo(ConfigStore::OnConflict::Overwrite));
        QVERIFY(store.text().find("V = \"1\"") != std::string::npos);
        QVERIFY(store.text().find("# more of theirs") != std::string::npos);
        QVERIFY(store.redo()); // gives theirs back
        QCOMPARE(store.text(), theirs);
    }

    void redoKeepsOthersWork()
    {
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        QVERIFY(store.apply(addKv("KV"), QStringLiteral("Add")));
        QVERIFY(store.undo());
        m_project->write("wrangler.toml", "name = \"theirs\"\n");
        const auto redone = store.redo();
        QVERIFY(!redone || store.text().starts_with("name = \"theirs\"\n"));
        QVERIFY(m_project->read("wrangler.toml").starts_with("name = \"theirs\"\n"));
    }

    /// A dialog that was open while the file changed.
    void applyAfterALook()
    {
        m_project->write("wrangler.toml", sample + "\n[vars]\nV = \"1\"\nW = \"1\"\n");
        ConfigStore store(m_project->path());
        const std::string seen = store.text();
        const config::Edit change = config::ChangeVariable{config::Scope::TopLevel, "V", {"V", config::Variable::Kind::Text, "mine"}};
        m_project->write("wrangler.toml", sample + "\n[vars]\nV = \"1\"\nW = \"theirs\"\n");
        QVERIFY(store.apply(change, QStringLiteral("Change"), seen)); // another entry: merged
        QVERIFY(store.text().find("V = \"mine\"\nW = \"theirs\"") != std::string::npos);

        const std::string later = store.text();
        m_project->write("wrangler.toml", sample + "\n[vars]\nV = \"theirs\"\nW = \"1\"\n");
        const config::Edit again = config::ChangeVariable{config::Scope::TopLevel, "V", {"V", config::Variable::Kind::Text, "again"}};
        QCOMPARE(text(store.apply(again, QStringLiteral("Change"), later).error().code), QStringLiteral("config.conflict"));
        QVERIFY(store.conflict().theirs.find("V = \"theirs\"") != std::string::npos);
        QVERIFY(store.conflict().mine.find("V = \"again\"") != std::string::npos);
        QCOMPARE(m_project->read("wrangler.toml"), store.conflict().theirs);
        QVERIFY(store.apply(again, QStringLiteral("Change"), store.text()));
        QVERIFY(store.text().find("V = \"again\"\nW = \"1\"") != std::string::npos);
    }

    void saveByHand()
    {
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        QVERIFY(store.save("# mine\n" + sample, QStringLiteral("Edit by hand"), sample));
        QCOMPARE(store.undoText(), QStringLiteral("Edit by hand"));
        QVERIFY(store.save("name = ", QStringLiteral("Edit by hand"), store.text())); // broken, as the user wants it
        QCOMPARE(store.status(), Status::Broken);
        QVERIFY(store.save("name = \"again\"\n", QStringLiteral("Edit by hand"), "name = "));
        QCOMPARE(store.status(), Status::Readable);
        QVERIFY(store.undo());
        QVERIFY(store.undo());
        QCOMPARE(m_project->read("wrangler.toml"), "# mine\n" + sample);

        const std::string seen = store.text();
        m_project->write("wrangler.toml", seen + "# theirs\n");
        QVERIFY(store.save("# first\n" + seen, QStringLiteral("Edit by hand"), seen));
        QCOMPARE(text(m_project->read("wrangler.toml")), text("# first\n" + seen + "# theirs\n"));
        const std::string then = store.text();
        m_project->write("wrangler.toml", "# others\n" + seen);
        QCOMPARE(text(store.save("# second\n" + seen, QStringLiteral("Edit by hand"), then).error().code), QStringLiteral("config.conflict"));
        QCOMPARE(m_project->read("wrangler.toml"), "# others\n" + seen);
    }

    void stepsOfSeveralEdits()
    {
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        const std::vector<config::Edit> edits{addKv("A"), addKv("B"), addVariable("V", "1"), config::removeKv(config::Scope::TopLevel, "TODO")};
        QVERIFY(store.apply(edits, QStringLiteral("Four")));
        QCOMPARE(kvCount(store), 2U);
        const std::vector<config::Edit> bad{addKv("C"), addKv("A")};
        QCOMPARE(text(store.apply(bad, QStringLiteral("Bad")).error().code), QStringLiteral("name.taken"));
        QCOMPARE(kvCount(store), 2U); // all of them or none
        QVERIFY(store.undo());
        QCOMPARE(m_project->read("wrangler.toml"), sample);
    }

    void undoAfterRemoval()
    {
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        QVERIFY(store.apply(addKv("KV"), QStringLiteral("Add")));
        m_project->remove("wrangler.toml");
        QCOMPARE(text(store.undo().error().code), QStringLiteral("config.changed-outside"));
        QVERIFY(!fs::exists(m_project->path("wrangler.toml")));
        QCOMPARE(store.status(), Status::Missing);
    }

    void applyOnTopOfOthersWork()
    {
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        QVERIFY(store.apply(addKv("KV"), QStringLiteral("Add")));
        m_project->write("wrangler.toml", store.text() + "# theirs\n");
        QVERIFY(store.apply(addVariable("V", "1"), QStringLiteral("Add V")));
        QVERIFY(store.text().find("# theirs") != std::string::npos);
        QVERIFY(store.text().find("V = \"1\"") != std::string::npos);
        QVERIFY(store.undo());
        QVERIFY(store.undo());
        QCOMPARE(text(store.text()), text(sample + "# theirs\n"));
        QVERIFY(!store.canUndo());
    }

    void applyOnTopOfABrokenFile()
    {
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        m_project->write("wrangler.toml", "name = ");
        QCOMPARE(text(store.apply(addKv("KV"), QStringLiteral("Add")).error().code), QStringLiteral("config.parse"));
        QCOMPARE(m_project->read("wrangler.toml"), std::string("name = "));
    }

    void lineEndsStay()
    {
        std::string dos = sample;
        for (std::size_t at = 0; (at = dos.find('\n', at)) != std::string::npos; at += 2)
            dos.insert(at, "\r");
        m_project->write("wrangler.toml", dos);
        ConfigStore store(m_project->path());
        QCOMPARE(store.status(), Status::Readable);
        QVERIFY(store.apply(addKv("KV"), QStringLiteral("Add")));
        const std::string after = m_project->read("wrangler.toml");
        QVERIFY(after.starts_with(dos));
        QCOMPARE(std::ranges::count(after, '\n'), std::ranges::count(after, '\r'));
        QVERIFY(store.undo());
        QCOMPARE(m_project->read("wrangler.toml"), dos);
    }

    void keepsModeAndLink()
    {
        m_project->write("shared/real.toml", sample);
        QCOMPARE(::chmod(m_project->path("shared/real.toml").c_str(), 0600), 0);
        fs::create_symlink("shared/real.toml", m_project->path("wrangler.toml"));
        ConfigStore store(m_project->path());
        QVERIFY(store.apply(addKv("KV"), QStringLiteral("Add")));
        QVERIFY(fs::is_symlink(m_project->path("wrangler.toml")));
        QCOMPARE(m_project->read("shared/real.toml"), store.text());
        QCOMPARE(static_cast<int>(fs::status(m_project->path("shared/real.toml")).permissions()), 0600);
    }

    /// Root may write everywhere, so for root the folder is gone instead.
    void cannotWrite()
    {
        if (::geteuid() == 0) {
            fs::create_directory(m_project->path("site"));
            ConfigStore store(m_project->path("site"));
            m_project->remove("site");
            m_project->write("site", "not a folder");
            QVERIFY(!store.create(newFile("public")));
            QCOMPARE(m_project->read("site"), std::string("not a folder"));
            QCOMPARE(store.status(), Status::Missing);
            return;
        }
        m_project->write("wrangler.toml", sample);
        ConfigStore store(m_project->path());
        QCOMPARE(::chmod(m_project->path().c_str(), 0555), 0);
        const auto result = store.apply(addKv("KV"), QStringLiteral("Add"));
        QCOMPARE(::chmod(m_project->path().c_str(), 0755), 0);
        QCOMPARE(text(result.error().code), QStringLiteral("file.denied"));
        QCOMPARE(m_project->read("wrangler.toml"), sample);
        QCOMPARE(store.text(), sample);
        QVERIFY(!store.canUndo());
    }
};

QTEST_GUILESS_MAIN(ConfigStoreTest)
#include "t_configstore.moc"
