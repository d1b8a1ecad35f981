// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/devoptions.h"
#include "core/config/bindingkinds.h"

#include <QTest>

using namespace cleat;
using app::DevCommandLine;
using session::Options;

namespace {

const std::filesystem::path folder = "/home/user/site";

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

std::expected<DevCommandLine, std::string> parse(const char *line)
{
    return app::parseDevOptions(QString::fromUtf8(line).split(u' ', Qt::SkipEmptyParts), folder);
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Name and local id of each binding of that kind.
Pairs bound(const Options &options, config::Kind kind)
{
    Pairs pairs;
    for (const config::Binding &binding : options.bindings) {
        if (binding.kind == kind)
            pairs.emplace_back(binding.name, config::localId(binding).value_or(""));
    }
    return pairs;
}

} // namespace

class DevOptionsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaults()
    {
        const auto line = parse("");
        QVERIFY(line);
        QVERIFY(line->action == DevCommandLine::Action::Run);
        const Options &options = line->options;
        QCOMPARE(options.project, folder);
        QVERIFY(!options.directory);
        QCOMPARE(text(options.ip), QStringLiteral("localhost"));
        QCOMPARE(options.port, 8788);
        QVERIFY(options.portInUse == Options::PortInUse::TakeNext); // nobody asked for this very port
        QVERIFY(options.bindings.empty());
        QVERIFY(options.variables.empty());
        QVERIFY(!options.compatibilityDate);
        QVERIFY(!options.persistTo);
        QVERIFY(options.scope == config::Scope::TopLevel);
        QVERIFY(options.allowedHosts.empty());
    }

    void everything()
    {
        const auto line = parse("dist --port 9000 --ip 0.0.0.0 --kv A --kv B=id -k C --r2 D --r2=E=bucket --d1 F --d1=G=its-id -b X=1 --binding Y=a=b --binding=Z= --environment preview "
                                "--compatibility-date 2026-11-01 --persist-to /data --allowed-host a.example.com --allowed-host=b.example.com --cpu-ms 50 --inspector-port=9229");
        QVERIFY2(line, line ? "" : line.error().c_str());
        const Options &options = line->options;
        QCOMPARE(*options.directory, std::filesystem::absolute("dist"));
        QCOMPARE(options.port, 9000);
        QVERIFY(options.portInUse == Options::PortInUse::Fail);
        QCOMPARE(text(options.ip), QStringLiteral("0.0.0.0"));
        QCOMPARE(bound(options, config::Kind::KvNamespace), (Pairs{{"A", "A"}, {"B", "id"}, {"C", "C"}}));
        QCOMPARE(bound(options, config::Kind::R2Bucket), (Pairs{{"D", "D"}, {"E", "bucket"}}));
        QCOMPARE(bound(options, config::Kind::D1Database), (Pairs{{"F", "F"}, {"G", "its-id"}}));
        QCOMPARE(options.variables, (Pairs{{"X", "1"}, {"Y", "a=b"}, {"Z", ""}}));
        QCOMPARE(text(options.compatibilityDate.value_or("")), QStringLiteral("2026-11-01"));
        QCOMPARE(*options.persistTo, std::filesystem::path("/data"));
        QVERIFY(options.scope == config::Scope::Preview);
        QCOMPARE(options.allowedHosts, (std::vector<std::string>{"a.example.com", "b.example.com"}));
        QCOMPARE(options.cpuMs, 50);
        QCOMPARE(options.inspectorPort, std::optional(9229));
    }

    void spellings_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line : {"--port 81", "--port=81", "-p 81", "-p81", "-p=81", "--port 80 --port 81"})
            QTest::newRow(line) << QByteArray(line);
    }
    void spellings()
    {
        QFETCH(QByteArray, line);
        const auto parsed = parse(line.constData());
        QVERIFY(parsed);
        QCOMPARE(parsed->options.port, 81);
    }

    void whatIsRecorded()
    {
        using Recorded = events::EventLog::Recorded;
        QVERIFY(!parse("--log-format json")->recorded); // the format decides
        QCOMPARE(parse("--record all")->recorded, std::optional(Recorded::All));
        QCOMPARE(parse("--record=rows")->recorded, std::optional(Recorded::Rows));
        QCOMPARE(parse("--record nothing --log-format json")->recorded, std::optional(Recorded::Nothing));
        QVERIFY(text(app::devHelp()).contains(u"--record"));
    }

    void valuesThatLookLikeFlags()
    {
        const auto odd = parse("-b X=--port -- --odd");
        QVERIFY(odd);
        QCOMPARE(odd->options.variables, (Pairs{{"X", "--port"}}));
        QCOMPARE(*odd->options.directory, std::filesystem::absolute("--odd"));
    }

    void relativePaths()
    {
        const auto line = parse("./dist/../out --persist-to ../data/");
        QVERIFY(line);
        QVERIFY(line->options.directory->is_absolute());
        QVERIFY(line->options.persistTo->is_absolute());
        QCOMPARE(line->options.persistTo->lexically_normal(), (std::filesystem::current_path().parent_path() / "data/").lexically_normal());
    }

    void emptyDirectory()
    {
        const auto line = app::parseDevOptions({QString()}, folder);
        QVERIFY(!line);
        QVERIFY(text(line.error()).contains(u"directory"));
    }

    void help_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line : {"--help", "-h", "dist --port 1 --help"})
            QTest::newRow(line) << QByteArray(line);
    }
    void help()
    {
        QFETCH(QByteArray, line);
        const auto parsed = parse(line.constData());
        QVERIFY(parsed);
        QVERIFY(parsed->action == DevCommandLine::Action::Help);
        const QString shown = text(app::devHelp());
        for (const char *flag : {"--port", "--ip", "--kv", "--r2", "--binding", "--environment", "--compatibility-date", "--persist-to", "--allowed-host", "--help", "8788"})
            QVERIFY2(shown.contains(QLatin1String(flag)), flag);
        for (const QString &row : shown.split(u'\n'))
            QVERIFY2(row.size() <= 120, qPrintable(row));
    }

    void mistakes_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("named"); // what the message must name
        const auto row = [](const char *line, const char *named) { QTest::newRow(line) << QByteArray(line) << QString::fromUtf8(named); };
        row("--nonsense", "--nonsense");
        row("--nonsense=1", "--nonsense");
        row("-z", "-z");
        row("-", "-");
        row("--", "");
        row("--port", "--port PORT");
        row("--port x", "\"x\"");
        row("--port -1", "-1");
        row("--port 65536", "65536");
        row("--port 80x", "80x");
        row("--port= --kv A", "\"\"");
        row("-p", "-p PORT");
        row("--kv =id", "=id");
        row("--r2 =id", "--r2 takes NAME or NAME=BUCKET");
        row("--r2 a-b", "a-b");
        row("--binding X", "\"X\"");
        row("--binding =x", "\"=x\"");
        row("--environment staging", "staging");
        row("--compatibility-date yesterday", "yesterday");
        row("--compatibility-date 2026-13-01", "2026-13-01");
        row("--compatibility-date 2026-02-30", "2026-02-30");
        row("--compatibility-date 2026-11-01T00:00:00", "2026-11-01T00");
        row("--cpu-ms 0", "\"0\"");
        row("--inspector-port 65536", "65536");
        row("--inspector-port", "--inspector-port");
        row("--cpu-ms ten", "ten");
        row("--log-format xml", "xml");
        row("--record some", "some");
        row("--ip=", "--ip");
        row("--persist-to=", "--persist-to");
        row("--allowed-host=", "--allowed-host");
        row("one two", "two");
    }
    void mistakes()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, named);
        const auto parsed = parse(line.constData());
        if (line == "-" || line == "--") { // a folder of that name, and the end of the flags
            QVERIFY(parsed);
            return;
        }
        QVERIFY(!parsed);
        QVERIFY2(text(parsed.error()).contains(named), parsed.error().c_str());
        QVERIFY(text(parsed.error()).endsWith(u'.'));
        QVERIFY(!text(parsed.error()).contains(u'\n'));
    }
};

QTEST_GUILESS_MAIN(DevOptionsTest)
#include "t_devoptions.moc"
