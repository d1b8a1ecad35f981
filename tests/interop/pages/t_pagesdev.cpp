// SPDX-License-Identifier: GPL-3.0-or-later
// Runs every project of tests/interop/pages/projects under `cleat dev`, and compares what it answers with what the real `wrangler pages dev` answered when
// record_pages asked it. differences.json names what differs, with the reason; an entry that nothing needs any more fails, too.
// CLEAT_PAGES_CASES=plain,routes runs some projects only.
#include "tests/interop/pages/comparison.h"
#include "tests/interop/pages/pagescase.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace cleat::test;
using namespace Qt::StringLiterals;

class PagesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sameAnswers_data();
    void sameAnswers();
    void everyDifferenceIsOne();
    void enough();

private:
    Differences m_differences;
    qsizetype m_compared = 0;
    qsizetype m_projects = 0;
};

void PagesTest::initTestCase()
{
    const QString problem = m_differences.read(QStringLiteral(CLEAT_SOURCE_DIR "/tests/interop/pages/differences.json"));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void PagesTest::sameAnswers_data()
{
    QTest::addColumn<QString>("name");
    for (const QString &name : PagesCase::names())
        QTest::newRow(qPrintable(name)) << name;
}

void PagesTest::sameAnswers()
{
    QFETCH(QString, name);
    QString problem;
    const PagesCase one = PagesCase::read(PagesCase::fileOf(name), problem);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    QFile recorded(PagesCase::recordedFileOf(name));
    QVERIFY2(recorded.open(QIODevice::ReadOnly), qPrintable(recorded.fileName()));
    const QJsonArray theirs = QJsonDocument::fromJson(recorded.readAll()).array();
    QVERIFY2(theirs.size() == static_cast<qsizetype>(one.requests().size()), "record the project again");

    const QTemporaryDir folder;
    const QString project = folder.filePath(u"project"_s);
    QVERIFY(one.write(project));
    QVERIFY(QDir(folder.path()).mkdir(u"home"_s));
    CleatDev dev(project, folder.filePath(u"home"_s), one.flags());
    const int port = dev.port();
    QVERIFY2(port != 0, dev.output());
    const std::vector<QJsonObject> ours = one.ask(port, project);

    QStringList wrong;
    for (qsizetype i = 0; i < theirs.size(); ++i) {
        const QJsonObject their = theirs[i].toObject();
        const QString request = their[u"request"_s].toString();
        QVERIFY2(request.toUtf8() == one.requests()[static_cast<std::size_t>(i)].line, "record the project again");
        for (const AnswerPart &part : differingParts(their, ours[static_cast<std::size_t>(i)])) {
            if (m_differences.reasonOf(name, request, part.name).isEmpty())
                wrong << part.told(request);
        }
    }
    m_compared += theirs.size();
    ++m_projects;
    for (const QString &text : wrong) // a failure's own text is cut where it gets long
        qWarning("%s", qPrintable(text));
    if (!wrong.isEmpty())
        qWarning("%s", dev.output().right(2000).constData());
    QVERIFY2(wrong.isEmpty(), "what differs is named above");
}

void PagesTest::everyDifferenceIsOne()
{
    if (!qEnvironmentVariableIsEmpty("CLEAT_PAGES_CASES"))
        return;
    const QStringList unused = m_differences.unused();
    QVERIFY2(unused.isEmpty(), qPrintable(u"differences.json names what is the same: "_s + unused.join(u'\n')));
}

void PagesTest::enough()
{
    qInfo("%lld requests to %lld projects compared", static_cast<long long>(m_compared), static_cast<long long>(m_projects));
    if (qEnvironmentVariableIsEmpty("CLEAT_PAGES_CASES"))
        QVERIFY(m_compared >= 400 && m_projects >= 20);
}

QTEST_GUILESS_MAIN(PagesTest)
#include "t_pagesdev.moc"
