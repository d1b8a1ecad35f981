// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/devlog.h"
#include "core/session/session.h"

#include <QObject>

namespace cleat::app {

/// `cleat dev`: a session with no window, until a signal or a failure ends it. Main thread.
class DevCommand final : public QObject
{
    Q_OBJECT
public:
    /// `keychain` is borrowed.
    DevCommand(session::Options options, LogFormat format, events::EventLog::Recorded recorded, secrets::Keychain &keychain, QObject *parent = nullptr);

    void start();
    /// Ends it with status 0; a second call ends it at once.
    void stop();

private:
    void stateChanged();
    void printReady();
    void printReadyJson();
    void printBindings();

    session::Session m_session;
    const LogFormat m_format;
    DevLog m_log;
    const int m_wantedPort;
    bool m_stopping = false;
};

/// The whole command, from the arguments to the process's status.
int runDev(int argc, char **argv);

} // namespace cleat::app
