// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/values/valueview.h"

#include <QString>

#include <cstdint>
#include <stop_token>
#include <string_view>
#include <vector>

namespace cleat::ui {

/// Cut text into rows for the screen: at line ends, and softly where a line is longer than so many cells (a wide character has two). Every 32nd row is remembered, so that
/// 25 MiB of line ends cost 13 MB, and any row is found at once. Any thread, one at a time; what is built does not change any more.
class TextRows final
{
public:
    /// A line without wrapping is still broken here, for the sake of who must lay it out.
    static constexpr int widestRow = 1000;

    struct Row {
        std::size_t begin = 0;
        std::size_t end = 0; ///< of what is shown: without the line's end
        std::size_t next = 0; ///< where the next row begins
        bool breaksLine = false; ///< the line goes on in the next row
        bool operator==(const Row &) const = default;
    };

    TextRows(ValueBytes bytes, int cells);
    /// Reads on, up to this place at least, or to the end; stops early when it is told to.
    void build(std::size_t until, std::stop_token stop = {});
    bool isComplete() const { return m_complete; }

    int cells() const { return m_cells; }
    const ValueBytes &bytes() const { return m_bytes; }
    std::uint64_t count() const { return m_rows; }
    /// How many there would be in all, if the rest is like what was read.
    std::uint64_t likelyCount() const;
    std::uint32_t lines() const { return m_lines; }

    Row row(std::uint64_t number) const { return spot(number).row; }
    /// A row with the number of its line, from 1.
    struct Spot {
        Row row;
        std::uint32_t line = 1;
        bool beginsLine = true;
        bool operator==(const Spot &) const = default;
    };
    Spot spot(std::uint64_t number) const;
    /// The one that follows, without looking it up.
    Spot after(const Spot &spot) const { return {cut(spot.row.next), spot.line + (spot.row.breaksLine ? 0 : 1), !spot.row.breaksLine}; }
    /// The row that this place is shown in.
    std::uint64_t rowAt(std::size_t offset) const;

private:
    static constexpr std::uint64_t every = 32;
    struct Mark {
        std::size_t offset = 0;
        std::uint32_t line = 1; ///< the line that the row is in
        bool begins = true; ///< whether the row begins it
    };
    Row cut(std::size_t begin) const;

    ValueBytes m_bytes;
    int m_cells;
    std::vector<Mark> m_marks;
    std::uint64_t m_rows = 0;
    std::uint32_t m_lines = 1;
    std::size_t m_next = 0; ///< where the next row begins
    bool m_nextBegins = true;
    bool m_complete = false;
};

/// What a row looks like: its characters with those that cannot be seen made visible, and which bytes each stands for.
struct ShownRow {
    QString text;
    std::vector<std::uint32_t> offsets; ///< from the row's begin, for each UTF-16 unit, and one for the end
    std::vector<bool> marked; ///< for each unit: it stands for something that cannot be seen
};
ShownRow shownRow(std::string_view bytes);

/// How many cells a character takes: 0 for what joins the one before, 2 for wide ones.
int cellsOf(char32_t character);

} // namespace cleat::ui
