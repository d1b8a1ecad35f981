// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/devlog.h"

#include "core/events/eventjson.h"

#include <cerrno>
#include <cstdio>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace cleat::app {

namespace {

using namespace look;

std::string duration(std::uint32_t us)
{
    if (us < 1000)
        return "<1 ms";
    if (us < 10'000)
        return std::to_string(us / 1000) + '.' + std::to_string(us / 100 % 10) + " ms";
    return us < 1'000'000 ? std::to_string(us / 1000) + " ms" : std::to_string(us / 1'000'000) + '.' + std::to_string(us / 100'000 % 10) + " s";
}

/// As wrangler has it, console.debug() is told like console.log().
LogLevel levelOf(events::Level level)
{
    return level == events::Level::Error ? LogLevel::Error : level == events::Level::Warn ? LogLevel::Warn : LogLevel::Log;
}

std::string placeText(const base::Place &place)
{
    if (place.file.empty())
        return {};
    std::string text = place.file;
    if (place.line)
        text += ':' + std::to_string(place.line) + (place.column ? ':' + std::to_string(place.column) : std::string());
    return text;
}

} // namespace

DevLog::DevLog(events::EventLog &log, LogFormat format, LogLevel level, Colour colour, QObject *parent)
    : QObject(parent), m_log(log), m_reader(log), m_format(format), m_level(format == LogFormat::Json ? LogLevel::Debug : level),
      m_outColour(colourUse(STDOUT_FILENO, colour) == ColourUse::Yes), m_errColour(colourUse(STDERR_FILENO, colour) == ColourUse::Yes)
{
    m_timer.setInterval(33);
    connect(&m_timer, &QTimer::timeout, this, &DevLog::drain);
    m_timer.start();
}

DevLog::~DevLog()
{
    drain();
}

void DevLog::drain()
{
    const auto drained = m_reader.drain();
    if (drained.missed > 0)
        m_err += "(the output could not keep up: some lines are missing here)\n";
    const auto redactor = m_log.redactor();
    for (const auto &batch : drained.batches) {
        for (const auto &event : *batch) {
            if (m_format == LogFormat::Json)
                m_out.append(events::toJson(event, redactor.get())) += '\n';
            else
                std::visit([this](const auto &known) { print(known); }, event);
        }
    }
    write();
}

void DevLog::say(const std::string &text)
{
    m_out += text;
    write();
}

void DevLog::write()
{
    if (!m_out.empty()) {
        errno = 0;
        const bool written = std::fwrite(m_out.data(), 1, m_out.size(), stdout) == m_out.size() && std::fflush(stdout) == 0;
        const bool gone = !written && (errno == EPIPE || errno == EIO);
        std::clearerr(stdout);
        m_out.clear();
        if (gone && !std::exchange(m_readerGone, true))
            Q_EMIT readerGone();
    }
    if (!m_err.empty()) {
        std::fwrite(m_err.data(), 1, m_err.size(), stderr);
        m_err.clear();
    }
}

void DevLog::print(const events::RequestEvent &event)
{
    if (event.state == events::RequestState::Running || !tells(LogLevel::Log))
        return;
    const bool abandoned = event.state == events::RequestState::Abandoned;
    const std::string_view colour = event.status >= 500 || (event.status == 0 && !event.error.empty()) ? red : event.status >= 400 ? yellow : event.status >= 300 ? cyan : green;
    if (m_outColour)
        m_out += bold;
    appendPrintable(m_out, event.method);
    if (m_outColour)
        m_out += reset;
    m_out += ' ';
    appendPrintable(m_out, event.target);
    m_out += ' ';
    if (m_outColour)
        m_out += colour;
    const bool unasked = event.kind != events::RequestKind::Http;
    if (event.status)
        m_out += std::to_string(event.status);
    if (unasked)
        m_out += event.error.empty() ? "ok" : "failed";
    else if (abandoned)
        m_out += event.status ? " (client left)" : "(client left)";
    if (m_outColour)
        m_out.append(reset).append(dim);
    m_out.append(" (").append(duration(event.durationUs)).append(")");
    if ((unasked || event.answer == events::Answer::Refused) && !event.error.empty()) {
        m_out += ' ';
        appendPrintable(m_out, event.error);
    }
    if (m_outColour)
        m_out += reset;
    m_out += '\n';
}

void DevLog::print(const events::CallEvent &) {}

void DevLog::print(const events::ContentEvent &) {}

void DevLog::print(const events::ConsoleEvent &event)
{
    if (!tells(levelOf(event.level)))
        return;
    const bool loud = event.level == events::Level::Warn || event.level == events::Level::Error;
    std::string &out = loud ? m_err : m_out;
    const bool colour = loud ? m_errColour : m_outColour;
    if (colour && loud)
        out += event.level == events::Level::Error ? red : yellow;
    appendPrintable(out, event.text);
    if (colour && loud)
        out += reset;
    out += '\n';
}

void DevLog::print(const events::ExceptionEvent &event)
{
    if (!tells(LogLevel::Error))
        return;
    if (m_errColour)
        m_err += red;
    appendPrintable(m_err, event.message);
    if (m_errColour)
        m_err += reset;
    m_err += '\n';
    if (!event.stack.empty()) {
        appendPrintable(m_err, event.stack);
        m_err += '\n';
    }
}

void DevLog::print(const events::NoticeEvent &event)
{
    if (!tells(levelOf(event.level)))
        return;
    const bool loud = event.level == events::Level::Error || event.level == events::Level::Warn;
    std::string &out = loud ? m_err : m_out;
    if (loud && m_errColour)
        out += event.level == events::Level::Error ? red : yellow;
    const std::string place = placeText(event.place);
    if (!place.empty() && event.place.line && event.text.find(place) == std::string::npos) {
        appendPrintable(out, place);
        out += ": ";
    }
    appendPrintable(out, event.text);
    if (loud && m_errColour)
        out += reset;
    if (!out.ends_with('\n'))
        out += '\n';
}

} // namespace cleat::app
