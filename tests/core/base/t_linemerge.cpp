// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/linediff.h"
#include "core/base/linemerge.h"

#include <QTest>

#include <random>
#include <string>

using namespace cleat::base;
using namespace Qt::StringLiterals;

namespace {

/// One line a character.
std::string spread(std::string_view text)
{
    std::string lines;
    for (const char c : text)
        lines += std::string(1, c) + '\n';
    return lines;
}

QString merge(std::string_view base, std::string_view mine, std::string_view theirs, OnClash onClash = OnClash::Fail, Adjacent adjacent = Adjacent::Clash)
{
    const auto merged = mergeLines(spread(base), spread(mine), spread(theirs), onClash, adjacent);
    return merged ? QString::fromStdString(*merged).remove(u'\n') : u"clash"_s;
}

/// A few insertions, removals and replacements.
std::string changed(std::string text, std::mt19937 &random)
{
    for (std::size_t i = random() % 4; i > 0; --i) {
        const std::size_t at = random() % (text.size() + 1);
        const std::size_t length = std::min<std::size_t>(random() % 3, text.size() - at);
        std::string put(random() % 3, ' ');
        for (char &c : put)
            c = char('a' + random() % 5);
        text.replace(at, length, put);
    }
    return text;
}

} // namespace

class TestLineMerge : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void merges_data()
    {
        QTest::addColumn<QByteArray>("base");
        QTest::addColumn<QByteArray>("mine");
        QTest::addColumn<QByteArray>("theirs");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<QString>("apart");
        QTest::addColumn<QString>("preferred");
        const auto row = [](const char *name, const char *base, const char *mine, const char *theirs, const char *expected, const char *apart, const char *preferred) {
            QTest::newRow(name) << QByteArray(base) << QByteArray(mine) << QByteArray(theirs) << QString::fromLatin1(expected)
                                << QString::fromLatin1(*apart ? apart : expected) << QString::fromLatin1(*preferred ? preferred : expected);
        };
        row("nobody", "abc", "abc", "abc", "abc", "", "");
        row("mine", "abc", "axc", "abc", "axc", "", "");
        row("theirs", "abc", "abc", "axc", "axc", "", "");
        row("both alike", "abc", "axc", "axc", "axc", "", "");
        row("both emptied it", "abc", "", "", "", "", "");
        row("far apart", "abcde", "xbcde", "abcdy", "xbcdy", "", "");
        row("insertion and removal", "abcde", "axbcde", "abce", "axbce", "", "");
        row("first and last", "abc", "xabc", "abcy", "xabcy", "", "");
        row("the same line", "abc", "axc", "ayc", "clash", "", "axc");
        row("removed and changed", "abc", "ac", "ayc", "clash", "", "ac");
        row("changed and removed", "abc", "ayc", "ac", "clash", "", "ayc");
        row("overlap", "abcdef", "axydef", "abuvef", "clash", "", "axydef");
        row("insertion in what was removed", "abcd", "abxcd", "ad", "clash", "", "abxcd");
        row("insertions at one point", "ab", "axb", "ayb", "clash", "clash", "axb");
        row("insertions alike", "ab", "axb", "axb", "axb", "", "");
        row("both appended", "ab", "abx", "aby", "clash", "clash", "abx");
        row("side by side", "abcd", "axcd", "abyd", "clash", "axyd", "axcd");
        row("insertion before a change", "abcd", "axbcd", "aycd", "clash", "axycd", "axbcd");
        row("insertion after a change", "abcd", "aycd", "abxcd", "clash", "ayxcd", "aycd");
        row("insertion after a removal", "abcd", "acd", "abxcd", "clash", "axcd", "acd");
        row("mine only where they clash", "abcdefg", "xbcdefg", "ybcdefz", "clash", "", "xbcdefz");
        row("from nothing, mine", "", "ab", "", "ab", "", "");
        row("from nothing, both", "", "ab", "cd", "clash", "", "ab");
        row("theirs emptied it", "abc", "abc", "", "", "", "");
    }
    void merges()
    {
        QFETCH(QByteArray, base);
        QFETCH(QByteArray, mine);
        QFETCH(QByteArray, theirs);
        QTEST(merge(base.toStdString(), mine.toStdString(), theirs.toStdString()), "expected");
        QTEST(merge(base.toStdString(), mine.toStdString(), theirs.toStdString(), OnClash::Fail, Adjacent::Apart), "apart");
        QTEST(merge(base.toStdString(), mine.toStdString(), theirs.toStdString(), OnClash::PreferMine), "preferred");
    }

    void lineEnds()
    {
        QVERIFY(mergeLines("a\r\nb\r\nc\r\n", "x\r\nb\r\nc\r\n", "a\r\nb\r\ny\r\n") == "x\r\nb\r\ny\r\n");
        QVERIFY(mergeLines("a\nb\nc", "x\nb\nc", "a\nb\nc\n") == "x\nb\nc\n"); // the last line end is theirs
        QVERIFY(!mergeLines("a\nb", "a\nb\nc\n", "a\nb\nd\n"));
    }

    /// What must hold for any three texts.
    void property()
    {
        std::mt19937 random(11);
        int merged = 0;
        int clashed = 0;
        for (int round = 0; round < 5000; ++round) {
            std::string base(random() % 16, ' ');
            for (char &c : base)
                c = char('a' + random() % 5);
            const std::string mine = changed(base, random);
            const std::string theirs = changed(base, random);
            QCOMPARE(merge(base, mine, base), QString::fromStdString(mine));
            QCOMPARE(merge(base, base, theirs), QString::fromStdString(theirs));
            QCOMPARE(merge(base, mine, mine), QString::fromStdString(mine));
            const QString both = merge(base, mine, theirs);
            QCOMPARE(both, merge(base, theirs, mine));
            const QString apart = merge(base, mine, theirs, OnClash::Fail, Adjacent::Apart);
            QCOMPARE(apart, merge(base, theirs, mine, OnClash::Fail, Adjacent::Apart));
            const QString preferred = merge(base, mine, theirs, OnClash::PreferMine);
            QVERIFY(preferred != u"clash"_s);
            if (both == u"clash"_s) {
                ++clashed;
                continue;
            }
            ++merged;
            QCOMPARE(apart, both);
            QCOMPARE(preferred, both);
        }
        QVERIFY(merged > 500);
        QVERIFY(clashed > 500);
    }
};

QTEST_GUILESS_MAIN(TestLineMerge)
#include "t_linemerge.moc"
