// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/chunkdecoder.h"
#include "core/server/headrules.h"

namespace cleat::server {

/// The requests of one connection, out of its bytes. A HeadScanner finds and checks heads, Boost.Beast's parser takes them apart.
class RequestParser final
{
public:
    explicit RequestParser(const Limits &limits);

    enum class HeadResult { More, Complete, Refused };
    /// Reads a head from `data`, which begins where the message before ended. `used` is what is done with (when Refused: what was
    /// looked at); the rest must come again, with more behind it.
    HeadResult head(std::string_view data, ParsedHead &out, std::size_t &used);
    const Refusal &refusal() const { return m_refusal; }

    /// After a head with a chunked body: appends the body's bytes to `into`.
    ChunkDecoder::Result chunks(std::string_view data, std::string &into, std::size_t &used);

private:
    HeadResult refuse(Refusal &&refusal);

    const Limits &m_limits;
    HeadScanner m_scanner;
    Refusal m_refusal;
    ChunkDecoder m_chunks;
};

/// The first two words of a request line, as far as they are there, for a log. At most `most` bytes each; control characters become '?'.
struct RequestLine {
    std::string method;
    std::string target;
};
RequestLine requestLineOf(std::string_view data, std::size_t most = 256);

} // namespace cleat::server
