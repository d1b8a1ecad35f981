// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/redirectsfile.h"

#include "core/functions/urlpath.h"

#include <QString>
#include <QUrl>

#include <algorithm>
#include <charconv>

namespace cleat::functions {

namespace {

/// "Example.com:443" of an https URL is "example.com". Nullopt: no host has that name.
std::optional<std::string> normalAuthority(std::string_view text, std::string_view scheme)
{
    std::string user;
    if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
        user = text.substr(0, at + 1);
        text.remove_prefix(at + 1);
    }
    std::string_view port;
    if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos) {
        port = text.substr(colon + 1);
        text = text.substr(0, colon);
        int number = 0;
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
        if (!port.empty() && (error != std::errc() || end != port.data() + port.size() || number < 0 || number > 65535))
            return std::nullopt;
        if (port == (scheme == "https" ? "443" : "80"))
            port = {};
    }
    std::string host;
    if (text.starts_with('[') && text.ends_with(']')) {
        host = text;
    } else {
        const std::optional<std::string> decoded = percentDecoded(text);
        if (!decoded)
            return std::nullopt;
        host = *decoded;
        if (std::ranges::any_of(host, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
            host = QUrl::toAce(QString::fromUtf8(host)).toStdString();
        constexpr std::string_view forbidden = " #%/:<>?@[\\]^|";
        if (host.empty() || std::ranges::any_of(host, [&](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || forbidden.find(c) != std::string_view::npos; }))
            return std::nullopt;
    }
    std::ranges::transform(host, host.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return user + host + (port.empty() ? std::string() : ':' + std::string(port));
}

} // namespace

std::optional<RedirectTarget> redirectTarget(std::string_view to, std::string_view scheme, std::string_view host, std::string_view query)
{
    std::string toScheme(scheme);
    std::string_view rest = to;
    bool hasHost = false;
    if (const std::size_t colon = to.find("://"); colon != std::string_view::npos && colon < to.find_first_of("/?#")) {
        toScheme = to.substr(0, colon);
        rest.remove_prefix(colon + 3);
        hasHost = true;
    } else if (const std::size_t slashes = std::min(to.find_first_not_of("/\\"), to.size()); slashes >= 2 && slashes < to.size()) {
        hasHost = true;
        rest.remove_prefix(slashes);
    }
    std::string authority;
    if (hasHost) {
        const std::size_t end = std::min(rest.find_first_of("/\\?#"), rest.size());
        const auto made = normalAuthority(rest.substr(0, end), toScheme);
        if (!made)
            return std::nullopt;
        authority = *made;
        rest.remove_prefix(end);
    }
    const std::size_t fragmentAt = std::min(rest.find('#'), rest.size());
    const std::size_t queryAt = std::min(rest.find('?'), fragmentAt);
    RedirectTarget target;
    target.path = normalizedPath(rest.substr(0, queryAt));
    if (target.path.empty())
        target.path = "/";
    std::string_view ownQuery = rest.substr(queryAt, fragmentAt - queryAt);
    const std::string_view fragment = rest.substr(fragmentAt);
    if (ownQuery.size() <= 1)
        ownQuery = query.size() > 1 ? query : std::string_view();
    const bool elsewhere = hasHost && (toScheme != scheme || authority != normalAuthority(host, scheme).value_or(std::string(host)));
    if (elsewhere)
        target.location = toScheme + "://" + authority;
    target.location += target.path;
    appendQueryEncoded(target.location, ownQuery);
    if (fragment.size() > 1)
        appendFragmentEncoded(target.location, fragment);
    return target;
}

} // namespace cleat::functions
