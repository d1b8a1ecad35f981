// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/bindingsmodel.h"
#include "ui/bindings/entryroles.h"
#include "ui/bindings/entryrows.h"
#include "ui/bindings/kindlook.h"
#include "ui/bindings/variablesmodel.h"
#include "ui/widgets/theme.h"

#include "core/config/bindingkinds.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;
using config::Kind;
using config::Scope;
using session::VariableOrigin;
using session::VariableSource;
using ui::BindingsModel;
using ui::Origin;
using ui::VariablesModel;

namespace {

constexpr std::string_view sample = R"(name = "site"

[[kv_namespaces]]
binding = "LIST"
id = "id-1"
preview_id = "preview-1"

[[kv_namespaces]]
binding = "CACHE"

[[d1_databases]]
binding = "DB"
database_id = "abc"
database_name = "shop"

[vars]
URL = "a"

[ai]
binding = "AI"

[[env.production.kv_namespaces]]
binding = "LIST"
id = "id-2"

[env.production.vars]
CACHE = {}
)";

config::WranglerConfig read(std::string_view text, config::Form form = config::Form::Toml)
{
    const auto config = config::readWranglerFile(text, form, form == config::Form::Toml ? "wrangler.toml" : "wrangler.jsonc");
    return config ? *config : config::WranglerConfig();
}

VariableSource source(std::string name, VariableOrigin origin, std::string value, base::Place place = {})
{
    VariableSource s;
    s.name = std::move(name);
    s.origin = origin;
    s.value = std::move(value);
    s.place = std::move(place);
    return s;
}

VariableSource secret(std::string name, VariableOrigin origin, base::Place place = {})
{
    VariableSource s = source(std::move(name), origin, {}, std::move(place));
    s.secrecy = VariableSource::Secrecy::Secret;
    return s;
}

VariableSource overridden(VariableSource s)
{
    s.standing = VariableSource::Standing::Overridden;
    return s;
}

BindingsModel::Facts facts(const std::filesystem::path &project = "/p")
{
    return {[](const config::Binding &binding) -> std::optional<std::filesystem::path> {
                const auto id = config::localId(binding);
                return id ? std::optional(std::filesystem::path("/p/.wrangler") / *id) : std::nullopt;
            },
        [](Kind kind) { return kind == Kind::KvNamespace; }, project};
}

int toneOf(ui::Tone tone)
{
    return static_cast<int>(tone);
}

} // namespace

class TestEntryRows : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void absentTableGetsTheTopLevel()
    {
        const auto rows = ui::bindingRows(read(sample), Scope::Preview);
        QCOMPARE(rows.size(), std::size_t(4));
        QCOMPARE(rows[0].entry.name, std::string("LIST"));
        QCOMPARE(rows[0].origin, Origin::TopLevel);
        QCOMPARE(ui::scopeOf(rows[0].origin, Scope::Preview), Scope::TopLevel);
    }

    void ownTableMarksWhatIsLost()
    {
        const auto rows = ui::bindingRows(read(sample), Scope::Production);
        QCOMPARE(rows.size(), std::size_t(3)); // CACHE is a variable there, so it is not lost but another thing
        QCOMPARE(rows[0].origin, Origin::Own);
        QCOMPARE(ui::scopeOf(rows[0].origin, Scope::Production), Scope::Production);
        QCOMPARE(rows[1].entry.name, std::string("DB"));
        QCOMPARE(rows[1].origin, Origin::NotInherited);
        QCOMPARE(rows[2].entry.kind, Kind::Ai);
        const std::vector sources{source("CACHE", VariableOrigin::Wrangler, "{}")};
        const auto variables = ui::variableRows(read(sample), Scope::Production, sources, {});
        QCOMPARE(variables.size(), std::size_t(2));
        QCOMPARE(variables[0].origin, Origin::Own);
        QCOMPARE(variables[1].source.name, std::string("URL"));
        QCOMPARE(variables[1].source.place.line, 17);
        QCOMPARE(variables[1].origin, Origin::NotInherited);
    }

    void topLevelItself() { QCOMPARE(ui::bindingRows(read(sample), Scope::TopLevel).at(1).origin, Origin::Own); }

    void variablesTellWhoWins()
    {
        const std::vector sources{source("CF_PAGES", VariableOrigin::Pages, "1"), overridden(source("TOKEN", VariableOrigin::Wrangler, "plain", {"wrangler.toml", 17, 1})),
            overridden(secret("TOKEN", VariableOrigin::DevVars, {".dev.vars", 3, 1})), secret("TOKEN", VariableOrigin::Keychain)};
        const std::vector<std::string> topLevelSecrets{"LOCAL", "TOKEN"};
        const auto rows = ui::variableRows(read(sample), Scope::Preview, sources, topLevelSecrets);
        QCOMPARE(rows.size(), std::size_t(5));
        QCOMPARE(rows[0].origin, Origin::TopLevel);
        QCOMPARE(rows[0].winner.value().origin, VariableOrigin::Keychain);
        QCOMPARE(rows[1].winner.value().origin, VariableOrigin::Keychain);
        QVERIFY(!rows[2].winner);
        QCOMPARE(rows[3].source.name, std::string("LOCAL")); // in the keychain for the top level alone
        QCOMPARE(rows[3].origin, Origin::NotInherited);
        QCOMPARE(rows[4].source.origin, VariableOrigin::Pages); // last

        VariablesModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(rows);
        const auto at = [&model](int row, VariablesModel::Column column, int role = Qt::DisplayRole) { return model.index(row, column).data(role); };
        QCOMPARE(at(0, VariablesModel::Source).toString(), u"wrangler.toml:17"_s);
        QCOMPARE(at(0, VariablesModel::From).toString(), u"top level"_s);
        QVERIFY(at(0, VariablesModel::Name, ui::StruckRole).toBool());
        QCOMPARE(at(0, VariablesModel::Name, ui::ToneRole).toInt(), toneOf(ui::Tone::Muted));
        QVERIFY(at(0, VariablesModel::Name, Qt::ToolTipRole).toString().contains(u"the one of keychain wins"_s));
        QCOMPARE(at(1, VariablesModel::Source).toString(), u".dev.vars:3"_s);
        QCOMPARE(at(1, VariablesModel::Value).toString(), u"Encrypted"_s);
        QVERIFY(!at(2, VariablesModel::Name, ui::StruckRole).toBool());
        QCOMPARE(at(2, VariablesModel::Source).toString(), u"keychain"_s);
        QCOMPARE(at(3, VariablesModel::Copy, ui::ActionRole).toString(), u"Copy here"_s);
        QCOMPARE(at(3, VariablesModel::Name, ui::ToneRole).toInt(), toneOf(ui::Tone::Danger));
        QCOMPARE(at(4, VariablesModel::Source).toString(), u"Pages"_s);
        QVERIFY(!(model.flags(model.index(2, 0)) & Qt::ItemIsDragEnabled)); // a secret goes nowhere
        QVERIFY(model.flags(model.index(0, 0)) & Qt::ItemIsDragEnabled);
        model.setFilter(u"encrypted"_s);
        QCOMPARE(model.rowCount(), 3);
        model.setFilter(u"pages 1"_s);
        QCOMPARE(model.rowCount(), 1);
        model.setRows({});
        QCOMPARE(model.rowCount(), 0);
    }

    void bindingsModel()
    {
        BindingsModel model(facts());
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(ui::bindingRows(read(sample), Scope::Preview));
        const auto at = [&model](int row, BindingsModel::Column column, int role = Qt::DisplayRole) { return model.index(row, column).data(role); };
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(at(0, BindingsModel::Name).toString(), u"LIST"_s);
        QCOMPARE(at(0, BindingsModel::Kind).toString(), u"KV namespace"_s);
        QCOMPARE(at(0, BindingsModel::Resource).toString(), u"id-1, preview: preview-1"_s);
        QCOMPARE(at(0, BindingsModel::Data).toString(), u".wrangler/preview-1"_s);
        QCOMPARE(at(0, BindingsModel::Line).toString(), u"3"_s);
        QCOMPARE(at(1, BindingsModel::Resource).toString(), u"no id: local only"_s);
        QCOMPARE(at(1, BindingsModel::Resource, ui::ToneRole).toInt(), toneOf(ui::Tone::Muted));
        QCOMPARE(at(2, BindingsModel::Resource).toString(), u"shop, abc"_s);
        QCOMPARE(at(2, BindingsModel::Data).toString(), u"not run locally yet"_s);
        QCOMPARE(at(2, BindingsModel::Data, ui::ToneRole).toInt(), toneOf(ui::Tone::Muted));
        QCOMPARE(at(3, BindingsModel::Resource).toString(), QString());

        model.setFilter(u"kv id-1"_s);
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.row(0)->entry.name, std::string("LIST"));
        model.setFilter(u"SHOP"_s);
        QCOMPARE(at(0, BindingsModel::Name).toString(), u"DB"_s);
        model.setFilter(u"nothing"_s);
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!model.row(0));
        model.setFilter({});
        QCOMPARE(model.rows().size(), std::size_t(4));
        QCOMPARE(model.rowCount(), 4);
    }

    void pathsOutsideAreWhole()
    {
        BindingsModel model(facts("/elsewhere"));
        model.setRows(ui::bindingRows(read(sample), Scope::Preview));
        QCOMPARE(model.index(0, BindingsModel::Data).data().toString(), u"/p/.wrangler/preview-1"_s);
    }

    void lostRowsHaveAButton()
    {
        BindingsModel model(facts());
        model.setRows(ui::bindingRows(read(sample), Scope::Production));
        QCOMPARE(model.index(0, BindingsModel::Copy).data(ui::ActionRole).toString(), QString());
        QCOMPARE(model.index(1, BindingsModel::Copy).data(ui::ActionRole).toString(), u"Copy here"_s);
        QVERIFY(model.index(1, BindingsModel::Name).data(ui::StruckRole).toBool());
        QCOMPARE(model.index(1, BindingsModel::From).data().toString(), u"not inherited"_s);
        QVERIFY(model.index(0, 0).data(ui::KeyRole) != model.index(1, 0).data(ui::KeyRole));
    }

    void everyKindHasALook()
    {
        for (const config::BindingKind &kind : config::bindingKinds()) {
            QVERIFY(!ui::kindTitle(kind.kind).isEmpty());
            QVERIFY(ui::kindIcon(kind.kind) != "plug"_L1);
            config::Binding binding{kind.kind, "X", {}};
            for (const config::BindingField &field : kind.fields)
                binding.set(field.name, field.type == config::BindingField::Type::Truth ? "" : std::string("the-") + std::string(field.name));
            QCOMPARE(ui::resourceText(binding).isEmpty(), kind.resourceField.empty());
        }
    }

    void findingsGoToTheirRows_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("form");
        QTest::addColumn<QStringList>("marked");
        const int toml = static_cast<int>(config::Form::Toml);
        const int jsonc = static_cast<int>(config::Form::Jsonc);
        QTest::newRow("second of a name") << QByteArray("[[kv_namespaces]]\nbinding = \"A\"\nid = \"1\"\n\n[[kv_namespaces]]\nbinding = \"A\"\nid = \"2\"\n") << toml << QStringList{u"2"_s};
        QTest::newRow("no identifier") << QByteArray("[[r2_buckets]]\nbinding = \"good\"\nbucket_name = \"abc\"\n[[r2_buckets]]\nbinding = \"not-good\"\nbucket_name = \"abc\"\n") << toml
                                       << QStringList{u"2"_s};
        QTest::newRow("a key of the file after it") << QByteArray("[[kv_namespaces]]\nbinding = \"A\"\nid = \"1\"\n\n[triggers]\ncrons = []\n") << toml << QStringList();
        QTest::newRow("an environment as a whole") << QByteArray("[[kv_namespaces]]\nbinding = \"A\"\nid = \"1\"\n\n[env.preview.vars]\nX = \"1\"\n") << toml << QStringList();
        QTest::newRow("in JSON") << QByteArray("{\n  \"kv_namespaces\": [\n    { \"binding\": \"A\", \"id\": \"}\" },\n    {\n      // {{{\n      \"binding\": \"b-c\",\n      \"id\": \"2\"\n    }\n  ],\n  \"main\": \"x\"\n}\n")
                                 << jsonc << QStringList{u"2"_s};
    }

    void findingsGoToTheirRows()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, form);
        QFETCH(QStringList, marked);
        const config::WranglerConfig config = read(text.toStdString(), static_cast<config::Form>(form));
        QVERIFY(!config.findings.empty());
        auto rows = ui::bindingRows(config, Scope::TopLevel);
        std::vector<ui::VariableRow> variables;
        ui::attachFindings(config, text.toStdString(), static_cast<config::Form>(form), rows, variables);
        QStringList found;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (!rows[i].findings.empty())
                found << QString::number(i + 1);
        }
        QCOMPARE(found, marked);
    }

    void aThousandRowsAreQuick()
    {
        std::string text;
        for (int i = 0; i < 1000; ++i)
            text += "[[kv_namespaces]]\nbinding = \"KV_" + std::to_string(i) + "\"\nid = \"" + std::to_string(i) + "\"\n";
        text += "[env.preview.vars]\nX = \"1\"\n";
        const config::WranglerConfig config = read(text);
        BindingsModel model(facts());
        auto rows = ui::bindingRows(config, Scope::Preview);
        std::vector<ui::VariableRow> variables;
        ui::attachFindings(config, text, config::Form::Toml, rows, variables);
        model.setRows(std::move(rows));
        QCOMPARE(model.rowCount(), 1000);
        QBENCHMARK {
            model.setRows(ui::bindingRows(config, Scope::Preview));
        }
    }
};

QTEST_MAIN(TestEntryRows)
#include "t_entryrows.moc"
