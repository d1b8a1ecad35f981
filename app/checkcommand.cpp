// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/checkcommand.h"

#include "app/devlog.h"
#include "core/base/file.h"
#include "core/config/configreader.h"
#include "core/config/discovery.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::app {

namespace {

namespace fs = std::filesystem;
using config::Finding;

constexpr const char *help = "Usage: cleat check [DIR] [--json]\n"
                             "\n"
                             "Checks the Wrangler file of the Pages project in DIR (the current folder): each finding as FILE:LINE:COLUMN: error|warning: MESSAGE [CODE].\n"
                             "\n"
                             "      --json  the findings as a JSON array of {file, line, column, severity, code, message}; line and column count\n"
                             "              from 1, 0 stands for the whole file\n"
                             "  -h, --help  this text\n"
                             "\n"
                             "The status is 0 without errors (there may be warnings), 1 with errors or when there is no Wrangler file, 2 when called wrongly.\n";

enum class Format { Text, Json };

/// What there is to tell, with file names for people.
struct Report {
    std::vector<Finding> findings;
    std::string file; ///< empty: none was found
    std::string note;
};

/// Relative to the current folder for what lies in it.
std::string shownPath(const fs::path &path)
{
    std::error_code error;
    const fs::path relative = path.lexically_relative(fs::current_path(error));
    return error || relative.empty() || *relative.begin() == ".." ? path.string() : relative.string();
}

Finding findingOf(base::Error error, const std::string &file)
{
    Finding finding = config::findingOf(std::move(error));
    finding.place.file = file;
    return finding;
}

Report check(const fs::path &folder)
{
    Report report;
    const auto found = config::discoverWranglerFile(folder);
    if (!found) {
        const std::string file = found.error().place.file.empty() ? shownPath(folder) : shownPath(found.error().place.file);
        report.file = file;
        report.findings.push_back(findingOf(found.error(), file));
        return report;
    }
    if (!*found) {
        report.findings.push_back({Finding::Severity::Error, "file.missing",
                                   "There is no Wrangler file (wrangler.json, wrangler.jsonc or wrangler.toml), neither here nor in a folder above.", {shownPath(folder), 0, 0}});
        return report;
    }
    const config::FoundFile &wrangler = **found;
    report.file = shownPath(wrangler.path);
    if (wrangler.redirectedFrom)
        report.note = report.file + " is what counts: " + shownPath(*wrangler.redirectedFrom) + " names it.";
    const auto text = base::readFile(wrangler.path);
    if (!text) {
        report.findings.push_back(findingOf(text.error(), report.file));
        return report;
    }
    const config::Form form = config::formOf(wrangler.path);
    report.findings = config::checkText(*text, form, report.file);
    if (wrangler.redirectedFrom) {
        auto more = config::redirectFindings(*text, form, report.file);
        report.findings.insert(report.findings.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
    std::ranges::stable_sort(report.findings, {}, [](const Finding &f) { return std::pair(f.place.line, f.place.column); });
    return report;
}

const char *wordOf(Finding::Severity severity)
{
    return severity == Finding::Severity::Error ? "error" : "warning";
}

std::string counted(std::size_t number, const std::string &word)
{
    return std::to_string(number) + ' ' + word + (number == 1 ? "" : "s");
}

void printText(const Report &report, std::size_t errors)
{
    std::string out;
    if (!report.note.empty())
        out += printable(report.note) + '\n';
    for (const Finding &finding : report.findings) {
        out += printable(finding.place.file);
        if (finding.place.line > 0)
            out += ':' + std::to_string(finding.place.line) + ':' + std::to_string(finding.place.column);
        out += std::string(": ") + wordOf(finding.severity) + ": " + printable(finding.message) + " [" + finding.code + "]\n";
    }
    if (!report.file.empty()) {
        out += printable(report.file) + ": ";
        const std::size_t warnings = report.findings.size() - errors;
        out += report.findings.empty() ? "no findings" : counted(errors, "error") + ", " + counted(warnings, "warning");
        out += ".\n";
    }
    std::fputs(out.c_str(), stdout);
}

void printJson(const Report &report)
{
    QJsonArray list;
    for (const Finding &finding : report.findings) {
        list.append(QJsonObject{{QStringLiteral("file"), QString::fromStdString(finding.place.file)},
                                {QStringLiteral("line"), finding.place.line},
                                {QStringLiteral("column"), finding.place.column},
                                {QStringLiteral("severity"), QLatin1String(wordOf(finding.severity))},
                                {QStringLiteral("code"), QString::fromStdString(finding.code)},
                                {QStringLiteral("message"), QString::fromStdString(finding.message)}});
    }
    std::fputs(QJsonDocument(list).toJson().constData(), stdout);
}

int wrongUsage(const std::string &sentence)
{
    std::fprintf(stderr, "cleat check: %s\n", printable(sentence).c_str());
    return 2;
}

} // namespace

int runCheck(int argc, char **argv)
{
    Format format = Format::Text;
    std::optional<std::string> folder;
    bool onlyPaths = false;
    for (int i = 2; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (!onlyPaths && argument == "--") {
            onlyPaths = true;
        } else if (!onlyPaths && (argument == "--help" || argument == "-h")) {
            std::fputs(help, stdout);
            return 0;
        } else if (!onlyPaths && argument == "--json") {
            format = Format::Json;
        } else if (!onlyPaths && argument.starts_with('-')) {
            return wrongUsage("Unknown flag " + std::string(argument) + ". cleat check --help lists what there is.");
        } else if (folder) {
            return wrongUsage("There is more than one folder: \"" + *folder + "\" and \"" + std::string(argument) + "\".");
        } else {
            folder = std::string(argument);
        }
    }
    std::error_code error;
    const fs::path project = fs::absolute(folder.value_or("."), error).lexically_normal();
    if (error || (folder && folder->empty()) || !fs::is_directory(project, error))
        return wrongUsage("\"" + folder.value_or(".") + "\" is not a folder that can be read.");

    const Report report = check(project);
    const auto errors = static_cast<std::size_t>(std::ranges::count(report.findings, Finding::Severity::Error, &Finding::severity));
    if (format == Format::Json)
        printJson(report);
    else
        printText(report, errors);
    return errors > 0 ? 1 : 0;
}

} // namespace cleat::app
