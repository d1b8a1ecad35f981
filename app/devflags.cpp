// SPDX-License-Identifier: GPL-3.0-or-later
// The table of what `cleat dev` takes.
#include "app/devbindings.h"
#include "app/devflag.h"

#include <QDate>
#include <QString>

#include <array>
#include <charconv>
#include <utility>

namespace cleat::app {

namespace {

namespace fs = std::filesystem;
using Line = DevCommandLine;
using Group = DevFlag::Group;
using Takes = DevFlag::Takes;
using session::Options;

std::string quoted(const std::string &text)
{
    return '"' + text + '"';
}

Problem isEmpty(std::string_view flag, std::string_view what, const std::string &text)
{
    if (text.empty())
        return dashed(flag) + " takes " + std::string(what) + ", not an empty text.";
    return {};
}

std::optional<int> numberIn(const std::string &text, int least, int most)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool fine = error == std::errc() && end == text.data() + text.size() && number >= least && number <= most;
    return fine ? std::optional(number) : std::nullopt;
}

Problem portInto(int &port, std::string_view flag, const std::string &text)
{
    const auto number = numberIn(text, 0, 65535);
    if (!number)
        return dashed(flag) + " takes a number from 0 to 65535, not " + quoted(text) + '.';
    port = *number;
    return {};
}

/// One of `choices`, whose place is given back.
template <std::size_t count>
std::expected<std::size_t, std::string> choice(std::string_view flag, const std::array<std::string_view, count> &choices, const std::string &text)
{
    std::string all;
    for (std::size_t i = 0; i < count; ++i) {
        if (choices[i] == text)
            return i;
        all.append(i == 0 ? "" : i + 1 == count ? " or " : ", ").append(choices[i]);
    }
    return std::unexpected(dashed(flag) + " takes " + all + ", not " + quoted(text) + '.');
}

template <auto add>
Problem binding(Line &line, const std::string &text, const fs::path &)
{
    return add(line.options, text);
}

Problem nothing(Line &, const std::string &, const fs::path &)
{
    return {};
}

Problem setScope(Line &line, const std::string &text, const fs::path &)
{
    if (text == "preview")
        line.options.scope = config::Scope::Preview;
    else if (text == "production")
        line.options.scope = config::Scope::Production;
    else
        return "--environment takes preview or production, not " + quoted(text) + '.';
    return {};
}

Problem setDate(Line &line, const std::string &text, const fs::path &)
{
    if (text.size() != 10 || !QDate::fromString(QString::fromStdString(text), Qt::ISODate).isValid())
        return "--compatibility-date takes a date like 2026-11-01, not " + quoted(text) + '.';
    line.options.compatibilityDate = text;
    return {};
}

Problem setScript(Line &line, const std::string &text, const fs::path &)
{
    if (auto empty = isEmpty("script-path", "a file below the directory", text))
        return empty;
    line.options.workerScript = text;
    return {};
}

Problem addEnvFile(Line &line, const std::string &text, const fs::path &base)
{
    if (auto empty = isEmpty("env-file", "a file", text))
        return empty;
    const fs::path file = (base / text).lexically_normal();
    std::error_code ec;
    if (!fs::exists(file, ec))
        line.warnings.push_back("--env-file: there is no file " + file.string() + '.');
    line.options.envFiles.push_back(file);
    return {};
}

Problem addConfig(Line &line, const std::string &text, const fs::path &base)
{
    if (auto empty = isEmpty("config", "a Wrangler file", text))
        return empty;
    const fs::path file = (base / text).lexically_normal();
    std::error_code ec;
    if (!fs::is_regular_file(file, ec))
        return "--config: there is no file " + file.string() + '.';
    line.configs.push_back(file);
    return {};
}

Problem setPlan(Line &line, const std::string &text, const fs::path &)
{
    const auto chosen = choice("plan", std::array<std::string_view, 3>{"free", "paid", "none"}, text);
    if (!chosen)
        return chosen.error();
    line.options.plan = std::array{session::Plan::Free, session::Plan::Paid, session::Plan::None}[*chosen];
    return {};
}

Problem setRecord(Line &line, const std::string &text, const fs::path &)
{
    using Recorded = events::EventLog::Recorded;
    const auto chosen = choice("record", std::array<std::string_view, 3>{"all", "rows", "nothing"}, text);
    if (!chosen)
        return chosen.error();
    line.recorded = std::array{Recorded::All, Recorded::Rows, Recorded::Nothing}[*chosen];
    return {};
}

Problem setLevel(Line &line, const std::string &text, const fs::path &)
{
    const auto chosen = choice("log-level", std::array<std::string_view, 6>{"debug", "info", "log", "warn", "error", "none"}, text);
    if (!chosen)
        return chosen.error();
    line.logLevel = std::array{LogLevel::Debug, LogLevel::Log, LogLevel::Log, LogLevel::Warn, LogLevel::Error, LogLevel::None}[*chosen];
    return {};
}

Problem setFormat(Line &line, const std::string &text, const fs::path &)
{
    const auto chosen = choice("log-format", std::array<std::string_view, 2>{"text", "json"}, text);
    if (!chosen)
        return chosen.error();
    line.logFormat = *chosen == 1 ? LogFormat::Json : LogFormat::Text;
    return {};
}

Problem setProtocol(Line &line, const std::string &text, const fs::path &)
{
    const auto chosen = choice("local-protocol", std::array<std::string_view, 2>{"http", "https"}, text);
    if (!chosen)
        return chosen.error();
    line.options.protocol = *chosen == 1 ? Options::Protocol::Https : Options::Protocol::Http;
    return {};
}

template <std::optional<fs::path> Options::*member>
Problem setFile(std::string_view flag, Line &line, const std::string &text, const fs::path &base)
{
    if (auto empty = isEmpty(flag, "a file", text))
        return empty;
    line.options.*member = (base / text).lexically_normal();
    return {};
}

Problem setKey(Line &line, const std::string &text, const fs::path &base)
{
    return setFile<&Options::httpsKey>("https-key-path", line, text, base);
}

Problem setCertificate(Line &line, const std::string &text, const fs::path &base)
{
    return setFile<&Options::httpsCertificate>("https-cert-path", line, text, base);
}

const std::vector<DevFlag> &table()
{
    static const std::vector<DevFlag> flags = {
        {"environment", "env", 'e', Takes::One, Group::Project, "NAME", "run the bindings of preview or production instead of the top level's", setScope},
        {"config", "", 'c', Takes::Several, Group::Project, "FILE", "the project's Wrangler file; further ones are of Workers that run beside it", addConfig},
        {"cwd", "", 0, Takes::One, Group::Project, "FOLDER", "the project's folder, where relative paths begin (the current one)", nothing},
        {"env-file", "", 0, Takes::Several, Group::Project, "FILE", "a file of secrets, over .dev.vars or .env; of several the later ones win", addEnvFile},
        {"persist-to", "", 0, Takes::One, Group::Project, "FOLDER", "where local data is kept (.wrangler/state)",
            [](Line &line, const std::string &text, const fs::path &base) {
                line.options.persistTo = (base / text).lexically_normal();
                return isEmpty("persist-to", "a folder", text);
            }},
        {"bundle", "", 0, Takes::Truth, Group::Project, "", "put _worker.js together with what it imports (on)",
            [](Line &line, const std::string &text, const fs::path &) -> Problem {
                line.options.bundling = text == "true" ? Options::Bundling::Yes : Options::Bundling::No;
                return {};
            }},
        {"live-reload", "", 0, Takes::Truth, Group::Project, "", "let open pages load again when code or files change, and tell of broken code in them",
            [](Line &line, const std::string &text, const fs::path &) -> Problem {
                line.options.liveReload = text == "true" ? Options::LiveReload::Yes : Options::LiveReload::No;
                return {};
            }},

        {"binding", "", 'b', Takes::Several, Group::Bindings, "NAME=VALUE", "variables", binding<addVariable>},
        {"kv", "", 'k', Takes::Several, Group::Bindings, "NAME[=ID]", "KV namespaces", binding<addKv>},
        {"r2", "", 0, Takes::Several, Group::Bindings, "NAME[=BUCKET]", "R2 buckets", binding<addR2>},
        {"d1", "", 0, Takes::Several, Group::Bindings, "NAME[=ID]", "D1 databases", binding<addD1>},
        {"do", "", 'o', Takes::Several, Group::Bindings, "NAME=CLASS[@WORKER]", "Durable Objects: a class of a further --config's Worker, or of the project itself", binding<addDurableObject>},
        {"service", "", 0, Takes::Several, Group::Bindings, "NAME=WORKER[@ENV][#ENTRY]", "other Workers: those of further --config, or the project itself", binding<addService>},
        {"ai", "", 0, Takes::One, Group::Bindings, "NAME", "Workers AI, by way of a provider (--ai-base-url)", binding<addAi>},
        {"version-metadata", "", 0, Takes::One, Group::Bindings, "NAME", "the Worker's version: id, tag and timestamp", binding<addVersionMetadata>},

        {"port", "", 'p', Takes::One, Group::Network, "PORT", "port to listen on (8788, or the next free one; 0 takes any)",
            [](Line &line, const std::string &text, const fs::path &) {
                line.options.portInUse = Options::PortInUse::Fail;
                return portInto(line.options.port, "port", text);
            }},
        {"ip", "", 0, Takes::One, Group::Network, "ADDRESS", "address to listen on (localhost; 0.0.0.0 is reachable from other machines)",
            [](Line &line, const std::string &text, const fs::path &) {
                line.options.ip = text;
                return isEmpty("ip", "an address", text);
            }},
        {"local-protocol", "", 0, Takes::One, Group::Network, "PROTOCOL", "http, or https with a certificate that Cleat makes (http)", setProtocol},
        {"https-key-path", "", 0, Takes::One, Group::Network, "FILE", "a private key of your own (PEM), for --local-protocol https", setKey},
        {"https-cert-path", "", 0, Takes::One, Group::Network, "FILE", "its certificate, with the chain behind it if there is one (PEM)", setCertificate},
        {"allowed-host", "", 0, Takes::Several, Group::Network, "NAME", "host names besides localhost under which this server may be reached",
            [](Line &line, const std::string &text, const fs::path &) {
                line.options.allowedHosts.push_back(text);
                return isEmpty("allowed-host", "a name", text);
            }},
        {"proxy", "", 0, Takes::One, Group::Network, "PORT", "port of another server that has the static files, as vite's",
            [](Line &line, const std::string &text, const fs::path &) -> Problem {
                line.proxyPort = numberIn(text, 1, 65535);
                return line.proxyPort ? Problem() : "--proxy takes a port from 1 to 65535, not " + quoted(text) + '.';
            }},

        {"compatibility-date", "", 0, Takes::One, Group::Runtime, "DATE", "the runtime's compatibility date, like 2026-11-01", setDate},
        {"compatibility-flags", "compatibility-flag", 0, Takes::Several, Group::Runtime, "NAME", "compatibility flags, instead of the file's",
            [](Line &line, const std::string &text, const fs::path &) {
                line.options.compatibilityFlags.push_back(text);
                return isEmpty("compatibility-flags", "a name", text);
            }},
        {"inspector-port", "", 0, Takes::One, Group::Runtime, "PORT", "port where Chrome's tools or VS Code attach (usually 9229; 0 takes any)",
            [](Line &line, const std::string &text, const fs::path &) {
                line.options.inspectorPort.emplace();
                return portInto(*line.options.inspectorPort, "inspector-port", text);
            }},
        {"analytics-sql-port", "", 0, Takes::One, Group::Runtime, "PORT", "port of the Analytics Engine's SQL API for local datasets (off; 0 takes any)",
            [](Line &line, const std::string &text, const fs::path &) {
                line.analyticsSqlPort.emplace();
                return portInto(*line.analyticsSqlPort, "analytics-sql-port", text);
            }},
        {"ai-base-url", "", 0, Takes::One, Group::Runtime, "URL", "server with OpenAI's interface that answers for Workers AI (one that is found on this machine)",
            [](Line &line, const std::string &text, const fs::path &) -> Problem {
                auto url = session::modelServerUrl(text);
                if (!url)
                    return "--ai-base-url: " + url.error().message;
                line.options.aiBaseUrl = *std::move(url);
                return {};
            }},
        {"ai-recordings", "", 0, Takes::One, Group::Runtime, "DIR", "folder where answers of Workers AI are recorded, and found again with no provider",
            [](Line &line, const std::string &text, const fs::path &base) {
                line.options.aiRecordings = (base / text).lexically_normal();
                return isEmpty("ai-recordings", "a folder", text);
            }},
        {"plan", "", 0, Takes::One, Group::Runtime, "PLAN", "whose limits hold: free, paid or none (paid)", setPlan},
        {"cpu-ms", "", 0, Takes::One, Group::Runtime, "MS", "JavaScript time that one request may take (30000; 10 with --plan free; or what the file says)",
            [](Line &line, const std::string &text, const fs::path &) -> Problem {
                const auto ms = numberIn(text, 1, 1'000'000'000);
                if (!ms)
                    return "--cpu-ms takes a number of milliseconds above 0, not " + quoted(text) + '.';
                line.options.cpuMs = *ms;
                return {};
            }},

        {"log-level", "", 0, Takes::One, Group::Output, "LEVEL", "what is told: debug, log, warn, error or none (log)", setLevel},
        {"log-format", "", 0, Takes::One, Group::Output, "FORMAT", "text, or json: every event as a line of JSON", setFormat},
        {"record", "", 0, Takes::One, Group::Output, "WHAT", "all, rows or nothing: what is kept of requests (rows; all with --log-format json)", setRecord},
        {"show-interactive-dev-session", "", 0, Takes::Truth, Group::Output, "", "single keys do something (on, in a terminal)",
            [](Line &line, const std::string &text, const fs::path &) -> Problem {
                line.keys = text == "true";
                return {};
            }},
        {"color", "colour", 0, Takes::Truth, Group::Output, "", "colours (on, in a terminal without NO_COLOR)",
            [](Line &line, const std::string &text, const fs::path &) -> Problem {
                line.colour = text == "true" ? Colour::Always : Colour::Never;
                return {};
            }},

        {"script-path", "", 0, Takes::One, Group::Hidden, "FILE", "", setScript,
            "--script-path is out of date: name the script _worker.js, in the directory that is served."},
        {"local", "", 0, Takes::Truth, Group::Hidden, "", "", nothing, "--local is out of date: the project always runs on this machine."},
        {"experimental-local", "", 0, Takes::Truth, Group::Hidden, "", "", nothing, "--experimental-local is out of date: the project always runs on this machine."},
        {"node-compat", "", 0, Takes::Truth, Group::Hidden, "", "",
            [](Line &, const std::string &text, const fs::path &) -> Problem {
                if (text == "true")
                    return "--node-compat is no longer there. Use --compatibility-flags nodejs_compat, which has all of it.";
                return {};
            }},
        {"profile", "", 0, Takes::One, Group::Hidden, "NAME", "", nothing, "--profile has no meaning here: nothing needs a login."},
        {"install-skills", "", 0, Takes::Truth, Group::Hidden, "", "", nothing, "--install-skills has no meaning here."},
    };
    return flags;
}

} // namespace

std::span<const DevFlag> devFlags()
{
    return table();
}

} // namespace cleat::app
