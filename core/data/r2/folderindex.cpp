// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/r2/folderindex.h"

#include "core/data/keyrange.h"
#include "core/data/keyscan.h"

#include <algorithm>
#include <utility>

namespace cleat::data::r2 {

using base::Result;
using storage::Database;
using Item = FolderIndex::Item;

namespace {

constexpr std::size_t maxKnown = 4;
constexpr unsigned maxSteps = 16; // within a folder, before a jump behind it is cheaper

/// Runs over what lies directly in a folder and has the text in its name.
class FolderWalk final
{
public:
    FolderWalk(Database &database, const FolderQuery &query, std::string from, const std::stop_token &stop)
        : m_query(query),
          m_needle(query.text),
          m_scan(database, "SELECT key FROM _mf_objects WHERE key >= ?1 AND key < ?2 ORDER BY key", {std::move(from), endOfPrefix(query.folder)}, stop)
    {}

    struct Seen {
        Item::Kind kind = Item::Kind::Object;
        std::string_view key; ///< valid until the next call
    };
    /// nullopt at the end.
    Result<std::optional<Seen>> next()
    {
        for (;;) {
            auto key = m_scan.next();
            if (!key)
                return std::unexpected(std::move(key.error()));
            if (!*key)
                return std::nullopt;
            if (!m_inside.empty() && (*key)->starts_with(m_inside)) {
                if (++m_steps > maxSteps)
                    jumpBehind();
                continue;
            }
            m_inside.clear();
            const std::string_view name = (*key)->substr(std::min((*key)->size(), m_query.folder.size()));
            const std::size_t slash = name.find('/');
            if (slash == name.npos) {
                if (m_needle.isIn(name))
                    return Seen{Item::Kind::Object, **key};
                continue;
            }
            m_inside = (*key)->substr(0, m_query.folder.size() + slash + 1);
            m_steps = 0;
            if (m_needle.isIn(name.substr(0, slash)))
                return Seen{Item::Kind::Folder, m_inside};
        }
    }
    void jump(std::string from)
    {
        m_inside.clear();
        m_scan.jump(std::move(from));
    }

private:
    void jumpBehind()
    {
        // A folder's name ends with '/', so there is something behind it.
        m_scan.jump(endOfPrefix(m_inside).value_or(m_inside));
        m_inside.clear();
    }

    const FolderQuery &m_query;
    const Needle m_needle;
    KeyScan m_scan;
    std::string m_inside; ///< the folder that the scan is in
    unsigned m_steps = 0;
};

} // namespace

void FolderIndex::setVersion(std::uint64_t version)
{
    if (std::exchange(m_version, version) != version)
        m_known.clear();
}

Result<const FolderIndex::Known *> FolderIndex::known(Database &database, const FolderQuery &query, const std::stop_token &stop)
{
    if (const auto found = std::ranges::find(m_known, query, &Known::query); found != m_known.end()) {
        m_known.splice(m_known.begin(), m_known, found);
        return &m_known.front();
    }
    Known listing{query, {}, {}};
    FolderWalk walk(database, query, query.folder, stop);
    for (;;) {
        auto seen = walk.next();
        if (!seen)
            return std::unexpected(std::move(seen.error()));
        if (!*seen)
            break;
        ((*seen)->kind == Item::Kind::Folder ? listing.folders : listing.objects).add((*seen)->key);
    }
    m_known.push_front(std::move(listing));
    if (m_known.size() > maxKnown)
        m_known.pop_back();
    return &m_known.front();
}

Result<std::uint64_t> FolderIndex::count(Database &database, const FolderQuery &query, const std::stop_token &stop)
{
    auto found = known(database, query, stop);
    if (!found)
        return std::unexpected(std::move(found.error()));
    return (*found)->folders.count() + (*found)->objects.count();
}

Result<std::vector<Item>> FolderIndex::items(Database &database, const FolderQuery &query, std::uint64_t first, std::size_t count, const std::stop_token &stop)
{
    std::vector<Item> items;
    auto found = known(database, query, stop);
    if (!found)
        return std::unexpected(std::move(found.error()));
    const std::uint64_t folders = (*found)->folders.count();
    if (first < folders) {
        if (auto done = collect(database, **found, Item::Kind::Folder, first, count, items, stop); !done)
            return std::unexpected(std::move(done.error()));
        first = folders;
    }
    if (items.size() < count) {
        if (auto done = collect(database, **found, Item::Kind::Object, first - folders, count - items.size(), items, stop); !done)
            return std::unexpected(std::move(done.error()));
    }
    return items;
}

Result<void> FolderIndex::collect(
    Database &database, const Known &known, Item::Kind kind, std::uint64_t first, std::size_t count, std::vector<Item> &items, const std::stop_token &stop)
{
    const SparsePlaces &places = kind == Item::Kind::Folder ? known.folders : known.objects;
    const auto start = places.upTo(first);
    if (first >= places.count() || !start)
        return {};
    std::uint64_t number = start->number;
    const std::uint64_t end = first + std::min<std::uint64_t>(count, places.count() - first);
    FolderWalk walk(database, known.query, std::string(start->key), stop);
    while (number < end) {
        auto seen = walk.next();
        if (!seen)
            return std::unexpected(std::move(seen.error()));
        if (!*seen)
            break;
        if ((*seen)->kind != kind)
            continue;
        if (number++ >= first)
            items.push_back({kind, std::string((*seen)->key)});
        if (const auto next = places.at(number); next && number < end)
            walk.jump(std::string(*next));
    }
    return {};
}

} // namespace cleat::data::r2
