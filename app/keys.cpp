// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/keys.h"

#include <QProcess>
#include <QStandardPaths>

#include <array>
#include <cctype>
#include <cerrno>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cleat::app {

Keys::Keys(QObject *parent) : QObject(parent), m_notifier(STDIN_FILENO, QSocketNotifier::Read)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, &Keys::read);
}

Keys::~Keys() = default;

void Keys::read()
{
    std::array<char, 64> buffer{};
    const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got <= 0) {
        if (got == 0 || (errno != EINTR && errno != EAGAIN))
            m_notifier.setEnabled(false); // the terminal is gone; SIGHUP says the rest
        return;
    }
    const std::string_view text(buffer.data(), static_cast<std::size_t>(got));
    if (text.starts_with('\x1b')) // an arrow, or another key that is several bytes
        return;
    for (const char c : text) {
        if (c > ' ' && c < 0x7f)
            Q_EMIT pressed(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    }
}

bool openBrowser(const std::string &address)
{
    const QString own = qEnvironmentVariable("BROWSER");
    const bool display = qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
    if (own == QStringLiteral("none") || (own.isEmpty() && !display)) // xdg-open would start one that takes the terminal
        return false;
    const QString program = QStandardPaths::findExecutable(own.isEmpty() ? QStringLiteral("xdg-open") : own);
    if (program.isEmpty())
        return false;
    QProcess process;
    process.setProgram(program);
    process.setArguments({QString::fromStdString(address)});
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(QProcess::nullDevice());
    return process.startDetached();
}

} // namespace cleat::app
