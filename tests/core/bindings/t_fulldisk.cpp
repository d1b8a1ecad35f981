// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/bindings/fulldisk.h"

#include "core/base/bytes.h"
#include "core/bindings/cache/httpcache.h"
#include "core/bindings/d1/d1database.h"
#include "core/bindings/kv/kvnamespace.h"
#include "core/bindings/r2/r2bucket.h"

#include <QByteArray>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

using namespace cleat;

namespace {

const std::string url = "http://full.test/";
constexpr std::int64_t far = 4'000'000'000'000;

/// One kind of store with an entry "old" in it.
class Store
{
public:
    virtual ~Store() = default;
    /// Empty, or the error.
    virtual std::optional<base::Error> write(const std::string &value) = 0;
    /// What is there, read by an object that was not there when it was written.
    virtual std::string read() const = 0;
};

std::optional<base::Error> outcome(const auto &result)
{
    return result ? std::optional<base::Error>() : std::optional<base::Error>(result.error());
}

std::string all(bindings::r2::ObjectReader &reader)
{
    std::string text;
    while (reader.left() > 0) {
        const auto piece = reader.read(100'000);
        if (!piece)
            return piece.error().message;
        text += *piece;
    }
    return text;
}

std::string all(const storage::BlobReader &blob, std::int64_t size)
{
    std::string text(static_cast<std::size_t>(size), '\0');
    const auto read = blob.read(0, std::as_writable_bytes(std::span(text)));
    return read ? text : read.error().message;
}

class KvStore final : public Store
{
public:
    explicit KvStore(std::filesystem::path state) : m_state(std::move(state)), m_space(m_state, "full") {}
    std::optional<base::Error> write(const std::string &value) override { return outcome(m_space.put("key", base::asBytes(value), {})); }
    std::string read() const override
    {
        const auto entry = bindings::kv::KvNamespace(m_state, "full").read("key");
        return !entry ? entry.error().message : *entry ? *(*entry)->value : "(none)";
    }

private:
    const std::filesystem::path m_state;
    bindings::kv::KvNamespace m_space;
};

class R2Store final : public Store
{
public:
    enum class Way { Whole, Pieces, Parts };
    R2Store(std::filesystem::path state, Way way) : m_state(std::move(state)), m_way(way), m_bucket(m_state, "full") {}
    std::optional<base::Error> write(const std::string &value) override
    {
        if (m_way == Way::Whole)
            return outcome(m_bucket.put("key", base::asBytes(value), {}));
        std::string upload;
        if (m_way == Way::Parts) {
            auto id = m_bucket.createMultipartUpload("key");
            if (!id)
                return id.error();
            upload = *id;
        }
        auto writer = m_bucket.write(m_way == Way::Parts ? "uploadPart" : "put");
        if (!writer)
            return writer.error();
        for (std::size_t at = 0; at < value.size(); at += 1000) {
            if (const auto written = writer->write(base::asBytes(std::string_view(value).substr(at, 1000))); !written)
                return written.error();
        }
        if (m_way == Way::Pieces)
            return outcome(m_bucket.put("key", std::move(*writer), {}));
        const auto etag = m_bucket.uploadPart("key", upload, 1, std::move(*writer));
        return etag ? outcome(m_bucket.completeMultipartUpload("key", upload, {{1, *etag}})) : outcome(etag);
    }
    std::string read() const override
    {
        bindings::r2::R2Bucket bucket(m_state, "full");
        auto got = bucket.get("key");
        if (!got || !*got)
            return got ? "(none)" : got.error().message;
        return (*got)->whole ? *(*got)->whole : all(*(*got)->value);
    }

private:
    const std::filesystem::path m_state;
    const Way m_way;
    bindings::r2::R2Bucket m_bucket;
};

/// A batch of three statements: its value is in one row, and again in another table.
class D1Store final : public Store
{
public:
    explicit D1Store(std::filesystem::path state) : m_state(std::move(state)), m_database(m_state, "full") {}
    std::optional<base::Error> write(const std::string &value) override
    {
        const std::vector<bindings::d1::Query> batch{{"CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, v TEXT)", {}}, {"INSERT OR REPLACE INTO t VALUES (1, ?)", {value}},
            {"INSERT OR REPLACE INTO t VALUES (2, ?)", {value}}};
        return outcome(m_database.run(batch));
    }
    std::string read() const override
    {
        bindings::d1::D1Database database(m_state, "full");
        const std::vector<bindings::d1::Query> query{{"SELECT v FROM t ORDER BY id", {}}};
        const auto answer = database.run(query);
        if (!answer)
            return answer.error().message;
        const auto &rows = answer->results.back().rows;
        if (rows.cells.size() != 2 || rows.text(rows.cells[0]) != rows.text(rows.cells[1]))
            return "(torn)";
        return std::string(rows.text(rows.cells[0]));
    }

private:
    const std::filesystem::path m_state;
    bindings::d1::D1Database m_database;
};

class CacheStore final : public Store
{
public:
    explicit CacheStore(std::filesystem::path state) : m_state(std::move(state)), m_cache(m_state, "") {}
    std::optional<base::Error> write(const std::string &value) override
    {
        auto body = m_cache.write();
        if (!body)
            return body.error();
        if (const auto written = body->write(base::asBytes(value)); !written)
            return written.error();
        return outcome(m_cache.put(url, {}, std::move(*body), far));
    }
    std::string read() const override
    {
        auto found = bindings::cache::HttpCache(m_state, "").match(url);
        if (!found || !*found)
            return found ? "(none)" : found.error().message;
        return (*found)->whole ? *(*found)->whole : (*found)->blob ? all(*(*found)->blob, (*found)->head.size) : "(missing) " + (*found)->missing.string();
    }

private:
    const std::filesystem::path m_state;
    bindings::cache::HttpCache m_cache;
};

using Maker = std::function<std::unique_ptr<Store>(const std::filesystem::path &)>;

} // namespace

Q_DECLARE_METATYPE(Maker)

/// A write onto a full disk fails whole, whatever it is that does not fit any more: what was there stays, the message names a file and says what to do, and when there
/// is space again the same object goes on.
class FullDiskTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void failsWhole_data()
    {
        QTest::addColumn<Maker>("maker");
        QTest::addColumn<int>("size"); // of the value
        QTest::addColumn<int>("step");
        const Maker kv = [](const auto &state) { return std::make_unique<KvStore>(state); };
        const auto r2 = [](R2Store::Way way) -> Maker { return [way](const auto &state) { return std::make_unique<R2Store>(state, way); }; };
        const Maker d1 = [](const auto &state) { return std::make_unique<D1Store>(state); };
        const Maker cache = [](const auto &state) { return std::make_unique<CacheStore>(state); };
        for (const auto &[name, maker] : {std::pair("KV", kv), std::pair("R2", r2(R2Store::Way::Whole)), std::pair("R2, in pieces", r2(R2Store::Way::Pieces)),
                 std::pair("R2, in parts", r2(R2Store::Way::Parts)), std::pair("D1", d1), std::pair("Cache", cache)}) {
            QTest::addRow("%s, small", name) << maker << 100 << 512;
            QTest::addRow("%s, large", name) << maker << 200'000 << 9'000;
        }
    }

    void failsWhole()
    {
        QFETCH(Maker, maker);
        QFETCH(int, size);
        QFETCH(int, step);
        QTemporaryDir dir;
        int failures = 0;
        int successes = 0;
        // More space each time, until it is enough for the whole of the write.
        for (int left = 0; successes < 3 && left < 10'000'000; left += step) {
            const std::filesystem::path state = dir.filePath(QString::number(left)).toStdString();
            const std::string old = "old " + std::string(static_cast<std::size_t>(size), 'o');
            const std::string fresh = "new " + std::string(static_cast<std::size_t>(size), 'n');
            const auto store = maker(state);
            QVERIFY(!store->write(old));
            std::optional<base::Error> error;
            std::string there;
            {
                const FullDisk disk(left);
                error = store->write(fresh);
                QVERIFY2(!error || FullDisk::refused() > 0, error ? error->message.c_str() : "");
                there = store->read();
            }
            if (error) {
                ++failures;
                successes = 0;
                QVERIFY2(error->message.contains(dir.path().toStdString()), error->message.c_str());
                QVERIFY2(error->message.contains("No space left on device"), error->message.c_str());
                QVERIFY2(error->message.contains("Free some space and try again."), error->message.c_str());
                QVERIFY2(there == old, there.substr(0, 300).c_str());
            } else {
                ++successes;
                QVERIFY2(there == fresh, there.substr(0, 300).c_str());
            }
            // There is space again.
            QCOMPARE(store->read(), error ? old : fresh);
            const auto again = store->write("again");
            QVERIFY2(!again, again ? again->message.c_str() : "");
            QCOMPARE(store->read(), std::string("again"));
            std::filesystem::remove_all(state);
        }
        QVERIFY(failures > 0);
        QCOMPARE(successes, 3);
        qInfo("%d amounts of space were too small", failures);
    }
};

QTEST_GUILESS_MAIN(FullDiskTest)
#include "t_fulldisk.moc"
