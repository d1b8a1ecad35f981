// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/datacommand.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

namespace cleat::app {

namespace {

constexpr std::size_t helpColumn = 46;

std::string usageOf(std::string_view group, const DataCommand &command)
{
    return "cleat " + std::string(group) + ' ' + std::string(command.name) + (command.values.empty() ? "" : " " + std::string(command.values));
}

void printHelp(std::string_view group, std::string_view about, std::span<const DataCommand> commands)
{
    std::string text = std::string(about) + "\n\n";
    for (const DataCommand &command : commands) {
        std::string line = "  " + usageOf(group, command) + "  ";
        if (line.size() < helpColumn)
            line.resize(helpColumn, ' ');
        text += line + std::string(command.help) + '\n';
    }
    text += "\nEach of them has --help.\n";
    std::fputs(text.c_str(), stdout);
}

void printHelp(std::string_view group, const DataCommand &command)
{
    const std::string text = "Usage: " + usageOf(group, command) + " [flags]\n\n" + std::string(command.help) + "\n\n" + helpOf(command.flags)
        + helpOf(dataFlags()) + "\nThe status is 0, 1 when it failed, 2 when called wrongly.\n";
    std::fputs(text.c_str(), stdout);
}

std::unexpected<base::Error> outputFailure()
{
    return base::fail("file.write", std::string("Could not write to the standard output: ") + std::strerror(errno) + '.');
}

bool isOneWord(const DataCommand &command)
{
    return !command.name.contains(' ');
}

/// Its words are the first values; flags may stand before them.
const DataCommand *chosen(std::span<const DataCommand> commands, std::span<const std::string> words)
{
    for (const DataCommand &command : commands) {
        if (isOneWord(command)) {
            if (words[0] == command.name)
                return &command;
            continue;
        }
        const std::size_t blank = command.name.find(' ');
        if (blank == std::string_view::npos ? words[0] == command.name : words.size() >= 2 && words[0] == command.name.substr(0, blank) && words[1] == command.name.substr(blank + 1))
            return &command;
    }
    return nullptr;
}

base::Result<void> run(std::string_view group, const DataCommand &command, std::span<const std::string> rest)
{
    std::vector<Flag> flags = command.flags;
    flags.insert(flags.end(), dataFlags().begin(), dataFlags().end());
    auto arguments = parseArguments(rest, flags);
    if (!arguments)
        return std::unexpected(std::move(arguments.error()));
    if (arguments->truth("help").value_or(false)) {
        printHelp(group, command);
        return {};
    }
    const std::size_t values = arguments->positional().size();
    if (values < command.fewest)
        return wrongUsage("A value is missing: " + usageOf(group, command) + '.');
    if (values > command.most)
        return wrongUsage("There is a value too many: \"" + arguments->positional()[command.most] + "\". " + usageOf(group, command) + '.');
    const auto project = findDataProject(*arguments);
    if (!project)
        return std::unexpected(project.error());
    if (auto done = command.run(*project, *arguments); !done)
        return done;
    return flushOutput();
}

} // namespace

int runDataCommand(std::string_view group, std::string_view about, std::span<const DataCommand> commands, int argc, char **argv)
{
    // A reader that goes away is an error of writing, not the end of everything.
    std::signal(SIGPIPE, SIG_IGN);
    std::vector<std::string> words(argv + 2, argv + std::max(argc, 2));
    if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
        printHelp(group, about, commands);
        return words.empty() ? 2 : 0;
    }
    const DataCommand *command = chosen(commands, words);
    if (!command) {
        std::string of;
        for (const DataCommand &each : commands) {
            if (each.name.starts_with(words[0] + ' '))
                of += (of.empty() ? "" : ", ") + std::string(each.name.substr(each.name.find(' ') + 1));
        }
        if (!of.empty() && words.size() > 1 && (words[1] == "--help" || words[1] == "-h")) {
            printHelp(group, about, commands);
            return 0;
        }
        const std::string sentence = of.empty() ? "There is no command \"" + words[0] + "\"." : words[0] + " takes one of " + of + '.';
        return report(group, base::Error{"usage", sentence, {}});
    }
    const auto done = run(group, *command, std::span(words).subspan(isOneWord(*command) ? 1 : 2));
    return done ? 0 : report(std::string(group) + ' ' + std::string(command->name), done.error());
}

base::Result<void> print(std::string_view bytes)
{
    if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size())
        return outputFailure();
    return {};
}

base::Result<void> flushOutput()
{
    if (std::fflush(stdout) != 0)
        return outputFailure();
    return {};
}

} // namespace cleat::app
