// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/printable.h"
#include "app/terminal.h"
#include "core/events/eventlog.h"

#include <QObject>
#include <QTimer>

#include <string>
#include <string_view>

namespace cleat::app {

/// How `cleat dev` prints.
enum class LogFormat {
    Text, ///< for people: requests and console lines to standard output, warnings and errors to standard error; colours on a terminal
    Json, ///< for programs: every event to standard output, a line of JSON each (core/events/eventjson.h)
};

/// What `cleat dev` tells: each with those before it.
enum class LogLevel { None, Error, Warn, Log, Debug };

/// Prints what the log tells. Main thread.
class DevLog final : public QObject
{
    Q_OBJECT
public:
    /// `level` is for LogFormat::Text.
    DevLog(events::EventLog &log, LogFormat format, LogLevel level, Colour colour, QObject *parent = nullptr);
    ~DevLog() override;

    /// Prints what is there now.
    void drain();
    /// Text of ours, to standard output.
    void say(const std::string &text);
    bool tells(LogLevel level) const { return m_level >= level; }
    ColourUse outColour() const { return m_outColour ? ColourUse::Yes : ColourUse::No; }

Q_SIGNALS:
    /// Nobody reads standard output any more. Once.
    void readerGone();

private:
    void print(const events::RequestEvent &event);
    void print(const events::CallEvent &event);
    void print(const events::ContentEvent &event);
    void print(const events::ConsoleEvent &event);
    void print(const events::ExceptionEvent &event);
    void print(const events::NoticeEvent &event);
    void write();

    const events::EventLog &m_log;
    events::EventLog::Reader m_reader;
    const LogFormat m_format;
    const LogLevel m_level;
    bool m_readerGone = false;
    QTimer m_timer;
    const bool m_outColour;
    const bool m_errColour;
    std::string m_out;
    std::string m_err;
};

} // namespace cleat::app
