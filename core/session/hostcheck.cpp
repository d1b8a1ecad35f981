// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/hostcheck.h"

#include <algorithm>
#include <cctype>

namespace cleat::session {

namespace {

bool equalName(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) { return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y)); });
}

std::string_view withoutPort(std::string_view host)
{
    if (host.starts_with('['))
        return host.substr(0, host.find(']') == std::string_view::npos ? host.size() : host.find(']') + 1);
    host = host.substr(0, host.find(':'));
    if (host.ends_with('.'))
        host.remove_suffix(1);
    return host;
}

} // namespace

bool hostMatches(std::string_view host, std::string_view name)
{
    return equalName(withoutPort(host), name);
}

std::string_view hostOfOrigin(std::string_view origin)
{
    const std::size_t scheme = origin.find("://");
    if (scheme == std::string_view::npos)
        return {};
    origin.remove_prefix(scheme + 3);
    return origin.find_first_of("/?#@") == std::string_view::npos ? origin : std::string_view();
}

bool originMatches(std::string_view origin, std::string_view host)
{
    const std::string_view own = hostOfOrigin(origin);
    if (own.empty())
        return false;
    const std::string_view name = withoutPort(own);
    if (equalName(name, withoutPort(host)) || equalName(name, "[::1]"))
        return true;
    // Of addresses the loopback ones only: any other machine has an address, too.
    const bool address = std::ranges::all_of(name, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
    return address ? name.starts_with("127.") : !name.starts_with('[') && isLocalHost(own);
}

bool isLocalHost(std::string_view host)
{
    const std::string_view name = withoutPort(host);
    if (name.empty() || name.starts_with('['))
        return true;
    constexpr std::string_view local = "localhost";
    if (name.size() >= local.size() && equalName(name.substr(name.size() - local.size()), local)
        && (name.size() == local.size() || name[name.size() - local.size() - 1] == '.'))
        return true;
    return std::ranges::all_of(name, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

} // namespace cleat::session
