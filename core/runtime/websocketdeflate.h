// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/coder.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::runtime {

/// The parameters of permessage-deflate (RFC 7692 section 7.1), of an offer or of what was agreed.
struct DeflateParameters {
    enum class Context : std::uint8_t {
        Kept, ///< from one message to the next
        Reset ///< `..._no_context_takeover`
    };
    Context client = Context::Kept;
    Context server = Context::Kept;
    std::optional<int> clientBits; ///< 8 to 15. Of an offer that names client_max_window_bits without a number: 15
    std::optional<int> serverBits;
    bool operator==(const DeflateParameters &) const = default;

    /// As a value of Sec-WebSocket-Extensions, in workerd's order.
    std::string text() const;
};

/// The offers of permessage-deflate in a Sec-WebSocket-Extensions field, best first. What is another extension, or is spelled as none may be, is left out, as workerd does.
std::vector<DeflateParameters> deflateOffers(std::string_view field);
/// Offers, as a client sends them.
std::string deflateOffersText(const std::vector<DeflateParameters> &offers);
/// What a server's field agrees to; nothing when it is not exactly one permessage-deflate that may be.
std::optional<DeflateParameters> deflateAgreement(std::string_view field);

/// The messages of one WebSocket that agreed on permessage-deflate, both ways. zlib's state is made when the first message needs it. One thread.
class WebSocketDeflate final
{
public:
    enum class Side { Server, Client };
    WebSocketDeflate(Side side, const DeflateParameters &agreed);

    /// A message's payload as frames carry it. Nothing when memory is used up.
    std::optional<std::string> compress(std::string_view message);

    enum class Failure : std::uint8_t {
        None,
        Invalid, ///< it is not compressed data
        TooLarge ///< it expands to more than `most`
    };
    struct Expanded {
        std::string message;
        Failure failure = Failure::None;
    };
    Expanded expand(std::string_view payload, std::size_t most);

private:
    int m_outBits = 15;
    int m_inBits = 15;
    DeflateParameters::Context m_outContext;
    DeflateParameters::Context m_inContext;
    std::unique_ptr<Coder> m_deflater;
    std::unique_ptr<Coder> m_inflater;
};

} // namespace cleat::runtime
