// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Where everything stands in a TOML text, to the byte. The grammar is TOML 1.0.0 (toml.io); scalars are only delimited here, toml11 reads them.
namespace cleat::config::toml {

struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t size() const { return end - begin; }
    bool operator==(const Range &) const = default;
};

/// One part of a dotted key; the range includes its quotes.
struct KeyPart {
    std::string name;
    Range range;
};

struct Member;

struct Value {
    enum class Kind { Scalar, String, Array, InlineTable };
    Kind kind = Kind::Scalar;
    Range range;
    std::vector<Value> items;    ///< of an array
    std::vector<Member> members; ///< of an inline table
};

struct Member {
    std::vector<KeyPart> key;
    Value value;
};

/// A header or a key with its value, with the whole lines that it takes (line end included, a comment at its end too).
struct Statement {
    enum class Kind { Table, ArrayTable, KeyValue };
    Kind kind = Kind::KeyValue;
    Range range;
    Range lines;
    std::vector<KeyPart> key;
    Value value;
    bool commented = false; ///< a comment follows on the same line
};

struct Line {
    enum class Kind { Blank, Comment, Code };
    Kind kind = Kind::Blank;
    Range range; ///< with its line end
};

struct Scan {
    std::vector<Statement> statements;
    std::vector<Line> lines; ///< a statement over several lines is one entry here
    std::size_t start = 0;   ///< past a byte order mark
};

/// Deeper nesting, and longer dotted keys, are refused.
inline constexpr int maxDepth = 64;
/// Longer lists and inline tables are refused: toml11 takes quadratic time for them, and a whole variable may have 5 KB.
inline constexpr std::size_t maxItems = 4096;
/// Larger texts are refused.
inline constexpr std::size_t maxBytes = std::size_t(1) << 20;

/// Code config.parse with line and column. Any thread.
base::Result<Scan> scan(std::string_view text, const std::string &path);

/// Line and column of a byte.
base::Place placeAt(std::string_view text, std::size_t offset, const std::string &path);

/// An error of code config.parse at a byte of the text; the message begins with the place.
std::unexpected<base::Error> failAt(std::string_view text, std::size_t offset, const std::string &path, const std::string &sentence);

/// The character at `offset`, for a message: 'x', the end of the line, the end of the file.
std::string foundAt(std::string_view text, std::size_t offset);

} // namespace cleat::config::toml
