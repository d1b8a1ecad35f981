// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/wranglerdev.h"

#include "core/base/bytes.h"
#include "core/bindings/r2/r2bucket.h"
#include "tests/core/runtime/workerharness.h"

#include <QCryptographicHash>
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

#include <atomic>
#include <memory>
#include <thread>

using namespace cleat;
using namespace Qt::StringLiterals;
using bindings::r2::R2Bucket;

/// R2, both ways, with the real wrangler on the same files at the same time; and the same calls in both runtimes.
class R2InteropTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void sameCallsSameResults();
    void theyReadWhatWeWrote();
    void weReadWhatTheyWrote();
    void partsOfBoth();
    void listsAreTheSame();
    void deletesShowAtOnce();
    void writesOfBothAtOnce();
    void afterSigkill();

private:
    QJsonArray call(const QJsonArray &calls);
    QJsonValue one(const QJsonObject &what) { return call({what})[0].toObject()[u"result"_s]; }
    QByteArray fetch(const QString &path, const QByteArray &body = {});
    bool start();

    QTemporaryDir m_dir;
    QNetworkAccessManager m_network;
    std::unique_ptr<WranglerDev> m_wrangler;
    std::unique_ptr<R2Bucket> m_bucket;
    std::filesystem::path m_state;
};

namespace {

constexpr qint64 partSize = 5'242'880;

QByteArray put(R2Bucket &bucket, const char *key, const QByteArray &value, const bindings::r2::PutOptions &options = {})
{
    const auto done = bucket.put(key, base::asBytes({value.constData(), static_cast<std::size_t>(value.size())}), options);
    if (!done)
        return QByteArray::fromStdString(done.error().message);
    return *done ? QByteArray::fromStdString((*done)->etag) : QByteArray("(condition)");
}

QByteArray text(R2Bucket &bucket, const char *key, const bindings::r2::GetOptions &options = {})
{
    auto got = bucket.get(key, options);
    if (!got)
        return QByteArray::fromStdString(got.error().message);
    if (!*got)
        return "(none)";
    if ((*got)->whole) {
        const auto &range = *(*got)->object.range;
        return QByteArray::fromStdString((*got)->whole->substr(static_cast<std::size_t>(range.offset), static_cast<std::size_t>(range.length)));
    }
    QByteArray all;
    while ((*got)->value->left() > 0) {
        const auto piece = (*got)->value->read(100'000);
        if (!piece)
            return QByteArray::fromStdString(piece.error().message);
        all += QByteArray::fromStdString(*piece);
    }
    return all;
}

QString sha256(const QByteArray &bytes)
{
    return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

QJsonObject repeated(const QString &character, qint64 times)
{
    return {{u"repeat"_s, QJsonArray{character, times}}};
}

/// What differs on purpose: there wrangler's simulator trips over itself, or its answer depends on the runtime and not on R2.
const QStringList &exceptions()
{
    static const QStringList names{u"range of an empty object"_s};
    return names;
}

} // namespace

void R2InteropTest::initTestCase()
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
    m_state = target.filePath(u".wrangler/state"_s).toStdString();
    m_bucket = std::make_unique<R2Bucket>(m_state, "shared");
    QCOMPARE(put(*m_bucket, "early", "before wrangler", {.onlyIf = {}, .httpMetadata = R"({"contentType":"a/b"})", .customMetadata = R"({"by":"cleat"})", .checksum = {}}),
        QCryptographicHash::hash("before wrangler", QCryptographicHash::Md5).toHex());
    m_wrangler = std::make_unique<WranglerDev>(target.path(), m_dir.filePath(u"home"_s));
    QVERIFY(start());
}

void R2InteropTest::cleanupTestCase()
{
    m_wrangler.reset();
}

bool R2InteropTest::start()
{
    const bool started = m_wrangler->start();
    if (!started)
        qWarning("wrangler did not start; it said:\n%s", m_wrangler->output().constData());
    return started;
}

QByteArray R2InteropTest::fetch(const QString &path, const QByteArray &body)
{
    QNetworkRequest request(QUrl(m_wrangler->url() + path));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    const std::unique_ptr<QNetworkReply> reply(body.isNull() ? m_network.get(request) : m_network.post(request, body));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 120'000))
        return {};
    return reply->readAll();
}

/// Gives an array of {result} or {error}.
QJsonArray R2InteropTest::call(const QJsonArray &calls)
{
    const QByteArray answer = fetch(u"/r2"_s, QJsonDocument(QJsonObject{{u"bucket"_s, u"R2"_s}, {u"calls"_s, calls}}).toJson());
    const QJsonDocument document = QJsonDocument::fromJson(answer);
    if (!document.isArray())
        qWarning("wrangler answered: %s", answer.constData());
    return document.array();
}

void R2InteropTest::sameCallsSameResults()
{
    const QJsonArray theirs = QJsonDocument::fromJson(fetch(u"/r2corpus"_s)).array();
    QVERIFY(theirs.size() > 300);

    QFile file(QStringLiteral(CLEAT_SOURCE_DIR "/tests/interop/project/functions/r2corpus.js"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArray code = file.readAll();
    code.replace("export async function", "async function");
    runtime::Limits limits;
    limits.cpuMs = 60'000;
    test::WorkerHarness harness(limits);
    runtime::Bindings bindings;
    bindings.state = harness.state().path().toStdString();
    bindings.r2.push_back({"CORPUS", "corpus"});
    const auto loaded = harness.load(code.toStdString(), bindings);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    runtime::Request request;
    request.method = "GET";
    request.url = "http://localhost/";
    const auto answer = harness.wait(harness.begin(std::move(request)), 120'000);
    QVERIFY2(answer.status == 200, answer.body.c_str());
    const QJsonArray ours = QJsonDocument::fromJson(QByteArray::fromStdString(answer.body)).array();
    if (const QString folder = qEnvironmentVariable("CLEAT_CORPUS_OUTPUT"); !folder.isEmpty()) {
        for (const auto &[name, results] : {std::pair(u"theirs.json"_s, theirs), std::pair(u"ours.json"_s, ours)}) {
            QFile out(folder + u'/' + name);
            QVERIFY(out.open(QIODevice::WriteOnly));
            out.write(QJsonDocument(results).toJson());
        }
    }
    QCOMPARE(ours.size(), theirs.size());
    QStringList different;
    for (qsizetype i = 0; i < ours.size(); ++i) {
        const QString name = theirs[i].toArray()[0].toString();
        if (ours[i] == theirs[i] || exceptions().contains(name))
            continue;
        const auto shown = [](const QJsonValue &value) { return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact)); };
        different << u"theirs: "_s + shown(theirs[i]) << u"ours:   "_s + shown(ours[i]);
    }
    QVERIFY2(different.isEmpty(), qPrintable(u'\n' + different.join(u'\n')));
}

void R2InteropTest::theyReadWhatWeWrote()
{
    const QJsonObject early = one({{u"do"_s, u"get"_s}, {u"key"_s, u"early"_s}}).toObject();
    QCOMPARE(early[u"text"_s].toString(), u"before wrangler"_s);
    QCOMPARE(early[u"type"_s].toString(), u"a/b"_s);
    QCOMPARE(early[u"custom"_s].toObject(), (QJsonObject{{u"by"_s, u"cleat"_s}}));
    for (const QByteArray &value : {QByteArray("small"), QByteArray(), QByteArray(300'000, 'x'), QByteArray("again")}) {
        put(*m_bucket, "ours/é \n?", value);
        QCOMPARE(one({{u"do"_s, u"get"_s}, {u"key"_s, u"ours/é \n?"_s}}).toObject()[u"text"_s].toString().toUtf8(), value);
    }
    const QJsonValue part = one({{u"do"_s, u"get"_s}, {u"key"_s, u"ours/é \n?"_s}, {u"options"_s, QJsonObject{{u"range"_s, QJsonObject{{u"suffix"_s, 2}}}}}}).toObject()[u"text"_s];
    QCOMPARE(part.toString(), u"in"_s);
}

void R2InteropTest::weReadWhatTheyWrote()
{
    for (const QString &value : {u"small é"_s, QString(), QString(300'000, u'y'), u"again"_s}) {
        const QJsonObject stored = one({{u"do"_s, u"put"_s}, {u"key"_s, u"theirs"_s}, {u"value"_s, value},
                                           {u"options"_s, QJsonObject{{u"httpMetadata"_s, QJsonObject{{u"contentType"_s, u"x/y"_s}}}, {u"customMetadata"_s, QJsonObject{{u"a"_s, u"1"_s}}}}}})
                                       .toObject();
        QCOMPARE(text(*m_bucket, "theirs"), value.toUtf8());
        const auto head = m_bucket->head("theirs");
        QVERIFY(head && *head);
        QCOMPARE(QString::fromStdString((*head)->etag), stored[u"etag"_s].toString());
        QCOMPARE((*head)->httpMetadata, std::string(R"({"contentType":"x/y"})"));
        QCOMPARE((*head)->customMetadata, std::string(R"({"a":"1"})"));
    }
}

void R2InteropTest::partsOfBoth()
{
    // Ours, read by them.
    const QByteArray first(partSize, 'a');
    auto id = m_bucket->createMultipartUpload("parts/ours", {.onlyIf = {}, .httpMetadata = R"({"contentType":"p/q"})", .customMetadata = "{}", .checksum = {}});
    QVERIFY(id);
    std::vector<bindings::r2::UploadedPart> parts;
    for (const auto &[number, value] : {std::pair(2, QByteArray("tail")), std::pair(1, first)}) {
        auto writer = m_bucket->write("uploadPart");
        QVERIFY(writer && writer->write(base::asBytes({value.constData(), static_cast<std::size_t>(value.size())})));
        const auto etag = m_bucket->uploadPart("parts/ours", *id, number, std::move(*writer));
        QVERIFY(etag);
        parts.insert(parts.begin(), {number, *etag});
    }
    const auto done = m_bucket->completeMultipartUpload("parts/ours", *id, parts);
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(one({{u"do"_s, u"digest"_s}, {u"key"_s, u"parts/ours"_s}}).toString(), sha256(first + "tail"));
    const QJsonObject range = one({{u"do"_s, u"get"_s}, {u"key"_s, u"parts/ours"_s}, {u"options"_s, QJsonObject{{u"range"_s, QJsonObject{{u"offset"_s, partSize - 2}, {u"length"_s, 4}}}}}}).toObject();
    QCOMPARE(range[u"text"_s].toString(), u"aata"_s);
    QCOMPARE(range[u"etag"_s].toString(), QString::fromStdString(done->etag));

    // Theirs, read by us.
    const QJsonArray outcomes = call({QJsonObject{{u"do"_s, u"create"_s}, {u"key"_s, u"parts/theirs"_s}}, QJsonObject{{u"do"_s, u"part"_s}, {u"number"_s, 1}, {u"value"_s, repeated(u"b"_s, partSize)}},
        QJsonObject{{u"do"_s, u"part"_s}, {u"number"_s, 2}, {u"value"_s, u"end"_s}}, QJsonObject{{u"do"_s, u"complete"_s}}});
    const auto head = m_bucket->head("parts/theirs");
    QVERIFY(head && *head);
    QCOMPARE(QString::fromStdString((*head)->etag), outcomes[3].toObject()[u"result"_s].toString());
    QCOMPARE(text(*m_bucket, "parts/theirs"), QByteArray(partSize, 'b') + "end");
    bindings::r2::GetOptions options;
    options.range.emplace();
    options.range->suffix = 5;
    QCOMPARE(text(*m_bucket, "parts/theirs", options), QByteArray("bbend"));

    // One upload, begun by us, continued by them, completed by us; then replaced by them.
    id = m_bucket->createMultipartUpload("parts/both");
    const QJsonArray theirs = call({QJsonObject{{u"do"_s, u"resume"_s}, {u"key"_s, u"parts/both"_s}, {u"uploadId"_s, QString::fromStdString(*id)}},
        QJsonObject{{u"do"_s, u"part"_s}, {u"number"_s, 1}, {u"value"_s, u"from them"_s}}});
    const QString etag = theirs[1].toObject()[u"result"_s].toObject()[u"etag"_s].toString();
    QVERIFY(m_bucket->completeMultipartUpload("parts/both", *id, {{1, etag.toStdString()}}));
    QCOMPARE(one({{u"do"_s, u"get"_s}, {u"key"_s, u"parts/both"_s}}).toObject()[u"text"_s].toString(), u"from them"_s);
    one({{u"do"_s, u"put"_s}, {u"key"_s, u"parts/both"_s}, {u"value"_s, u"plain"_s}});
    QCOMPARE(text(*m_bucket, "parts/both"), QByteArray("plain"));

    // Aborted by them.
    id = m_bucket->createMultipartUpload("parts/aborted");
    call({QJsonObject{{u"do"_s, u"resume"_s}, {u"key"_s, u"parts/aborted"_s}, {u"uploadId"_s, QString::fromStdString(*id)}}, QJsonObject{{u"do"_s, u"abort"_s}}});
    auto writer = m_bucket->write("uploadPart");
    QVERIFY(writer);
    const auto late = m_bucket->uploadPart("parts/aborted", *id, 1, std::move(*writer));
    QVERIFY(!late);
    QCOMPARE(late.error().message, std::string("uploadPart: The specified multipart upload does not exist. (10024)"));
}

void R2InteropTest::listsAreTheSame()
{
    for (const char *key : {"list/a", "list/b/1", "list/b/2", "list/c", "list/\xF0\x9F\x98\x80", "list/\xEF\xBF\xBF", "list/B"})
        put(*m_bucket, key, key);
    for (const QJsonObject &options : {QJsonObject{{u"prefix"_s, u"list/"_s}}, QJsonObject{{u"prefix"_s, u"list/"_s}, {u"delimiter"_s, u"/"_s}, {u"limit"_s, 3}}, QJsonObject{{u"limit"_s, 2}, {u"startAfter"_s, u"list/b/1"_s}}}) {
        bindings::r2::ListOptions ours;
        ours.prefix = options[u"prefix"_s].toString().toStdString();
        ours.delimiter = options[u"delimiter"_s].toString().toStdString();
        if (options.contains(u"limit"_s))
            ours.limit = options[u"limit"_s].toInt();
        if (options.contains(u"startAfter"_s))
            ours.startAfter = options[u"startAfter"_s].toString().toStdString();
        const QJsonObject theirs = one({{u"do"_s, u"list"_s}, {u"options"_s, options}}).toObject();
        const auto listed = m_bucket->list(ours);
        QVERIFY(listed);
        QJsonArray keys;
        for (const auto &object : listed->objects)
            keys.append(QString::fromStdString(object.key));
        QJsonArray prefixes;
        for (const auto &prefix : listed->delimitedPrefixes)
            prefixes.append(QString::fromStdString(prefix));
        QCOMPARE(keys, theirs[u"keys"_s].toArray());
        QCOMPARE(prefixes, theirs[u"prefixes"_s].toArray());
        QCOMPARE(QString::fromStdString(listed->cursor), theirs[u"cursor"_s].toString());
    }
}

void R2InteropTest::deletesShowAtOnce()
{
    put(*m_bucket, "gone", "x");
    one({{u"do"_s, u"delete"_s}, {u"keys"_s, u"gone"_s}});
    QCOMPARE(text(*m_bucket, "gone"), QByteArray("(none)"));
    one({{u"do"_s, u"put"_s}, {u"key"_s, u"gone"_s}, {u"value"_s, u"y"_s}});
    QVERIFY(m_bucket->remove({"gone", "parts/theirs"}));
    QVERIFY(one({{u"do"_s, u"get"_s}, {u"key"_s, u"gone"_s}}).isNull());
    QVERIFY(one({{u"do"_s, u"get"_s}, {u"key"_s, u"parts/theirs"_s}}).isNull());
}

/// None of ours fails, and none that either was told to be stored is lost; how often wrangler, which does not wait for locks, fails is printed.
void R2InteropTest::writesOfBothAtOnce()
{
    constexpr int rounds = 500;
    std::atomic<bool> over{false};
    std::atomic<int> failed{0};
    std::atomic<int> written{0};
    std::thread writer([&] {
        R2Bucket bucket(m_state, "shared");
        while (!over) {
            const int i = written++;
            const std::string key = "both/ours/" + std::to_string(i % rounds);
            if (!bucket.put(key, base::asBytes(key)))
                ++failed;
        }
    });
    QJsonArray calls;
    for (int i = 0; i < rounds; ++i)
        calls.append(QJsonObject{{u"do"_s, u"put"_s}, {u"key"_s, u"both/theirs/%1"_s.arg(i)}, {u"value"_s, u"both/theirs/%1"_s.arg(i)}});
    const QJsonArray outcomes = call(calls);
    over = true;
    writer.join();
    QCOMPARE(failed.load(), 0);
    QCOMPARE(outcomes.size(), rounds);
    int theirFailures = 0;
    for (int i = 0; i < rounds; ++i) {
        if (outcomes[i].toObject().contains(u"error"_s)) {
            ++theirFailures;
            continue;
        }
        const QByteArray key = "both/theirs/" + QByteArray::number(i);
        QCOMPARE(text(*m_bucket, key.constData()), key);
    }
    for (int i = 0; i < std::min(rounds, written.load()); ++i) {
        const QByteArray key = "both/ours/" + QByteArray::number(i);
        QCOMPARE(text(*m_bucket, key.constData()), key);
    }
    qInfo("beside %d writes of Cleat's in a tight loop, %d of wrangler's %d failed", written.load(), theirFailures, rounds);
}

void R2InteropTest::afterSigkill()
{
    one({{u"do"_s, u"put"_s}, {u"key"_s, u"last"_s}, {u"value"_s, u"words"_s}});
    m_wrangler->kill();
    R2Bucket bucket(m_state, "shared");
    QCOMPARE(text(bucket, "last"), QByteArray("words"));
    put(bucket, "after", "the end");
    QVERIFY(start());
    QCOMPARE(one({{u"do"_s, u"get"_s}, {u"key"_s, u"after"_s}}).toObject()[u"text"_s].toString(), u"the end"_s);
}

QTEST_GUILESS_MAIN(R2InteropTest)
#include "t_r2interop.moc"
