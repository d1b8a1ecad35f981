// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/compatibility.h"

#include "core/runtime/compatibilityflags.h"

#include <algorithm>
#include <cassert>
#include <set>

namespace cleat::runtime {

namespace {

bool isDate(std::string_view date)
{
    if (date.size() != 10 || date[4] != '-' || date[7] != '-')
        return false;
    for (const std::size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) {
        if (date[i] < '0' || date[i] > '9')
            return false;
    }
    const std::string_view month = date.substr(5, 2);
    const std::string_view day = date.substr(8);
    return date >= "2021-01-01" && month >= "01" && month <= "12" && day >= "01" && day <= "31";
}

std::ptrdiff_t indexOf(std::string_view enableFlag)
{
    const auto flags = compatibilityFlags();
    const auto found = std::ranges::find(flags, enableFlag, &CompatibilityFlag::enable);
    return found == flags.end() ? -1 : found - flags.begin();
}

} // namespace

Compatibility::Compatibility()
{
    static const Compatibility newest = *resolve(newestCompatibilityDate, {}, newestCompatibilityDate);
    *this = newest;
}

base::Result<Compatibility> Compatibility::resolve(std::string_view date, std::span<const std::string> names, std::string_view today)
{
    const auto flags = compatibilityFlags();
    assert(flags.size() <= most);
    Compatibility made{Nothing{}};
    if (date.empty())
        date = newestCompatibilityDate;
    if (!isDate(date))
        return base::fail("compat.date", "Invalid compatibility date: " + std::string(date) + ". Write it like " + std::string(newestCompatibilityDate) + ".");
    if (date > newestCompatibilityDate) {
        if (date > today)
            return base::fail("compat.future-date", "Compatibility date \"" + std::string(date) + "\" is in the future and unsupported.");
        made.m_warnings.push_back({"compat.newest-date",
            "This Worker requires compatibility date \"" + std::string(date) + "\", but the newest date supported by Cleat is \"" + std::string(newestCompatibilityDate)
                + "\". That one is used.", {}});
        date = newestCompatibilityDate;
    }
    made.m_date = date;

    std::set<std::string_view> wanted;
    for (const std::string &name : names) {
        if (!wanted.insert(name).second)
            return base::fail("compat.repeated-flag", "Compatibility flag specified multiple times: " + name + ".");
    }
    std::set<std::string_view> known;
    std::bitset<most> off;
    for (std::size_t i = 0; i < flags.size(); ++i) {
        const CompatibilityFlag &flag = flags[i];
        const bool byDate = flag.stage == CompatibilityFlag::Stage::Always || (!flag.since.empty() && date >= flag.since);
        const bool byName = wanted.contains(flag.enable);
        const bool offByName = !flag.disable.empty() && wanted.contains(flag.disable);
        known.insert(flag.enable);
        known.insert(flag.disable);
        if (byName && offByName)
            return base::fail("compat.contradictory-flags", "Compatibility flags are mutually contradictory: " + std::string(flag.enable) + " vs " + std::string(flag.disable) + ".");
        if (byName && byDate)
            made.m_warnings.push_back({"compat.needless-flag",
                "The compatibility flag " + std::string(flag.enable)
                    + (flag.stage == CompatibilityFlag::Stage::Always ? " is the default, so does" : " became the default as of " + std::string(flag.since) + " so does")
                    + " not need to be specified anymore.", {}});
        if (byName && flag.stage == CompatibilityFlag::Stage::Experimental)
            made.m_warnings.push_back({"compat.experimental-flag",
                "The compatibility flag " + std::string(flag.enable) + " is experimental and may break or be removed in a future version of workerd. Cloudflare does not deploy code that uses it.", {}});
        off[i] = offByName;
        made.m_holds[i] = (byDate || byName) && !offByName;
    }
    for (const std::string_view name : wanted) {
        if (name.empty() || !known.contains(name))
            return base::fail("compat.unknown-flag", "No such compatibility flag: " + std::string(name) + ".");
    }
    for (bool changed = true; changed;) { // some are implied by ones that come later
        changed = false;
        for (std::size_t i = 0; i < flags.size(); ++i) {
            if (made.m_holds[i] || off[i] || flags[i].impliedSince.empty() || date < flags[i].impliedSince)
                continue;
            if (std::ranges::any_of(flags[i].impliedBy, [&](std::string_view name) { return made.holds(name); })) {
                made.m_holds[i] = true;
                changed = true;
            }
        }
    }
    return made;
}

bool Compatibility::holds(std::string_view enableFlag) const
{
    const std::ptrdiff_t index = indexOf(enableFlag);
    return index >= 0 && m_holds[static_cast<std::size_t>(index)];
}

std::vector<std::pair<std::string_view, bool>> Compatibility::all() const
{
    const auto flags = compatibilityFlags();
    std::vector<std::pair<std::string_view, bool>> list;
    list.reserve(flags.size());
    for (std::size_t i = 0; i < flags.size(); ++i)
        list.emplace_back(flags[i].enable, m_holds[i]);
    return list;
}

} // namespace cleat::runtime
