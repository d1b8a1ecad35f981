// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/names.h"

#include "core/base/bytes.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace cleat::storage {

namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;
constexpr std::size_t half = 16;

Digest namespaceKey(std::string_view uniqueKey)
{
    Digest key;
    SHA256(reinterpret_cast<const unsigned char *>(uniqueKey.data()), uniqueKey.size(), key.data());
    return key;
}

Digest mac(const Digest &key, std::span<const unsigned char> message)
{
    Digest out;
    unsigned length = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), message.data(), message.size(), out.data(), &length);
    return out;
}

Digest complete(const Digest &key, std::span<const unsigned char, half> base)
{
    const Digest check = mac(key, base);
    Digest id;
    std::copy_n(base.begin(), half, id.begin());
    std::copy_n(check.begin(), half, id.begin() + half);
    return id;
}

std::optional<unsigned char> hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return static_cast<unsigned char>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<unsigned char>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F')
        return static_cast<unsigned char>(c - 'A' + 10);
    return std::nullopt;
}

void replaceDotSegments(std::string &text)
{
    const auto separator = [](char c) { return c == '/' || c == '\\'; };
    for (auto begin = text.begin();;) {
        const auto end = std::find_if(begin, text.end(), separator);
        if (std::all_of(begin, end, [](char c) { return c == '.'; }))
            std::fill(begin, end, '_');
        if (end == text.end())
            return;
        begin = end + 1;
    }
}

std::string replaceIllegal(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if (c == 0xC2 && next >= 0x80 && next <= 0x9F) { // U+0080 to U+009F
            out += '_';
            ++i;
        } else if (c < 0x20 || std::string_view("?<>*\"'^/\\:|").contains(text[i])) {
            out += '_';
        } else {
            out += text[i];
        }
    }
    return out;
}

bool isDeviceName(std::string_view text)
{
    std::string stem(text.substr(0, text.find('.')));
    std::transform(stem.begin(), stem.end(), stem.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (stem == "con" || stem == "prn" || stem == "aux" || stem == "nul")
        return true;
    return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem[3] >= '0' && stem[3] <= '9';
}

void cutToUtf16Units(std::string &text, std::size_t limit)
{
    std::size_t units = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        const std::size_t bytes = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
        units += bytes == 4 ? 2 : 1;
        if (units > limit) {
            text.resize(i);
            return;
        }
        i += bytes;
    }
}

} // namespace

std::string objectId(std::string_view uniqueKey, std::string_view name)
{
    const Digest key = namespaceKey(uniqueKey);
    const Digest base = mac(key, {reinterpret_cast<const unsigned char *>(name.data()), name.size()});
    const Digest id = complete(key, std::span(base).first<half>());
    return base::toHex(std::as_bytes(std::span(id)));
}

bool isObjectIdOf(std::string_view uniqueKey, std::string_view hex)
{
    Digest id;
    if (hex.size() != id.size() * 2)
        return false;
    for (std::size_t i = 0; i < id.size(); ++i) {
        const auto high = hexValue(hex[2 * i]);
        const auto low = hexValue(hex[2 * i + 1]);
        if (!high || !low)
            return false;
        id[i] = static_cast<unsigned char>(*high << 4 | *low);
    }
    return complete(namespaceKey(uniqueKey), std::span(id).first<half>()) == id;
}

std::string sanitizedName(std::string_view id)
{
    std::string text(id);
    replaceDotSegments(text);
    text = replaceIllegal(text);
    if (isDeviceName(text))
        text.assign(1, '_');
    const auto notSpace = [](char c) { return c != ' '; };
    std::fill(text.begin(), std::find_if(text.begin(), text.end(), notSpace), '_');
    std::fill(text.rbegin(), std::find_if(text.rbegin(), text.rend(), notSpace), '_');
    cutToUtf16Units(text, 255);
    return text;
}

std::string cacheId(std::string_view name)
{
    if (name.empty())
        return "default";
    std::string id = "named:";
    for (const char c : name) {
        const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view("-_.!~*'()").contains(c);
        if (plain) {
            id += c;
            continue;
        }
        constexpr std::string_view digits = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(c);
        id += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return id;
}

std::filesystem::path databaseFile(const std::filesystem::path &state, const Layout &layout, std::string_view id)
{
    return state / "v3" / layout.folder / layout.uniqueKey / (objectId(layout.uniqueKey, id) + ".sqlite");
}

std::filesystem::path blobFolder(const std::filesystem::path &state, const Layout &layout, std::string_view id)
{
    return state / "v3" / layout.folder / sanitizedName(id) / "blobs";
}

} // namespace cleat::storage
