// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/printable.h"
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

/// Prints what the log tells. Main thread.
class DevLog final : public QObject
{
    Q_OBJECT
public:
    DevLog(const events::EventLog &log, LogFormat format, QObject *parent = nullptr);
    ~DevLog() override;

    /// Prints what is there now.
    void drain();

private:
    void print(const events::RequestEvent &event);
    void print(const events::CallEvent &event);
    void print(const events::ContentEvent &event);
    void print(const events::ConsoleEvent &event);
    void print(const events::ExceptionEvent &event);
    void print(const events::NoticeEvent &event);
    void write();

    const events::EventLog &m_log;
    const LogFormat m_format;
    std::uint64_t m_cursor = 0;
    QTimer m_timer;
    const bool m_outColour;
    const bool m_errColour;
    std::string m_out;
    std::string m_err;
};

} // namespace cleat::app
