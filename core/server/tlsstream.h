// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>

struct ssl_st;

namespace cleat::server {

class TlsContext;

/// The server's side of TLS over a connected, non-blocking descriptor that it borrows. The handshake is made by the first reads and writes.
class TlsStream final
{
public:
    TlsStream(const TlsContext &context, int descriptor);
    ~TlsStream();
    TlsStream(const TlsStream &) = delete;
    TlsStream &operator=(const TlsStream &) = delete;

    /// Needs...: it cannot go on before the descriptor gives, or takes, more; the same call is to be made again then, with what it had at the front.
    enum class Result { Done, NeedsInput, NeedsOutput, End, Broken };
    /// At most one record of TLS, which a buffer of `record` bytes takes whole, so that nothing ever waits in here unseen.
    Result read(std::span<char> buffer, std::size_t &got);
    /// `bytes` has at most `record` bytes.
    Result write(std::span<const char> bytes, std::size_t &written);
    /// Says that no more comes.
    void sayGoodbye();

    static constexpr std::size_t record = 16384;

private:
    Result failure(int result);

    ssl_st *m_ssl;
    bool m_broken = false;
};

} // namespace cleat::server
