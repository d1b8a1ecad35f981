// SPDX-License-Identifier: GPL-3.0-or-later
// Frames of a WebSocket mean the same in one piece and in many, and what is written comes back as it was.
#include "core/base/websocket.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace cleat::base;
using Event = WebSocketReader::Event;

constexpr std::size_t limit = 300;

struct Outcome {
    std::vector<Event> events;
    WebSocketReader::State state = WebSocketReader::State::Open;
    int code = 0;
    bool operator==(const Outcome &) const = default;
};

Outcome outcome(const std::string &wire, std::size_t pieces, WebSocketReader::Peer peer)
{
    WebSocketReader reader(limit, peer, WebSocketReader::Content::TextAndBinary);
    Outcome out;
    for (std::size_t at = 0; at < wire.size(); at += pieces)
        out.state = reader.read(std::string_view(wire).substr(at, pieces), out.events);
    out.code = reader.failureCode();
    return out;
}

void check(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    // Bytes choose frames, whole and broken ones; the driver's eight grow into a longer stream.
    std::string wire;
    std::string good;
    std::uint64_t state = 1;
    for (std::size_t i = 0; i < size; ++i) {
        state = (state ^ data[i]) * 0x100000001b3ULL;
        static constexpr std::array<std::uint8_t, 8> firsts = {0x81, 0x82, 0x01, 0x00, 0x80, 0x89, 0x8A, 0x88};
        const std::size_t length = (state >> 8) % 7 == 0 ? (state >> 16) % 400 : (state >> 16) % 20;
        const std::string payload(length, static_cast<char>('a' + (state >> 24) % 26));
        std::string frame;
        appendWebSocketFrame(frame, WebSocketOpcode::Binary, payload, WebSocketMask{data[i], 2, 3, static_cast<std::uint8_t>(state)});
        good += frame;
        frame[0] = static_cast<char>((state >> 32) % 50 == 0 ? data[i] : firsts[(state >> 32) % firsts.size()]);
        if ((state >> 40) % 60 == 0)
            frame.resize(frame.size() / 2);
        wire += frame;
    }
    wire.append(reinterpret_cast<const char *>(data), size);
    for (const auto peer : {WebSocketReader::Peer::Client, WebSocketReader::Peer::Server}) {
        const Outcome whole = outcome(wire, std::max<std::size_t>(wire.size(), 1), peer);
        for (const std::size_t pieces : {1U, 2U, 5U, 127U})
            check(outcome(wire, pieces, peer) == whole, "The same bytes mean something else in pieces.");
        for (const Event &event : whole.events)
            check(event.payload.size() <= limit, "A message is larger than the limit.");
    }
    const Outcome read = outcome(good, 64, WebSocketReader::Peer::Client);
    check(read.state == WebSocketReader::State::Open || read.code == 1009, "A frame that was written is not read.");
    return 0;
}
