// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cleat::events {

/// Puts "[secret NAME]" in place of every secret's value: as it is, escaped for JSON (once and twice) or for JavaScript, percent-encoded, within base64 at any
/// offset; each long line of a value of several lines on its own; and the beginning of one that was cut off before an ellipsis.
/// Not looked for, because they tell nothing and would spoil every line: values under four bytes, numbers under six digits, and words like "true",
/// "production" or "localhost".
/// Immutable; any thread.
class Redactor final
{
public:
    struct Secret {
        std::string name;
        std::string value;
        bool operator==(const Secret &) const = default;
    };
    explicit Redactor(std::vector<Secret> secrets);
    ~Redactor();
    Redactor(const Redactor &) = delete;
    Redactor &operator=(const Redactor &) = delete;

    /// What it was made of; equal secrets once.
    const std::vector<Secret> &secrets() const { return m_secrets; }

    void redact(std::string &text) const;
    /// All its strings.
    void redact(Event &event) const;

private:
    struct Pattern {
        std::string text;
        std::size_t secret = 0;
    };
    void add(std::string text, std::size_t secret);
    void addForms(std::size_t secret);
    void addBase64(std::size_t secret);
    const Pattern *patternAt(std::string_view text) const;
    void redactCut(std::string &text) const;
    std::string label(const Pattern &pattern) const;

    std::vector<Secret> m_secrets;
    std::vector<Pattern> m_patterns; ///< by their first two bytes, then longest first
    std::array<std::uint64_t, 1024> m_starts{}; ///< a bit for each pair of bytes with which some pattern begins
    std::unordered_map<std::uint16_t, std::span<const Pattern>> m_byStart;
};

} // namespace cleat::events
