// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

struct ssl_st;
struct ssl_ctx_st;

namespace cleat::runtime {

/// What connections of TLS have in common: the certificates that are trusted.
class TlsTrust final
{
public:
    TlsTrust();
    ~TlsTrust();
    TlsTrust(const TlsTrust &) = delete;
    TlsTrust &operator=(const TlsTrust &) = delete;
    ssl_ctx_st *context() const { return m_context; }

private:
    ssl_ctx_st *m_context;
};

/// The client's side of TLS on a descriptor that does not block. It is told when the descriptor is ready, and never waits.
class TlsClient final
{
public:
    /// `serverName`: a name or an address that the server's certificate has to be for.
    TlsClient(const TlsTrust &trust, int descriptor, const std::string &serverName);
    ~TlsClient();
    TlsClient(const TlsClient &) = delete;
    TlsClient &operator=(const TlsClient &) = delete;

    enum class Step { Done, WantsRead, WantsWrite, Ended, Failed };
    struct Moved {
        Step step = Step::Failed;
        std::size_t bytes = 0; ///< when Done
    };
    Step handshake();
    Moved read(char *target, std::size_t room);
    Moved write(const char *bytes, std::size_t size);
    /// Tells the other side that no more comes; without waiting for its answer.
    void finish();
    /// Why the last step failed.
    std::string failure() const;
    /// "TLSv1.3"
    std::string version() const;

private:
    Step outcome(int result);

    ssl_st *m_tls;
    std::string m_failure;
};

} // namespace cleat::runtime
