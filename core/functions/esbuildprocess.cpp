// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/esbuild.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" { // which the header of glibc 2.36 forgets
#include <sys/pidfd.h>
}

namespace cleat::functions {

namespace {

class Descriptor final
{
public:
    explicit Descriptor(int number = -1) : m_number(number) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    int number() const { return m_number; }
    int release() { return std::exchange(m_number, -1); }
    void set(int number)
    {
        close();
        m_number = number;
    }
    void close()
    {
        if (m_number >= 0)
            ::close(std::exchange(m_number, -1));
    }

private:
    int m_number;
};

std::unexpected<base::Error> notStarted(int error)
{
    return base::fail("bundle.esbuild-missing", std::string("esbuild, which builds Functions, could not be started: ") + std::strerror(error) + '.');
}

} // namespace

base::Result<EsbuildProcess> EsbuildProcess::start(const std::filesystem::path &binary, const std::filesystem::path &folder, const std::vector<std::string> &arguments)
{
    if (::access(binary.c_str(), X_OK) != 0) {
        return base::fail("bundle.esbuild-missing",
            "esbuild, which builds Functions, is not at " + binary.string() + " or may not be run. Install Cleat again.");
    }
    // A socket, because what is written to one whose reader is gone can be told to raise no signal.
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return notStarted(errno);
    Descriptor input(ends[0]);
    const Descriptor inputThere(ends[1]);
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return notStarted(errno);
    Descriptor messages(ends[0]);
    const Descriptor messagesThere(ends[1]);

    std::vector<std::string> words{binary.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char *> pointers;
    for (std::string &word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (::posix_spawn_file_actions_init(&actions) != 0 || ::posix_spawnattr_init(&attributes) != 0)
        return notStarted(ENOMEM);
    sigset_t none;
    sigset_t usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    int error = 0;
    const auto check = [&](int result) { error = error != 0 ? error : result; };
    check(::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str()));
    check(::posix_spawn_file_actions_adddup2(&actions, inputThere.number(), STDIN_FILENO));
    check(::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0));
    check(::posix_spawn_file_actions_adddup2(&actions, messagesThere.number(), STDERR_FILENO));
    check(::posix_spawnattr_setsigmask(&attributes, &none));
    check(::posix_spawnattr_setsigdefault(&attributes, &usual));
    check(::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    pid_t process = -1;
    if (error == 0)
        error = ::posix_spawn(&process, binary.c_str(), &actions, &attributes, pointers.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    if (error != 0)
        return notStarted(error);
    const int handle = ::pidfd_open(process, 0);
    const int why = errno;
    EsbuildProcess started(process, handle, input.release(), messages.release());
    if (handle < 0)
        return notStarted(why); // and ended
    return started;
}

EsbuildProcess::EsbuildProcess(EsbuildProcess &&other) noexcept
    : m_process(std::exchange(other.m_process, -1)), m_handle(std::exchange(other.m_handle, -1)), m_input(std::exchange(other.m_input, -1)),
      m_messages(std::exchange(other.m_messages, -1))
{
}

EsbuildProcess &EsbuildProcess::operator=(EsbuildProcess &&other) noexcept
{
    if (this != &other) {
        end();
        m_process = std::exchange(other.m_process, -1);
        m_handle = std::exchange(other.m_handle, -1);
        m_input = std::exchange(other.m_input, -1);
        m_messages = std::exchange(other.m_messages, -1);
    }
    return *this;
}

EsbuildProcess::~EsbuildProcess()
{
    end();
}

void EsbuildProcess::end()
{
    for (int *descriptor : {&m_handle, &m_input, &m_messages}) {
        if (*descriptor >= 0)
            ::close(std::exchange(*descriptor, -1));
    }
    if (m_process < 0)
        return;
    ::kill(m_process, SIGKILL);
    while (::waitpid(m_process, nullptr, 0) < 0 && errno == EINTR) { }
    m_process = -1;
}

bool EsbuildProcess::hasEnded() const
{
    pollfd ended{m_handle, POLLIN, 0};
    return m_process < 0 || ::poll(&ended, 1, 0) > 0;
}

base::Result<EsbuildRun> EsbuildProcess::finish(std::string_view input, std::chrono::milliseconds limit)
{
    const auto deadline = std::chrono::steady_clock::now() + limit;
    EsbuildRun run;
    std::array<char, 16384> buffer{};
    const auto readMessages = [&] { // false: nothing more can come
        const ssize_t count = ::read(m_messages, buffer.data(), buffer.size());
        if (count > 0)
            run.messages.append(buffer.data(), static_cast<std::size_t>(count));
        return count > 0 || (count < 0 && errno == EINTR);
    };
    bool ended = false;
    while (!ended) {
        if (input.empty() && m_input >= 0)
            ::close(std::exchange(m_input, -1));
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
        std::array<pollfd, 3> waiting{pollfd{m_handle, POLLIN, 0}, pollfd{m_messages, POLLIN, 0}, pollfd{m_input, POLLOUT, 0}};
        const int ready = ::poll(waiting.data(), waiting.size(), static_cast<int>(std::max<decltype(left)>(left, 0)));
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0) {
            end();
            const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit).count();
            return base::fail("bundle.failed", "esbuild did not finish within " + std::to_string(seconds) + " seconds and was ended. Save a file to try again.");
        }
        if (waiting[2].revents != 0) {
            const ssize_t sent = ::send(m_input, input.data(), input.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent >= 0)
                input.remove_prefix(static_cast<std::size_t>(sent));
            else if (errno != EAGAIN && errno != EINTR)
                input = {}; // it has left without reading: its exit code and messages say why
        }
        if (waiting[1].revents != 0 && !readMessages())
            ::close(std::exchange(m_messages, -1));
        ended = waiting[0].revents != 0;
    }
    while (m_messages >= 0 && readMessages()) { }
    int status = 0;
    while (::waitpid(m_process, &status, 0) < 0 && errno == EINTR) { }
    m_process = -1;
    end();
    if (WIFSIGNALED(status))
        return base::fail("bundle.failed", std::string("esbuild crashed: ") + ::strsignal(WTERMSIG(status)) + '.');
    run.exitCode = WEXITSTATUS(status);
    return run;
}

} // namespace cleat::functions
