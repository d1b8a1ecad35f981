// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;

namespace cleat::server {

/// A certificate with its key, ready for connections over TLS (1.2 or later, HTTP/1.1). Any thread.
class TlsContext final
{
public:
    /// A PEM text, and the file that it came from, for messages.
    struct Pem {
        std::string_view text;
        std::string name;
    };
    /// `certificate` may have its chain behind it. Codes: tls.key (none there, or with a passphrase), tls.certificate (none there, or one that OpenSSL does not take), tls.mismatch (of another
    /// key), tls.expired (also: not valid yet).
    static base::Result<std::shared_ptr<const TlsContext>> make(const Pem &key, const Pem &certificate);
    ~TlsContext();
    TlsContext(const TlsContext &) = delete;
    TlsContext &operator=(const TlsContext &) = delete;

    ssl_ctx_st *native() const { return m_context; }

private:
    explicit TlsContext(ssl_ctx_st *context) : m_context(context) {}

    ssl_ctx_st *m_context;
};

} // namespace cleat::server
