// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::data {

/// Where some of a long row of keys are by number: each of them while they are few, then every second, every fourth and so on. Holds a few thousand keys.
class SparsePlaces final
{
public:
    /// In ascending order.
    void add(std::string_view key);
    std::uint64_t count() const { return m_count; }

    struct Place {
        std::uint64_t number = 0;
        std::string_view key; ///< valid until the next add()
    };
    /// The last one known up to that number; nullopt when there is none.
    std::optional<Place> upTo(std::uint64_t number) const;
    /// The last one known whose key is not behind `key`.
    std::optional<Place> upTo(std::string_view key) const;
    /// The key of that number, if it is one of those known.
    std::optional<std::string_view> at(std::uint64_t number) const;

private:
    std::uint64_t m_stride = 1;
    std::uint64_t m_count = 0;
    std::vector<std::string> m_keys;
};

} // namespace cleat::data
