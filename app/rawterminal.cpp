// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/rawterminal.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <termios.h>
#include <unistd.h>

namespace cleat::app {

namespace {

// A signal handler can reach nothing but globals.
termios cooked{};
std::atomic<bool> active = false;

// What ends a program without a word, beside SIGKILL. What is listened to elsewhere ends the program in order.
constexpr std::array deadly = {SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};

bool inForeground()
{
    return ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
}

/// For use in signal handlers too. From the background, the system would stop the program.
void setTerminal(const termios &wanted)
{
    if (inForeground())
        ::tcsetattr(STDIN_FILENO, TCSANOW, &wanted);
}

void makeRaw()
{
    termios raw = cooked;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    setTerminal(raw);
}

void restore()
{
    if (active)
        setTerminal(cooked);
}

void onDeadly(int number)
{
    restore();
    std::signal(number, SIG_DFL);
    std::raise(number);
}

void onStop(int)
{
    const int before = errno;
    restore();
    ::kill(::getpid(), SIGSTOP);
    errno = before;
}

void onContinue(int)
{
    const int before = errno;
    if (active && inForeground()) {
        ::tcgetattr(STDIN_FILENO, &cooked); // the shell may have set it anew
        makeRaw();
    }
    errno = before;
}

void handle(int number, void (*handler)(int))
{
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    ::sigaction(number, &action, nullptr);
}

bool isDefault(int number)
{
    struct sigaction action {};
    return ::sigaction(number, nullptr, &action) == 0 && (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL;
}

} // namespace

bool RawTerminal::possible()
{
    return ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0 && inForeground();
}

RawTerminal::RawTerminal()
{
    if (::tcgetattr(STDIN_FILENO, &cooked) != 0)
        return;
    active = true;
    static const int registered = std::atexit(restore);
    static_cast<void>(registered);
    for (const int number : deadly) {
        if (isDefault(number)) // else someone reports what happens there
            handle(number, onDeadly);
    }
    handle(SIGTSTP, onStop);
    handle(SIGCONT, onContinue);
    makeRaw();
}

RawTerminal::~RawTerminal()
{
    restore();
    active = false;
    std::signal(SIGTSTP, SIG_DFL);
    std::signal(SIGCONT, SIG_DFL);
}

} // namespace cleat::app
