// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/wranglerdev.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QProcessEnvironment>
#include <QTcpServer>
#include <QThread>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

QString packages()
{
    return QStringLiteral(CLEAT_INTEROP_DIR "/node_modules");
}

QString nodeProgram()
{
    const QDir dir(packages());
    const QStringList found = dir.entryList({QStringLiteral("node-linux-*")}, QDir::Dirs);
    return found.isEmpty() ? QString() : dir.filePath(found.first() + QStringLiteral("/bin/node"));
}

QString wranglerScript()
{
    return packages() + QStringLiteral("/wrangler/bin/wrangler.js");
}

int freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

} // namespace

WranglerDev::WranglerDev(QString project, QString home, QStringList flags) : m_project(std::move(project)), m_home(std::move(home)), m_flags(std::move(flags))
{
    // wrangler's children become ours when it is killed, so that kill() can wait for them.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

WranglerDev::~WranglerDev()
{
    kill();
}

QString WranglerDev::missing()
{
    if (!nodeProgram().isEmpty() && QFileInfo::exists(nodeProgram()) && QFileInfo::exists(wranglerScript()))
        return {};
    return QStringLiteral("wrangler is not installed in " CLEAT_INTEROP_DIR ". Run packaging/fetch-interop.sh and then this test again.");
}

bool WranglerDev::copyProject(const QString &target, const QString &name)
{
    const QDir source(QStringLiteral(CLEAT_SOURCE_DIR "/tests/interop/") + name);
    const QDir to(target);
    QDirIterator files(source.path(), QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString file = source.relativeFilePath(files.next());
        if (!to.mkpath(QFileInfo(to.filePath(file)).path()) || !QFile::copy(source.filePath(file), to.filePath(file)))
            return false;
    }
    return true;
}

bool WranglerDev::start()
{
    m_port = freePort();
    m_output.clear();
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("PATH"), QStringLiteral("/usr/local/bin:/usr/bin:/bin"));
    environment.insert(QStringLiteral("HOME"), m_home);
    environment.insert(QStringLiteral("CI"), QStringLiteral("1"));
    environment.insert(QStringLiteral("NO_COLOR"), QStringLiteral("1"));
    environment.insert(QStringLiteral("WRANGLER_SEND_METRICS"), QStringLiteral("false"));
    environment.insert(QStringLiteral("WRANGLER_SEND_ERROR_REPORTS"), QStringLiteral("false"));
    environment.insert(QStringLiteral("CLOUDFLARE_CF_FETCH_ENABLED"), QStringLiteral("false"));
    m_process.setProcessEnvironment(environment);
    m_process.setWorkingDirectory(m_project);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setChildProcessModifier([] { ::setpgid(0, 0); });
    m_process.start(nodeProgram(),
        QStringList{wranglerScript(), QStringLiteral("pages"), QStringLiteral("dev"), QStringLiteral("--ip"), QStringLiteral("127.0.0.1"), QStringLiteral("--port"),
            QString::number(m_port), QStringLiteral("--inspector-port"), QString::number(freePort())} + m_flags);
    if (!m_process.waitForStarted())
        return false;
    m_group = m_process.processId();
    if (!startGuard())
        return false;
    for (QDeadlineTimer deadline(60'000); !deadline.hasExpired();) {
        if (m_process.state() == QProcess::NotRunning)
            return false;
        m_process.waitForReadyRead(200);
        if (output().contains("Ready on http://127.0.0.1:" + QByteArray::number(m_port)))
            return true;
    }
    return false;
}

void WranglerDev::kill()
{
    if (m_group == 0)
        return;
    const auto group = static_cast<pid_t>(m_group);
    ::kill(-group, SIGKILL);
    m_process.waitForFinished(10'000);
    for (QDeadlineTimer deadline(10'000); ::kill(-group, 0) == 0 && !deadline.hasExpired();) {
        if (::waitpid(-group, nullptr, WNOHANG) <= 0)
            QThread::msleep(10);
    }
    if (::kill(-group, 0) == 0)
        qWarning("Process group %d of wrangler did not end.", group);
    m_group = 0;
    endGuard();
}

bool WranglerDev::startGuard()
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return false;
    const pid_t guard = ::fork();
    if (guard == 0) {
        ::setpgid(0, 0);
        ::close(ends[1]);
        char told = 0;
        ssize_t n = 0;
        do
            n = ::read(ends[0], &told, 1);
        while (n < 0 && errno == EINTR);
        if (n != 1)
            ::kill(-static_cast<pid_t>(m_group), SIGKILL);
        ::_exit(0);
    }
    ::close(ends[0]);
    m_guardPipe = ends[1];
    m_guard = guard;
    return guard > 0;
}

void WranglerDev::endGuard()
{
    if (m_guardPipe >= 0) {
        const char done = 'd';
        if (::write(m_guardPipe, &done, 1) != 1)
            qWarning("The guard of wrangler's processes was gone.");
        ::close(m_guardPipe);
        m_guardPipe = -1;
    }
    if (m_guard > 0)
        ::waitpid(static_cast<pid_t>(m_guard), nullptr, 0);
    m_guard = 0;
}

QByteArray WranglerDev::output()
{
    m_output += m_process.readAll();
    return m_output;
}
