// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/responsecoding.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <limits>
#include <optional>
#include <vector>

namespace cleat::runtime {

namespace {

/// developers.cloudflare.com/speed/optimization/content/compression, as miniflare has it. Sorted.
constexpr std::array<std::string_view, 47> compressedTypes = {
    "application/eot", "application/font", "application/font-sfnt", "application/font-woff", "application/geo+json", "application/graphql+json", "application/javascript",
    "application/javascript-binast", "application/json", "application/ld+json", "application/manifest+json", "application/opentype", "application/otf", "application/rss+xml",
    "application/truetype", "application/ttf", "application/vnd.api+json", "application/vnd.ms-fontobject", "application/wasm", "application/x-httpd-cgi",
    "application/x-javascript", "application/x-opentype", "application/x-otf", "application/x-perl", "application/x-protobuf", "application/x-ttf", "application/xhtml+xml",
    "application/xml", "font/otf", "font/ttf", "font/x-woff", "image/svg+xml", "image/vnd.microsoft.icon", "image/x-icon", "multipart/bag", "multipart/mixed", "text/css",
    "text/html", "text/javascript", "text/js", "text/plain", "text/richtext", "text/x-component", "text/x-java-source", "text/x-markdown", "text/x-script", "text/xml"};
static_assert(std::ranges::is_sorted(compressedTypes));

constexpr int gzipLevel = 5;
constexpr int brotliQuality = 4;
constexpr int brotliQualityParameter = 1; // BROTLI_PARAM_QUALITY

std::string lower(std::string_view text)
{
    std::string made(text);
    std::ranges::transform(made, made.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return made;
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blank = " \t";
    text.remove_prefix(std::min(text.find_first_not_of(blank), text.size()));
    return text.substr(0, text.find_last_not_of(blank) + 1);
}

bool is(std::string_view name, std::string_view known)
{
    return name.size() == known.size() && std::ranges::equal(name, known, [](unsigned char a, char b) { return std::tolower(a) == b; });
}

const std::string *find(const Fields &fields, std::string_view name)
{
    const auto found = std::ranges::find_if(fields, [name](const auto &field) { return is(field.first, name); });
    return found == fields.end() ? nullptr : &found->second;
}

void remove(Fields &fields, std::string_view name)
{
    std::erase_if(fields, [name](const auto &field) { return is(field.first, name); });
}

struct Accepted {
    std::string coding;
    double weight = 1;
};

/// An element of Accept-Encoding (RFC 9110, section 12.5.3); nothing for one that is malformed.
std::optional<Accepted> acceptedElement(std::string_view element)
{
    const std::size_t semicolon = std::min(element.find(';'), element.size());
    const std::string_view coding = trimmed(element.substr(0, semicolon));
    const bool isName = !coding.empty() && std::ranges::all_of(coding, [](unsigned char c) { return std::isalpha(c) != 0 || c == '-' || c == '*'; });
    if (!isName)
        return std::nullopt;
    if (semicolon == element.size())
        return Accepted{std::string(coding), 1};
    std::string_view weight = trimmed(element.substr(semicolon + 1));
    if (!weight.starts_with("q="))
        return std::nullopt;
    weight.remove_prefix(2);
    const bool isNumber = !weight.empty() && weight.size() < 16 && std::ranges::all_of(weight, [](unsigned char c) { return std::isdigit(c) != 0 || c == '.'; });
    if (!isNumber)
        return std::nullopt;
    return Accepted{std::string(coding), std::strtod(std::string(weight).c_str(), nullptr)};
}

std::vector<Accepted> acceptedCodings(std::string_view field)
{
    std::vector<Accepted> codings;
    for (std::size_t at = 0; at <= field.size();) {
        const std::size_t comma = std::min(field.find(',', at), field.size());
        if (auto element = acceptedElement(trimmed(field.substr(at, comma - at))))
            codings.push_back(std::move(*element));
        at = comma + 1;
    }
    std::ranges::stable_sort(codings, [](const Accepted &a, const Accepted &b) { return a.weight > b.weight; });
    return codings;
}

bool isCompressed(const std::string *type)
{
    return type && std::ranges::binary_search(compressedTypes, std::string_view(lower(trimmed(std::string_view(*type).substr(0, type->find(';'))))));
}

bool hasNoBody(int status)
{
    return status == 101 || status == 204 || status == 205 || status == 304;
}

} // namespace

ResponseCoding::Outcome ResponseCoding::choose(const std::string *accepted, Given given, ResponseHead &head, std::unique_ptr<ResponseCoding> &coding)
{
    const std::string *named = find(head.fields, "content-encoding");
    if (!accepted && (!named || given == Given::Coded))
        return Outcome::AsIs;
    const std::string from = named ? *named : std::string();
    const bool known = from == "gzip" || from == "br";
    if (!from.empty() && !known)
        return Outcome::AsIs;
    std::string to = from;
    if (accepted && isCompressed(find(head.fields, "content-type"))) {
        const std::vector<Accepted> codings = acceptedCodings(*accepted);
        bool plainRefused = false;
        std::string wanted;
        for (const Accepted &one : codings) {
            if (one.weight == 0) {
                plainRefused = plainRefused || one.coding == "identity" || one.coding == "*";
            } else if (one.coding == "gzip" || one.coding == "br") {
                wanted = one.coding;
                break;
            } else if (one.coding == "identity") {
                break;
            }
        }
        if (wanted.empty() && plainRefused) {
            head = {415, {}, {{"accept-encoding", "br, gzip"}, {"content-type", "text/plain;charset=UTF-8"}}};
            return Outcome::Refused;
        }
        if (!codings.empty())
            to = wanted;
    }
    const std::string is = given == Given::Coded ? from : std::string();
    if (to != from) {
        remove(head.fields, "content-encoding");
        if (!to.empty())
            head.fields.emplace_back("content-encoding", to);
    }
    if (to == is || hasNoBody(head.status))
        return Outcome::AsIs;
    remove(head.fields, "content-length");
    coding.reset(new ResponseCoding);
    if (!is.empty()) {
        coding->m_decoder = ContentDecoder::create(is);
        coding->m_from = is;
    }
    if (to == "gzip") {
        int status = 0;
        coding->m_encoder = makeDeflater({.level = gzipLevel, .windowBits = 15 + 16, .dictionary = {}}, status);
        coding->m_flush = 2; // Z_SYNC_FLUSH
        coding->m_finish = 4; // Z_FINISH
    } else if (to == "br") {
        coding->m_encoder = makeBrotliEncoder();
        if (coding->m_encoder)
            setBrotliParameter(*coding->m_encoder, brotliQualityParameter, brotliQuality);
        coding->m_flush = 1; // BROTLI_OPERATION_FLUSH
        coding->m_finish = 2; // BROTLI_OPERATION_FINISH
    }
    if (!to.empty() && !coding->m_encoder) { // no memory for it: then the bytes leave as they are
        coding.reset();
        remove(head.fields, "content-encoding");
        if (!is.empty())
            head.fields.emplace_back("content-encoding", is);
        return Outcome::AsIs;
    }
    return Outcome::Coded;
}

std::string ResponseCoding::encoded(std::string_view bytes, int flush)
{
    return m_encoder ? m_encoder->run(bytes, flush, std::numeric_limits<std::size_t>::max()).output : std::string(bytes);
}

base::Error ResponseCoding::wrong() const
{
    return {"runtime.coding", "The response says that its body is encoded with " + m_from + " already (encodeBody: \"manual\"), but it is not, and its client needs another coding.", {}};
}

/// In slices: a few bytes may stand for very many.
base::Result<std::string> ResponseCoding::recoded(std::string_view bytes, std::size_t most)
{
    constexpr std::size_t slice = 16384;
    std::string made;
    while (!bytes.empty()) {
        const auto plain = m_decoder->decode(bytes.substr(0, slice));
        if (!plain)
            return std::unexpected(wrong());
        made += encoded(*plain, 0);
        if (made.size() > most)
            return base::fail("runtime.coding", "The response's body takes more memory than there is when it is decoded for its client.");
        bytes.remove_prefix(std::min(slice, bytes.size()));
    }
    return made;
}

base::Result<std::string> ResponseCoding::piece(std::string_view bytes, std::size_t most)
{
    if (!m_decoder)
        return encoded(bytes, m_flush);
    auto made = recoded(bytes, most);
    if (made && m_encoder)
        *made += encoded({}, m_flush);
    return made;
}

base::Result<std::string> ResponseCoding::whole(std::string_view bytes, std::size_t most)
{
    if (!m_decoder)
        return encoded(bytes, m_finish);
    auto made = recoded(bytes, most);
    if (!made)
        return made;
    const auto rest = end();
    if (!rest)
        return rest;
    *made += *rest;
    return made;
}

base::Result<std::string> ResponseCoding::end()
{
    if (m_decoder && !m_decoder->isComplete())
        return std::unexpected(wrong());
    return m_encoder ? encoded({}, m_finish) : std::string();
}

} // namespace cleat::runtime
