// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/bindingkinds.h"
#include "ui/bindings/entrydraft.h"
#include "ui/bindings/freshids.h"
#include "ui/bindings/kindlook.h"
#include "ui/bindings/kindtexts.h"
#include "ui/bindings/snippets.h"
#include "ui/bindings/wheretexts.h"

#include <QRegularExpression>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;
using config::Kind;
using config::Scope;
using ui::EntryDraft;
using Where = EntryDraft::Where;

namespace {

config::WranglerConfig read(const std::string &text)
{
    return config::readWranglerFile("pages_build_output_dir = \"public\"\n" + text, config::Form::Toml, "wrangler.toml").value();
}

EntryDraft draftOf(Kind kind, const std::string &name, Where where = Where::Everywhere)
{
    EntryDraft draft;
    draft.binding = config::Binding{kind, name, {}};
    draft.where = where;
    return draft;
}

using Scopes = std::vector<Scope>;

} // namespace

class TestEntryDraft : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void scopes()
    {
        const auto none = read("");
        const auto one = read("[env.production.vars]\nA = \"1\"\n");
        const auto two = read("[env.production]\n[env.preview]\n");
        const EntryDraft everywhere = draftOf(Kind::KvNamespace, "X");
        QCOMPARE(ui::scopesOf(none, everywhere, Scope::Preview), (Scopes{Scope::TopLevel}));
        QCOMPARE(ui::scopesOf(one, everywhere, Scope::Preview), (Scopes{Scope::TopLevel, Scope::Production}));
        QCOMPARE(ui::scopesOf(two, everywhere, Scope::Preview), (Scopes{Scope::TopLevel, Scope::Preview, Scope::Production}));
        QCOMPARE(ui::scopesOf(two, draftOf(Kind::KvNamespace, "X", Where::Environment), Scope::Production), (Scopes{Scope::Production}));
        QCOMPARE(ui::scopesOf(two, draftOf(Kind::KvNamespace, "X", Where::TopLevel), Scope::Production), (Scopes{Scope::TopLevel}));
        // The runs that meet it: an environment without a table has what the top level has.
        QCOMPARE(ui::runsOf(none, everywhere, Scope::Preview), (Scopes{Scope::TopLevel, Scope::Preview, Scope::Production}));
        QCOMPARE(ui::runsOf(one, everywhere, Scope::Preview), (Scopes{Scope::TopLevel, Scope::Production, Scope::Preview}));
        QCOMPARE(ui::runsOf(two, draftOf(Kind::Hyperdrive, "X", Where::TopLevel), Scope::Preview), (Scopes{Scope::TopLevel}));
        QCOMPARE(ui::runsOf(two, draftOf(Kind::Hyperdrive, "X", Where::Environment), Scope::Production), (Scopes{Scope::Production}));
        EntryDraft secret;
        secret.sort = EntryDraft::Sort::Secret;
        QCOMPARE(ui::scopesOf(none, secret, Scope::Preview).size(), std::size_t(3));
        secret.original = "A";
        secret.scope = Scope::Production;
        QCOMPARE(ui::scopesOf(none, secret, Scope::Preview), (Scopes{Scope::Production}));
        secret.replaces = EntryDraft::Replaces::Variable;
        secret.scope = Scope::TopLevel;
        QCOMPARE(ui::scopesOf(one, secret, Scope::Preview), (Scopes{Scope::TopLevel, Scope::Preview}));
    }

    void copiesWhatCanBeCopied()
    {
        const auto config = read("[[kv_namespaces]]\nbinding = \"A\"\n[[kv_namespaces]]\nbinding = \"NO-NAME\"\n[[r2_buckets]]\nbinding = \"A\"\n"
                                 "[ai]\nbinding = \"AI\"\n[vars]\nV = \"1\"\nW = \"2\"\n");
        QCOMPARE(ui::lossesOf(config, Scope::Preview).count(), std::size_t(6));
        EntryDraft ai = draftOf(Kind::Ai, "V", Where::Environment); // takes the place of the other AI, and of V
        const ui::Losses copied = ui::lossesOf(config, Scope::Preview).copiedBeside(ai);
        QCOMPARE(copied.names(), (std::vector<std::string>{"A", "W"}));
        QCOMPARE(ui::editsOf(config, ai, Scope::Preview).size(), std::size_t(3));
        ai.copies = EntryDraft::Copies::None;
        QCOMPARE(ui::editsOf(config, ai, Scope::Preview).size(), std::size_t(1));
        QVERIFY(ui::lossesOf(read("[env.preview]\n[vars]\nA = \"1\"\n"), Scope::Preview).names().empty());
    }

    void sentencesSayWhatHappens_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("where");
        QTest::addColumn<QString>("sentence");
        QTest::addColumn<bool>("surprise");
        const auto row = [](const char *name, const char *text, Where where, const QString &sentence, bool surprise) {
            QTest::newRow(name) << QByteArray(text) << static_cast<int>(where) << sentence << surprise;
        };
        const char *one = "[env.production]\n[vars]\nA = \"1\"\n";
        const char *two = "[env.production]\n[env.preview]\n";
        row("everywhere, no table", "", Where::Everywhere, u"Written once"_s, false);
        row("everywhere, one table", one, Where::Everywhere, u"Written twice: at the top level, from where Preview gets it, and in [env.production]"_s, false);
        row("everywhere, both", two, Where::Everywhere, u"Written three times"_s, false);
        row("here, table", two, Where::Environment, u"Written in [env.preview] alone. Neither Production nor"_s, false);
        row("here, no table", one, Where::Environment, u"Makes the table [env.preview]. From then on, Preview gets nothing from the top level any more: not A."_s, true);
        row("here, nothing to lose", "", Where::Environment, u"gets nothing from the top level any more."_s, false);
        row("locally, both", two, Where::TopLevel, u"Both environments have tables of their own and do not get it."_s, false);
        row("locally, one", one, Where::TopLevel, u"But Preview has no table of its own in this file, so it gets it, too."_s, true);
        row("locally, none", "", Where::TopLevel, u"so both get it, too."_s, true);
    }
    void sentencesSayWhatHappens()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, where);
        QFETCH(QString, sentence);
        const ui::WhereText said = ui::whereSentence(read(text.toStdString()), config::Form::Toml, draftOf(Kind::KvNamespace, "X"), static_cast<Where>(where), Scope::Preview);
        QVERIFY2(said.text.contains(sentence), qPrintable(said.text));
        QTEST(said.weight == ui::WhereText::Weight::Surprise, "surprise");
    }

    void slugs_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("slug");
        QTest::newRow("words") << QByteArray("TODO_LIST") << QByteArray("todo-list");
        QTest::newRow("humps") << QByteArray("myTodoList2Go") << QByteArray("my-todo-list2-go");
        QTest::newRow("ends") << QByteArray("__A_BC$_") << QByteArray("a-bc");
        QTest::newRow("short") << QByteArray("B") << QByteArray("b-bucket");
        QTest::newRow("nothing usable") << QByteArray("ÄÖ") << QByteArray("bucket");
        QTest::newRow("empty") << QByteArray() << QByteArray("bucket");
        QTest::newRow("long") << QByteArray(80, 'X') << QByteArray(63, 'x');
        QTest::newRow("long with a hyphen at the cut") << QByteArray(62, 'X') + "_YYY" << QByteArray(62, 'x');
    }
    void slugs()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, slug);
        QCOMPARE(ui::slug(name.toStdString(), "bucket"), slug.toStdString());
        config::Binding bucket{Kind::R2Bucket, "X", {}};
        bucket.set("bucket_name", slug.toStdString());
        QVERIFY(config::checkFields(bucket));
    }

    void freshOnesDiffer()
    {
        QVERIFY(ui::freshId() != ui::freshId());
        QVERIFY(ui::freshUuid() != ui::freshUuid());
    }

    void everyFieldIsExplained()
    {
        for (const config::BindingKind &kind : config::bindingKinds()) {
            QVERIFY(!ui::kindDescription(kind.kind).isEmpty());
            QVERIFY(!ui::kindSearchWords(kind.kind).isEmpty());
            QCOMPARE(ui::formFields(kind.kind).size(), kind.fields.size() - 1);
            for (const config::BindingField &field : kind.fields) {
                const ui::FieldText text = ui::fieldText(kind.kind, field.name);
                QVERIFY2(text.label != QString::fromUtf8(field.name.data(), static_cast<qsizetype>(field.name.size())), text.label.toUtf8());
                QVERIFY2(field.name == kind.nameField || !text.hint.isEmpty(), text.label.toUtf8());
                QVERIFY2(!field.required || text.level == ui::FieldText::Level::Basic, text.label.toUtf8());
            }
            if (!kind.resourceField.empty())
                QCOMPARE(ui::formFields(kind.kind).front(), kind.resourceField);
        }
        QCOMPARE(ui::kindsInOrder().size(), config::bindingKinds().size());
    }

    void snippetsUseTheName()
    {
        for (const Kind kind : ui::kindsInOrder()) {
            for (const auto language : {ui::Language::JavaScript, ui::Language::TypeScript}) {
                const QString code = ui::usageSnippet(draftOf(kind, "MY_THING"), language);
                QVERIFY2(code.contains(u"context.env.MY_THING"_s), qPrintable(code));
                QVERIFY2(!code.contains(QRegularExpression(u"\\bNAME\\b"_s)), qPrintable(code));
                QVERIFY(code.contains(u"onRequest"_s));
                QVERIFY(ui::usageSnippet(draftOf(kind, ""), language).contains(u"context.env."_s + ui::exampleName(kind)));
            }
        }
        ui::EntryDraft database = draftOf(Kind::Hyperdrive, "DB");
        QVERIFY(ui::usageSnippet(database, ui::Language::JavaScript).contains(u"postgres(context.env.DB.connectionString)"_s));
        database.binding.set("localConnectionString", "mysql://root@localhost/shop");
        QVERIFY(ui::usageSnippet(database, ui::Language::TypeScript).contains(u"from \"mysql2/promise\""_s));
        QCOMPARE(ui::usageSnippet(draftOf(Kind::KvNamespace, "TODO_LIST"), ui::Language::TypeScript),
                 u"interface Env {\n  TODO_LIST: KVNamespace;\n}\n\nexport const onRequest: PagesFunction<Env> = async (context) => {\n"
                 "  const task = await context.env.TODO_LIST.get(\"Task:123\");\n  return new Response(task);\n};"_s);
    }
};

QTEST_APPLESS_MAIN(TestEntryDraft)
#include "t_entrydraft.moc"
