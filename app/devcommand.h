// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/bindingtable.h"
#include "app/devlog.h"
#include "app/devoptions.h"
#include "app/keys.h"
#include "core/session/analyticsapi.h"
#include "core/session/otherserver.h"
#include "core/session/session.h"

#include <QElapsedTimer>
#include <QObject>

#include <memory>

namespace cleat::app {

/// `cleat dev`: a session with no window, until a signal, a key or a failure ends it. Main thread.
class DevCommand final : public QObject
{
    Q_OBJECT
public:
    /// `keychain` is borrowed.
    DevCommand(DevCommandLine line, secrets::Keychain &keychain, QObject *parent = nullptr);

    void start();
    /// Ends it; with status 0, unless something has failed.
    void stop();
    /// As stop(); a second one ends it at once. One that comes twice in a moment counts once: a script runner passes on what the terminal has sent to all.
    void signalled(int number);

private:
    void stateChanged();
    void startOther();
    bool startAnalytics();
    void finishWhenEnded();
    void notice(events::Level level, std::string code, std::string text);
    void printReady();
    void printReadyJson();
    void printAddress();
    void printBindings(const std::string &name, const std::vector<BindingRow> &rows);
    void printKeys();
    void startKeys();
    void pressed(char key);
    void openDebugger();

    const DevCommandLine m_line;
    session::Session m_session;
    DevLog m_log;
    std::unique_ptr<Keys> m_keys;
    std::unique_ptr<session::OtherServer> m_other;
    std::unique_ptr<session::AnalyticsApi> m_analytics;
    QElapsedTimer m_sinceSignal;
    int m_lastSignal = 0;
    int m_status = 0;
    bool m_sessionEnded = false;
    bool m_stopping = false;
    bool m_wasReady = false;
};

/// The whole command, from the arguments to the process's status.
int runDev(int argc, char **argv);

} // namespace cleat::app
