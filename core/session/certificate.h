// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/tlscontext.h"
#include "core/session/session.h"

#include <filesystem>
#include <memory>

namespace cleat::session {

/// What a project is served with over HTTPS.
struct ServerCertificate {
    std::shared_ptr<const server::TlsContext> tls;
    std::filesystem::path file; ///< holds the certificate
    enum class Origin {
        User, ///< Options::httpsCertificate
        Kept, ///< made by Cleat, before
        New,
    };
    Origin origin = Origin::User;
};

/// The user's certificate, else one that Cleat makes: for localhost, 127.0.0.1, ::1, the address that is listened on and Options::allowedHosts, kept in "https.pem" in `folder` (with its key, for the
/// owner only), and made anew when it is out of date soon or lacks a name. Codes: file.*, those of TlsContext::make and makeSelfSigned.
base::Result<ServerCertificate> serverCertificate(const Options &options, const std::filesystem::path &folder);

} // namespace cleat::session
