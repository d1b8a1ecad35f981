// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/d1command.h"

#include "app/arguments.h"
#include "app/d1output.h"
#include "app/printable.h"
#include "app/resourcechoice.h"
#include "core/base/file.h"
#include "core/data/d1/console.h"
#include "core/data/d1/databasefile.h"
#include "core/data/d1/importexport.h"
#include "core/data/d1/migrations.h"
#include "core/data/d1/snapshots.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <ctime>
#include <limits>
#include <unistd.h>

namespace cleat::app {

namespace {

namespace d1 = data::d1;
namespace fs = std::filesystem;
using base::Result;
using Takes = Flag::Takes;

constexpr const char *usage = "Usage: cleat d1 COMMAND ... on the local D1 databases of the project in the current folder\n"
                              "\n"
                              "  execute DB --command SQL | --file FILE   run SQL, all or nothing\n"
                              "  export DB --output FILE                  write the database as SQL\n"
                              "  migrations list DB                       the migrations that are not applied yet\n"
                              "  migrations create DB WORDS               make an empty one\n"
                              "  migrations apply DB                      apply them, each as a whole\n"
                              "  list                                     the databases and their files\n"
                              "  snapshot DB                              keep a copy\n"
                              "  snapshots DB                             the copies that are kept\n"
                              "  restore DB [SNAPSHOT]                    go back to one, else to the newest; what was there is kept as another\n"
                              "\n"
                              "DB is a binding's name, a database_name or a database_id of the Wrangler file.\n"
                              "\n";
constexpr const char *endOfUsage = "\nThe status is 0 when it was done, 1 when it failed, 2 when called wrongly.\n";

constexpr std::array ownFlags{
    Flag{"command", "", Takes::Text, "SQL", "execute: the SQL"},
    Flag{"file", "", Takes::Text, "FILE", "execute: a file with the SQL"},
    Flag{"json", "", Takes::Nothing, "", "print JSON"},
    Flag{"yes", "y", Takes::Nothing, "", "do not ask"},
    Flag{"preview", "", Takes::Nothing, "", "the preview database, which local data always are"},
    Flag{"output", "", Takes::Text, "FILE", "export: the file to write"},
    Flag{"table", "", Takes::Text, "NAMES", "export: these tables alone, with commas between them"},
    Flag{"no-schema", "", Takes::Nothing, "", "export: rows alone"},
    Flag{"no-data", "", Takes::Nothing, "", "export: the schema alone"},
    Flag{"reason", "", Takes::Text, "TEXT", "snapshot: what it is for"},
};

std::vector<Flag> allFlags()
{
    std::vector<Flag> flags(ownFlags.begin(), ownFlags.end());
    flags.insert(flags.end(), dataFlags().begin(), dataFlags().end());
    return flags;
}

void print(const std::string &text)
{
    std::fputs(text.c_str(), stdout);
}

std::string counted(std::size_t number, const std::string &word)
{
    return std::to_string(number) + ' ' + word + (number == 1 ? "" : "s");
}

bool agreed(const Arguments &arguments, const std::string &question)
{
    if (arguments.truth("yes").value_or(false) || ::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0)
        return true;
    print(question + " (Y/n) ");
    std::fflush(stdout);
    std::array<char, 16> answer{};
    if (!std::fgets(answer.data(), static_cast<int>(answer.size()), stdin))
        return false;
    return answer[0] == '\n' || answer[0] == 'y' || answer[0] == 'Y';
}

/// What a command works on.
struct Target {
    DataProject project;
    std::string name; ///< as the user called it
    std::string id;
    fs::path file;
    d1::MigrationPlace migrations;
};

Target targetOf(const DataProject &project, const config::Binding &binding)
{
    Target target;
    target.project = project;
    target.name = binding.name;
    target.id = config::localId(binding).value_or(binding.name);
    target.file = d1::databaseFile(project.state, target.id);
    const std::string folder = binding.value("migrations_dir");
    target.migrations.folder = (project.base / (folder.empty() ? "migrations" : folder)).lexically_normal();
    if (const std::string table = binding.value("migrations_table"); !table.empty())
        target.migrations.table = table;
    return target;
}

Result<Target> findTarget(const Arguments &arguments, const std::string &name)
{
    auto project = findDataProject(arguments);
    if (!project)
        return std::unexpected(std::move(project.error()));
    const auto binding = d1DatabaseOf(*project, name);
    if (!binding)
        return std::unexpected(binding.error());
    Target target = targetOf(*project, **binding);
    target.name = name;
    return target;
}

std::string where(const Target &target)
{
    return target.name + " (" + target.id + ") from " + (target.project.state / "v3" / "d1").string();
}

/// The BEGIN and COMMIT that a dump has around itself become blanks.
Result<std::string> withoutTransaction(std::string script, const fs::path &file)
{
    int begins = 0;
    for (const d1::ScriptStatement &statement : d1::splitScript(script)) {
        std::string word;
        for (std::size_t i = statement.begin; i < statement.begin + statement.length && std::isalpha(static_cast<unsigned char>(script[i])) != 0; ++i)
            word += static_cast<char>(std::toupper(static_cast<unsigned char>(script[i])));
        const bool begin = word == "BEGIN";
        if (begin && ++begins > 1) {
            const d1::TextPlace place = d1::placeOf(script, statement.begin);
            return base::fail("data.format", "The file contains several transactions. D1 runs the whole file in one transaction: take BEGIN and COMMIT out of it.",
                {file.string(), place.line, place.column});
        }
        if (begin || (begins == 1 && (word == "COMMIT" || word == "END")))
            std::fill_n(script.begin() + static_cast<std::ptrdiff_t>(statement.begin), statement.length + (statement.begin + statement.length < script.size() ? 1 : 0), ' ');
    }
    if (script.starts_with("\xef\xbb\xbf"))
        script.replace(0, 3, "   ");
    return script;
}

Result<void> saveBefore(const Target &target, std::string_view script, bool always)
{
    std::string reason = always ? "before importing a file" : "";
    for (const d1::ScriptStatement &statement : d1::splitScript(script)) {
        const d1::Effect effect = d1::effectOf(script.substr(statement.begin, statement.length));
        if (reason.empty() && effect == d1::Effect::Drops)
            reason = "before a drop";
        else if (reason.empty() && effect == d1::Effect::DeletesAll)
            reason = "before a change of all rows";
    }
    std::error_code error;
    if (reason.empty() || !fs::exists(target.file, error))
        return {};
    if (auto taken = d1::takeSnapshot(target.file, reason, d1::Snapshot::Maker::Cleat, {}); !taken)
        return std::unexpected(std::move(taken.error()));
    return {};
}

Result<void> executeLarge(const Arguments &arguments, const Target &target, const fs::path &file)
{
    const auto imported = d1::importSql(target.file, file, {});
    if (!imported)
        return std::unexpected(imported.error());
    if (arguments.has("json"))
        print(jsonOf({d1::StatementResult()}));
    else
        print("🚣 " + counted(imported->statements, "command") + " executed successfully.\n");
    return {};
}

Result<void> execute(const Arguments &arguments)
{
    if (arguments.positional().size() != 1)
        return wrongUsage("execute takes one database.");
    const auto command = arguments.text("command");
    const auto fileName = arguments.text("file");
    if (command.has_value() == fileName.has_value())
        return wrongUsage("execute takes either --command or --file.");
    const auto target = findTarget(arguments, arguments.positional().front());
    if (!target)
        return std::unexpected(target.error());
    const bool json = arguments.has("json");
    if (!json)
        print("🌀 Executing on local database " + printable(where(*target)) + ":\n");
    std::string script = command.value_or("");
    fs::path file;
    if (fileName) {
        file = target->project.path(*fileName);
        constexpr std::uintmax_t large = 8U << 20;
        std::error_code error;
        if (const auto size = fs::file_size(file, error); !error && size > large)
            return executeLarge(arguments, *target, file);
        auto text = base::readFile(file);
        if (!text)
            return std::unexpected(std::move(text.error()));
        auto rest = withoutTransaction(std::move(*text), file);
        if (!rest)
            return std::unexpected(std::move(rest.error()));
        script = std::move(*rest);
    }
    if (d1::splitScript(script).empty())
        return base::fail("data.sql", "No SQL statements detected.");
    if (auto saved = saveBefore(*target, script, fileName.has_value()); !saved)
        return saved;
    d1::Console console(target->file);
    constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
    const auto results = console.run(script, {.maxRows = all, .maxBytes = all, .together = d1::Console::Options::Together::AllOrNone}, {});
    if (!results)
        return std::unexpected(results.error());
    if (const d1::StatementResult &last = results->back(); !last.error.empty()) {
        const d1::TextPlace place = d1::placeOf(script, last.errorAt.value_or(last.statement.begin));
        if (fileName)
            return base::fail("data.sql", last.error, {file.string(), place.line, place.column});
        return base::fail("data.sql", "line " + std::to_string(place.line) + ", column " + std::to_string(place.column) + ": " + last.error);
    }
    if (json) {
        print(jsonOf(*results));
        return {};
    }
    print("🚣 " + counted(results->size(), "command") + " executed successfully.\n");
    for (const d1::StatementResult &result : *results) {
        if (result.rows.empty())
            continue;
        std::vector<std::vector<std::string>> rows;
        for (const auto &row : result.rows) {
            auto &texts = rows.emplace_back();
            for (const d1::Value &value : row)
                texts.push_back(shown(value));
        }
        print(tableOf(result.columns, rows));
    }
    return {};
}

Result<void> exportDatabase(const Arguments &arguments)
{
    const auto output = arguments.text("output");
    if (arguments.positional().size() != 1 || !output || output->empty())
        return wrongUsage("export takes one database and --output FILE.");
    const auto target = findTarget(arguments, arguments.positional().front());
    if (!target)
        return std::unexpected(target.error());
    d1::SqlExport what;
    const auto wants = [&](const char *flag) { return !arguments.truth(flag).value_or(false); };
    what.schema = wants("no-schema");
    what.data = wants("no-data");
    if (!what.schema && !what.data)
        return wrongUsage("--no-schema and --no-data together leave nothing to export.");
    const std::string names = arguments.text("table").value_or("");
    for (std::size_t at = 0; at < names.size();) {
        const std::size_t end = std::min(names.find(',', at), names.size());
        if (end > at)
            what.tables.push_back(names.substr(at, end - at));
        at = end + 1;
    }
    print("🌀 Exporting local database " + printable(where(*target)) + ":\n");
    if (const auto done = d1::exportSql(target->file, what, target->project.path(*output), {}); !done)
        return std::unexpected(done.error());
    print("Done!\n");
    return {};
}

Result<std::vector<std::string>> unapplied(const Target &target)
{
    std::error_code error;
    if (!fs::is_directory(target.migrations.folder, error))
        return base::fail("data.missing", "No migrations present at " + target.migrations.folder.string() + ". cleat d1 migrations create makes the first one.");
    const auto list = d1::migrations(target.file, target.migrations);
    if (!list)
        return std::unexpected(list.error());
    std::vector<std::string> names;
    for (const d1::Migration &migration : *list) {
        if (!migration.appliedAt)
            names.push_back(migration.name);
    }
    return names;
}

void printMigrations(const std::vector<std::string> &names)
{
    std::vector<std::vector<std::string>> rows;
    for (const std::string &name : names)
        rows.push_back({name});
    print("Migrations to be applied:\n" + tableOf({"Name"}, rows));
}

Result<void> applyAll(const Arguments &arguments, const Target &target)
{
    const auto names = unapplied(target);
    if (!names)
        return std::unexpected(names.error());
    if (names->empty()) {
        print("✅ No migrations to apply!\n");
        return {};
    }
    printMigrations(*names);
    if (!agreed(arguments, "About to apply " + counted(names->size(), "migration") + ". Continue?"))
        return {};
    auto applied = d1::applyMigrations(target.file, target.migrations, {}, {});
    if (!applied)
        return std::unexpected(std::move(applied.error()));
    std::vector<std::vector<std::string>> rows;
    for (const std::string &name : *names) {
        const bool done = std::ranges::find(applied->names, name) != applied->names.end();
        const bool failed = !done && rows.size() == applied->names.size() && applied->error;
        rows.push_back({name, done ? "✅" : failed ? "❌" : "🕒️"});
    }
    print(tableOf({"name", "status"}, rows));
    if (applied->error)
        return std::unexpected(std::move(*applied->error));
    return {};
}

Result<void> migrationsCommand(const Arguments &arguments)
{
    const auto &words = arguments.positional();
    const std::string what = words.empty() ? "" : words.front();
    if ((what != "list" && what != "apply" && what != "create") || words.size() != (what == "create" ? 3U : 2U))
        return wrongUsage("migrations takes list DB, create DB WORDS or apply DB.");
    const auto target = findTarget(arguments, words[1]);
    if (!target)
        return std::unexpected(target.error());
    if (what == "apply")
        return applyAll(arguments, *target);
    if (what == "create") {
        const auto path = d1::createMigration(target->migrations, words[2]);
        if (!path)
            return std::unexpected(path.error());
        print("✅ Successfully created Migration '" + printable(path->filename().string()) + "'!\n\nThe migration is available for editing here\n"
            + printable(path->string()) + "\n");
        return {};
    }
    const auto names = unapplied(*target);
    if (!names)
        return std::unexpected(names.error());
    if (names->empty())
        print("✅ No migrations to apply!\n");
    else
        printMigrations(*names);
    return {};
}

std::string timeText(std::int64_t ms)
{
    const std::time_t seconds = ms / 1000;
    std::tm parts{};
    ::localtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
    return {text.data(), length};
}

Result<void> list(const Arguments &arguments)
{
    if (!arguments.positional().empty())
        return wrongUsage("list takes no further word.");
    const auto project = findDataProject(arguments);
    if (!project)
        return std::unexpected(project.error());
    std::vector<std::vector<std::string>> rows;
    std::string json;
    for (const auto &entry : project->bindings().bindings) {
        if (entry.value.kind != config::Kind::D1Database)
            continue;
        const Target target = targetOf(*project, entry.value);
        std::error_code error;
        const auto size = fs::file_size(target.file, error);
        rows.push_back({target.name, entry.value.value("database_name"), target.id, error ? "not made yet" : std::to_string(size), target.file.string()});
        json += (json.empty() ? "" : ",") + std::string("\n  {\"binding\": ") + jsonText(rows.back()[0]) + ", \"name\": " + jsonText(rows.back()[1]) + ", \"id\": "
            + jsonText(rows.back()[2]) + ", \"bytes\": " + (error ? "null" : rows.back()[3]) + ", \"file\": " + jsonText(rows.back()[4]) + "}";
    }
    if (arguments.has("json"))
        print("[" + json + (json.empty() ? "" : "\n") + "]\n");
    else if (rows.empty())
        print("The Wrangler file has no D1 database.\n");
    else
        print(tableOf({"binding", "database_name", "id", "bytes", "file"}, rows));
    return {};
}

Result<void> snapshotCommand(const Arguments &arguments)
{
    if (arguments.positional().size() != 1)
        return wrongUsage("snapshot takes one database.");
    const auto target = findTarget(arguments, arguments.positional().front());
    if (!target)
        return std::unexpected(target.error());
    const auto taken = d1::takeSnapshot(target->file, arguments.text("reason").value_or(""), d1::Snapshot::Maker::User, {});
    if (!taken)
        return std::unexpected(taken.error());
    print(printable(taken->file.string()) + "\n");
    return {};
}

Result<void> snapshotsCommand(const Arguments &arguments)
{
    if (arguments.positional().size() != 1)
        return wrongUsage("snapshots takes one database.");
    const auto target = findTarget(arguments, arguments.positional().front());
    if (!target)
        return std::unexpected(target.error());
    std::vector<std::vector<std::string>> rows;
    std::string json;
    for (const d1::Snapshot &one : d1::snapshots(target->file)) {
        const std::string maker = one.maker == d1::Snapshot::Maker::User ? "you" : "Cleat";
        rows.push_back({one.file.stem().string(), timeText(one.timeMs), maker, std::to_string(one.bytes), one.reason});
        json += (json.empty() ? "" : ",") + std::string("\n  {\"snapshot\": ") + jsonText(rows.back()[0]) + ", \"time\": " + std::to_string(one.timeMs) + ", \"by\": "
            + jsonText(maker) + ", \"bytes\": " + rows.back()[3] + ", \"reason\": " + jsonText(one.reason) + ", \"file\": " + jsonText(one.file.string()) + "}";
    }
    if (arguments.has("json"))
        print("[" + json + (json.empty() ? "" : "\n") + "]\n");
    else if (rows.empty())
        print("There are no snapshots of " + printable(target->name) + " yet.\n");
    else
        print(tableOf({"snapshot", "time", "by", "bytes", "reason"}, rows));
    return {};
}

Result<void> restore(const Arguments &arguments)
{
    const auto &words = arguments.positional();
    if (words.empty() || words.size() > 2)
        return wrongUsage("restore takes one database and, if not the newest, a snapshot.");
    const auto target = findTarget(arguments, words.front());
    if (!target)
        return std::unexpected(target.error());
    const auto known = d1::snapshots(target->file);
    const auto chosen = words.size() == 1 ? known.begin() : std::ranges::find(known, words[1], [](const d1::Snapshot &one) { return one.file.stem().string(); });
    if (chosen == known.end())
        return base::fail("data.missing",
            words.size() == 1 ? "There are no snapshots of " + target->name + " yet." : "There is no snapshot " + words[1] + ". cleat d1 snapshots " + target->name + " lists them.");
    if (!agreed(arguments, "Make " + target->name + " what it was at " + timeText(chosen->timeMs) + "?"))
        return {};
    if (auto done = d1::restoreSnapshot(target->file, *chosen, {}); !done)
        return done;
    print("Restored " + printable(chosen->file.stem().string()) + ".\n");
    return {};
}

Result<void> run(const std::vector<std::string> &words, bool &help)
{
    const auto flags = allFlags();
    auto arguments = parseArguments(std::span(words).subspan(words.empty() ? 0 : 1), flags);
    const std::string command = words.empty() ? "" : words.front();
    help = words.empty() || command == "--help" || command == "-h" || (arguments && arguments->has("help"));
    if (help)
        return {};
    constexpr std::array<std::pair<const char *, Result<void> (*)(const Arguments &)>, 7> commands{{
        {"execute", execute},
        {"export", exportDatabase},
        {"migrations", migrationsCommand},
        {"list", list},
        {"snapshot", snapshotCommand},
        {"snapshots", snapshotsCommand},
        {"restore", restore},
    }};
    const auto found = std::ranges::find_if(commands, [&](const auto &one) { return command == one.first; });
    if (found == commands.end())
        return wrongUsage("There is no command \"" + command + "\". cleat d1 --help lists what there is.");
    if (!arguments)
        return std::unexpected(std::move(arguments.error()));
    return found->second(*arguments);
}

} // namespace

int runD1(int argc, char **argv)
{
    const std::vector<std::string> words(argv + std::min(argc, 2), argv + argc);
    bool help = false;
    const auto done = run(words, help);
    if (help) {
        const auto flags = allFlags();
        std::fputs((usage + helpOf(flags) + endOfUsage).c_str(), words.empty() ? stderr : stdout);
        return words.empty() ? 2 : 0;
    }
    std::fflush(stdout);
    return done ? 0 : report("d1", done.error());
}

} // namespace cleat::app
