// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/linediff.h"

#include <QTest>

#include <random>
#include <string>

using namespace cleat::base;
using namespace Qt::StringLiterals;

namespace {

/// One line a character.
std::vector<std::string_view> letters(std::string_view text)
{
    std::vector<std::string_view> lines;
    for (std::size_t i = 0; i < text.size(); ++i)
        lines.push_back(text.substr(i, 1));
    return lines;
}

/// "2,3>2,2": the old lines [2,3) are gone.
QString shown(const std::vector<Hunk> &hunks)
{
    QStringList out;
    for (const Hunk &h : hunks)
        out << u"%1,%2>%3,%4"_s.arg(h.beforeBegin).arg(h.beforeEnd).arg(h.afterBegin).arg(h.afterEnd);
    return out.join(u' ');
}

std::size_t longestCommon(std::string_view a, std::string_view b)
{
    std::vector<std::vector<std::size_t>> length(a.size() + 1, std::vector<std::size_t>(b.size() + 1, 0));
    for (std::size_t i = a.size(); i-- > 0;) {
        for (std::size_t j = b.size(); j-- > 0;)
            length[i][j] = a[i] == b[j] ? length[i + 1][j + 1] + 1 : std::max(length[i + 1][j], length[i][j + 1]);
    }
    return length[0][0];
}

} // namespace

class TestLineDiff : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void lines_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("count");
        QTest::newRow("nothing") << QByteArray() << 0;
        QTest::newRow("no line end") << QByteArray("a") << 1;
        QTest::newRow("one") << QByteArray("a\n") << 1;
        QTest::newRow("blank ones") << QByteArray("\n\na") << 3;
        QTest::newRow("CRLF") << QByteArray("a\r\nb\r\n") << 2;
    }
    void lines()
    {
        QFETCH(QByteArray, text);
        const auto lines = splitLines(text.toStdString());
        QTEST(int(lines.size()), "count");
        std::string joined;
        const std::string held = text.toStdString();
        for (const std::string_view line : splitLines(held))
            joined += line;
        QCOMPARE(joined, held);
    }

    void hunks_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *before, const char *after, const char *expected) {
            QTest::newRow(qPrintable(u"%1 to %2"_s.arg(QLatin1StringView(before), QLatin1StringView(after)))) << QByteArray(before) << QByteArray(after) << QString::fromLatin1(expected);
        };
        row("", "", "");
        row("abc", "abc", "");
        row("", "ab", "0,0>0,2");
        row("ab", "", "0,2>0,0");
        row("abc", "axc", "1,2>1,2");
        row("abc", "xabc", "0,0>0,1");
        row("abc", "abcx", "3,3>3,4");
        row("abcdef", "xbcdey", "0,1>0,1 5,6>5,6");
        row("abcdef", "acdxef", "1,2>1,1 4,4>3,4");
        row("aaa", "aaaa", "3,3>3,4");
        row("abcabba", "cbabac", "0,2>0,0 3,3>1,2 5,6>4,4 7,7>5,6");
    }
    void hunks()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        const std::string a = before.toStdString();
        const std::string b = after.toStdString();
        QTEST(shown(diffLines(letters(a), letters(b))), "expected");
    }

    /// Random texts: the hunks lead from one to the other, stand apart, and are as few lines as there can be.
    void property()
    {
        std::mt19937 random(7);
        for (int round = 0; round < 3000; ++round) {
            const auto text = [&] {
                std::string out(random() % 14, ' ');
                for (char &c : out)
                    c = char('a' + random() % 4);
                return out;
            };
            const std::string a = text();
            const std::string b = text();
            const auto hunks = diffLines(letters(a), letters(b));
            std::string made;
            std::size_t at = 0;
            std::size_t changed = 0;
            for (const Hunk &h : hunks) {
                QVERIFY(&h == &hunks.front() || h.beforeBegin > at);
                QVERIFY(h.beforeEnd > h.beforeBegin || h.afterEnd > h.afterBegin);
                made += a.substr(at, h.beforeBegin - at);
                QCOMPARE(made.size(), h.afterBegin);
                made += b.substr(h.afterBegin, h.afterEnd - h.afterBegin);
                at = h.beforeEnd;
                changed += h.beforeEnd - h.beforeBegin + h.afterEnd - h.afterBegin;
            }
            made += a.substr(at);
            QCOMPARE(made, b);
            QCOMPARE(changed, a.size() + b.size() - 2 * longestCommon(a, b));
        }
    }

    void changesAtBothEndsOfALargeText()
    {
        std::string before;
        for (int i = 0; i < 20'000; ++i)
            before += "line " + std::to_string(i) + '\n';
        const std::string after = "first\n" + before + "last\n";
        const auto a = splitLines(before);
        const auto b = splitLines(after);
        QCOMPARE(shown(diffLines(a, b)), u"0,0>0,1 20000,20000>20001,20002"_s);
    }

    void tooManyDifferencesAreOneHunk()
    {
        std::string before = "same\n";
        std::string after = before;
        for (int i = 0; i < 3000; ++i) {
            before += "b" + std::to_string(i) + "\n";
            after += "a" + std::to_string(i) + "\n";
        }
        const auto a = splitLines(before);
        const auto b = splitLines(after);
        QCOMPARE(shown(diffLines(a, b)), u"1,3001>1,3001"_s);
    }
};

QTEST_GUILESS_MAIN(TestLineDiff)
#include "t_linediff.moc"
