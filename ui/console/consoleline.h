// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <string>

namespace cleat::ui {

/// One entry of the console: a line of user code, an exception, a notice of the program.
struct ConsoleLine {
    enum class Kind : std::uint8_t { Console, Exception, Notice };
    Kind kind = Kind::Console;
    events::Level level = events::Level::Log;
    std::uint8_t depth = 0; ///< in groups
    enum class Opens : std::uint8_t { Nothing, Open, Collapsed };
    Opens opens = Opens::Nothing; ///< a group
    events::RequestId request = 0;
    std::int64_t timeUs = 0;
    std::string text; ///< without the indentation of its groups
    std::string values; ///< ConsoleEvent::values
    std::string stack; ///< of an exception
    std::string excerpt; ///< of an exception
    std::string code; ///< of a notice
    int excerptLine = 0;
    base::Place place;
    std::uint64_t group = 0; ///< number of the line that heads the innermost group it is in; 0: none

    /// nullopt: the event is none for the console.
    static std::optional<ConsoleLine> of(const events::Event &event);
    /// The event that it came from, but for the indentation.
    events::Event event() const;
    /// Whether both say the same, whenever they were written.
    bool sameAs(const ConsoleLine &other) const;
    std::size_t memory() const;
    /// "14:02:31.250 error text (file.ts:3)", with what else belongs to it on the lines below.
    QString asText() const;
};

QString levelName(events::Level level);

} // namespace cleat::ui
