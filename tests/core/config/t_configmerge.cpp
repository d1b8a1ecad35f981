// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/merge.h"

#include "core/base/json.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>
#include <random>

using namespace cleat;
using namespace Qt::StringLiterals;
using base::OnClash;
using config::Form;
using config::Tree;

namespace {

Tree tree(const base::Json &json)
{
    if (json.is_object()) {
        Tree::Table table;
        for (const auto &[name, value] : json.items())
            table.emplace(name, tree(value));
        return {std::move(table)};
    }
    if (json.is_array()) {
        Tree::List list;
        for (const auto &item : json)
            list.push_back(tree(item));
        return {std::move(list)};
    }
    if (json.is_string())
        return {config::Atom(json.get<std::string>())};
    if (json.is_boolean())
        return {config::Atom(json.get<bool>())};
    if (json.is_null())
        return {config::Atom(nullptr)};
    return {config::Atom(json.get<std::int64_t>())};
}

Tree parse(const QByteArray &json)
{
    return tree(base::Json::parse(json.toStdString()));
}

QString shown(const Tree &tree)
{
    struct Show {
        QString operator()(const Tree::Table &table) const
        {
            QStringList members;
            for (const auto &[name, value] : table)
                members << QString::fromStdString(name) + u":"_s + shown(value);
            return u"{"_s + members.join(u',') + u"}"_s;
        }
        QString operator()(const Tree::List &list) const
        {
            QStringList items;
            for (const Tree &item : list)
                items << shown(item);
            return u"["_s + items.join(u',') + u"]"_s;
        }
        QString operator()(const config::Atom &atom) const
        {
            if (const auto *text = std::get_if<std::string>(&atom))
                return QString::fromStdString(*text);
            if (const auto *number = std::get_if<std::int64_t>(&atom))
                return QString::number(*number);
            if (const auto *truth = std::get_if<bool>(&atom))
                return *truth ? u"true"_s : u"false"_s;
            return u"?"_s;
        }
    };
    return std::visit(Show(), tree.value);
}

QString shown(const std::optional<Tree> &tree)
{
    return tree ? shown(*tree) : u"clash"_s;
}

/// Without the order of entries, which is free where both sides put some in at one place.
Tree sorted(Tree tree)
{
    if (auto *table = std::get_if<Tree::Table>(&tree.value)) {
        for (auto &[name, value] : *table)
            value = sorted(value);
    } else if (auto *list = std::get_if<Tree::List>(&tree.value)) {
        for (Tree &item : *list)
            item = sorted(item);
        std::ranges::sort(*list, {}, [](const Tree &item) { return shown(item); });
    }
    return tree;
}

/// A small file's meaning: variables, two lists of bindings, a list of flags, an environment.
base::Json randomFile(std::mt19937 &random)
{
    const auto scope = [&] {
        base::Json out = base::Json::object();
        for (const char *name : {"A", "B", "C"}) {
            if (random() % 3)
                out["vars"][name] = int(random() % 3);
        }
        for (const char *name : {"K1", "K2", "K3"}) {
            if (random() % 3)
                out["kv_namespaces"].push_back({{"binding", name}, {"id", std::to_string(random() % 3)}});
        }
        for (const char *name : {"D1", "D2"}) {
            if (random() % 3)
                out["durable_objects"]["bindings"].push_back({{"name", name}, {"class_name", std::to_string(random() % 2)}});
        }
        return out;
    };
    base::Json file = scope();
    file["compatibility_flags"] = base::Json::array({std::to_string(random() % 2)});
    if (random() % 2)
        file["env"]["preview"] = scope();
    return file;
}

} // namespace

class TestConfigMerge : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void trees_data()
    {
        QTest::addColumn<QByteArray>("base");
        QTest::addColumn<QByteArray>("mine");
        QTest::addColumn<QByteArray>("theirs");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<QString>("preferred");
        const auto row = [](const char *name, const char *base, const char *mine, const char *theirs, const char *expected, const char *preferred = "") {
            QTest::newRow(name) << QByteArray(base) << QByteArray(mine) << QByteArray(theirs) << QString::fromLatin1(expected)
                                << QString::fromLatin1(*preferred ? preferred : expected);
        };
        row("nobody", R"({"a":1})", R"({"a":1})", R"({"a":1})", "{a:1}");
        row("mine", R"({"a":1})", R"({"a":2})", R"({"a":1})", "{a:2}");
        row("theirs", R"({"a":1})", R"({"a":1})", R"({"a":2})", "{a:2}");
        row("both alike", R"({"a":1})", R"({"a":2})", R"({"a":2})", "{a:2}");
        row("both differently", R"({"a":1})", R"({"a":2})", R"({"a":3})", "clash", "{a:2}");
        row("members of a table", R"({"vars":{"A":1,"B":1}})", R"({"vars":{"A":2,"B":1}})", R"({"vars":{"A":1,"B":3}})", "{vars:{A:2,B:3}}");
        row("one added, one removed", R"({"vars":{"A":1}})", R"({"vars":{"A":1,"B":1}})", R"({"vars":{}})", "{vars:{B:1}}");
        row("variables, the table gone", R"({"vars":{"A":1}})", R"({})", R"({"vars":{"A":1,"B":1}})", "{vars:{B:1}}");
        row("variables, the table new on both sides", R"({})", R"({"vars":{"A":1}})", R"({"vars":{"B":1}})", "{vars:{A:1,B:1}}");
        row("variables, one gone and changed", R"({"vars":{"A":1}})", R"({})", R"({"vars":{"A":2}})", "clash", "{}");
        row("a table gone and changed", R"({"ai":{"binding":"AI"}})", R"({})", R"({"ai":{"binding":"AI","remote":true}})", "clash", "{}");
        row("an environment gone and changed", R"({"env":{"preview":{}}})", R"({"env":{}})", R"({"env":{"preview":{"vars":{"A":1}}}})", "clash", "{env:{}}");
        row("entries, each side one", R"({"k":[{"binding":"A","id":"1"},{"binding":"B","id":"1"}]})", R"({"k":[{"binding":"A","id":"2"},{"binding":"B","id":"1"}]})",
            R"({"k":[{"binding":"A","id":"1"},{"binding":"B","id":"3"}]})", "{k:[{binding:A,id:2},{binding:B,id:3}]}");
        row("fields of one entry", R"({"k":[{"binding":"A","id":"1"}]})", R"({"k":[{"binding":"A","id":"2"}]})", R"({"k":[{"binding":"A","id":"1","preview_id":"3"}]})",
            "{k:[{binding:A,id:2,preview_id:3}]}");
        row("one field of one entry", R"({"k":[{"binding":"A","id":"1"}]})", R"({"k":[{"binding":"A","id":"2"}]})", R"({"k":[{"binding":"A","id":"3"}]})", "clash",
            "{k:[{binding:A,id:2}]}");
        row("entry gone and changed", R"({"k":[{"binding":"A","id":"1"}]})", R"({"k":[]})", R"({"k":[{"binding":"A","id":"1","preview_id":"3"}]})", "clash", "{k:[]}");
        row("entry renamed and changed", R"({"k":[{"binding":"A","id":"1"}]})", R"({"k":[{"binding":"B","id":"1"}]})", R"({"k":[{"binding":"A","id":"2"}]})", "clash",
            "{k:[{binding:B,id:1}]}");
        row("both appended", R"({"k":[{"binding":"A"}]})", R"({"k":[{"binding":"A"},{"binding":"M"}]})", R"({"k":[{"binding":"A"},{"binding":"T"}]})",
            "{k:[{binding:A},{binding:T},{binding:M}]}");
        row("both appended one name", R"({"k":[]})", R"({"k":[{"binding":"M","id":"1"}]})", R"({"k":[{"binding":"M","id":"2"}]})", "clash", "{k:[{binding:M,id:1}]}");
        row("first and last", R"({"k":[{"binding":"A"}]})", R"({"k":[{"binding":"M"},{"binding":"A"}]})", R"({"k":[{"binding":"A"},{"binding":"T"}]})",
            "{k:[{binding:M},{binding:A},{binding:T}]}");
        row("the last gone, another new", R"({"k":[{"binding":"A"}]})", R"({})", R"({"k":[{"binding":"A"},{"binding":"T"}]})", "{k:[{binding:T}]}");
        row("both emptied it", R"({"k":[{"binding":"A"},{"binding":"B"}]})", R"({})", R"({"k":[]})", "{}", "{}");
        row("by name", R"({"o":[{"name":"A","class_name":"X"}]})", R"({"o":[{"name":"A","class_name":"Y"}]})",
            R"({"o":[{"name":"A","class_name":"X"},{"name":"B","class_name":"X"}]})", "{o:[{class_name:Y,name:A},{class_name:X,name:B}]}");
        row("durable objects, the last gone", R"({"durable_objects":{"bindings":[{"name":"A"}]}})", R"({})", R"({"durable_objects":{"bindings":[{"name":"A"},{"name":"B"}]}})",
            "{durable_objects:{bindings:[{name:B}]}}");
        row("reordered", R"({"k":[{"binding":"A"},{"binding":"B"},{"binding":"C"}]})", R"({"k":[{"binding":"C"},{"binding":"A"},{"binding":"B"}]})",
            R"({"k":[{"binding":"A"},{"binding":"B"},{"binding":"C"},{"binding":"T"}]})", "{k:[{binding:C},{binding:A},{binding:B},{binding:T}]}");
        row("a name twice: one piece", R"({"k":[{"binding":"A"},{"binding":"A"}]})", R"({"k":[{"binding":"A"}]})", R"({"k":[{"binding":"A"},{"binding":"A"},{"binding":"T"}]})",
            "clash", "{k:[{binding:A}]}");
        row("an entry without a name: one piece", R"({"k":[{"id":"1"}]})", R"({"k":[{"id":"2"}]})", R"({"k":[{"id":"1"},{"id":"3"}]})", "clash", "{k:[{id:2}]}");
        row("texts: one piece", R"({"f":["a"]})", R"({"f":["a","b"]})", R"({"f":["a","c"]})", "clash", "{f:[a,b]}");
        row("texts, one side", R"({"f":["a"]})", R"({"f":["a","b"]})", R"({"f":["a"]})", "{f:[a,b]}");
        row("another sort", R"({"a":1})", R"({"a":{"b":1}})", R"({"a":[1]})", "clash", "{a:{b:1}}");
    }
    void trees()
    {
        QFETCH(QByteArray, base);
        QFETCH(QByteArray, mine);
        QFETCH(QByteArray, theirs);
        QTEST(shown(mergeTrees(parse(base), parse(mine), parse(theirs))), "expected");
        QTEST(shown(mergeTrees(parse(base), parse(mine), parse(theirs), OnClash::PreferMine)), "preferred");
    }

    /// What must hold for any three files.
    void property()
    {
        std::mt19937 random(5);
        int merged = 0;
        for (int round = 0; round < 600; ++round) {
            const base::Json start = randomFile(random);
            // A change of a part of it, so that some rounds can be merged.
            const auto changed = [&] {
                base::Json out = start;
                const base::Json other = randomFile(random);
                for (const char *key : {"vars", "kv_namespaces", "durable_objects", "compatibility_flags", "env"}) {
                    if (random() % 4)
                        continue;
                    out.erase(key);
                    if (other.contains(key))
                        out[key] = other[key];
                }
                return tree(out);
            };
            const Tree base = tree(start);
            const Tree mine = changed();
            const Tree theirs = changed();
            QCOMPARE(shown(mergeTrees(base, mine, base)), shown(mine));
            QCOMPARE(shown(mergeTrees(base, base, theirs)), shown(theirs));
            QCOMPARE(shown(mergeTrees(base, mine, mine)), shown(mine));
            const auto both = mergeTrees(base, mine, theirs);
            const auto other = mergeTrees(base, theirs, mine);
            QCOMPARE(both.has_value(), other.has_value());
            QVERIFY(mergeTrees(base, mine, theirs, OnClash::PreferMine));
            if (!both)
                continue;
            ++merged;
            QCOMPARE(shown(mergeTrees(base, mine, theirs, OnClash::PreferMine)), shown(both));
            const auto again = mergeTrees(base, *both, theirs); // nothing is left to merge
            QVERIFY(again);
            QCOMPARE(shown(sorted(*again)), shown(sorted(*both)));
        }
        QVERIFY(merged > 100);
    }

    void texts_data()
    {
        QTest::addColumn<QByteArray>("base");
        QTest::addColumn<QByteArray>("mine");
        QTest::addColumn<QByteArray>("theirs");
        QTest::addColumn<QByteArray>("expected"); // empty: a clash
        const auto row = [](const char *name, const char *base, const char *mine, const char *theirs, const char *expected) {
            QTest::newRow(name) << QByteArray(base) << QByteArray(mine) << QByteArray(theirs) << QByteArray(expected);
        };
        row("far apart", "a = 1\n# one\n\nb = 1\n", "a = 2\n# one\n\nb = 1\n", "a = 1\n# one\n\nb = 2 # theirs\n", "a = 2\n# one\n\nb = 2 # theirs\n");
        row("side by side, other entries", "a = 1\nb = 1\n", "a = 2\nb = 1\n", "a = 1\nb = 2\n", "a = 2\nb = 2\n");
        row("one value", "a = 1\n", "a = 2\n", "a = 3\n", "");
        row("a comment of theirs at my place", "a = 1\n", "a = 2\n", "a = 1 # theirs\n", "");
        row("undone behind their addition", "a = 1\n\n[[k]]\nbinding = \"M\"\n", "a = 1\n", "a = 1\n\n[[k]]\nbinding = \"M\"\n\n[[k]]\nbinding = \"T\"\n",
            "a = 1\n\n[[k]]\nbinding = \"T\"\n");
        row("a field of an entry that is gone", "[[k]]\nbinding = \"A\"\nid = \"1\"\n\n[[k]]\nbinding = \"B\"\n", "[[k]]\nbinding = \"B\"\n",
            "[[k]]\nbinding = \"A\"\nid = \"2\"\n\n[[k]]\nbinding = \"B\"\n", "");
        row("lines merge, the meaning would not", "[[k]]\nbinding = \"A\"\nid = \"1\"\n", "[[k]]\nbinding = \"M\"\nid = \"1\"\n", "[[k]]\nbinding = \"A\"\nid = \"2\"\n", "");
        row("broken: by lines", "a = 1\n# one\n\nb = 1\n", "a = \n# one\n\nb = 1\n", "a = 1\n# one\n\nb = 2\n", "a = \n# one\n\nb = 2\n");
        row("broken: by lines, side by side", "a = 1\nb = 1\n", "a = \nb = 1\n", "a = 1\nb = 2\n", "");
        row("both added one key", "a = 1\n# one\n# two\n", "n = 1\na = 1\n# one\n# two\n", "a = 1\n# one\n# two\nn = 1\n", "");
    }
    void texts()
    {
        QFETCH(QByteArray, base);
        QFETCH(QByteArray, mine);
        QFETCH(QByteArray, theirs);
        const auto merged = config::mergeTexts(base.toStdString(), mine.toStdString(), theirs.toStdString(), Form::Toml);
        QTEST(QByteArray::fromStdString(merged.value_or("")), "expected");
    }

    void json()
    {
        const std::string start = "{\n  // one\n  \"a\": 1,\n  \"b\": [\n    { \"binding\": \"A\" }\n  ]\n}\n";
        const std::string mine = "{\n  // one\n  \"a\": 2,\n  \"b\": [\n    { \"binding\": \"A\" }\n  ]\n}\n";
        const std::string theirs = "{\n  // one\n  \"a\": 1,\n  \"b\": [\n    { \"binding\": \"A\", \"id\": \"x\" }\n  ]\n}\n";
        QVERIFY(config::mergeTexts(start, mine, theirs, Form::Jsonc) == "{\n  // one\n  \"a\": 2,\n  \"b\": [\n    { \"binding\": \"A\", \"id\": \"x\" }\n  ]\n}\n");
    }
};

QTEST_GUILESS_MAIN(TestConfigMerge)
#include "t_configmerge.moc"
