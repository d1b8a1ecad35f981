// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/websocketdeflate.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace cleat::runtime {

namespace {

constexpr std::string_view name = "permessage-deflate";
constexpr int mostBits = 15;
/// What ends a flushed piece of compressed data, and is not sent (RFC 7692 section 7.2.1).
constexpr std::string_view tail("\0\0\xFF\xFF", 4);

std::string_view trimmed(std::string_view text)
{
    const std::size_t from = std::min(text.find_first_not_of(" \t"), text.size());
    text.remove_prefix(from);
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// The text up to the next `separator`, which is taken with it.
std::string_view take(std::string_view &text, char separator)
{
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return trimmed(part);
}

std::optional<int> windowBits(std::string_view digits)
{
    if (digits.empty() || digits.size() > 2 || !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    int bits = 0;
    for (const char digit : digits)
        bits = bits * 10 + (digit - '0');
    return bits >= 8 && bits <= mostBits ? std::optional(bits) : std::nullopt;
}

enum class Kind { Offer, Agreement };

/// One element of the field.
std::optional<DeflateParameters> parse(std::string_view element, Kind kind)
{
    if (take(element, ';') != name)
        return std::nullopt;
    using Context = DeflateParameters::Context;
    DeflateParameters parameters;
    while (!element.empty()) {
        std::string_view value = take(element, ';');
        if (value.empty() && element.empty()) // nothing behind the last semicolon
            break;
        const bool valued = value.find('=') != std::string_view::npos;
        const std::string_view parameter = take(value, '=');
        const auto context = [&](Context &which) { return !valued && std::exchange(which, Context::Reset) == Context::Kept; };
        bool good = false;
        if (parameter == "client_no_context_takeover") {
            good = context(parameters.client);
        } else if (parameter == "server_no_context_takeover") {
            good = context(parameters.server);
        } else if (parameter == "client_max_window_bits" && !parameters.clientBits) {
            parameters.clientBits = !valued && kind == Kind::Offer ? std::optional(mostBits) : windowBits(value);
            good = parameters.clientBits.has_value();
        } else if (parameter == "server_max_window_bits" && !parameters.serverBits) {
            parameters.serverBits = windowBits(value);
            good = parameters.serverBits.has_value();
        }
        if (!good)
            return std::nullopt;
    }
    return parameters;
}

} // namespace

std::string DeflateParameters::text() const
{
    std::string text(name);
    if (client == Context::Reset)
        text += "; client_no_context_takeover";
    if (server == Context::Reset)
        text += "; server_no_context_takeover";
    if (clientBits)
        text += "; client_max_window_bits=" + std::to_string(*clientBits);
    if (serverBits)
        text += "; server_max_window_bits=" + std::to_string(*serverBits);
    return text;
}

std::vector<DeflateParameters> deflateOffers(std::string_view field)
{
    std::vector<DeflateParameters> offers;
    while (!field.empty()) {
        if (const auto offer = parse(take(field, ','), Kind::Offer))
            offers.push_back(*offer);
    }
    return offers;
}

std::string deflateOffersText(const std::vector<DeflateParameters> &offers)
{
    std::string text;
    for (const DeflateParameters &offer : offers)
        text.append(text.empty() ? "" : ", ").append(offer.text());
    return text;
}

std::optional<DeflateParameters> deflateAgreement(std::string_view field)
{
    if (field.find(',') != std::string_view::npos)
        return std::nullopt;
    return parse(trimmed(field), Kind::Agreement);
}

WebSocketDeflate::WebSocketDeflate(Side side, const DeflateParameters &agreed)
    : m_outBits((side == Side::Server ? agreed.serverBits : agreed.clientBits).value_or(mostBits)),
      m_inBits((side == Side::Server ? agreed.clientBits : agreed.serverBits).value_or(mostBits)),
      m_outContext(side == Side::Server ? agreed.server : agreed.client),
      m_inContext(side == Side::Server ? agreed.client : agreed.server)
{
}

std::optional<std::string> WebSocketDeflate::compress(std::string_view message)
{
    if (!m_deflater) {
        ZlibOptions options;
        // zlib has no window of 256 bytes for raw data: what looks back at nothing fits into any.
        options.windowBits = -std::max(m_outBits, 9);
        options.strategy = m_outBits == 8 ? Z_HUFFMAN_ONLY : Z_DEFAULT_STRATEGY;
        int status = 0;
        m_deflater = makeDeflater(options, status);
        if (!m_deflater)
            return std::nullopt;
    }
    std::string payload = m_deflater->run(message, Z_SYNC_FLUSH, std::numeric_limits<std::size_t>::max()).output;
    if (payload.ends_with(tail))
        payload.resize(payload.size() - tail.size());
    if (payload.empty()) // of an empty message behind another one (RFC 7692 section 7.2.3.6)
        payload.assign(1, '\0');
    if (m_outContext == DeflateParameters::Context::Reset)
        m_deflater->reset();
    return payload;
}

WebSocketDeflate::Expanded WebSocketDeflate::expand(std::string_view payload, std::size_t most)
{
    if (!m_inflater) {
        ZlibOptions options;
        options.windowBits = -m_inBits;
        int status = 0;
        m_inflater = makeInflater(options, status);
        if (!m_inflater)
            return {{}, Failure::TooLarge};
    }
    Expanded expanded;
    const auto run = [&](std::string_view bytes) {
        while (!bytes.empty()) {
            Coder::Outcome outcome = m_inflater->run(bytes, Z_SYNC_FLUSH, most + 1 - expanded.message.size());
            expanded.message += outcome.output;
            if (expanded.message.size() > most) {
                expanded.failure = Failure::TooLarge;
                return false;
            }
            if (outcome.status != Z_OK && outcome.status != Z_STREAM_END) {
                expanded.failure = Failure::Invalid;
                return false;
            }
            bytes.remove_prefix(outcome.consumed);
            if (outcome.status == Z_STREAM_END) { // a block that says it is the last one: others may follow
                m_inflater->reset();
                if (bytes.empty())
                    return false;
            } else if (outcome.consumed == 0) {
                expanded.failure = Failure::Invalid;
                return false;
            }
        }
        return true;
    };
    if (run(payload))
        run(tail);
    if (expanded.failure == Failure::None && m_inContext == DeflateParameters::Context::Reset)
        m_inflater->reset();
    return expanded;
}

} // namespace cleat::runtime
