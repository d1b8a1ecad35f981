// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/devoptions.h"

#include <QDate>

#include <algorithm>
#include <functional>
#include <span>
#include <vector>

namespace cleat::app {

namespace {

using session::Options;
using Problem = std::optional<std::string>;

struct Flag {
    const char *name;
    char letter; ///< 0: none
    const char *value; ///< what --help calls it
    const char *help;
    std::function<Problem(Options &, const std::string &)> set;
    std::function<Problem(DevCommandLine &, const std::string &)> setLine = {}; ///< instead of `set`, for what is not the session's
};

std::pair<std::string, std::string> split(const std::string &text)
{
    const std::size_t at = text.find('=');
    return at == std::string::npos ? std::pair(text, std::string()) : std::pair(text.substr(0, at), text.substr(at + 1));
}

Problem setPort(Options &options, const std::string &text)
{
    bool ok = false;
    const int port = QString::fromStdString(text).toInt(&ok);
    if (!ok || port < 0 || port > 65535)
        return "--port takes a number from 0 to 65535, not \"" + text + "\".";
    options.port = port;
    options.portInUse = Options::PortInUse::Fail;
    return {};
}

Problem setInspectorPort(Options &options, const std::string &text)
{
    bool ok = false;
    const int port = QString::fromStdString(text).toInt(&ok);
    if (!ok || port < 0 || port > 65535)
        return "--inspector-port takes a number from 0 to 65535, not \"" + text + "\".";
    options.inspectorPort = port;
    return {};
}

Problem setScope(Options &options, const std::string &text)
{
    if (text == "preview")
        options.scope = config::Scope::Preview;
    else if (text == "production")
        options.scope = config::Scope::Production;
    else
        return "--environment takes preview or production, not \"" + text + "\".";
    return {};
}

Problem addVariable(Options &options, const std::string &text)
{
    if (text.find('=') == std::string::npos || text.starts_with('='))
        return "--binding takes NAME=VALUE, not \"" + text + "\".";
    options.variables.push_back(split(text));
    return {};
}

/// NAME or NAME=RESOURCE; `field` of the binding says which resource.
Problem addBinding(Options &options, const std::string &text, config::Kind kind, const std::string &flag, const char *field, const char *resource)
{
    auto [name, id] = split(text);
    if (name.empty())
        return flag + " takes NAME or NAME=" + resource + ", not \"" + text + "\".";
    if (const auto fine = config::checkName({}, config::Scope::TopLevel, name); !fine)
        return flag + ' ' + name + ": " + fine.error().message;
    config::Binding binding{kind, name, {}};
    binding.set(field, id.empty() ? name : id);
    options.bindings.push_back(std::move(binding));
    return {};
}

Problem addKv(Options &options, const std::string &text)
{
    return addBinding(options, text, config::Kind::KvNamespace, "--kv", "id", "ID");
}

Problem addR2(Options &options, const std::string &text)
{
    return addBinding(options, text, config::Kind::R2Bucket, "--r2", "bucket_name", "BUCKET");
}

Problem addD1(Options &options, const std::string &text)
{
    return addBinding(options, text, config::Kind::D1Database, "--d1", "database_id", "ID");
}

Problem setIp(Options &options, const std::string &text)
{
    if (text.empty())
        return "--ip takes an address, not an empty text.";
    options.ip = text;
    return {};
}

Problem setState(Options &options, const std::string &text)
{
    if (text.empty())
        return "--persist-to takes a folder, not an empty text.";
    options.persistTo = std::filesystem::absolute(text).lexically_normal();
    return {};
}

Problem addHost(Options &options, const std::string &text)
{
    if (text.empty())
        return "--allowed-host takes a name, not an empty text.";
    options.allowedHosts.push_back(text);
    return {};
}

Problem setDate(Options &options, const std::string &text)
{
    if (text.size() != 10 || !QDate::fromString(QString::fromStdString(text), Qt::ISODate).isValid())
        return "--compatibility-date takes a date like 2026-11-01, not \"" + text + "\".";
    options.compatibilityDate = text;
    return {};
}

const std::vector<Flag> &flags()
{
    static const std::vector<Flag> list = {
        {"port", 'p', "PORT", "port to listen on (8788; 0 takes any free one)", setPort},
        {"ip", 0, "ADDRESS", "address to listen on (localhost; 0.0.0.0 is reachable from other machines)", setIp},
        {"kv", 'k', "NAME[=ID]", "a KV namespace; repeatable", addKv},
        {"d1", 0, "NAME[=ID]", "a D1 database; repeatable", addD1},
        {"r2", 0, "NAME[=BUCKET]", "an R2 bucket; repeatable", addR2},
        {"binding", 'b', "NAME=VALUE", "a variable; repeatable", addVariable},
        {"environment", 'e', "NAME", "run the bindings of preview or production instead of the top level's", setScope},
        {"compatibility-date", 0, "DATE", "the runtime's compatibility date", setDate},
        {"persist-to", 0, "FOLDER", "where local data is kept (.wrangler/state)", setState},
        {"allowed-host", 0, "NAME", "a host name besides localhost under which this server may be reached; repeatable",
            addHost},
        {"inspector-port", 0, "PORT", "port where Chrome's tools or VS Code attach (usually 9229; 0 takes any free one)", setInspectorPort},
        {"cpu-ms", 0, "MS", "JavaScript time that one request may take (10000)",
            [](Options &options, const std::string &text) -> Problem {
                bool ok = false;
                options.cpuMs = QString::fromStdString(text).toInt(&ok);
                return ok && options.cpuMs > 0 ? Problem() : "--cpu-ms takes a number of milliseconds above 0, not \"" + text + "\".";
            }},
        {"log-format", 0, "FORMAT", "text, or json: every event as a line of JSON", {},
            [](DevCommandLine &line, const std::string &text) -> Problem {
                if (text != "text" && text != "json")
                    return "--log-format takes text or json, not \"" + text + "\".";
                line.logFormat = text == "json" ? LogFormat::Json : LogFormat::Text;
                return {};
            }},
        {"record", 0, "WHAT", "all, rows or nothing: what is told of requests (rows; all with --log-format json)", {},
            [](DevCommandLine &line, const std::string &text) -> Problem {
                using Recorded = events::EventLog::Recorded;
                if (text == "all")
                    line.recorded = Recorded::All;
                else if (text == "rows")
                    line.recorded = Recorded::Rows;
                else if (text == "nothing")
                    line.recorded = Recorded::Nothing;
                else
                    return "--record takes all, rows or nothing, not \"" + text + "\".";
                return {};
            }},
    };
    return list;
}

} // namespace

std::expected<DevCommandLine, std::string> parseDevOptions(const QStringList &arguments, const std::filesystem::path &folder)
{
    DevCommandLine line;
    line.options.project = folder;
    line.options.portInUse = Options::PortInUse::TakeNext;
    bool onlyPaths = false;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const std::string argument = arguments.at(i).toStdString();
        if (onlyPaths || argument == "-" || !argument.starts_with('-')) {
            if (argument.empty())
                return std::unexpected("The directory is an empty text. Name one, or leave it out.");
            if (line.options.directory)
                return std::unexpected("There is more than one directory: \"" + line.options.directory->string() + "\" and \"" + argument + "\".");
            line.options.directory = std::filesystem::absolute(argument);
            continue;
        }
        if (argument == "--") {
            onlyPaths = true;
            continue;
        }
        if (argument == "--help" || argument == "-h") {
            line.action = DevCommandLine::Action::Help;
            return line;
        }
        const bool isLong = argument.starts_with("--");
        auto [name, value] = split(argument);
        bool hasValue = name != argument;
        const auto flag = std::ranges::find_if(flags(), [&](const Flag &known) {
            return isLong ? name.substr(2) == known.name : known.letter != 0 && argument[1] == known.letter;
        });
        if (flag == flags().end())
            return std::unexpected("Unknown flag " + name + ". cleat dev --help lists what there is.");
        if (!isLong && argument.size() > 2) { // -p8080, -bA=B
            value = argument.substr(argument[2] == '=' ? 3 : 2);
            hasValue = true;
        }
        if (!hasValue) {
            if (i + 1 >= arguments.size())
                return std::unexpected(name + " needs a value: " + name + ' ' + flag->value + '.');
            value = arguments.at(++i).toStdString();
        }
        if (const Problem problem = flag->setLine ? flag->setLine(line, value) : flag->set(line.options, value))
            return std::unexpected(*problem);
    }
    return line;
}

std::string devHelp()
{
    std::string text = "Usage: cleat dev [DIRECTORY] [flags]\n"
                       "\n"
                       "Serves the Pages project of the current folder: its functions/ and the static files of DIRECTORY, or of\n"
                       "pages_build_output_dir in wrangler.toml. Flags add to wrangler.toml and win over it.\n"
                       "\n";
    std::size_t width = 0;
    std::vector<std::string> names;
    for (const Flag &flag : flags()) {
        std::string name = flag.letter ? std::string("  -") + flag.letter + ", --" : "      --";
        name.append(flag.name).append(" ").append(flag.value);
        width = std::max(width, name.size());
        names.push_back(std::move(name));
    }
    for (std::size_t i = 0; i < names.size(); ++i)
        text += names[i] + std::string(width + 2 - names[i].size(), ' ') + flags()[i].help + '\n';
    return text + "  -h, --help" + std::string(width + 2 - 12, ' ') + "this text\n";
}

} // namespace cleat::app
