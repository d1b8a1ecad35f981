// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace cleat::runtime {

/// A behaviour that depends on the compatibility date and can be turned on and off by name. Empty texts: there is none.
struct CompatibilityFlag {
    std::string_view enable;
    std::string_view disable;
    std::string_view since; ///< the date from which it holds by default
    enum class Stage {
        Free,
        Always, ///< holds for every date
        Experimental ///< for workerd's own development: a local workerd knows it, Cloudflare refuses to deploy it
    };
    Stage stage = Stage::Free;
    enum class Effect {
        None, ///< it is about something that Cleat does not provide, or about Cloudflare's own network
        Here ///< it changes something that Cleat provides
    };
    Effect effect = Effect::None;
    std::array<std::string_view, 2> impliedBy{}; ///< any of these flags turns it on ...
    std::string_view impliedSince{}; ///< ... from this date on
};

std::span<const CompatibilityFlag> compatibilityFlags();

/// The newest date that the table knows.
inline constexpr std::string_view newestCompatibilityDate = "2026-11-24";

} // namespace cleat::runtime
