// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/ai/htmlmarkdown.h"

#include "core/base/bytes.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

using namespace cleat;
using bindings::ai::htmlToMarkdown;

class TestHtmlMarkdown final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void converts_data()
    {
        QTest::addColumn<QByteArray>("html");
        QTest::addColumn<QByteArray>("markdown");
        const auto row = [](const char *name, const char *html, const char *markdown) { QTest::newRow(name) << QByteArray(html) << QByteArray(markdown); };
        row("nothing", "", "");
        row("text", "just text", "just text\n");
        row("spaces", "  a\n\n  b\t c ", "a b c\n");
        row("headings", "<h1>One</h1><h2>Two</h2><h6>Six</h6>", "# One\n\n## Two\n\n###### Six\n");
        row("paragraphs", "<p>One</p><p>Two</p>three", "One\n\nTwo\n\nthree\n");
        row("break", "<p>one<br>two</p>", "one  \ntwo\n");
        row("rule", "a<hr>b", "a\n\n---\n\nb\n");
        row("emphasis", "<p>a <b>bold</b> <em>word</em> and <strong>x</strong>.</p>", "a **bold** *word* and **x**.\n");
        row("code", "<p>call <code>f(x)</code> now</p>", "call `f(x)` now\n");
        row("block of code", "<p>so:</p><pre><code>if (a) {\n  b();\n\n}\n</code></pre><p>end</p>", "so:\n\n```\nif (a) {\n  b();\n\n}\n```\n\nend\n");
        row("link", "see <a href=\"https://e.org/?a=1&amp;b=2\">this page</a>.", "see [this page](https://e.org/?a=1&b=2).\n");
        row("picture", "<img src=\"x.png\" alt=\"A cat\">", "![A cat](x.png)\n");
        row("list", "<ul><li>one</li><li>two</li></ul>", "- one\n- two\n");
        row("numbered", "<ol><li>one<li>two</ol>after", "1. one\n2. two\n\nafter\n");
        row("nested", "<ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul>", "- one\n  - inner\n- two\n");
        row("quotation", "<blockquote><p>one</p><p>two</p></blockquote>", "> one\n>\n> two\n");
        row("table", "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>x | y</td></tr></table>", "| a | b |\n| --- | --- |\n| 1 | x \\| y |\n");
        row("not read", "<head><title>T</title><style>p{}</style></head><script>if (a < b) '</p>';</script><p>x</p><!-- no -->", "x\n");
        row("references", "&lt;b&gt; &amp; &#233; &#x20AC; &nbsp;&unknown; &hellip;", "<b> & \u00e9 \u20ac &unknown; \u2026\n");
        row("signs of Markdown", "2 * 3 [x] `y`", "2 \\* 3 \\[x\\] \\`y\\`\n");
        row("a lone sign", "a < b and 1<2", "a < b and 1<2\n");
        row("never closed", "<p>a <b>b <a href='x'>c", "a **b [c](x)\n");
        row("cut off", "<p>text</p><a href=\"", "text\n\n[]\n");
        row("closed too often", "</ul></p></b>x", "**x\n");
    }

    void converts()
    {
        QFETCH(QByteArray, html);
        QFETCH(QByteArray, markdown);
        QCOMPARE(QByteArray::fromStdString(htmlToMarkdown(html.toStdString())), markdown);
    }

    void survivesAnything()
    {
        QRandomGenerator random(7);
        const char *parts[] = {"<", ">", "</", "<ul>", "<li>", "</ul>", "<pre>", "</pre>", "<a href=", "\"", "'", "</a>", "<table>", "<tr>", "<td>", "</table>", "&#", "&amp;", ";", "x", " ", "\n", "<!--", "-->", "<script>", "</script",
            "<blockquote>", "</blockquote>", "<b>", "</b>", "<br>", "<h1>", "</h1>", "<p", "/", "\xff", "="};
        for (int i = 0; i < 3000; ++i) {
            std::string html;
            for (int part = random.bounded(60); part > 0; --part)
                html += parts[random.bounded(static_cast<int>(std::size(parts)))];
            QVERIFY(htmlToMarkdown(html).size() < 100'000);
        }
        QElapsedTimer timer;
        timer.start();
        std::string deep;
        for (int i = 0; i < 20'000; ++i)
            deep += "<ul><li>x<blockquote>";
        QVERIFY(!htmlToMarkdown(deep).empty());
        QVERIFY2(timer.elapsed() < 60'000, "it takes more than a linear time");
    }
};

QTEST_GUILESS_MAIN(TestHtmlMarkdown)
#include "t_htmlmarkdown.moc"
