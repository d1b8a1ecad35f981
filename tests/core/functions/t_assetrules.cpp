// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/headersfile.h"
#include "core/functions/redirectsfile.h"

#include <QTest>

#include <chrono>

using namespace cleat;
using namespace cleat::functions;
using namespace Qt::StringLiterals;
using Fields = HeadersFile::Fields;

namespace {

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
}

QString brief(const std::optional<RedirectsFile::Match> &match)
{
    return match ? QString::number(match->status) + u' ' + text(match->to) : u"-"_s;
}

QString brief(const Fields &fields)
{
    QStringList list;
    for (const auto &[name, value] : fields)
        list << text(name) + u'=' + text(value);
    return list.join(u';');
}

QString lines(const std::vector<base::Error> &problems)
{
    QStringList list;
    for (const base::Error &problem : problems)
        list << QString::number(problem.place.line);
    return list.join(u' ');
}

} // namespace

/// What the real one answers is compared in tests/interop/pages; this is what it has no requests for.
class AssetRulesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matches_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("captured"); // "-": no match
        const auto row = [](const char *rule, const char *path, const char *captured) { QTest::addRow("%s %s", rule, path) << text(rule) << text(path) << text(captured); };
        row("/a", "/a", "");
        row("/a", "/a/", "-");
        row("/a", "/A", "-");
        row("/*", "/", "splat=");
        row("/a/*", "/a", "-");
        row("/a/*", "/a/b/c", "splat=b/c");
        row("/*/z", "/a/z/z", "splat=a/z");
        row("/:a", "/x", "a=x");
        row("/:a", "/", "-");
        row("/:a", "/x/y", "-");
        row("/:a-:b", "/1-2-3", "a=1-2;b=3");
        row("/:a/*", "/x//y", "a=x;splat=/y");
        row("/*-:b", "/a/-/b-c", "splat=a/-/b;b=c");
        row("/:a*", "/xyz/w", "a=xyz;splat=/w");
        row("/:a.:b", "/x.y.z", "a=x.y;b=z");
        row("/:ab/:a", "/1/2", "ab=1;a=2");
        row("/x:1", "/x:1", "");
        row("/:", "/:", "");
        row("/(a|b)+", "/(a|b)+", "");
        row("/(a|b)+", "/a", "-");
        row("https://x.y/a", "/a", "");
        row("https://other/a", "/a", "-");
        row("https://:sub.y/*", "/a/b", "sub=x;splat=a/b");
        row("https://*/a", "/a", "splat=x.y");
        row("https://x.:tld/a", "/a", "tld=y");
        row("https://:all/a", "/a", "-");
    }

    void matches()
    {
        QFETCH(QString, rule);
        QFETCH(QString, path);
        QFETCH(QString, captured);
        const RulePattern pattern(rule.toStdString());
        QVERIFY2(pattern.problem().empty(), pattern.problem().c_str());
        const std::string url = path.toStdString();
        RulePattern::Captures captures;
        if (!pattern.match(url, "x.y", captures)) {
            QCOMPARE(u"-"_s, captured);
            return;
        }
        QStringList list;
        for (const auto &[name, value] : captures)
            list << text(name) + u'=' + text(value);
        QCOMPARE(list.join(u';'), captured);
    }

    void namesStandOnce()
    {
        for (const char *rule : {"/:a/:a", "/*/*", "/:a/:ab", "/:splat/*"})
            QVERIFY2(!RulePattern(rule).problem().empty(), rule);
    }

    /// However a rule and a path are made, a look takes no time worth telling.
    void doesNotExplode()
    {
        std::string rule = "/:a";
        for (char name = 'b'; name <= 'z'; ++name)
            rule += std::string("-:") + name;
        const RulePattern pattern(rule + "!");
        RulePattern::Captures captures;
        QVERIFY(!pattern.match("/" + std::string(4000, '-'), {}, captures));
        QVERIFY(!RulePattern("/a*b*").match("/" + std::string(100'000, 'a'), {}, captures));
    }

    void headers()
    {
        const HeadersFile file = HeadersFile::parse("\xEF\xBB\xBF# first\r\n/*\r\n  X-One: a\r\n  x-one: b\r\n  Set-Cookie: a=1\r\n/p\r\n  X-ONE: c\r\n  ! Content-Type\r\n  Set-Cookie: b=2\r\n");
        QVERIFY(file.problems().empty());
        QCOMPARE(file.ruleCount(), std::size_t{2});
        Fields fields{{"Content-Type", "text/html"}, {"X-one", "old"}};
        file.apply(fields, "/p", "localhost");
        QCOMPARE(brief(fields), u"X-One=a, b, c;Set-Cookie=a=1;Set-Cookie=b=2"_s);
    }

    void wrongHeaderLines()
    {
        const HeadersFile file = HeadersFile::parse("  X: before\n"     // 1
                                                    "/a\n"
                                                    "  good: 1\n"
                                                    "  no colon\n"      // 4
                                                    "  two words: x\n"  // 5
                                                    "  : x\n"           // 6
                                                    "  empty:\n"        // 7
                                                    "  b@d: x\n"        // 8
                                                    "  ctl: a\x01z\n"   // 9
                                                    "  !nospace\n"      // 10
                                                    "  ! two words\n"   // 11
                                                    "/b\n"              // 12
                                                    "/*/*\n"            // 13
                                                    "  X: skipped\n"
                                                    "ftp://x/y\n"       // 15
                                                    "  X: skipped\n"
                                                    "https://h:80/\n"   // 17
                                                    "/c/:splat/*\n"     // 18
                                                    "/d\n  X: "
                + std::string(2100, 'x') + "\n", "public/_headers"); // 19, 20
        QCOMPARE(lines(file.problems()), u"1 4 5 6 7 8 9 10 11 12 13 15 17 18 20 19"_s);
        QCOMPARE(text(file.problems().front().place.file), u"public/_headers"_s);
        for (const base::Error &problem : file.problems())
            QVERIFY2(problem.code == "headersfile.line" && problem.message.ends_with('.'), problem.message.c_str());
        Fields fields;
        file.apply(fields, "/a", "h");
        QCOMPARE(brief(fields), u"good=1"_s);
    }

    void headerLimits()
    {
        std::string many;
        for (int i = 0; i < 150; ++i)
            many += "/p" + std::to_string(i) + "\n  X: " + std::to_string(i) + "\n";
        const HeadersFile file = HeadersFile::parse(many);
        QCOMPARE(file.ruleCount(), HeadersFile::maxRules);
        QCOMPARE(lines(file.problems()), u"201"_s);
    }

    void redirects_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *path, const char *expected) { QTest::newRow(path) << text(path) << text(expected); };
        row("/fixed", "302 /to");
        row("/a/1", "301 /b/1");
        row("/a/1/2", "-");
        row("/s/x//y", "302 /t/x/y");
        row("/later", "302 /late");
        row("/a/fixed", "301 /b/fixed"); // a fixed path behind a pattern is one itself, and comes second
    }

    void redirects()
    {
        QFETCH(QString, path);
        const RedirectsFile file = RedirectsFile::parse("/fixed /to\n/a/:x /b/:x 301\n/s/* /t/:splat\n/later /late\n/a/fixed /never\n");
        QVERIFY(file.problems().empty());
        QTEST(brief(file.match(path.toStdString())), "expected");
    }

    void wrongRedirectLines()
    {
        const RedirectsFile file = RedirectsFile::parse("/one\n/a b\n/a /b 404\n/a /b c d\nhttps://h/a /b\n/p https://h/ 200\n/i/* /index.html 200\n/ok /fine\n/ok /again\n/*/* /x\n", "_redirects");
        QCOMPARE(lines(file.problems()), u"1 2 3 4 5 6 7 9 10"_s);
        QCOMPARE(brief(file.match("/ok")), u"302 /fine"_s);
        for (const base::Error &problem : file.problems())
            QVERIFY2(problem.code == "redirectsfile.line" && problem.message.ends_with('.'), problem.message.c_str());
    }

    void redirectLimits()
    {
        std::string many;
        for (int i = 0; i < 2100; ++i)
            many += "/f" + std::to_string(i) + " /t\n";
        for (int i = 0; i < 120; ++i)
            many += "/d" + std::to_string(i) + "/* /t\n";
        const RedirectsFile file = RedirectsFile::parse(many);
        QCOMPARE(file.ruleCount(), RedirectsFile::maxFixed + RedirectsFile::maxPatterns);
        QVERIFY(file.match("/f1999") && !file.match("/f2000"));
        QVERIFY(file.match("/d99/x") && !file.match("/d100/x"));
        QCOMPARE(file.problems().size(), std::size_t{101});
    }

    void manyRulesCostNothing()
    {
        std::string many;
        for (int i = 0; i < 2000; ++i)
            many += "/some/longer/path/number-" + std::to_string(i) + " /to\n";
        const RedirectsFile file = RedirectsFile::parse(many);
        const auto start = std::chrono::steady_clock::now();
        int found = 0;
        for (int i = 0; i < 10'000; ++i)
            found += file.match(i % 2 ? "/some/longer/path/number-1999" : "/not/there").has_value();
        const auto us = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start).count();
        QCOMPARE(found, 5000);
        qInfo("%.2f us for a look among 2,000 fixed paths", static_cast<double>(us) / 10'000);
    }

    void targets_data()
    {
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *to, const char *expected) { QTest::newRow(to) << text(to) << text(expected); };
        row("/a", "/a?q");
        row("/a?", "/a?q");
        row("/a?b#c", "/a?b#c");
        row("/a#c", "/a?q#c");
        row("/a/../b", "/b?q");
        row("https://H.com", "https://h.com/?q");
        row("https://h.com:443/x", "https://h.com/x?q");
        row("https://h.com:444/x#f", "https://h.com:444/x?q#f");
        row("//h.com/x", "http://h.com/x?q");
        row("///h.com", "http://h.com/?q");
        row("http://localhost:8788/x", "/x?q"); // the same host
        row("//localhost:8788/x", "/x?q");
        row("https://localhost:8788/x", "https://localhost:8788/x?q");
        row("https://b\xC3\xBC.de/", "https://xn--b-eha.de/?q");
        row("https://a%2fb/", "-");
        row("https://a b/", "-");
        row("https://h:99999/", "-");
        row("https:///", "-");
    }

    void targets()
    {
        QFETCH(QString, to);
        const auto target = redirectTarget(to.toStdString(), "http", "localhost:8788", "?q");
        QTEST(target ? text(target->location) : u"-"_s, "expected");
    }
};

QTEST_GUILESS_MAIN(AssetRulesTest)
#include "t_assetrules.moc"
