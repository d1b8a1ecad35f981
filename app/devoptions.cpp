// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/devoptions.h"

#include "app/devflag.h"
#include "app/suggestion.h"

#include <algorithm>

namespace cleat::app {

namespace {

namespace fs = std::filesystem;
using Takes = DevFlag::Takes;
using Failed = std::unexpected<std::string>;

/// --compatibilityDate is --compatibility-date.
std::string withDashes(std::string_view name)
{
    std::string out;
    for (const char c : name) {
        const bool capital = c >= 'A' && c <= 'Z';
        if (capital)
            out += '-';
        out += capital ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

bool isNumber(std::string_view text)
{
    text.remove_prefix(text.starts_with('-') ? 1 : 0);
    return !text.empty() && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

/// Whether the next argument is a value for the flag before it.
bool isValue(const std::string &argument)
{
    return argument == "-" || !argument.starts_with('-') || isNumber(argument);
}

std::vector<std::string_view> namesOf(const DevFlag &flag)
{
    std::vector<std::string_view> names{flag.name};
    std::string_view rest = flag.others;
    while (!rest.empty()) {
        const std::size_t blank = std::min(rest.find(' '), rest.size());
        names.push_back(rest.substr(0, blank));
        rest.remove_prefix(std::min(blank + 1, rest.size()));
    }
    return names;
}

const DevFlag *find(std::string_view name)
{
    for (const DevFlag &flag : devFlags()) {
        const auto names = namesOf(flag);
        if (std::ranges::find(names, name) != names.end())
            return &flag;
    }
    return nullptr;
}

const DevFlag *find(char letter)
{
    const auto found = std::ranges::find_if(devFlags(), [letter](const DevFlag &flag) { return flag.letter == letter; });
    return letter == 0 || found == devFlags().end() ? nullptr : &*found;
}

std::string unknown(const std::string &spelled)
{
    std::string sentence = "Unknown flag " + spelled + '.';
    std::vector<std::string_view> names{"help", "version"};
    for (const DevFlag &flag : devFlags()) {
        if (flag.group != DevFlag::Group::Hidden)
            std::ranges::copy(namesOf(flag), std::back_inserter(names));
    }
    const bool negated = spelled.starts_with("--no-");
    const std::string typed = withDashes(std::string_view(spelled).substr(negated ? 5 : spelled.starts_with("--") ? 2 : 1));
    if (const std::string_view near = nearest(typed, names); !near.empty()) {
        const DevFlag *flag = find(near);
        return sentence + " Did you mean " + (negated && flag && flag->takes == Takes::Truth ? "--no-" : "--") + std::string(near) + "?";
    }
    return sentence + " cleat dev --help lists what there is.";
}

class Parser final
{
public:
    Parser(const QStringList &arguments, fs::path folder) : m_folder(std::move(folder))
    {
        for (const QString &argument : arguments)
            m_arguments.push_back(argument.toStdString());
    }

    std::expected<DevCommandLine, std::string> run()
    {
        for (; m_at < m_arguments.size(); ++m_at) {
            const std::string &argument = m_arguments[m_at];
            if (argument == "--help" || argument == "-h" || argument == "--version" || argument == "-v") {
                m_line.action = argument == "--help" || argument == "-h" ? DevCommandLine::Action::Help : DevCommandLine::Action::Version;
                return m_line;
            }
            if (argument == "--") {
                m_line.command.assign(m_arguments.begin() + static_cast<std::ptrdiff_t>(m_at) + 1, m_arguments.end());
                break;
            }
            Problem problem = argument == "-" || !argument.starts_with('-') ? takeDirectory(argument)
                : argument.starts_with("--")                               ? takeLong(argument)
                                                                           : takeShort(argument);
            if (problem)
                return Failed(std::move(*problem));
        }
        return apply();
    }

private:
    struct Given {
        const DevFlag *flag;
        std::string value;
        enum class From { First, Further } from = From::First; ///< Further: it came behind another value of the same flag
    };

    Problem takeDirectory(const std::string &argument)
    {
        if (argument.empty())
            return "The directory is an empty text. Name one, or leave it out.";
        if (m_directory)
            return "There is more than one directory: \"" + *m_directory + "\" and \"" + argument + "\". A command to start stands behind two dashes: cleat dev -- COMMAND.";
        m_directory = argument;
        return {};
    }

    Problem takeLong(const std::string &argument)
    {
        const std::size_t equals = argument.find('=');
        const std::string spelled = argument.substr(0, equals);
        std::optional<std::string> value;
        if (equals != std::string::npos)
            value = argument.substr(equals + 1);
        const std::string name = withDashes(std::string_view(spelled).substr(2));
        if (name.starts_with("experimental-") && !find(name))
            return takeExperiment(spelled);
        if (const DevFlag *flag = find(name))
            return takeValues(*flag, spelled, std::move(value));
        if (name.starts_with("no-")) {
            const DevFlag *flag = find(std::string_view(name).substr(3));
            if (flag && flag->takes == Takes::Truth && (!value || *value == "true" || *value == "false")) {
                m_given.push_back({flag, value && *value == "false" ? "true" : "false"});
                return {};
            }
        }
        return unknown(spelled);
    }

    Problem takeShort(const std::string &argument)
    {
        const std::string spelled = argument.substr(0, 2);
        const DevFlag *flag = find(argument[1]);
        if (!flag) {
            if (argument.size() > 2 && find(withDashes(std::string_view(argument).substr(1, argument.find('=') - 1))))
                return "Unknown flag " + argument.substr(0, argument.find('=')) + ". Did you mean -" + argument.substr(0, argument.find('=')) + ", with two dashes?";
            return "Unknown flag " + spelled + ". cleat dev --help lists what there is.";
        }
        std::optional<std::string> value;
        if (argument.size() > 2) // -p8080, -bA=B, -p=8080
            value = argument.substr(argument[2] == '=' ? 3 : 2);
        return takeValues(*flag, spelled, std::move(value));
    }

    Problem takeValues(const DevFlag &flag, const std::string &spelled, std::optional<std::string> value)
    {
        const auto next = [this]() -> const std::string * { return m_at + 1 < m_arguments.size() ? &m_arguments[m_at + 1] : nullptr; };
        switch (flag.takes) {
        case Takes::Truth:
            if (!value && next() && (*next() == "true" || *next() == "false"))
                value = m_arguments[++m_at];
            if (value && *value != "true" && *value != "false")
                return spelled + " takes true or false, not \"" + *value + "\".";
            m_given.push_back({&flag, value.value_or("true")});
            return {};
        case Takes::One:
            if (!value && next() && isValue(*next()))
                value = m_arguments[++m_at];
            if (!value)
                return spelled + " needs a value: " + spelled + ' ' + std::string(flag.value) + '.';
            m_given.push_back({&flag, std::move(*value)});
            return {};
        case Takes::Several: {
            auto from = Given::From::First;
            if (value) {
                m_given.push_back({&flag, std::move(*value)});
                from = Given::From::Further;
            }
            while (next() && isValue(*next())) {
                m_given.push_back({&flag, m_arguments[++m_at], from});
                from = Given::From::Further;
            }
            if (from == Given::From::First)
                return spelled + " needs a value: " + spelled + ' ' + std::string(flag.value) + '.';
            return {};
        }
        }
        return {};
    }

    /// wrangler has some that come and go; none of them says anything about how a project runs.
    Problem takeExperiment(const std::string &spelled)
    {
        if (m_at + 1 < m_arguments.size() && (m_arguments[m_at + 1] == "true" || m_arguments[m_at + 1] == "false"))
            ++m_at;
        m_line.warnings.push_back(spelled + " is an experiment of wrangler's, and has no meaning here.");
        return {};
    }

    std::expected<DevCommandLine, std::string> apply()
    {
        fs::path base = m_folder;
        for (const Given &given : m_given) {
            if (given.flag->name != "cwd")
                continue;
            if (given.value.empty())
                return Failed("--cwd takes a folder, not an empty text.");
            base = (m_folder / given.value).lexically_normal();
            std::error_code ec;
            if (!fs::is_directory(base, ec))
                return Failed("--cwd: there is no folder " + base.string() + '.');
        }
        m_line.options.project = base;
        m_line.options.portInUse = session::Options::PortInUse::TakeNext;
        if (m_directory)
            m_line.options.directory = base / *m_directory;
        for (const Given &given : m_given) {
            if (auto problem = given.flag->set(m_line, given.value, base)) {
                std::error_code ec;
                if (given.from == Given::From::Further && !m_directory && fs::is_directory(base / given.value, ec))
                    *problem += " Everything behind " + dashed(given.flag->name) + " belongs to it up to the next flag, so the directory to serve has to stand first: cleat dev " + given.value + " ...";
                return Failed(std::move(*problem));
            }
            if (!given.flag->warning.empty() && !m_line.given.contains(given.flag->name))
                m_line.warnings.emplace_back(given.flag->warning);
            m_line.given.emplace(given.flag->name);
        }
        if (auto problem = together())
            return Failed(std::move(*problem));
        return std::move(m_line);
    }

    /// What flags say about each other.
    Problem together()
    {
        const session::Options &options = m_line.options;
        if (options.directory && !m_line.command.empty())
            return "Both a directory and a command are given. Name the directory of static files, or the command that serves them.";
        if (options.directory && m_line.proxyPort)
            m_line.warnings.emplace_back("--proxy has no effect beside a directory, which is served.");
        if (options.httpsKey.has_value() != options.httpsCertificate.has_value())
            return std::string("A certificate of your own takes both --https-key-path and --https-cert-path; ") + (options.httpsKey ? "--https-cert-path" : "--https-key-path") + " is missing.";
        return {};
    }

    const fs::path m_folder;
    std::vector<std::string> m_arguments;
    std::size_t m_at = 0;
    std::vector<Given> m_given;
    std::optional<std::string> m_directory;
    DevCommandLine m_line;
};

} // namespace

std::string dashed(std::string_view name)
{
    return (name.size() == 1 ? "-" : "--") + std::string(name);
}

std::expected<DevCommandLine, std::string> parseDevOptions(const QStringList &arguments, const fs::path &folder)
{
    return Parser(arguments, folder).run();
}

} // namespace cleat::app
