// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::runtime {

/// A source map, version 3 (ECMA-426), for looking up where generated code came from. Decoded at construction; any thread afterwards.
class SourceMap final
{
public:
    /// An empty or malformed map knows no place. `root` is put in front of relative sources.
    SourceMap(std::string_view json, std::string_view root);

    /// Line and column of the generated code, from 1. A place with line 0 when the map does not know.
    base::Place original(int line, int column) const;

    /// The text of a source, by its name as original() gives it; nullptr when the map does not hold it.
    const std::string *content(std::string_view file) const;

private:
    struct Segment {
        std::uint32_t column; ///< generated, from 0
        std::int32_t source; ///< -1: not mapped
        std::uint32_t line; ///< original, from 0
        std::uint32_t originalColumn; ///< from 0
    };
    void decode(std::string_view mappings);

    std::vector<std::string> m_sources;
    std::vector<std::string> m_contents; ///< for each source; empty: not known
    std::vector<std::vector<Segment>> m_lines;
};

/// The lines from `around` before to `around` behind a line, which counts from 1, without the last line's break; long ones are cut off with an ellipsis. Empty when the text
/// has no such line; else `first` becomes the number of the first one.
std::string linesRound(std::string_view text, int line, int around, int &first);

} // namespace cleat::runtime
