// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

struct ssl_st;
struct ssl_ctx_st;

namespace cleat::runtime {

/// Whom a connection of TLS has to end at.
struct TlsPeer {
    std::string name; ///< or address
    enum class Check {
        Name, ///< an authority that is trusted has vouched for its certificate, which is for that name
        Authority, ///< the first of these
        None
    };
    Check check = Check::Name;
    std::string authorities; ///< a PEM file of those that are trusted; empty: the usual ones
};

/// What connections of TLS have in common: the certificates that are trusted.
class TlsTrust final
{
public:
    /// `authorities`: a PEM file, in place of the usual ones; one that cannot be read trusts nobody.
    explicit TlsTrust(const std::string &authorities = {});
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
    TlsClient(const TlsTrust &trust, int descriptor, const TlsPeer &peer);
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
