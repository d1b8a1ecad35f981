// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"
#include "core/runtime/callmark.h"
#include "core/runtime/fetchclient.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cleat::runtime {

/// The host and port of a URL, without user and password.
std::string_view authorityOf(std::string_view url);

/// One outgoing request of user code as the log will show it:
///
///     arguments  ["https://host/path", {"headers": {...}, "body": "its beginning"}]
///     result     {"status": 200, "statusText": "OK", "headers": {...}, "body": "its beginning", "headUs": 812, "complete": true}
///
/// headUs is the time until the head had come, the duration that until the body's end. Fields that tell who somebody is are masked. A body that is no
/// text is described by its size.
class FetchSpan final
{
public:
    FetchSpan(const FetchClient::Request &request, CallMark mark);

    void head(const FetchClient::Head &head, std::int64_t atNs);
    void data(std::string_view bytes);
    /// It is over; the event lacks only what the request it belongs to knows.
    enum class End { Complete, Cut };
    events::CallEvent finish(std::string error, End end);
    const CallMark &mark() const { return m_mark; }

private:
    const CallMark m_mark;
    events::CallEvent m_event;
    std::string m_head; ///< members of the result, as far as the head tells them
    std::string m_body; ///< its beginning
    std::uint64_t m_headUs = 0;
};

} // namespace cleat::runtime
