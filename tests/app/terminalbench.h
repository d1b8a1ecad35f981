// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTcpServer>
#include <QTest>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <pty.h>
#include <string>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utility>
#include <vector>

/// The real `cleat` at a terminal of its own, whose other end the test holds.
class TerminalBench final
{
public:
    static constexpr int patience = 120'000;

    TerminalBench(const std::string &folder, const QByteArrayList &arguments, const std::vector<std::pair<std::string, std::string>> &environment = {}, int columns = 120)
    {
        winsize size{};
        size.ws_row = 40;
        size.ws_col = static_cast<unsigned short>(columns);
        m_process = ::forkpty(&m_terminal, nullptr, nullptr, &size);
        if (m_process == 0) {
            for (const char *name : {"NO_COLOR", "FORCE_COLOR", "DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "npm_lifecycle_event"})
                ::unsetenv(name);
            ::setenv("TERM", "xterm", 1);
            for (const auto &[name, value] : environment)
                ::setenv(name.c_str(), value.c_str(), 1);
            std::vector<char *> line{const_cast<char *>("cleat"), const_cast<char *>("dev")};
            for (const QByteArray &argument : arguments)
                line.push_back(const_cast<char *>(argument.constData()));
            line.push_back(nullptr);
            if (::chdir(folder.c_str()) == 0)
                ::execv(CLEAT_BINARY_DIR "/cleat", line.data());
            ::_exit(127);
        }
        ::fcntl(m_terminal, F_SETFL, O_NONBLOCK);
    }
    ~TerminalBench()
    {
        if (m_running) {
            ::kill(m_process, SIGKILL);
            ::waitpid(m_process, nullptr, 0);
        }
        hangUp();
    }
    TerminalBench(const TerminalBench &) = delete;
    TerminalBench &operator=(const TerminalBench &) = delete;

    template <typename Done>
    bool waitFor(Done done)
    {
        QElapsedTimer timer;
        timer.start();
        for (;;) {
            read();
            if (done())
                return true;
            if (timer.hasExpired(patience))
                return false;
            QTest::qWait(5);
        }
    }
    bool shows(const QByteArray &words)
    {
        return waitFor([&] { return m_shown.contains(words); });
    }
    int count(const QByteArray &words)
    {
        read();
        return static_cast<int>(m_shown.count(words));
    }
    void type(const QByteArray &keys) { m_typed = ::write(m_terminal, keys.constData(), static_cast<std::size_t>(keys.size())); }
    void signal(int number) { ::kill(m_process, number); }
    /// The terminal's window is closed.
    void hangUp()
    {
        if (m_terminal >= 0)
            ::close(std::exchange(m_terminal, -1));
    }

    enum class Mode { Lines, Keys, Odd };
    Mode mode() const
    {
        termios now{};
        if (::tcgetattr(m_terminal, &now) != 0)
            return Mode::Odd;
        const bool lines = (now.c_lflag & ICANON) != 0;
        const bool echo = (now.c_lflag & ECHO) != 0;
        const bool signals_ = (now.c_lflag & ISIG) != 0 && (now.c_oflag & OPOST) != 0;
        return !signals_ || lines != echo ? Mode::Odd : lines ? Mode::Lines : Mode::Keys;
    }

    /// The status it ends with; -2 for a signal, -1 when it does not end.
    int status()
    {
        int status = 0;
        if (!waitFor([&] { return ::waitpid(m_process, &status, WNOHANG) == m_process; }))
            return -1;
        m_running = false;
        read();
        return WIFEXITED(status) ? WEXITSTATUS(status) : -2;
    }
    bool stops()
    {
        int status = 0;
        return waitFor([&] { return ::waitpid(m_process, &status, WNOHANG | WUNTRACED) == m_process; }) && WIFSTOPPED(status);
    }

    /// Processes that it has left in its session.
    int leftovers() const
    {
        int left = 0;
        for (const QString &entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
            QFile file(QStringLiteral("/proc/") + entry + QStringLiteral("/stat"));
            if (!file.open(QIODevice::ReadOnly))
                continue;
            const QByteArray text = file.readAll();
            const QByteArrayList fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
            left += fields.size() > 3 && fields.at(0) != "Z" && fields.at(3).toInt() == m_process ? 1 : 0;
        }
        return left;
    }

    const QByteArray &shown() const { return m_shown; }

    static int freePort()
    {
        QTcpServer server;
        return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
    }
    static bool portIsFree(int port)
    {
        QTcpServer server;
        return server.listen(QHostAddress::LocalHost, static_cast<quint16>(port));
    }

private:
    void read()
    {
        std::array<char, 4096> buffer{};
        for (ssize_t got = 1; m_terminal >= 0 && got > 0;) {
            got = ::read(m_terminal, buffer.data(), buffer.size());
            if (got > 0)
                m_shown.append(buffer.data(), static_cast<qsizetype>(got));
        }
    }

    int m_terminal = -1;
    pid_t m_process = -1;
    bool m_running = true;
    ssize_t m_typed = 0;
    QByteArray m_shown;
};
