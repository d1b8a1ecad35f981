// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/corpus.h"
#include "tests/interop/wranglerdev.h"

#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <vector>

using namespace cleat;
using namespace Qt::StringLiterals;

namespace {

/// A difference that is meant, or that does not come from the binding.
struct Exception {
    const char *cases; ///< a regular expression for the names of cases, which it covers whole
    const char *why;
};

const std::vector<Exception> &exceptions()
{
    static const std::vector<Exception> all{
        {".*lone surrogate.*", "half of a surrogate pair becomes one U+FFFD, as everywhere on the web, and not one for each of the bytes that it would take"},
        {".*: stream\\}\\]?|D1( session)?\\.prepare #1 stream", "the streams of Cleat keep their state in properties, which JSON shows"},
        {"R2 object\\.json with (0|more)", "V8 10 words the errors of JSON.parse in another way"},
        {"R2\\.put \\{httpMetadata\\.cacheExpiry: -1\\}", "the millisecond before 1970 stands for no date: the real put() tells it back all the same, and nobody after it does"},
        {"D1( session)?\\.prepare #1 \\[(text)?\\]", "the real client takes a list of texts for a batch, by accident"},
        {"D1 session\\.(prepare|batch) on .*", "the words are made of the names of private members, and which is missed first is a matter of the client's own code"},
    };
    return all;
}

} // namespace

/// Every method of KV, R2, D1 and the Cache, with values of every wrong type in each of its places: what the real wrangler throws, and how, Cleat throws too.
class WrongTypesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void sameOutcomes_data();
    void sameOutcomes();
    void everyExceptionIsNeeded();

private:
    QTemporaryDir m_dir;
    std::unique_ptr<WranglerDev> m_wrangler;
    std::vector<int> m_used = std::vector<int>(exceptions().size());
};

void WrongTypesTest::initTestCase()
{
    QVERIFY2(WranglerDev::missing().isEmpty(), qPrintable(WranglerDev::missing()));
    QVERIFY(WranglerDev::copyProject(m_dir.filePath(u"project"_s)));
    QVERIFY(QDir(m_dir.path()).mkdir(u"home"_s));
    m_wrangler = std::make_unique<WranglerDev>(m_dir.filePath(u"project"_s), m_dir.filePath(u"home"_s));
    QVERIFY2(m_wrangler->start(), m_wrangler->output());
}

void WrongTypesTest::cleanupTestCase()
{
    m_wrangler.reset();
}

void WrongTypesTest::sameOutcomes_data()
{
    QTest::addColumn<QString>("part");
    QTest::addColumn<int>("atLeast");
    QTest::newRow("KV") << u"kv"_s << 1700;
    QTest::newRow("R2: reading") << u"r2read"_s << 1100;
    QTest::newRow("R2: put") << u"r2put"_s << 1500;
    QTest::newRow("R2: uploads and objects") << u"r2parts"_s << 1300;
    QTest::newRow("D1") << u"d1"_s << 950;
    QTest::newRow("Cache") << u"cache"_s << 1400;
}

void WrongTypesTest::sameOutcomes()
{
    QFETCH(QString, part);
    QFETCH(int, atLeast);
    runtime::Bindings bindings;
    bindings.kv.push_back({"WRONG_KV", "wrong"});
    bindings.r2.push_back({"WRONG_R2", "wrong"});
    bindings.d1.push_back({"WRONG_D1", "wrong"});
    const auto mayDiffer = [this](const QString &called) {
        for (std::size_t i = 0; i < exceptions().size(); ++i) {
            const QRegularExpression cases(QRegularExpression::anchoredPattern(QString::fromUtf8(exceptions()[i].cases)));
            if (cases.match(called).hasMatch()) {
                ++m_used[i];
                return true;
            }
        }
        return false;
    };
    const QStringList different = differences(*m_wrangler, u"wrongcorpus?part="_s + part, bindings, atLeast, mayDiffer);
    QVERIFY2(different.isEmpty(), qPrintable(u'\n' + different.join(u'\n')));
}

void WrongTypesTest::everyExceptionIsNeeded()
{
    for (std::size_t i = 0; i < exceptions().size(); ++i)
        QVERIFY2(m_used[i] > 0, exceptions()[i].cases);
}

QTEST_GUILESS_MAIN(WrongTypesTest)
#include "t_wrongtypes.moc"
