// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/certificate.h"

#include "core/base/file.h"
#include "core/server/selfsigned.h"

#include <algorithm>

namespace cleat::session {

namespace fs = std::filesystem;

namespace {

constexpr int validDays = 365; // some systems take no certificate for longer than 398 days
constexpr int spareDays = 14;

/// What can stand in a certificate as it is.
bool isPlainName(const std::string &name)
{
    return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:") == std::string::npos && name.front() != '.';
}

std::vector<std::string> namesOf(const Options &options)
{
    std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
    const auto add = [&names](const std::string &name) {
        if (isPlainName(name) && std::ranges::find(names, name) == names.end())
            names.push_back(name);
    };
    if (options.ip != "0.0.0.0" && options.ip != "::")
        add(options.ip);
    for (const std::string &host : options.allowedHosts)
        add(host);
    return names;
}

base::Result<ServerCertificate> ofUser(const fs::path &key, const fs::path &certificate)
{
    const auto keyText = base::readFile(key);
    if (!keyText)
        return std::unexpected(keyText.error());
    const auto certificateText = base::readFile(certificate);
    if (!certificateText)
        return std::unexpected(certificateText.error());
    auto tls = server::TlsContext::make({*keyText, key.string()}, {*certificateText, certificate.string()});
    if (!tls)
        return std::unexpected(tls.error());
    return ServerCertificate{std::move(*tls), certificate, ServerCertificate::Origin::User};
}

} // namespace

base::Result<ServerCertificate> serverCertificate(const Options &options, const fs::path &folder)
{
    if (options.httpsKey && options.httpsCertificate)
        return ofUser(*options.httpsKey, *options.httpsCertificate);
    const fs::path file = folder / "https.pem";
    std::vector<std::string> names = namesOf(options);
    const auto kept = base::readFile(file);
    if (kept && server::isCertificateFor(*kept, names, spareDays)) {
        if (auto tls = server::TlsContext::make({*kept, file.string()}, {*kept, file.string()}))
            return ServerCertificate{std::move(*tls), file, ServerCertificate::Origin::Kept};
    }
    const auto made = server::makeSelfSigned(names, validDays);
    if (!made)
        return std::unexpected(made.error());
    std::error_code ec;
    fs::create_directories(folder, ec); // when that fails, writing says why
    if (auto written = base::writeFileAtomically(file, *made, base::Access::OwnerOnly); !written)
        return std::unexpected(written.error());
    auto tls = server::TlsContext::make({*made, file.string()}, {*made, file.string()});
    if (!tls)
        return std::unexpected(tls.error());
    return ServerCertificate{std::move(*tls), file, ServerCertificate::Origin::New};
}

} // namespace cleat::session
