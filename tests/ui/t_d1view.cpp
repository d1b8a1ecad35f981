// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/snapshots.h"
#include "ui/data/d1/d1view.h"
#include "ui/data/d1/gridmodel.h"
#include "ui/data/d1/gridview.h"
#include "ui/data/d1/resultsview.h"
#include "ui/data/d1/schematree.h"
#include "ui/data/d1/sqleditor.h"
#include "ui/data/d1/sqlhistory.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/theme.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QFile>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>
#include <QTreeWidget>

#include <sqlite3.h>

using namespace cleat;
using namespace cleat::ui;
using namespace Qt::StringLiterals;
namespace d1 = data::d1;

namespace {

const char *const shopSql = R"(
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, age INTEGER, photo BLOB, bio TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users(id), total REAL);
CREATE VIEW adults AS SELECT name FROM users WHERE age >= 18;
CREATE INDEX by_user ON orders(user_id);
INSERT INTO users VALUES (1,'Ada',36,x'0011',NULL),(2,'Grace',45,NULL,'line one
line two'),(3,'Tim',12,NULL,'short');
INSERT INTO orders VALUES (1,2,9.5),(2,1,20);
)";

/// A database in a state folder of its own, its view, and another program that writes.
class Bench
{
public:
    explicit Bench(const char *sql = shopSql)
    {
        resource.kind = session::DataResource::Kind::D1;
        resource.id = resource.title = "DB";
        resource.state = m_dir.path().toStdString() + "/state";
        resource.file = resource.state / "v3/d1/miniflare-D1DatabaseObject/abc.sqlite";
        resource.migrationsFolder = std::filesystem::path(m_dir.path().toStdString()) / "migrations";
        resource.migrationsTable = "d1_migrations";
        std::filesystem::create_directories(resource.file.parent_path());
        if (*sql)
            run(sql);
        QSettings().clear();
        make();
    }

    void make()
    {
        view.reset();
        view.reset(makeD1View(resource, nullptr));
        view->resize(1000, 640);
        view->show();
        view->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(view.get()));
    }

    /// Keys go to the window with the focus; a dialog had it.
    void activate() const
    {
        view->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(view.get()));
    }

    void run(const char *sql)
    {
        sqlite3 *db = nullptr;
        char *error = nullptr;
        if (sqlite3_open(resource.file.c_str(), &db) != SQLITE_OK || sqlite3_busy_timeout(db, 5000) != SQLITE_OK
            || sqlite3_exec(db, sql, nullptr, nullptr, &error) != SQLITE_OK)
            qFatal("%s", error ? error : sqlite3_errmsg(db));
        sqlite3_close(db);
    }
    /// The first column of the first row.
    QString get(const char *sql)
    {
        sqlite3 *db = nullptr;
        sqlite3_stmt *statement = nullptr;
        QString text = u"(error)"_s;
        if (sqlite3_open_v2(resource.file.c_str(), &db, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK
            && sqlite3_busy_timeout(db, 5000) == SQLITE_OK // the view may hold it for a moment
            && sqlite3_prepare_v2(db, sql, -1, &statement, nullptr) == SQLITE_OK) {
            const bool row = sqlite3_step(statement) == SQLITE_ROW;
            const auto *found = row ? reinterpret_cast<const char *>(sqlite3_column_text(statement, 0)) : nullptr;
            text = !row ? u"(no row)"_s : found ? QString::fromUtf8(found) : u"(null)"_s;
        }
        sqlite3_finalize(statement);
        sqlite3_close(db);
        return text;
    }
    QString path(const QString &name) const { return m_dir.filePath(name); }
    void write(const QString &name, const QByteArray &bytes)
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

    GridView *grid() const { return view->findChild<GridView *>(); }
    GridModel *model() const { return view->findChild<GridModel *>(); }
    QTabWidget *tabs() const { return view->findChild<QTabWidget *>(); }
    SqlEditor *editor() const { return view->findChild<SqlEditor *>(u"sqlEditor"_s); }
    ResultsView *results() const { return view->findChild<ResultsView *>(); }
    QAction *action(const char *name) const { return view->findChild<QAction *>(QString::fromLatin1(name)); }
    QString cell(int row, int column) const { return model()->index(row, column).data().toString(); }
    void waitForRows(int rows) const
    {
        QTRY_COMPARE(model()->rowCount(), rows);
        if (rows > 0)
            QTRY_VERIFY(!cell(0, 0).isEmpty());
    }
    void edit(int row, int column, const QString &text) const
    {
        grid()->setFocus();
        grid()->goTo(model()->index(row, column));
        QTest::keyClick(grid(), Qt::Key_F2);
        auto *line = grid()->viewport()->findChild<QLineEdit *>();
        QVERIFY(line);
        line->selectAll();
        QTest::keyClicks(line, text);
        QTest::keyClick(line, Qt::Key_Return);
        QTRY_VERIFY(!grid()->viewport()->findChild<QLineEdit *>());
    }
    void openTable(const QString &name) const
    {
        auto *tree = view->findChild<SchemaTree *>()->findChild<QTreeView *>();
        QTRY_VERIFY(tree->model()->rowCount() > 0);
        for (int row = 0; row < tree->model()->rowCount(); ++row) {
            const QModelIndex index = tree->model()->index(row, 0);
            if (index.data().toString() == name) {
                QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(index).center());
                return;
            }
        }
        QFAIL("no such table in the tree");
    }
    void sql(const QString &text, Qt::KeyboardModifiers with = Qt::ControlModifier) const
    {
        activate();
        tabs()->setCurrentIndex(1);
        editor()->replaceAll(text);
        editor()->setFocus();
        QTest::keyClick(editor(), Qt::Key_Return, with);
    }
    /// Presses the button that does it.
    void answer(const QString &button) const
    {
        QMessageBox *box = nullptr;
        QTRY_VERIFY((box = view->findChild<QMessageBox *>()) && box->isVisible());
        for (QAbstractButton *each : box->buttons()) {
            if (each->text().remove(u'&') == button) {
                QTest::mouseClick(each, Qt::LeftButton);
                return;
            }
        }
        QFAIL("no such button");
    }
    /// What the bars that are to be seen say.
    QString messages() const
    {
        QStringList texts;
        for (const MessageBar *bar : view->findChildren<MessageBar *>()) {
            if (!bar->isVisible())
                continue;
            for (const QLabel *label : bar->findChildren<QLabel *>())
                texts << label->text();
        }
        return texts.join(u' ');
    }

    session::DataResource resource;
    std::unique_ptr<DataView> view;

private:
    QTemporaryDir m_dir;
};

} // namespace

class TestD1View final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void editsAndCommits();
    void stagesAllKinds();
    void pastesAndCopies();
    void longValues();
    void conflictPointsAtTheRow();
    void constraintPointsAtTheRow();
    void filtersAndSorts();
    void followsForeignKeys();
    void othersWritesShow();
    void runsStatements();
    void errorHasItsPlace();
    void cancelsARunaway();
    void completes();
    void history();
    void asksBeforeDeletingAll();
    void dropsAndRestores();
    void migrations();
    void csvWithAnError();
    void emptyDatabase();
    void manyRows();
    void pictures();
};

void TestD1View::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(u"cleat-test"_s);
    QCoreApplication::setApplicationName(u"t_d1view"_s);
    setupTheme(*qApp);
}

void TestD1View::editsAndCommits()
{
    Bench b;
    b.openTable(u"users"_s);
    b.waitForRows(3);
    QAbstractItemModelTester tester(b.model());
    auto *strip = b.view->findChild<QWidget *>(u"stagedStrip"_s);
    QVERIFY(!strip->isVisible());
    b.edit(0, 1, u"Ada Lovelace"_s);
    QVERIFY(strip->isVisible());
    QVERIFY(b.view->isEdited());
    QCOMPARE(b.cell(0, 1), u"Ada Lovelace"_s);
    QCOMPARE(b.get("SELECT name FROM users WHERE id=1"), u"Ada"_s); // not yet
    QTest::mouseClick(strip->findChild<QToolButton *>(u"showSql"_s), Qt::LeftButton);
    QVERIFY(strip->findChild<QPlainTextEdit *>()->toPlainText().contains(u"'Ada Lovelace'"_s));
    QTest::mouseClick(strip->findChild<QPushButton *>(u"commit"_s), Qt::LeftButton);
    QTRY_COMPARE(b.get("SELECT name FROM users WHERE id=1"), u"Ada Lovelace"_s);
    QTRY_VERIFY(!b.view->isEdited());
    QTRY_COMPARE(b.cell(0, 1), u"Ada Lovelace"_s);
}

void TestD1View::stagesAllKinds()
{
    Bench b;
    b.openTable(u"users"_s);
    b.waitForRows(3);
    QAbstractItemModelTester tester(b.model());
    b.grid()->setFocus();
    b.grid()->goTo(b.model()->index(1, 2));
    QTest::keyClick(b.grid(), Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(b.cell(1, 2), u"NULL"_s);
    b.grid()->goTo(b.model()->index(2, 0));
    QTest::keyClick(b.grid(), Qt::Key_Delete);
    QCOMPARE(b.model()->index(2, 0).data(GridModel::StateRole).toInt(), int(GridModel::RowState::Deleted));
    QTest::keyClick(b.grid(), Qt::Key_I, Qt::ControlModifier);
    QCOMPARE(b.model()->rowCount(), 4);
    QCOMPARE(b.grid()->currentIndex().row(), 3);
    b.edit(3, 1, u"New"_s);
    b.grid()->goTo(b.model()->index(0, 0));
    QTest::keyClick(b.grid(), Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(b.model()->rowCount(), 5);
    b.edit(4, 1, u"Twin"_s);
    QCOMPARE(b.model()->staged().size(), std::size_t(4));
    while (b.model()->staged().canUndo())
        QTest::keyClick(b.grid(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(b.model()->rowCount(), 3);
    QVERIFY(!b.view->isEdited());
    while (b.model()->staged().canRedo())
        QTest::keyClick(b.grid(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(b.model()->rowCount(), 5);
    QTest::keyClick(b.grid(), Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY2(!b.view->isEdited(), qPrintable(b.messages()));
    QTRY_COMPARE(b.get("SELECT group_concat(name || ':' || ifnull(age,'-')) FROM (SELECT * FROM users ORDER BY name)"), u"Ada:36,Grace:-,New:-,Twin:36"_s);
    QTRY_COMPARE(b.model()->rowCount(), 4);
}

void TestD1View::pastesAndCopies()
{
    Bench b;
    b.openTable(u"users"_s);
    b.waitForRows(3);
    QAbstractItemModelTester tester(b.model());
    b.grid()->setFocus();
    b.grid()->goTo(b.model()->index(2, 1));
    QGuiApplication::clipboard()->setText(u"Tom\t13\nNell\t14\n"_s);
    QTest::keyClick(b.grid(), Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(b.cell(2, 1), u"Tom"_s);
    QCOMPARE(b.model()->rowCount(), 4);
    QCOMPARE(b.cell(3, 2), u"14"_s);
    b.grid()->selectionModel()->select(QItemSelection(b.model()->index(2, 1), b.model()->index(3, 2)), QItemSelectionModel::ClearAndSelect);
    QTest::keyClick(b.grid(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"Tom\t13\nNell\t14"_s);
    b.action("copyJson")->trigger();
    QVERIFY(QGuiApplication::clipboard()->text().contains(u"{\"name\": \"Nell\", \"age\": 14}"_s));
    b.grid()->goTo(b.model()->index(0, 1));
    b.action("copyInsert")->trigger();
    QVERIFY2(QGuiApplication::clipboard()->text().startsWith(u"INSERT INTO \"users\" (\"id\", \"name\", \"age\""_s),
        qPrintable(QGuiApplication::clipboard()->text()));
}

void TestD1View::longValues()
{
    Bench b;
    b.run("UPDATE users SET bio = replace(hex(zeroblob(5000)),'00','ab') WHERE id=3");
    b.openTable(u"users"_s);
    b.waitForRows(3);
    QTRY_VERIFY(b.model()->cutBytes(b.model()->index(2, 4)) == 10000);
    b.grid()->setFocus();
    b.grid()->goTo(b.model()->index(2, 4));
    QTest::keyClick(b.grid(), Qt::Key_Return);
    QDialog *dialog = nullptr;
    QTRY_VERIFY((dialog = b.view->findChild<QDialog *>()) && dialog->isVisible());
    auto *text = dialog->findChild<QPlainTextEdit *>();
    QCOMPARE(text->toPlainText().size(), 10000);
    text->moveCursor(QTextCursor::End);
    QTest::keyClicks(text, u"!"_s);
    QTest::mouseClick(dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok), Qt::LeftButton);
    QTRY_VERIFY(b.view->isEdited());
    b.activate();
    b.grid()->setFocus();
    QTest::keyClick(b.grid(), Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY2(!b.view->isEdited(), qPrintable(b.messages()));
    QTRY_COMPARE(b.get("SELECT length(bio) FROM users WHERE id=3"), u"10001"_s);
}

void TestD1View::conflictPointsAtTheRow()
{
    Bench b;
    b.openTable(u"users"_s);
    b.waitForRows(3);
    b.edit(1, 2, u"46"_s);
    b.edit(0, 2, u"37"_s);
    b.run("UPDATE users SET age = 50 WHERE id = 2");
    QTest::keyClick(b.grid(), Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY2(b.messages().contains(u"row 2 of users"_s), qPrintable(b.messages()));
    QCOMPARE(b.get("SELECT age FROM users WHERE id=2"), u"50"_s);
    QCOMPARE(b.get("SELECT age FROM users WHERE id=1"), u"36"_s); // all or none
    QCOMPARE(b.grid()->currentIndex().row(), 1);
    QVERIFY(b.model()->index(1, 2).data(GridModel::TroubleRole).toBool());
    QVERIFY(b.view->isEdited());
}

void TestD1View::constraintPointsAtTheRow()
{
    Bench b;
    b.openTable(u"users"_s);
    b.waitForRows(3);
    b.edit(2, 1, u"Ada"_s);
    b.edit(0, 2, u"1"_s);
    QTest::keyClick(b.grid(), Qt::Key_S, Qt::ControlModifier);
    QTRY_VERIFY2(b.messages().contains(u"UNIQUE"_s), qPrintable(b.messages()));
    QCOMPARE(b.grid()->currentIndex().row(), 2);
    QVERIFY(b.model()->index(2, 1).data(GridModel::TroubleRole).toBool());
}

void TestD1View::filtersAndSorts()
{
    Bench b;
    b.openTable(u"users"_s);
    b.waitForRows(3);
    auto *filter = b.view->findChild<QLineEdit *>(u"filter:age"_s);
    filter->setFocus();
    QTest::keyClicks(filter, u">30"_s);
    QTRY_COMPARE(b.model()->rowCount(), 2);
    filter->clear();
    QTest::keyClick(filter, Qt::Key_Return);
    b.waitForRows(3);
    QHeaderView *header = b.grid()->header();
    const auto click = [&](int column, Qt::KeyboardModifiers with = {}) {
        QTest::mouseClick(header->viewport(), Qt::LeftButton, with, QPoint(header->sectionViewportPosition(column) + 12, header->height() / 2));
    };
    click(2);
    QTRY_COMPARE(b.cell(0, 1), u"Tim"_s);
    click(2);
    QTRY_COMPARE(b.cell(0, 1), u"Grace"_s);
    QVERIFY(header->model()->headerData(2, Qt::Horizontal).toString().contains(u"↓"_s));
    click(2);
    QTRY_COMPARE(b.cell(0, 1), u"Ada"_s);
    auto *where = b.view->findChild<QLineEdit *>(u"where"_s);
    QTest::keyClicks(where, u"name LIKE '%a%' AND age < 40"_s);
    QTest::keyClick(where, Qt::Key_Return);
    QTRY_COMPARE(b.model()->rowCount(), 1);
    where->clear();
    QTest::keyClicks(where, u"nonsense here"_s);
    QTest::keyClick(where, Qt::Key_Return);
    QTRY_VERIFY(!b.messages().isEmpty());
}

void TestD1View::followsForeignKeys()
{
    Bench b;
    b.openTable(u"orders"_s);
    b.waitForRows(2);
    b.grid()->setFocus();
    b.grid()->goTo(b.model()->index(0, 1));
    QTest::keyClick(b.grid(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(b.model()->rowCount(), 1);
    QTRY_COMPARE(b.cell(0, 1), u"Grace"_s);
}

void TestD1View::othersWritesShow()
{
    Bench b;
    b.openTable(u"users"_s);
    b.waitForRows(3);
    QAbstractItemModelTester tester(b.model());
    b.view->poll();
    b.edit(0, 1, u"Staged"_s);
    b.run("INSERT INTO users(name) VALUES ('Late'); UPDATE users SET age=13 WHERE id=3");
    QTRY_COMPARE((b.view->poll(), b.model()->rowCount()), 4);
    QTRY_COMPARE(b.cell(2, 2), u"13"_s);
    QVERIFY(b.model()->index(2, 2).data(GridModel::MarkedRole).toBool());
    QCOMPARE(b.cell(0, 1), u"Staged"_s);
    b.run("ALTER TABLE orders ADD COLUMN note TEXT");
    QTRY_VERIFY((b.view->poll(), b.model()->rowCount() == 4));
    QCOMPARE(b.cell(0, 1), u"Staged"_s);
}

void TestD1View::runsStatements()
{
    Bench b;
    b.sql(u"SELECT 1 AS one;\nINSERT INTO users(name) VALUES ('x');\nSELECT name, age FROM users ORDER BY id;"_s, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE(b.results()->count(), 3);
    auto *grid = b.results()->findChild<QTabWidget *>()->currentWidget()->findChild<GridView *>();
    QVERIFY(grid);
    QCOMPARE(grid->model()->rowCount(), 4);
    QCOMPARE(grid->model()->index(3, 1).data().toString(), u"NULL"_s);
    b.editor()->setCursorPosition(0, 3); // the one under the cursor
    QTest::keyClick(b.editor(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(b.results()->count(), 1);
    b.editor()->setCursorPosition(2, 3);
    QTest::keyClick(b.editor(), Qt::Key_E, Qt::ControlModifier);
    QTRY_VERIFY(b.results()->findChild<QTreeWidget *>(u"plan"_s));
    QVERIFY(b.results()->findChild<QTreeWidget *>(u"plan"_s)->topLevelItemCount() > 0);
    QTRY_COMPARE(b.get("SELECT count(*) FROM users"), u"4"_s);
}

void TestD1View::errorHasItsPlace()
{
    Bench b;
    b.sql(u"SELECT 'ä';\nSELECT nme FROM users;"_s, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE(b.results()->count(), 2);
    QTRY_VERIFY2(b.messages().contains(u"nme"_s), qPrintable(b.messages()));
    const qsizetype place = b.editor()->bytes().indexOf("nme");
    QVERIFY(b.editor()->SendScintilla(QsciScintilla::SCI_INDICATORVALUEAT, 8UL, long(place)) != 0);
    QVERIFY(b.editor()->SendScintilla(QsciScintilla::SCI_INDICATORVALUEAT, 8UL, long(place - 3)) == 0);
    QVERIFY(b.editor()->annotation(1).contains(u"nme"_s));
    b.editor()->replaceAll(u"SELECT 1"_s);
    QVERIFY(b.editor()->annotation(0).isEmpty());
}

void TestD1View::cancelsARunaway()
{
    Bench b;
    QSignalSpy busy(b.view.get(), &DataView::busyChanged);
    b.sql(u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"_s);
    QTRY_VERIFY(b.action("cancelQuery")->isEnabled());
    QCOMPARE(busy.size(), 1);
    b.openTable(u"users"_s); // all else goes on meanwhile
    b.waitForRows(3);
    b.tabs()->setCurrentIndex(1);
    b.editor()->setFocus();
    QTest::keyClick(b.editor(), Qt::Key_Escape);
    QTRY_VERIFY(!b.action("cancelQuery")->isEnabled());
    QTRY_VERIFY2(b.messages().contains(u"Cancelled"_s), qPrintable(b.messages()));
    QCOMPARE(busy.size(), 2);
    b.sql(u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"_s);
    QTRY_VERIFY2(b.action("cancelQuery")->isEnabled(), qPrintable(b.messages() + u" / "_s + b.editor()->text()));
    b.view.reset(); // goes while it runs
}

void TestD1View::completes()
{
    Bench b;
    b.waitForRows(2);
    b.tabs()->setCurrentIndex(1);
    b.editor()->setFocus();
    QTest::keyClicks(b.editor(), u"SELECT u.n"_s);
    QVERIFY(b.editor()->offered().isEmpty()); // nobody knows yet what u is
    b.editor()->replaceAll(u"SELECT  FROM users u"_s);
    b.editor()->setCursorPosition(0, 7);
    QTest::keyClicks(b.editor(), u"u."_s);
    QCOMPARE(b.editor()->offered(), (QStringList{u"id"_s, u"name"_s, u"age"_s, u"photo"_s, u"bio"_s}));
    QTest::keyClicks(b.editor(), u"na"_s);
    QTest::keyClick(b.editor(), Qt::Key_Return);
    QCOMPARE(b.editor()->text(), u"SELECT u.name FROM users u"_s);
}

void TestD1View::history()
{
    Bench b;
    b.sql(u"SELECT 'first'"_s);
    QTRY_COMPARE(b.results()->count(), 1);
    QTRY_VERIFY(b.action("runStatement")->isEnabled());
    b.sql(u"SELECT 'second'"_s);
    QTRY_VERIFY(b.action("runStatement")->isEnabled());
    b.make(); // it stays
    b.tabs()->setCurrentIndex(1);
    b.editor()->setFocus();
    QTest::keyClick(b.editor(), Qt::Key_H, Qt::ControlModifier);
    HistoryDialog *dialog = nullptr;
    QTRY_VERIFY((dialog = b.view->findChild<HistoryDialog *>()) && dialog->isVisible());
    auto *list = dialog->findChild<QListWidget *>();
    QCOMPARE(list->count(), 2);
    QVERIFY(list->item(0)->text().contains(u"second"_s));
    QTest::keyClicks(dialog->findChild<QLineEdit *>(), u"irst"_s);
    QCOMPARE(list->count(), 1);
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
    QTRY_VERIFY(b.editor()->text().contains(u"'first'"_s));
    SqlHistory history(b.resource.file);
    for (int i = 0; i < 300; ++i)
        history.add(QString::number(i));
    QCOMPARE(SqlHistory(b.resource.file).entries().size(), SqlHistory::mostEntries);
}

void TestD1View::asksBeforeDeletingAll()
{
    Bench b;
    b.sql(u"DELETE FROM orders"_s);
    b.answer(u"Cancel"_s);
    QCOMPARE(b.get("SELECT count(*) FROM orders"), u"2"_s);
    QTRY_VERIFY(!b.view->findChild<QMessageBox *>());
    b.sql(u"DELETE FROM orders"_s);
    b.answer(u"Run"_s);
    QTRY_COMPARE(b.get("SELECT count(*) FROM orders"), u"0"_s);
    QCOMPARE(d1::snapshots(b.resource.file).size(), std::size_t(1));
    b.sql(u"DELETE FROM users WHERE id = 3"_s); // no question
    QTRY_COMPARE(b.get("SELECT count(*) FROM users"), u"2"_s);
    QVERIFY(!b.view->findChild<QMessageBox *>());
}

void TestD1View::dropsAndRestores()
{
    Bench b;
    b.openTable(u"orders"_s);
    b.waitForRows(2);
    auto *tree = b.view->findChild<SchemaTree *>()->findChild<QTreeView *>();
    Q_EMIT tree->customContextMenuRequested(tree->visualRect(tree->currentIndex()).center());
    auto *menu = b.view->findChild<SchemaTree *>()->findChild<QMenu *>();
    QVERIFY(menu);
    for (QAction *action : menu->actions()) {
        if (action->text().contains(u"rop…"_s))
            action->trigger();
    }
    menu->close();
    b.answer(u"Drop"_s);
    QTRY_COMPARE(b.get("SELECT count(*) FROM sqlite_schema WHERE name='orders'"), u"0"_s);
    QTRY_VERIFY(b.model()->table().name != "orders");
    b.tabs()->setCurrentIndex(4);
    auto *list = b.view->findChild<QTreeWidget *>(u"snapshots"_s);
    QTRY_COMPARE(list->topLevelItemCount(), 1);
    QVERIFY(list->topLevelItem(0)->text(1).contains(u"orders"_s));
    QTRY_VERIFY(b.action("restoreSnapshot")->isEnabled());
    b.action("restoreSnapshot")->trigger();
    b.answer(u"Restore"_s);
    QTRY_COMPARE(b.get("SELECT count(*) FROM orders"), u"2"_s);
    QTRY_COMPARE(list->topLevelItemCount(), 2); // the one before the restoring
    b.view->findChild<QLineEdit *>(u"snapshotReason"_s)->setText(u"mine"_s);
    QTRY_VERIFY(b.action("takeSnapshot")->isEnabled());
    b.action("takeSnapshot")->trigger();
    QTRY_COMPARE(list->topLevelItemCount(), 3);
    QCOMPARE(list->topLevelItem(0)->text(1), u"mine"_s);
}

void TestD1View::migrations()
{
    Bench b;
    b.tabs()->setCurrentIndex(3);
    auto *name = b.view->findChild<QLineEdit *>(u"migrationName"_s);
    QTest::keyClicks(name, u"add tags"_s);
    QTest::keyClick(name, Qt::Key_Return);
    auto *list = b.view->findChild<QTreeWidget *>(u"migrations"_s);
    QTRY_COMPARE(list->topLevelItemCount(), 1);
    const QString file = list->topLevelItem(0)->text(0);
    QVERIFY(file.startsWith(u"0001_"_s));
    b.write(u"migrations/"_s + file, "CREATE TABLE tags (name TEXT);\n");
    b.write(u"migrations/0002_bad.sql"_s, "CREATE TABLE more (x);\n\nINSERT INTO nowhere VALUES (1);\n");
    QTRY_COMPARE(list->topLevelItemCount(), 2);
    QTRY_VERIFY(b.tabs()->tabText(3).contains(u"2"_s));
    list->setCurrentItem(list->topLevelItem(0));
    QTRY_VERIFY(b.action("applyTo")->isEnabled());
    b.action("applyTo")->trigger();
    QTRY_COMPARE(b.get("SELECT count(*) FROM tags"), u"0"_s);
    QTRY_VERIFY(list->topLevelItemCount() == 2 && list->topLevelItem(0)->text(1).startsWith(u"applied"_s));
    QTRY_VERIFY(b.action("applyAll")->isEnabled());
    b.action("applyAll")->trigger();
    QTRY_VERIFY2(b.messages().contains(u"nowhere"_s), qPrintable(b.messages()));
    QCOMPARE(b.get("SELECT count(*) FROM sqlite_schema WHERE name='more'"), u"0"_s);
    QTRY_COMPARE(list->topLevelItem(1)->text(1), u"pending"_s);
    QVERIFY(!d1::snapshots(b.resource.file).empty());
}

void TestD1View::csvWithAnError()
{
    Bench b;
    b.waitForRows(2);
    const auto drop = [&](const QString &path) {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(b.view.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(b.view.get(), &event);
    };
    const auto import = [&] {
        QDialog *dialog = nullptr;
        QTRY_VERIFY((dialog = b.view->findChild<QDialog *>()) && dialog->isVisible());
        auto *ok = dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok);
        QTRY_VERIFY(ok->isEnabled());
        QTest::mouseClick(ok, Qt::LeftButton);
        QTRY_VERIFY(!b.view->findChild<QDialog *>());
    };
    b.write(u"pets.csv"_s, "name,legs\nRex,4\nBob,4\nIda,4\nMia,4\nLou,4\nthis,has,too many\n");
    drop(b.path(u"pets.csv"_s));
    import();
    QTRY_VERIFY2(b.messages().contains(u":7"_s) || b.messages().contains(u"line 7"_s), qPrintable(b.messages()));
    QCOMPARE(b.get("SELECT count(*) FROM sqlite_schema WHERE name='pets'"), u"0"_s);
    b.write(u"pets.csv"_s, "name,legs\nRex,4\n\"Bob, the \"\"cat\"\"\",\n");
    drop(b.path(u"pets.csv"_s));
    import();
    QTRY_COMPARE(b.get("SELECT name || ifnull(legs,'-') FROM pets WHERE name LIKE 'Bob%'"), u"Bob, the \"cat\"-"_s);
}

void TestD1View::emptyDatabase()
{
    Bench b("");
    auto *create = b.view->findChild<QPushButton *>(u"createTable"_s);
    QTRY_VERIFY(create->isVisible());
    QTest::mouseClick(create, Qt::LeftButton);
    QCOMPARE(b.tabs()->currentIndex(), 1);
    QTest::keyClick(b.editor(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(b.get("SELECT count(*) FROM items"), u"0"_s);
    QTRY_COMPARE(b.model()->table().name, std::string("items"));
}

void TestD1View::manyRows()
{
    Bench b("CREATE TABLE big (id INTEGER PRIMARY KEY, v TEXT);"
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) INSERT INTO big SELECT i, 'row ' || i FROM n;");
    QTRY_COMPARE(b.model()->rowCount(), 300000);
    b.grid()->setFocus();
    b.grid()->goTo(b.model()->index(0, 0));
    QElapsedTimer clock;
    clock.start();
    QTest::keyClick(b.grid(), Qt::Key_End, Qt::ControlModifier);
    QTRY_COMPARE(b.cell(299999, 1), u"row 300000"_s);
    qInfo("to the end of 300,000 rows: %lld ms", static_cast<long long>(clock.elapsed()));
    b.grid()->selectAll();
    QTest::keyClick(b.grid(), Qt::Key_Delete); // too many for edits by hand
    QVERIFY(!b.view->isEdited());
    QVERIFY(!b.messages().isEmpty());
    QTest::keyClick(b.grid(), Qt::Key_C, Qt::ControlModifier);
    QVERIFY(b.messages().contains(u"clipboard"_s));
}

/// Writes pictures of all pages where CLEAT_SHOTS says.
void TestD1View::pictures()
{
    const QString folder = qEnvironmentVariable("CLEAT_SHOTS");
    Bench b;
    b.resource.migrationsFolder = std::filesystem::path(b.path(u"migrations"_s).toStdString());
    std::filesystem::create_directories(*b.resource.migrationsFolder);
    b.write(u"migrations/0001_init.sql"_s, "-- The first\nCREATE TABLE tags (name TEXT NOT NULL);\n");
    b.write(u"migrations/0002_more.sql"_s, "ALTER TABLE tags ADD COLUMN color TEXT;\n");
    b.openTable(u"users"_s);
    b.waitForRows(3);
    b.edit(0, 1, u"Ada Lovelace"_s);
    b.grid()->goTo(b.model()->index(2, 0));
    b.action("deleteRows")->trigger();
    b.action("addRow")->trigger();
    for (const QSize size : {QSize(1000, 640), QSize(640, 420)}) {
        b.view->resize(size);
        for (int tab = 0; tab < b.tabs()->count(); ++tab) {
            if (tab == 1) {
                b.sql(u"-- Who is old enough?\nSELECT name, age, bio FROM users\nWHERE age > 18 AND name <> 'it''s';\nSELECT nme FROM users;"_s,
                    Qt::ControlModifier | Qt::ShiftModifier);
                QTRY_COMPARE(b.results()->count(), 2);
            }
            b.tabs()->setCurrentIndex(tab);
            QTest::qWait(150);
            const QPixmap picture = b.view->grab();
            QCOMPARE(picture.deviceIndependentSize().toSize(), b.view->size());
            QVERIFY2(b.view->width() <= size.width() && b.view->height() <= size.height(), "it fits");
            if (!folder.isEmpty())
                QVERIFY(picture.save(u"%1/d1-%2-%3-%4.png"_s.arg(folder, qEnvironmentVariable("CLEAT_THEME", u"light"_s)).arg(size.width()).arg(tab)));
        }
    }
}

QTEST_MAIN(TestD1View)
#include "t_d1view.moc"
