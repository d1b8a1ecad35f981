// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

/// The words that stand for enumerators in `_cleat` members of HAR files: writer and reader share them.
namespace cleat::events {

template <typename Enum>
struct HarNames;

template <>
struct HarNames<RequestKind> {
    static constexpr std::array<std::string_view, 5> names = {"http", "queue", "cron", "alarm", "manual"};
};
template <>
struct HarNames<Answer> {
    static constexpr std::array<std::string_view, 3> names = {"code", "asset", "refused"};
};
template <>
struct HarNames<RequestState> {
    static constexpr std::array<std::string_view, 3> names = {"running", "finished", "abandoned"};
};
template <>
struct HarNames<Level> {
    static constexpr std::array<std::string_view, 5> names = {"debug", "log", "info", "warn", "error"};
};

template <typename Enum>
std::string_view harName(Enum value)
{
    return HarNames<Enum>::names.at(static_cast<std::size_t>(std::to_underlying(value)));
}

template <typename Enum>
std::optional<Enum> harValue(std::string_view name)
{
    for (std::size_t i = 0; i < HarNames<Enum>::names.size(); ++i)
        if (HarNames<Enum>::names[i] == name)
            return static_cast<Enum>(i);
    return std::nullopt;
}

} // namespace cleat::events
