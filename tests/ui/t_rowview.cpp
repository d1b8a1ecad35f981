// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/rowarrival.h"
#include "ui/data/rowwindow.h"
#include "ui/widgets/rowview.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>

#include <atomic>
#include <set>

using namespace cleat::ui;
using cleat::base::Result;
using cleat::session::DataThread;

namespace {

/// As many rows as it is told, made up when they are asked for.
class Numbers final : public QAbstractTableModel
{
public:
    explicit Numbers(int rows) : m_rows(rows) {}
    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : m_rows; }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 3; }
    QVariant data(const QModelIndex &index, int role) const override
    {
        if (role != Qt::DisplayRole && role != Qt::EditRole)
            return {};
        ++asked;
        return m_edited.value(index.row(), QStringLiteral("%1/%2").arg(index.row()).arg(index.column()));
    }
    bool setData(const QModelIndex &index, const QVariant &value, int) override
    {
        m_edited[index.row()] = value.toString();
        Q_EMIT dataChanged(index, index);
        return true;
    }
    Qt::ItemFlags flags(const QModelIndex &index) const override { return QAbstractTableModel::flags(index) | Qt::ItemIsEditable; }
    void insertAt(int row, int count)
    {
        beginInsertRows({}, row, row + count - 1);
        m_rows += count;
        endInsertRows();
    }
    void removeAt(int row, int count)
    {
        beginRemoveRows({}, row, row + count - 1);
        m_rows -= count;
        endRemoveRows();
    }
    void setRows(int rows)
    {
        if (rows < m_rows) {
            beginRemoveRows({}, rows, m_rows - 1);
            m_rows = rows;
            endRemoveRows();
        } else {
            beginInsertRows({}, m_rows, rows - 1);
            m_rows = rows;
            endInsertRows();
        }
    }
    /// All rows may have changed; the first one has.
    void changeAll(const QString &first)
    {
        m_edited[0] = first;
        Q_EMIT dataChanged(index(0, 0), index(m_rows - 1, 2));
    }
    mutable int asked = 0;

private:
    int m_rows;
    QHash<int, QString> m_edited;
};

/// Counts how often it is asked where a cell is.
class CountingView final : public RowView
{
public:
    QRect visualRect(const QModelIndex &index) const override
    {
        ++places;
        return RowView::visualRect(index);
    }
    mutable int places = 0;
};

struct Item {
    int name = 0;
    int value = 0;
};

} // namespace

class TestRowView final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tenMillionRowsCostNoMoreThanTen();
    void changesOfAllRowsCostWhatIsSeen();
    void keysMove();
    void clicksAndRangesSelect();
    void cellsAreEditedInPlace();
    void rowsComeAndGo();
    void staysAtItsRows();
    void hiddenAndMovedColumns();
    void windowFetchesWhatIsAskedFor();
    void windowMarksWhatIsNewAndChanged();
    void windowKeepsABoundedNumberOfPages();
    void aRowThatIsChosenBeforeItHasComeIsShownThen();
};

void TestRowView::tenMillionRowsCostNoMoreThanTen()
{
    Numbers model(10'000'000);
    RowView view;
    view.resize(600, 400);
    QElapsedTimer timer;
    timer.start();
    view.setModel(&model);
    view.setNumbers(RowView::Numbers::Shown);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.grab();
    qInfo("ten million rows: shown after %lld ms", static_cast<long long>(timer.elapsed()));
    QVERIFY(model.asked < 2000);
    timer.restart();
    view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
    view.grab();
    qInfo("the end: %lld ms", static_cast<long long>(timer.elapsed()));
    QCOMPARE(view.lastRow(), 9'999'999);
    const QModelIndex last = model.index(9'999'999, 0);
    QVERIFY(view.viewport()->rect().contains(view.visualRect(last)));
    QCOMPARE(view.indexAt(view.visualRect(last).center()), last);
    QVERIFY(!view.viewport()->rect().intersects(view.visualRect(model.index(3, 0))));
    view.selectAll();
    QCOMPARE(view.selectionModel()->selection().size(), 1);
    QVERIFY(view.selectionModel()->isSelected(model.index(5'000'000, 1)));
}

void TestRowView::changesOfAllRowsCostWhatIsSeen()
{
    Numbers model(100'000);
    CountingView view;
    view.setEditTriggers(QAbstractItemView::EditKeyPressed);
    view.resize(600, 400);
    view.setModel(&model);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.places = 0;
    model.changeAll(QStringLiteral("seen"));
    view.grab();
    QVERIFY2(view.places < 2'000, qPrintable(QString::number(view.places)));

    // An editor that is out of sight follows too.
    view.setCurrentIndex(model.index(0, 0));
    view.edit(model.index(0, 0));
    auto *editor = view.findChild<QLineEdit *>();
    QVERIFY(editor);
    QCOMPARE(editor->text(), QStringLiteral("seen"));
    view.verticalScrollBar()->setValue(50'000);
    view.places = 0;
    model.changeAll(QStringLiteral("out of sight"));
    QCOMPARE(editor->text(), QStringLiteral("out of sight"));
    QVERIFY2(view.places < 2'000, qPrintable(QString::number(view.places)));
}

void TestRowView::keysMove()
{
    Numbers model(1000);
    RowView view;
    view.resize(600, 300);
    view.setModel(&model);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.setFocus();
    QSignalSpy scrolled(&view, &RowView::scrolled);
    QCOMPARE(view.currentIndex().row(), 0); // the focus makes one current
    QTest::keyClick(&view, Qt::Key_Down);
    QCOMPARE(view.currentIndex().row(), 1);
    QCOMPARE(scrolled.count(), 0);
    QTest::keyClick(&view, Qt::Key_PageDown);
    const int page = view.currentIndex().row() - 1;
    QVERIFY(page > 3);
    QTest::keyClick(&view, Qt::Key_End);
    QCOMPARE(view.currentIndex().row(), 999);
    QCOMPARE(view.lastRow(), 999);
    QVERIFY(scrolled.count() > 0);
    QTest::keyClick(&view, Qt::Key_PageUp);
    QCOMPARE(view.currentIndex().row(), 999 - page);
    QTest::keyClick(&view, Qt::Key_Home);
    QCOMPARE(view.currentIndex().row(), 0);
    QCOMPARE(view.firstRow(), 0);
    QTest::keyClick(&view, Qt::Key_Up);
    QCOMPARE(view.currentIndex().row(), 0);
    QTest::keyClick(&view, Qt::Key_End, Qt::ShiftModifier);
    QCOMPARE(view.selectionModel()->selectedRows().size(), 1000);

    view.setSelectionBehavior(QAbstractItemView::SelectItems);
    QTest::keyClick(&view, Qt::Key_Home, Qt::ControlModifier);
    QCOMPARE(view.currentIndex(), model.index(0, 0));
    QTest::keyClick(&view, Qt::Key_End);
    QCOMPARE(view.currentIndex(), model.index(0, 2));
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(view.currentIndex(), model.index(0, 2));
    QTest::keyClick(&view, Qt::Key_Left);
    QCOMPARE(view.currentIndex(), model.index(0, 1));
    QTest::keyClick(&view, Qt::Key_End, Qt::ControlModifier);
    QCOMPARE(view.currentIndex(), model.index(999, 2));
}

void TestRowView::clicksAndRangesSelect()
{
    Numbers model(1000);
    RowView view;
    view.resize(600, 300);
    view.setModel(&model);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const auto click = [&](int row, Qt::KeyboardModifiers modifiers) {
        QTest::mouseClick(view.viewport(), Qt::LeftButton, modifiers, view.visualRect(model.index(row, 1)).center());
    };
    click(2, {});
    QCOMPARE(view.selectionModel()->selectedRows().size(), 1);
    click(5, Qt::ShiftModifier);
    QCOMPARE(view.selectionModel()->selectedRows().size(), 4);
    click(8, Qt::ControlModifier);
    QCOMPARE(view.selectionModel()->selectedRows().size(), 5);
    view.verticalScrollBar()->setValue(500);
    click(505, Qt::ShiftModifier); // from 8 on, though it is far out of sight
    QVERIFY(view.selectionModel()->isSelected(model.index(8, 0)));
    QVERIFY(view.selectionModel()->isSelected(model.index(300, 0)));
    QVERIFY(view.selectionModel()->isSelected(model.index(505, 2)));
    QVERIFY(!view.selectionModel()->isSelected(model.index(506, 0)));
    view.setSelectionBehavior(QAbstractItemView::SelectItems);
    view.clearSelection();
    click(503, {});
    QCOMPARE(view.selectionModel()->selectedIndexes(), QModelIndexList{model.index(503, 1)});
}

void TestRowView::cellsAreEditedInPlace()
{
    Numbers model(100);
    RowView view;
    view.resize(600, 300);
    view.setModel(&model);
    view.setSelectionBehavior(QAbstractItemView::SelectItems);
    view.setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.setCurrentIndex(model.index(4, 1));
    QTest::keyClick(&view, Qt::Key_F2);
    auto *editor = view.viewport()->findChild<QLineEdit *>();
    QVERIFY(editor);
    QCOMPARE(editor->geometry().top(), view.visualRect(model.index(4, 1)).top());
    view.verticalScrollBar()->setValue(2);
    QCOMPARE(editor->geometry().top(), view.visualRect(model.index(4, 1)).top());
    QTest::keyClicks(editor, QStringLiteral("new"));
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(model.data(model.index(4, 1), Qt::DisplayRole).toString(), QStringLiteral("new"));
}

void TestRowView::rowsComeAndGo()
{
    Numbers model(0);
    RowView view;
    view.resize(600, 300);
    view.setModel(&model);
    view.setPlaceholder(QStringLiteral("Nothing here."));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.grab();
    QVERIFY(view.lastRow() < view.firstRow());
    QTest::keyClick(&view, Qt::Key_Down);
    model.setRows(1000);
    view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
    QCOMPARE(view.lastRow(), 999);
    model.setRows(3);
    QCOMPARE(view.firstRow(), 0);
    QCOMPARE(view.lastRow(), 2);
    view.grab();
}

void TestRowView::staysAtItsRows()
{
    Numbers model(1000);
    RowView view;
    view.resize(600, 300);
    view.setModel(&model);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.setCurrentIndex(model.index(50, 0));
    view.verticalScrollBar()->setValue(100);
    model.removeAt(0, 10);
    QCOMPARE(view.firstRow(), 100); // the number
    view.setAnchor(RowView::Anchor::Rows);
    QSignalSpy scrolled(&view, &RowView::scrolledByUser);
    model.removeAt(0, 10);
    QCOMPARE(view.firstRow(), 90);
    QCOMPARE(view.currentIndex().row(), 30);
    model.removeAt(0, 40); // the current one too
    QCOMPARE(view.firstRow(), 50);
    QVERIFY(!view.currentIndex().isValid());
    model.insertAt(0, 40);
    QCOMPARE(view.firstRow(), 90);
    model.insertAt(0, 50);
    QCOMPARE(view.firstRow(), 140);
    model.insertAt(140, 5); // where the first one stands: above it
    QCOMPARE(view.firstRow(), 145);
    model.insertAt(146, 5);
    QCOMPARE(view.firstRow(), 145);
    model.removeAt(140, 20); // the first one goes with others
    QCOMPARE(view.firstRow(), 140);
    model.removeAt(500, 100);
    QCOMPARE(view.firstRow(), 140);
    QCOMPARE(scrolled.count(), 0);
    view.verticalScrollBar()->setValue(0);
    QCOMPARE(scrolled.count(), 1);
    model.insertAt(0, 7);
    QCOMPARE(view.firstRow(), 7);
    model.removeAt(0, model.rowCount());
    QCOMPARE(view.firstRow(), 0);
    model.insertAt(0, 100);
    QCOMPARE(view.firstRow(), 0);
}

void TestRowView::hiddenAndMovedColumns()
{
    Numbers model(10);
    RowView view;
    view.resize(600, 300);
    view.setModel(&model);
    view.setSelectionBehavior(QAbstractItemView::SelectItems);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.header()->moveSection(2, 0); // 2 0 1
    view.header()->setSectionHidden(0, true); // 2 1
    view.setCurrentIndex(model.index(0, 2));
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(view.currentIndex(), model.index(0, 1));
    QTest::keyClick(&view, Qt::Key_Left);
    QCOMPARE(view.currentIndex(), model.index(0, 2));
    QVERIFY(view.visualRect(model.index(0, 0)).isEmpty());
    view.grab();
}

void TestRowView::windowFetchesWhatIsAskedFor()
{
    DataThread thread;
    std::atomic_int fetches = 0;
    std::uint64_t arrived = 0;
    QObject context;
    RowWindow<Item> window(thread, &context,
        {[&](std::uint64_t first, std::size_t count, std::stop_token) -> Result<std::vector<Item>> {
             ++fetches;
             std::vector<Item> rows;
             for (std::size_t i = 0; i < count; ++i)
                 rows.push_back({static_cast<int>(first + i), 1});
             return rows;
         },
            [&](std::uint64_t first, std::uint64_t last) { arrived += last - first + 1; }, [](const cleat::base::Error &) {},
            [](const Item &a, const Item &b) { return a.name == b.name; }, [](const Item &a, const Item &b) { return a.value == b.value; }});
    window.reset(1'000'000);
    QVERIFY(!window.at(999'999));
    QVERIFY(!window.at(999'998));
    QTRY_VERIFY(window.known(999'999));
    QCOMPARE(window.at(999'999)->name, 999'999);
    QCOMPARE(fetches.load(), 1);
    QVERIFY(arrived > 0);
    QVERIFY(!window.at(1'000'000));
    window.reset(10);
    QVERIFY(!window.known(999'999));
    QVERIFY(!window.at(3));
    window.reset(0); // the answer on its way is of no use any more
    QTRY_COMPARE(thread.pending(), 0);
    QCoreApplication::processEvents();
    QVERIFY(!window.known(3));
}

void TestRowView::windowMarksWhatIsNewAndChanged()
{
    DataThread thread;
    QObject context;
    std::mutex mutex;
    std::vector<Item> data{{1, 1}, {2, 1}, {3, 1}};
    int arrivals = 0;
    RowWindow<Item> window(thread, &context,
        {[&](std::uint64_t first, std::size_t, std::stop_token) -> Result<std::vector<Item>> {
             const std::lock_guard lock(mutex);
             return first == 0 ? data : std::vector<Item>();
         },
            [&](std::uint64_t, std::uint64_t) { ++arrivals; }, [](const cleat::base::Error &) {}, [](const Item &a, const Item &b) { return a.name == b.name; },
            [](const Item &a, const Item &b) { return a.value == b.value; }});
    window.reset(3);
    window.at(0);
    QTRY_VERIFY(window.known(2));
    for (int row = 0; row < 3; ++row)
        QVERIFY(!window.isMarked(static_cast<std::uint64_t>(row)));
    {
        const std::lock_guard lock(mutex);
        data = {{0, 1}, {1, 1}, {2, 7}, {3, 1}, {4, 1}};
    }
    window.setCount(5);
    arrivals = 0;
    window.refresh(0, 4);
    QVERIFY(window.known(2)); // what was there stays until the new rows are
    QTRY_COMPARE(arrivals, 1);
    QVERIFY(window.isMarked(0));
    QVERIFY(!window.isMarked(1));
    QVERIFY(window.isMarked(2));
    QVERIFY(!window.isMarked(3));
    QVERIFY(window.isMarked(4));
    QTRY_VERIFY_WITH_TIMEOUT(!window.isMarked(0), 10'000);
    QTRY_VERIFY(arrivals > 1);
}

void TestRowView::windowKeepsABoundedNumberOfPages()
{
    DataThread thread;
    QObject context;
    RowWindow<Item> window(thread, &context,
        {[](std::uint64_t first, std::size_t count, std::stop_token) -> Result<std::vector<Item>> {
             std::vector<Item> rows(count);
             rows[0].name = static_cast<int>(first);
             return rows;
         },
            [](std::uint64_t, std::uint64_t) {}, [](const cleat::base::Error &) {}, [](const Item &a, const Item &b) { return a.name == b.name; },
            [](const Item &a, const Item &b) { return a.value == b.value; }});
    constexpr std::uint64_t page = RowWindow<Item>::pageRows;
    window.reset(page * 200);
    for (std::uint64_t i = 0; i < 200; ++i)
        window.at(i * page);
    QTRY_VERIFY(window.known(199 * page));
    QVERIFY(!window.known(0));
    QTRY_COMPARE(thread.pending(), 0);
}

void TestRowView::aRowThatIsChosenBeforeItHasComeIsShownThen()
{
    Numbers model(10);
    RowView view;
    view.setModel(&model);
    std::set<int> atHand{3};
    std::vector<int> shown;
    showOnArrival(view, [&](int row) { return atHand.contains(row); }, [&] { shown.push_back(view.currentIndex().row()); });
    const auto choose = [&](int row) { view.selectionModel()->setCurrentIndex(model.index(row, 0), QItemSelectionModel::ClearAndSelect); };
    choose(3); // it is here: the view shows it without us
    model.changeAll(QStringLiteral("a"));
    QVERIFY(shown.empty());
    choose(5);
    model.changeAll(QStringLiteral("b")); // of other rows
    QVERIFY(shown.empty());
    atHand.insert(5);
    model.changeAll(QStringLiteral("c"));
    model.changeAll(QStringLiteral("d"));
    QCOMPARE(shown, std::vector<int>{5}); // once
    choose(7);
    choose(3); // another one in the meantime
    atHand.insert(7);
    model.changeAll(QStringLiteral("e"));
    QCOMPARE(shown, std::vector<int>{5});
    choose(8);
    model.removeAt(8, 1); // gone before it came
    atHand.insert(8);
    model.changeAll(QStringLiteral("f"));
    QCOMPARE(shown, std::vector<int>{5}); // the row before it is the current one, and was here
}

QTEST_MAIN(TestRowView)
#include "t_rowview.moc"
