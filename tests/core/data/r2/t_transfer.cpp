// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/r2/transfer.h"

#include "core/base/bytes.h"
#include "core/base/file.h"
#include "core/bindings/r2/r2bucket.h"
#include "core/storage/names.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

#include <algorithm>
#include <sys/stat.h>

using namespace cleat;
using namespace std::string_literals;
namespace fs = std::filesystem;
using bindings::r2::R2Bucket;
using data::r2::FolderFilter;
using data::r2::ObjectList;
using Existing = data::r2::ObjectEditor::Existing;

class TestTransfer : public QObject
{
    Q_OBJECT
private:
    static std::string all(const StateFixture &fixture)
    {
        ObjectList list(fixture.state(), "bucket");
        std::string text;
        const auto rows = list.rows({"", "", FolderFilter::Depth::Below}, 0, 1000).value();
        for (const auto &row : rows)
            text += row.key + '=' + list.read(row.key, 0, 3).value_or("?") + ',';
        return text;
    }
    static void put(const StateFixture &fixture, const std::string &key, const std::string &bytes)
    {
        QVERIFY(R2Bucket(fixture.state(), "bucket").put(key, base::asBytes(bytes)));
    }
    /// The files below a folder, with what is in them.
    static std::string tree(const fs::path &folder)
    {
        std::vector<std::string> files;
        for (const auto &entry : fs::recursive_directory_iterator(folder)) {
            const std::string name = entry.path().lexically_relative(folder).string();
            files.push_back(entry.is_directory() ? name + '/' : name + '=' + base::readFile(entry.path()).value_or("?"));
        }
        std::ranges::sort(files);
        std::string text;
        for (const std::string &file : files)
            text += file + ',';
        return text;
    }
    static bool hasReason(const data::r2::Transferred &done, std::string_view words)
    {
        return std::ranges::any_of(done.skipped, [&](const std::string &line) { return line.contains(words); });
    }

private Q_SLOTS:
    void types()
    {
        QCOMPARE(data::r2::contentTypeOf("a.html"), "text/html");
        QCOMPARE(data::r2::contentTypeOf("x/B.PNG"), "image/png");
        QCOMPARE(data::r2::contentTypeOf("x.tar.gz"), "application/gzip");
        for (const char *name : {"", "a", "a.", "html", "a.htmlx", ".", "a.b/c"})
            QCOMPARE(data::r2::contentTypeOf(name), "application/octet-stream");
    }

    void uploadsWhatIsThere()
    {
        StateFixture fixture;
        const fs::path tree = fixture.folder() / "tree";
        StateFixture::write(tree / "a.txt", "A");
        StateFixture::write(tree / "sub/deep/b.json", "{}");
        StateFixture::write(tree / "empty", "");
        StateFixture::write(tree / "bad\xFF", "x");
        StateFixture::write(fixture.folder() / "secret", "secret");
        fs::create_symlink("../secret", tree / "out");
        fs::create_directory_symlink("..", tree / "up");
        fs::create_symlink("a.txt", tree / "in");
        fs::create_symlink("none", tree / "dangling");
        QCOMPARE(::mkfifo((tree / "pipe").c_str(), 0600), 0);
        std::string deep;
        for (int i = 0; i < 5; ++i)
            deep += std::string(240, 'd') + '/';
        StateFixture::write(tree / deep / "f", "too deep");
        StateFixture::write(fixture.folder() / "single", "S");
        fs::create_symlink("single", fixture.folder() / "link to single");
        const std::vector<fs::path> sources{tree / "", fixture.folder() / "single", fixture.folder() / "link to single"};
        const auto done = data::r2::upload(fixture.state(), "bucket", sources, "to/", Existing::Keep, {});
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        QCOMPARE(all(fixture), "to/link to single=S,to/single=S,to/tree/a.txt=A,to/tree/empty=,to/tree/in=A,to/tree/sub/deep/b.json={},");
        QCOMPARE(done->files, 6U);
        QCOMPARE(done->bytes, 6U);
        QCOMPARE(done->skipped.size(), 6U);
        for (const char *reason :
            {"out: a link that leads out", "up: a link that ", "dangling: a link that leads nowhere", "pipe: no regular file", "not UTF-8", "longer than 1024"})
            QVERIFY2(hasReason(*done, reason), reason);
        QCOMPARE(ObjectList(fixture.state(), "bucket").object("to/tree/a.txt").value()->httpMetadata, R"({"contentType":"text/plain"})");
        // Again: all is there.
        StateFixture::write(tree / "a.txt", "B");
        const auto again = data::r2::upload(fixture.state(), "bucket", sources, "to/", Existing::Keep, {});
        QCOMPARE(again->files, 0U);
        QVERIFY(hasReason(*again, "\"to/tree/a.txt\" is there already"));
        QCOMPARE(data::r2::upload(fixture.state(), "bucket", sources, "to/", Existing::Replace, {})->files, 6U);
        QVERIFY(all(fixture).contains("to/tree/a.txt=B,"));
        QCOMPARE(codeOf(data::r2::upload(fixture.state(), "bucket", std::vector<fs::path>{fixture.folder() / "gone"}, "", Existing::Keep, {})), "data.missing");
    }

    void manyFiles()
    {
        StateFixture fixture;
        const fs::path tree = fixture.folder() / "tree";
        for (int i = 0; i < 10'000; ++i)
            StateFixture::write(tree / std::to_string(i % 100) / (std::to_string(i) + ".txt"), "content " + std::to_string(i));
        std::uint64_t last = 0;
        std::uint64_t calls = 0;
        const data::Control control{{}, [&](const data::Progress &progress) {
                                        QVERIFY(progress.done >= last && progress.done <= progress.total);
                                        last = progress.done;
                                        ++calls;
                                    }};
        const std::vector<fs::path> sources{tree};
        const auto done =
            timed("upload of 10,000 files", [&] { return data::r2::upload(fixture.state(), "bucket", sources, "", Existing::Keep, control).value(); });
        QCOMPARE(done.files, 10'000U);
        QCOMPARE(last, done.bytes);
        QVERIFY(calls > 50);
        const std::vector<std::string> keys{"tree/"};
        const auto down = timed("download of 10,000 objects",
            [&] { return data::r2::download(fixture.state(), "bucket", keys, "tree/", fixture.folder() / "down", Existing::Keep, {}).value(); });
        QCOMPARE(down.files, 10'000U);
        QCOMPARE(base::readFile(fixture.folder() / "down/77/4277.txt").value(), "content 4277");
        // Cancelled in the middle: what is there is whole.
        std::stop_source source;
        const data::Control stopping{source.get_token(), [&](const data::Progress &progress) {
                                         if (progress.done > 30'000)
                                             source.request_stop();
                                     }};
        QCOMPARE(codeOf(data::r2::upload(fixture.state(), "other", sources, "", Existing::Keep, stopping)), "data.cancelled");
        ObjectList list(fixture.state(), "other");
        const auto totals = list.totals("").value();
        QVERIFY(totals.objects > 0 && totals.objects < 10'000);
        QCOMPARE(static_cast<std::uint64_t>(
                     std::distance(fs::directory_iterator(storage::blobFolder(fixture.state(), storage::r2Layout, "other")), fs::directory_iterator())),
            totals.objects);
    }

    void hostileKeys()
    {
        StateFixture fixture;
        const std::string longName(300, 'n');
        for (const std::string &key : {"../../up"s, "/absolute"s, "a/../../b"s, "a//b"s, "."s, ".."s, "file"s, "file/below"s, "nul\0l"s, "line\nfeed"s,
                 longName + ".txt", longName + "2.txt", "marked/"s, "marked/x"s, "link/inside"s, "linkfile"s, "é"s, "full/"s})
            put(fixture, key, key == "marked/" ? "" : "v");
        const fs::path target = fixture.folder() / "target";
        fs::create_directories(target);
        fs::create_directories(fixture.folder() / "outside");
        StateFixture::write(fixture.folder() / "outside/file", "untouched");
        fs::create_directory_symlink("../outside", target / "link");
        fs::create_symlink("../outside/file", target / "linkfile");
        const std::vector<std::string> keys{""};
        const auto done = data::r2::download(fixture.state(), "bucket", keys, "", target, Existing::Replace, {});
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        QCOMPARE(done->files, 17U);
        QVERIFY(done->skipped.empty());
        QCOMPARE(tree(fixture.folder() / "outside"), "file=untouched,");
        QVERIFY(!fs::exists(fixture.folder() / "up") && !fs::exists(fixture.folder() / "b"));
        fs::remove(target / "link");
        fs::remove(target / "linkfile");
        const std::string got = tree(target);
        for (const char *part : {"_=v,", "__=v,", "__ (2)/__/up=v,", "_ (2)/absolute=v,", "a/__/__/b=v,", "a/_/b=v,", "file=v,", "file (2)/below=v,",
                 "nul_l=v,", "line_feed=v,", "marked/,", "marked/x=v,", "link (2)/inside=v,", "linkfile (2)=v,", "é=v,", "full/_=v,"})
            QVERIFY2(got.contains(part), (part + (" in " + got)).c_str());
        QCOMPARE(std::ranges::count(got, '='), 17);
    }

    void keepsOrReplacesFiles()
    {
        StateFixture fixture;
        put(fixture, "f/a", "new");
        put(fixture, "f/b/c", "C");
        put(fixture, "g", "G");
        const fs::path target = fixture.folder() / "target";
        StateFixture::write(target / "a", "old");
        const std::vector<std::string> keys{"f/a", "f/b/", "g", "none"};
        auto done = data::r2::download(fixture.state(), "bucket", keys, "f/", target, Existing::Keep, {}).value();
        QCOMPARE(tree(target), "a=old,b/,b/c=C,g=G,");
        QCOMPARE(done.files, 2U);
        QVERIFY(hasReason(done, "f/a: there is a file"));
        done = data::r2::download(fixture.state(), "bucket", keys, "f/", target, Existing::Replace, {}).value();
        QCOMPARE(tree(target), "a=new,b/,b/c=C,g=G,");
        QCOMPARE(done.bytes, 5U);
        QCOMPARE(codeOf(data::r2::download(fixture.state(), "bucket", keys, "f/", target / "a" / "x", Existing::Replace, {})), "file.write");
    }

    void aMissingValueIsTold()
    {
        StateFixture fixture;
        put(fixture, "a", "1");
        for (const auto &blob : fs::directory_iterator(storage::blobFolder(fixture.state(), storage::r2Layout, "bucket")))
            fs::remove(blob.path());
        put(fixture, "b", "2");
        const std::vector<std::string> keys{""};
        const auto done = data::r2::download(fixture.state(), "bucket", keys, "", fixture.folder() / "t", Existing::Keep, {}).value();
        QCOMPARE(tree(fixture.folder() / "t"), "b=2,");
        QVERIFY(hasReason(done, "a: "));
        std::stop_source source;
        source.request_stop();
        QCOMPARE(codeOf(data::r2::download(fixture.state(), "bucket", keys, "", fixture.folder() / "t2", Existing::Keep, {source.get_token(), {}})),
            "data.cancelled");
    }
};

QTEST_GUILESS_MAIN(TestTransfer)
#include "t_transfer.moc"
