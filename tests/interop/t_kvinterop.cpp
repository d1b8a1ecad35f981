// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/wranglerdev.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/bindings/kv/kvnamespace.h"
#include "core/storage/database.h"
#include "tests/interop/corpus.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace cleat;
using namespace Qt::StringLiterals;
using bindings::kv::KvNamespace;

/// KV, both ways, with the real wrangler on the same files at the same time: what it writes Cleat reads, and the other way round.
class KvInteropTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void sameCallsSameResults();
    void writtenBeforeWranglerStarted();
    void values_data();
    void values();
    void writesShowAtOnce();
    void listsAreTheSame_data();
    void listsAreTheSame();
    void cursorsWorkForTheOther();
    void expiration();
    void expiredForBoth();
    void errorsAreTheSame_data();
    void errorsAreTheSame();
    void afterSigkill();

private:
    QJsonObject call(QJsonObject what);
    QJsonObject theirPut(KvNamespace &kv, const QByteArray &key, const QByteArray &value, const QJsonObject &options = {});
    QJsonObject theirGet(KvNamespace &kv, const QByteArray &key);
    QJsonObject theirList(KvNamespace &kv, const QJsonObject &options = {});
    QByteArray theirs(KvNamespace &kv, const QByteArray &key);
    bool start();

    QTemporaryDir m_dir;
    QNetworkAccessManager m_network;
    std::unique_ptr<WranglerDev> m_wrangler;
    std::unique_ptr<KvNamespace> m_madeByWrangler;
    std::unique_ptr<KvNamespace> m_madeByCleat;
};

namespace {

constexpr auto none = "(none)";

std::optional<base::Error> ourPut(KvNamespace &kv, const QByteArray &key, const QByteArray &value, const bindings::kv::PutOptions &options = {})
{
    const auto done = kv.put(key.toStdString(), base::asBytes({value.constData(), static_cast<std::size_t>(value.size())}), options);
    return done ? std::nullopt : std::optional(done.error());
}

QByteArray ours(KvNamespace &kv, const QByteArray &key)
{
    const auto entry = kv.read(key.toStdString());
    if (!entry)
        return QByteArray::fromStdString(entry.error().message);
    return *entry ? QByteArray::fromStdString(*(*entry)->value) : QByteArray(none);
}

/// What kv.list() gives to user code.
QJsonObject ourList(KvNamespace &kv, const bindings::kv::ListOptions &options)
{
    const auto result = kv.list(options);
    if (!result)
        return {{u"error"_s, QString::fromStdString(result.error().message)}};
    QJsonArray keys;
    for (const auto &key : result->keys) {
        QJsonObject object{{u"name"_s, QString::fromStdString(key.name)}};
        if (key.expiration)
            object[u"expiration"_s] = qint64(*key.expiration);
        if (key.metadata)
            object[u"metadata"_s] = QJsonDocument::fromJson('[' + QByteArray::fromStdString(*key.metadata) + ']')[0];
        keys.append(object);
    }
    QJsonObject object{{u"keys"_s, keys}, {u"list_complete"_s, result->complete}, {u"cacheStatus"_s, QJsonValue::Null}};
    if (!result->complete)
        object[u"cursor"_s] = QString::fromStdString(result->cursor);
    return object;
}

} // namespace

void KvInteropTest::initTestCase()
{
    QVERIFY2(WranglerDev::missing().isEmpty(), qPrintable(WranglerDev::missing()));
    QVERIFY(m_dir.isValid());
    const QDir source(QStringLiteral(CLEAT_SOURCE_DIR "/tests/interop/project"));
    const QDir target(m_dir.filePath(u"project"_s));
    QDirIterator files(source.path(), QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString name = source.relativeFilePath(files.next());
        QVERIFY(target.mkpath(QFileInfo(target.filePath(name)).path()));
        QVERIFY(QFile::copy(source.filePath(name), target.filePath(name)));
    }
    QVERIFY(QDir(m_dir.path()).mkdir(u"home"_s));
    const std::filesystem::path state = target.filePath(u".wrangler/state"_s).toStdString();
    m_madeByWrangler = std::make_unique<KvNamespace>(state, "made-by-wrangler");
    m_madeByCleat = std::make_unique<KvNamespace>(state, "made/by cleat:*é");
    QVERIFY(!ourPut(*m_madeByCleat, "first", "before wrangler", {.expiration = {}, .expirationTtl = {}, .metadata = R"({"by":"cleat"})"}));
    m_wrangler = std::make_unique<WranglerDev>(target.path(), m_dir.filePath(u"home"_s));
    QVERIFY(start());
}

void KvInteropTest::cleanupTestCase()
{
    m_wrangler.reset();
}

bool KvInteropTest::start()
{
    const bool started = m_wrangler->start();
    if (!started)
        qWarning("wrangler did not start; it said:\n%s", m_wrangler->output().constData());
    return started;
}

/// Gives {result} or {error}.
QJsonObject KvInteropTest::call(QJsonObject what)
{
    QNetworkRequest request(QUrl(m_wrangler->url() + u"/kv"_s));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setTransferTimeout(30'000);
    const std::unique_ptr<QNetworkReply> reply(m_network.post(request, QJsonDocument(what).toJson(QJsonDocument::Compact)));
    [&] { QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 40'000); }();
    const QByteArray body = reply->readAll();
    const QJsonObject answer = QJsonDocument::fromJson(body).object();
    if (answer.isEmpty())
        return {{u"error"_s, u"No answer from wrangler: "_s + reply->errorString() + u' ' + QString::fromUtf8(body) + QString::fromUtf8(m_wrangler->output())}};
    return answer;
}

QJsonObject KvInteropTest::theirPut(KvNamespace &kv, const QByteArray &key, const QByteArray &value, const QJsonObject &options)
{
    return call({{u"do"_s, u"put"_s}, {u"namespace"_s, &kv == m_madeByCleat.get() ? u"OURS"_s : u"THEIRS"_s}, {u"key"_s, QString::fromUtf8(key)},
        {u"value"_s, QString::fromLatin1(value.toBase64())}, {u"options"_s, options}});
}

QJsonObject KvInteropTest::theirGet(KvNamespace &kv, const QByteArray &key)
{
    return call({{u"do"_s, u"get"_s}, {u"namespace"_s, &kv == m_madeByCleat.get() ? u"OURS"_s : u"THEIRS"_s}, {u"key"_s, QString::fromUtf8(key)}});
}

QJsonObject KvInteropTest::theirList(KvNamespace &kv, const QJsonObject &options)
{
    const QJsonObject answer = call({{u"do"_s, u"list"_s}, {u"namespace"_s, &kv == m_madeByCleat.get() ? u"OURS"_s : u"THEIRS"_s}, {u"options"_s, options}});
    return answer.contains("error"_L1) ? answer : answer.value("result"_L1).toObject();
}

/// The value as wrangler's worker sees it.
QByteArray KvInteropTest::theirs(KvNamespace &kv, const QByteArray &key)
{
    const QJsonObject answer = theirGet(kv, key);
    if (answer.contains("error"_L1))
        return answer.value("error"_L1).toString().toUtf8();
    const QJsonValue result = answer.value("result"_L1);
    return result.isNull() ? QByteArray(none) : QByteArray::fromBase64(result["value"_L1].toString().toLatin1());
}

void KvInteropTest::sameCallsSameResults()
{
    runtime::Bindings bindings;
    bindings.kv.push_back({"CORPUS_KV", "corpus"});
    const QStringList different = differences(*m_wrangler, u"kvcorpus"_s, bindings, 300);
    QVERIFY2(different.isEmpty(), qPrintable(u'\n' + different.join(u'\n')));
}

void KvInteropTest::writtenBeforeWranglerStarted()
{
    const QJsonObject answer = theirGet(*m_madeByCleat, "first");
    QCOMPARE(QByteArray::fromBase64(answer.value("result"_L1)["value"_L1].toString().toLatin1()), QByteArray("before wrangler"));
    QCOMPARE(answer.value("result"_L1)["metadata"_L1].toObject(), (QJsonObject{{u"by"_s, u"cleat"_s}}));
}

void KvInteropTest::values_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("metadata");
    QByteArray all;
    for (int i = 0; i < 256; ++i)
        all += char(i);
    QByteArray mebibyte;
    while (mebibyte.size() < 1 << 20)
        mebibyte += QByteArray::number(mebibyte.size()) + '\n';
    mebibyte.truncate(1 << 20);
    const QByteArray object = R"({"a":[1,2.5,null,true],"é":"日本 😀\n","b":{}})";
    QTest::newRow("text") << QByteArray("text") << QByteArray("hello é") << QByteArray();
    QTest::newRow("binary") << QByteArray("binary") << all << QByteArray();
    QTest::newRow("empty") << QByteArray("empty") << QByteArray("") << QByteArray();
    QTest::newRow("1 MiB") << QByteArray("mebibyte") << mebibyte << QByteArray();
    QTest::newRow("metadata") << QByteArray("metadata") << QByteArray("x") << object;
    QTest::newRow("metadata, a text") << QByteArray("metadata2") << QByteArray("x") << QByteArray("\"just text\"");
    QTest::newRow("unicode key") << QByteArray("ключ/日本 é😀") << QByteArray("x") << QByteArray();
    QTest::newRow("odd key") << QByteArray("a b?c=%41&#\"'\\/..//;--\n\t") << QByteArray("x") << QByteArray();
    QTest::newRow("nul in key") << QByteArray("a\0b", 3) << QByteArray("x") << QByteArray();
    QTest::newRow("longest key") << QByteArray(512, 'k') << QByteArray("x") << QByteArray();
}

void KvInteropTest::values()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, metadata);
    const QJsonValue parsed = metadata.isEmpty() ? QJsonValue() : QJsonDocument::fromJson('[' + metadata + ']')[0];
    const auto options = metadata.isEmpty() ? QJsonObject() : QJsonObject{{u"metadata"_s, parsed}};
    for (KvNamespace *kv : {m_madeByWrangler.get(), m_madeByCleat.get()}) {
        // wrangler writes, Cleat reads.
        const QJsonObject put = theirPut(*kv, key, value, options);
        QVERIFY2(!put.contains("error"_L1), qPrintable(put.value("error"_L1).toString()));
        const auto entry = kv->read(key.toStdString());
        QVERIFY2(entry && *entry, entry ? "absent" : entry.error().message.c_str());
        QVERIFY(QByteArray::fromStdString(*(*entry)->value) == value);
        QCOMPARE((*entry)->metadata.has_value(), !metadata.isEmpty());
        if ((*entry)->metadata)
            QCOMPARE(QJsonDocument::fromJson('[' + QByteArray::fromStdString(*(*entry)->metadata) + ']')[0], parsed);
        QVERIFY(!(*entry)->expiration);
        const auto removed = kv->remove(key.toStdString());
        QVERIFY(removed);
        QCOMPARE(theirs(*kv, key), QByteArray(none));

        // Cleat writes, wrangler reads.
        bindings::kv::PutOptions ourOptions;
        if (!metadata.isEmpty())
            ourOptions.metadata = metadata.toStdString();
        QVERIFY(!ourPut(*kv, key, value, ourOptions));
        const QJsonObject answer = theirGet(*kv, key);
        QVERIFY2(!answer.contains("error"_L1), qPrintable(answer.value("error"_L1).toString()));
        QVERIFY(QByteArray::fromBase64(answer.value("result"_L1)["value"_L1].toString().toLatin1()) == value);
        QCOMPARE(answer.value("result"_L1)["metadata"_L1], parsed);
    }
}

void KvInteropTest::writesShowAtOnce()
{
    KvNamespace &kv = *m_madeByWrangler;
    for (int i = 0; i < 25; ++i) {
        const QByteArray value = QByteArray::number(i);
        QVERIFY(!theirPut(kv, "turn", value).contains("error"_L1));
        QCOMPARE(ours(kv, "turn"), value);
        QVERIFY(!ourPut(kv, "turn", value + '!'));
        QCOMPARE(theirs(kv, "turn"), value + '!');
    }
    QVERIFY(!call({{u"do"_s, u"delete"_s}, {u"namespace"_s, u"THEIRS"_s}, {u"key"_s, u"turn"_s}}).contains("error"_L1));
    QCOMPARE(ours(kv, "turn"), QByteArray(none));
}

void KvInteropTest::listsAreTheSame_data()
{
    QTest::addColumn<QString>("prefix");
    QTest::addColumn<int>("limit");
    QTest::addColumn<QString>("cursor");
    QTest::newRow("all") << QString() << 0 << QString();
    QTest::newRow("prefix") << u"o/a"_s << 0 << QString();
    QTest::newRow("prefix with wildcards") << u"o/a%"_s << 0 << QString();
    QTest::newRow("prefix beyond ASCII") << u"o/é"_s << 0 << QString();
    QTest::newRow("prefix with NUL") << QString(u"o/n\0"_s) << 0 << QString();
    QTest::newRow("prefix of nothing") << u"zzz"_s << 0 << QString();
    QTest::newRow("limit") << u"o/"_s << 3 << QString();
    QTest::newRow("limit of all") << u"o/"_s << 15 << QString();
    QTest::newRow("negative limit") << u"o/"_s << -1 << QString();
    QTest::newRow("cursor") << u"o/"_s << 3 << QString::fromLatin1(QByteArray("o/a").toBase64());
    QTest::newRow("cursor without padding") << u"o/"_s << 3 << u"by9h"_s;
    QTest::newRow("cursor that is none") << u"o/"_s << 3 << u"!!!"_s;
    QTest::newRow("cursor behind the end") << u"o/"_s << 3 << QString::fromLatin1(QByteArray("p").toBase64());
    QTest::newRow("cursor in the URL alphabet") << u"o/"_s << 3 << u"by_-_w"_s;
}

void KvInteropTest::listsAreTheSame()
{
    QFETCH(QString, prefix);
    QFETCH(int, limit);
    QFETCH(QString, cursor);
    KvNamespace &kv = *m_madeByCleat;
    const std::int64_t at = base::wallMs() / 1000 + 5000;
    int turn = 0;
    for (const char *name : {"A", "B", "a", "a%", "a%b", "a_", "aa", "aé", "b", "z", "é", "éa", "日本", "\uFFFF", "😀"}) {
        const QByteArray key = QByteArray("o/") + name;
        if (turn++ % 2 == 0)
            QVERIFY(!ourPut(kv, key, "", {.expiration = at, .expirationTtl = {}, .metadata = R"({"n":[1]})"}));
        else
            QVERIFY(!theirPut(kv, key, "", {{u"expiration"_s, qint64(at)}, {u"metadata"_s, u"theirs"_s}}).contains("error"_L1));
    }
    QJsonObject options;
    if (!prefix.isEmpty())
        options[u"prefix"_s] = prefix;
    if (limit != 0)
        options[u"limit"_s] = limit;
    if (!cursor.isEmpty())
        options[u"cursor"_s] = cursor;
    const QJsonObject their = theirList(kv, options);
    QVERIFY2(their.contains("keys"_L1), QJsonDocument(their).toJson().constData());
    const QJsonObject our =
        ourList(kv, {.prefix = prefix.toStdString(), .limit = limit != 0 ? std::optional<std::int64_t>(limit) : std::nullopt, .cursor = cursor.toStdString()});
    QCOMPARE(QJsonDocument(our).toJson(), QJsonDocument(their).toJson());
}

void KvInteropTest::cursorsWorkForTheOther()
{
    KvNamespace &kv = *m_madeByWrangler;
    for (int i = 0; i < 9; ++i)
        QVERIFY(!ourPut(kv, "c/" + QByteArray::number(i), ""));
    QByteArray names;
    QString cursor;
    // One page from wrangler, the next from Cleat.
    for (int page = 0; page < 5; ++page) {
        QJsonObject options{{u"prefix"_s, u"c/"_s}, {u"limit"_s, 2}};
        if (!cursor.isEmpty())
            options[u"cursor"_s] = cursor;
        const QJsonObject result = page % 2 == 0 ? theirList(kv, options) : ourList(kv, {.prefix = "c/", .limit = 2, .cursor = cursor.toStdString()});
        for (const QJsonValue &key : result.value("keys"_L1).toArray())
            names += key["name"_L1].toString().toUtf8() + ' ';
        cursor = result.value("cursor"_L1).toString();
        QCOMPARE(result.value("list_complete"_L1).toBool(), page == 4);
    }
    QCOMPARE(names, QByteArray("c/0 c/1 c/2 c/3 c/4 c/5 c/6 c/7 c/8 "));
}

void KvInteropTest::expiration()
{
    KvNamespace &kv = *m_madeByWrangler;
    const std::int64_t at = base::wallMs() / 1000 + 3600;
    QVERIFY(!theirPut(kv, "at", "x", {{u"expiration"_s, qint64(at)}}).contains("error"_L1));
    auto entry = kv.read("at");
    QVERIFY(entry && *entry);
    QCOMPARE((*entry)->expiration.value_or(0), at);
    const std::int64_t before = base::wallMs() / 1000;
    QVERIFY(!theirPut(kv, "ttl", "x", {{u"expirationTtl"_s, 60}}).contains("error"_L1));
    entry = kv.read("ttl");
    QVERIFY(entry && *entry && (*entry)->expiration);
    QVERIFY(*(*entry)->expiration >= before + 60 && *(*entry)->expiration <= base::wallMs() / 1000 + 60);
    QVERIFY(!ourPut(kv, "at", "x", {.expiration = at + 1, .expirationTtl = {}, .metadata = {}}));
    const QJsonArray keys = theirList(kv, {{u"prefix"_s, u"at"_s}}).value("keys"_L1).toArray();
    QCOMPARE(keys, (QJsonArray{QJsonObject{{u"name"_s, u"at"_s}, {u"expiration"_s, qint64(at + 1)}}}));
}

void KvInteropTest::expiredForBoth()
{
    KvNamespace &kv = *m_madeByWrangler;
    QVERIFY(!theirPut(kv, "short/theirs", "x", {{u"expirationTtl"_s, 60}}).contains("error"_L1));
    QVERIFY(!ourPut(kv, "short/ours", "x", {.expiration = {}, .expirationTtl = 60, .metadata = {}}));
    QCOMPARE(ours(kv, "short/theirs"), QByteArray("x"));
    QCOMPARE(theirs(kv, "short/ours"), QByteArray("x"));
    // A minute is the shortest time to live; turn the clock of these rows instead of waiting for it.
    const auto database = storage::Database::open(kv.file(), storage::Database::Mode::Existing);
    QVERIFY(database && (*database)->execute("UPDATE _mf_entries SET expiration = expiration - 61000 WHERE key LIKE 'short/%'"));
    QCOMPARE(theirs(kv, "short/ours"), QByteArray(none));
    QCOMPARE(ours(kv, "short/theirs"), QByteArray(none));
    QVERIFY(theirList(kv, {{u"prefix"_s, u"short/"_s}}).value("keys"_L1).toArray().isEmpty());
    auto rest = (*database)->statement("SELECT count(*) FROM _mf_entries WHERE key LIKE 'short/%'");
    QVERIFY(rest && rest->step());
    QCOMPARE(rest->integer(0), 0);
}

void KvInteropTest::errorsAreTheSame_data()
{
    QTest::addColumn<QByteArray>("doing");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QJsonObject>("options");
    const QByteArray put("put");
    const QByteArray k("k");
    const qint64 now = base::wallMs() / 1000;
    for (const QByteArray &doing : {put, QByteArray("get"), QByteArray("delete")}) {
        QTest::addRow("%s empty key", doing.constData()) << doing << QByteArray("") << QJsonObject();
        QTest::addRow("%s dot", doing.constData()) << doing << QByteArray(".") << QJsonObject();
        QTest::addRow("%s dots", doing.constData()) << doing << QByteArray("..") << QJsonObject();
        QTest::addRow("%s long key", doing.constData()) << doing << QByteArray(513, 'k') << QJsonObject();
        QTest::addRow("%s long key beyond ASCII", doing.constData()) << doing << QByteArray("é").repeated(257) << QJsonObject();
    }
    for (const qint64 ttl : {-1LL, 0LL, 1LL, 59LL, 1LL << 31, 1LL << 40})
        QTest::addRow("ttl %lld", ttl) << put << k << QJsonObject{{u"expirationTtl"_s, ttl}};
    for (const qint64 at : {-1LL, 0LL, 1'000'000LL, now * 1000, 1LL << 31})
        QTest::addRow("expiration %lld", at) << put << k << QJsonObject{{u"expiration"_s, at}};
    QTest::newRow("ttl before expiration") << put << k << QJsonObject{{u"expiration"_s, now + 300}, {u"expirationTtl"_s, 30}};
    QTest::newRow("metadata") << put << k << QJsonObject{{u"metadata"_s, QString(1023, u'm')}};
    QTest::newRow("metadata beyond ASCII") << put << k << QJsonObject{{u"metadata"_s, QString(512, u'é')}};
    QTest::newRow("ttl before metadata") << put << k << QJsonObject{{u"metadata"_s, QString(2000, u'm')}, {u"expirationTtl"_s, 1}};
    QTest::newRow("list limit 1001") << QByteArray("list") << k << QJsonObject{{u"limit"_s, 1001}};
    QTest::newRow("list limit out of range") << QByteArray("list") << k << QJsonObject{{u"limit"_s, 1LL << 40}};
    QTest::newRow("list prefix") << QByteArray("list") << k << QJsonObject{{u"prefix"_s, QString(513, u'p')}};
}

void KvInteropTest::errorsAreTheSame()
{
    QFETCH(QByteArray, doing);
    QFETCH(QByteArray, key);
    QFETCH(QJsonObject, options);
    KvNamespace &kv = *m_madeByWrangler;
    const auto optional = [&options](QLatin1StringView name) {
        return options.contains(name) ? std::optional<std::int64_t>(options.value(name).toInteger()) : std::nullopt;
    };
    std::optional<base::Error> error;
    if (doing == "put") {
        bindings::kv::PutOptions ourOptions{.expiration = optional("expiration"_L1), .expirationTtl = optional("expirationTtl"_L1), .metadata = {}};
        if (options.contains("metadata"_L1))
            ourOptions.metadata = '"' + options.value("metadata"_L1).toString().toStdString() + '"';
        error = ourPut(kv, key, "x", ourOptions);
    } else if (doing == "get") {
        if (auto result = kv.read(key.toStdString()); !result)
            error = result.error();
    } else if (doing == "delete") {
        if (auto result = kv.remove(key.toStdString()); !result)
            error = result.error();
    } else if (auto result = kv.list({.prefix = options.value("prefix"_L1).toString().toStdString(), .limit = optional("limit"_L1), .cursor = {}}); !result) {
        error = result.error();
    }
    QVERIFY(error);
    const QString type = error->code == "kv.key" ? u"TypeError: "_s : u"Error: "_s;
    const QJsonObject answer = call({{u"do"_s, QString::fromLatin1(doing)}, {u"namespace"_s, u"THEIRS"_s}, {u"key"_s, QString::fromUtf8(key)},
        {u"value"_s, u"eA=="_s}, {u"options"_s, options}});
    QCOMPARE(type + QString::fromStdString(error->message), answer.value("error"_L1).toString());
}

void KvInteropTest::afterSigkill()
{
    for (KvNamespace *kv : {m_madeByWrangler.get(), m_madeByCleat.get()}) {
        for (int i = 0; i < 20; ++i)
            QVERIFY(!theirPut(*kv, "kill/" + QByteArray::number(i), QByteArray::number(i * i)).contains("error"_L1));
    }
    // A connection of ours that is open would close the write-ahead log properly; without one it stays as the killed wrangler left it.
    const std::filesystem::path state = m_dir.filePath(u"project/.wrangler/state"_s).toStdString();
    m_madeByWrangler.reset();
    m_madeByCleat.reset();
    m_wrangler->kill();
    m_madeByWrangler = std::make_unique<KvNamespace>(state, "made-by-wrangler");
    m_madeByCleat = std::make_unique<KvNamespace>(state, "made/by cleat:*é");
    for (KvNamespace *kv : {m_madeByWrangler.get(), m_madeByCleat.get()}) {
        const QFileInfo log(QString::fromStdString(kv->file().string()) + u"-wal"_s);
        QVERIFY2(log.exists() && log.size() > 0, qPrintable(log.filePath()));
        for (int i = 0; i < 20; ++i)
            QCOMPARE(ours(*kv, "kill/" + QByteArray::number(i)), QByteArray::number(i * i));
        QVERIFY(!ourPut(*kv, "kill/0", "written while wrangler was gone"));
    }
    // Cleat stays open; wrangler comes back on the same files.
    QVERIFY(start());
    for (KvNamespace *kv : {m_madeByWrangler.get(), m_madeByCleat.get()}) {
        QCOMPARE(theirs(*kv, "kill/0"), QByteArray("written while wrangler was gone"));
        QCOMPARE(theirs(*kv, "kill/19"), QByteArray("361"));
        QVERIFY(!theirPut(*kv, "kill/0", "and back").contains("error"_L1));
        QCOMPARE(ours(*kv, "kill/0"), QByteArray("and back"));
    }
}

QTEST_GUILESS_MAIN(KvInteropTest)
#include "t_kvinterop.moc"
