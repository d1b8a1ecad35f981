// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/jsoncedit.h"

#include <algorithm>

namespace cleat::config::jsonc {

namespace {

using Kind = Piece::Kind;
using Pieces = std::vector<Piece>;

/// The number of pieces up to the first of that kind, from `from` on; all when there is none.
std::size_t find(const Pieces &pieces, Kind kind, std::size_t from = 0)
{
    return std::size_t(std::find_if(pieces.begin() + std::ptrdiff_t(std::min(from, pieces.size())), pieces.end(), [kind](const Piece &p) { return p.kind == kind; })
                       - pieces.begin());
}

/// Behind the pieces at the end of the element's line come whole lines. Those comment lines that follow at once belong to the element, unless something follows
/// them at once: then they are its heading. `line` is the piece that ends the element's line; returns the one that ends the last line that belongs to it.
std::size_t lastOwnLine(const Pieces &pieces, std::size_t line, bool lastElement)
{
    std::size_t at = line;
    while (at + 2 < pieces.size() && pieces[at + 1].isComment() && pieces[at + 2].kind == Kind::Newline)
        at += 2;
    const bool blankBelow = at + 1 < pieces.size() && pieces[at + 1].kind == Kind::Newline;
    const bool endBelow = at + 1 == pieces.size() && lastElement;
    return blankBelow || endBelow ? at : line;
}

/// Whether the pieces before an element say that commas begin the lines.
bool commaFirst(const Pieces &before)
{
    return before.size() > 1 && before.back().kind == Kind::Comma && before[before.size() - 2].kind == Kind::Newline;
}

std::string repeated(const std::string &text, std::size_t times)
{
    std::string out;
    while (times-- > 0)
        out += text;
    return out;
}

} // namespace

Pieces Editor::before(const Value &container, std::size_t at) const
{
    const std::vector<Range> elements = elementsOf(container);
    const std::size_t from = at == 0 ? container.range.begin + 1 : elements[at - 1].end;
    return piecesOf(m_document.text, from, at < elements.size() ? elements[at].begin : container.range.end - 1);
}

Pieces Editor::behind(const Value &container, std::size_t at) const
{
    return before(container, at + 1);
}

bool Editor::beginsLine(const Value &container, std::size_t at) const
{
    return has(before(container, at), Kind::Newline);
}

std::size_t Editor::skipBlanks(std::size_t at) const
{
    while (at < m_document.text.size() && (m_document.text[at] == ' ' || m_document.text[at] == '\t'))
        ++at;
    return at;
}

std::size_t Editor::backOverBlanks(std::size_t at) const
{
    while (at > 0 && (m_document.text[at - 1] == ' ' || m_document.text[at - 1] == '\t'))
        --at;
    return at;
}

// ---- inserting ----

Editor::Slot Editor::slot(const Value &container, std::size_t after) const
{
    const std::string &text = m_document.text;
    const std::vector<Range> elements = elementsOf(container);
    const std::string below = indentAt(text, container.range.begin) + styleNear(m_document, container).unit;
    if (elements.empty()) {
        const Pieces inside = before(container, 0);
        if (!inside.empty())
            return {has(inside, Kind::Newline) ? Shape::Lines : Shape::Line, below};
        // Lines, where its line holds nothing else but its name; so the whole of an empty file does.
        const std::size_t newline = text.rfind('\n', container.range.begin);
        const std::size_t line = newline == std::string::npos ? m_document.scan.start : newline + 1;
        const bool alone = &container == m_document.root.value
            || (line > m_document.root.begin && text.substr(line, container.range.begin - line).find_first_of(",{[") == std::string::npos);
        return {alone ? Shape::Lines : Shape::Line, below};
    }
    if (after == first)
        return {beginsLine(container, 0) ? Shape::Lines : Shape::Line, indentAt(text, elements.front().begin)};
    const Pieces next = behind(container, after);
    const bool last = after + 1 == elements.size();
    const bool lines = beginsLine(container, after) && (last || has(next, Kind::Newline));
    return {lines ? Shape::Lines : Shape::Line, indentAt(text, lines ? elements[after].begin : elements[after].end - 1)};
}

std::size_t Editor::blankLinesAbove(const Value &container, std::size_t at) const
{
    const Pieces pieces = before(container, at);
    std::size_t end = pieces.size();
    while (end >= 2 && pieces[end - 1].kind == Kind::Newline && pieces[end - 2].isComment())
        end -= 2;
    std::size_t newlines = 0;
    while (newlines < end && pieces[end - newlines - 1].kind == Kind::Newline)
        ++newlines;
    return newlines > 1 ? newlines - 1 : 0;
}

void Editor::insertIntoEmpty(const Value &container, const Slot &slot, const Style &style, const std::string &element)
{
    const Range inside{container.range.begin + 1, container.range.end - 1};
    const Pieces pieces = before(container, 0);
    const auto comment = std::find_if(pieces.rbegin(), pieces.rend(), [](const Piece &piece) { return piece.isComment(); });
    if (pieces.empty()) {
        const std::string &padding = container.kind == Value::Kind::Array ? style.brackets : style.braces;
        replace(inside, slot.shape == Shape::Lines ? style.eol + slot.indent + element + style.trailing + style.eol + indentAt(m_document.text, container.range.begin)
                                                   : padding + element + padding);
    } else if (pieces.back().kind == Kind::Newline) {
        const Piece &line = comment == pieces.rend() ? pieces.front() : pieces.back();
        put(line.range.end, slot.indent + element + style.trailing + style.eol);
    } else {
        put(comment->range.end, comment->kind == Kind::LineComment ? style.eol + slot.indent + element : " " + element);
    }
}

void Editor::insertFirst(const Value &container, const Slot &slot, const Style &style, const std::string &element)
{
    const Pieces pieces = before(container, 0);
    if (slot.shape == Shape::Line) {
        put(elementsOf(container).front().begin, element + "," + style.gap);
        return;
    }
    // Above the comments that are the heading of what comes next.
    std::size_t at = pieces.size() - 1;
    while (pieces[at].kind != Kind::Newline)
        --at;
    while (at >= 2 && pieces[at - 1].isComment() && pieces[at - 2].kind == Kind::Newline)
        at -= 2;
    put(pieces[at].range.end, slot.indent + element + "," + style.eol);
}

void Editor::insert(const Value &container, std::size_t after, const Slot &slot, const Style &style, const std::string &element, std::size_t blankLines)
{
    const std::vector<Range> elements = elementsOf(container);
    if (elements.empty()) {
        insertIntoEmpty(container, slot, style, element);
        return;
    }
    if (after == first) {
        insertFirst(container, slot, style, element);
        return;
    }
    const Pieces pieces = behind(container, after);
    const bool last = after + 1 == elements.size();
    const std::size_t comma = find(pieces, Kind::Comma);
    const bool hasComma = comma < pieces.size();
    std::size_t at = hasComma ? pieces[comma].range.end : elements[after].end;
    const std::string behindIt = hasComma ? "," : "";
    const Pieces above = before(container, after);
    if (slot.shape == Shape::Line) {
        for (std::size_t i = 0; !hasComma && i < pieces.size() && pieces[i].kind == Kind::BlockComment; ++i)
            at = pieces[i].range.end;
        put(at, (hasComma ? "" : ",") + style.gap + element + behindIt);
        return;
    }
    const bool leads = after > 0 && commaFirst(above);
    if (leads)
        at = elements[after].end;
    else if (!hasComma)
        put(elements[after].end, ",");
    const std::size_t line = find(pieces, Kind::Newline, hasComma && !leads ? comma : 0);
    if (line < pieces.size())
        at = pieces[lastOwnLine(pieces, line, last)].range.begin;
    else if (!pieces.empty())
        at = pieces.back().range.end;
    const std::string lead = leads ? std::string(m_document.slice({above.back().range.begin, elements[after].begin})) : "";
    put(at, repeated(style.eol, blankLines + 1) + slot.indent + lead + element + (leads ? "" : behindIt));
}

// ---- removing ----

bool Editor::isAllOf(const Value &container) const
{
    if (elementsOf(container).size() != 1)
        return false;
    const auto isComment = [](const Piece &piece) { return piece.isComment(); };
    const Pieces above = before(container, 0);
    const Pieces below = behind(container, 0);
    return std::ranges::none_of(above, isComment) && std::none_of(below.begin() + std::ptrdiff_t(find(below, Kind::Newline)), below.end(), isComment);
}

/// Only where the element and what stands at its end take whole lines.
bool Editor::removeLines(const Value &container, std::size_t at)
{
    const std::vector<Range> elements = elementsOf(container);
    const bool last = at + 1 == elements.size();
    const Pieces above = before(container, at);
    const Pieces below = behind(container, at);
    const std::size_t line = find(below, Kind::Newline);
    const std::size_t comma = find(below, Kind::Comma);
    const bool leads = at > 0 && commaFirst(above);
    const bool commaBelow = comma < below.size() && comma > line;
    if (line == below.size() || above.empty() || (leads ? comma < line : above.back().kind != Kind::Newline || commaBelow))
        return false;
    Range range{above[above.size() - (leads ? 2 : 1)].range.end, below[line].range.end};

    // Of the blank lines on its two sides, one side is enough.
    const bool blankAbove = above.size() > 1 && above[above.size() - 2].kind == Kind::Newline;
    const bool blankBelow = line + 1 < below.size() && below[line + 1].kind == Kind::Newline;
    const bool top = at == 0 && std::ranges::none_of(above, [](const Piece &piece) { return piece.isComment(); });
    const bool bottom = last && line + 1 == below.size();
    if (blankAbove && (blankBelow || bottom)) {
        std::size_t from = above.size() - 1;
        while (from > 0 && above[from - 1].kind == Kind::Newline)
            --from;
        range.begin = above[from].range.end;
    } else if (top && blankBelow) {
        for (std::size_t i = line + 1; i < below.size() && below[i].kind == Kind::Newline; ++i)
            range.end = below[i].range.end;
    }
    replace(range, {});
    if (last && comma == below.size() && at > 0 && !leads)
        replace(above[find(above, Kind::Comma)].range, {});
    return true;
}

/// The element, its comma, and the comments between the two or right behind the last one; neighbours on its line stay.
void Editor::removeBeside(const Value &container, std::size_t at)
{
    const std::vector<Range> elements = elementsOf(container);
    const bool last = at + 1 == elements.size();
    const Pieces above = before(container, at);
    const Pieces below = behind(container, at);
    const std::size_t comma = find(below, Kind::Comma);
    const bool hasComma = comma < below.size();
    Range range = elements[at];
    for (std::size_t i = 0; i < (hasComma ? comma : below.size()) && below[i].kind == Kind::BlockComment; ++i)
        range.end = below[i].range.end;
    if (last && !hasComma && at > 0) {
        const Range separator = above[find(above, Kind::Comma)].range;
        if (std::ranges::none_of(above, [](const Piece &piece) { return piece.isComment(); })) {
            replace({separator.begin, range.end}, {});
            return;
        }
        replace(separator, {});
    }
    if (hasComma && std::all_of(below.begin(), below.begin() + std::ptrdiff_t(comma), [](const Piece &piece) { return piece.kind == Kind::BlockComment; }))
        range.end = below[comma].range.end;
    else if (hasComma)
        replace(below[comma].range, {});
    // Blanks stay on one side, and none at the end of a line.
    const std::size_t end = skipBlanks(range.end);
    const char next = m_document.text[end];
    if (next == '\n' || next == '\r' || next == '}' || next == ']')
        range.begin = has(above, Kind::Newline) && above.back().kind == Kind::Newline ? range.begin : backOverBlanks(range.begin);
    else if (range.end != elements[at].end)
        range.end = end;
    replace(range, {});
}

void Editor::remove(const Value &container, std::size_t at)
{
    const std::vector<Range> elements = elementsOf(container);
    if (isAllOf(container))
        replace({container.range.begin + 1, container.range.end - 1}, {});
    else if (!removeLines(container, at))
        removeBeside(container, at);
}

} // namespace cleat::config::jsonc
