// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/textrows.h"

#include "ui/values/utf8.h"

#include <QChar>

#include <algorithm>

namespace cleat::ui {

namespace {

constexpr int tabCells = 8;

bool isUnseen(char32_t c)
{
    return (c >= 0x80 && c < 0xA0) || c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF
        || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

/// In the place of a character that cannot be seen.
QString nameOf(char32_t c)
{
    return QStringLiteral("⟨%1⟩").arg(c, c < 0x100 ? 2 : 4, 16, QLatin1Char('0'));
}

} // namespace

int cellsOf(char32_t c)
{
    if (c < 0x300)
        return isUnseen(c) ? 4 : 1;
    if (isUnseen(c))
        return c > 0xFFFF ? 7 : 6;
    const QChar::Category category = QChar::category(c);
    if (category == QChar::Mark_NonSpacing || category == QChar::Mark_Enclosing)
        return 0;
    const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F)
        || (c >= 0xFF00 && c <= 0xFF60) || (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
    return wide ? 2 : 1;
}

TextRows::TextRows(ValueBytes bytes, int cells) : m_bytes(std::move(bytes)), m_cells(std::clamp(cells, 8, widestRow)) {}

TextRows::Row TextRows::cut(std::size_t begin) const
{
    const std::string_view text = *m_bytes;
    std::size_t at = begin;
    int used = 0;
    std::size_t lastGap = 0; // after a space: where it is best to break
    while (at < text.size()) {
        const auto c = static_cast<unsigned char>(text[at]);
        if (c == '\n')
            return {begin, at, at + 1, false};
        if (c == '\r' && at + 1 < text.size() && text[at + 1] == '\n')
            return {begin, at, at + 2, false};
        int width = 1;
        std::size_t length = 1;
        if (c == '\t') {
            width = tabCells - used % tabCells;
        } else if (c >= 0x80) {
            const Utf8Step step = utf8At(text, at);
            length = step.length;
            width = cellsOf(step.character);
        }
        // Marks that join a character are cut as well when there are thousands of them.
        if ((used + width > m_cells && at > begin) || at - begin > 8192) {
            const bool atGap = m_cells < widestRow && lastGap >= begin + (at - begin) / 2;
            const std::size_t next = atGap ? lastGap : at;
            return {begin, next, next, true};
        }
        used += width;
        at += length;
        if (c == ' ' || c == '\t')
            lastGap = at;
    }
    return {begin, text.size(), text.size(), false};
}

void TextRows::build(std::size_t until, std::stop_token stop)
{
    const std::string_view text = *m_bytes;
    while (!m_complete) {
        if (m_rows % every == 0) {
            if (m_next >= until || stop.stop_requested())
                return;
            m_marks.push_back({m_next, m_lines, m_nextBegins});
        }
        const Row row = cut(m_next);
        ++m_rows;
        const bool ended = !row.breaksLine && row.next > row.end;
        m_complete = row.next >= text.size() && !ended;
        m_next = row.next;
        m_nextBegins = ended;
        if (ended)
            ++m_lines;
    }
}

std::uint64_t TextRows::likelyCount() const
{
    if (m_complete || m_next == 0)
        return m_rows;
    return static_cast<std::uint64_t>(static_cast<double>(m_rows) * static_cast<double>(m_bytes->size()) / static_cast<double>(m_next));
}

TextRows::Spot TextRows::spot(std::uint64_t number) const
{
    if (m_marks.empty())
        return {};
    number = std::min(number, m_rows - 1);
    const Mark &mark = m_marks[number / every];
    Spot spot = {cut(mark.offset), mark.line, mark.begins};
    for (std::uint64_t i = 0; i < number % every; ++i)
        spot = after(spot);
    return spot;
}

std::uint64_t TextRows::rowAt(std::size_t offset) const
{
    if (m_marks.empty())
        return 0;
    auto mark = std::ranges::upper_bound(m_marks, offset, {}, &Mark::offset);
    if (mark != m_marks.begin())
        --mark;
    std::uint64_t number = static_cast<std::uint64_t>(mark - m_marks.begin()) * every;
    Row row = cut(mark->offset);
    while (row.next <= offset && number + 1 < m_rows) {
        row = cut(row.next);
        ++number;
    }
    return number;
}

ShownRow shownRow(std::string_view bytes)
{
    ShownRow out;
    out.text.reserve(static_cast<qsizetype>(bytes.size()));
    out.offsets.reserve(bytes.size() + 1);
    const auto add = [&out](const QString &text, std::size_t at, bool marked) {
        out.text += text;
        out.offsets.insert(out.offsets.end(), static_cast<std::size_t>(text.size()), static_cast<std::uint32_t>(at));
        out.marked.insert(out.marked.end(), static_cast<std::size_t>(text.size()), marked);
    };
    for (std::size_t at = 0; at < bytes.size();) {
        const Utf8Step step = utf8At(bytes, at);
        const char32_t c = step.character;
        if (c < 0x20 && c != '\t')
            add(QChar(static_cast<char16_t>(0x2400 + c)), at, true);
        else if (c == 0x7F)
            add(QChar(u'␡'), at, true);
        else if (!step.valid)
            add(QChar(u'\uFFFD'), at, true);
        else if (isUnseen(c))
            add(nameOf(c), at, true);
        else
            add(QString::fromUcs4(&c, 1), at, false);
        at += step.length;
    }
    out.offsets.push_back(static_cast<std::uint32_t>(bytes.size()));
    return out;
}

} // namespace cleat::ui
