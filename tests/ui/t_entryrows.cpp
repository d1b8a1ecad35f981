// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entrydraft.h"
#include "ui/bindings/entrymodels.h"
#include "ui/bindings/entryrows.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;
using config::Scope;
using ui::BindingsModel;
using ui::Origin;
using ui::VariablesModel;

namespace {

config::WranglerConfig sample()
{
    config::WranglerConfig c;
    c.topLevel.present = true;
    c.topLevel.kvNamespaces = {{{"LIST", "id-1", "preview-1"}, {"wrangler.toml", 4, 1}}, {{"CACHE", std::nullopt, std::nullopt}, {"wrangler.toml", 8, 1}}};
    c.topLevel.variables = {{{"URL", config::Variable::Kind::Text, "a"}, {"wrangler.toml", 12, 1}}};
    c.production.present = true;
    c.production.kvNamespaces = {{{"LIST", "id-2", std::nullopt}, {"wrangler.toml", 20, 1}}};
    c.production.variables = {{{"CACHE", config::Variable::Kind::Json, "{}"}, {"wrangler.toml", 22, 1}}};
    return c;
}

} // namespace

class TestEntryRows : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void absentTableGetsTheTopLevel()
    {
        const auto rows = ui::kvRows(sample(), Scope::Preview);
        QCOMPARE(rows.size(), std::size_t(2));
        QCOMPARE(rows[0].entry.binding, std::string("LIST"));
        QCOMPARE(rows[0].origin, Origin::TopLevel);
        QCOMPARE(ui::scopeOf(rows[0].origin, Scope::Preview), Scope::TopLevel);
    }

    void ownTableMarksWhatIsLost()
    {
        const auto kv = ui::kvRows(sample(), Scope::Production);
        QCOMPARE(kv.size(), std::size_t(1)); // CACHE is taken there by a variable, so it is not lost but another thing
        QCOMPARE(kv[0].origin, Origin::Own);
        QCOMPARE(ui::scopeOf(kv[0].origin, Scope::Production), Scope::Production);
        const auto variables = ui::variableRows(sample(), Scope::Production);
        QCOMPARE(variables.size(), std::size_t(2));
        QCOMPARE(variables[0].origin, Origin::Own);
        QCOMPARE(variables[1].entry.name, std::string("URL"));
        QCOMPARE(variables[1].origin, Origin::NotInherited);
    }

    void topLevelItself() { QCOMPARE(ui::kvRows(sample(), Scope::TopLevel).at(1).origin, Origin::Own); }

    void bindingsModel()
    {
        BindingsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto file = [](const config::KvNamespace &kv) { return std::filesystem::path("/p/.wrangler") / kv.localId(); };
        model.setRows(ui::kvRows(sample(), Scope::Preview), file, "/p");
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, BindingsModel::Name).data().toString(), u"LIST"_s);
        QCOMPARE(model.index(0, BindingsModel::Resource).data().toString(), u"id-1, preview: preview-1"_s);
        QCOMPARE(model.index(0, BindingsModel::Data).data().toString(), u".wrangler/preview-1"_s);
        QCOMPARE(model.index(0, BindingsModel::Line).data().toString(), u"4"_s);
        QCOMPARE(model.index(1, BindingsModel::Data).data().toString(), u".wrangler/CACHE"_s);
        model.setRows(ui::kvRows(sample(), Scope::Preview), file, "/elsewhere");
        QCOMPARE(model.index(0, BindingsModel::Data).data().toString(), u"/p/.wrangler/preview-1"_s);
        model.setRows({}, file, "/p");
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!model.row(0));
    }

    void variablesModel()
    {
        VariablesModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(ui::variableRows(sample(), Scope::Production));
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, VariablesModel::Value).data().toString(), u"{}"_s);
        QCOMPARE(model.index(1, VariablesModel::Source).data().toString(), u"wrangler.toml:12"_s);
        QCOMPARE(static_cast<Origin>(model.index(1, 0).data(ui::originRole).toInt()), Origin::NotInherited);
    }

    void sentencesTellWhoGetsIt()
    {
        config::WranglerConfig c = sample();
        QVERIFY(ui::topLevelSentence(c, Scope::Preview).startsWith(u"Preview gets it. Production"_s));
        QVERIFY(ui::topLevelSentence(c, Scope::Production).contains(u"only Preview gets it"_s));
        QVERIFY(ui::ownTableSentence(c, Scope::Preview).contains(u"LIST, CACHE, URL"_s));
        QCOMPARE(ui::ownTableSentence(c, Scope::Production), u"Only Production gets it."_s);
        c.preview.present = true;
        QVERIFY(ui::topLevelSentence(c, Scope::Preview).startsWith(u"Both environments have tables"_s));
        c = {};
        QCOMPARE(ui::topLevelSentence(c, Scope::Preview), u"Production and Preview both get it."_s);
        QVERIFY(!ui::ownTableSentence(c, Scope::Preview).contains(u"loses"_s));
    }

    void edits()
    {
        ui::EntryDraft draft;
        draft.scope = Scope::Preview;
        draft.name = "LIST";
        draft.id = "x";
        const auto add = std::get<config::AddKvNamespace>(ui::editOf(draft));
        QCOMPARE(add.scope, Scope::Preview);
        QCOMPARE(add.entry, (config::KvNamespace{"LIST", "x", std::nullopt}));
        draft.original = "OLD";
        QCOMPARE(std::get<config::ChangeKvNamespace>(ui::editOf(draft)).binding, std::string("OLD"));
        draft.kind = ui::EntryDraft::Kind::Variable;
        draft.valueKind = config::Variable::Kind::Json;
        draft.value = "[1]";
        const auto change = std::get<config::ChangeVariable>(ui::editOf(draft));
        QCOMPARE(change.entry, (config::Variable{"LIST", config::Variable::Kind::Json, "[1]"}));
        QCOMPARE(ui::stepText(draft), u"Change variable LIST"_s);
    }

    void snippets()
    {
        ui::EntryDraft draft;
        draft.name = "LIST";
        QVERIFY(ui::usageSnippet(draft, ui::Language::JavaScript).contains(u"context.env.LIST.get(\"key\")"_s));
        QVERIFY(ui::usageSnippet(draft, ui::Language::TypeScript).contains(u"LIST: KVNamespace;"_s));
        draft.kind = ui::EntryDraft::Kind::Variable;
        QVERIFY(ui::usageSnippet(draft, ui::Language::TypeScript).contains(u"LIST: string;"_s));
    }
};

QTEST_MAIN(TestEntryRows)
#include "t_entryrows.moc"
