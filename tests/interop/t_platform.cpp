// SPDX-License-Identifier: GPL-3.0-or-later
// Runs every snippet of tests/interop/platform under the real wrangler and under `cleat dev`, and compares what each returned or threw.
// tests/interop/platform/differences.json names the ones that differ, with the reason; one that does not differ any more fails, too. A name that ends with "*" stands for all that
// begin so, of which some may be the same.
// CLEAT_PLATFORM_AREAS=url,crypto runs some areas only.
#include "tests/interop/platformpeer.h"
#include "tests/interop/wranglerdev.h"

#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QUrlQuery>

#include <memory>
#include <optional>

using namespace Qt::StringLiterals;

namespace {

/// `cleat dev` on a project folder, with home folders of its own.
class CleatDev final
{
public:
    CleatDev(QString project, const QString &home) : m_project(std::move(project))
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char *name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"})
            environment.insert(QString::fromLatin1(name), home);
        m_process.setProcessEnvironment(environment);
        m_process.setWorkingDirectory(m_project);
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.setStandardInputFile(QProcess::nullDevice());
    }
    ~CleatDev()
    {
        m_process.terminate();
        if (!m_process.waitForFinished(10'000)) {
            m_process.kill();
            m_process.waitForFinished(10'000);
        }
    }
    CleatDev(const CleatDev &) = delete;
    CleatDev &operator=(const CleatDev &) = delete;

    bool start()
    {
        m_process.start(QStringLiteral(CLEAT_BINARY_DIR "/cleat"), {u"dev"_s, u"--ip"_s, u"127.0.0.1"_s, u"--port"_s, u"0"_s, u"-c"_s, u"wrangler.toml"_s, u"-c"_s, u"service/wrangler.toml"_s});
        static const QRegularExpression ready(u"^Ready on (http://\\S+)$"_s, QRegularExpression::MultilineOption);
        while (m_process.waitForReadyRead(60'000)) {
            m_output += m_process.readAll();
            if (const auto found = ready.match(QString::fromUtf8(m_output)); found.hasMatch()) {
                m_url = found.captured(1);
                return true;
            }
        }
        return false;
    }
    QString url() const { return m_url; }
    QByteArray output()
    {
        m_process.waitForReadyRead(100);
        m_output += m_process.readAll();
        return m_output;
    }

private:
    const QString m_project;
    QProcess m_process;
    QString m_url;
    QByteArray m_output;
};

QStringList areaNames()
{
    const QStringList chosen = qEnvironmentVariable("CLEAT_PLATFORM_AREAS").split(u',', Qt::SkipEmptyParts);
    QStringList names;
    for (const QString &file : QDir(QStringLiteral(CLEAT_SOURCE_DIR "/tests/interop/platform/functions/snippets")).entryList({u"*.js"_s}, QDir::Files, QDir::Name)) {
        const QString name = file.chopped(3);
        if (chosen.isEmpty() || chosen.contains(name))
            names << name;
    }
    return names;
}

/// The project's module that knows all areas.
bool writeAreas(const QString &project)
{
    QByteArray text = "export const areas = {\n";
    for (const QString &name : areaNames())
        text += "  \"" + name.toUtf8() + "\": () => import(\"./snippets/" + name.toUtf8() + ".js\"),\n";
    QFile file(project + u"/functions/areas.js"_s);
    return file.open(QIODevice::WriteOnly) && file.write(text + "};\n") > 0;
}

} // namespace

class PlatformTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void sameOutcomes_data();
    void sameOutcomes();
    void enoughSnippets();

private:
    QJsonObject ask(const QString &server, const QString &area, int from);
    QJsonObject outcomes(const QString &server, const QString &area);

    QTemporaryDir m_dir;
    QNetworkAccessManager m_network;
    std::unique_ptr<cleat::test::HttpPeer> m_peer;
    std::unique_ptr<WranglerDev> m_wrangler;
    std::unique_ptr<CleatDev> m_cleat;
    QJsonObject m_differences;
    qsizetype m_compared = 0;
};

void PlatformTest::initTestCase()
{
    QVERIFY2(WranglerDev::missing().isEmpty(), qPrintable(WranglerDev::missing()));
    m_peer = std::make_unique<cleat::test::HttpPeer>(cleat::test::answerSnippet);
    QFile known(QStringLiteral(CLEAT_SOURCE_DIR "/tests/interop/platform/differences.json"));
    QVERIFY(known.open(QIODevice::ReadOnly));
    const QJsonDocument differences = QJsonDocument::fromJson(known.readAll());
    QVERIFY(differences.isObject());
    m_differences = differences.object();
    for (const QString &side : {u"theirs"_s, u"ours"_s}) {
        QVERIFY(WranglerDev::copyProject(m_dir.filePath(side), u"platform"_s));
        QVERIFY(writeAreas(m_dir.filePath(side)));
        QVERIFY(QDir(m_dir.path()).mkdir(side + u"-home"_s));
    }
    m_wrangler = std::make_unique<WranglerDev>(m_dir.filePath(u"theirs"_s), m_dir.filePath(u"theirs-home"_s), QStringList{u"-c"_s, u"wrangler.toml"_s, u"-c"_s, u"service/wrangler.toml"_s});
    QVERIFY2(m_wrangler->start(), m_wrangler->output());
    m_cleat = std::make_unique<CleatDev>(m_dir.filePath(u"ours"_s), m_dir.filePath(u"ours-home"_s));
    QVERIFY2(m_cleat->start(), m_cleat->output());
}

void PlatformTest::cleanupTestCase()
{
    m_cleat.reset();
    m_wrangler.reset();
    m_peer.reset();
}

QJsonObject PlatformTest::ask(const QString &server, const QString &area, int from)
{
    QUrl url(server + u"/run/"_s + area);
    QUrlQuery query;
    query.addQueryItem(u"peer"_s, QString::fromStdString(m_peer->base()));
    query.addQueryItem(u"from"_s, QString::number(from));
    query.addQueryItem(u"count"_s, u"25"_s);
    url.setQuery(query);
    const std::unique_ptr<QNetworkReply> reply(m_network.get(QNetworkRequest(url)));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 250'000))
        return {{u"failure"_s, u"no answer"_s}};
    const QByteArray body = reply->readAll();
    // What differs from run to run stands for itself.
    const QByteArray text = QByteArray(body).replace(server.toUtf8(), "http://origin").replace(QByteArray::fromStdString(m_peer->base()), "http://peer");
    const QJsonDocument document = QJsonDocument::fromJson(text);
    return document.isObject() ? document.object() : QJsonObject{{u"failure"_s, QString::fromUtf8(body)}};
}

QJsonObject PlatformTest::outcomes(const QString &server, const QString &area)
{
    QJsonObject all;
    for (int from = 0, total = 1; from < total; from += 25) {
        const QJsonObject part = ask(server, area, from);
        if (part.contains(u"failure"_s))
            return part;
        total = part[u"total"_s].toInt();
        const QJsonObject outcomes = part[u"outcomes"_s].toObject();
        for (auto one = outcomes.begin(); one != outcomes.end(); ++one)
            all.insert(one.key(), one.value());
    }
    return all;
}

void PlatformTest::sameOutcomes_data()
{
    QTest::addColumn<QString>("area");
    for (const QString &name : areaNames())
        QTest::newRow(qPrintable(name)) << name;
}

void PlatformTest::sameOutcomes()
{
    QFETCH(QString, area);
    const QJsonObject theirs = outcomes(m_wrangler->url(), area);
    const QJsonObject ours = outcomes(m_cleat->url(), area);
    QVERIFY2(!theirs.contains(u"failure"_s), qPrintable(theirs[u"failure"_s].toString() + QString::fromUtf8(m_wrangler->output().right(4000))));
    QVERIFY2(!ours.contains(u"failure"_s), qPrintable(ours[u"failure"_s].toString() + QString::fromUtf8(m_cleat->output().right(4000))));
    m_compared += theirs.size();
    const auto isKnown = [&](const QString &name) {
        for (auto one = m_differences.begin(); one != m_differences.end(); ++one) {
            const QString key = one.key();
            if (key == area + u'/' + name || (key.endsWith(u'*') && QString(area + u'/' + name).startsWith(key.chopped(1))))
                return true;
        }
        return false;
    };
    const auto isPattern = [&](const QString &name) { return !m_differences.contains(area + u'/' + name); };
    const auto text = [](const QJsonValue &value) { return QString::fromUtf8(QJsonDocument(QJsonObject{{u"is"_s, value}}).toJson(QJsonDocument::Compact)).mid(6).chopped(1); };
    QStringList wrong;
    for (auto one = theirs.begin(); one != theirs.end(); ++one) {
        const bool known = isKnown(one.key());
        const bool same = ours.value(one.key()) == one.value();
        if (same && known && !isPattern(one.key()))
            wrong << one.key() + u": the same by now, so it has to leave differences.json"_s;
        else if (!same && !known)
            wrong << one.key() + u"\n    theirs "_s + text(one.value()) + u"\n    ours   "_s + text(ours.value(one.key()));
    }
    for (auto one = m_differences.begin(); one != m_differences.end(); ++one) {
        if (one.key().section(u'/', 0, 0) == area && !one.key().endsWith(u'*') && !theirs.contains(one.key().section(u'/', 1)))
            wrong << one.key() + u": differences.json names it, but there is no such snippet"_s;
    }
    qInfo("%lld snippets, %lld wrong", static_cast<long long>(theirs.size()), static_cast<long long>(wrong.size()));
    for (const QString &one : wrong) // a failure's own text is cut where it gets long
        qWarning("%s", qPrintable(one));
    QVERIFY2(wrong.isEmpty(), "what differs is named above");
}

void PlatformTest::enoughSnippets()
{
    qInfo("%lld snippets compared, %lld differ for a reason", static_cast<long long>(m_compared), static_cast<long long>(m_differences.size()));
    if (qEnvironmentVariableIsEmpty("CLEAT_PLATFORM_AREAS"))
        QVERIFY(m_compared >= 600);
}

QTEST_GUILESS_MAIN(PlatformTest)
#include "t_platform.moc"
