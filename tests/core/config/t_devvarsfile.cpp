// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/devvarsfile.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <random>

#include <sys/stat.h>

using namespace cleat::config;
namespace fs = std::filesystem;

namespace {

QByteArray shown(const cleat::base::Result<std::string> &text)
{
    return text ? QByteArray::fromStdString(*text) : QByteArray::fromStdString(text.error().code);
}

std::string randomValue(std::mt19937 &random)
{
    static const std::vector<std::string> pieces{"a", "b c", "'", "\"", "`", "#", " #", "\n", "\r", "\r\n", "\\", "\\n", "\\\"", "\\'", " ", "\t", "=", "$", "${A}", "export ", "\xc3\xa9",
        "A=b", "-----BEGIN KEY-----\n", ":", ": "};
    std::string value;
    for (unsigned n = random() % 8; n > 0; --n)
        value += pieces[random() % pieces.size()];
    return value;
}

std::string randomText(std::mt19937 &random)
{
    static const std::vector<std::string> lines{"A=x", "B='two\nlines'", "# a comment", "", "  export C = \"y\" # c", "D=", "A=again", "F: z", "nothing", "G=`q`", "E=\"open", "H='c:\\'",
        "\"stray\"", "I=it's # x'"};
    std::string text = random() % 8 == 0 ? "\xEF\xBB\xBF" : "";
    const std::string end = random() % 4 == 0 ? "\r\n" : "\n";
    for (unsigned n = random() % 7; n > 0; --n)
        text += lines[random() % lines.size()] + end;
    if (random() % 3 == 0 && !text.empty() && text.back() == '\n')
        text.erase(text.size() - end.size());
    return text;
}

/// Whether dotenv has a spelling for it.
bool hasSpelling(const std::string &value)
{
    for (const std::string before : {"", "\"", "'", "`"}) {
        if (!before.empty() && value.find(before) != std::string::npos)
            continue; // sometimes it can be read, by chance
        std::string escaped = value;
        if (before == "\"") {
            escaped.clear();
            for (const char c : value)
                escaped += c == '\n' ? "\\n" : c == '\r' ? "\\r" : std::string(1, c);
        }
        // In the middle of a file, before lines that could be taken for a part of it.
        for (const std::string after : {"Z=z\n", "Z=it' # z\n", "Z=it\" # z\n", "Z=it` # z\n", "'z'\nZ=z\n"}) {
            if (const auto read = parseDotVars("N=" + before + escaped + before + "\n" + after); read.empty() || read[0].second != value || read.back().first != "Z")
                goto next;
        }
        return true;
    next:;
    }
    return false;
}

} // namespace

class DevVarsFileTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void quoted_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *value, const char *expected) { QTest::newRow(expected) << QByteArray(value) << QByteArray(expected); };
        row("plain", "plain");
        row("two words", "two words");
        row("", "\"\"");
        row(" edge", "\" edge\"");
        row("a # b", "\"a # b\"");
        row("a\nb", "\"a\\nb\"");
        row("a\rb", "\"a\\rb\"");
        row("it's", "it's");
        row("'x'", "\"'x'\"");
        row("\"x\" #", "'\"x\" #'");
        row("\"x\" '#'", "`\"x\" '#'`");
        row("C:\\new\nline", "'C:\\new\nline'");
        row("c:\\", "c:\\");
        row("\"'`#", "devvars.value");
        row("#\\", "devvars.value");
    }
    void quoted()
    {
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, expected);
        QCOMPARE(shown(quotedForDevVars(value.toStdString())), expected);
    }

    void sets_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        const auto row = [](const char *before, const char *after) { QTest::newRow(before) << QByteArray(before) << QByteArray(after); };
        row("", "N=new\n");
        row("# c\nA=x", "# c\nA=x\nN=new\n");
        row("A=x\r\n", "A=x\r\nN=new\r\n");
        row("N=old\nA=x\n", "N=new\nA=x\n");
        row("  export N = 'old' # why\nA=x\n", "  export N = new # why\nA=x\n");
        row("N=old # why\n", "N=new # why\n");
        row("N=\nA=x\n", "N=new\nA=x\n");
        row("N=  \r\nA=x\r\n", "N=new  \r\nA=x\r\n");
        row("N=\"two\nlines\"\nA=x\n", "N=new\nA=x\n");
        row("N=1\nN=2\n", "N=1\nN=new\n");
        row("N: old\n", "N: new\n");
        row("\xEF\xBB\xBFN=old\r\n", "\xEF\xBB\xBFN=new\r\n");
        row("A=\"open\n", "A=\"open\nN=new\n");
    }
    void sets()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QCOMPARE(shown(withDevVars(before.toStdString(), {{"N", "new"}})), after);
    }

    void refuses()
    {
        QCOMPARE(shown(withDevVars("", {{"", "x"}})), QByteArray("devvars.name"));
        QCOMPARE(shown(withDevVars("", {{"A B", "x"}})), QByteArray("devvars.name"));
        QCOMPARE(shown(withDevVars("", {{"A", "x"}, {"B", "\"'`#"}})), QByteArray("devvars.value"));
        QCOMPARE(shown(withDevVars("A=\"open\n", {{"N", "#x"}})), QByteArray("devvars.edit")); // N's quote would close A's
    }

    void removes_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        const auto row = [](const char *before, const char *after) { QTest::newRow(before) << QByteArray(before) << QByteArray(after); };
        row("", "");
        row("A=x\n", "A=x\n");
        row("# c\nN=x # d\nA=x\n", "# c\nA=x\n");
        row("N=1\nA=x\n export N='2\n3'\n", "A=x\n");
        row("A=x\r\nN=1\r\nB=y\r\n", "A=x\r\nB=y\r\n");
        row("A=x\nN=1", "A=x\n");
        row("N=\n\n'quoted'\nA=x\n", "A=x\n");
        row("N=\n\nA=x\n", "\nA=x\n");
    }
    void removes()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QCOMPARE(shown(withoutDevVar(before.toStdString(), "N")), after);
    }

    void anyValueReadsBack()
    {
        std::mt19937 random(20240611);
        int refused = 0;
        for (int i = 0; i < 5'000; ++i) {
            const std::string value = randomValue(random);
            const auto quoted = quotedForDevVars(value);
            if (!quoted) {
                ++refused;
                QVERIFY2(!hasSpelling(value), value.c_str());
                continue;
            }
            for (const std::string after : {"", "\n", "\r\nZ='z'\r\n", "\n'z'\n", "\nZ=\"it's\" # '\"`\n"}) {
                const auto read = parseDotVars("A=a\nN=" + *quoted + after);
                QVERIFY2(read.size() >= 2 && read[1].first == "N" && read[1].second == value, quoted->c_str());
            }
        }
        QVERIFY(refused < 1000);
    }

    void anyFileKeepsTheRest()
    {
        std::mt19937 random(7);
        int refused = 0;
        for (int i = 0; i < 5'000; ++i) {
            const std::string text = randomText(random);
            const std::string value = randomValue(random);
            const std::string name(1, static_cast<char>('A' + random() % 10));
            NamedValues wanted = parseDotVars(text);
            const auto edited = withDevVars(text, {{name, value}});
            if (edited) {
                const auto same = std::ranges::find(wanted, name, &NamedValues::value_type::first);
                if (same != wanted.end())
                    same->second = value;
                else
                    wanted.emplace_back(name, value);
                QVERIFY2(parseDotVars(*edited) == wanted, edited->c_str());
                const auto removed = withoutDevVar(*edited, name);
                if (removed) {
                    std::erase_if(wanted, [&](const auto &pair) { return pair.first == name; });
                    QVERIFY2(parseDotVars(*removed) == wanted, removed->c_str());
                }
            } else {
                ++refused;
            }
        }
        QVERIFY(refused < 2000);
    }

    void files()
    {
        QTemporaryDir folder;
        const fs::path file = fs::path(folder.path().toStdString()) / ".dev.vars";
        const auto mode = [&] {
            struct stat info {};
            return ::stat(file.c_str(), &info) == 0 ? int(info.st_mode & 07777) : -1;
        };
        QVERIFY(removeDevVar(file, "A"));
        QVERIFY(!fs::exists(file));
        QVERIFY(setDevVars(file, {{"A", "one"}, {"B", "two"}}));
        QCOMPARE(mode(), 0600);
        QCOMPARE(::chmod(file.c_str(), 0644), 0);
        QVERIFY(setDevVars(file, {{"A", "three"}}));
        QCOMPARE(mode(), 0644);
        QVERIFY(removeDevVar(file, "B"));
        QVERIFY(!setDevVars(file, {{"A", "#\\"}}));
        std::ifstream in(file);
        QCOMPARE(std::string(std::istreambuf_iterator<char>(in), {}), std::string("A=three\n"));
        QVERIFY(exportDevVars(file, {{"C", "x y"}}));
        QCOMPARE(mode(), 0600);
        QCOMPARE(readLocalSecrets(folder.path().toStdString(), {})->values, NamedValues({{"C", "x y"}}));
    }
};

QTEST_GUILESS_MAIN(DevVarsFileTest)
#include "t_devvarsfile.moc"
