// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/additiondialog.h"
#include "ui/bindings/entryedits.h"

#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;
using config::Kind;
using config::Scope;
using ui::Destination;
using ui::Entry;
using ui::TakenNames;

namespace {

constexpr std::string_view noTables = "[[kv_namespaces]]\nbinding = \"LIST\"\nid = \"1\"\n\n[vars]\nURL = \"a\"\n";
constexpr std::string_view ownPreview = "[[kv_namespaces]]\nbinding = \"LIST\"\nid = \"1\"\n\n[env.preview.ai]\nbinding = \"AI\"\n\n[env.preview.vars]\nURL = \"p\"\n";

config::WranglerConfig read(std::string_view text)
{
    return config::readWranglerFile(text, config::Form::Toml, {}).value();
}

config::Binding kv(std::string name, std::string id)
{
    config::Binding binding{Kind::KvNamespace, std::move(name), {}};
    binding.set("id", id);
    return binding;
}

config::Variable variable(std::string name, std::string value)
{
    return {std::move(name), config::Field::Kind::Text, std::move(value)};
}

config::WranglerConfig applied(std::string_view text, const std::vector<config::Edit> &edits)
{
    const auto result = config::applyEdits(text, config::Form::Toml, edits);
    if (!result)
        qWarning("%s", result.error().message.c_str());
    return result ? read(*result) : config::WranglerConfig();
}

std::vector<std::string> namesOf(const config::BindingSet &set)
{
    std::vector<std::string> names;
    for (const auto &placed : set.bindings)
        names.push_back(placed.value.name);
    for (const auto &placed : set.variables)
        names.push_back(placed.value.name);
    return names;
}

using Names = std::vector<std::string>;

} // namespace

class TestEntryEdits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void words()
    {
        const std::vector<Entry> entries{kv("A", "1"), variable("B", "2")};
        QCOMPARE(ui::describe(entries[0]), u"KV namespace A"_s);
        QCOMPARE(ui::describe(entries[1]), u"variable B"_s);
        QCOMPARE(ui::describe(entries), u"2 entries"_s);
    }

    void intoAnOwnTable()
    {
        const auto config = read(ownPreview);
        const std::vector<Entry> entries{kv("NEW", "2"), variable("URL", "other"), config::Binding{Kind::Ai, "MIND", {}}, variable("URL", "p")};
        const auto skip = ui::planAddition(config, {Scope::Preview, {}}, entries, TakenNames::Skip);
        QCOMPARE(skip.skipped, Names{"URL"});
        QCOMPARE(skip.boundOnce, Names{"MIND"});
        QCOMPARE(skip.present, Names{"URL"});
        QCOMPARE(skip.handled, (std::vector<std::size_t>{0, 3}));
        QCOMPARE(namesOf(applied(ownPreview, skip.edits).preview), (Names{"AI", "NEW", "URL"}));
        const auto rename = ui::planAddition(config, {Scope::Preview, {}}, entries, TakenNames::Rename);
        QCOMPARE(rename.renamed, (std::vector<std::pair<std::string, std::string>>{{"URL", "URL_2"}}));
        QCOMPARE(namesOf(applied(ownPreview, rename.edits).preview), (Names{"AI", "NEW", "URL", "URL_2"}));
    }

    void intoTheTopLevel()
    {
        const Destination destination{Scope::Preview, Destination::Table::TopLevel};
        const auto config = read(noTables);
        QCOMPARE(ui::writtenScope(config, destination), Scope::TopLevel);
        const std::vector<Entry> entries{kv("NEW", "2")};
        const auto after = applied(noTables, ui::planAddition(config, destination, entries, TakenNames::Skip).edits);
        QCOMPARE(namesOf(after.topLevel), (Names{"LIST", "NEW", "URL"}));
        QVERIFY(!after.preview.present);
    }

    void intoANewTableWithCopies()
    {
        const Destination destination{Scope::Preview, Destination::Table::Own};
        const auto config = read(noTables);
        QCOMPARE(ui::writtenScope(config, destination), Scope::Preview);
        const std::vector<Entry> entries{kv("NEW", "2"), kv("LIST", "1"), kv("URL", "3")};
        const auto plan = ui::planAddition(config, destination, entries, TakenNames::Rename);
        QCOMPARE(plan.present, Names{"LIST"});
        const auto after = applied(noTables, plan.edits);
        QCOMPARE(namesOf(after.preview), (Names{"LIST", "NEW", "URL_2", "URL"}));
        QCOMPARE(namesOf(after.topLevel), (Names{"LIST", "URL"}));
    }

    void namesThatAreFree()
    {
        const auto config = read("[vars]\nA = \"1\"\nA_2 = \"2\"\n");
        const std::vector<Entry> entries{variable("A", "x"), variable("A", "y")};
        const auto plan = ui::planAddition(config, {Scope::Preview, Destination::Table::TopLevel}, entries, TakenNames::Rename);
        QCOMPARE(plan.renamed, (std::vector<std::pair<std::string, std::string>>{{"A", "A_3"}, {"A", "A_4"}}));
    }

    void moves()
    {
        const auto config = read(ownPreview);
        const ui::AdditionDialog::Request request{{kv("LIST", "1")}, {{kv("LIST", "1"), Scope::TopLevel}}, Scope::Preview, {}, {}};
        QVERIFY(!ui::AdditionDialog::isNeeded(config, request));
        const auto after = applied(ownPreview, ui::AdditionDialog::editsFor(config, request, Destination::Table::TopLevel, TakenNames::Skip));
        QCOMPARE(namesOf(after.topLevel), Names{});
        QCOMPARE(namesOf(after.preview), (Names{"AI", "LIST", "URL"}));
    }

    void aMoveLeavesWhatItCannotPlace()
    {
        const auto config = read(ownPreview);
        const ui::AdditionDialog::Request request{{variable("URL", "t"), kv("X", "1")}, {{variable("URL", "t"), Scope::Production}, {kv("X", "1"), Scope::Production}},
            Scope::Preview, {}, {}};
        QVERIFY(ui::AdditionDialog::isNeeded(config, request));
        const auto edits = ui::AdditionDialog::editsFor(config, request, Destination::Table::TopLevel, TakenNames::Skip);
        QCOMPARE(edits.size(), std::size_t(2)); // X there, X away
        QVERIFY(std::holds_alternative<config::RemoveBinding>(edits[1]));
    }

    void aMoveToWhereItIsDoesNothing()
    {
        const auto config = read(noTables);
        const ui::AdditionDialog::Request request{{kv("LIST", "1")}, {{kv("LIST", "1"), Scope::TopLevel}}, Scope::Preview, {}, {}};
        QVERIFY(ui::AdditionDialog::isNeeded(config, request)); // to make a table of its own
        QVERIFY(ui::AdditionDialog::editsFor(config, request, Destination::Table::TopLevel, TakenNames::Skip).empty());
        const auto after = applied(noTables, ui::AdditionDialog::editsFor(config, request, Destination::Table::Own, TakenNames::Skip));
        QCOMPARE(namesOf(after.topLevel), Names{"URL"});
        QCOMPARE(namesOf(after.preview), (Names{"LIST", "URL"}));
    }
};

QTEST_MAIN(TestEntryEdits)
#include "t_entryedits.moc"
