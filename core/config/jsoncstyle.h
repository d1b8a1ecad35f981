// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/config/document.h"

#include <string>
#include <string_view>
#include <vector>

/// How a JSON text is laid out, and new values spelled in the same way.
namespace cleat::config::jsonc {

/// What stands between two values: their comma, comments and line ends. Blanks are left out.
struct Piece {
    enum class Kind { Newline, LineComment, BlockComment, Comma };
    Kind kind = Kind::Newline;
    Range range;
    bool isComment() const { return kind == Kind::LineComment || kind == Kind::BlockComment; }
};

/// The pieces from `from` to `to`, between which no value begins or ends.
std::vector<Piece> piecesOf(std::string_view text, std::size_t from, std::size_t to);
bool has(const std::vector<Piece> &pieces, Piece::Kind kind);

/// Where each member of an object (from its key on) or each item of a list stands.
std::vector<Range> elementsOf(const Value &container);

/// The blanks with which the line round `offset` begins.
std::string indentAt(std::string_view text, std::size_t offset);

/// Whether the elements of a list or an object stand side by side or each on its line.
enum class Shape { Line, Lines };

struct Style {
    std::string eol = "\n";
    std::string unit = "  ";   ///< one step of indentation
    std::string colon = ": ";  ///< from the end of a key to its value
    std::string gap = " ";     ///< behind a comma on one line
    std::string braces = " ";  ///< inside the braces of an object on one line
    std::string brackets;      ///< inside the brackets of a list on one line
    std::string trailing;      ///< "," where the last element on lines of their own has one
    Shape table = Shape::Lines; ///< of a new object
    Shape list = Shape::Lines;  ///< of a new list of objects
    Shape item = Shape::Lines;  ///< of an object in it
};

/// The style round `near` (a list or an object), else of what stands nearest to it, else of the file.
Style styleNear(const Document &document, const Value &near);
/// The shape of a list or an object that is not empty.
Shape shapeOf(const Document &document, const Value &container);
bool endsInComma(const Document &document, const Value &container);

/// A text of well-formed UTF-8 in quotes.
std::string inQuotes(std::string_view text);
std::string onOneLine(const base::Json &json, const Style &style);
/// With its outer elements on lines of their own, the closing bracket behind `indent`; what lies deeper stands on one line as long as it is short.
std::string onLines(const base::Json &json, const Style &style, const std::string &indent);
std::string shaped(const base::Json &json, Shape shape, const Style &style, const std::string &indent);
/// `before` is what precedes it on its line.
std::string fitted(const base::Json &json, const Style &style, const std::string &indent, std::size_t before);

} // namespace cleat::config::jsonc
