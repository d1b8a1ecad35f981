// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/devflag.h"
#include "app/devoptions.h"

#include <algorithm>

namespace cleat::app {

namespace {

constexpr int mostColumns = 110; // longer lines read badly
constexpr int leastText = 24; // else the words stand below their flag
constexpr std::size_t widestName = 34;

class Writer final
{
public:
    Writer(int columns, ColourUse colour) : m_columns(std::clamp(columns - 1, 38, mostColumns)), m_colour(colour == ColourUse::Yes) {}

    void title(std::string_view text)
    {
        m_out += '\n';
        styled(look::bold, text);
        m_out += '\n';
    }

    /// Words, broken where a line ends; the first line goes on where the text stands.
    void words(std::string_view text, std::size_t indent, std::size_t at)
    {
        bool first = true;
        while (!text.empty()) {
            const std::size_t blank = std::min(text.find(' '), text.size());
            const std::string_view word = text.substr(0, blank);
            text.remove_prefix(std::min(blank + 1, text.size()));
            if (!first && at + 1 + word.size() > static_cast<std::size_t>(m_columns)) {
                m_out += '\n' + std::string(indent, ' ');
                at = indent;
            } else if (!first) {
                m_out += ' ';
                ++at;
            }
            m_out += word;
            at += word.size();
            first = false;
        }
        m_out += '\n';
    }

    void row(const std::string &name, std::size_t valueAt, std::size_t column, std::string_view text)
    {
        styled(look::cyan, std::string_view(name).substr(0, valueAt));
        m_out += std::string_view(name).substr(valueAt);
        if (static_cast<int>(column) + leastText > m_columns || name.size() + 2 > column) {
            const std::size_t indent = static_cast<int>(column) + leastText > m_columns ? 8 : column;
            m_out += '\n' + std::string(indent, ' ');
            words(text, indent, indent);
        } else {
            m_out += std::string(column - name.size(), ' ');
            words(text, column, column);
        }
    }

    void usage(std::string_view command)
    {
        m_out += "  ";
        styled(look::cyan, command);
        m_out += '\n';
    }

    void example(std::string_view command, std::string_view what)
    {
        usage(command);
        m_out += "      ";
        words(what, 6, 6);
    }

    std::string take() { return std::move(m_out); }

private:
    void styled(std::string_view style, std::string_view text)
    {
        if (m_colour)
            m_out.append(style).append(text).append(look::reset);
        else
            m_out += text;
    }

    const int m_columns;
    const bool m_colour;
    std::string m_out;
};

struct Row {
    std::string name;
    std::size_t valueAt = 0;
    std::string_view help;
};

Row rowOf(const DevFlag &flag)
{
    Row row{flag.letter != 0 ? std::string("  -") + flag.letter + ", " : std::string("      "), 0, flag.help};
    // What a flag that is on by itself is good for is to be turned off.
    const bool negated = flag.name == "bundle" || flag.name == "show-interactive-dev-session" || flag.name == "color";
    row.name += (negated ? "--[no-]" : "--") + std::string(flag.name);
    row.valueAt = row.name.size();
    if (!flag.value.empty())
        row.name += ' ' + std::string(flag.value) + (flag.takes == DevFlag::Takes::Several ? "..." : "");
    return row;
}

} // namespace

std::string devHelp(int columns, ColourUse colour)
{
    Writer writer(columns, colour);
    writer.words("Serves the Pages project of the current folder: its functions/ (or _worker.js), and the static files of DIRECTORY or of pages_build_output_dir in the Wrangler file.", 0, 0);
    writer.title("Usage");
    writer.usage("cleat dev [DIRECTORY] [FLAGS]");
    writer.usage("cleat dev [FLAGS] -- COMMAND...");

    using Group = DevFlag::Group;
    constexpr std::pair<Group, std::string_view> groups[] = {{Group::Project, "Project"}, {Group::Bindings, "Bindings, which add to the Wrangler file's and win over them"}, {Group::Network, "Network"},
        {Group::Runtime, "Runtime"}, {Group::Output, "Output"}};
    std::size_t column = 0;
    for (const DevFlag &flag : devFlags()) {
        if (const std::size_t size = rowOf(flag).name.size(); flag.group != Group::Hidden && size <= widestName)
            column = std::max(column, size + 2);
    }
    for (const auto &[group, title] : groups) {
        writer.title(title);
        for (const DevFlag &flag : devFlags()) {
            const Row row = rowOf(flag);
            if (flag.group == group)
                writer.row(row.name, row.valueAt, column, row.help);
        }
        if (group == Group::Output) {
            writer.row("  -h, --help", 12, column, "this text");
            writer.row("  -v, --version", 15, column, "Cleat's version");
        }
    }
    writer.title("Values");
    writer.words("  --flag VALUE, --flag=VALUE and --flagName are the same. What has dots (NAME...) takes several values, up to the next flag, and may be given again: --kv A B and --kv A --kv B.", 2, 0);
    writer.title("Examples");
    writer.example("cleat dev", "the project as its Wrangler file says");
    writer.example("cleat dev dist --kv TODO --d1 DB -b MODE=test", "dist and functions/, with bindings for code that has no Wrangler file yet");
    writer.example("cleat dev --port 0 --log-format json", "for a program: any free port, told as {\"type\":\"ready\",\"port\":...}");
    writer.example("cleat dev --local-protocol https --ip 0.0.0.0", "for a phone in the same network");
    writer.example("cleat dev -- npx vite", "functions/, and pages from a dev server that is started and ended with it");
    return writer.take();
}

} // namespace cleat::app
