// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <fstream>
#include <functional>
#include <thread>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace cleat::base;
namespace fs = std::filesystem;

namespace {

void put(const fs::path &path, std::string_view content)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

mode_t modeOf(const fs::path &path)
{
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

std::vector<std::string> names(const fs::path &folder)
{
    std::vector<std::string> found;
    for (const auto &entry : fs::directory_iterator(folder))
        found.push_back(entry.path().filename().string());
    std::ranges::sort(found);
    return found;
}

/// The error code of an operation, or "ok", run in a process of its own, so that it may give up rights or get limits for good.
std::string codeInChild(const std::function<void()> &prepare, const std::function<Result<void>()> &work)
{
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0)
        return "no pipe";
    const pid_t child = ::fork();
    if (child == 0) {
        prepare();
        const auto result = work();
        const std::string code = result ? "ok" : result.error().code;
        const ssize_t written = ::write(ends[1], code.data(), code.size());
        ::_exit(written == static_cast<ssize_t>(code.size()) ? 0 : 1);
    }
    ::close(ends[1]);
    std::string code;
    std::array<char, 64> buffer{};
    for (ssize_t n = 0; (n = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
        code.append(buffer.data(), static_cast<std::size_t>(n));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return status == 0 ? code : "the child failed";
}

/// Permissions mean nothing to root.
void becomeNobody()
{
    constexpr uid_t nobody = 65534;
    if (::geteuid() == 0 && ::setuid(nobody) != 0)
        ::_exit(1);
}

} // namespace

class FileTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path path(const char *name) const { return fs::path(m_folder->path().toStdString()) / name; }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        QCOMPARE(::chmod(m_folder->path().toLocal8Bit().constData(), 0755), 0);
    }

    void roundTrip_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("a\r\nb\n");
        QTest::newRow("bytes") << QByteArray("\0\xff\x1a\0", 4);
        QTest::newRow("large") << QByteArray(5'000'001, 'x');
    }
    void roundTrip()
    {
        QFETCH(QByteArray, bytes);
        QVERIFY(writeFileAtomically(path("f"), bytes.toStdString()));
        QCOMPARE(readFile(path("f")).value(), bytes.toStdString());
        QVERIFY(writeFileAtomically(path("f"), "short"));
        QCOMPARE(readFile(path("f")).value(), std::string("short"));
        QCOMPARE(names(path("")), std::vector<std::string>{"f"});
    }

    void readsWhatHasNoSize()
    {
        const auto text = readFile("/proc/self/status");
        QVERIFY(text && text->starts_with("Name:"));
    }

    void readErrors()
    {
        const auto missing = readFile(path("none"));
        QCOMPARE(missing.error().code, std::string("file.missing"));
        QVERIFY(missing.error().message.find(path("none").string()) != std::string::npos);
        QCOMPARE(readFile(path("")).error().code, std::string("file.read"));
        put(path("f"), "x");
        QCOMPARE(readFile(path("f") / "below").error().code, std::string("file.read"));
        QCOMPARE(::chmod(path("f").c_str(), 0), 0);
        const auto read = [&]() -> Result<void> {
            if (const auto text = readFile(path("f")); !text)
                return std::unexpected(text.error());
            return {};
        };
        QCOMPARE(codeInChild(becomeNobody, read), std::string("file.denied"));
    }

    void newFileFollowsUmask()
    {
        const mode_t old = ::umask(027);
        const bool written = writeFileAtomically(path("f"), "x").has_value();
        ::umask(old);
        QVERIFY(written);
        QCOMPARE(modeOf(path("f")), mode_t(0640));
    }

    void keepsMode_data()
    {
        QTest::addColumn<unsigned>("mode");
        for (const unsigned mode : {0600U, 0644U, 0664U, 0755U})
            QTest::addRow("%o", mode) << mode;
    }
    void keepsMode()
    {
        QFETCH(unsigned, mode);
        put(path("f"), "old");
        QCOMPARE(::chmod(path("f").c_str(), mode), 0);
        QVERIFY(writeFileAtomically(path("f"), "new"));
        QCOMPARE(modeOf(path("f")), mode_t(mode));
        QCOMPARE(readFile(path("f")).value(), std::string("new"));
    }

    void ownerOnly()
    {
        const mode_t old = ::umask(0);
        QVERIFY(writeFileAtomically(path("f"), "x", Access::OwnerOnly));
        ::umask(old);
        QCOMPARE(modeOf(path("f")), mode_t(0600));
        QCOMPARE(::chmod(path("f").c_str(), 0664), 0);
        QVERIFY(writeFileAtomically(path("f"), "y", Access::OwnerOnly));
        QCOMPARE(modeOf(path("f")), mode_t(0600));
    }

    void followsLinks_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<bool>("exists");
        QTest::newRow("relative") << QByteArray("real/f") << true;
        QTest::newRow("absolute") << QByteArray("/real/f") << true;
        QTest::newRow("through a second link") << QByteArray("second") << true;
        QTest::newRow("dangling") << QByteArray("real/f") << false;
        QTest::newRow("dangling, absolute") << QByteArray("/real/f") << false;
        QTest::newRow("dangling, through a second link") << QByteArray("second") << false;
    }
    void followsLinks()
    {
        QFETCH(QByteArray, target);
        QFETCH(bool, exists);
        fs::create_directory(path("real"));
        fs::create_symlink("real/f", path("second"));
        if (exists)
            put(path("real/f"), "old");
        fs::create_symlink(target.startsWith('/') ? path(target.constData() + 1) : fs::path(target.toStdString()), path("link"));
        QVERIFY(writeFileAtomically(path("link"), "new"));
        QVERIFY(fs::is_symlink(path("link")));
        QVERIFY(fs::is_symlink(path("second")));
        QVERIFY(!fs::is_symlink(path("real/f")));
        QCOMPARE(readFile(path("real/f")).value(), std::string("new"));
        QCOMPARE(names(path("real")), std::vector<std::string>{"f"});
        QCOMPARE(names(path("")), (std::vector<std::string>{"link", "real", "second"}));
    }

    void linkToItself()
    {
        fs::create_symlink("link", path("link"));
        QVERIFY(!writeFileAtomically(path("link"), "new"));
        QCOMPARE(names(path("")), std::vector<std::string>{"link"});
    }

    void belowAFile()
    {
        put(path("f"), "old");
        QCOMPARE(writeFileAtomically(path("f") / "below", "new").error().code, std::string("file.write"));
        QCOMPARE(readFile(path("f")).value(), std::string("old"));
    }

    void noFolder()
    {
        const auto result = writeFileAtomically(path("none/f"), "new");
        QCOMPARE(result.error().code, std::string("file.missing"));
        QVERIFY(result.error().message.find("none/f") != std::string::npos);
    }

    void readOnlyFolder()
    {
        fs::create_directory(path("locked"));
        put(path("locked/f"), "old");
        QCOMPARE(::chmod(path("locked/f").c_str(), 0666), 0);
        QCOMPARE(::chmod(path("locked").c_str(), 0555), 0);
        QCOMPARE(codeInChild(becomeNobody, [&] { return writeFileAtomically(path("locked/f"), "new"); }), std::string("file.denied"));
        QCOMPARE(codeInChild(becomeNobody, [&] { return writeFileAtomically(path("locked/other"), "new"); }), std::string("file.denied"));
        QCOMPARE(::chmod(path("locked").c_str(), 0755), 0);
        QCOMPARE(readFile(path("locked/f")).value(), std::string("old"));
        QCOMPARE(names(path("locked")), std::vector<std::string>{"f"});
    }

    /// Renaming could replace a file that its owner has made read-only; that is not what its owner wants.
    void readOnlyFile()
    {
        fs::create_directory(path("open"));
        put(path("open/f"), "old");
        QCOMPARE(::chmod(path("open/f").c_str(), 0444), 0);
        QCOMPARE(::chmod(path("open").c_str(), 0777), 0);
        QCOMPARE(codeInChild(becomeNobody, [&] { return writeFileAtomically(path("open/f"), "new"); }), std::string("file.denied"));
        QCOMPARE(readFile(path("open/f")).value(), std::string("old"));
        QCOMPARE(names(path("open")), std::vector<std::string>{"f"});
    }

    /// As a full disk: a part can be written, the rest cannot.
    void noMoreRoom()
    {
        put(path("f"), "old");
        const std::string large(1'000'000, 'x');
        const auto limit = [] {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit bytes{65536, 65536};
            if (::setrlimit(RLIMIT_FSIZE, &bytes) != 0)
                ::_exit(1);
        };
        QCOMPARE(codeInChild(limit, [&] { return writeFileAtomically(path("f"), large); }), std::string("file.write"));
        QCOMPARE(codeInChild(limit, [&] { return writeFileAtomically(path("new"), large); }), std::string("file.write"));
        QCOMPARE(readFile(path("f")).value(), std::string("old"));
        QCOMPARE(names(path("")), std::vector<std::string>{"f"});
    }

    void overAFolder()
    {
        fs::create_directory(path("folder"));
        QCOMPARE(writeFileAtomically(path("folder"), "new").error().code, std::string("file.write"));
        QCOMPARE(names(path("")), std::vector<std::string>{"folder"});
    }

    void readersSeeOldOrNew()
    {
        const std::string a(300'000, 'a');
        const std::string b(200'000, 'b');
        put(path("f"), a);
        std::atomic<bool> done = false;
        std::atomic<int> mixed = 0;
        std::atomic<int> reads = 0;
        std::thread reader([&] {
            while (!done) {
                const auto text = readFile(path("f"));
                mixed += !text || (*text != a && *text != b);
                ++reads;
            }
        });
        for (int i = 0; i < 40; ++i)
            QVERIFY(writeFileAtomically(path("f"), i % 2 ? a : b));
        done = true;
        reader.join();
        QCOMPARE(mixed.load(), 0);
        QVERIFY(reads > 0);
    }

    // http://www.isthe.com/chongo/tech/comp/fnv/ : test vectors of FNV-1a, 64 bits.
    void checksums()
    {
        QCOMPARE(checksum(""), std::uint64_t(0xcbf29ce484222325));
        QCOMPARE(checksum("a"), std::uint64_t(0xaf63dc4c8601ec8c));
        QCOMPARE(checksum("foobar"), std::uint64_t(0x85944171f73967e8));
    }
};

QTEST_GUILESS_MAIN(FileTest)
#include "t_file.moc"
