// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/edit.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What must hold of every edit of every text, and a source of both. Used by the ordinary test and by the fuzz target.
namespace cleat::config::property {

/// Applies the edit and says what is wrong with the outcome; nullopt when it is a refusal with a proper code, or a text that means what the edit says,
/// keeps the other sets as they were and keeps the lines that the edit does not concern.
std::optional<std::string> violation(std::string_view text, const Edit &edit);

/// The same numbers on every machine (splitmix64).
class Random final
{
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t next();
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : std::size_t(next() % limit); }
    template <typename T>
    const T &oneOf(const std::vector<T> &from)
    {
        return from[below(from.size())];
    }

private:
    std::uint64_t m_state;
};

/// A few random changes to a text: pieces moved, doubled, dropped; characters and TOML fragments put in.
std::string mutated(std::string text, const std::vector<std::string> &corpus, Random &random);

/// A random edit, mostly one that fits the text.
Edit randomEdit(std::string_view text, Random &random);

/// For a failure message.
std::string describe(const Edit &edit);

} // namespace cleat::config::property
