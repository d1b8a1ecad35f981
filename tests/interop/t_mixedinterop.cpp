// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/bindings/cache/httpcache.h"
#include "core/bindings/d1/d1database.h"
#include "core/bindings/kv/kvnamespace.h"
#include "core/bindings/r2/r2bucket.h"
#include "tests/core/bindings/survival.h"
#include "tests/interop/wranglerdev.h"

#include <QDir>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <thread>

using namespace cleat;
using namespace Qt::StringLiterals;

namespace {

constexpr std::array kinds = {"kv", "kv read", "r2", "r2 read", "d1", "d1 read", "cache", "cache read"};

std::string valueOf(int n, char letter)
{
    return std::to_string(n) + ':' + std::string(n % 19 == 0 ? 100'000U : static_cast<std::size_t>(n % 97 * 13), letter);
}

/// All four kinds on the state that wrangler has open.
struct Backends {
    explicit Backends(const std::filesystem::path &state) : kv(state, "survival"), r2(state, "survival"), d1(state, "survival"), cache(state, "") {}

    QString put(const QByteArray &kind, const std::string &key, const std::string &value, int n)
    {
        const auto shown = [](const auto &result) { return result ? QString() : QString::fromStdString(result.error().message); };
        if (kind == "kv")
            return shown(kv.put(key, base::asBytes(value), {}));
        if (kind == "r2")
            return shown(r2.put(key, base::asBytes(value)));
        if (kind == "d1") {
            const std::vector<bindings::d1::Query> queries{{"INSERT INTO mixed VALUES ('ours', ?)", {double(n)}}};
            return shown(d1.run(queries));
        }
        auto writer = cache.write();
        if (!writer)
            return shown(writer);
        if (auto written = writer->write(base::asBytes(value)); !written)
            return shown(written);
        return shown(cache.put("http://mixed.test/" + key, {200, {{"cache-control", "max-age=3600"}}, 0}, std::move(*writer), base::wallMs() + 3'600'000));
    }

    /// nullopt when it is not there.
    base::Result<std::optional<std::string>> get(const QByteArray &kind, const std::string &key)
    {
        if (kind == "kv") {
            auto entry = kv.read(key);
            if (!entry)
                return std::unexpected(entry.error());
            return *entry ? std::optional(*(*entry)->value) : std::nullopt;
        }
        if (kind == "r2") {
            auto got = r2.get(key);
            if (!got)
                return std::unexpected(got.error());
            if (!*got)
                return std::nullopt;
            return (*got)->whole ? base::Result<std::string>(*(*got)->whole) : (*got)->value->read(static_cast<std::size_t>((*got)->value->left()));
        }
        auto match = cache.match("http://mixed.test/" + key);
        if (!match)
            return std::unexpected(match.error());
        if (!*match)
            return std::nullopt;
        if ((*match)->whole)
            return *(*match)->whole;
        if (!(*match)->blob)
            return base::fail("test", "The body is not there: " + (*match)->missing.string());
        std::string bytes(static_cast<std::size_t>((*match)->blob->size()), '\0');
        if (auto read = (*match)->blob->read(0, std::as_writable_bytes(std::span(bytes))); !read)
            return std::unexpected(read.error());
        return bytes;
    }

    bindings::kv::KvNamespace kv;
    bindings::r2::R2Bucket r2;
    bindings::d1::D1Database d1;
    bindings::cache::HttpCache cache;
};

/// Which numbers one side was told that it wrote last under each key, and all rows.
struct Acknowledged {
    std::map<std::pair<QByteArray, std::string>, int> last;
    std::vector<int> rows;
};

} // namespace

/// Everything at once: Cleat's backends and the real wrangler on one state folder.
class MixedInteropTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_wrangler.reset(); }
    void theyReadWhatCrashesLeft();
    void mixed();
    void refusalsBesideATightLoop_data();
    void refusalsBesideATightLoop();

private:
    QJsonArray run(const QStringList &what, int first, int count);
    QByteArray post(const QString &path, const QJsonDocument &body);

    QTemporaryDir m_dir;
    QNetworkAccessManager m_network;
    std::unique_ptr<WranglerDev> m_wrangler;
    std::filesystem::path m_state;
    std::unique_ptr<Survival> m_survival;
};

void MixedInteropTest::initTestCase()
{
    QVERIFY2(WranglerDev::missing().isEmpty(), qPrintable(WranglerDev::missing()));
    const QString project = m_dir.filePath(u"project"_s);
    QVERIFY(WranglerDev::copyProject(project));
    QVERIFY(QDir(m_dir.path()).mkdir(u"home"_s));
    m_state = (project + u"/.wrangler/state"_s).toStdString();
    // Processes of ours that were killed while they wrote, before wrangler opens what they left.
    m_survival = std::make_unique<Survival>(m_state, 4711);
    for (int i = 0; i < 40; ++i) {
        const QString wrong = m_survival->round();
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
    {
        const std::vector<bindings::d1::Query> make{{"CREATE TABLE mixed (side TEXT, n INTEGER)", {}}};
        Backends backends(m_state);
        QVERIFY(backends.d1.run(make));
    }
    m_wrangler = std::make_unique<WranglerDev>(project, m_dir.filePath(u"home"_s));
    QVERIFY2(m_wrangler->start(), m_wrangler->output().constData());
}

QByteArray MixedInteropTest::post(const QString &path, const QJsonDocument &body)
{
    QNetworkRequest request(QUrl(m_wrangler->url() + path));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    const std::unique_ptr<QNetworkReply> reply(m_network.post(request, body.toJson(QJsonDocument::Compact)));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 120'000))
        return {};
    return reply->readAll();
}

/// [[kind, number, outcome], ...]
QJsonArray MixedInteropTest::run(const QStringList &what, int first, int count)
{
    const QByteArray answer = post(u"/mixed"_s, QJsonDocument(QJsonObject{{u"kinds"_s, QJsonArray::fromStringList(what)}, {u"first"_s, first}, {u"count"_s, count}}));
    const QJsonArray results = QJsonDocument::fromJson(answer).object()[u"results"_s].toArray();
    if (results.isEmpty())
        qWarning("wrangler answered: %s", answer.constData());
    return results;
}

void MixedInteropTest::theyReadWhatCrashesLeft()
{
    QJsonArray r2Calls;
    QJsonArray cacheCalls;
    QStringList expectedObjects;
    QStringList expectedEntries;
    const auto text = [](const std::optional<int> &n) { return n ? QString::fromStdString(Survival::value(*n)) : u"(none)"_s; };
    for (const auto &[place, number] : m_survival->known()) {
        const auto &[kind, slot] = place;
        const QString key = QString::fromStdString(Survival::key(slot));
        if (kind == Survival::Kind::Object || kind == Survival::Kind::Parts) {
            r2Calls.append(QJsonObject{{u"do"_s, u"get"_s}, {u"key"_s, kind == Survival::Kind::Parts ? u"parts/"_s + key : key}});
            expectedObjects << text(number);
        } else if (kind == Survival::Kind::Cache) {
            cacheCalls.append(QJsonObject{{u"do"_s, u"match"_s}, {u"url"_s, QString::fromStdString(Survival::url(slot))}});
            expectedEntries << text(number);
        } else if (kind == Survival::Kind::Kv) {
            const QJsonObject answer = QJsonDocument::fromJson(post(u"/kv"_s, QJsonDocument(QJsonObject{{u"do"_s, u"get"_s}, {u"namespace"_s, u"MIXED_KV"_s}, {u"key"_s, key}}))).object();
            const QJsonValue result = answer[u"result"_s];
            QCOMPARE(result.isObject() ? QString::fromUtf8(QByteArray::fromBase64(result["value"_L1].toString().toLatin1())) : u"(none)"_s, text(number));
        }
    }
    const auto texts = [](const QByteArray &answer) {
        QStringList list;
        for (const QJsonValue &outcome : QJsonDocument::fromJson(answer).array())
            list << (outcome["result"_L1].isObject() ? outcome["result"_L1]["text"_L1].toString() : outcome["result"_L1].isNull() ? u"(none)"_s : outcome["error"_L1].toString());
        return list;
    };
    QCOMPARE(texts(post(u"/r2"_s, QJsonDocument(QJsonObject{{u"bucket"_s, u"MIXED_R2"_s}, {u"calls"_s, r2Calls}}))), expectedObjects);
    QCOMPARE(texts(post(u"/cache"_s, QJsonDocument(cacheCalls))), expectedEntries);
    QVERIFY(expectedObjects.size() + expectedEntries.size() > 10);
}

void MixedInteropTest::mixed()
{
    constexpr int each = 5000;
    constexpr int batch = 100;
    Backends backends(m_state);
    std::atomic<int> theyDid{0};
    Acknowledged ours;
    QStringList failures;
    std::thread writer([&] {
        Backends own(m_state);
        for (int n = 0; n < each; ++n) {
            // In bursts, about as far as the other side is.
            while (n % 50 == 0 && n > theyDid + 2 * batch)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            const QByteArray kind = kinds[static_cast<std::size_t>(n) % kinds.size()];
            const std::string side = n % 3 || kind == "cache" ? "ours/" + std::to_string(n % 25) : "both/" + std::to_string(n % 10);
            if (!kind.endsWith(" read")) {
                if (const QString failure = own.put(kind, side, valueOf(n, 'o'), n); !failure.isEmpty())
                    failures << QString::fromLatin1(kind) + u": "_s + failure;
                else if (kind == "d1")
                    ours.rows.push_back(n);
                else
                    ours.last[{kind, side}] = n;
                continue;
            }
            const QByteArray base = kind.left(kind.indexOf(' '));
            if (base == "d1") {
                const std::vector<bindings::d1::Query> count{{"SELECT count(*) FROM mixed", {}}};
                if (const auto outcome = own.d1.run(count); !outcome)
                    failures << u"d1 read: "_s + QString::fromStdString(outcome.error().message);
                continue;
            }
            const auto found = own.get(base, "theirs/" + std::to_string(n % 25));
            if (!found)
                failures << QString::fromLatin1(kind) + u": "_s + QString::fromStdString(found.error().message);
            else if (*found && **found != valueOf(std::stoi(**found), 't'))
                failures << QString::fromLatin1(kind) + u": torn: "_s + QString::fromStdString((*found)->substr(0, 30));
        }
    });

    QElapsedTimer timer;
    timer.start();
    Acknowledged theirs;
    std::map<QString, std::pair<int, int>> rates; // refused, of
    QStringList torn;
    QStringList names;
    for (const char *kind : kinds)
        names << QString::fromLatin1(kind);
    for (int first = 0; first < each; first += batch) {
        for (const QJsonValue &result : run(names, first, batch)) {
            const QString kind = result[0].toString();
            const int n = result[1].toInt();
            auto &[refused, of] = rates[kind];
            ++of;
            if (result[2].isBool() && result[2].toBool()) {
                if (kind == u"d1"_s)
                    theirs.rows.push_back(n);
                else if (!kind.endsWith(u" read"_s))
                    theirs.last[{kind.toLatin1(), n % 3 || kind == u"cache"_s ? "theirs/" + std::to_string(n % 25) : "both/" + std::to_string(n % 10)}] = n;
                continue;
            }
            ++refused;
            if (result[2].toString().startsWith(u"torn"_s))
                torn << kind + u": "_s + result[2].toString();
        }
        theyDid = first + batch;
    }
    writer.join();
    QVERIFY2(failures.isEmpty(), qPrintable(failures.mid(0, 5).join(u'\n')));
    QVERIFY2(torn.isEmpty(), qPrintable(torn.mid(0, 5).join(u'\n')));

    int refusedInAll = 0;
    for (const auto &[kind, rate] : rates) {
        refusedInAll += rate.first;
        qInfo("wrangler was refused %d of %d: %s", rate.first, rate.second, qPrintable(kind));
    }
    qInfo("%d operations of Cleat's, none refused, and %d of wrangler's, %d refused, in %lld ms", each, each, refusedInAll, static_cast<long long>(timer.elapsed()));

    for (const auto &[acknowledged, letter] : {std::pair(&ours, 'o'), std::pair(&theirs, 't')}) {
        const Acknowledged &other = acknowledged == &ours ? theirs : ours;
        for (const auto &[place, n] : acknowledged->last) {
            const auto found = backends.get(place.first, place.second);
            QVERIFY2(found, found ? "" : found.error().message.c_str());
            const auto there = found->value_or("(none)");
            const auto rival = other.last.find(place);
            const bool theOther = rival != other.last.end() && there == valueOf(rival->second, letter == 'o' ? 't' : 'o');
            // A write that wrangler reported as refused may have come through: its own number then is higher than the last that it acknowledged.
            const bool unacknowledged = there.find(':') != std::string::npos && there.ends_with('t') && std::stoi(there) > n && there == valueOf(std::stoi(there), 't');
            QVERIFY2(there == valueOf(n, letter) || theOther || unacknowledged,
                qPrintable(QStringLiteral("%1 %2: %3 was acknowledged, there is %4").arg(QString::fromLatin1(place.first), QString::fromStdString(place.second)).arg(n).arg(QString::fromStdString(there.substr(0, 20)))));
        }
    }
    const std::vector<bindings::d1::Query> rows{{"SELECT n FROM mixed WHERE side = 'ours' ORDER BY n", {}}, {"SELECT n FROM mixed WHERE side = 'theirs' ORDER BY n", {}}};
    const auto outcome = backends.d1.run(rows);
    QVERIFY(outcome);
    for (const auto &[result, acknowledged] : {std::pair(0U, &ours), std::pair(1U, &theirs)}) {
        std::vector<int> there;
        for (const auto &cell : outcome->results[result].rows.cells)
            there.push_back(static_cast<int>(cell.type == bindings::d1::Cell::Type::Real ? cell.real : static_cast<double>(cell.integer)));
        QCOMPARE(there, acknowledged->rows);
    }
}

void MixedInteropTest::refusalsBesideATightLoop_data()
{
    QTest::addColumn<QByteArray>("kind");
    for (const char *kind : {"kv", "r2", "d1", "cache"})
        QTest::newRow(kind) << QByteArray(kind);
}

/// The worst case: Cleat writes as fast as it can while wrangler, which has no busy timeout, writes too.
void MixedInteropTest::refusalsBesideATightLoop()
{
    QFETCH(QByteArray, kind);
    std::atomic<bool> end{false};
    std::atomic<int> written{0};
    QString failure;
    std::atomic<bool> failed{false};
    std::promise<void> ended;
    auto writerEnded = ended.get_future();
    const std::jthread writer([&] {
        Backends own(m_state);
        for (int n = 1'000'000; !end && !failed; ++n, ++written) {
            failure = own.put(kind, "tight/" + std::to_string(n % 10), "a small value", n);
            failed = !failure.isEmpty();
        }
        ended.set_value();
    });
    const auto stop = qScopeGuard([&end] { end = true; }); // before the thread is joined
    QTRY_VERIFY_WITH_TIMEOUT(written > 100 || failed, 30'000);
    QElapsedTimer timer;
    timer.start();
    const int before = written;
    int refused = 0;
    constexpr int count = 500;
    for (int first = 10'000; first < 10'000 + count; first += 100) {
        for (const QJsonValue &result : run({QString::fromLatin1(kind)}, first, 100))
            refused += result[2].isBool() && result[2].toBool() ? 0 : 1;
    }
    const int meanwhile = written - before;
    const qint64 elapsed = timer.elapsed();
    end = true;
    writerEnded.get();
    QVERIFY2(failure.isEmpty(), qPrintable(failure));
    qInfo("%s: wrangler was refused %d of %d writes beside a tight loop of Cleat's, which did %lld a second", kind.constData(), refused, count,
        static_cast<long long>(meanwhile) * 1000 / std::max<qint64>(elapsed, 1));
}

QTEST_GUILESS_MAIN(MixedInteropTest)
#include "t_mixedinterop.moc"
