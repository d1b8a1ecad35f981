// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/kv/kvlimits.h"

#include <QTest>

#include <limits>

using namespace cleat;
using namespace cleat::bindings;

namespace {
using Number = std::optional<std::int64_t>;
constexpr std::int64_t now = 1'700'000'000;

template <typename T>
QByteArray outcome(const base::Result<T> &result)
{
    return result ? QByteArray("OK") : QByteArray::fromStdString(result.error().code + ": " + result.error().message);
}
} // namespace

Q_DECLARE_METATYPE(Number)

/// The texts are those of the real thing: wrangler 4.164, and the documented limits.
class KvLimitsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keys_data();
    void keys();
    void values_data();
    void values();
    void metadata_data();
    void metadata();
    void expiry_data();
    void expiry();
    void listOptions_data();
    void listOptions();
    void orderOfAsking();
};

void KvLimitsTest::keys_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("plain") << QByteArray("GET") << QByteArray("a") << QByteArray("OK");
    QTest::newRow("empty") << QByteArray("GET") << QByteArray("") << QByteArray("kv.key: Key name cannot be empty.");
    QTest::newRow("dot") << QByteArray("PUT") << QByteArray(".") << QByteArray("kv.key: \".\" is not allowed as a key name.");
    QTest::newRow("dots") << QByteArray("DELETE") << QByteArray("..") << QByteArray("kv.key: \"..\" is not allowed as a key name.");
    QTest::newRow("three dots") << QByteArray("GET") << QByteArray("...") << QByteArray("OK");
    QTest::newRow("512") << QByteArray("GET") << QByteArray(512, 'k') << QByteArray("OK");
    for (const char *method : {"GET", "PUT", "DELETE"}) {
        QTest::addRow("513 %s", method) << QByteArray(method) << QByteArray(513, 'k')
                                        << QByteArray("kv.limit: KV ") + method + " failed: 414 UTF-8 encoded length of 513 exceeds key length limit of 512.";
    }
    QTest::newRow("bytes count") << QByteArray("GET") << QByteArray("é").repeated(257)
                                 << QByteArray("kv.limit: KV GET failed: 414 UTF-8 encoded length of 514 exceeds key length limit of 512.");
}

void KvLimitsTest::keys()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, expected);
    QCOMPARE(outcome(kv::checkKey(method.toStdString(), key.toStdString())), expected);
}

void KvLimitsTest::values_data()
{
    QTest::addColumn<qulonglong>("size");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("empty") << 0ULL << QByteArray("OK");
    QTest::newRow("25 MiB") << 26214400ULL << QByteArray("OK");
    QTest::newRow("one more") << 26214401ULL << QByteArray("kv.limit: KV PUT failed: 413 Value length of 26214401 exceeds limit of 26214400.");
    QTest::newRow("much more") << 99999999999ULL << QByteArray("kv.limit: KV PUT failed: 413 Value length of 99999999999 exceeds limit of 26214400.");
}

void KvLimitsTest::values()
{
    QFETCH(qulonglong, size);
    QFETCH(QByteArray, expected);
    QCOMPARE(outcome(kv::checkPut(size, {}, now)), expected);
}

void KvLimitsTest::metadata_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("object") << QByteArray(R"({"a":[1,null,"é"]})") << QByteArray("OK");
    QTest::newRow("null") << QByteArray("null") << QByteArray("OK");
    QTest::newRow("1024") << '"' + QByteArray(1022, 'm') + '"' << QByteArray("OK");
    QTest::newRow("1025") << '"' + QByteArray(1023, 'm') + '"' << QByteArray("kv.limit: KV PUT failed: 413 Metadata length of 1025 exceeds limit of 1024.");
    QTest::newRow("bytes count") << '"' + QByteArray("é").repeated(512) + '"'
                                 << QByteArray("kv.limit: KV PUT failed: 413 Metadata length of 1026 exceeds limit of 1024.");
    QTest::newRow("no JSON") << QByteArray("{a}") << QByteArray("kv.option: KV PUT failed: 400 Metadata is not valid JSON.");
    QTest::newRow("nothing") << QByteArray("") << QByteArray("kv.option: KV PUT failed: 400 Metadata is not valid JSON.");
}

void KvLimitsTest::metadata()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, expected);
    QCOMPARE(outcome(kv::checkPut(0, {.expiration = {}, .expirationTtl = {}, .metadata = json.toStdString()}, now)), expected);
}

void KvLimitsTest::expiry_data()
{
    QTest::addColumn<Number>("expiration");
    QTest::addColumn<Number>("ttl");
    QTest::addColumn<Number>("stored");
    QTest::addColumn<QByteArray>("expected");
    const QByteArray put("kv.option: KV PUT failed: 400 ");
    const QByteArray range("kv.key: Value out of range. Must be between -2147483648 and 2147483647 (inclusive).");
    const auto row = [](const char *title, Number expiration, Number ttl, Number stored, const QByteArray &expected) {
        QTest::newRow(title) << expiration << ttl << stored << expected;
    };
    row("none", {}, {}, {}, "OK");
    row("ttl 60", {}, 60, now + 60, "OK");
    row("ttl 59", {}, 59, {}, put + "Invalid expiration_ttl of 59. Expiration TTL must be at least 60.");
    row("ttl 1", {}, 1, {}, put + "Invalid expiration_ttl of 1. Expiration TTL must be at least 60.");
    row("ttl 0", {}, 0, {}, put + "Invalid expiration_ttl of 0. Please specify integer greater than 0.");
    row("ttl -5", {}, -5, {}, put + "Invalid expiration_ttl of -5. Please specify integer greater than 0.");
    row("ttl greatest", {}, 2147483647, now + 2147483647, "OK");
    row("ttl out of range", {}, 2147483648, {}, range);
    row("at +60", now + 60, {}, now + 60, "OK");
    row("at +59", now + 59, {}, {}, put + "Invalid expiration of 1700000059. Expiration times must be at least 60 seconds in the future.");
    row("at +1", now + 1, {}, {}, put + "Invalid expiration of 1700000001. Expiration times must be at least 60 seconds in the future.");
    row("now", now, {}, {}, put + "Invalid expiration of 1700000000. Please specify integer greater than the current number of seconds since the UNIX epoch.");
    row("zero", 0, {}, {}, put + "Invalid expiration of 0. Please specify integer greater than the current number of seconds since the UNIX epoch.");
    row("milliseconds", now * 1000, {}, {}, range);
    row("far below", std::numeric_limits<std::int64_t>::min(), {}, {}, range);
    row("ttl wins", 5, 100, now + 100, "OK");
    row("ttl wins, but not over the type", now * 1000, 100, {}, range);
}

void KvLimitsTest::expiry()
{
    QFETCH(Number, expiration);
    QFETCH(Number, ttl);
    QFETCH(Number, stored);
    QFETCH(QByteArray, expected);
    const auto result = kv::checkPut(0, {.expiration = expiration, .expirationTtl = ttl, .metadata = {}}, now);
    QCOMPARE(outcome(result), expected);
    if (result)
        QVERIFY(*result == stored);
}

void KvLimitsTest::listOptions_data()
{
    QTest::addColumn<Number>("limit");
    QTest::addColumn<QByteArray>("prefix");
    QTest::addColumn<int>("effective");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("none") << Number() << QByteArray() << 1000 << QByteArray("OK");
    QTest::newRow("1") << Number(1) << QByteArray() << 1 << QByteArray("OK");
    QTest::newRow("0") << Number(0) << QByteArray() << 1000 << QByteArray("OK");
    QTest::newRow("-1") << Number(-1) << QByteArray() << 1000 << QByteArray("OK");
    QTest::newRow("1000") << Number(1000) << QByteArray() << 1000 << QByteArray("OK");
    QTest::newRow("1001") << Number(1001) << QByteArray() << 0
                          << QByteArray("kv.option: KV GET failed: 400 Invalid key_count_limit of 1001. Please specify an integer less than 1000.");
    QTest::newRow("out of range") << Number(1LL << 40) << QByteArray() << 0
                                  << QByteArray("kv.key: Value out of range. Must be between -2147483648 and 2147483647 (inclusive).");
    QTest::newRow("prefix 512") << Number() << QByteArray(512, 'p') << 1000 << QByteArray("OK");
    QTest::newRow("prefix 513") << Number() << QByteArray(513, 'p') << 0
                                << QByteArray("kv.limit: KV GET failed: 414 UTF-8 encoded length of 513 exceeds key length limit of 512.");
}

void KvLimitsTest::listOptions()
{
    QFETCH(Number, limit);
    QFETCH(QByteArray, prefix);
    QFETCH(int, effective);
    QFETCH(QByteArray, expected);
    const auto result = kv::checkList({.prefix = prefix.toStdString(), .limit = limit, .cursor = {}});
    QCOMPARE(outcome(result), expected);
    if (result)
        QCOMPARE(*result, effective);
}

void KvLimitsTest::orderOfAsking()
{
    const std::string longMetadata = '"' + std::string(2000, 'm') + '"';
    QVERIFY(outcome(kv::checkPut(kv::maxValueBytes + 1, {.expiration = {}, .expirationTtl = 1, .metadata = longMetadata}, now)).contains("expiration_ttl"));
    QVERIFY(outcome(kv::checkPut(kv::maxValueBytes + 1, {.expiration = {}, .expirationTtl = {}, .metadata = longMetadata}, now)).contains("Metadata length"));
    QVERIFY(outcome(kv::checkPut(kv::maxValueBytes + 1, {}, now)).contains("Value length"));
}

QTEST_GUILESS_MAIN(KvLimitsTest)
#include "t_kvlimits.moc"
