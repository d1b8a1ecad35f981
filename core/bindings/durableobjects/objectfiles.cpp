// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/durableobjects/objectfiles.h"

#include "core/storage/database.h"
#include "core/storage/failure.h"

#include <algorithm>

namespace cleat::bindings::durableobjects {

namespace fs = std::filesystem;

fs::path objectFolder(const fs::path &state, std::string_view uniqueKey)
{
    return state / "v3" / "do" / uniqueKey;
}

fs::path objectFile(const fs::path &state, std::string_view uniqueKey, std::string_view id)
{
    return objectFolder(state, uniqueKey) / (std::string(id) + ".sqlite");
}

fs::path scheduleFile(const fs::path &state, std::string_view uniqueKey)
{
    return objectFolder(state, uniqueKey) / "metadata.sqlite";
}

namespace {

/// What `wanted` makes of the names in a folder; a folder that is not there has none.
template <typename Wanted>
base::Result<std::vector<std::string>> names(const fs::path &folder, const Wanted &wanted)
{
    std::vector<std::string> found;
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    if (error == std::errc::no_such_file_or_directory)
        return found;
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        if (auto name = wanted(*entries))
            found.push_back(std::move(*name));
    }
    if (error)
        return std::unexpected(storage::systemFailure("list", folder, error.value()));
    std::ranges::sort(found);
    return found;
}

} // namespace

base::Result<std::vector<std::string>> listNamespaces(const fs::path &state)
{
    return names(state / "v3" / "do", [](const fs::directory_entry &entry) -> std::optional<std::string> {
        std::error_code ignored; // an entry that went away is no folder
        return entry.is_directory(ignored) ? std::optional(entry.path().filename().string()) : std::nullopt;
    });
}

base::Result<std::vector<std::string>> listObjects(const fs::path &state, std::string_view uniqueKey)
{
    // Beside them lie metadata.sqlite, -wal, -shm, and the facets of objects: <id>.facets and <id>.<n>.sqlite.
    return names(objectFolder(state, uniqueKey), [](const fs::directory_entry &entry) -> std::optional<std::string> {
        constexpr std::size_t digits = 64;
        std::string id = entry.path().stem().string();
        if (entry.path().extension() != ".sqlite" || id.size() != digits || id.find_first_not_of("0123456789abcdef") != id.npos)
            return std::nullopt;
        return id;
    });
}

base::Result<void> removeObject(const fs::path &state, std::string_view uniqueKey, std::string_view id)
{
    const fs::path folder = objectFolder(state, uniqueKey);
    const std::string begin = std::string(id) + '.'; // <id>.sqlite, -wal, -shm, <id>.facets, <id>.<n>.sqlite, ...
    const auto all = names(folder, [&](const fs::directory_entry &entry) -> std::optional<std::string> {
        std::string name = entry.path().filename().string();
        return name.starts_with(begin) ? std::optional(std::move(name)) : std::nullopt;
    });
    if (!all)
        return std::unexpected(all.error());
    for (const std::string &name : *all) {
        std::error_code error;
        fs::remove(folder / name, error);
        if (error)
            return std::unexpected(storage::systemFailure("delete", folder / name, error.value()));
    }
    return {};
}

base::Result<std::optional<std::string>> nameInFile(const fs::path &state, std::string_view uniqueKey, std::string_view id)
{
    auto database = storage::Database::open(objectFile(state, uniqueKey, id), storage::Database::Mode::Existing);
    if (!database)
        return std::unexpected(std::move(database.error()));
    {
        auto table = (*database)->statement("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '__miniflare_do_name'");
        if (!table)
            return std::unexpected(std::move(table.error()));
        auto step = table->step();
        if (!step)
            return std::unexpected(std::move(step.error()));
        if (*step == storage::Statement::Step::Done)
            return std::nullopt;
    }
    auto row = (*database)->statement("SELECT name FROM __miniflare_do_name WHERE id = 1");
    if (!row)
        return std::unexpected(std::move(row.error()));
    auto step = row->step();
    if (!step)
        return std::unexpected(std::move(step.error()));
    if (*step == storage::Statement::Step::Done || row->isNull(0))
        return std::nullopt;
    return std::string(row->text(0));
}

} // namespace cleat::bindings::durableobjects
