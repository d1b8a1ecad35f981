// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/sessionbus.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace cleat::secrets {

namespace {

constexpr const char *advice = " A log-in to a desktop has one; without a desktop, start Cleat in one: dbus-run-session -- cleat.";

std::string environment(const char *name)
{
    const char *value = std::getenv(name);
    return value ? value : "";
}

int hexDigit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 && hexDigit(text[i + 2]) >= 0;
        out += escape ? static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2])) : text[i];
        i += escape ? 2 : 0;
    }
    return out;
}

std::string parameter(std::string_view parameters, std::string_view name)
{
    while (!parameters.empty()) {
        const std::string_view one = parameters.substr(0, parameters.find(','));
        parameters.remove_prefix(std::min(parameters.size(), one.size() + 1));
        if (one.starts_with(name) && one.substr(name.size()).starts_with('='))
            return unescaped(one.substr(name.size() + 1));
    }
    return {};
}

/// 0, or the system's error. `name` begins with a NUL byte for an abstract socket.
int connectError(const std::string &name)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (name.empty() || name.size() >= sizeof address.sun_path)
        return ENAMETOOLONG;
    std::memcpy(address.sun_path, name.data(), name.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size() + (name[0] ? 1 : 0));
    const int error = ::connect(fd, reinterpret_cast<const sockaddr *>(&address), length) == 0 ? 0 : errno;
    ::close(fd);
    return error;
}

/// Why nobody listens there; empty when somebody does, or when only a library that speaks that transport could tell.
std::string whyNot(std::string_view transport, std::string_view parameters)
{
    if (transport == "autolaunch" || transport == "disabled")
        return "there is none to connect to";
    if (transport != "unix")
        return {};
    std::string name = parameter(parameters, "path");
    if (const std::string abstract = parameter(parameters, "abstract"); name.empty() && !abstract.empty())
        name = std::string(1, '\0') + abstract;
    if (name.empty() && parameter(parameters, "runtime") == "yes")
        name = environment("XDG_RUNTIME_DIR") + "/bus";
    const int error = connectError(name);
    return error == 0 ? std::string() : std::strerror(error);
}

} // namespace

base::Result<std::string> sessionBusAddress()
{
    std::string address = environment("DBUS_SESSION_BUS_ADDRESS");
    const bool fromEnvironment = !address.empty();
    if (!fromEnvironment) {
        const std::string folder = environment("XDG_RUNTIME_DIR");
        if (folder.empty())
            return base::fail("secrets.unavailable", std::string("There is no session bus, through which keychains are reached: DBUS_SESSION_BUS_ADDRESS and XDG_RUNTIME_DIR "
                                                                 "are not set.") + advice);
        address = "unix:path=" + folder + "/bus";
    }
    std::string reasons;
    for (std::string_view rest = address; !rest.empty();) {
        const std::string_view one = rest.substr(0, rest.find(';'));
        rest.remove_prefix(std::min(rest.size(), one.size() + 1));
        const std::size_t colon = one.find(':');
        if (colon == std::string_view::npos)
            continue;
        const std::string why = whyNot(one.substr(0, colon), one.substr(colon + 1));
        if (why.empty())
            return address;
        reasons += (reasons.empty() ? "" : "; ") + why;
    }
    return base::fail("secrets.unavailable", "The session bus, through which keychains are reached, does not answer (" + address + (reasons.empty() ? "" : ": " + reasons) + ")."
            + advice);
}

} // namespace cleat::secrets
