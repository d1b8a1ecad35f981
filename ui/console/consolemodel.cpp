// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/consolemodel.h"

#include "ui/widgets/text.h"

#include <QElapsedTimer>

#include <algorithm>
#include <climits>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using Style = ConsoleItem::Style;

namespace {

constexpr int headLines = 12;
constexpr qsizetype headChars = 4000;
constexpr int maxTextItems = 2000;
constexpr std::size_t maxRequests = 50'000;
constexpr std::size_t maxGroupRequests = 10'000;

/// How much of a text the head shows, in bytes.
std::size_t headSize(const std::string &text)
{
    std::size_t end = 0;
    for (int i = 0; i < headLines; ++i) {
        end = text.find('\n', end);
        if (end == std::string::npos || end > static_cast<std::size_t>(headChars))
            break;
        ++end;
    }
    std::size_t size = end == std::string::npos ? text.size() : end - 1;
    if (size > static_cast<std::size_t>(headChars)) {
        size = static_cast<std::size_t>(headChars);
        while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
            --size;
    }
    return std::min(size, text.size());
}

bool unfolds(const ConsoleNode &node)
{
    return !node.members.empty();
}

std::shared_ptr<ConsoleItem> textItem(Style style, const QString &text)
{
    auto item = std::make_shared<ConsoleItem>();
    item->style = style;
    item->text = text;
    if (style == Style::Frame) {
        item->text = text.trimmed();
        item->place = placeOfFrame(item->text);
    }
    return item;
}

/// The members of a node.
std::vector<std::shared_ptr<ConsoleItem>> membersOf(const std::shared_ptr<const ConsoleValues> &owner, const ConsoleNode &node, int depth)
{
    std::vector<std::shared_ptr<ConsoleItem>> items;
    for (const ConsoleNode &member : node.members) {
        auto item = std::make_shared<ConsoleItem>();
        item->depth = depth;
        if (member.type == ConsoleNode::Type::Frame) {
            item->style = Style::Frame;
            item->text = member.text;
            item->place = placeOfFrame(member.text);
        } else {
            item->style = Style::Value;
            item->owner = owner;
            item->node = &member;
        }
        items.push_back(std::move(item));
    }
    if (node.more > 0) {
        items.push_back(textItem(Style::Left, ConsoleModel::tr("%Ln more", nullptr, node.more)));
        items.back()->depth = depth;
    }
    return items;
}

} // namespace

ConsoleModel::ConsoleModel(QObject *parent, std::size_t maxLines, std::size_t maxBytes)
    : QAbstractListModel(parent), m_maxLines(maxLines), m_maxBytes(maxBytes), m_values(500)
{
}

ConsoleModel::~ConsoleModel() = default;

int ConsoleModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ConsoleModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || role != Qt::DisplayRole)
        return {};
    const int row = index.row();
    const ConsoleItem *item = this->item(row);
    if (!item)
        return line(row).asText();
    const QString indent(item->depth * 2, u' ');
    if (!item->node)
        return QString(indent + item->text);
    return QString(indent + (item->node->key.isEmpty() ? QString() : item->node->key + (item->node->kind == ConsoleNode::Kind::Entry ? u" => "_s : u": "_s)) + item->node->text);
}

const ConsoleLine &ConsoleModel::line(int row) const
{
    return held(number(row));
}

int ConsoleModel::rowOf(std::uint64_t number) const
{
    const auto row = std::ranges::lower_bound(m_rows, number, {}, &Row::number);
    return row != m_rows.end() && row->number == number ? static_cast<int>(row - m_rows.begin()) : -1;
}

// ---- lines in and out

QString ConsoleModel::labelOf(const events::RequestEvent &request)
{
    return fromUtf8(request.method) + u' ' + fromUtf8(std::string_view(request.target).substr(0, 200));
}

void ConsoleModel::noteRequest(const events::RequestEvent &event)
{
    if (m_requests.insert_or_assign(event.id, labelOf(event)).second)
        m_requestOrder.push_back(event.id);
    while (m_requestOrder.size() > maxRequests) {
        m_requests.erase(m_requestOrder.front());
        m_requestOrder.pop_front();
    }
}

void ConsoleModel::take(std::span<const std::shared_ptr<const events::Batch>> batches)
{
    for (const auto &batch : batches) {
        for (const events::Event &event : *batch) {
            if (const auto *request = std::get_if<events::RequestEvent>(&event)) {
                noteRequest(*request);
                if (request->state != events::RequestState::Running)
                    m_groups.erase(request->id);
            } else if (auto line = ConsoleLine::of(event)) {
                add(*std::move(line));
            }
        }
    }
    letGo();
}

void ConsoleModel::add(ConsoleLine &&line)
{
    const std::uint64_t number = m_first + m_lines.size();
    if (line.depth > 0 || line.opens != ConsoleLine::Opens::Nothing) {
        auto &open = m_groups[line.request];
        while (!open.empty() && open.back().first >= line.depth)
            open.pop_back();
        line.group = open.empty() ? 0 : open.back().second;
        if (line.opens != ConsoleLine::Opens::Nothing)
            open.emplace_back(line.depth, number);
        if (line.opens == ConsoleLine::Opens::Collapsed)
            m_folded.insert(number);
        if (m_groups.size() > maxGroupRequests)
            m_groups.erase(m_groups.begin());
    }
    m_bytes += line.memory();
    ++m_counts.at(static_cast<std::size_t>(line.level));
    m_lines.push_back(std::move(line));
}

void ConsoleModel::letGo()
{
    if (m_lines.size() <= m_maxLines && m_bytes <= m_maxBytes)
        return;
    std::size_t gone = 0;
    while (gone < m_lines.size() && (m_lines.size() - gone > m_maxLines || m_bytes > m_maxBytes)) {
        m_bytes -= m_lines[gone].memory();
        --m_counts.at(static_cast<std::size_t>(m_lines[gone].level));
        ++gone;
    }
    const std::uint64_t first = m_first + gone;
    const auto kept = std::ranges::lower_bound(m_rows, first, {}, &Row::number);
    const int rows = static_cast<int>(kept - m_rows.begin());
    if (rows > 0)
        beginRemoveRows({}, 0, rows - 1);
    m_shown -= static_cast<std::size_t>(std::ranges::count_if(m_rows.begin(), kept, [](const Row &row) { return !row.item; }));
    m_rows.erase(m_rows.begin(), kept);
    m_lines.erase(m_lines.begin(), m_lines.begin() + static_cast<std::ptrdiff_t>(gone));
    m_first = first;
    m_next = std::max(m_next, m_first);
    m_dropped += gone;
    m_unfolded.erase(m_unfolded.begin(), m_unfolded.lower_bound(first));
    m_folded.erase(m_folded.begin(), m_folded.lower_bound(first));
    if (rows > 0)
        endRemoveRows();
}

void ConsoleModel::clear()
{
    beginResetModel();
    m_first += m_lines.size();
    m_next = m_first;
    m_lines.clear();
    m_rows.clear();
    m_unfolded.clear();
    m_folded.clear();
    m_groups.clear();
    m_values.clear();
    m_counts = {};
    m_shown = m_bytes = 0;
    m_dropped = 0;
    endResetModel();
}

// ---- rows

bool ConsoleModel::isShown(const ConsoleLine &line) const
{
    if (!(m_levels >> static_cast<unsigned>(line.level) & 1))
        return false;
    for (std::uint64_t group = line.group; group >= m_first; group = held(group).group) {
        if (m_folded.contains(group))
            return false;
    }
    return m_filter.empty() || m_filter.fits(line);
}

bool ConsoleModel::step(int milliseconds)
{
    constexpr std::uint64_t atOnce = 20'000; // each time, the view looks at itself
    constexpr std::uint64_t betweenLooks = 64; // at the clock
    QElapsedTimer spent;
    spent.start();
    const std::uint64_t end = m_first + m_lines.size();
    while (m_next < end && spent.elapsed() < milliseconds) {
        std::vector<Row> fresh;
        Row *last = m_rows.empty() ? nullptr : &m_rows.back();
        int changed = -1;
        for (const std::uint64_t stop = std::min(end, m_next + atOnce); m_next < stop; ++m_next) {
            if (m_next % betweenLooks == 0 && spent.elapsed() >= milliseconds)
                break;
            const ConsoleLine &line = held(m_next);
            if (!isShown(line))
                continue;
            Row *before = fresh.empty() ? last : &fresh.back();
            if (m_equals == Equals::Together && before && !before->item && held(before->number).sameAs(line)) {
                before->number = m_next;
                ++before->times;
                if (fresh.empty())
                    changed = static_cast<int>(m_rows.size()) - 1;
                continue;
            }
            fresh.push_back({m_next, 1, nullptr});
            ++m_shown;
            if (const auto items = m_unfolded.find(m_next); items != m_unfolded.end()) {
                for (const auto &item : items->second)
                    fresh.push_back({m_next, 1, item});
            }
        }
        if (changed >= 0)
            Q_EMIT dataChanged(index(changed), index(changed));
        if (!fresh.empty()) {
            const int at = rowCount();
            beginInsertRows({}, at, at + static_cast<int>(fresh.size()) - 1);
            m_rows.insert(m_rows.end(), std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
            endInsertRows();
        }
    }
    return m_next < end;
}

void ConsoleModel::rescan()
{
    beginResetModel();
    m_rows.clear();
    m_shown = 0;
    m_next = m_first;
    endResetModel();
}

void ConsoleModel::setFilter(ConsoleFilter filter)
{
    m_filter = std::move(filter);
    rescan();
}

void ConsoleModel::setLevels(unsigned levels)
{
    if (levels == m_levels)
        return;
    m_levels = levels;
    rescan();
}

void ConsoleModel::setEquals(Equals equals)
{
    if (equals == m_equals)
        return;
    m_equals = equals;
    rescan();
}

// ---- what a row shows

std::shared_ptr<const ConsoleValues> ConsoleModel::values(int row) const
{
    const std::uint64_t number = this->number(row);
    if (const auto *known = m_values.object(number))
        return *known;
    auto parsed = ConsoleValues::parse(line(row).values);
    m_values.insert(number, new std::shared_ptr<const ConsoleValues>(parsed));
    return parsed;
}

bool ConsoleModel::showsValues(int row) const
{
    if (line(row).values.empty())
        return false;
    const auto known = values(row);
    return !known->nodes.empty() && known->nodes.front().type != ConsoleNode::Type::Table && known->nodes.front().type != ConsoleNode::Type::Trace;
}

QString ConsoleModel::head(int row) const
{
    if (showsValues(row)) {
        QString text;
        for (const ConsoleNode &node : values(row)->nodes)
            text += node.text;
        return text.left(headChars);
    }
    const ConsoleLine &line = this->line(row);
    if (line.kind == ConsoleLine::Kind::Console && !line.values.empty()) {
        const auto known = values(row);
        if (!known->nodes.empty() && known->nodes.front().type == ConsoleNode::Type::Trace)
            return known->nodes.front().text;
    }
    const std::size_t size = headSize(line.text);
    return fromUtf8(std::string_view(line.text).substr(0, size)) + (size < line.text.size() ? u" …"_s : QString());
}

bool ConsoleModel::isFoldable(int row) const
{
    if (const ConsoleItem *item = this->item(row))
        return item->foldable();
    const ConsoleLine &line = this->line(row);
    if (line.opens != ConsoleLine::Opens::Nothing || !line.stack.empty() || !line.excerpt.empty())
        return true;
    if (!line.values.empty() && std::ranges::any_of(values(row)->nodes, unfolds))
        return true;
    return !showsValues(row) && headSize(line.text) < line.text.size();
}

bool ConsoleModel::isOpen(int row) const
{
    if (const ConsoleItem *item = this->item(row))
        return item->open;
    const std::uint64_t number = this->number(row);
    return line(row).opens != ConsoleLine::Opens::Nothing ? !m_folded.contains(number) : m_unfolded.contains(number);
}

ConsoleModel::Items ConsoleModel::itemsOf(const ConsoleLine &line, const std::shared_ptr<const ConsoleValues> &values) const
{
    Items items;
    if (!line.excerpt.empty()) {
        int number = line.excerptLine;
        for (const QString &source : fromUtf8(line.excerpt).split(u'\n')) {
            items.push_back(textItem(number == line.place.line ? Style::SourceMarked : Style::Source, u"%1  %2"_s.arg(number, 5).arg(source)));
            ++number;
        }
        if (items.back()->text.trimmed() == QString::number(number - 1))
            items.pop_back(); // what follows the last line's end
    }
    if (!line.stack.empty()) {
        for (const QString &frame : fromUtf8(line.stack).split(u'\n', Qt::SkipEmptyParts))
            items.push_back(textItem(frame.trimmed().startsWith("at "_L1) ? Style::Frame : Style::Text, frame));
        return items;
    }
    const auto trees = std::ranges::count_if(values->nodes, unfolds);
    if (trees > 0) {
        for (const ConsoleNode &node : values->nodes) {
            if (!unfolds(node))
                continue;
            if (trees == 1)
                return membersOf(values, node, 1);
            auto item = std::make_shared<ConsoleItem>();
            item->style = Style::Value;
            item->owner = values;
            item->node = &node;
            items.push_back(std::move(item));
        }
        return items;
    }
    const std::size_t shown = headSize(line.text);
    if (shown < line.text.size()) {
        const bool within = line.text[shown] != '\n'; // one long line: the rest of it, in pieces
        const QString rest = fromUtf8(std::string_view(line.text).substr(shown + (within ? 0 : 1)));
        int left = maxTextItems;
        for (const QString &part : rest.split(u'\n')) {
            for (qsizetype at = 0; (at == 0 || at < part.size()) && left > 0; at += headChars, --left)
                items.push_back(textItem(Style::Text, part.mid(at, headChars)));
        }
        if (left <= 0)
            items.push_back(textItem(Style::Left, tr("What follows is in the copied and the saved text.")));
    }
    return items;
}

void ConsoleModel::insertItems(int below, Items &&items)
{
    if (items.empty())
        return;
    const std::uint64_t number = this->number(below);
    beginInsertRows({}, below + 1, below + static_cast<int>(items.size()));
    std::vector<Row> rows;
    for (auto &item : items)
        rows.push_back({number, 1, std::move(item)});
    m_rows.insert(m_rows.begin() + below + 1, std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
    endInsertRows();
}

void ConsoleModel::removeItems(int below)
{
    const std::uint64_t number = this->number(below);
    const int depth = item(below) ? item(below)->depth : 0;
    int end = below + 1;
    while (end < rowCount() && this->number(end) == number && item(end) && item(end)->depth > depth)
        ++end;
    if (end == below + 1)
        return;
    beginRemoveRows({}, below + 1, end - 1);
    m_rows.erase(m_rows.begin() + below + 1, m_rows.begin() + end);
    endRemoveRows();
}

void ConsoleModel::toggle(int row)
{
    if (row < 0 || row >= rowCount() || !isFoldable(row))
        return;
    const std::uint64_t number = this->number(row);
    const std::shared_ptr<ConsoleItem> item = m_rows[static_cast<std::size_t>(row)].item; // kept: the rows move
    if (!item && line(row).opens != ConsoleLine::Opens::Nothing) {
        if (!m_folded.erase(number))
            m_folded.insert(number);
        rescan();
        step(INT_MAX);
        return;
    }
    const bool open = isOpen(row);
    if (item)
        item->open = !open;
    if (open) {
        removeItems(row);
        if (!item)
            m_unfolded.erase(number);
    } else {
        insertItems(row, item ? membersOf(item->owner, *item->node, item->depth + 1) : itemsOf(line(row), values(row)));
        if (!item)
            m_unfolded[number] = {};
    }
    if (const auto known = m_unfolded.find(number); known != m_unfolded.end()) {
        known->second.clear();
        for (int at = rowOf(number) + 1; at < rowCount() && this->number(at) == number; ++at)
            known->second.push_back(m_rows[static_cast<std::size_t>(at)].item);
    }
    Q_EMIT dataChanged(index(row), index(row));
}

QString ConsoleModel::requestLabel(events::RequestId request) const
{
    if (const auto known = m_requests.find(request); known != m_requests.end())
        return known->second;
    if (QString label = m_requestLookup ? m_requestLookup(request) : QString(); !label.isEmpty())
        return label;
    m_labelsMissed = true;
    return u"#%1"_s.arg(request);
}

} // namespace cleat::ui
