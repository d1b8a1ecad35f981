// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/vectorize/vectorindex.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <limits>
#include <sys/wait.h>
#include <unistd.h>

using namespace cleat;
using namespace cleat::bindings::vectorize;

namespace {

Vector vector(const std::string &id, std::vector<float> values, std::optional<std::string> metadata = {}, std::optional<std::string> nameSpace = {})
{
    return {id, std::move(values), std::move(nameSpace), std::move(metadata)};
}

class Bench final
{
public:
    explicit Bench(std::uint32_t dimensions = 3, Metric metric = Metric::Cosine, Version version = Version::V2) : index(path(), "test")
    {
        IndexConfig config;
        config.name = "test";
        config.dimensions = dimensions;
        config.metric = metric;
        config.version = version;
        const auto made = createIndex(path(), config);
        if (!made)
            qFatal("%s", made.error().message.c_str());
    }
    std::filesystem::path path() const { return m_dir.path().toStdString(); }

private:
    QTemporaryDir m_dir; // before the index

public:
    VectorIndex index;
};

using Ids = std::vector<std::string>;

Ids idsOf(const base::Result<Matches> &matches)
{
    if (!matches)
        return {matches.error().code + ": " + matches.error().message};
    Ids ids;
    for (const Match &match : matches->matches)
        ids.push_back(match.id);
    return ids;
}

QueryOptions filtered(const std::string &filter)
{
    QueryOptions options;
    options.filter = filter;
    return options;
}

std::string errorOf(const auto &result)
{
    return result ? "none" : result.error().code + ": " + result.error().message;
}

/// The five vectors of the guide.
const std::vector<Vector> products{vector("1", {32.4F, 74.1F, 3.2F}, R"({"url":"/products/sku/13913913","streaming_platform":"netflix","n":1})"),
    vector("2", {15.1F, 19.2F, 15.8F}, R"({"url":"/products/sku/10148191","streaming_platform":"hbo","n":2})"),
    vector("3", {0.16F, 1.2F, 3.8F}, R"({"url":"/products/sku/97913813","streaming_platform":"amazon","n":3})"),
    vector("4", {75.1F, 67.1F, 29.9F}, R"({"url":"/products/sku/418313","streaming_platform":"netflix","deep":{"er":true}})"),
    vector("5", {58.8F, 6.7F, 3.4F}, R"({"url":"/products/sku/55519183","streaming_platform":"hbo"})")};

} // namespace

class TestVectorIndex final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void indexes()
    {
        QTemporaryDir dir;
        const std::filesystem::path state = dir.path().toStdString();
        QCOMPARE(listIndexes(state).value(), std::vector<IndexConfig>());
        IndexConfig config;
        config.name = "b";
        config.dimensions = 1536;
        config.metric = Metric::DotProduct;
        config.description = "words";
        const auto made = createIndex(state, config);
        QVERIFY(made && made->createdMs > 0);
        config.name = "a";
        QVERIFY(createIndex(state, config));
        QCOMPARE(errorOf(createIndex(state, config)), std::string("vectorize.exists: There is a local Vectorize index \"a\" already."));
        const auto all = listIndexes(state).value();
        QCOMPARE(all.size(), 2U);
        QCOMPARE(all[1], *made);
        for (const std::uint32_t wrong : {0U, 1537U}) {
            config.name = "c";
            config.dimensions = wrong;
            QCOMPARE(createIndex(state, config).error().code, std::string("vectorize.dimensions"));
        }
        config.dimensions = 2;
        for (const std::string &wrong : {std::string(), std::string("../x"), std::string("a b"), std::string(65, 'x')}) {
            config.name = wrong;
            QCOMPARE(createIndex(state, config).error().code, std::string("vectorize.name"));
        }
        QVERIFY(deleteIndex(state, "a"));
        QCOMPARE(deleteIndex(state, "a").error().code, std::string("vectorize.missing"));
        QCOMPARE(listIndexes(state).value().size(), 1U);
        VectorIndex missing(state, "a");
        QVERIFY(errorOf(missing.describe()).find("cleat vectorize create a --dimensions=") != std::string::npos);
    }

    void writesAndReads()
    {
        Bench bench;
        QCOMPARE(bench.index.describe()->vectors, 0U);
        QCOMPARE(bench.index.describe()->mutation, std::string());
        const auto inserted = bench.index.insert(products);
        QVERIFY2(inserted, errorOf(inserted).c_str());
        QCOMPARE(inserted->ids, (Ids{"1", "2", "3", "4", "5"}));
        QCOMPARE(bench.index.describe()->vectors, 5U);
        QCOMPARE(bench.index.describe()->mutation, inserted->id);
        // Ids that are there stay as they are, the others come.
        QCOMPARE(bench.index.insert(std::vector{vector("1", {1, 1, 1}), vector("6", {1, 2, 3}, {}, "ns")})->ids, (Ids{"6"}));
        const Ids asked{"6", "nothing", "1"};
        const auto got = bench.index.getByIds(asked);
        QVERIFY(got);
        QCOMPARE(got->size(), 2U);
        QCOMPARE((*got)[0], vector("6", {1, 2, 3}, {}, "ns"));
        QCOMPARE((*got)[1], products[0]);
        // An upsert replaces as a whole.
        QCOMPARE(bench.index.upsert(std::vector{vector("1", {9, 9, 9}), vector("7", {7, 7, 7})})->ids, (Ids{"1", "7"}));
        QCOMPARE(bench.index.getByIds(Ids{"1"})->front(), vector("1", {9, 9, 9}));
        QCOMPARE(bench.index.deleteByIds(Ids{"1", "none", "7"})->ids, (Ids{"1", "7"}));
        QCOMPARE(bench.index.describe()->vectors, 5U);
        const auto first = bench.index.list(3);
        QCOMPARE(first->ids, (Ids{"2", "3", "4"}));
        QCOMPARE(first->total, 5U);
        QVERIFY(first->next);
        const auto rest = bench.index.list(3, *first->next);
        QCOMPARE(rest->ids, (Ids{"5", "6"}));
        QVERIFY(!rest->next);
    }

    void queries()
    {
        Bench bench;
        QVERIFY(bench.index.insert(products));
        QueryOptions options;
        options.topK = 3;
        const auto matches = bench.index.query(std::vector<float>{54.8F, 5.5F, 3.1F}, options);
        QCOMPARE(idsOf(matches), (Ids{"5", "4", "2"}));
        QCOMPARE(QString::number(matches->matches[0].score, 'f', 5), u"0.99991"_qs); // as in the documentation
        QCOMPARE(QString::number(matches->matches[1].score, 'f', 5), u"0.78985"_qs);
        QVERIFY(matches->matches[0].values.empty() && !matches->matches[0].metadata);
        options.returnValues = ReturnValues::Yes;
        options.returnMetadata = ReturnMetadata::All;
        const auto whole = bench.index.query(std::vector<float>{54.8F, 5.5F, 3.1F}, options);
        QCOMPARE(whole->matches[0].values, products[4].values);
        QCOMPARE(whole->matches[0].metadata, products[4].metadata);
        QCOMPARE(idsOf(bench.index.queryById("5", {})), (Ids{"5", "4", "2", "1", "3"}));
        QCOMPARE(bench.index.queryById("5", {})->matches[0].score, 1.0);
        QCOMPARE(idsOf(bench.index.queryById("none", {})), Ids());
    }

    void metrics()
    {
        const std::vector<Vector> some{vector("near", {1, 1}), vector("far", {10, 10}), vector("other", {-1, 1})};
        Bench euclidean(2, Metric::Euclidean);
        QVERIFY(euclidean.index.insert(some));
        const auto distances = euclidean.index.query(std::vector<float>{1, 2}, {});
        QCOMPARE(idsOf(distances), (Ids{"near", "other", "far"}));
        QCOMPARE(distances->matches[0].score, 1.0);
        Bench dot(2, Metric::DotProduct);
        QVERIFY(dot.index.insert(some));
        const auto products = dot.index.query(std::vector<float>{1, 2}, {});
        QCOMPARE(idsOf(products), (Ids{"far", "near", "other"}));
        QCOMPARE(products->matches[0].score, -30.0);
    }

    void namespaces()
    {
        Bench bench(2);
        QVERIFY(bench.index.insert(std::vector{vector("a", {1, 0}, {}, "text"), vector("b", {1, 0.1F}, {}, "images"), vector("c", {1, 0.2F})}));
        QueryOptions options;
        QCOMPARE(idsOf(bench.index.query(std::vector<float>{1, 0}, options)), (Ids{"a", "b", "c"}));
        options.nameSpace = "images";
        const auto found = bench.index.query(std::vector<float>{1, 0}, options);
        QCOMPARE(idsOf(found), (Ids{"b"}));
        QCOMPARE(found->matches[0].nameSpace, std::optional<std::string>("images"));
        options.nameSpace = "none";
        QCOMPARE(idsOf(bench.index.query(std::vector<float>{1, 0}, options)), Ids());
        options.nameSpace = std::string(65, 'n');
        QCOMPARE(bench.index.query(std::vector<float>{1, 0}, options).error().code, std::string("vectorize.40009"));
    }

    void metadataIndexes()
    {
        Bench bench;
        const std::vector<float> query{54.8F, 5.5F, 3.1F};
        QVERIFY(bench.index.createMetadataIndex("streaming_platform", PropertyType::String));
        QCOMPARE(errorOf(bench.index.createMetadataIndex("streaming_platform", PropertyType::Number)),
            std::string("vectorize.property: There is a metadata index for \"streaming_platform\" already."));
        for (const char *wrong : {"", "a..b", "$a", "a\"b", ".a"})
            QCOMPARE(bench.index.createMetadataIndex(wrong, PropertyType::Number).error().code, std::string("vectorize.property"));
        QVERIFY(bench.index.insert(products));
        QCOMPARE(idsOf(bench.index.query(query, filtered(R"({"streaming_platform":"netflix"})"))), (Ids{"4", "1"}));
        QCOMPARE(idsOf(bench.index.query(query, filtered(R"({"streaming_platform":{"$in":["hbo","amazon"]}})"))), (Ids{"5", "2", "3"}));
        // A property without an index: nobody has a value there.
        const auto unindexed = bench.index.query(query, filtered(R"({"n":{"$gt":1}})"));
        QCOMPARE(idsOf(unindexed), Ids());
        QCOMPARE(unindexed->unindexed, (std::vector<std::string>{"n"}));
        // What was written before the index was made has no value there until it is written again.
        QVERIFY(bench.index.createMetadataIndex("n", PropertyType::Number));
        QVERIFY(bench.index.createMetadataIndex("deep.er", PropertyType::Boolean));
        QCOMPARE(idsOf(bench.index.query(query, filtered(R"({"n":{"$gt":1}})"))), Ids());
        QVERIFY(bench.index.upsert(products));
        QCOMPARE(idsOf(bench.index.query(query, filtered(R"({"n":{"$gt":1}})"))), (Ids{"2", "3"}));
        QCOMPARE(idsOf(bench.index.query(query, filtered(R"({"deep.er":true})"))), (Ids{"4"}));
        QCOMPARE(idsOf(bench.index.query(query, filtered(R"({"deep.er":{"$ne":true},"streaming_platform":"netflix"})"))), (Ids{"1"}));
        QueryOptions options = filtered(R"({"deep.er":true})");
        options.returnMetadata = ReturnMetadata::Indexed;
        QCOMPARE(bench.index.query(query, options)->matches[0].metadata, std::optional<std::string>(R"({"streaming_platform":"netflix","deep":{"er":true}})"));
        // One that is made again does not know what the old one knew.
        QVERIFY(bench.index.deleteMetadataIndex("n"));
        QCOMPARE(bench.index.deleteMetadataIndex("n").error().code, std::string("vectorize.property"));
        QVERIFY(bench.index.createMetadataIndex("n", PropertyType::Number));
        QCOMPARE(idsOf(bench.index.query(query, filtered(R"({"n":{"$gt":1}})"))), Ids());
        for (int i = 3; i < 10; ++i)
            QVERIFY(bench.index.createMetadataIndex("p" + std::to_string(i), PropertyType::Number));
        QVERIFY(errorOf(bench.index.createMetadataIndex("eleven", PropertyType::Number)).find("10 metadata indexes at most") != std::string::npos);
        QCOMPARE(bench.index.metadataIndexes()->size(), 10U);
    }

    void longValuesOfAMetadataIndex()
    {
        Bench bench(1);
        QVERIFY(bench.index.createMetadataIndex("t", PropertyType::String));
        const std::string beginning(64, 'x');
        QVERIFY(bench.index.insert(std::vector{vector("a", {1}, "{\"t\":\"" + beginning + "rest\"}")}));
        QCOMPARE(idsOf(bench.index.query(std::vector<float>{1}, filtered("{\"t\":\"" + beginning + "\"}"))), (Ids{"a"}));
        QCOMPARE(idsOf(bench.index.query(std::vector<float>{1}, filtered("{\"t\":\"" + beginning + "another\"}"))), (Ids{"a"}));
    }

    void refused()
    {
        Bench bench;
        const auto upsert = [&](Vector one) { return errorOf(bench.index.upsert(std::vector{std::move(one)})); };
        QCOMPARE(upsert(vector("a", {1, 2})), std::string("vectorize.40012: invalid vector for id=\"a\", expected 3 dimensions, and got 2 dimensions"));
        QCOMPARE(upsert(vector(std::string(65, 'i'), {1, 2, 3})), std::string("vectorize.40008: id too long; max is 64 bytes, got 65 bytes"));
        QVERIFY(upsert(vector("", {1, 2, 3})).find("no id") != std::string::npos);
        QCOMPARE(upsert(vector("a", {1, 2, 3}, {}, std::string(65, 'n'))), std::string("vectorize.40009: namespace too long; max is 64 bytes, got 65 bytes"));
        for (const float wrong : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})
            QVERIFY(upsert(vector("a", {1, wrong, 3})).starts_with("vectorize.40023: failed to parse upsert vectors request: values[1]"));
        QVERIFY(upsert(vector("a", {1, 2, 3}, "{\"t\":\"" + std::string(10240, 'm') + "\"}")).find("metadata too large") != std::string::npos);
        QVERIFY(upsert(vector("a", {1, 2, 3}, "[1]")).find("must be an object") != std::string::npos);
        for (const char *wrong : {R"({"a.b":1})", "{\"\":1}", R"({"$a":1})", "{\"a\\\"\":1}", R"({"a":{"b.c":1}})"})
            QVERIFY(upsert(vector("a", {1, 2, 3}, wrong)).starts_with("vectorize.40018: invalid metadata key"));
        QVERIFY(errorOf(bench.index.insert(std::vector{vector("a", {1, 2, 3}), vector("a", {1, 2, 3})})).find("duplicate id=\"a\" in one insert") != std::string::npos);
        std::vector<Vector> many;
        for (int i = 0; i < 1001; ++i)
            many.push_back(vector(std::to_string(i), {1, 2, 3}));
        QCOMPARE(errorOf(bench.index.insert(many)), std::string("vectorize.40007: too many vectors in payload; max vector count is 1000, got 1001"));
        QCOMPARE(errorOf(bench.index.getByIds(Ids(21, "x"))), std::string("vectorize.40007: too many ids in payload; max id count is 20, got 21"));
        QCOMPARE(errorOf(bench.index.deleteByIds(Ids(101, "x"))), std::string("vectorize.40007: too many ids in payload; max id count is 100, got 101"));
        QCOMPARE(errorOf(bench.index.query(std::vector<float>{}, {})), std::string("vectorize.40006: invalid query vector, expected 3 dimensions, and got 0 dimensions"));
        QVERIFY(errorOf(bench.index.query(std::vector<float>{1, 2, std::numeric_limits<float>::quiet_NaN()}, {})).starts_with("vectorize.40026: "));
        QueryOptions options;
        options.topK = 101;
        QVERIFY(errorOf(bench.index.query(std::vector<float>{1, 2, 3}, options)).starts_with("vectorize.40025: max top K is 100"));
        options.topK = 51;
        QVERIFY(bench.index.query(std::vector<float>{1, 2, 3}, options));
        options.returnValues = ReturnValues::Yes;
        QCOMPARE(errorOf(bench.index.query(std::vector<float>{1, 2, 3}, options)),
            std::string("vectorize.40025: with returnValues=true or returnMetadata=all, max top K is 50, but got 51; for a top K up to 100, retry with returnValues=false and "
                        "returnMetadata=indexed"));
        for (const double wrong : {0.0, -1.0, 1.5, std::numeric_limits<double>::quiet_NaN()}) {
            options.topK = wrong;
            QVERIFY(errorOf(bench.index.query(std::vector<float>{1, 2, 3}, options)).starts_with("vectorize.40026: "));
        }
        QVERIFY(errorOf(bench.index.query(std::vector<float>{1, 2, 3}, filtered(R"({"a":{"$like":1}})"))).find("unknown operator") != std::string::npos);
        QCOMPARE(bench.index.describe()->vectors, 0U); // nothing of all that was written
    }

    void firstVersion()
    {
        Bench bench(3, Metric::Cosine, Version::V1);
        QCOMPARE(bench.index.insert(products)->ids.size(), 5U);
        QVERIFY(errorOf(bench.index.insert(std::vector{vector("new", {1, 2, 3}), vector("1", {1, 2, 3})})).find("id=\"1\" exists already") != std::string::npos);
        QCOMPARE(bench.index.describe()->vectors, 5U); // all or none
        // It filters by the metadata itself.
        QCOMPARE(idsOf(bench.index.query(std::vector<float>{54.8F, 5.5F, 3.1F}, filtered(R"({"streaming_platform":"hbo"})"))), (Ids{"5", "2"}));
        QueryOptions options;
        options.topK = 21;
        QVERIFY(errorOf(bench.index.query(std::vector<float>{1, 2, 3}, options)).find("max top K is 20") != std::string::npos);
    }

    /// Objects of one process and of others see what each of them writes, at once.
    void severalWriters()
    {
        Bench bench(2);
        // The other process is there before anything is open here, as SQLite wants it, and works when it is told to.
        int go[2];
        QCOMPARE(::pipe(go), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            char byte = 0;
            ::close(go[1]);
            VectorIndex mine(bench.path(), "test");
            const bool fine = ::read(go[0], &byte, 1) == 1 && mine.deleteByIds(Ids{"b"}) && mine.insert(std::vector{vector("c", {1, 0})});
            ::_exit(fine ? 0 : 1);
        }
        VectorIndex other(bench.path(), "test");
        QVERIFY(bench.index.insert(std::vector{vector("a", {1, 0})}));
        QCOMPARE(idsOf(other.query(std::vector<float>{1, 0}, {})), (Ids{"a"}));
        QVERIFY(other.upsert(std::vector{vector("a", {0, 1}), vector("b", {1, 0})}));
        QCOMPARE(idsOf(bench.index.query(std::vector<float>{1, 0}, {})), (Ids{"b", "a"}));
        QCOMPARE(::write(go[1], "g", 1), static_cast<ssize_t>(1));
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QCOMPARE(status, 0);
        QCOMPARE(idsOf(bench.index.query(std::vector<float>{1, 0}, {})), (Ids{"c", "a"}));
        QCOMPARE(idsOf(other.query(std::vector<float>{1, 0}, {})), (Ids{"c", "a"}));
        // The last one goes: nothing newer tells of it.
        QVERIFY(other.deleteByIds(Ids{"c"}));
        QCOMPARE(idsOf(bench.index.query(std::vector<float>{1, 0}, {})), (Ids{"a"}));
    }

    void deletedAndMadeAgain()
    {
        Bench bench(2);
        QVERIFY(bench.index.insert(std::vector{vector("a", {1, 0})}));
        QCOMPARE(idsOf(bench.index.query(std::vector<float>{1, 0}, {})), (Ids{"a"}));
        QVERIFY(deleteIndex(bench.path(), "test"));
        QCOMPARE(bench.index.query(std::vector<float>{1, 0}, {}).error().code, std::string("vectorize.missing"));
        IndexConfig config;
        config.name = "test";
        config.dimensions = 1;
        QVERIFY(createIndex(bench.path(), config));
        QVERIFY(bench.index.insert(std::vector{vector("b", {1})}));
        QCOMPARE(idsOf(bench.index.query(std::vector<float>{1}, {})), (Ids{"b"}));
    }

    /// What was answered is there after a kill -9 in the middle of the next call.
    void killed()
    {
        Bench bench(64);
        int told[2];
        QCOMPARE(::pipe(told), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            VectorIndex mine(bench.path(), "test");
            for (int i = 0;; ++i) {
                std::vector<Vector> batch;
                for (int k = 0; k < 20; ++k)
                    batch.push_back(vector(std::to_string(i) + '-' + std::to_string(k), std::vector<float>(64, static_cast<float>(i + 1)), R"({"i":1})"));
                if (!mine.upsert(batch) || ::write(told[1], &i, sizeof i) != sizeof i)
                    ::_exit(1);
            }
        }
        ::close(told[1]);
        int last = -1;
        for (int i = 0; i < 30; ++i)
            QCOMPARE(::read(told[0], &last, sizeof last), static_cast<ssize_t>(sizeof last));
        ::kill(child, SIGKILL);
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status));
        while (::read(told[0], &last, sizeof last) == static_cast<ssize_t>(sizeof last)) {
        }
        ::close(told[0]);
        const auto described = bench.index.describe();
        QVERIFY(described);
        // All of each batch or none, and each that was answered; the one that ran may be there.
        QCOMPARE(described->vectors % 20, 0U);
        QVERIFY(described->vectors >= static_cast<std::uint64_t>(last + 1) * 20);
        for (int i = 0; i <= last; ++i)
            QCOMPARE(bench.index.getByIds(Ids{std::to_string(i) + "-19"})->size(), 1U);
        QCOMPARE(bench.index.query(std::vector<float>(64, 1), {})->matches.size(), 5U);
    }
};

QTEST_APPLESS_MAIN(TestVectorIndex)
#include "t_vectorindex.moc"
