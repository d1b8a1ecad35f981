// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/jsontree.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace cleat::ui;
using namespace Qt::StringLiterals;

namespace {

ValueBytes bytesOf(std::string text)
{
    return std::make_shared<const std::string>(std::move(text));
}

QString row(const QModelIndex &index)
{
    return index.siblingAtColumn(0).data().toString() + u'=' + index.siblingAtColumn(1).data().toString();
}

} // namespace

class TestJsonTree : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("offset");
        QTest::newRow("empty") << QByteArray() << 0;
        QTest::newRow("blank") << QByteArray(" \n ") << 3;
        QTest::newRow("two values") << QByteArray("1 2") << 2;
        QTest::newRow("trailing comma") << QByteArray("[1,]") << 3;
        QTest::newRow("trailing comma in an object") << QByteArray("{\"a\":1,}") << 7;
        QTest::newRow("no comma") << QByteArray("[1 2]") << 3;
        QTest::newRow("bare key") << QByteArray("{a:1}") << 1;
        QTest::newRow("single quotes") << QByteArray("['a']") << 1;
        QTest::newRow("no colon") << QByteArray("{\"a\" 1}") << 5;
        QTest::newRow("zero in front") << QByteArray("[01]") << 2;
        QTest::newRow("no digit after the point") << QByteArray("[1.]") << 3;
        QTest::newRow("plus") << QByteArray("[+1]") << 1;
        QTest::newRow("no end") << QByteArray("[\"abc") << 1;
        QTest::newRow("bad escape") << QByteArray("[\"a\\x\"]") << 3;
        QTest::newRow("bad unicode escape") << QByteArray("[\"\\u12G4\"]") << 2;
        QTest::newRow("line break in a text") << QByteArray("[\"a\nb\"]") << 3;
        QTest::newRow("open array") << QByteArray("[[1]") << 4;
        QTest::newRow("open object") << QByteArray("{\"a\":{}") << 7;
        QTest::newRow("wrong bracket") << QByteArray("[1}") << 2;
        QTest::newRow("word") << QByteArray("nul") << 0;
        QTest::newRow("longer word") << QByteArray("[nullx]") << 5;
        QTest::newRow("backslash at the end") << QByteArray("\"\\") << 1;
    }
    void refuses()
    {
        QFETCH(QByteArray, text);
        const auto index = JsonIndex::build(bytesOf(text.toStdString()));
        QVERIFY(index->problem());
        QTEST(static_cast<int>(index->problem()->offset), "offset");
        QVERIFY(!index->problem()->message.isEmpty());
        QCOMPARE(index->count(), std::size_t(0));
    }

    void placeOfAMistakeCountsCharacters()
    {
        const auto index = JsonIndex::build(bytesOf("[\n  \"é😀\", x]"));
        QCOMPARE(index->problem()->line, 2U);
        QCOMPARE(index->problem()->column, 9U);
    }

    void showsWhatIsThere()
    {
        JsonModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setIndex(JsonIndex::build(bytesOf("\xEF\xBB\xBF{\"big\": 12345678901234567890.10e400, \"a\\\"b\\\\\": \"x\\u00e9\\n\", \"dup\":1 , \"dup\" : [ ], \"o\":{\"n\":null,\"\":true}}")));
        QCOMPARE(model.rowCount(), 5);
        QCOMPARE(row(model.index(0, 0)), u"big=12345678901234567890.10e400"_s);
        QCOMPARE(row(model.index(1, 0)), u"a\"b\\=\"xé \""_s);
        QCOMPARE(row(model.index(2, 0)), u"dup=1"_s);
        QCOMPARE(row(model.index(3, 0)), u"dup=[ ]"_s);
        QCOMPARE(model.rowCount(model.index(4, 0)), 2);
        const auto node = model.node(model.index(1, 0, model.index(4, 0)));
        QCOMPARE(model.jsonIndex()->path(*node), u"$.o[\"\"]"_s);
        QCOMPARE(model.valueText(*model.node(model.index(1, 0))), u"xé\n"_s);
        QCOMPARE(model.valueText(*model.node(model.index(4, 0))), u"{\"n\":null,\"\":true}"_s);
    }

    void lonelyValues_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("text") << QByteArray("\"a\"");
        QTest::newRow("number") << QByteArray("-0.5e-3");
        QTest::newRow("word") << QByteArray(" null\n");
        QTest::newRow("array") << QByteArray("[]");
    }
    void lonelyValues()
    {
        QFETCH(QByteArray, text);
        JsonModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setIndex(JsonIndex::build(bytesOf(text.toStdString())));
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.rowCount(model.index(0, 0)), 0);
        const std::string_view raw = model.jsonIndex()->raw(*model.node(model.index(0, 0)));
        QCOMPARE(QByteArray(raw.data(), static_cast<qsizetype>(raw.size())), text.trimmed());
    }

    void manyAreInGroups()
    {
        std::string text = "[";
        for (int i = 0; i < 1'002'500; ++i)
            text += (i ? "," : "") + std::to_string(i);
        text += "]";
        JsonModel model;
        model.setIndex(JsonIndex::build(bytesOf(text)));
        QCOMPARE(model.rowCount(), 2); // of a million each
        QCOMPARE(model.rowCount(model.index(0, 0)), 1000);
        QCOMPARE(model.rowCount(model.index(1, 0)), 3);
        const QModelIndex group = model.index(2, 0, model.index(1, 0));
        QCOMPARE(model.rowCount(group), 500);
        QCOMPARE(model.index(499, 1, group).data().toString(), u"1002499"_s);
        const QModelIndex found = model.indexOf(1 + 700'123);
        QCOMPARE(found.siblingAtColumn(1).data().toString(), u"700123"_s);
        QCOMPARE(model.jsonIndex()->path(1 + 700'123), u"$[700123]"_s);
        QCOMPARE(found.parent().row(), 700);
    }

    void deepIsNoTrouble()
    {
        const int depth = 200'000;
        const auto index = JsonIndex::build(bytesOf(std::string(depth, '[') + std::string(depth, ']')));
        QVERIFY(!index->problem());
        QCOMPARE(index->count(), std::size_t(depth));
        JsonTree tree;
        tree.resize(300, 200);
        tree.show();
        tree.setBytes(index->bytes());
        QTRY_VERIFY(!tree.isReading());
        tree.expandAll();
        QVERIFY(tree.view().isExpanded(tree.model().index(0, 0)));
    }

    void finds()
    {
        JsonTree tree;
        tree.resize(400, 300);
        tree.show();
        tree.setBytes(bytesOf(R"({"users":[{"name":"Ann"},{"name":"B\u0041nn"},{"nannY":1}],"x":"none"})"));
        FindState state;
        tree.findStateChanged = [&state](const FindState &now) { state = now; };
        tree.find({u"ann"_s});
        QTRY_COMPARE(state.count, std::size_t(3));
        QCOMPARE(state.current, std::size_t(1));
        QCOMPARE(tree.view().currentIndex().siblingAtColumn(1).data().toString(), u"\"Ann\""_s);
        tree.findStep(Findable::Step::Previous);
        QCOMPARE(state.current, std::size_t(3));
        QCOMPARE(tree.view().currentIndex().siblingAtColumn(0).data().toString(), u"nannY"_s);
        tree.copyPath();
        QCOMPARE(QGuiApplication::clipboard()->text(), u"$.users[2].nannY"_s);
        tree.find({u"ann"_s, FindWish::Capitals::Matched, FindWish::Means::Text});
        QTRY_COMPARE(state.count, std::size_t(1)); // the key alone: Ann and BAnn have a capital
    }

    void mistakeLeadsToThePlace()
    {
        JsonTree tree;
        tree.resize(400, 300);
        tree.show();
        tree.setBytes(bytesOf("{\"a\": nope}"));
        QSignalSpy wanted(&tree, &JsonTree::placeWanted);
        auto *button = tree.findChild<QPushButton *>();
        QVERIFY(button && button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(wanted[0][0].toULongLong(), 6ULL);
    }
};

QTEST_MAIN(TestJsonTree)
#include "t_jsontree.moc"
