// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/otherserver.h"

#include "core/server/portowner.h"

#include <QProcessEnvironment>

#include <algorithm>
#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace cleat::session {

namespace {

constexpr int lookMs = 150;
constexpr int patienceMs = 60'000;
constexpr int endMs = 2000;

} // namespace

OtherServer::OtherServer(QObject *parent) : QObject(parent)
{
    m_look.setInterval(lookMs);
    m_patience.setSingleShot(true);
    connect(&m_look, &QTimer::timeout, this, &OtherServer::look);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, [this] { readLines(m_out, m_process.readAllStandardOutput()); });
    connect(&m_process, &QProcess::readyReadStandardError, this, [this] { readLines(m_err, m_process.readAllStandardError()); });
    connect(&m_process, &QProcess::finished, this, &OtherServer::finished);
}

OtherServer::~OtherServer()
{
    if (m_group == 0)
        return;
    m_process.disconnect(this);
    killGroup(SIGKILL);
    m_process.waitForFinished(endMs);
}

void OtherServer::killGroup(int number) const
{
    ::kill(-m_group, number);
}

void OtherServer::start(const std::vector<std::string> &command, const std::filesystem::path &folder, int port)
{
    m_port = port;
    QStringList arguments;
    for (const std::string &word : command)
        arguments.append(QString::fromStdString(word));
    m_command = arguments.join(u' ');
    m_process.setProgram(arguments.takeFirst());
    m_process.setArguments(arguments);
    m_process.setWorkingDirectory(QString::fromStdString(folder.string()));
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    if (!environment.contains(QStringLiteral("BROWSER")))
        environment.insert(QStringLiteral("BROWSER"), QStringLiteral("none"));
    m_process.setProcessEnvironment(environment);
    m_process.setStandardInputFile(QProcess::nullDevice());
    const pid_t us = ::getpid();
    m_process.setChildProcessModifier([us] {
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGTERM); // when we are killed
        if (::getppid() != us)
            ::_exit(1);
    });
    m_process.start();
    if (!m_process.waitForStarted()) {
        Q_EMIT failed(QStringLiteral("%1 could not be started: %2.").arg(m_command, m_process.errorString()), 1);
        return;
    }
    m_group = static_cast<int>(m_process.processId());
    m_patience.start(patienceMs);
    m_look.start();
    look();
}

void OtherServer::look()
{
    const std::vector<int> ports = server::listeningPorts(m_group);
    const bool wanted = std::ranges::find(ports, m_port) != ports.end();
    if (m_port == 0 ? !ports.empty() : wanted) {
        m_look.stop();
        m_ready = true;
        Q_EMIT ready(m_port == 0 ? ports.front() : m_port);
    } else if (!m_patience.isActive()) {
        m_look.stop();
        const QString where = m_port == 0 ? QStringLiteral("any port") : QStringLiteral("port %1").arg(m_port);
        Q_EMIT failed(QStringLiteral("%1 does not listen on %2 after %3 seconds. If it listens in another way, name its port: --proxy PORT.").arg(m_command, where).arg(patienceMs / 1000), 1);
    }
}

void OtherServer::readLines(QByteArray &pending, const QByteArray &bytes)
{
    pending += bytes;
    qsizetype from = 0;
    for (qsizetype end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n', from)) {
        Q_EMIT printed(pending.mid(from, end - from));
        from = end + 1;
    }
    pending.remove(0, from);
}

void OtherServer::finished()
{
    m_look.stop();
    for (QByteArray *rest : {&m_out, &m_err}) {
        if (!rest->isEmpty())
            Q_EMIT printed(std::exchange(*rest, {}));
    }
    killGroup(SIGTERM); // what it has left
    m_group = 0;
    if (m_stopping) {
        Q_EMIT ended();
        return;
    }
    const int status = m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : 1;
    Q_EMIT failed(QStringLiteral("%1 has ended with status %2.").arg(m_command).arg(status), status == 0 ? 1 : status);
}

void OtherServer::stop()
{
    if (m_stopping)
        return;
    m_stopping = true;
    m_look.stop();
    if (m_group == 0) {
        Q_EMIT ended();
        return;
    }
    killGroup(SIGTERM);
    QTimer::singleShot(endMs, this, [this] {
        if (m_group != 0)
            killGroup(SIGKILL);
    });
}

} // namespace cleat::session
