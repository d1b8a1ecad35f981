// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/edit.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What must hold of every edit of every text, and a source of both. Used by the ordinary test and by the fuzz target.
namespace cleat::config::property {

/// Applies the edit and says what is wrong with the outcome; nullopt when it is a refusal with a proper code, or a text that means what the edit says,
/// keeps the other sets as they were and keeps the lines that the edit does not concern.
std::optional<std::string> violation(std::string_view text, Form form, const Edit &edit);

/// The same of each edit of a step, and that the step as a whole does what its parts do one after the other, or nothing.
std::optional<std::string> violation(std::string_view text, Form form, std::span<const Edit> step);

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

/// The texts of the golden cases, and the kept ones of tests/fuzz/corpus/config.
std::vector<std::string> corpus(Form form);

/// A few random changes to a text: pieces moved, doubled, dropped; characters and fragments of its language put in.
std::string mutated(std::string text, Form form, const std::vector<std::string> &corpus, Random &random);

/// A random edit, mostly one that fits the text.
Edit randomEdit(std::string_view text, Form form, Random &random);

/// One edit, several, or a move between environments.
std::vector<Edit> randomStep(std::string_view text, Form form, Random &random);

/// For a failure message.
std::string describe(const Edit &edit);
std::string describe(std::span<const Edit> step);

} // namespace cleat::config::property
