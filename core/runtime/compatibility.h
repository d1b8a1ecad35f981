// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <bitset>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::runtime {

/// What a compatibility date and flags come to. A value; the default is the newest date without flags.
class Compatibility final
{
public:
    Compatibility();

    /// As workerd resolves them. `date` and `today` are written 2026-11-01; an empty `date` stands for the newest. A date that workerd does not know yet becomes
    /// the newest, with a warning. Codes: compat.date, compat.future-date, compat.unknown-flag, compat.contradictory-flags, compat.repeated-flag.
    static base::Result<Compatibility> resolve(std::string_view date, std::span<const std::string> flags, std::string_view today);

    /// By the name that turns it on, such as "nodejs_compat"; false for a name that is none.
    bool holds(std::string_view enableFlag) const;
    /// Every flag by that name, in workerd's order.
    std::vector<std::pair<std::string_view, bool>> all() const;
    const std::string &date() const { return m_date; }
    /// Whole sentences about what is not needed or was changed.
    const std::vector<base::Error> &warnings() const { return m_warnings; }
    bool operator==(const Compatibility &) const = default;

private:
    struct Nothing {
    };
    explicit Compatibility(Nothing) {}
    static constexpr std::size_t most = 256;
    std::string m_date;
    std::bitset<most> m_holds; ///< in the order of the table
    std::vector<base::Error> m_warnings;
};

} // namespace cleat::runtime
