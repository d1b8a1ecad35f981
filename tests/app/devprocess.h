// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/core/session/project.h"

#include <QByteArray>
#include <QElapsedTimer>
#include <QMap>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <csignal>

/// `cleat dev` as a user starts it, its output in pipes.
class Dev final
{
public:
    static constexpr int patience = 120'000;

    explicit Dev(const cleat::tests::Project &project, const QStringList &flags, const QMap<QString, QString> &variables = {})
    {
        m_process.setProgram(QStringLiteral(CLEAT_BINARY_DIR "/cleat"));
        m_process.setArguments(QStringList{QStringLiteral("dev")} + flags);
        m_process.setWorkingDirectory(QString::fromStdString(project.path().string()));
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(QStringLiteral("DISPLAY"));
        environment.remove(QStringLiteral("WAYLAND_DISPLAY"));
        for (auto it = variables.begin(); it != variables.end(); ++it)
            environment.insert(it.key(), it.value());
        m_process.setProcessEnvironment(environment);
        QObject::connect(&m_process, &QProcess::readyReadStandardOutput, &m_process, [this] { m_out += m_process.readAllStandardOutput(); });
        QObject::connect(&m_process, &QProcess::readyReadStandardError, &m_process, [this] { m_err += m_process.readAllStandardError(); });
        m_process.start();
    }
    ~Dev()
    {
        if (m_process.state() != QProcess::NotRunning) {
            m_process.kill();
            m_process.waitForFinished(patience);
        }
    }

    /// The port of "Ready on ..."; 0 when that does not come.
    int ready()
    {
        static const QRegularExpression line(QStringLiteral("^Ready on https?://(\\S+):(\\d+)$"), QRegularExpression::MultilineOption);
        QRegularExpressionMatch match;
        waitFor([&] {
            match = line.match(QString::fromUtf8(m_out));
            return match.hasMatch() || ended();
        });
        m_host = match.captured(1);
        return match.captured(2).toInt();
    }
    QString host() const { return m_host; }

    template <typename Done>
    static bool waitFor(Done done)
    {
        QElapsedTimer timer;
        timer.start();
        while (!done()) {
            if (timer.hasExpired(patience))
                return false;
            QTest::qWait(5);
        }
        return true;
    }
    bool prints(const QByteArray &words)
    {
        return waitFor([&] { return (m_out + m_err).contains(words); });
    }

    bool ended() const { return m_process.state() == QProcess::NotRunning; }
    /// The status that it ends with, or -1 when it does not end or crashes.
    int status()
    {
        if (!waitFor([&] { return ended(); }) || m_process.exitStatus() == QProcess::CrashExit)
            return -1;
        m_out += m_process.readAllStandardOutput();
        m_err += m_process.readAllStandardError();
        return m_process.exitCode();
    }
    void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }

    const QByteArray &out() const { return m_out; }
    const QByteArray &err() const { return m_err; }

private:
    QProcess m_process;
    QByteArray m_out;
    QByteArray m_err;
    QString m_host;
};
