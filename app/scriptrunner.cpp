// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/scriptrunner.h"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

namespace cleat::app {

namespace {

constexpr int mostAncestors = 8;

/// npm gives this variable to what it runs, and does not have it itself.
bool runsInScript(pid_t process)
{
    std::ifstream file("/proc/" + std::to_string(process) + "/environ", std::ios::binary);
    const std::string environment = '\0' + std::string(std::istreambuf_iterator<char>(file), {});
    return environment.find(std::string("\0npm_lifecycle_event=", 21)) != std::string::npos;
}

/// 0: there is none, or it cannot be known.
pid_t parentOf(pid_t process)
{
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::size_t name = text.rfind(')'); // the name before it may hold anything
    return name == std::string::npos || text.size() < name + 4 ? 0 : static_cast<pid_t>(std::atoi(text.c_str() + name + 4));
}

bool isIgnored(int number)
{
    struct sigaction action {};
    return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

} // namespace

ScriptRunner::ScriptRunner(QObject *parent) : QObject(parent)
{
    // nohup has SIGHUP ignored, and a shell SIGINT for what its script leaves in the background.
    if (!std::getenv("npm_lifecycle_event") || isIgnored(SIGHUP) || isIgnored(SIGINT))
        return;
    pid_t process = ::getppid();
    for (int i = 0; i < mostAncestors && process > 1; ++i) {
        const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
        if (descriptor < 0)
            break;
        auto notifier = std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Read);
        connect(notifier.get(), &QSocketNotifier::activated, this, [this, raw = notifier.get()] {
            raw->setEnabled(false);
            Q_EMIT ended();
        });
        m_watched.push_back({descriptor, std::move(notifier)});
        if (!runsInScript(process))
            break;
        process = parentOf(process);
    }
}

ScriptRunner::~ScriptRunner()
{
    for (Watched &watched : m_watched) {
        watched.notifier.reset();
        ::close(watched.descriptor);
    }
}

} // namespace cleat::app
