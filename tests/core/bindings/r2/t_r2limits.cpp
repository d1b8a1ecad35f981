// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/r2/r2limits.h"

#include <QTest>

using namespace cleat::bindings::r2;

Q_DECLARE_METATYPE(cleat::bindings::r2::RangeRequest)
Q_DECLARE_METATYPE(cleat::bindings::r2::Conditions)

class R2LimitsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keys();
    void sizes();
    void metadata_data();
    void metadata();
    void ranges_data();
    void ranges();
    void conditions_data();
    void conditions();
};

namespace {

QByteArray textOf(const cleat::base::Result<void> &result)
{
    return result ? QByteArray("OK") : QByteArray::fromStdString(result.error().message);
}

} // namespace

void R2LimitsTest::keys()
{
    QCOMPARE(textOf(checkKey("put", "")), QByteArray("OK"));
    QCOMPARE(textOf(checkKey("put", std::string(1024, 'k'))), QByteArray("OK"));
    QCOMPARE(textOf(checkKey("head", std::string(1025, 'k'))), QByteArray("head: The specified object name is not valid. (10020)"));
}

void R2LimitsTest::sizes()
{
    QCOMPARE(textOf(checkSize("put", 5'363'466'240)), QByteArray("OK"));
    QCOMPARE(textOf(checkSize("put", 5'363'466'241)), QByteArray("put: Your proposed upload exceeds the maximum allowed object size. (100100)"));
}

void R2LimitsTest::metadata_data()
{
    QTest::addColumn<QByteArray>("custom");
    QTest::addColumn<QByteArray>("outcome");
    const QByteArray tooLarge = "put: Your metadata headers exceed the maximum allowed metadata size. (10012)";
    QTest::newRow("none") << QByteArray("{}") << QByteArray("OK");
    QTest::newRow("8192") << "{\"ab\":\"" + QByteArray(8190, 'x') + "\"}" << QByteArray("OK");
    QTest::newRow("8193") << "{\"ab\":\"" + QByteArray(8191, 'x') + "\"}" << tooLarge;
    QTest::newRow("Latin-1 counts once") << "{\"ab\":\"" + QByteArray("\xC3\xBF").repeated(8190) + "\"}" << QByteArray("OK");
    QTest::newRow("wider characters count twice") << "{\"ab\":\"" + QByteArray("\xE6\x97\xA5").repeated(4096) + "\"}" << tooLarge;
    QTest::newRow("not all of it") << "{\"ab\":\"" + QByteArray("\xE6\x97\xA5").repeated(4095) + "\"}" << QByteArray("OK");
    QTest::newRow("no object") << QByteArray("[]") << QByteArray("put: The custom metadata is not a JSON object. (10001)");
    QTest::newRow("no JSON") << QByteArray("{") << QByteArray("put: The custom metadata is not a JSON object. (10001)");
    QTest::newRow("a number") << QByteArray("{\"a\":1}") << QByteArray("put: The custom metadata \"a\" is not a text. (10001)");
}

void R2LimitsTest::metadata()
{
    QFETCH(QByteArray, custom);
    QFETCH(QByteArray, outcome);
    QCOMPARE(textOf(checkMetadata("put", "{}", custom.toStdString())), outcome);
}

void R2LimitsTest::ranges_data()
{
    using Number = std::optional<std::int64_t>;
    QTest::addColumn<RangeRequest>("request");
    QTest::addColumn<qint64>("size");
    QTest::addColumn<QByteArray>("outcome");
    const auto row = [](const char *name, Number offset, Number length, Number suffix, qint64 size, const char *outcome) {
        QTest::newRow(name) << RangeRequest{offset, length, suffix, {}} << size << QByteArray(outcome);
    };
    const auto header = [](const char *value, const char *outcome) { QTest::newRow(value) << RangeRequest{{}, {}, {}, value} << qint64(10) << QByteArray(outcome); };
    row("offset", 3, {}, {}, 10, "3+7");
    row("offset and length", 3, 2, {}, 10, "3+2");
    row("length", {}, 4, {}, 10, "0+4");
    row("suffix", {}, {}, 3, 10, "7+3");
    row("suffix beyond", {}, {}, 30, 10, "0+10");
    row("length beyond", 8, 30, {}, 10, "8+2");
    row("huge length", 8, 9'000'000'000'000'000, {}, 10, "8+2");
    row("offset at the end", 10, {}, {}, 10, "10039");
    row("offset beyond", 11, 1, {}, 10, "10039");
    row("no length", 1, 0, {}, 10, "10039");
    row("no suffix", {}, {}, 0, 10, "10039");
    row("of nothing", 0, {}, {}, 0, "10039");
    row("suffix of nothing", {}, {}, 5, 0, "10039");
    header("bytes=2-4", "2+3");
    header("bytes=2-", "2+8");
    header("bytes=-3", "7+3");
    header("BYTES = 2 - 4 ", "2+3");
    header("bytes=0-99", "0+10");
    for (const char *ignored : {"bytes=20-30", "bytes=0-1,3-4", "bytes=5-2", "lines=1-2", "bytes=", "", "bytes", "bytes=a-b", "bytes=-", "bytes=-0", "bytes=-10", "bytes=10-", "bytes=1-2-3", "bytes=99999999999999999999-"})
        header(ignored, "all");
}

void R2LimitsTest::ranges()
{
    QFETCH(RangeRequest, request);
    QFETCH(qint64, size);
    QFETCH(QByteArray, outcome);
    const auto range = resolveRange(request, size);
    const QByteArray shown = !range ? QByteArray::fromStdString(range.error().code.substr(3))
        : !*range                   ? QByteArray("all")
                                    : QByteArray::number(qint64((*range)->offset)) + '+' + QByteArray::number(qint64((*range)->length));
    QCOMPARE(shown, outcome);
}

void R2LimitsTest::conditions_data()
{
    QTest::addColumn<Conditions>("given");
    QTest::addColumn<bool>("object"); // etag "e", uploaded at 1500 ms
    QTest::addColumn<bool>("outcome");
    using Etags = std::optional<std::vector<Etag>>;
    const auto strong = [](const char *value) { return Etags({Etag{Etag::Kind::Strong, value}}); };
    const auto weak = [](const char *value) { return Etags({Etag{Etag::Kind::Weak, value}}); };
    const Etags any({Etag{Etag::Kind::Wildcard, {}}});
    QTest::newRow("none") << Conditions{} << true << true;
    QTest::newRow("matches") << Conditions{strong("e"), {}, {}, {}, false} << true << true;
    QTest::newRow("does not") << Conditions{strong("x"), {}, {}, {}, false} << true << false;
    QTest::newRow("a weak one never matches") << Conditions{weak("e"), {}, {}, {}, false} << true << false;
    QTest::newRow("any") << Conditions{any, {}, {}, {}, false} << true << true;
    QTest::newRow("any of nothing") << Conditions{any, {}, {}, {}, false} << false << false;
    QTest::newRow("differs") << Conditions{{}, strong("x"), {}, {}, false} << true << true;
    QTest::newRow("a weak one can be the same") << Conditions{{}, weak("e"), {}, {}, false} << true << false;
    QTest::newRow("none at all, of nothing") << Conditions{{}, any, {}, {}, false} << false << true;
    QTest::newRow("before") << Conditions{{}, {}, 1501, {}, false} << true << true;
    QTest::newRow("not before") << Conditions{{}, {}, 1500, {}, false} << true << false;
    QTest::newRow("after") << Conditions{{}, {}, {}, 1499, false} << true << true;
    QTest::newRow("not after") << Conditions{{}, {}, {}, 1500, false} << true << false;
    QTest::newRow("not after, in seconds") << Conditions{{}, {}, {}, 1499, true} << true << false;
    QTest::newRow("after, in seconds") << Conditions{{}, {}, {}, 999, true} << true << true;
    QTest::newRow("not before, in seconds") << Conditions{{}, {}, 1999, {}, true} << true << false;
    QTest::newRow("an etag that matches outdoes the time") << Conditions{strong("e"), {}, 1, {}, false} << true << true;
    QTest::newRow("one that differs, too") << Conditions{{}, strong("x"), {}, 9000, false} << true << true;
    QTest::newRow("before, of nothing") << Conditions{{}, {}, 1, {}, false} << false << true;
    QTest::newRow("after, of nothing") << Conditions{{}, {}, {}, 1, false} << false << false;
}

void R2LimitsTest::conditions()
{
    QFETCH(Conditions, given);
    QFETCH(bool, object);
    QFETCH(bool, outcome);
    const std::string etag = "e";
    const std::int64_t uploaded = 1500;
    QCOMPARE(holds(given, object ? &etag : nullptr, object ? &uploaded : nullptr), outcome);
}

QTEST_GUILESS_MAIN(R2LimitsTest)
#include "t_r2limits.moc"
