// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace cleat::events {

/// What another thread wrote is not in this processor's cache yet: asked for a few events before its turn, it is there by then.
class Prefetch final
{
public:
    explicit Prefetch(std::span<const Event *const> events) : m_events(events) {}

    /// Before the event at `index` is worked on.
    void before(std::size_t index) const
    {
        if (index + far < m_events.size())
            fetch(m_events[index + far], sizeof(Event));
        if (index + near < m_events.size())
            std::visit([](const auto &event) { texts(event); }, *m_events[index + near]);
    }

private:
    static constexpr std::size_t far = 6; ///< the event itself, then
    static constexpr std::size_t near = 3; ///< what it points to

    static void fetch(const void *from, std::size_t bytes)
    {
        constexpr std::size_t line = 64;
        for (std::size_t at = 0; at < bytes; at += line)
            __builtin_prefetch(static_cast<const char *>(from) + at);
    }
    static void text(const std::string &text) { fetch(text.data(), std::min<std::size_t>(text.size(), 256)); }
    static void texts(const RequestEvent &event)
    {
        text(event.target);
        text(event.handler);
    }
    static void texts(const ContentEvent &event)
    {
        text(event.requestHead);
        text(event.responseHead);
        text(event.requestBody);
        text(event.responseBody);
    }
    static void texts(const CallEvent &event)
    {
        text(event.place.file);
        text(event.arguments);
        text(event.result);
    }
    template <typename Other>
    static void texts(const Other &)
    {
    }

    const std::span<const Event *const> m_events;
};

} // namespace cleat::events
