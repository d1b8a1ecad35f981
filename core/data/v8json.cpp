// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/v8json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace cleat::data {

namespace {

using Json = nlohmann::ordered_json;

constexpr int deepest = 100;
constexpr double smallEnd = 1 << 30; ///< below, and from its negative on, V8 keeps whole numbers in pointers, where those are compressed, as workerd's are

/// "0", "17": an index, which comes before the other properties of an object.
std::optional<std::uint32_t> indexOf(const std::string &key)
{
    constexpr std::size_t digits = 10;
    if (key.empty() || key.size() > digits || (key.size() > 1 && key.front() == '0') || key.find_first_not_of("0123456789") != key.npos)
        return std::nullopt;
    const std::uint64_t number = std::stoull(key);
    return number < std::numeric_limits<std::uint32_t>::max() ? std::optional(static_cast<std::uint32_t>(number)) : std::nullopt;
}

std::optional<std::u16string> toUtf16(std::string_view text)
{
    std::u16string units;
    bool latin = true;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        char32_t code = length == 1 ? lead : lead & (0x7FU >> length);
        for (std::size_t k = 1; k < length; ++k)
            code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
        i += length;
        latin = latin && code < 0x100;
        if (code < 0x10000) {
            units += static_cast<char16_t>(code);
        } else {
            units += static_cast<char16_t>(0xD7C0 + (code >> 10));
            units += static_cast<char16_t>(0xDC00 + (code & 0x3FF));
        }
    }
    return latin ? std::nullopt : std::optional(std::move(units));
}

class Writer final
{
public:
    std::string write(const Json &value)
    {
        m_bytes = "\xFF\x0F";
        put(value);
        return std::move(m_bytes);
    }

private:
    void number(std::uint64_t value)
    {
        for (; value >= 0x80; value >>= 7)
            m_bytes += static_cast<char>(value | 0x80);
        m_bytes += static_cast<char>(value);
    }
    void real(double value)
    {
        m_bytes += 'N';
        m_bytes.append(reinterpret_cast<const char *>(&value), sizeof value); // both are little-endian
    }
    void numeric(double value)
    {
        if (value != std::trunc(value) || value < -smallEnd || value >= smallEnd || (value == 0 && std::signbit(value))) {
            real(value);
            return;
        }
        const auto whole = static_cast<std::int64_t>(value);
        m_bytes += 'I';
        number((static_cast<std::uint64_t>(whole) << 1 ^ static_cast<std::uint64_t>(whole >> 63)) & 0xFFFFFFFF);
    }
    void string(std::string_view text)
    {
        const auto wide = toUtf16(text);
        if (!wide) {
            std::string latin;
            for (std::size_t i = 0; i < text.size(); ++i) {
                const auto lead = static_cast<unsigned char>(text[i]);
                latin += lead < 0x80 ? text[i] : static_cast<char>((lead & 3U) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3FU));
            }
            m_bytes += '"';
            number(latin.size());
            m_bytes += latin;
            return;
        }
        const std::uint64_t size = wide->size() * 2;
        std::size_t lengthBytes = 1;
        for (std::uint64_t rest = size; rest >= 0x80; rest >>= 7)
            ++lengthBytes;
        if ((m_bytes.size() + 1 + lengthBytes) % 2 != 0) // the units are to lie at even places
            m_bytes += '\0';
        m_bytes += 'c';
        number(size);
        m_bytes.append(reinterpret_cast<const char *>(wide->data()), size);
    }
    void object(const Json &value)
    {
        std::vector<std::pair<std::uint32_t, const Json *>> indices;
        std::vector<std::pair<const std::string *, const Json *>> names;
        for (auto member = value.begin(); member != value.end(); ++member) {
            if (const auto index = indexOf(member.key()))
                indices.emplace_back(*index, &member.value());
            else
                names.emplace_back(&member.key(), &member.value());
        }
        std::ranges::sort(indices, {}, &std::pair<std::uint32_t, const Json *>::first);
        m_bytes += 'o';
        for (const auto &[index, member] : indices) {
            numeric(index);
            put(*member);
        }
        for (const auto &[name, member] : names) {
            string(*name);
            put(*member);
        }
        m_bytes += '{';
        number(indices.size() + names.size());
    }
    void put(const Json &value)
    {
        switch (value.type()) {
        case Json::value_t::object:
            object(value);
            return;
        case Json::value_t::array:
            m_bytes += 'A';
            number(value.size());
            for (const Json &element : value)
                put(element);
            m_bytes += '$';
            number(0);
            number(value.size());
            return;
        case Json::value_t::string:
            string(value.get_ref<const std::string &>());
            return;
        case Json::value_t::boolean:
            m_bytes += value.get<bool>() ? 'T' : 'F';
            return;
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned:
        case Json::value_t::number_float:
            numeric(value.get<double>());
            return;
        case Json::value_t::null:
        case Json::value_t::binary:
        case Json::value_t::discarded:
            m_bytes += '0';
            return;
        }
    }

    std::string m_bytes;
};

} // namespace

base::Result<std::string> writeV8Json(std::string_view json)
{
    bool tooDeep = false;
    const Json value = Json::parse(
        json,
        [&](int depth, Json::parse_event_t, Json &) {
            tooDeep = tooDeep || depth > deepest;
            return !tooDeep;
        },
        false);
    if (tooDeep)
        return base::fail("data.json", "The value is nested more than 100 deep.");
    if (value.is_discarded())
        return base::fail("data.json", "The value is no JSON.");
    return Writer().write(value);
}

} // namespace cleat::data
