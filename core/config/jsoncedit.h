// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/textedit.h"
#include "core/config/jsoncstyle.h"

#include <string>
#include <vector>

namespace cleat::config::jsonc {

/// Collects text edits on one parsed document. Knows commas, comments and lines, but not what the objects mean.
/// One call to a verb for one document: their edits are not made to stand side by side. Any thread.
class Editor final
{
public:
    static constexpr std::size_t first = std::size_t(-1); ///< instead of an element's number: before all of them

    explicit Editor(const Document &document) : m_document(document) {}
    Editor(const Editor &) = delete;
    Editor &operator=(const Editor &) = delete;

    std::string result() const { return base::applyEdits(m_document.text, m_edits); }

    /// Where a new element of a list or an object would stand.
    struct Slot {
        Shape shape = Shape::Line; ///< on a line of its own, or beside the others
        std::string indent;        ///< with which a line of the new element begins
    };
    Slot slot(const Value &container, std::size_t after) const;

    /// `element` is finished JSON for that slot. `blankLines` stand before it when it stands on its own line.
    void insert(const Value &container, std::size_t after, const Slot &slot, const Style &style, const std::string &element, std::size_t blankLines);
    /// How many blank lines stand above an element and the comments that belong to it.
    std::size_t blankLinesAbove(const Value &container, std::size_t at) const;

    void replace(Range range, std::string text) { m_edits.push_back({range.begin, range.size(), std::move(text)}); }

    /// Takes away the lines of the element and the comment at its end; comments above and below stay.
    void remove(const Value &container, std::size_t at);
    /// Whether a list or an object with one element would be left without a comment, too, if that were removed.
    bool isAllOf(const Value &container) const;

private:
    std::vector<Piece> before(const Value &container, std::size_t at) const;
    std::vector<Piece> behind(const Value &container, std::size_t at) const;
    bool beginsLine(const Value &container, std::size_t at) const;
    void insertIntoEmpty(const Value &container, const Slot &slot, const Style &style, const std::string &element);
    void insertFirst(const Value &container, const Slot &slot, const Style &style, const std::string &element);
    bool removeLines(const Value &container, std::size_t at);
    void removeBeside(const Value &container, std::size_t at);
    std::size_t skipBlanks(std::size_t at) const;
    std::size_t backOverBlanks(std::size_t at) const;
    void put(std::size_t at, std::string text) { m_edits.push_back({at, 0, std::move(text)}); }

    const Document &m_document;
    std::vector<base::TextEdit> m_edits;
};

} // namespace cleat::config::jsonc
