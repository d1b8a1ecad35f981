// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/durableobjects/alarmschedule.h"

#include "core/storage/transaction.h"

namespace cleat::bindings::durableobjects {

using storage::Database;
using storage::Statement;

namespace {

base::Result<bool> hasName(Database &database)
{
    auto columns = database.statement("SELECT 1 FROM pragma_table_info('_cf_ALARM') WHERE name = 'actor_name'");
    if (!columns)
        return std::unexpected(std::move(columns.error()));
    auto step = columns->step();
    if (!step)
        return std::unexpected(std::move(step.error()));
    return *step == Statement::Step::Row;
}

base::Result<void> run(Database &database, std::string_view sql, const auto &bind)
{
    auto transaction = storage::Transaction::begin(database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    {
        auto statement = database.statement(sql);
        if (!statement)
            return std::unexpected(std::move(statement.error()));
        bind(*statement);
        if (auto step = statement->step(); !step)
            return std::unexpected(std::move(step.error()));
    }
    return transaction->commit();
}

} // namespace

/// nullptr: there is no file, and none was wanted.
base::Result<Database *> AlarmSchedule::open(Database::Mode mode)
{
    if (m_database && m_database->moved())
        m_database.reset();
    if (m_database)
        return m_database.get();
    auto opened = Database::open(m_file, mode);
    if (!opened && mode == Database::Mode::Existing && opened.error().code == "storage.missing")
        return nullptr;
    if (!opened)
        return std::unexpected(std::move(opened.error()));
    Database &database = **opened;
    auto table = database.execute("CREATE TABLE IF NOT EXISTS _cf_ALARM (actor_id TEXT PRIMARY KEY, scheduled_time INTEGER, actor_name TEXT) WITHOUT ROWID");
    if (!table)
        return std::unexpected(std::move(table.error()));
    const auto named = hasName(database); // files that an older wrangler made have no names
    if (!named)
        return std::unexpected(named.error());
    if (!*named) {
        if (auto added = database.execute("ALTER TABLE _cf_ALARM ADD COLUMN actor_name TEXT"); !added)
            return std::unexpected(std::move(added.error()));
    }
    m_database = std::move(*opened);
    return m_database.get();
}

base::Result<std::vector<ScheduledAlarm>> AlarmSchedule::list()
{
    std::vector<ScheduledAlarm> alarms;
    auto database = open(Database::Mode::Existing);
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return alarms;
    auto statement = (*database)->statement("SELECT actor_id, scheduled_time, actor_name FROM _cf_ALARM ORDER BY scheduled_time, actor_id");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    for (;;) {
        auto step = statement->step();
        if (!step)
            return std::unexpected(std::move(step.error()));
        if (*step == Statement::Step::Done)
            return alarms;
        ScheduledAlarm alarm{std::string(statement->text(0)), statement->integer(1), std::nullopt};
        if (!statement->isNull(2))
            alarm.name = std::string(statement->text(2));
        alarms.push_back(std::move(alarm));
    }
}

base::Result<void> AlarmSchedule::set(const ScheduledAlarm &alarm)
{
    auto database = open(Database::Mode::Create);
    if (!database)
        return std::unexpected(std::move(database.error()));
    return run(**database,
        "INSERT INTO _cf_ALARM (actor_id, scheduled_time, actor_name) VALUES (?1, ?2, ?3) ON CONFLICT (actor_id) DO UPDATE SET scheduled_time = excluded.scheduled_time, "
        "actor_name = coalesce(excluded.actor_name, actor_name)",
        [&](Statement &statement) {
            statement.bindText(1, alarm.id);
            statement.bindInteger(2, alarm.timeNs);
            if (alarm.name)
                statement.bindText(3, *alarm.name);
            else
                statement.bindNull(3);
        });
}

base::Result<void> AlarmSchedule::remove(std::string_view id)
{
    auto database = open(Database::Mode::Existing);
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return {};
    return run(**database, "DELETE FROM _cf_ALARM WHERE actor_id = ?1", [&](Statement &statement) { statement.bindText(1, id); });
}

} // namespace cleat::bindings::durableobjects
