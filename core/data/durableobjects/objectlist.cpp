// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/durableobjects/objectlist.h"

#include "core/base/clock.h"
#include "core/bindings/durableobjects/objectfiles.h"
#include "core/bindings/durableobjects/objectids.h"
#include "core/data/query.h"

#include <algorithm>
#include <limits>
#include <sys/stat.h>
#include <tuple>

namespace cleat::data::durableobjects {

namespace fs = std::filesystem;
namespace objects = bindings::durableobjects;

using base::Result;

namespace {

constexpr std::size_t large = 2000; ///< objects
constexpr std::size_t mostShown = 1024; ///< rows whose files are watched
constexpr std::int64_t nsPerMs = 1'000'000;

std::int64_t changedNs(const struct stat &info)
{
    return static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec;
}

std::string lowered(std::string text)
{
    std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

} // namespace

ObjectList::ObjectList(fs::path state, std::string uniqueKey)
    : m_state(std::move(state)), m_uniqueKey(std::move(uniqueKey)), m_schedule(objects::scheduleFile(m_state, m_uniqueKey))
{}

void ObjectList::setLive(std::map<std::string, std::optional<std::string>> live)
{
    if (m_live == live)
        return;
    m_live = std::move(live);
    m_liveChanged = true;
}

ObjectList::Stamp ObjectList::stampOf(const std::string &id) const
{
    Stamp stamp;
    const std::string file = objects::objectFile(m_state, m_uniqueKey, id).string();
    for (const char *suffix : {"", "-wal"}) {
        struct stat info {};
        if (::stat((file + suffix).c_str(), &info) != 0)
            continue;
        stamp.there = stamp.there || *suffix == '\0';
        stamp.bytes += static_cast<std::uint64_t>(info.st_size);
        stamp.changedNs = std::max(stamp.changedNs, changedNs(info));
    }
    return stamp;
}

const ObjectList::Known &ObjectList::known(const std::string &id, const Stamp &stamp)
{
    Known &known = m_known[id];
    if (known.stamp == stamp)
        return known;
    known = {stamp, std::move(known.name), 0, {}};
    if (!stamp.there)
        return known;
    const auto told = [&](const base::Error &error) -> const Known & {
        known.problem = error.message;
        return known;
    };
    const fs::path file = objects::objectFile(m_state, m_uniqueKey, id);
    auto database = storage::Database::open(file, storage::Database::Mode::Existing, std::chrono::milliseconds(200));
    if (!database)
        return told(database.error());
    bool named = false;
    auto counted = query(**database, "SELECT name FROM sqlite_schema WHERE type = 'table'", noParameters, [&](const storage::Statement &row) {
        const std::string_view name = row.text(0);
        if (name == "__miniflare_do_name")
            named = true;
        else if (!name.starts_with("_cf_") && !name.starts_with("sqlite_"))
            ++known.tables;
    });
    if (!counted)
        return told(counted.error());
    if (named) {
        auto read = query(**database, "SELECT name FROM __miniflare_do_name WHERE id = 1", noParameters, [&](const storage::Statement &row) { known.name = std::string(row.text(0)); });
        if (!read)
            return told(read.error());
    }
    database->reset(); // the last connection takes the journal away
    known.stamp = stampOf(id);
    return known;
}

std::optional<std::string> ObjectList::nameOf(const std::string &id) const
{
    if (const auto known = m_known.find(id); known != m_known.end() && known->second.name)
        return known->second.name;
    if (const auto live = m_live.find(id); live != m_live.end() && live->second)
        return live->second;
    const auto alarm = m_alarms.find(id);
    return alarm == m_alarms.end() ? std::nullopt : alarm->second.name;
}

/// Sees to it that m_ids and m_alarms are those of now.
Result<void> ObjectList::list()
{
    auto alarms = m_schedule.list();
    if (!alarms)
        return std::unexpected(std::move(alarms.error()));
    std::map<std::string, objects::ScheduledAlarm> byId;
    for (objects::ScheduledAlarm &alarm : *alarms)
        byId.emplace(alarm.id, std::move(alarm));
    if (byId != m_alarms) {
        m_alarms = std::move(byId);
        m_matching.reset();
        m_told = false;
    }
    struct stat info {};
    const std::int64_t now = ::stat(objects::objectFolder(m_state, m_uniqueKey).c_str(), &info) == 0 ? changedNs(info) : 0;
    if (now == m_folderNs && !m_liveChanged)
        return {};
    // Journals that come and go change the folder, too: a large one is not read over and over again.
    const std::int64_t begun = base::steadyNs();
    if (m_ids.size() > large && !m_liveChanged && begun - m_listedNs < 10 * m_listTookNs)
        return {};
    auto ids = objects::listObjects(m_state, m_uniqueKey);
    if (!ids)
        return std::unexpected(std::move(ids.error()));
    for (const auto &[id, name] : m_live) {
        if (!std::ranges::binary_search(*ids, id))
            ids->insert(std::ranges::lower_bound(*ids, id), id);
    }
    if (*ids != m_ids) {
        m_ids = std::move(*ids);
        m_told = false;
    }
    m_folderNs = now;
    m_listedNs = base::steadyNs();
    m_listTookNs = m_listedNs - begun;
    m_liveChanged = false;
    m_matching.reset();
    return {};
}

Result<std::vector<std::string>> ObjectList::matching(const ObjectFilter &filter, const std::stop_token &stop)
{
    if (auto listed = list(); !listed)
        return std::unexpected(std::move(listed.error()));
    using Order = ObjectFilter::Order;
    if (m_matching && m_matching->first == filter && filter.order != Order::Size && filter.order != Order::Changed)
        return m_matching->second;
    std::vector<std::string> found;
    if (filter.text.empty()) {
        found = m_ids;
    } else {
        const std::string text = lowered(filter.text);
        const std::string named = objects::idFromName(m_uniqueKey, filter.text);
        for (const std::string &id : m_ids) {
            if (auto fine = proceed(stop); !fine)
                return std::unexpected(std::move(fine.error()));
            if (id.contains(text) || id == named) {
                found.push_back(id);
                continue;
            }
            known(id, stampOf(id));
            if (const auto name = nameOf(id); name && lowered(*name).contains(text))
                found.push_back(id);
        }
    }
    if (filter.order != Order::Id) {
        std::vector<std::tuple<std::int64_t, std::string>> keyed;
        keyed.reserve(found.size());
        for (std::string &id : found) {
            std::int64_t key = 0;
            if (filter.order == Order::Alarm) {
                const auto alarm = m_alarms.find(id);
                key = alarm != m_alarms.end() ? alarm->second.timeNs : filter.direction == ObjectFilter::Direction::Ascending ? std::numeric_limits<std::int64_t>::max() : 0;
            } else {
                const Stamp stamp = stampOf(id);
                key = filter.order == Order::Size ? static_cast<std::int64_t>(stamp.bytes) : stamp.changedNs;
            }
            keyed.emplace_back(key, std::move(id));
        }
        std::ranges::sort(keyed);
        for (std::size_t i = 0; i < found.size(); ++i)
            found[i] = std::move(std::get<1>(keyed[i]));
    }
    if (filter.direction == ObjectFilter::Direction::Descending)
        std::ranges::reverse(found);
    m_matching.emplace(filter, found);
    return found;
}

ObjectRow ObjectList::rowOf(const std::string &id)
{
    const Known &found = known(id, stampOf(id));
    ObjectRow row;
    row.id = id;
    row.name = nameOf(id);
    row.hasFile = found.stamp.there;
    row.bytes = found.stamp.bytes;
    row.changedMs = found.stamp.changedNs / nsPerMs;
    row.tables = found.tables;
    row.problem = found.problem;
    if (const auto alarm = m_alarms.find(id); alarm != m_alarms.end())
        row.alarmMs = alarm->second.timeNs / nsPerMs;
    return row;
}

Result<std::uint64_t> ObjectList::count(const ObjectFilter &filter, std::stop_token stop)
{
    const auto found = matching(filter, stop);
    if (!found)
        return std::unexpected(found.error());
    return found->size();
}

Result<std::vector<ObjectRow>> ObjectList::rows(const ObjectFilter &filter, std::uint64_t first, std::size_t count, std::stop_token stop)
{
    const auto found = matching(filter, stop);
    if (!found)
        return std::unexpected(found.error());
    std::vector<ObjectRow> all;
    if (m_shown.size() + count > mostShown)
        m_shown.clear();
    for (std::uint64_t i = first; i < std::min<std::uint64_t>(found->size(), first + count); ++i) {
        if (auto fine = proceed(stop); !fine)
            return std::unexpected(std::move(fine.error()));
        const std::string &id = (*found)[i];
        all.push_back(rowOf(id));
        if (m_shown.size() < mostShown)
            m_shown.insert_or_assign(id, m_known.at(id).stamp);
    }
    return all;
}

Result<std::optional<std::uint64_t>> ObjectList::position(const ObjectFilter &filter, const std::string &id, std::stop_token stop)
{
    const auto found = matching(filter, stop);
    if (!found)
        return std::unexpected(found.error());
    const auto place = std::ranges::find(*found, id);
    return place == found->end() ? std::nullopt : std::optional<std::uint64_t>(static_cast<std::uint64_t>(place - found->begin()));
}

Result<std::optional<ObjectRow>> ObjectList::row(const std::string &id)
{
    if (auto listed = list(); !listed)
        return std::unexpected(std::move(listed.error()));
    return std::ranges::binary_search(m_ids, id) ? std::optional(rowOf(id)) : std::nullopt;
}

Result<ObjectList::Look> ObjectList::look()
{
    if (auto listed = list(); !listed)
        return std::unexpected(std::move(listed.error()));
    Look look{m_ids.size(), !m_told};
    m_told = true;
    for (auto &[id, stamp] : m_shown) {
        const Stamp now = stampOf(id);
        if (now != stamp) {
            stamp = now;
            look.changed = true;
        }
    }
    return look;
}

} // namespace cleat::data::durableobjects
