// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/aisettings.h"

#include "core/session/session.h"

#include <QString>
#include <QUrl>

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace cleat::session {

using bindings::ai::Provider;

namespace {

std::string environment(const char *name)
{
    const char *value = std::getenv(name);
    return value ? value : "";
}

std::string withoutSlash(std::string url)
{
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

/// Where nothing listens that serves models but the project itself.
std::vector<std::uint16_t> portsToLookAt(const Options &options)
{
    std::vector<std::uint16_t> ports;
    std::ranges::copy_if(bindings::ai::usualPorts, std::back_inserter(ports), [&](std::uint16_t port) { return port != options.port && port != options.proxyPort; });
    return ports;
}

} // namespace

base::Result<std::string> modelServerUrl(const std::string &given)
{
    QString text = QString::fromStdString(given).trimmed();
    if (!text.contains(QStringLiteral("://")))
        text.prepend(QStringLiteral("http://"));
    QUrl url(text, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || (url.scheme() != QStringLiteral("http") && url.scheme() != QStringLiteral("https")) || !url.userInfo().isEmpty() || url.hasQuery() || url.hasFragment()) {
        return base::fail("ai.base-url", "\"" + given + "\" is no address of a server. It has to look like http://localhost:11434/v1, with no user name and no query in it.");
    }
    QString path = url.path();
    for (const char *end : {"/", "/chat/completions", "/models", "/"}) {
        if (path.endsWith(QLatin1String(end)))
            path.chop(static_cast<qsizetype>(std::char_traits<char>::length(end)));
    }
    url.setPath(path.isEmpty() ? QStringLiteral("/v1") : path);
    return withoutSlash(url.toString(QUrl::FullyEncoded).toStdString());
}

base::Result<Provider> aiProvider(const Options &options, const AiSettings &settings, const std::string &key)
{
    using Chosen = AiSettings::Provider;
    Provider provider;
    if (options.aiRecordings)
        provider.recordings = *options.aiRecordings;
    else if (!settings.recordings.empty())
        provider.recordings = (options.project / settings.recordings).lexically_normal();
    provider.models = settings.models;
    const std::string account = environment("CLOUDFLARE_ACCOUNT_ID");
    const std::string token = environment("CLOUDFLARE_API_TOKEN");
    std::string address = options.aiBaseUrl.empty() ? environment("CLEAT_AI_BASE_URL") : options.aiBaseUrl;
    const bool isGiven = !address.empty();
    if (!isGiven && settings.provider == Chosen::OpenAi)
        address = settings.baseUrl;
    if (isGiven || settings.provider == Chosen::OpenAi) {
        auto url = modelServerUrl(address);
        if (!url)
            return std::unexpected(std::move(url.error()));
        provider.kind = Provider::Kind::OpenAi;
        provider.baseUrl = *std::move(url);
        provider.key = environment("CLEAT_AI_API_KEY");
        if (provider.key.empty() && settings.provider == Chosen::OpenAi && (!isGiven || modelServerUrl(settings.baseUrl) == provider.baseUrl))
            provider.key = key; // it is that server's, and nobody else's
        return provider;
    }
    if (settings.provider == Chosen::Recorded)
        return provider;
    const bool isChosen = settings.provider == Chosen::Cloudflare;
    if (isChosen || (!account.empty() && !token.empty())) {
        provider.kind = Provider::Kind::Cloudflare;
        provider.account = isChosen && !settings.account.empty() ? settings.account : account;
        provider.key = isChosen && !key.empty() ? key : token;
        const std::string base = environment("CLOUDFLARE_API_BASE_URL");
        provider.baseUrl = withoutSlash(base.empty() ? "https://api.cloudflare.com/client/v4" : base);
        if (provider.account.empty() || (provider.key.empty() && settings.key == AiSettings::Key::None))
            return base::fail("ai.account", "Cloudflare's API answers for Workers AI only with an account id and an API token: enter them under Settings, or set CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN.");
        return provider;
    }
    provider.localPorts = portsToLookAt(options);
    return provider;
}

} // namespace cleat::session
