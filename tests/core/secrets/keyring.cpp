// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/secrets/keyring.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTest>

#include <csignal>
#include <cstdio>
#include <sys/prctl.h>

namespace cleat::tests {

namespace {

constexpr int patience = 20'000;

bool write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.flush();
}

/// A process that ends with this one, however this one ends.
std::unique_ptr<QProcess> companion()
{
    auto process = std::make_unique<QProcess>();
    process->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    return process;
}

void kill(std::unique_ptr<QProcess> &process)
{
    if (!process)
        return;
    process->kill();
    process->waitForFinished(patience);
    process.reset();
}

} // namespace

Keyring::Keyring()
{
    const QDir home(m_home.path());
    for (const char *folder : {"run", "data", "config", "cache", "services"})
        home.mkdir(QString::fromLatin1(folder));
    QFile::setPermissions(home.filePath(QStringLiteral("run")), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    const auto set = [&](const char *name, const char *folder) { qputenv(name, QFile::encodeName(home.filePath(QString::fromLatin1(folder)))); };
    qputenv("HOME", QFile::encodeName(m_home.path()));
    set("XDG_RUNTIME_DIR", "run");
    set("XDG_DATA_HOME", "data");
    set("XDG_CONFIG_HOME", "config");
    set("XDG_CACHE_HOME", "cache");
    qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    qunsetenv("GNOME_KEYRING_CONTROL");
    // Nobody is to be asked for a password.
    qunsetenv("DISPLAY");
    qunsetenv("WAYLAND_DISPLAY");
}

Keyring::~Keyring()
{
    kill(m_daemon);
    kill(m_bus);
}

bool Keyring::startBus(const QByteArray &services)
{
    const QByteArray home = QFile::encodeName(m_home.path());
    const QByteArray address = "unix:path=" + home + "/bus";
    const QByteArray configuration = "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\"\n"
                                     " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
                                     "<busconfig><type>session</type><listen>" + address + "</listen><servicedir>" + home + "/services</servicedir>"
                                     "<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>\n";
    QFile::remove(m_home.filePath(QStringLiteral("bus")));
    if (!write(m_home.filePath(QStringLiteral("bus.conf")), configuration))
        return false;
    const QString service = m_home.filePath(QStringLiteral("services/test.service"));
    QFile::remove(service);
    if (!services.isEmpty() && !write(service, services))
        return false;
    m_bus = companion();
    m_bus->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_bus->start(QStringLiteral("dbus-daemon"), {QStringLiteral("--nofork"), QStringLiteral("--print-address=1"), QStringLiteral("--config-file=") + m_home.filePath(QStringLiteral("bus.conf"))});
    if (!m_bus->waitForReadyRead(patience)) {
        std::fprintf(stderr, "dbus-daemon did not start: %s\n", qPrintable(m_bus->errorString()));
        return false;
    }
    qputenv("DBUS_SESSION_BUS_ADDRESS", address);
    return true;
}

void Keyring::killBus()
{
    kill(m_bus);
}

bool Keyring::call(const QStringList &arguments) const
{
    QProcess program;
    program.start(QStringLiteral("dbus-send"), QStringList{QStringLiteral("--session"), QStringLiteral("--print-reply")} + arguments);
    program.waitForFinished(patience);
    return program.exitStatus() == QProcess::NormalExit && program.exitCode() == 0;
}

bool Keyring::startDaemon()
{
    m_daemon = companion();
    m_daemon->setProcessChannelMode(QProcess::MergedChannels);
    m_daemon->start(QStringLiteral("gnome-keyring-daemon"), {QStringLiteral("--foreground"), QStringLiteral("--unlock"), QStringLiteral("--components=secrets")});
    m_daemon->write("the password of the keyring");
    m_daemon->closeWriteChannel();
    const bool there = QTest::qWaitFor(
        [this] {
            return call({QStringLiteral("--dest=org.freedesktop.secrets"), QStringLiteral("/org/freedesktop/secrets/aliases/default"),
                QStringLiteral("org.freedesktop.DBus.Properties.Get"), QStringLiteral("string:org.freedesktop.Secret.Collection"), QStringLiteral("string:Locked")});
        },
        patience);
    if (!there)
        std::fprintf(stderr, "gnome-keyring-daemon did not start: %s %s\n", qPrintable(m_daemon->errorString()), m_daemon->readAll().constData());
    return there;
}

void Keyring::killDaemon()
{
    kill(m_daemon);
}

void Keyring::freezeDaemon()
{
    ::kill(static_cast<pid_t>(m_daemon->processId()), SIGSTOP);
}

bool Keyring::lock()
{
    return call({QStringLiteral("--dest=org.freedesktop.secrets"), QStringLiteral("/org/freedesktop/secrets"), QStringLiteral("org.freedesktop.Secret.Service.Lock"),
        QStringLiteral("array:objpath:/org/freedesktop/secrets/collection/login")});
}

QStringList filesWith(const QString &folder, const QByteArray &value)
{
    QStringList found;
    QDirIterator all(folder, QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        QFile file(all.next());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray bytes = file.readAll();
        if (bytes.contains(value) || bytes.contains(value.toBase64(QByteArray::OmitTrailingEquals)))
            found << file.fileName();
    }
    return found;
}

bool isInAnyProcess(const QByteArray &value)
{
    const QStringList processes = QDir(QStringLiteral("/proc")).entryList({QStringLiteral("[0-9]*")}, QDir::Dirs);
    for (const QString &process : processes) {
        for (const char *name : {"cmdline", "environ"}) {
            QFile file(QStringLiteral("/proc/%1/%2").arg(process, QString::fromLatin1(name)));
            if (file.open(QIODevice::ReadOnly) && file.readAll().contains(value))
                return true;
        }
    }
    return false;
}

} // namespace cleat::tests
