// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/dotvars.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QtTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace cleat::config;

namespace {

QString shown(const NamedValues &values)
{
    QStringList out;
    for (const auto &[name, value] : values)
        out << QString::fromStdString(name + "<" + value + ">");
    return out.join(QLatin1Char(' '));
}

void write(const QTemporaryDir &folder, const char *name, const char *text)
{
    QFile file(folder.filePath(QString::fromLatin1(name)));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

} // namespace

class DotVarsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parse_data();
    void parse();
    void longInput();
    void whichFiles_data();
    void whichFiles();
    void expansion();
    void places();
    void entries();
    void unreadable();
};

void DotVarsTest::parse_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, QByteArray text, const char *expected) { QTest::newRow(name) << text << QString::fromUtf8(expected); };
    row("plain", "A=x\nB=y z\n", "A<x> B<y z>");
    row("no line end", "A=x", "A<x>");
    row("blanks", "  A  =  x  \n\tB=\ty\t\n", "A<x> B<y>");
    row("blank lines and comments", "\n# c\n  # d\nA=x\n\n", "A<x>");
    row("empty", "A=\nB= \nC=x", "A<> B<> C<x>");
    row("export", "export A=x\n export  B = y\nexport=z\n", "A<x> B<y> export<z>");
    row("double quotes", "A=\"x y\"\nB = \" x \"\n", "A<x y> B< x >");
    row("single and back quotes", "A='x \"y\"'\nB=`it's`\n", "A<x \"y\"> B<it's>");
    row("escapes in double quotes", "A=\"a\\nb\\rc\\td\"\nB='a\\nb'\nC=a\\nb\n", "A<a\nb\rc\\td> B<a\\nb> C<a\\nb>");
    row("lines in quotes", "A=\"one\ntwo\n\nthree\"\nB='x\ny'\nC=`p\nq`\n", "A<one\ntwo\n\nthree> B<x\ny> C<p\nq>");
    row("comment behind", "A=x # c\nB=\"x # y\" # c\nC='x'#c\nD=x#c\n", "A<x> B<x # y> C<x> D<x>");
    row("hash first", "A=#c\nB= # c\n", "A<> B<>");
    row("equals in value", "A=a=b==\n", "A<a=b==>");
    row("colon", "A: x\nB:y\nC : z\n", "A<x>");
    row("names", "a.b-c_1=x\n1=y\n", "a.b-c_1<x> 1<y>");
    row("no assignments", "just text\n=x\n!A=x\nA B=x\n", "");
    row("unclosed quote", "A=\"x\nB=y\n", "A<\"x> B<y>");
    row("text behind the quote", "A=\"x\" y\nB='a' b'\n", "A<\"x\" y> B<a' b>");
    row("escaped quote", "A='it\\'s'\nB=\"a\\\"b\"\n", "A<it\\'s> B<a\\\"b>");
    row("backslash at the end of quotes", "A='c:\\'\nB=x\n", "A<c:\\> B<x>");
    row("CRLF", "A=x\r\nB=\"y\r\nz\"\r\n", "A<x> B<y\nz>");
    row("carriage returns", "A=x\rB=y\r", "A<x> B<y>");
    row("the last one wins", "A=1\nB=2\nA=3\n", "A<3> B<2>");
    row("JSON", "A={\"a\": \"b\"}\nB='{\"a\": \"b # c\"}'\n", "A<{\"a\": \"b\"}> B<{\"a\": \"b # c\"}>");
    row("byte order mark", "\xEF\xBB\xBF" "A=x\n", "A<x>");
    row("value on the next line in quotes", "A=\n\"x\"\nB=y\n", "A<x> B<y>");
    row("empty quotes", "A=\"\"\nB=''\n", "A<> B<>");
}

void DotVarsTest::parse()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, expected);
    QCOMPARE(shown(parseDotVars(text.toStdString())), expected);
}

void DotVarsTest::longInput()
{
    const std::string big(1'000'000, 'x');
    QCOMPARE(parseDotVars("A=\"" + big + "\"\n").at(0).second.size(), big.size());
    QCOMPARE(parseDotVars("A=" + std::string(100'000, '"')).size(), std::size_t(1));
    parseDotVars(std::string(100'000, '\n') + "\"" + std::string(100'000, '\''));
}

void DotVarsTest::whichFiles_data()
{
    QTest::addColumn<QByteArrayList>("files");
    QTest::addColumn<QByteArray>("environment");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, QByteArrayList files, QByteArray environment, const char *expected) {
        QTest::newRow(name) << files << environment << QString::fromLatin1(expected);
    };
    row("none", {}, "", "");
    row("dev vars", {".dev.vars", ".env", ".env.local"}, "", ".dev.vars");
    row("dev vars of the environment", {".dev.vars", ".dev.vars.preview"}, "preview", ".dev.vars.preview");
    row("not of another environment", {".dev.vars", ".dev.vars.preview"}, "production", ".dev.vars");
    row("env", {".env"}, "preview", ".env");
    row("env and local", {".env", ".env.local"}, "", ".env .env.local");
    row("local alone", {".env.local"}, "", ".env.local");
}

void DotVarsTest::whichFiles()
{
    QFETCH(QByteArrayList, files);
    QFETCH(QByteArray, environment);
    QFETCH(QString, expected);
    QTemporaryDir folder;
    for (const QByteArray &name : files)
        write(folder, name.constData(), ("FROM=" + name + "\n").constData());
    const auto read = readLocalSecrets(folder.path().toStdString(), environment.toStdString());
    QVERIFY(read.has_value());
    QStringList seen;
    for (const auto &file : read->files)
        seen << QString::fromStdString(file.filename().string());
    QCOMPARE(seen.join(QLatin1Char(' ')), expected);
    if (!seen.isEmpty())
        QCOMPARE(shown(read->values), QStringLiteral("FROM<%1>").arg(seen.last()));
}

void DotVarsTest::expansion()
{
    QTemporaryDir folder;
    write(folder, ".env", "HOST=localhost\nURL=http://${HOST}:${PORT}/$HOST\nPORT=1\nD=${NO:-def}${NO-x}\nE=\\$HOST\nF=$\nG=${\nCIRCLE=${CIRCLE}\nEMPTY=\nH=${EMPTY:-a}${EMPTY-b}\n");
    write(folder, ".env.local", "PORT=2\n");
    auto read = readLocalSecrets(folder.path().toStdString(), {});
    QVERIFY(read.has_value());
    QCOMPARE(shown(read->values), QStringLiteral("HOST<localhost> URL<http://localhost:2/localhost> PORT<2> D<defx> E<$HOST> F<$> G<${> CIRCLE<> EMPTY<> H<a>"));
    write(folder, ".dev.vars", "A=${HOST}\n");
    read = readLocalSecrets(folder.path().toStdString(), {});
    QCOMPARE(shown(read->values), QStringLiteral("A<${HOST}>"));
}

void DotVarsTest::places()
{
    const std::string text = "\xEF\xBB\xBF# c\r\nA=x # c\r\n\r\n export B = 'two\r\nlines'\r\nC=\r\nA=again";
    const auto entries = parseDotVarsEntries(text);
    QStringList seen;
    for (const auto &entry : entries)
        seen << QStringLiteral("%1@%2 %3|%4").arg(QString::fromStdString(entry.name)).arg(entry.line)
                    .arg(QString::fromStdString(text.substr(entry.begin, entry.from - entry.begin)), QString::fromStdString(text.substr(entry.from, entry.end - entry.from)));
    QCOMPARE(seen, QStringList({QStringLiteral("A@2 A=|x"), QStringLiteral("B@4 export B = |'two\r\nlines'"), QStringLiteral("C@6 C=|"), QStringLiteral("A@7 A=|again")}));
}

void DotVarsTest::entries()
{
    using Standing = LocalSecrets::Standing;
    QTemporaryDir folder;
    const auto shownEntries = [&](const char *environment) {
        QStringList out;
        const auto read = readLocalSecrets(folder.path().toStdString(), environment);
        for (const auto &entry : read->entries)
            out << QStringLiteral("%1=%2 %3:%4%5%6").arg(QString::fromStdString(entry.name), QString::fromStdString(entry.value),
                       QFileInfo(QString::fromStdString(entry.place.file)).fileName()).arg(entry.place.line)
                       .arg(entry.kind == LocalSecrets::Kind::DotEnv ? u" env" : u"", entry.standing == Standing::Overridden ? u" overridden" : u"");
        for (const auto &file : read->unread)
            out << QStringLiteral("unread ") + QString::fromStdString(file.filename().string());
        return out;
    };
    write(folder, ".env", "A=1\nB=${A}\n");
    write(folder, ".env.local", "\nA=2\n");
    QCOMPARE(shownEntries("preview"), QStringList({QStringLiteral("A=1 .env:1 env overridden"), QStringLiteral("B=2 .env:2 env"), QStringLiteral("A=2 .env.local:2 env")}));
    write(folder, ".dev.vars", "A=3\nA=${4}\n");
    QCOMPARE(shownEntries(""), QStringList({QStringLiteral("A=3 .dev.vars:1 overridden"), QStringLiteral("A=${4} .dev.vars:2"), QStringLiteral("unread .env"), QStringLiteral("unread .env.local")}));
    write(folder, ".dev.vars.preview", "B=5\n");
    QCOMPARE(shownEntries("preview"), QStringList({QStringLiteral("B=5 .dev.vars.preview:1"), QStringLiteral("unread .dev.vars"), QStringLiteral("unread .env"), QStringLiteral("unread .env.local")}));
    QCOMPARE(shownEntries("production").size(), 4);
}

void DotVarsTest::unreadable()
{
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir(QStringLiteral(".env")));
    QVERIFY(readLocalSecrets(folder.path().toStdString(), {})->files.empty());
    // A link that leads to itself fails for everyone, root included.
    QCOMPARE(::symlink(".dev.vars", folder.filePath(QStringLiteral(".dev.vars")).toLocal8Bit().constData()), 0);
    const auto read = readLocalSecrets(folder.path().toStdString(), {});
    QVERIFY(!read);
    QVERIFY(read.error().code.starts_with("file."));
}

QTEST_GUILESS_MAIN(DotVarsTest)
#include "t_dotvars.moc"
