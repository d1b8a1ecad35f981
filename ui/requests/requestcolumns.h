// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/recording.h"

#include <QString>

#include <cstdint>
#include <optional>

namespace cleat::ui {

/// The columns of the table of requests, in their first order. Their numbers are kept in settings: new ones go to the end.
enum class RequestColumn : std::uint8_t {
    Time, ///< this one to Calls are shown from the start, the others can be chosen
    Method,
    Path,
    Status,
    Duration,
    Size,
    Calls,
    Started,
    Host,
    Kind,
    Handler,
    Environment,
    RequestSize,
    Errors,
    Id,
};
inline constexpr int requestColumnCount = static_cast<int>(RequestColumn::Id) + 1;

/// In the header, and in the menu of columns.
QString columnTitle(RequestColumn column);
/// Whether it holds numbers, which stand at the right.
bool isNumber(RequestColumn column);
bool isShownAtFirst(RequestColumn column);
/// What to sort by; nullopt: the order of arrival, for columns that tell of nothing else, and for those that cannot be sorted by.
std::optional<events::Recording::Key> sortKey(RequestColumn column);
bool isSortable(RequestColumn column);
/// A cell's text, all of it; `host` is told apart, because a row does not know it. Any thread.
/// The status, or how work without a request ended; empty while it is not known.
QString statusText(const events::RequestEvent &request);
QString columnText(RequestColumn column, const events::Recording::Row &row, const QString &host);

} // namespace cleat::ui
