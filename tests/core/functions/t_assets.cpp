// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/assetcache.h"
#include "core/functions/assets.h"
#include "core/functions/contenttypes.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include <unistd.h>

using namespace cleat::functions;
namespace fs = std::filesystem;

namespace {

void write(const fs::path &path, std::string_view content)
{
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

std::string field(const AssetAnswer &answer, std::string_view name)
{
    for (const auto &[key, value] : answer.fields) {
        if (key == name)
            return value;
    }
    return {};
}

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
}

// "200 FILE", "308 LOCATION", "404".
QString brief(const AssetAnswer &answer)
{
    QString out = QString::number(answer.status);
    const std::string more = answer.status == 308 ? field(answer, "Location") : answer.file;
    return more.empty() ? out : out + QLatin1Char(' ') + text(more);
}

} // namespace

class TestAssets final : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_temporary;
    fs::path m_site;

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        QVERIFY(m_temporary->isValid());
        m_site = fs::path(m_temporary->path().toStdString()) / "site";
        write(m_site / "index.html", "<h1>home</h1>");
        write(m_site / "404.html", "lost");
        write(m_site / "about.html", "about");
        write(m_site / "style.css", "body{}");
        write(m_site / "a b/c+d.txt", "spaced");
        write(m_site / "caf\xC3\xA9.txt", "coffee");
        write(m_site / "docs/index.html", "docs");
        write(m_site / "docs/guide.html", "guide");
        write(m_site / "docs/404.html", "docs lost");
        write(m_site / "docs/deep/page.html", "deep");
        write(m_site / "both.html", "page");
        write(m_site / "both", "bare");
        write(m_site / "bare", "no extension");
        write(m_site / "_headers", "secret");
        write(m_site / "_redirects", "secret");
        write(m_site / "_routes.json", "secret");
        write(m_site / "_worker.js/index.js", "secret");
        write(m_site / "functions/index.ts", "secret");
        write(m_site / "node_modules/x/index.js", "secret");
        write(m_site / "sub/node_modules/x.js", "secret");
        write(m_site / ".git/config", "secret");
        write(m_site / ".wrangler/state/x", "secret");
        write(m_site / ".DS_Store", "secret");
        write(m_site / ".well-known/x.txt", "known");
        write(m_site / "sub/_headers", "fine");
        write(m_site.parent_path() / "outside.txt", "secret");
        write(m_site.parent_path() / "outside/page.html", "secret");
        fs::create_symlink("../outside.txt", m_site / "out.txt");
        fs::create_symlink("../outside", m_site / "outfolder");
        fs::create_symlink("style.css", m_site / "link.css");
        fs::create_symlink("_headers", m_site / "headers.txt");
        fs::create_symlink("loop", m_site / "loop");
    }

    void paths_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *path, const char *expected) { QTest::newRow(path) << QByteArray(path) << QString::fromUtf8(expected); };
        row("/", "200 index.html");
        row("/index.html", "308 /?q=1");
        row("/index", "308 /?q=1");
        row("/index/", "308 /?q=1");
        row("/about", "200 about.html");
        row("/about.html", "308 /about?q=1");
        row("/about/", "308 /about?q=1");
        row("/style.css", "200 style.css");
        row("/style.css/", "404 404.html");
        row("/docs", "308 /docs/?q=1");
        row("/docs/", "200 docs/index.html");
        row("/docs/index.html", "308 /docs/?q=1");
        row("/docs/index", "308 /docs/?q=1");
        row("/docs/guide", "200 docs/guide.html");
        row("/docs/guide.html", "308 /docs/guide?q=1");
        row("/docs/nothing", "404 docs/404.html");
        row("/docs/deep/nothing/at/all", "404 docs/404.html");
        row("/nothing/at/all", "404 404.html");
        row("/both", "200 both");
        row("/both.html", "200 both.html");
        row("/bare", "200 bare");
        row("/a%20b/c+d.txt", "200 a b/c+d.txt");
        row("/a%20b/c%2Bd.txt", "200 a b/c+d.txt");
        row("/caf%C3%A9.txt", "200 caf\xC3\xA9.txt");
        row("/docs%2fguide", "200 docs/guide.html");
        row("//docs//guide", "200 docs/guide.html");
        row("/docs%2f..%2fstyle.css", "200 style.css");
        row("//docs", "308 /docs/?q=1");
        row("/docs/../style.css", "200 style.css");
        row("/docs/%2E%2e/./style.css", "200 style.css");
        row("/docs/.", "200 docs/index.html");
        row("/docs/deep/..", "200 docs/index.html");
        row("/.well-known/x.txt", "200 .well-known/x.txt");
        row("/sub/_headers", "200 sub/_headers");
        row("/link.css", "200 link.css");
        for (const char *lost : {"/../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt", "/..%5coutside.txt", "/..\\outside.txt",
                 "/docs/../../outside.txt", "/docs%2f..%2f..%2foutside.txt", "/style.css%00", "/style.css%00.html", "/%", "/%zz", "/style%2", "/%ff%fe", "/%c0%ae%c0%ae/x",
                 "/out.txt", "/outfolder/page", "/outfolder/page.html", "/headers.txt", "/loop", "/_headers", "/%5fheaders", "/_redirects", "/_routes.json",
                 "/_worker.js", "/_worker.js/index.js", "/functions/index.ts", "/node_modules/x/index.js", "/sub/node_modules/x.js", "/.git/config",
                 "/.wrangler/state/x", "/.DS_Store", "/style.css/x", "*", "style.css", "/%252e%252e/outside.txt"})
            row(lost, "404 404.html");
    }
    void paths()
    {
        QFETCH(QByteArray, path);
        QFETCH(QString, expected);
        const Assets assets(m_site);
        for (int round = 0; round < 2; ++round) { // the second from the cache
            const AssetAnswer answer = assets.answer("GET", path.toStdString(), "?q=1", {});
            QCOMPARE(brief(answer), expected);
            QCOMPARE(answer.body != nullptr, answer.status != 308);
            QVERIFY(!answer.body || *answer.body != "secret");
        }
    }

    void fieldsOfAPage()
    {
        const Assets assets(m_site);
        const AssetAnswer page = assets.answer("GET", "/", {}, {});
        QCOMPARE(text(field(page, "Content-Type")), QStringLiteral("text/html; charset=utf-8"));
        QCOMPARE(text(field(page, "Cache-Control")), QStringLiteral("public, max-age=0, must-revalidate"));
        QCOMPARE(text(field(page, "Access-Control-Allow-Origin")), QStringLiteral("*"));
        QCOMPARE(text(field(page, "Referrer-Policy")), QStringLiteral("strict-origin-when-cross-origin"));
        QCOMPARE(text(field(page, "X-Content-Type-Options")), QStringLiteral("nosniff"));
        QCOMPARE(field(page, "ETag").size(), std::size_t{34});
        QCOMPARE(text(*page.body), QStringLiteral("<h1>home</h1>"));

        const AssetAnswer lost = assets.answer("GET", "/nothing", {}, {});
        QCOMPARE(text(field(lost, "Cache-Control")), QStringLiteral("no-store"));
        QCOMPARE(text(field(lost, "Content-Type")), QStringLiteral("text/html; charset=utf-8"));
        QVERIFY(field(lost, "ETag").empty());
    }

    void methods()
    {
        const Assets assets(m_site);
        for (const char *method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", ""}) {
            const AssetAnswer answer = assets.answer(method, "/", {}, {});
            QCOMPARE(answer.status, 405);
            QCOMPARE(text(field(answer, "Allow")), QStringLiteral("GET, HEAD"));
        }
        const AssetAnswer head = assets.answer("HEAD", "/style.css", {}, {});
        QCOMPARE(head.status, 200);
        QCOMPARE(head.body->size(), std::size_t{6});
    }

    void conditions_data()
    {
        QTest::addColumn<QByteArray>("value"); // TAG stands for the file's own
        QTest::addColumn<int>("status");
        QTest::newRow("none") << QByteArray() << 200;
        QTest::newRow("same") << QByteArray("TAG") << 304;
        QTest::newRow("weak") << QByteArray("W/TAG") << 304;
        QTest::newRow("list") << QByteArray("\"x\", W/\"y\" ,TAG") << 304;
        QTest::newRow("any") << QByteArray(" * ") << 304;
        QTest::newRow("other") << QByteArray("\"0123\"") << 200;
        QTest::newRow("bare") << QByteArray("x, ,W/,\"") << 200;
    }
    void conditions()
    {
        QFETCH(QByteArray, value);
        QFETCH(int, status);
        const Assets assets(m_site);
        const std::string tag = field(assets.answer("GET", "/style.css", {}, {}), "ETag");
        value.replace("TAG", tag.c_str());
        const AssetAnswer answer = assets.answer("GET", "/style.css", {}, value.toStdString());
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.body == nullptr, status == 304);
        QCOMPARE(field(answer, "ETag"), tag);
        QCOMPARE(assets.answer("GET", "/nothing", {}, value.toStdString()).status, 404);
    }

    void singlePageApplication()
    {
        fs::remove(m_site / "404.html");
        const Assets assets(m_site);
        QCOMPARE(brief(assets.answer("GET", "/any/where", {}, {})), QStringLiteral("200 index.html"));
        QCOMPARE(brief(assets.answer("GET", "/docs/any/where", {}, {})), QStringLiteral("404 docs/404.html"));
        fs::remove(m_site / "index.html");
        const AssetAnswer nothing = assets.answer("GET", "/any/where", {}, {});
        QCOMPARE(brief(nothing), QStringLiteral("404"));
        QCOMPARE(text(field(nothing, "Cache-Control")), QStringLiteral("no-store"));
        QVERIFY(!nothing.body);
    }

    void missingFolder()
    {
        const Assets assets(m_site / "not" / "there");
        QCOMPARE(brief(assets.answer("GET", "/", {}, {})), QStringLiteral("404"));
        write(m_site / "not" / "there" / "index.html", "now");
        QCOMPARE(brief(assets.answer("GET", "/", {}, {})), QStringLiteral("200 index.html"));
    }

    void folderThroughALink()
    {
        fs::create_directory_symlink(m_site, m_site.parent_path() / "alias");
        const Assets assets(m_site.parent_path() / "alias");
        QCOMPARE(brief(assets.answer("GET", "/about", {}, {})), QStringLiteral("200 about.html"));
    }

    // A change shows at once, also one that keeps the size and comes within the clock's step; and after the folder was made anew.
    void changesShow()
    {
        const Assets assets(m_site);
        for (int i = 0; i < 200; ++i) {
            const std::string content = std::string("body{") + std::to_string(100 + i) + "}";
            write(m_site / "style.css", content);
            QCOMPARE(text(*assets.answer("GET", "/style.css", {}, {}).body), text(content));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(120));
        const AssetAnswer kept = assets.answer("GET", "/style.css", {}, {});
        QCOMPARE(assets.answer("GET", "/style.css", {}, {}).body.get(), kept.body.get());
        fs::remove_all(m_site);
        QCOMPARE(assets.answer("GET", "/style.css", {}, {}).status, 404);
        write(m_site / "style.css", "new");
        QCOMPARE(text(*assets.answer("GET", "/style.css", {}, {}).body), QStringLiteral("new"));
        fs::remove(m_site / "style.css");
        fs::create_symlink("../outside.txt", m_site / "style.css");
        QCOMPARE(assets.answer("GET", "/style.css", {}, {}).status, 404);
    }

    void unreadable()
    {
        if (::geteuid() == 0)
            return; // root reads everything
        fs::permissions(m_site / "style.css", fs::perms::none);
        QCOMPARE(Assets(m_site).answer("GET", "/style.css", {}, {}).status, 404);
    }

    void cacheIsBounded()
    {
        const std::string content(1000, 'x');
        for (int i = 0; i < 50; ++i)
            write(m_site / (std::string("n") + std::to_string(i)), content);
        write(m_site / "large", std::string(AssetCache::largestKept + 1, 'y'));
        std::this_thread::sleep_for(std::chrono::milliseconds(120));
        AssetCache cache(m_site, 20'000);
        for (int i = 0; i < 50; ++i) {
            QVERIFY(cache.find(std::string("n") + std::to_string(i)));
            QVERIFY(cache.bytes() <= 20'000);
        }
        QVERIFY(cache.bytes() > 10'000);
        const std::size_t before = cache.bytes();
        QCOMPARE(cache.find("large")->body->size(), AssetCache::largestKept + 1);
        QCOMPARE(cache.bytes(), before);
    }

    void manyThreads()
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(120));
        const Assets assets(m_site);
        std::atomic<int> wrong = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&] {
                for (int i = 0; i < 500; ++i) {
                    wrong += assets.answer("GET", "/about", {}, {}).status != 200;
                    wrong += assets.answer("GET", i % 2 ? "/docs/guide" : "/docs/deep/page", {}, {}).status != 200;
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
    }

    void types_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("type");
        const auto row = [](const char *name, const char *type) { QTest::newRow(name) << QByteArray(name) << QByteArray(type); };
        row("a.html", "text/html; charset=utf-8");
        row("a/b.CSS", "text/css; charset=utf-8");
        row("a.js", "application/javascript");
        row("a.mjs", "application/javascript");
        row("a.js.map", "application/json");
        row("a.svg", "image/svg+xml");
        row("a.ico", "image/vnd.microsoft.icon");
        row("a.webmanifest", "application/manifest+json");
        row("a.txt", "text/plain; charset=utf-8");
        row("a.woff2", "font/woff2");
        row("a.wasm", "application/wasm");
        row("a.zzz", "application/octet-stream");
        row("html", "application/octet-stream");
        row("x.css/name", "application/octet-stream");
        row("", "application/octet-stream");
    }
    void types()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, type);
        QCOMPARE(QByteArray::fromStdString(std::string(contentTypeOf(name.toStdString()))), type);
    }
};

QTEST_GUILESS_MAIN(TestAssets)
#include "t_assets.moc"
