// SPDX-License-Identifier: GPL-3.0-or-later
// The Data pane over large stores: how long it takes until their first rows show, to the end and back, how long a frame takes while scrolling, and how much memory the
// program then has. Figures are printed; only a release build on a quiet machine says something by them. CLEAT_DATA_SIZE=full makes the stores that the figures of the
// README are about: 1,000,000 keys, 500,000 objects, 10,000,000 rows; else they have a fiftieth of it.
#include "core/base/file.h"
#include "core/session/dataresources.h"
#include "tests/ui/windowbench.h"
#include "ui/data/datapane.h"
#include "ui/widgets/rowview.h"

#include <QElapsedTimer>
#include <QLineEdit>
#include <QScrollBar>
#include <QSettings>

#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <random>

using namespace cleat;
using namespace Qt::StringLiterals;
using session::DataResource;
using tests::WindowBench;

namespace {

constexpr const char *wranglerToml = R"(name = "large"
pages_build_output_dir = "public"
compatibility_date = "2026-01-01"
kv_namespaces = [ { binding = "KEYS", id = "many" } ]
r2_buckets = [ { binding = "FILES", bucket_name = "many" }, { binding = "FLAT", bucket_name = "flat" } ]
[[d1_databases]]
binding = "ROWS"
database_name = "many"
database_id = "many"
)";

qint64 scaled(qint64 full)
{
    return qgetenv("CLEAT_DATA_SIZE") == "full" ? full : full / 50;
}

/// Runs the SQL on a new file, without what makes it safe: it is made once and read only.
void make(const std::filesystem::path &file, const std::string &sql)
{
    std::filesystem::create_directories(file.parent_path());
    sqlite3 *db = nullptr;
    char *message = nullptr;
    if (sqlite3_open(file.c_str(), &db) != SQLITE_OK
        || sqlite3_exec(db, ("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;" + sql + "; PRAGMA wal_checkpoint(TRUNCATE)").c_str(), nullptr, nullptr, &message) != SQLITE_OK)
        qFatal("%s: %s", file.c_str(), message ? message : sqlite3_errmsg(db));
    sqlite3_close(db);
}

std::string series(qint64 count)
{
    return "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " + std::to_string(count) + ") ";
}

qint64 residentKb()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:"))
            return std::stoll(line.substr(6));
    }
    return 0;
}

/// The table of the view that is shown.
ui::RowView *shownTable(const WindowBench &bench)
{
    for (ui::RowView *view : bench.window->findChildren<ui::RowView *>()) {
        if (view->isVisible() && view->model() && view->model()->rowCount() > 0)
            return view;
    }
    return nullptr;
}

/// Whether every row that is to be seen has a text in some column.
bool isFilled(const ui::RowView &view)
{
    const QAbstractItemModel &model = *view.model();
    for (int row = view.firstRow(); row <= view.lastRow(); ++row) {
        bool some = false;
        for (int column = 0; column < model.columnCount() && !some; ++column)
            some = !model.index(row, column).data().toString().isEmpty();
        if (!some)
            return false;
    }
    return view.lastRow() >= view.firstRow();
}

/// Lets the window work until the condition holds; gives the longest time that it was away from its events.
template <typename Condition>
qint64 workUntil(Condition condition, qint64 *longestUs = nullptr)
{
    QElapsedTimer total;
    total.start();
    while (!condition() && total.elapsed() < 60'000) {
        QElapsedTimer one;
        one.start();
        QCoreApplication::processEvents(QEventLoop::AllEvents);
        if (longestUs)
            *longestUs = std::max(*longestUs, one.nsecsElapsed() / 1000);
    }
    return total.elapsed();
}

} // namespace

class TestDataSize final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;
    std::unique_ptr<WindowBench> m_bench;

    DataResource find(DataResource::Kind kind, const std::string &id) const
    {
        for (const DataResource &one : m_bench->session->dataResources()) {
            if (one.kind == kind && one.id == id)
                return one;
        }
        return {};
    }

private Q_SLOTS:
    void initTestCase()
    {
        tests::prepareWindows(m_settings.path());
        QSettings().clear();
        m_bench = std::make_unique<WindowBench>(WindowBench::Start::No, WindowBench::Content::Empty);
        m_bench->write("wrangler.toml", wranglerToml);
        QTRY_COMPARE(m_bench->session->config().status(), session::ConfigStore::Status::Readable);

        const DataResource keys = find(DataResource::Kind::Kv, "many");
        std::filesystem::create_directories(keys.values);
        const std::string blob(80, 'a'); // all keys have the same value: this is about rows
        QVERIFY(base::writeFileAtomically(keys.values / blob, "value"));
        make(keys.file,
            "CREATE TABLE _mf_entries (key TEXT PRIMARY KEY, blob_id TEXT NOT NULL, expiration INTEGER, metadata TEXT);"
            "CREATE INDEX _mf_entries_expiration_idx ON _mf_entries(expiration);"
                + series(scaled(1'000'000)) + "INSERT INTO _mf_entries SELECT printf('user:%04d:key:%08d', i / 1000, i), '" + blob
                + "', CASE WHEN i % 7 = 0 THEN 4102444800000 END, CASE WHEN i % 5 = 0 THEN '{\"n\":' || i || '}' END FROM n");
        for (const char *bucket : {"many", "flat"}) {
            const DataResource files = find(DataResource::Kind::R2, bucket);
            std::filesystem::create_directories(files.values);
            QVERIFY(base::writeFileAtomically(files.values / blob, "value"));
            const std::string name = bucket == std::string_view("many") ? "printf('%04d/%03d/photo-%08d.jpg', i % 5000, i % 50, i)" : "printf('photo-%08d.jpg', i)";
            make(files.file,
                "CREATE TABLE _mf_objects (key TEXT PRIMARY KEY, blob_id TEXT, version TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, uploaded INTEGER NOT NULL, "
                "checksums TEXT NOT NULL, http_metadata TEXT NOT NULL, custom_metadata TEXT NOT NULL);"
                "CREATE TABLE _mf_multipart_uploads (upload_id TEXT PRIMARY KEY, key TEXT NOT NULL, http_metadata TEXT NOT NULL, custom_metadata TEXT NOT NULL, state TINYINT "
                "DEFAULT 0 NOT NULL);"
                "CREATE TABLE _mf_multipart_parts (upload_id TEXT NOT NULL REFERENCES _mf_multipart_uploads(upload_id), part_number INTEGER NOT NULL, blob_id TEXT NOT NULL, size "
                "INTEGER NOT NULL, etag TEXT NOT NULL, checksum_md5 TEXT NOT NULL, object_key TEXT REFERENCES _mf_objects(key) DEFERRABLE INITIALLY DEFERRED, PRIMARY KEY "
                "(upload_id, part_number));"
                    + series(scaled(500'000)) + "INSERT INTO _mf_objects SELECT " + name + ", '" + blob
                    + "', printf('%032x', i), 5, '2063c1608d6e0baf80249c42e2be5804', 1790000000000 + i, '{}', '{\"contentType\":\"image/jpeg\"}', '{}' FROM n");
        }
        make(find(DataResource::Kind::D1, "many").file,
            "CREATE TABLE events (id INTEGER PRIMARY KEY, name TEXT NOT NULL, value REAL, at TEXT);" + series(scaled(10'000'000))
                + "INSERT INTO events SELECT i + 1, 'event number ' || i, i * 0.5, '2026-11-28 12:00:00' FROM n");
    }

    void cleanupTestCase() { m_bench.reset(); }

    void showsAndScrolls_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("item");
        QTest::addColumn<qint64>("rows");
        QTest::newRow("1,000,000 keys") << static_cast<int>(DataResource::Kind::Kv) << u"many"_s << QString() << scaled(1'000'000);
        QTest::newRow("5,000 folders of 500,000 objects") << static_cast<int>(DataResource::Kind::R2) << u"many"_s << QString() << std::min<qint64>(5000, scaled(500'000));
        QTest::newRow("500,000 objects in one folder") << static_cast<int>(DataResource::Kind::R2) << u"flat"_s << QString() << scaled(500'000);
        QTest::newRow("10,000,000 rows") << static_cast<int>(DataResource::Kind::D1) << u"many"_s << u"events"_s << scaled(10'000'000);
    }
    void showsAndScrolls()
    {
        QFETCH(int, kind);
        QFETCH(QString, id);
        QFETCH(QString, item);
        QFETCH(qint64, rows);
        m_bench->openWindow();
        m_bench->press(Qt::Key_2, Qt::ControlModifier);
        auto *pane = m_bench->window->findChild<ui::DataPane *>();
        QVERIFY(pane);
        // Another store first, so that the click below is what opens this one.
        QVERIFY(pane->showItem(DataResource::Kind::Cache, "default"));
        workUntil([&] { return !shownTable(*m_bench); });

        qint64 longest = 0;
        QElapsedTimer timer;
        timer.start();
        QVERIFY(pane->showItem(static_cast<DataResource::Kind>(kind), id.toStdString(), item));
        ui::RowView *table = nullptr;
        workUntil([&] { return (table = shownTable(*m_bench)) && isFilled(*table); }, &longest);
        QVERIFY(table);
        QVERIFY(isFilled(*table));
        const qint64 firstMs = timer.elapsed();
        const qint64 countMs = firstMs + workUntil([&] { return table->model()->rowCount() == rows; }, &longest);
        QCOMPARE(table->model()->rowCount(), static_cast<int>(rows));

        timer.restart();
        table->setFocus();
        table->setCurrentIndex(table->model()->index(0, 0));
        QTest::keyClick(table, Qt::Key_End, Qt::ControlModifier);
        workUntil([&] { return table->lastRow() == rows - 1 && isFilled(*table); }, &longest);
        QVERIFY(isFilled(*table));
        const qint64 endMs = timer.elapsed();

        timer.restart();
        table->verticalScrollBar()->setValue(static_cast<int>(rows / 2));
        workUntil([&] { return isFilled(*table); }, &longest);
        QVERIFY(isFilled(*table));
        const qint64 middleMs = timer.elapsed();

        // A drag of the bar through the whole list, and then the wheel.
        qint64 frame = 0;
        std::mt19937 random(1);
        const auto scroll = [&](qint64 to) {
            QElapsedTimer one;
            one.start();
            table->verticalScrollBar()->setValue(static_cast<int>(std::clamp<qint64>(to, 0, rows)));
            table->viewport()->repaint();
            QCoreApplication::processEvents();
            frame = std::max(frame, one.nsecsElapsed() / 1000);
        };
        for (int i = 0; i <= 200; ++i)
            scroll(rows * i / 200);
        for (int i = 0; i < 200; ++i)
            scroll(std::uniform_int_distribution<qint64>(0, rows)(random));
        for (int i = 0; i < 300; ++i)
            scroll(i * 3);
        timer.restart();
        workUntil([&] { return isFilled(*table); }, &frame);
        QVERIFY(isFilled(*table));
        qInfo("%s: first rows %lld ms, all counted %lld ms, to the end %lld ms, to the middle %lld ms, longest turn while opening %.1f ms, longest frame %.1f ms, settled %lld ms "
              "later, memory %lld MiB",
            QTest::currentDataTag(), static_cast<long long>(firstMs), static_cast<long long>(countMs), static_cast<long long>(endMs), static_cast<long long>(middleMs),
            static_cast<double>(longest) / 1000, static_cast<double>(frame) / 1000, static_cast<long long>(timer.elapsed()), static_cast<long long>(residentKb() / 1024));
    }

    void prefixSearch()
    {
        m_bench->openWindow();
        m_bench->press(Qt::Key_2, Qt::ControlModifier);
        auto *pane = m_bench->window->findChild<ui::DataPane *>();
        QVERIFY(pane->showItem(DataResource::Kind::Kv, "many"));
        ui::RowView *table = nullptr;
        workUntil([&] { return (table = shownTable(*m_bench)) && isFilled(*table) && table->model()->rowCount() == scaled(1'000'000); });
        QVERIFY(table);
        QLineEdit *prefix = nullptr;
        for (QLineEdit *edit : pane->findChildren<QLineEdit *>()) {
            if (edit->isVisible() && edit->accessibleName() == u"Filter"_s)
                prefix = edit;
        }
        QVERIFY(prefix);
        QElapsedTimer timer;
        timer.start();
        prefix->setFocus();
        QTest::keyClicks(prefix, u"user:0019:"_s, Qt::NoModifier, 0);
        const int found = static_cast<int>(std::min<qint64>(1000, scaled(1'000'000) - 19'000));
        workUntil([&] { return table->model()->rowCount() == found && isFilled(*table); });
        QCOMPARE(table->model()->rowCount(), found);
        qInfo("prefix: %lld ms", static_cast<long long>(timer.elapsed()));
    }
};

QTEST_MAIN(TestDataSize)
#include "t_datasize.moc"
