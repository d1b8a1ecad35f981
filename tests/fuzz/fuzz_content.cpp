// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies of HTTP messages that a pane shows: whatever bytes come, the parts lie inside of the body, nothing grows past its limit, and what was packed comes back.
#include "core/data/content/decode.h"
#include "core/data/content/fields.h"
#include "core/data/content/multipart.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace {

using namespace cleat::data::content;

void check(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

std::string gzip(const std::string &plain)
{
    z_stream stream = {};
    check(::deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK, "deflateInit2");
    std::string packed(::deflateBound(&stream, plain.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    check(::deflate(&stream, Z_FINISH) == Z_STREAM_END, "deflate");
    packed.resize(stream.total_out);
    ::deflateEnd(&stream);
    return packed;
}

/// A body out of the words that its reader looks for.
std::string made(std::mt19937 &random)
{
    static constexpr std::array<std::string_view, 28> words = {"--B", "--B--", "--B\r\n", "\r\n", "\n", "\r", "\r\n\r\n", "Content-Disposition: form-data; name=\"a\"", "; filename=\"x\\\"y\"", "; filename*=UTF-8''%e2",
        "Content-Type: text/plain", ":", "data: one", "event:x", "id: \xff", "retry: 1", "a=b", "&", "%", "%4", "+", "=", "\"", "\\", "\0x", "--", " \t", "BBBB"};
    std::string text;
    for (auto parts = random() % 40; parts > 0; --parts)
        text += random() % 9 == 0 ? std::string(1, static_cast<char>(random() % 256)) : std::string(words[random() % words.size()]);
    return text;
}

void readEverything(const std::string &body, const std::string &boundary)
{
    for (const std::size_t most : {1000U, 2U}) {
        const Multipart parts = parseMultipart(body, boundary, most);
        check(parts.parts.size() <= most, "More parts than were asked for.");
        std::size_t behind = 0;
        for (const Part &part : parts.parts) {
            check(part.begin >= behind && part.begin <= body.size() && part.length <= body.size() - part.begin, "A part is not inside of the body, or overlaps the one before.");
            behind = part.begin + part.length;
        }
        check(parseEventStream(body, most).size() <= most, "More events than were asked for.");
        check(parseUrlEncoded(body, most).size() <= most, "More values than were asked for.");
    }
    for (const ServerEvent &event : parseEventStream(body))
        check(event.begin <= body.size(), "An event is not inside of the stream.");
    parseHead(body);
    parseMediaType(body);
    parseCookies(body);
    parseSetCookie(body);
    check(percentDecoded(body, Plus::Space).size() <= body.size(), "Decoding made a text longer.");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    std::uint32_t seed = 1;
    for (std::size_t i = 0; i < size; ++i)
        seed = (seed ^ data[i]) * 16777619U;
    std::mt19937 random(seed);
    const std::string raw(reinterpret_cast<const char *>(data), size);
    const std::string body = size > 64 ? raw : made(random);
    readEverything(body, "B");
    readEverything(body, random() % 2 == 0 ? std::string() : raw);

    std::string packed = gzip(body);
    const Decoded whole = decode("gzip", packed);
    check(whole.end == Decoded::End::Whole && whole.bytes == body, "What was packed does not come back.");
    const Decoded little = decode("gzip", packed, 10);
    check(little.bytes.size() <= 10 && (body.size() <= 10) == (little.end == Decoded::End::Whole), "The limit does not hold.");
    const Decoded cut = decode("gzip", std::string_view(packed).substr(0, 1 + random() % (packed.size() - 1))); // nothing at all is an empty body
    check(cut.end != Decoded::End::Whole && body.starts_with(cut.bytes), "A part of it is taken for all, or is wrong.");
    packed[random() % packed.size()] ^= static_cast<char>(1U << random() % 8);
    for (const std::string_view encoding : {"gzip", "deflate", "br", "gzip, br", "br, br, br, br, br", ", ,", "x"})
        for (const std::string_view bytes : {std::string_view(packed), std::string_view(body)})
            check(decode(encoding, bytes, 1000).bytes.size() <= std::max<std::size_t>(1000, bytes.size()), "More came out than was allowed.");
    return 0;
}
