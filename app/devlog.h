// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/eventlog.h"

#include <QObject>
#include <QTimer>

#include <string>
#include <string_view>

namespace cleat::app {

/// Text of user code, of a file or of the network, made harmless for a terminal: control characters as pictures, what is no UTF-8 as \xNN.
std::string printable(std::string_view text);

/// Prints what the log tells: requests and console lines to standard output, warnings and errors to standard error. Colours on a terminal.
/// Main thread.
class DevLog final : public QObject
{
    Q_OBJECT
public:
    explicit DevLog(const events::EventLog &log, QObject *parent = nullptr);
    ~DevLog() override;

    /// Prints what is there now.
    void drain();

private:
    void print(const events::RequestEvent &event);
    void print(const events::CallEvent &event);
    void print(const events::ConsoleEvent &event);
    void print(const events::ExceptionEvent &event);
    void print(const events::NoticeEvent &event);
    void write();

    const events::EventLog &m_log;
    std::uint64_t m_cursor = 0;
    QTimer m_timer;
    const bool m_outColour;
    const bool m_errColour;
    std::string m_out;
    std::string m_err;
};

} // namespace cleat::app
