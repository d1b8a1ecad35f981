// SPDX-License-Identifier: GPL-3.0-or-later
// Serves what tests/frameworks/build.sh built with the real `wrangler pages dev`, then with `cleat dev`, asks both the requests of NAME.case and for each
// file of the output, and compares the answers. differences.json names what differs, with the reason; an entry that nothing needs any more fails, too.
// CLEAT_FRAMEWORKS_ONLY=hono,astro runs some only; CLEAT_FRAMEWORKS_RESULTS=1 writes results.json.
#include "tests/interop/pages/comparison.h"
#include "tests/interop/pages/pagescase.h"
#include "tests/interop/wranglerdev.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <algorithm>

using namespace cleat::test;
using namespace Qt::StringLiterals;

namespace {

const QString sources = QStringLiteral(CLEAT_SOURCE_DIR "/tests/frameworks/");

QJsonObject readObject(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

/// What the project asked npm for, all of it exact.
QJsonObject versionsOf(const QString &project)
{
    const QJsonObject package = readObject(project + u"/package.json"_s);
    QJsonObject versions;
    for (const char *key : {"dependencies", "devDependencies"}) {
        const QJsonObject wanted = package[QLatin1String(key)].toObject();
        for (auto one = wanted.begin(); one != wanted.end(); ++one)
            versions.insert(one.key(), one.value());
    }
    return versions;
}

/// The files of the output, as paths of requests, without those that the servers keep to themselves.
QList<QByteArray> filesOf(const QString &output)
{
    QList<QByteArray> paths;
    const QDir folder(output);
    for (QDirIterator files(output, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); files.hasNext();) {
        const QString path = folder.relativeFilePath(files.next());
        const QString first = path.section(u'/', 0, 0);
        if (first != u"_headers" && first != u"_redirects" && first != u"_routes.json" && first != u"_worker.js")
            paths << '/' + QUrl::toPercentEncoding(path, "/");
    }
    std::ranges::sort(paths);
    return paths;
}

} // namespace

class FrameworksTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sameAnswers_data();
    void sameAnswers();
    void everyDifferenceIsOne();
    void cleanupTestCase();

private:
    QStringList m_names;
    Differences m_differences;
    Differences m_general; ///< those of the small projects of tests/interop/pages
    QJsonObject m_results;
};

void FrameworksTest::initTestCase()
{
    QVERIFY2(WranglerDev::missing().isEmpty(), qPrintable(WranglerDev::missing()));
    QString problem = m_differences.read(sources + u"differences.json"_s);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    problem = m_general.read(QStringLiteral(CLEAT_SOURCE_DIR "/tests/interop/pages/differences.json"));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    m_results = readObject(sources + u"results.json"_s);
}

void FrameworksTest::sameAnswers_data()
{
    QTest::addColumn<QString>("name");
    const QStringList chosen = qEnvironmentVariable("CLEAT_FRAMEWORKS_ONLY").split(u',', Qt::SkipEmptyParts);
    for (const QString &name : QDir(sources + u"projects"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
        if (chosen.isEmpty() || chosen.contains(name))
            QTest::newRow(qPrintable(name)) << name;
    }
}

void FrameworksTest::sameAnswers()
{
    QFETCH(QString, name);
    const QString project = QStringLiteral(CLEAT_FRAMEWORKS_DIR "/") + name;
    QVERIFY2(QFile::exists(project + u".built"_s), qPrintable(u"Run \"tests/frameworks/build.sh %1\" and then this test again."_s.arg(name)));
    QString problem;
    PagesCase one = PagesCase::read(sources + name + u".case"_s, problem);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    const QString output = readObject(project + u"/wrangler.jsonc"_s)[u"pages_build_output_dir"_s].toString(one.flags().value(0));
    QVERIFY2(QDir(project).exists(output), qPrintable(output));
    for (const QByteArray &path : filesOf(project + u'/' + output))
        one.add("GET " + path);

    // The state begins empty for each of the two.
    const QTemporaryDir folder;
    const auto flagsWith = [&](const QString &state) { return one.flags() + QStringList{u"--persist-to"_s, folder.filePath(state)}; };
    for (const QString &home : {u"theirs"_s, u"ours"_s})
        QVERIFY(QDir(folder.path()).mkdir(home));
    std::vector<QJsonObject> theirs;
    {
        WranglerDev wrangler(project, folder.filePath(u"theirs"_s), flagsWith(u"their-state"_s));
        QVERIFY2(wrangler.start(), wrangler.output());
        theirs = one.ask(QUrl(wrangler.url()).port(), project);
    }
    CleatDev dev(project, folder.filePath(u"ours"_s), flagsWith(u"our-state"_s));
    const int port = dev.port();
    QVERIFY2(port != 0, dev.output());
    const std::vector<QJsonObject> ours = one.ask(port, project);

    QStringList wrong;
    qsizetype equal = 0;
    QJsonObject statuses;
    QJsonObject known; ///< a reason: how many answers differ in what it explains
    for (std::size_t i = 0; i < theirs.size(); ++i) {
        const QString request = QString::fromUtf8(one.requests()[i].line);
        const QString status = QString::number(theirs[i][u"status"_s].toInt());
        statuses[status] = statuses[status].toInt() + 1;
        const std::vector<AnswerPart> parts = differingParts(theirs[i], ours[i]);
        equal += parts.empty() ? 1 : 0;
        QStringList reasons;
        for (const AnswerPart &part : parts) {
            const QString general = m_general.reasonOf(name, request, part.name);
            const QString reason = general.isEmpty() ? m_differences.reasonOf(name, request, part.name) : general;
            if (reason.isEmpty())
                wrong << part.told(request);
            if (const QString why = reason.isEmpty() ? u"(not known)"_s : reason; !reasons.contains(why))
                reasons << why;
        }
        for (const QString &reason : reasons)
            known[reason] = known[reason].toInt() + 1;
    }
    m_results[name] = QJsonObject{{u"versions"_s, versionsOf(project)}, {u"requests"_s, static_cast<qint64>(theirs.size())}, {u"equal"_s, equal}, {u"statuses"_s, statuses},
        {u"differences"_s, known}};
    qInfo("%s: %zu requests, %lld answers are equal", qPrintable(name), theirs.size(), static_cast<long long>(equal));
    for (const QString &text : wrong) // a failure's own text is cut where it gets long
        qWarning("%s", qPrintable(text));
    if (!wrong.isEmpty())
        qWarning("%s", dev.output().right(2000).constData());
    QVERIFY2(wrong.isEmpty(), "what differs is named above");
}

void FrameworksTest::everyDifferenceIsOne()
{
    if (!qEnvironmentVariableIsEmpty("CLEAT_FRAMEWORKS_ONLY"))
        return;
    const QStringList unused = m_differences.unused();
    QVERIFY2(unused.isEmpty(), qPrintable(u"differences.json names what is the same: "_s + unused.join(u'\n')));
}

void FrameworksTest::cleanupTestCase()
{
    if (qEnvironmentVariableIsEmpty("CLEAT_FRAMEWORKS_RESULTS"))
        return;
    QFile file(sources + u"results.json"_s);
    QVERIFY2(file.open(QIODevice::WriteOnly), qPrintable(file.errorString()));
    file.write(QJsonDocument(m_results).toJson());
}

QTEST_GUILESS_MAIN(FrameworksTest)
#include "t_frameworks.moc"
