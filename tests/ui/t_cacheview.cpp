// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/dataresources.h"
#include "core/storage/database.h"
#include "ui/data/cachemodel.h"
#include "ui/data/cacheview.h"
#include "ui/values/valueview.h"
#include "ui/widgets/rowview.h"
#include "ui/widgets/theme.h"

#include <QAbstractItemModelTester>
#include <QDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <fstream>

using namespace cleat;
using namespace Qt::StringLiterals;
using session::DataResource;
namespace fs = std::filesystem;

namespace {

/// A view over a cache as wrangler writes it.
class Bench final
{
public:
    Bench()
    {
        resource = session::dataResources({}, {}, m_folder.path().toStdString(), fs::path(m_folder.path().toStdString())).front();
        fs::create_directories(resource.values);
        m_database = std::move(*storage::Database::open(resource.file, storage::Database::Mode::Create));
        execute("CREATE TABLE _mf_entries (key TEXT PRIMARY KEY, blob_id TEXT NOT NULL, expiration INTEGER, metadata TEXT)");
    }
    void execute(const std::string &sql)
    {
        if (const auto done = m_database->execute(sql); !done)
            qFatal("%s", done.error().message.c_str());
    }
    void put(const std::string &url, const std::string &body, const std::string &expiration = "4102444800000")
    {
        const std::string blob = std::to_string(++m_blobs) + std::string(79, 'a');
        std::ofstream(resource.values / blob) << body;
        execute("INSERT INTO _mf_entries VALUES ('" + url + "', '" + blob + "', " + expiration
            + R"(, '{"headers":[["content-type","text/plain"],["cache-control","max-age=60"]],"status":200,"size":5}'))");
    }
    void open()
    {
        view = std::make_unique<ui::CacheView>(resource);
        view->resize(900, 500);
        view->show();
        QVERIFY(QTest::qWaitForWindowExposed(view.get()));
        table = view->findChild<ui::RowView *>();
    }
    QStringList urls() const
    {
        QStringList all;
        for (int row = 0; row < table->model()->rowCount(); ++row)
            all << table->model()->index(row, ui::CacheModel::Url).data().toString();
        return all;
    }
    void choose(int row, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::mouseClick(table->viewport(), Qt::LeftButton, modifiers, table->visualRect(table->model()->index(row, 0)).center());
    }
    void confirm() const
    {
        QPushButton *yes = nullptr;
        QTRY_VERIFY([&] {
            for (QPushButton *one : view->findChildren<QPushButton *>()) {
                if (one->isVisible() && one->isDefault())
                    yes = one;
            }
            return yes != nullptr;
        }());
        QTest::mouseClick(yes, Qt::LeftButton);
    }

    DataResource resource;
    std::unique_ptr<ui::CacheView> view;
    ui::RowView *table = nullptr;

private:
    QTemporaryDir m_folder;
    std::unique_ptr<storage::Database> m_database;
    int m_blobs = 0;
};

} // namespace

class TestCacheView final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(u"Cleat"_s);
        QCoreApplication::setApplicationName(u"Cleat"_s);
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
        ui::setupTheme(*qApp);
    }

    void listsLooksAndDeletes()
    {
        Bench bench;
        bench.put("http://localhost/a", "body of a");
        bench.put("http://localhost/b", "body of b", "1500.5"); // long past, and a REAL as the cache may have it
        bench.put("http://localhost/c", "body of c", "NULL");
        bench.open();
        const QAbstractItemModelTester tester(bench.table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTRY_COMPARE(bench.urls(), (QStringList{u"http://localhost/a"_s, u"http://localhost/b"_s, u"http://localhost/c"_s}));
        QCOMPARE(bench.table->model()->index(0, ui::CacheModel::Status).data().toString(), u"200"_s);
        QVERIFY(bench.table->model()->index(1, ui::CacheModel::Expires).data().toString().endsWith(u"ago"_s));
        bench.choose(0);
        auto *value = bench.view->findChild<ui::ValueView *>();
        QTRY_VERIFY(value->value() && *value->value() == "body of a");
        QCOMPARE(bench.view->findChild<QTableWidget *>()->rowCount(), 2);

        bench.choose(1, Qt::ControlModifier);
        QTest::keyClick(bench.table, Qt::Key_Delete);
        bench.confirm();
        QTRY_COMPARE(bench.urls(), QStringList{u"http://localhost/c"_s});
        QTRY_COMPARE(std::distance(fs::directory_iterator(bench.resource.values), {}), 1);
    }

    void filtersAndFollows()
    {
        Bench bench;
        bench.put("http://localhost/cat", "1");
        bench.put("http://localhost/dog", "2");
        bench.open();
        QTRY_COMPARE(bench.urls().size(), 2);
        QTest::keyClick(bench.table, Qt::Key_F, Qt::ControlModifier);
        QTest::keyClicks(bench.view->focusWidget(), u"cat"_s); // its own: another program may have the display's
        QTRY_COMPARE(bench.urls(), QStringList{u"http://localhost/cat"_s});
        bench.put("http://localhost/cats", "3");
        bench.view->poll();
        QTRY_COMPARE(bench.urls().size(), 2);
    }

    void clearsAll()
    {
        Bench bench;
        for (int i = 0; i < 20; ++i)
            bench.put("http://localhost/" + std::to_string(i), "x");
        bench.open();
        QTRY_COMPARE(bench.urls().size(), 20);
        for (QToolButton *button : bench.view->findChildren<QToolButton *>()) {
            if (button->defaultAction() && button->defaultAction()->text().startsWith(u"Clear"_s))
                QTest::mouseClick(button, Qt::LeftButton);
        }
        bench.confirm();
        QTRY_COMPARE(bench.urls().size(), 0);
    }
};

QTEST_MAIN(TestCacheView)
#include "t_cacheview.moc"
