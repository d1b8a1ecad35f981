// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/consoleline.h"

#include "ui/console/consolenode.h"
#include "ui/widgets/text.h"

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

/// Without the spaces that stand for groups.
std::string unindented(const std::string &text, int depth)
{
    const std::size_t spaces = static_cast<std::size_t>(depth) * 2;
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::size_t from = at;
        while (from < end && from - at < spaces && text[from] == ' ')
            ++from;
        out.append(text, from, end - from);
        if (end == text.size())
            break;
        out += '\n';
        at = end + 1;
    }
    return out;
}

std::size_t heap(const std::string &text)
{
    return text.capacity() > 15 ? text.capacity() : 0;
}

} // namespace

QString levelName(events::Level level)
{
    switch (level) {
    case events::Level::Debug:
        return u"debug"_s;
    case events::Level::Log:
        return u"log"_s;
    case events::Level::Info:
        return u"info"_s;
    case events::Level::Warn:
        return u"warn"_s;
    case events::Level::Error:
        return u"error"_s;
    }
    return {};
}

std::optional<ConsoleLine> ConsoleLine::of(const events::Event &event)
{
    ConsoleLine line;
    if (const auto *console = std::get_if<events::ConsoleEvent>(&event)) {
        line.level = console->level;
        line.request = console->request;
        line.timeUs = console->timeUs;
        line.values = console->values;
        line.place = console->place;
        const GroupMark mark = groupMark(console->values);
        line.depth = static_cast<std::uint8_t>(std::min(mark.depth, 50));
        line.opens = mark.opens == ConsoleValues::Opens::Nothing ? Opens::Nothing : mark.opens == ConsoleValues::Opens::Open ? Opens::Open : Opens::Collapsed;
        line.text = mark.depth > 0 ? unindented(console->text, mark.depth) : console->text;
    } else if (const auto *exception = std::get_if<events::ExceptionEvent>(&event)) {
        line.kind = Kind::Exception;
        line.level = events::Level::Error;
        line.request = exception->request;
        line.timeUs = exception->timeUs;
        line.text = exception->message;
        line.stack = exception->stack;
        line.excerpt = exception->excerpt;
        line.excerptLine = exception->excerptLine;
        line.place = exception->place;
    } else if (const auto *notice = std::get_if<events::NoticeEvent>(&event)) {
        line.kind = Kind::Notice;
        line.level = notice->level;
        line.timeUs = notice->timeUs;
        line.text = notice->text;
        line.code = notice->code;
        line.place = notice->place;
    } else {
        return std::nullopt;
    }
    return line;
}

events::Event ConsoleLine::event() const
{
    switch (kind) {
    case Kind::Console:
        return events::ConsoleEvent{request, timeUs, level, text, values, place};
    case Kind::Exception:
        return events::ExceptionEvent{request, timeUs, text, stack, place, excerpt, excerptLine};
    case Kind::Notice:
        return events::NoticeEvent{timeUs, level, code, text, place};
    }
    return {};
}

bool ConsoleLine::sameAs(const ConsoleLine &other) const
{
    return kind == other.kind && level == other.level && depth == other.depth && opens == Opens::Nothing && other.opens == Opens::Nothing && group == other.group
        && text == other.text && place == other.place && values == other.values && stack == other.stack;
}

std::size_t ConsoleLine::memory() const
{
    return sizeof(ConsoleLine) + heap(text) + heap(values) + heap(stack) + heap(excerpt) + heap(code) + heap(place.file);
}

QString ConsoleLine::asText() const
{
    QString out = formatTime(timeUs) + u' ' + levelName(level).leftJustified(5) + u' ' + QString(depth * 2, u' ') + fromUtf8(text);
    if (place.line > 0)
        out += u" (%1:%2)"_s.arg(fromUtf8(place.file)).arg(place.line);
    if (!stack.empty())
        out += u'\n' + fromUtf8(stack);
    return out;
}

} // namespace cleat::ui
