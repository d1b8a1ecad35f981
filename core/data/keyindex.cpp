// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/keyindex.h"

#include "core/data/keyscan.h"

#include <algorithm>
#include <utility>

namespace cleat::data {

using base::Result;
using storage::Database;

namespace {

constexpr std::size_t maxKnown = 4;

std::string_view searched(std::string_view key, const KeyQuery &query)
{
    return key.substr(std::min(key.size(), query.unsearched));
}

} // namespace

void KeyIndex::setVersion(std::uint64_t version)
{
    if (std::exchange(m_version, version) != version)
        m_known.clear();
}

KeyIndex::Known &KeyIndex::known(const KeyQuery &query)
{
    if (const auto found = std::ranges::find(m_known, query, &Known::query); found != m_known.end()) {
        m_known.splice(m_known.begin(), m_known, found);
    } else {
        m_known.push_front({query, KeyPlaces(m_table, rangeOf(query.prefix)), std::nullopt});
        if (m_known.size() > maxKnown)
            m_known.pop_back();
    }
    return m_known.front();
}

Result<const SparsePlaces *> KeyIndex::matches(Database &database, Known &known, const std::stop_token &stop)
{
    if (known.matches)
        return &*known.matches;
    const Needle needle(known.query.text);
    SparsePlaces places;
    KeyScan scan(database, m_scan, known.places.range(), stop);
    for (;;) {
        auto key = scan.next();
        if (!key)
            return std::unexpected(std::move(key.error()));
        if (!*key)
            break;
        if (needle.isIn(searched(**key, known.query)))
            places.add(**key);
    }
    return &known.matches.emplace(std::move(places));
}

Result<std::uint64_t> KeyIndex::count(Database &database, const KeyQuery &query, const std::stop_token &stop)
{
    Known &asked = known(query);
    if (query.text.empty())
        return asked.places.count(database, stop);
    auto found = matches(database, asked, stop);
    if (!found)
        return std::unexpected(std::move(found.error()));
    return (*found)->count();
}

Result<std::vector<std::string>> KeyIndex::keys(Database &database, const KeyQuery &query, std::uint64_t first, std::size_t count, const std::stop_token &stop)
{
    Known &asked = known(query);
    if (query.text.empty())
        return plainKeys(database, asked, first, count, stop);
    auto found = matches(database, asked, stop);
    if (!found)
        return std::unexpected(std::move(found.error()));
    std::vector<std::string> keys;
    const auto start = (*found)->upTo(first);
    if (first >= (*found)->count() || !start)
        return keys;
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(count, (*found)->count() - first));
    const Needle needle(query.text);
    KeyScan scan(database, m_scan, {std::string(start->key), asked.places.range().end}, stop);
    for (std::uint64_t number = start->number; keys.size() < wanted;) {
        auto key = scan.next();
        if (!key)
            return std::unexpected(std::move(key.error()));
        if (!*key)
            break;
        if (!needle.isIn(searched(**key, query)))
            continue;
        if (number++ >= first)
            keys.emplace_back(**key);
        if (const auto next = (*found)->at(number))
            scan.jump(std::string(*next));
    }
    return keys;
}

Result<std::vector<std::string>> KeyIndex::plainKeys(Database &database, Known &known, std::uint64_t first, std::size_t count, const std::stop_token &stop)
{
    std::vector<std::string> keys;
    auto start = known.places.at(database, first, stop);
    if (!start)
        return std::unexpected(std::move(start.error()));
    if (!*start)
        return keys;
    KeyScan scan(database, m_scan, {std::move(**start), known.places.range().end}, stop);
    while (keys.size() < count) {
        auto key = scan.next();
        if (!key)
            return std::unexpected(std::move(key.error()));
        if (!*key)
            break;
        keys.emplace_back(**key);
    }
    return keys;
}

Result<std::uint64_t> KeyIndex::before(Database &database, const KeyQuery &query, std::string_view key, const std::stop_token &stop)
{
    Known &asked = known(query);
    if (query.text.empty())
        return asked.places.before(database, key, stop);
    auto found = matches(database, asked, stop);
    if (!found)
        return std::unexpected(std::move(found.error()));
    const auto start = (*found)->upTo(key);
    if (!start)
        return 0;
    const Needle needle(query.text);
    KeyScan scan(database, m_scan, {std::string(start->key), asked.places.range().end}, stop);
    for (std::uint64_t number = start->number;;) {
        auto next = scan.next();
        if (!next)
            return std::unexpected(std::move(next.error()));
        if (!*next || **next >= key)
            return number;
        if (needle.isIn(searched(**next, query)))
            ++number;
    }
}

} // namespace cleat::data
