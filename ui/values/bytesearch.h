// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::ui {

/// What is looked for in a value.
struct FindWish {
    enum class Capitals { Ignored, Matched };
    enum class Means { Text, Bytes }; ///< Bytes: hexadecimal digits, "de ad be ef"
    QString text; ///< empty: nothing any more
    Capitals capitals = Capitals::Ignored;
    Means means = Means::Text;
    bool operator==(const FindWish &) const = default;
};

/// How far a search is.
struct FindState {
    std::size_t current = 0; ///< from 1; 0: none
    std::size_t count = 0;
    bool isSearching = false;
    bool hasMore = false; ///< there are more than were kept
    QString problem; ///< why it cannot be looked for
    bool operator==(const FindState &) const = default;
};

/// What looks for something in a value.
class Findable
{
public:
    virtual ~Findable() = default;
    virtual void find(const FindWish &wish) = 0;
    enum class Step { Next, Previous };
    virtual void findStep(Step step) = 0;
    std::function<void(const FindState &)> findStateChanged;
};

/// The places of something in bytes, in order.
struct ByteHits {
    struct Hit {
        std::size_t begin = 0;
        std::size_t end = 0;
        bool operator==(const Hit &) const = default;
    };
    static constexpr std::size_t most = 200'000;
    std::vector<Hit> hits;
    bool hasMore = false;
};

/// "de ad be", "0xDEAD" as bytes; nullopt: that is no whole number of them.
std::optional<std::string> parseHex(const QString &digits);

/// Any thread. Hits do not overlap. Capitals of all scripts are minded where they are ignored.
ByteHits findBytes(std::string_view bytes, const FindWish &wish, std::stop_token stop = {});

} // namespace cleat::ui
