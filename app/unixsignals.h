// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <functional>
#include <memory>

namespace cleat::app {

/// Calls `received` on the main thread for SIGINT, SIGTERM and SIGHUP, from the event loop; not for a SIGHUP that was ignored when the program began (nohup). One object at a time.
class UnixSignals final : public QObject
{
    Q_OBJECT
public:
    explicit UnixSignals(std::function<void(int)> received, QObject *parent = nullptr);
    ~UnixSignals() override;

private:
    std::function<void(int)> m_received;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace cleat::app
