// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/devoptions.h"
#include "core/config/bindingkinds.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

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
                                "--compatibility-date 2026-11-01 --persist-to /data --allowed-host a.example.com --allowed-host=b.example.com --cpu-ms 50 --plan free --inspector-port=9229");
        QVERIFY2(line, line ? "" : line.error().c_str());
        const Options &options = line->options;
        QCOMPARE(*options.directory, folder / "dist");
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
        QCOMPARE(options.cpuMs, std::optional<std::int64_t>(50));
        QVERIFY(options.plan == std::optional(session::Plan::Free));
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
        const auto odd = parse("-b X=--port");
        QVERIFY(odd);
        QCOMPARE(odd->options.variables, (Pairs{{"X", "--port"}}));
        const auto behind = parse("--port 81 -- npx vite --port 82 -b");
        QVERIFY(behind);
        QCOMPARE(behind->options.port, 81);
        QCOMPARE(behind->command, (std::vector<std::string>{"npx", "vite", "--port", "82", "-b"}));
        QVERIFY(!behind->options.directory);
    }

    void relativePaths()
    {
        const auto line = parse("./dist/../out --persist-to ../data/");
        QVERIFY(line);
        QCOMPARE(line->options.directory->lexically_normal(), folder / "out");
        QCOMPARE(*line->options.persistTo, std::filesystem::path("/home/user/data/"));
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
    }

    void helpFits_data()
    {
        QTest::addColumn<int>("columns");
        for (const int columns : {20, 40, 60, 80, 100, 400})
            QTest::newRow(qPrintable(QString::number(columns))) << columns;
    }
    void helpFits()
    {
        QFETCH(int, columns);
        const QString shown = text(app::devHelp(columns));
        QVERIFY(!shown.contains(u'\x1b'));
        for (const QString &row : shown.split(u'\n')) {
            QVERIFY2(columns < 80 || row.size() < std::min(columns, 111), qPrintable(row)); // what is narrower breaks words only between them
            QVERIFY2(!row.endsWith(u' '), qPrintable(row));
        }
        const QString coloured = text(app::devHelp(columns, app::ColourUse::Yes));
        QString plain = coloured;
        plain.remove(QRegularExpression(QStringLiteral("\x1b\\[[0-9]+m")));
        QCOMPARE(plain, shown);
        QVERIFY(coloured != shown);
    }

    // ---- as wrangler reads it

    void severalValues()
    {
        const auto line = parse("dist --kv A B=id --kv=C D -k E F --compatibility-flags x y --compatibility-flag z -b X=1 Y=2 --d1 G --r2=H I=bucket");
        QVERIFY2(line, line ? "" : line.error().c_str());
        const Options &options = line->options;
        QCOMPARE(bound(options, config::Kind::KvNamespace), (Pairs{{"A", "A"}, {"B", "id"}, {"C", "C"}, {"D", "D"}, {"E", "E"}, {"F", "F"}}));
        QCOMPARE(bound(options, config::Kind::R2Bucket), (Pairs{{"H", "H"}, {"I", "bucket"}}));
        QCOMPARE(options.compatibilityFlags, (std::vector<std::string>{"x", "y", "z"}));
        QCOMPARE(options.variables, (Pairs{{"X", "1"}, {"Y", "2"}}));
        QVERIFY(line->warnings.empty());
    }

    void theLastOfAName()
    {
        const auto line = parse("--kv A=one --kv B A=two --service B=worker");
        QVERIFY(line);
        QCOMPARE(bound(line->options, config::Kind::KvNamespace), (Pairs{{"A", "two"}}));
        QCOMPARE(line->options.bindings.size(), 2U);
    }

    void capitals()
    {
        const auto line = parse("--compatibilityDate 2026-01-01 --compatibilityFlags a --persistTo x --inspectorPort=9 --liveReload false --noBundle");
        QVERIFY2(line, line ? "" : line.error().c_str());
        QCOMPARE(text(*line->options.compatibilityDate), QStringLiteral("2026-01-01"));
        QCOMPARE(*line->options.persistTo, folder / "x");
        QCOMPARE(line->options.inspectorPort, std::optional(9));
        QVERIFY(line->options.bundling == Options::Bundling::No);
        QVERIFY(line->options.liveReload == Options::LiveReload::No);
    }

    void liveReload()
    {
        for (const auto &[flags, wanted] : {std::pair("", Options::LiveReload::No), std::pair("--live-reload", Options::LiveReload::Yes), std::pair("--liveReload=true", Options::LiveReload::Yes),
                 std::pair("--live-reload --no-live-reload", Options::LiveReload::No)}) {
            const auto line = parse(flags);
            QVERIFY2(line, line ? "" : line.error().c_str());
            QVERIFY2(line->options.liveReload == wanted, flags);
            QVERIFY2(line->warnings.empty(), flags);
        }
    }

    void otherBindings()
    {
        const auto line = parse("--do OBJ=Cls@other --do LOCAL=Cls --service S=worker T=worker@staging U=worker#Entry V=worker@staging#Entry --ai AI --version-metadata V1");
        QVERIFY2(line, line ? "" : line.error().c_str());
        const auto value = [&](const char *name, const char *field) {
            const auto found = std::ranges::find(line->options.bindings, name, &config::Binding::name);
            return found == line->options.bindings.end() ? QStringLiteral("(none)") : text(found->value(field));
        };
        QCOMPARE(value("OBJ", "class_name"), QStringLiteral("Cls"));
        QCOMPARE(value("OBJ", "script_name"), QStringLiteral("other"));
        QCOMPARE(value("LOCAL", "script_name"), QString());
        QCOMPARE(value("S", "service"), QStringLiteral("worker"));
        QCOMPARE(value("T", "environment"), QStringLiteral("staging"));
        QCOMPARE(value("U", "entrypoint"), QStringLiteral("Entry"));
        QCOMPARE(value("V", "service") + value("V", "environment") + value("V", "entrypoint"), QStringLiteral("workerstagingEntry"));
        QCOMPARE(bound(line->options, config::Kind::Ai), (Pairs{{"AI", ""}}));
        QCOMPARE(bound(line->options, config::Kind::VersionMetadata), (Pairs{{"V1", ""}}));
    }

    void truths_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<bool>("on");
        const auto row = [](const char *line, bool on) { QTest::newRow(line) << QByteArray(line) << on; };
        row("--bundle", true);
        row("--bundle true", true);
        row("--bundle=true", true);
        row("--no-bundle=false", true);
        row("--no-bundle --bundle", true);
        row("--bundle false", false);
        row("--bundle=false", false);
        row("--no-bundle", false);
        row("--no-bundle=true", false);
        row("--no-bundle dist", false); // a directory
    }
    void truths()
    {
        QFETCH(QByteArray, line);
        QFETCH(bool, on);
        const auto parsed = parse(line.constData());
        QVERIFY2(parsed, parsed ? "" : parsed.error().c_str());
        QVERIFY(parsed->options.bundling == (on ? Options::Bundling::Yes : Options::Bundling::No));
        QCOMPARE(parsed->options.directory.has_value(), line.endsWith("dist"));
    }

    void placesBeginAtCwd()
    {
        QTemporaryDir dir;
        const std::filesystem::path real = dir.path().toStdString();
        std::filesystem::create_directories(real / "app");
        const auto line = app::parseDevOptions({QStringLiteral("dist"), QStringLiteral("--persist-to"), QStringLiteral("state"), QStringLiteral("--cwd"), QStringLiteral("app")}, real);
        QVERIFY2(line, line ? "" : line.error().c_str());
        QCOMPARE(line->options.project, real / "app");
        QCOMPARE(*line->options.directory, real / "app" / "dist");
        QCOMPARE(*line->options.persistTo, real / "app" / "state");
    }

    void aFolderThatAListTook()
    {
        QTemporaryDir dir;
        const std::filesystem::path real = dir.path().toStdString();
        std::filesystem::create_directories(real / "my-site");
        const auto line = app::parseDevOptions({QStringLiteral("--kv"), QStringLiteral("A"), QStringLiteral("my-site")}, real);
        QVERIFY(!line);
        QVERIFY2(text(line.error()).contains(u"cleat dev my-site ..."), line.error().c_str());
    }

    void warnings_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("named");
        const auto row = [](const char *line, const char *named) { QTest::newRow(line) << QByteArray(line) << QString::fromUtf8(named); };
        row("--script-path x.js", "--script-path is out of date");
        row("--local", "--local is out of date");
        row("--experimental-local", "--experimental-local");
        row("--experimental-provision", "--experimental-provision");
        row("--experimental-new-config=false", "--experimental-new-config");
        row("--experimental-auto-create false", "--experimental-auto-create");
        row("--env-file nowhere.env", "nowhere.env");
        row("dist --proxy 3000", "--proxy");
    }
    void warnings()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, named);
        const auto parsed = parse(line.constData());
        QVERIFY2(parsed, parsed ? "" : parsed.error().c_str());
        QCOMPARE(parsed->warnings.size(), 1U);
        QVERIFY2(text(parsed->warnings.front()).contains(named), parsed->warnings.front().c_str());
        QVERIFY(text(parsed->warnings.front()).endsWith(u'.'));
    }
    void noWarning()
    {
        const auto parsed = parse("--no-node-compat --no-live-reload --log-level debug --show-interactive-dev-session false --no-color --local-protocol https");
        QVERIFY2(parsed, parsed ? "" : parsed.error().c_str());
        QVERIFY(parsed->warnings.empty());
        QVERIFY(parsed->logLevel == app::LogLevel::Debug);
        QVERIFY(parsed->keys == std::optional(false));
        QVERIFY(parsed->colour == app::Colour::Never);
        QVERIFY(parsed->options.protocol == Options::Protocol::Https);
    }

    void nearestFlag_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("meant");
        const auto row = [](const char *line, const char *meant) { QTest::newRow(line) << QByteArray(line) << QString::fromUtf8(meant); };
        row("--prot 80", "Did you mean --port?");
        row("--compatibilty-date 2026-01-01", "Did you mean --compatibility-date?");
        row("--compatabilityDate 2026-01-01", "Did you mean --compatibility-date?");
        row("--kvs A", "Did you mean --kv?");
        row("--persist x", "Did you mean --persist-to?");
        row("--no-bundel", "Did you mean --no-bundle?");
        row("--hlep", "Did you mean --help?");
        row("--https-cert x", "Did you mean --https-cert-path?");
        row("-port 80", "Did you mean --port");
    }
    void nearestFlag()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, meant);
        const auto parsed = parse(line.constData());
        if (line == "-port 80") { // -p ort
            QVERIFY(!parsed);
            QVERIFY(text(parsed.error()).contains(u"\"ort\""));
            return;
        }
        QVERIFY(!parsed);
        QVERIFY2(text(parsed.error()).contains(meant), parsed.error().c_str());
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
        row("--ai-base-url ftp://e.org", "no address of a server");
        row("--ai-recordings=", "--ai-recordings");
        row("--log-format xml", "xml");
        row("--record some", "some");
        row("--ip=", "--ip");
        row("--persist-to=", "--persist-to");
        row("--allowed-host=", "--allowed-host");
        row("one two", "two");
        row("--local-protocol ftp", "http or https");
        row("--log-level nothing", "debug, info, log, warn, error or none");
        row("--log-level", "--log-level LEVEL");
        row("--bundle=maybe", "true or false");
        row("--kv", "--kv NAME");
        row("--kv --port 81", "--kv NAME");
        row("--do X", "NAME=CLASS");
        row("--do X=", "NAME=CLASS");
        row("--do =Y", "NAME=CLASS");
        row("--do a-b=Y", "a-b");
        row("--service X", "NAME=WORKER");
        row("--service X=", "NAME=WORKER");
        row("--service X=#E", "NAME=WORKER");
        row("--ai=", "--ai");
        row("--ai a-b", "a-b");
        row("--node-compat", "nodejs_compat");
        row("--https-key-path k.pem", "--https-cert-path is missing");
        row("--https-cert-path c.pem", "--https-key-path is missing");
        row("--config nowhere.toml", "nowhere.toml");
        row("--cwd nowhere", "nowhere");
        row("--proxy x", "\"x\"");
        row("--proxy 0", "\"0\"");
        row("dist -- npx vite", "command");
        row("--no-port", "--no-port");
        row("--ip --port 81", "--ip ADDRESS");
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
        QVERIFY(text(parsed.error()).endsWith(u'.') || text(parsed.error()).endsWith(u'?'));
        QVERIFY(!text(parsed.error()).contains(u'\n'));
    }
};

QTEST_GUILESS_MAIN(DevOptionsTest)
#include "t_devoptions.moc"
