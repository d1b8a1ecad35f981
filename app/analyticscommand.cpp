// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analyticscommand.h"

#include "app/datacommand.h"
#include "app/printable.h"
#include "core/bindings/analytics/dataset.h"
#include "core/data/analytics/query.h"

#include <algorithm>
#include <array>
#include <unistd.h>

namespace cleat::app {

namespace analytics = data::analytics;
using base::Result;

namespace {

using enum Flag::Takes;

/// Characters, of UTF-8.
std::size_t width(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// Columns under their names; numbers to the right.
std::string table(const analytics::Answer &answer)
{
    std::vector<std::vector<std::string>> texts;
    std::vector<std::size_t> widths;
    for (const analytics::OutputColumn &column : answer.columns)
        widths.push_back(width(printable(column.name)));
    for (const auto &row : answer.rows) {
        auto &line = texts.emplace_back();
        for (std::size_t i = 0; i < row.size(); ++i) {
            line.push_back(printable(analytics::shown(row[i], answer.columns[i].type)));
            std::ranges::replace_if(line.back(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
            widths[i] = std::max(widths[i], width(line.back()));
        }
    }
    std::string out;
    const auto add = [&](const auto &textOf, auto isNumber) {
        std::string line;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const std::string text = textOf(i);
            const std::string blanks(widths[i] - width(text), ' ');
            line += (i ? "  " : "") + (isNumber(i) ? blanks + text : text + blanks);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    };
    const auto number = [&](std::size_t i) { return answer.columns[i].type.isNumber(); };
    add([&](std::size_t i) { return printable(answer.columns[i].name); }, number);
    for (const auto &line : texts)
        add([&](std::size_t i) { return line[i]; }, number);
    return out;
}

Result<void> sql(const DataProject &project, const Arguments &arguments)
{
    const std::string &query = arguments.positional()[0];
    auto answer = analytics::runQuery(project.state, query);
    if (!answer) {
        base::Error error = std::move(answer.error());
        if (error.place.line > 0)
            error.message = "Line " + std::to_string(error.place.line) + ", column " + std::to_string(error.place.column) + ": " + error.message;
        error.place = {};
        return std::unexpected(std::move(error));
    }
    // What is to be read by a program is as the query asks; a person at a terminal gets a table.
    const bool reads = ::isatty(STDOUT_FILENO) != 0 && !arguments.truth("json").value_or(false) && answer->format == analytics::Format::Json;
    return print(reads ? table(*answer) : written(*answer, answer->format));
}

Result<void> list(const DataProject &project, const Arguments &)
{
    std::string out;
    for (const std::string &name : bindings::analytics::datasets(project.state))
        out += name + '\n';
    return print(out);
}

} // namespace

int runAnalytics(int argc, char **argv)
{
    const std::array commands{
        DataCommand{"sql", "<query>", 1, 1, "Runs one SELECT or SHOW of the Analytics Engine's SQL; prints a table at a terminal, else what its FORMAT says (JSON).",
            {{"json", "", Nothing, "", "the format of the query at a terminal, too"}}, sql},
        DataCommand{"list", "", 0, 0, "Prints the names of the datasets.", {}, list},
    };
    return runDataCommand("analytics", "The points that Functions have written to local Analytics Engine datasets:", commands, argc, argv);
}

} // namespace cleat::app
