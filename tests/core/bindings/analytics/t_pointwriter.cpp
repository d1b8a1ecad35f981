// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/analytics/pointwriter.h"

#include <QDateTime>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include <limits>
#include <mutex>
#include <thread>

using namespace cleat;
using namespace cleat::bindings::analytics;

namespace {

std::int64_t number(const std::filesystem::path &file, const std::string &sql)
{
    auto database = storage::Database::open(file, storage::Database::Mode::Existing);
    if (!database)
        return -1;
    auto statement = (*database)->statement(sql);
    if (!statement || !statement->step())
        return -2;
    return statement->integer(0);
}

DataPoint point(std::string_view index, double value)
{
    DataPoint made;
    made.timeMs = 1'790'000'000'000;
    made.addIndex(index);
    made.addDouble(value);
    made.addBlob("a");
    made.addBlob("b");
    return made;
}

void quiet(const base::Error &error)
{
    qWarning("%s", error.message.c_str());
}

} // namespace

class PointWriterTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void limits()
    {
        const auto why = [](const DataPoint &made) {
            const auto fine = made.check();
            return fine ? std::string() : fine.error().message;
        };
        DataPoint full;
        full.addIndex(std::string(96, 'i'));
        for (int i = 0; i < 20; ++i) {
            full.addDouble(i);
            full.addBlob(std::string(800, 'b'));
        }
        QCOMPARE(why(full), std::string());
        QCOMPARE(full.blob(19), std::string_view(std::string(800, 'b')));
        QCOMPARE(full.number(19), 19.0);
        QCOMPARE(full.blob(20), std::string_view());
        DataPoint more = full;
        more.addBlob("");
        QCOMPARE(why(more), std::string("writeDataPoint(): Maximum of 20 blobs supported."));
        more = full;
        more.addDouble(1);
        QCOMPARE(why(more), std::string("writeDataPoint(): Maximum of 20 doubles supported."));
        DataPoint two;
        two.addIndex("a");
        two.addIndex("b");
        QCOMPARE(why(two), std::string("writeDataPoint(): Maximum of 1 indexes supported."));
        DataPoint longIndex;
        longIndex.addIndex(std::string(97, 'i'));
        QCOMPARE(why(longIndex), std::string("writeDataPoint(): Size of indexes[0] exceeds 96 bytes)."));
        DataPoint heavy;
        heavy.addBlob(std::string(8000, 'x'));
        heavy.addBlob(std::string(8000, 'x'));
        QCOMPARE(why(heavy), std::string());
        heavy.addBlob("x");
        QCOMPARE(why(heavy), std::string("writeDataPoint(): Cumulative size of blobs exceeds 16000 bytes)."));
        QCOMPARE(why(DataPoint()), std::string());
    }

    void names()
    {
        const std::filesystem::path state = "/s";
        QCOMPARE(datasetFile(state, "clicks")->string(), std::string("/s/v3/analytics-engine/clicks.sqlite"));
        QCOMPARE(datasetFile(state, "a/b.c %\xc3\xa9")->string(), std::string("/s/v3/analytics-engine/a%2Fb%2Ec%20%25%C3%A9.sqlite"));
        QCOMPARE(datasetFile(state, "..")->string(), std::string("/s/v3/analytics-engine/%2E%2E.sqlite"));
        QCOMPARE(datasetFile(state, "").error().code, std::string("analytics.dataset"));
        QCOMPARE(datasetFile(state, std::string(241, 'x')).error().code, std::string("analytics.dataset"));
    }

    void written()
    {
        const QTemporaryDir folder;
        const std::filesystem::path state = folder.path().toStdString();
        {
            PointWriter writer(state, quiet);
            const auto clicks = writer.dataset("clicks");
            QCOMPARE(writer.dataset("clicks"), clicks);
            writer.write(clicks, point("i", 1.5));
            writer.write(writer.dataset("a/b"), DataPoint());
            DataPoint strange;
            strange.addDouble(std::numeric_limits<double>::quiet_NaN());
            strange.addDouble(std::numeric_limits<double>::infinity());
            strange.addBlob(std::string_view("\0\xff", 2));
            writer.write(clicks, std::move(strange));
            writer.flush();
            const auto file = *datasetFile(state, "clicks");
            QCOMPARE(number(file, "SELECT count(*) FROM points WHERE index1 = 'i' AND blob1 = 'a' AND blob2 = 'b' AND blob20 = '' AND double1 = 1.5 AND double2 = 0 AND sample_interval = 1 AND time_ms = 1790000000000"), 1);
            QCOMPARE(number(file, "SELECT count(*) FROM points WHERE double1 IS NULL AND double2 = 9e999 AND length(CAST(blob1 AS BLOB)) = 2"), 1);
            writer.write(clicks, point("i", 2));
        } // what is left is written at the end
        QCOMPARE(number(*datasetFile(state, "clicks"), "SELECT count(*) FROM points"), 3);
        QCOMPARE(datasets(state), (std::vector<std::string>{"a/b", "clicks"}));
    }

    /// Several threads at once, more than the queue holds in one go.
    void many()
    {
        const QTemporaryDir folder;
        const std::filesystem::path state = folder.path().toStdString();
        constexpr int each = 20'000;
        {
            PointWriter writer(state, quiet);
            std::vector<std::thread> threads;
            for (int t = 0; t < 4; ++t) {
                threads.emplace_back([&writer, t] {
                    const auto dataset = writer.dataset(t % 2 ? "odd" : "even");
                    for (int i = 0; i < each; ++i)
                        writer.write(dataset, point(std::to_string(t), i));
                });
            }
            for (auto &thread : threads)
                thread.join();
        }
        for (const char *name : {"odd", "even"}) {
            const auto file = *datasetFile(state, name);
            QCOMPARE(number(file, "SELECT count(*) FROM points"), 2 * each);
            QCOMPARE(number(file, "SELECT count(DISTINCT index1 || ' ' || double1) FROM points"), 2 * each);
        }
    }

    /// Points of a busy index stand for others; those of a quiet one for themselves. The sums are exact.
    void sampled()
    {
        const QTemporaryDir folder;
        const std::filesystem::path state = folder.path().toStdString();
        {
            PointWriter writer(state, quiet, {100});
            const auto dataset = writer.dataset("d");
            for (int i = 0; i < 10'000; ++i)
                writer.write(dataset, point("busy", i));
            writer.write(dataset, point("quiet", 1));
        }
        const auto file = *datasetFile(state, "d");
        QCOMPARE(number(file, "SELECT sum(sample_interval) FROM points WHERE index1 = 'busy'"), 10'000);
        QVERIFY(number(file, "SELECT count(*) FROM points WHERE index1 = 'busy'") < 1000);
        QCOMPARE(number(file, "SELECT sum(sample_interval) FROM points WHERE index1 = 'quiet'"), 1);
    }

    void tooOld()
    {
        const QTemporaryDir folder;
        const std::filesystem::path state = folder.path().toStdString();
        const auto file = *datasetFile(state, "d");
        const std::int64_t now = QDateTime::currentMSecsSinceEpoch();
        const auto at = [](std::int64_t time) {
            DataPoint made;
            made.timeMs = time;
            return made;
        };
        for (int run = 0; run < 2; ++run) {
            PointWriter writer(state, quiet);
            writer.write(writer.dataset("d"), at(now - retentionMs - 1000));
            writer.write(writer.dataset("d"), at(now));
        }
        QCOMPARE(number(file, "SELECT count(*) FROM points"), 3); // what was too old at the second start went then
    }

    void notToBeWritten()
    {
        const QTemporaryDir folder;
        const std::filesystem::path state = folder.path().toStdString();
        std::filesystem::create_directories(state / "v3");
        QFile file(QString::fromStdString((state / "v3" / "analytics-engine").string())); // where the folder belongs
        QVERIFY(file.open(QIODevice::WriteOnly));
        std::mutex mutex;
        std::vector<base::Error> errors;
        {
            PointWriter writer(state, [&](const base::Error &error) {
                const std::lock_guard lock(mutex);
                errors.push_back(error);
            });
            writer.write(writer.dataset("d"), point("i", 1));
            writer.write(writer.dataset("d"), point("i", 2));
            writer.flush();
        }
        QVERIFY(!errors.empty());
        QCOMPARE(errors[0].code, std::string("analytics.lost"));
        QVERIFY2(errors[0].message.contains("the dataset d could not be kept"), errors[0].message.c_str());
    }

    /// kill -9: what was written more than a moment before is there, and the file is whole.
    void killed()
    {
        const QTemporaryDir folder;
        const std::filesystem::path state = folder.path().toStdString();
        int ends[2];
        QCOMPARE(::pipe(ends), 0);
        const pid_t child = ::fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            PointWriter writer(state, quiet);
            const auto dataset = writer.dataset("d");
            for (int i = 0; i < 1000; ++i)
                writer.write(dataset, point("first", i));
            writer.flush();
            if (::write(ends[1], "x", 1) != 1)
                ::_exit(1);
            for (int i = 0;; ++i)
                writer.write(dataset, point("then", i));
        }
        char byte = 0;
        QCOMPARE(::read(ends[0], &byte, 1), 1);
        ::kill(child, SIGKILL);
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        ::close(ends[0]);
        ::close(ends[1]);
        const auto file = *datasetFile(state, "d");
        QCOMPARE(number(file, "SELECT count(*) FROM points WHERE index1 = 'first'"), 1000);
        QCOMPARE(number(file, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
        QCOMPARE(number(file, "SELECT count(*) = ifnull(max(double1) + 1, 0) FROM points WHERE index1 = 'then'"), 1); // none is missing in between
        PointWriter writer(state, quiet);
        writer.write(writer.dataset("d"), point("after", 1));
        writer.flush();
        QCOMPARE(number(file, "SELECT count(*) FROM points WHERE index1 = 'after'"), 1);
    }
};

QTEST_GUILESS_MAIN(PointWriterTest)
#include "t_pointwriter.moc"
