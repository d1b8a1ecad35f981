// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QStringList>

/// The real `wrangler pages dev` on a project folder, on a free loopback port, with a home folder of its own. All of its processes are in one process group,
/// which the destructor ends; a guard process does so when the test itself is killed.
class WranglerDev final
{
public:
    /// `home` must exist; it stands for the user's home folder. `flags`: more of them.
    WranglerDev(QString project, QString home, QStringList flags = {});
    ~WranglerDev();
    WranglerDev(const WranglerDev &) = delete;
    WranglerDev &operator=(const WranglerDev &) = delete;

    /// Empty when wrangler and its Node.js are installed, else what to do.
    static QString missing();

    /// Copies a project of tests/interop to `target`.
    static bool copyProject(const QString &target, const QString &name = QStringLiteral("project"));

    /// Waits until it answers. False when it does not within a minute; output() then says why.
    bool start();
    /// SIGKILL to the whole group; returns when all of its processes are gone.
    void kill();

    QString url() const { return QStringLiteral("http://127.0.0.1:%1").arg(m_port); }
    /// All that it printed.
    QByteArray output();

private:
    bool startGuard();
    void endGuard();

    const QString m_project;
    const QString m_home;
    const QStringList m_flags;
    QProcess m_process;
    qint64 m_group = 0; ///< 0: not running
    qint64 m_guard = 0;
    int m_guardPipe = -1; ///< our end; the guard acts when it closes with nothing written
    int m_port = 0;
    QByteArray m_output;
};
