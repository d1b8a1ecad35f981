// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/secretstore.h"
#include "tests/core/secrets/memorykeychain.h"
#include "tests/core/session/project.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <optional>

#include <sys/stat.h>

using namespace cleat;
using config::Scope;
using secrets::SecretText;
using session::SecretStore;
using tests::MemoryKeychain;
using State = SecretStore::State;
using Mood = MemoryKeychain::Mood;
namespace fs = std::filesystem;

namespace {

constexpr int patience = 120'000;

QString shown(const SecretStore &store, Scope scope)
{
    QStringList out;
    for (const auto &[name, value] : store.values(scope))
        out << QString::fromStdString(name + '=' + std::string(value.reveal()));
    return out.join(u' ');
}

QString namesOf(const SecretStore &store, Scope scope)
{
    QStringList out;
    for (const std::string &name : store.names(scope))
        out << QString::fromStdString(name);
    return out.join(u' ');
}

/// Empty, or the code.
QString done(const std::function<void(SecretStore::Done)> &call)
{
    std::optional<QString> code;
    call([&](const base::Result<void> &result) { code = result ? QString() : QString::fromStdString(result.error().code); });
    if (code || !QTest::qWaitFor([&] { return code.has_value(); }, patience))
        return QStringLiteral("no answer, or too early");
    return *code;
}

QString set(SecretStore &store, std::vector<Scope> scopes, std::vector<std::pair<std::string, std::string>> values)
{
    std::vector<std::pair<std::string, SecretText>> secrets;
    for (auto &[name, value] : values)
        secrets.emplace_back(name, SecretText(value));
    return done([&](auto answer) { store.set(scopes, secrets, answer); });
}

QString remove(SecretStore &store, Scope scope, std::vector<std::string> names)
{
    return done([&](auto answer) { store.remove(scope, names, answer); });
}

QString code(const SecretStore &store)
{
    return QString::fromStdString(store.error().code);
}

} // namespace

class SecretStoreTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<tests::Project> m_project;
    std::unique_ptr<QTemporaryDir> m_data;
    std::unique_ptr<MemoryKeychain> m_keychain;

    fs::path folder() const { return fs::path(m_data->path().toStdString()) / "below" / "secrets"; }
    std::unique_ptr<SecretStore> open() const { return std::make_unique<SecretStore>(*m_keychain, m_project->path(), folder()); }
    std::unique_ptr<SecretStore> ready() const
    {
        auto store = open();
        const bool settled = QTest::qWaitFor([&] { return store->state() != State::Loading; }, patience);
        return settled ? std::move(store) : nullptr;
    }
    std::string key(const char *environment) const { return fs::canonical(m_project->path()).string() + " (" + environment + ")"; }
    fs::path namesFile() const
    {
        const auto files = QDir(QString::fromStdString(folder().string())).entryList(QDir::Files | QDir::Hidden);
        return files.size() == 1 ? folder() / files.first().toStdString() : fs::path();
    }

private Q_SLOTS:
    void init()
    {
        m_project = std::make_unique<tests::Project>();
        m_data = std::make_unique<QTemporaryDir>();
        m_keychain = std::make_unique<MemoryKeychain>();
    }

    void nothingWakesNothing()
    {
        const auto store = open();
        QCOMPARE(store->state(), State::Ready);
        QTest::qWait(20);
        QCOMPARE(m_keychain->calls(), 0);
        QVERIFY(store->names(Scope::Preview).empty());
        QVERIFY(!fs::exists(folder()));
    }

    void setsAndReads()
    {
        const auto store = open();
        QSignalSpy changed(store.get(), &SecretStore::changed);
        QCOMPARE(set(*store, {Scope::Production}, {{"B", "two"}, {"A", "one \"1\"\n\xc3\xa9"}}), QString());
        QVERIFY(!changed.isEmpty());
        QCOMPARE(shown(*store, Scope::Production), QStringLiteral("A=one \"1\"\n\u00e9 B=two"));
        QCOMPARE(namesOf(*store, Scope::Production), QStringLiteral("A B"));
        QCOMPARE(shown(*store, Scope::Preview), QString());
        QCOMPARE(shown(*store, Scope::TopLevel), QString());
        QCOMPARE(m_keychain->entries.size(), 1U);
        QCOMPARE(m_keychain->entries.begin()->first, key("production"));
        QCOMPARE(m_keychain->entries.begin()->second, std::string("{\"A\":\"one \\\"1\\\"\\n\xc3\xa9\",\"B\":\"two\"}"));

        const auto another = open();
        QCOMPARE(another->state(), State::Loading);
        QCOMPARE(namesOf(*another, Scope::Production), QStringLiteral("A B")); // known before the keychain answers
        QVERIFY(another->values(Scope::Production).empty());
        QTRY_COMPARE(another->state(), State::Ready);
        QCOMPARE(shown(*another, Scope::Production), shown(*store, Scope::Production));
        QCOMPARE(code(*another), QString());
    }

    void onlyNamedEnvironmentsAreRead()
    {
        QCOMPARE(set(*open(), {Scope::Preview}, {{"A", "one"}}), QString());
        const int before = m_keychain->calls();
        const auto store = ready();
        QCOMPARE(m_keychain->calls(), before + 1);
        QCOMPARE(shown(*store, Scope::Preview), QStringLiteral("A=one"));
    }

    void replacesAndRemoves()
    {
        const auto store = open();
        QCOMPARE(set(*store, {Scope::TopLevel, Scope::Preview, Scope::Production}, {{"A", "one"}, {"B", "two"}}), QString());
        QCOMPARE(m_keychain->entries.size(), 3U);
        QCOMPARE(set(*store, {Scope::Preview}, {{"A", "other"}}), QString());
        QCOMPARE(shown(*store, Scope::Preview), QStringLiteral("A=other B=two"));
        QCOMPARE(shown(*store, Scope::Production), QStringLiteral("A=one B=two"));
        QCOMPARE(remove(*store, Scope::Preview, {"B", "NEVER"}), QString());
        QCOMPARE(shown(*store, Scope::Preview), QStringLiteral("A=other"));
        QCOMPARE(remove(*store, Scope::Preview, {"A"}), QString());
        QCOMPARE(m_keychain->entries.size(), 2U); // no empty entry stays
        QCOMPARE(remove(*store, Scope::Production, {"A", "B"}), QString());
        QCOMPARE(remove(*store, Scope::TopLevel, {"A", "B"}), QString());
        QVERIFY(m_keychain->entries.empty());
        QVERIFY(namesFile().empty());
        const int before = m_keychain->calls();
        QCOMPARE(open()->state(), State::Ready);
        QCOMPARE(m_keychain->calls(), before);
    }

    void namesFileHoldsNamesOnly()
    {
        QCOMPARE(set(*open(), {Scope::Preview}, {{"API_KEY", "the-value-itself"}}), QString());
        const fs::path file = namesFile();
        QVERIFY(!file.empty());
        struct stat info {};
        QCOMPARE(::stat(file.c_str(), &info), 0);
        QCOMPARE(info.st_mode & 07777, mode_t(0600));
        QCOMPARE(::stat(folder().c_str(), &info), 0);
        QCOMPARE(info.st_mode & 07777, mode_t(0700));
        std::ifstream in(file);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        QVERIFY(text.find("API_KEY") != std::string::npos);
        QVERIFY(text.find("the-value") == std::string::npos);
        QVERIFY(file.filename().string().starts_with("my-site-"));
    }

    void projectsAreApart()
    {
        m_project->write("a/x", "");
        m_project->write("b/x", "");
        SecretStore a(*m_keychain, m_project->path("a"), folder());
        SecretStore b(*m_keychain, m_project->path("b"), folder());
        QCOMPARE(set(a, {Scope::Preview}, {{"A", "one"}}), QString());
        QCOMPARE(set(b, {Scope::Preview}, {{"A", "two"}}), QString());
        SecretStore again(*m_keychain, m_project->path("b") / ".." / "a" / "", folder()); // another spelling of a
        QTRY_COMPARE(again.state(), State::Ready);
        QCOMPARE(shown(again, Scope::Preview), QStringLiteral("A=one"));
    }

    void mergesWithWhatIsThereByThen()
    {
        const auto first = open();
        const auto second = open();
        QCOMPARE(set(*first, {Scope::Preview}, {{"A", "one"}}), QString());
        QCOMPARE(set(*second, {Scope::Preview}, {{"B", "two"}}), QString());
        QCOMPARE(shown(*second, Scope::Preview), QStringLiteral("A=one B=two"));
        QCOMPARE(remove(*first, Scope::Preview, {"A"}), QString());
        QCOMPARE(shown(*first, Scope::Preview), QStringLiteral("B=two"));
        QCOMPARE(namesOf(*first, Scope::Preview), QStringLiteral("B"));
        second->reload();
        QTRY_COMPARE(shown(*second, Scope::Preview), QStringLiteral("B=two"));
        QCOMPARE(namesOf(*second, Scope::Preview), QStringLiteral("B"));
    }

    void oneAfterTheOther()
    {
        const auto store = open();
        int answers = 0;
        for (int i = 0; i < 20; ++i)
            store->set({Scope::Preview}, {{"N" + std::to_string(i), SecretText("x")}}, [&](const base::Result<void> &result) { answers += result ? 1 : 0; });
        store->remove(Scope::Preview, {"N3"}, [&](const base::Result<void> &) { ++answers; });
        QTRY_COMPARE(answers, 21);
        QCOMPARE(store->values(Scope::Preview).size(), 19U);
    }

    void fromInsideAnAnswer()
    {
        const auto store = open();
        bool both = false;
        store->set({Scope::Preview}, {{"A", SecretText("one")}}, [&](const base::Result<void> &) {
            store->set({Scope::Preview}, {{"B", SecretText("two")}}, [&](const base::Result<void> &) { both = true; });
        });
        QTRY_VERIFY(both);
        QCOMPARE(shown(*store, Scope::Preview), QStringLiteral("A=one B=two"));
    }

    void goneBeforeTheAnswer()
    {
        auto store = open();
        m_keychain->setMood(Mood::Silent);
        bool answered = false;
        store->set({Scope::Preview}, {{"A", SecretText("one")}}, [&](const base::Result<void> &) { answered = true; });
        store.reset();
        m_keychain->setMood(Mood::Well);
        m_keychain->answerHeld();
        QTest::qWait(20);
        QVERIFY(!answered);
        QVERIFY(m_keychain->entries.empty());
    }

    void goneInTheAnswer()
    {
        auto store = open();
        bool answered = false;
        store->set({Scope::Preview}, {{"A", SecretText("one")}}, [&](const base::Result<void> &) {
            store.reset();
            answered = true;
        });
        QTRY_VERIFY(answered);
    }

    void refusesNames()
    {
        const auto store = open();
        QCOMPARE(set(*store, {Scope::Preview}, {{"", "x"}}), QStringLiteral("name.empty"));
        QCOMPARE(set(*store, {Scope::Preview}, {{"A", "x"}, {"a b", "x"}}), QStringLiteral("name.identifier"));
        QCOMPARE(set(*store, {Scope::Preview}, {{"ASSETS", "x"}}), QStringLiteral("name.reserved"));
        QCOMPARE(set(*store, {Scope::Preview}, {{"A", "\xff\xfe"}}), QStringLiteral("secrets.text"));
        QVERIFY(m_keychain->entries.empty());
        QCOMPARE(m_keychain->calls(), 0);
        QCOMPARE(set(*store, {Scope::Preview}, {{"A", ""}}), QString());
    }

    void unavailable_data()
    {
        QTest::addColumn<int>("mood");
        QTest::addColumn<QString>("code");
        QTest::newRow("unavailable") << int(Mood::Unavailable) << QStringLiteral("secrets.unavailable");
        QTest::newRow("locked") << int(Mood::Locked) << QStringLiteral("secrets.locked");
    }
    void unavailable()
    {
        QFETCH(int, mood);
        QFETCH(QString, code);
        QCOMPARE(set(*open(), {Scope::Preview}, {{"A", "one"}}), QString());
        m_keychain->setMood(Mood(mood));
        const auto store = ready();
        QCOMPARE(store->state(), State::Unavailable);
        QCOMPARE(::code(*store), code);
        QCOMPARE(namesOf(*store, Scope::Preview), QStringLiteral("A"));
        QVERIFY(store->values(Scope::Preview).empty());
        QCOMPARE(set(*store, {Scope::Preview}, {{"B", "two"}}), code);
        QCOMPARE(remove(*store, Scope::Preview, {"A"}), code);
        QCOMPARE(namesOf(*store, Scope::Preview), QStringLiteral("A"));

        m_keychain->setMood(Mood::Well);
        store->reload();
        QTRY_COMPARE(store->state(), State::Ready);
        QCOMPARE(shown(*store, Scope::Preview), QStringLiteral("A=one"));
        QCOMPARE(::code(*store), QString());
    }

    void backWithTheNextCall()
    {
        QCOMPARE(set(*open(), {Scope::Preview, Scope::Production}, {{"A", "one"}}), QString());
        m_keychain->setMood(Mood::Unavailable);
        const auto store = ready();
        m_keychain->setMood(Mood::Well);
        QCOMPARE(set(*store, {Scope::Preview}, {{"B", "two"}}), QString());
        QTRY_COMPARE(store->state(), State::Ready);
        QCOMPARE(shown(*store, Scope::Preview), QStringLiteral("A=one B=two"));
        QCOMPARE(shown(*store, Scope::Production), QStringLiteral("A=one"));
    }

    void goesAwayWhileInUse()
    {
        const auto store = open();
        QCOMPARE(set(*store, {Scope::Preview}, {{"A", "one"}}), QString());
        m_keychain->setMood(Mood::Unavailable);
        QCOMPARE(set(*store, {Scope::Preview}, {{"A", "two"}}), QStringLiteral("secrets.unavailable"));
        store->reload();
        QTRY_COMPARE(code(*store), QStringLiteral("secrets.unavailable"));
        QCOMPARE(store->state(), State::Ready); // what runs keeps what it has
        QCOMPARE(shown(*store, Scope::Preview), QStringLiteral("A=one"));
        m_keychain->setMood(Mood::Well);
        store->reload();
        QTRY_COMPARE(code(*store), QString());
    }

    void failingWrites()
    {
        const auto store = open();
        QCOMPARE(set(*store, {Scope::Preview}, {{"A", "one"}}), QString());
        m_keychain->setMood(Mood::FailingWrites);
        QCOMPARE(set(*store, {Scope::Preview}, {{"A", "two"}, {"B", "two"}}), QStringLiteral("secrets.failed"));
        QCOMPARE(remove(*store, Scope::Preview, {"A"}), QStringLiteral("secrets.failed"));
        QCOMPARE(shown(*store, Scope::Preview), QStringLiteral("A=one"));
        const auto another = ready();
        QCOMPARE(namesOf(*another, Scope::Preview), QStringLiteral("A"));
        QCOMPARE(shown(*another, Scope::Preview), QStringLiteral("A=one"));
    }

    void saysWhatWasDone()
    {
        m_keychain->entries[key("production")] = "not ours";
        const auto store = open();
        std::optional<base::Error> error;
        store->set({Scope::Preview, Scope::Production}, {{"A", SecretText("one")}}, [&](const base::Result<void> &result) { error = result.error(); });
        QTRY_VERIFY(error.has_value());
        QCOMPARE(QString::fromStdString(error->code), QStringLiteral("secrets.content"));
        QVERIFY(error->message.starts_with("Done for Preview, but not for Production."));
        QCOMPARE(shown(*store, Scope::Preview), QStringLiteral("A=one"));
        QCOMPARE(m_keychain->entries.at(key("production")), std::string("not ours"));
    }

    void entryRemovedFromOutside()
    {
        QCOMPARE(set(*open(), {Scope::Preview, Scope::Production}, {{"A", "one"}, {"B", "two"}}), QString());
        m_keychain->entries.erase(key("production"));
        const auto store = ready();
        QCOMPARE(store->state(), State::Ready);
        QCOMPARE(code(*store), QStringLiteral("secrets.missing"));
        QVERIFY(store->error().message.find("Production: A and B.") != std::string::npos);
        QCOMPARE(shown(*store, Scope::Preview), QStringLiteral("A=one B=two"));
        QCOMPARE(namesOf(*store, Scope::Production), QStringLiteral("A B"));
        QCOMPARE(set(*store, {Scope::Production}, {{"A", "again"}}), QString());
        QCOMPARE(code(*store), QStringLiteral("secrets.missing"));
        QCOMPARE(remove(*store, Scope::Production, {"B"}), QString());
        QCOMPARE(code(*store), QString());
        QCOMPARE(shown(*store, Scope::Production), QStringLiteral("A=again"));
    }

    void foreignContent_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("text") << QByteArray("hello");
        QTest::newRow("list") << QByteArray("[\"a\"]");
        QTest::newRow("numbers") << QByteArray("{\"A\": 1}");
        QTest::newRow("cut") << QByteArray("{\"A\": \"on");
    }
    void foreignContent()
    {
        QFETCH(QByteArray, content);
        QCOMPARE(set(*open(), {Scope::Preview, Scope::Production}, {{"A", "one"}}), QString());
        m_keychain->entries[key("preview")] = content.toStdString();
        const auto store = ready();
        QCOMPARE(store->state(), State::Ready);
        QCOMPARE(code(*store), QStringLiteral("secrets.content"));
        QVERIFY(store->error().message.find(key("preview")) != std::string::npos);
        QCOMPARE(shown(*store, Scope::Production), QStringLiteral("A=one"));
        QVERIFY(store->values(Scope::Preview).empty());
        QCOMPARE(set(*store, {Scope::Preview}, {{"B", "two"}}), QStringLiteral("secrets.content"));
        QCOMPARE(remove(*store, Scope::Preview, {"A"}), QStringLiteral("secrets.content"));
        QCOMPARE(m_keychain->entries.at(key("preview")), content.toStdString());
        m_keychain->entries.erase(key("preview"));
        QCOMPARE(set(*store, {Scope::Preview}, {{"A", "new"}}), QString());
        QCOMPARE(code(*store), QString());
    }

    void damagedNames_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("text") << QByteArray("{\"project\": \"/x");
        QTest::newRow("of another project") << QByteArray("{\"project\": \"/x\", \"topLevel\": [], \"preview\": [], \"production\": []}");
        QTest::newRow("number") << QByteArray("{\"project\": \"PATH\", \"topLevel\": [], \"preview\": [1], \"production\": []}");
        QTest::newRow("part") << QByteArray("{\"project\": \"PATH\", \"topLevel\": []}");
    }
    void damagedNames()
    {
        QFETCH(QByteArray, content);
        content.replace("PATH", QByteArray::fromStdString(fs::canonical(m_project->path()).string()));
        QCOMPARE(set(*open(), {Scope::Preview}, {{"A", "one"}}), QString());
        const fs::path file = namesFile();
        std::ofstream(file, std::ios::binary | std::ios::trunc) << content.toStdString();
        m_keychain->setMood(Mood::Unavailable);
        QCOMPARE(ready()->state(), State::Unavailable);
        m_keychain->setMood(Mood::Well);
        auto store = ready();
        QCOMPARE(store->state(), State::Ready);
        QCOMPARE(namesOf(*store, Scope::Preview), QStringLiteral("A"));
        QCOMPARE(shown(*store, Scope::Preview), QStringLiteral("A=one"));
        m_keychain->setMood(Mood::Unavailable);
        QCOMPARE(namesOf(*ready(), Scope::Preview), QStringLiteral("A")); // it was written again
    }

    void namesCannotBeWritten()
    {
        std::ofstream(m_data->filePath(QStringLiteral("below")).toStdString()) << "a file where a folder has to be";
        const auto store = open();
        QVERIFY(set(*store, {Scope::Preview}, {{"A", "one"}}).startsWith(u"file."));
        QVERIFY(m_keychain->entries.empty());
    }

    void namesLost()
    {
        QCOMPARE(set(*open(), {Scope::Preview}, {{"A", "one"}}), QString());
        fs::remove_all(folder());
        const auto store = open();
        QCOMPARE(store->state(), State::Ready);
        QVERIFY(store->names(Scope::Preview).empty());
        QCOMPARE(set(*store, {Scope::Preview}, {{"B", "two"}}), QString());
        QCOMPARE(shown(*store, Scope::Preview), QStringLiteral("A=one B=two"));
        fs::remove_all(folder());
        const auto another = open();
        another->reload();
        QTRY_COMPARE(shown(*another, Scope::Preview), QStringLiteral("A=one B=two"));
    }
};

QTEST_GUILESS_MAIN(SecretStoreTest)
#include "t_secretstore.moc"
