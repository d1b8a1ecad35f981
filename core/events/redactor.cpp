// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/redactor.h"

#include "core/base/bytes.h"

#include <algorithm>
#include <cstring>
#include <string.h>

namespace cleat::events {

namespace {

constexpr std::size_t shortest = 4;
constexpr std::size_t shortestLine = 16; ///< of a value of several lines
constexpr std::size_t shortestBase64 = 8;
constexpr std::string_view ellipsis = "\u2026"; ///< with which the runtime's previews end

constexpr std::array<std::string_view, 22> plainWords{"true", "false", "null", "undefined", "none", "auto", "localhost", "local", "development", "production", "preview", "staging",
    "test", "testing", "debug", "info", "warn", "error", "default", "enabled", "disabled", "http"};

bool tellsNothing(std::string_view value)
{
    if (value.size() < shortest)
        return true;
    if (value.size() < 6 && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; }))
        return true;
    std::string lower(value);
    std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return std::ranges::find(plainWords, lower) != plainWords.end();
}

/// As in a string literal between `quote`s.
std::string escaped(std::string_view text, char quote)
{
    constexpr const char *digits = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const std::string_view names = "btn\x0b" "fr"; // from 0x08 on
        if (c == quote || c == '\\')
            out.append({'\\', c});
        else if (byte >= 0x08 && byte <= 0x0d && byte != 0x0b)
            out.append({'\\', names[byte - 0x08]});
        else if (byte < 0x20)
            out.append("\\u00").append({digits[byte >> 4], digits[byte & 15]});
        else
            out += c;
    }
    return out;
}

enum class Space { Percent, Plus };

/// As encodeURIComponent, or as URLSearchParams.
std::string percentEncoded(std::string_view text, Space space, const char *digits)
{
    const std::string_view kept = space == Space::Plus ? "-_.*" : "-_.!~*'()";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kept.find(c) != std::string_view::npos)
            out += c;
        else if (c == ' ' && space == Space::Plus)
            out += '+';
        else
            out.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
    return out;
}

std::uint16_t startOf(std::string_view text)
{
    return static_cast<std::uint16_t>(static_cast<unsigned char>(text[0]) << 8 | static_cast<unsigned char>(text[1]));
}

void wipe(std::string &text)
{
    ::explicit_bzero(text.data(), text.size());
}

} // namespace

Redactor::Redactor(std::vector<Secret> secrets)
{
    for (Secret &secret : secrets) {
        if (!tellsNothing(secret.value) && std::ranges::find(m_secrets, secret) == m_secrets.end())
            m_secrets.push_back(std::move(secret));
    }
    for (std::size_t i = 0; i < m_secrets.size(); ++i) {
        addForms(i);
        addBase64(i);
    }
    std::ranges::stable_sort(m_patterns, [](const Pattern &a, const Pattern &b) {
        const auto left = startOf(a.text);
        const auto right = startOf(b.text);
        return left != right ? left < right : a.text.size() != b.text.size() ? a.text.size() > b.text.size() : a.text < b.text;
    });
    const auto same = std::ranges::unique(m_patterns, {}, &Pattern::text);
    m_patterns.erase(same.begin(), same.end());
    for (auto from = m_patterns.begin(); from != m_patterns.end();) {
        const std::uint16_t start = startOf(from->text);
        const auto to = std::find_if(from, m_patterns.end(), [start](const Pattern &pattern) { return startOf(pattern.text) != start; });
        m_starts[start / 64] |= std::uint64_t(1) << start % 64;
        m_byStart.emplace(start, std::span<const Pattern>(from, to));
        from = to;
    }
}

Redactor::~Redactor()
{
    for (Pattern &pattern : m_patterns)
        wipe(pattern.text);
    for (Secret &secret : m_secrets)
        wipe(secret.value);
}

void Redactor::add(std::string text, std::size_t secret)
{
    if (text.size() >= shortest)
        m_patterns.push_back({std::move(text), secret});
}

void Redactor::addForms(std::size_t secret)
{
    const std::string_view value = m_secrets[secret].value;
    std::vector<std::string_view> texts{value};
    for (std::size_t from = 0; value.find('\n') != std::string_view::npos && from < value.size();) {
        std::string_view line = value.substr(from, value.find('\n', from) - from);
        from += line.size() + 1;
        while (!line.empty() && (line.front() == ' ' || line.front() == '\t'))
            line.remove_prefix(1);
        while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r'))
            line.remove_suffix(1);
        if (line.size() >= shortestLine && !line.starts_with("-----"))
            texts.push_back(line);
    }
    for (const std::string_view text : texts) {
        const std::string json = escaped(text, '"');
        add(std::string(text), secret);
        add(json, secret);
        add(escaped(json, '"'), secret);
        add(escaped(text, '\''), secret);
        for (const char *digits : {"0123456789ABCDEF", "0123456789abcdef"}) {
            add(percentEncoded(text, Space::Percent, digits), secret);
            add(percentEncoded(text, Space::Plus, digits), secret);
        }
    }
}

/// The characters that depend on the value alone, for each of the three places where it can begin within a group.
void Redactor::addBase64(std::size_t secret)
{
    const std::string &value = m_secrets[secret].value;
    for (std::size_t offset = 0; offset < 3; ++offset) {
        const std::string coded = base::toBase64(base::asBytes(std::string(offset, '\0') + value));
        const std::size_t from = (8 * offset + 5) / 6;
        const std::size_t to = 8 * (offset + value.size()) / 6;
        if (to < from + shortestBase64)
            continue;
        std::string text = coded.substr(from, to - from);
        add(text, secret);
        std::ranges::replace(text, '+', '-');
        std::ranges::replace(text, '/', '_');
        add(std::move(text), secret);
    }
}

std::string Redactor::label(const Pattern &pattern) const
{
    return "[secret " + m_secrets[pattern.secret].name + ']';
}

const Redactor::Pattern *Redactor::patternAt(std::string_view text) const
{
    for (const Pattern &pattern : m_byStart.at(startOf(text))) {
        if (text.starts_with(pattern.text))
            return &pattern;
    }
    return nullptr;
}

void Redactor::redact(std::string &text) const
{
    if (text.size() < shortest)
        return;
    std::string out;
    std::size_t kept = 0; // up to here it is in `out`
    const std::size_t last = text.size() - 1;
    for (std::size_t i = 0; i < last;) {
        const std::uint16_t start = startOf({text.data() + i, 2});
        const Pattern *found = m_starts[start / 64] >> start % 64 & 1 ? patternAt(std::string_view(text).substr(i)) : nullptr;
        if (!found) {
            ++i;
            continue;
        }
        out.append(text, kept, i - kept).append(label(*found));
        i += found->text.size();
        kept = i;
    }
    if (kept > 0) {
        out.append(text, kept);
        text = std::move(out);
    }
    if (text.find(ellipsis) != std::string::npos)
        redactCut(text);
}

void Redactor::redactCut(std::string &text) const
{
    for (std::size_t cut = text.find(ellipsis); cut != std::string::npos; cut = text.find(ellipsis, cut + ellipsis.size())) {
        const Pattern *found = nullptr;
        std::size_t length = shortest - 1;
        for (const Pattern &pattern : m_patterns) {
            for (std::size_t n = std::min(pattern.text.size() - 1, cut); n > length; --n) {
                if (std::memcmp(text.data() + cut - n, pattern.text.data(), n) == 0) {
                    found = &pattern;
                    length = n;
                }
            }
        }
        if (found) {
            const std::string name = label(*found);
            text.replace(cut - length, length, name);
            cut += name.size() - length;
        }
    }
}

void Redactor::redact(Event &event) const
{
    struct Strings {
        std::array<std::string *, 4> operator()(RequestEvent &e) const { return {&e.method, &e.target, &e.handler, &e.error}; }
        std::array<std::string *, 4> operator()(CallEvent &e) const { return {&e.binding, &e.arguments, &e.result, &e.error}; }
        std::array<std::string *, 4> operator()(ConsoleEvent &e) const { return {&e.text, &e.values, &e.place.file}; }
        std::array<std::string *, 4> operator()(ExceptionEvent &e) const { return {&e.message, &e.stack, &e.excerpt, &e.place.file}; }
        std::array<std::string *, 4> operator()(NoticeEvent &e) const { return {&e.text, &e.place.file}; }
        std::array<std::string *, 4> operator()(ContentEvent &) const { return {}; } // by who keeps it: a producer has no time for bodies
    };
    for (std::string *text : std::visit(Strings{}, event)) {
        if (text)
            redact(*text);
    }
}

} // namespace cleat::events
