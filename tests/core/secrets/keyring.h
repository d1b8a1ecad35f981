// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include <memory>

namespace cleat::tests {

/// A session bus of its own and a gnome-keyring in a home of its own; both end with the object. They become this process's, by its environment.
class Keyring final
{
public:
    Keyring();
    ~Keyring();
    Keyring(const Keyring &) = delete;
    Keyring &operator=(const Keyring &) = delete;

    QString home() const { return m_home.path(); }

    /// Nothing can be started through this bus but what `services` (text of a D-Bus service file) says. False: it did not start; a message is on stderr.
    bool startBus(const QByteArray &services = {});
    void killBus();
    /// Unlocks (and on the first time makes) the keyring, as a log-in does.
    bool startDaemon();
    void killDaemon();
    /// It stays, but does nothing until the kill.
    void freezeDaemon();
    bool lock();

private:
    bool call(const QStringList &arguments) const;

    QTemporaryDir m_home;
    std::unique_ptr<QProcess> m_bus;
    std::unique_ptr<QProcess> m_daemon;
};

/// The names of the files below `folder` in which `value`, or its base64 form, stands in the clear.
QStringList filesWith(const QString &folder, const QByteArray &value);
/// Whether some process has it in its command line or in its environment at the start.
bool isInAnyProcess(const QByteArray &value);

} // namespace cleat::tests
