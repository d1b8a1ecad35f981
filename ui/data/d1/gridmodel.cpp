// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/gridmodel.h"

#include "ui/data/d1/cellvalue.h"
#include "ui/widgets/text.h"

#include <climits>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;
using d1::RowChange;

namespace {

bool sameKey(const d1::Row &a, const d1::Row &b)
{
    return a.key == b.key && (!a.key.empty() || a.values == b.values);
}

int bounded(std::uint64_t count)
{
    return static_cast<int>(std::min<std::uint64_t>(count, INT_MAX - 1'000'000)); // room for new rows
}

} // namespace

GridModel::GridModel(D1Desk &desk, QObject *parent)
    : QAbstractTableModel(parent),
      m_desk(desk),
      m_wanted(std::make_shared<Wanted>()),
      m_window(desk.rowsThread(), this,
          {.fetch =
                  [wanted = m_wanted, reader = desk.reader()](std::uint64_t first, std::size_t count, std::stop_token stop) {
                      const d1::View view = [&] {
                          const std::lock_guard lock(wanted->mutex);
                          return wanted->view;
                      }();
                      return reader->rows().rows(view, first, count, std::move(stop));
                  },
              .arrived =
                  [this](std::uint64_t first, std::uint64_t last) {
                      if (first < m_window.count() && columnCount() > 0)
                          Q_EMIT dataChanged(index(bounded(first), 0), index(bounded(std::min(last, m_window.count() - 1)), columnCount() - 1));
                  },
              .failed = [this](const base::Error &error) { reportFailure(error); },
              .sameRow = sameKey,
              .sameContent = [](const Row &a, const Row &b) { return a == b; }})
{}

GridModel::~GridModel()
{
    m_desk.rowsThread().cancel(m_probing);
    m_desk.countsThread().cancel(m_counting);
}

void GridModel::reportFailure(const base::Error &error)
{
    if (error.code != "data.cancelled")
        Q_EMIT failed(formatError(error));
}

void GridModel::setLoading(bool loading)
{
    if (std::exchange(m_loading, loading) != loading)
        Q_EMIT loadingChanged();
}

void GridModel::clear()
{
    show({}, {});
}

void GridModel::show(const d1::Table &table, const d1::View &view)
{
    m_desk.rowsThread().cancel(std::exchange(m_probing, 0));
    m_desk.countsThread().cancel(std::exchange(m_counting, 0));
    m_countAgain = false;
    beginResetModel();
    if (table.name != m_table.name) {
        m_staged.clear();
        m_trouble.reset();
    }
    m_table = table;
    m_view = view;
    {
        const std::lock_guard lock(m_wanted->mutex);
        m_wanted->view = view;
    }
    m_window.reset(0);
    m_fresh = m_staged.fresh();
    m_counted.reset();
    endResetModel();
    Q_EMIT stagedChanged();
    Q_EMIT countedChanged();
    if (table.name.empty()) {
        setLoading(false);
        return;
    }
    setLoading(true);
    // The first page tells at once whether there are rows at all; the count may take long.
    constexpr std::size_t page = RowWindow<Row>::pageRows;
    m_probing = m_desk.rowsThread().run(
        this, [reader = m_desk.reader(), view](std::stop_token stop) { return reader->rows().rows(view, 0, page, std::move(stop)); },
        [this](base::Result<std::vector<Row>> &&rows) {
            m_probing = 0;
            setLoading(false);
            if (!rows) {
                m_desk.countsThread().cancel(std::exchange(m_counting, 0));
                reportFailure(rows.error());
                return;
            }
            if (rows->size() < page) {
                m_desk.countsThread().cancel(std::exchange(m_counting, 0));
                takeCount(rows->size());
            } else if (!m_counted && m_window.count() < page) {
                beginInsertRows({}, known(), bounded(page) - 1);
                m_window.setCount(page);
                endInsertRows();
            }
        });
    m_desk.rowsThread().hurry(m_probing);
    count();
}

void GridModel::count()
{
    if (m_counting) {
        m_countAgain = true;
        return;
    }
    m_counting = m_desk.countsThread().run(
        this, [counter = m_desk.counter(), view = m_view](std::stop_token stop) { return counter->rows().count(view, std::move(stop)); },
        [this](base::Result<std::uint64_t> &&count) {
            m_counting = 0;
            if (count)
                takeCount(*count);
            else if (!m_loading)
                reportFailure(count.error());
            if (std::exchange(m_countAgain, false))
                this->count();
        });
    m_desk.countsThread().hurry(m_counting);
}

void GridModel::takeCount(std::uint64_t count)
{
    const int before = known();
    const int after = bounded(count);
    if (after > before) {
        beginInsertRows({}, before, after - 1);
        m_window.setCount(static_cast<std::uint64_t>(after));
        endInsertRows();
    } else if (after < before) {
        beginRemoveRows({}, after, before - 1);
        m_window.setCount(static_cast<std::uint64_t>(after));
        endRemoveRows();
    }
    m_counted = count;
    if (m_view.filters.empty() && m_view.where.empty())
        m_desk.setRowCount(fromUtf8(m_table.name), count);
    Q_EMIT countedChanged();
}

void GridModel::refresh(int first, int last)
{
    if (m_table.name.empty())
        return;
    m_window.refresh(static_cast<std::uint64_t>(std::max(0, first)), static_cast<std::uint64_t>(std::max(0, last)));
    count();
}

// ---- what is there

std::optional<StagedRows::Slot> GridModel::slotAt(int row) const
{
    if (row >= known()) {
        const auto place = static_cast<std::size_t>(row - known());
        return place < m_fresh.size() ? std::optional(m_fresh[place]) : std::nullopt;
    }
    const Row *found = m_window.known(static_cast<std::uint64_t>(row));
    return found && !found->key.empty() ? std::optional(StagedRows::slotOf(found->key)) : std::nullopt;
}

const StagedRows::Edit *GridModel::editAt(int row) const
{
    if (m_staged.isEmpty())
        return nullptr;
    const auto slot = slotAt(row);
    return slot ? m_staged.find(*slot) : nullptr;
}

d1::RowKey GridModel::keyOf(int row) const
{
    const Row *found = row < known() ? m_window.known(static_cast<std::uint64_t>(row)) : nullptr;
    return found ? found->key : d1::RowKey();
}

std::uint64_t GridModel::cutBytes(const QModelIndex &index) const
{
    const StagedRows::Edit *edit = editAt(index.row());
    if (edit && edit->values.contains(index.column()))
        return 0;
    const Row *found = index.row() < known() ? m_window.known(static_cast<std::uint64_t>(index.row())) : nullptr;
    const auto column = static_cast<std::size_t>(index.column());
    return found && column < found->cut.size() ? found->cut[column] : 0;
}

std::optional<d1::Value> GridModel::value(const QModelIndex &index) const
{
    if (const StagedRows::Edit *edit = editAt(index.row())) {
        if (const auto found = edit->values.find(index.column()); found != edit->values.end())
            return found->second;
    }
    const Row *found = index.row() < known() ? m_window.at(static_cast<std::uint64_t>(index.row())) : nullptr;
    const auto column = static_cast<std::size_t>(index.column());
    return found && column < found->values.size() ? std::optional(found->values[column]) : std::nullopt;
}

GridModel::RowState GridModel::stateOf(const StagedRows::Edit *edit) const
{
    if (!edit)
        return RowState::Clean;
    switch (edit->kind) {
    case RowChange::Kind::Insert:
        return RowState::New;
    case RowChange::Kind::Update:
        return RowState::Changed;
    case RowChange::Kind::Delete:
        return RowState::Deleted;
    }
    return RowState::Clean;
}

/// Whether another changed what is edited here.
bool GridModel::clashes(int row, int column, const StagedRows::Edit &edit) const
{
    const auto before = edit.before.find(column);
    const Row *found = row < known() ? m_window.known(static_cast<std::uint64_t>(row)) : nullptr;
    const auto place = static_cast<std::size_t>(column);
    if (before == edit.before.end() || !found || place >= found->values.size() || (place < found->cut.size() && found->cut[place]))
        return false;
    return found->values[place] != before->second;
}

// ---- the model

int GridModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : known() + static_cast<int>(m_fresh.size());
}

int GridModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_table.columns.size());
}

QString GridModel::toolTip(const QModelIndex &index) const
{
    const StagedRows::Edit *edit = editAt(index.row());
    if (m_trouble && m_trouble == slotAt(index.row()))
        return m_troubleText;
    if (edit && edit->kind == RowChange::Kind::Delete)
        return tr("Deleted once you commit.");
    if (edit && edit->values.contains(index.column())) {
        if (clashes(index.row(), index.column(), *edit))
            return tr("Somebody else changed this value meanwhile. To commit is refused until you discard the edit or make it again.");
        const auto before = edit->before.find(index.column());
        if (edit->kind == RowChange::Kind::Update && before != edit->before.end())
            return tr("Was: %1").arg(cellText(before->second));
    }
    const auto value = this->value(index);
    return value && std::holds_alternative<std::string>(*value) && std::get<std::string>(*value).size() > 30 ? editText(*value) : QString();
}

QVariant GridModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const d1::Column &column = m_table.columns[static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole: {
        if (const auto found = value(index))
            return cellText(*found, cutBytes(index));
        if (index.row() < known())
            return QString(); // on its way
        return column.defaultSql ? tr("default: %1").arg(fromUtf8(*column.defaultSql))
            : column.generated   ? tr("computed")
            : column.primaryKey  ? tr("automatic")
                                 : u"NULL"_s;
    }
    case Qt::EditRole: {
        const auto found = value(index);
        return found ? editText(*found) : QString();
    }
    case Qt::TextAlignmentRole: {
        const auto found = value(index);
        const bool right = found ? isNumber(*found) : holdsNumbers(column);
        return QVariant(Qt::AlignVCenter | (right ? Qt::AlignRight : Qt::AlignLeft));
    }
    case Qt::ToolTipRole:
        return valueTip(toolTip(index));
    case StateRole:
        return static_cast<int>(stateOf(editAt(index.row())));
    case EditedRole: {
        const StagedRows::Edit *edit = editAt(index.row());
        return edit && edit->values.contains(index.column());
    }
    case NullRole: {
        const auto found = value(index);
        return found ? std::holds_alternative<std::monostate>(*found) : index.row() >= known();
    }
    case DimRole: {
        const auto found = value(index);
        return found && std::holds_alternative<d1::Blob>(*found);
    }
    case MarkedRole:
        return index.row() < known() && m_window.isMarked(static_cast<std::uint64_t>(index.row()));
    case TroubleRole: {
        if (m_trouble && m_trouble == slotAt(index.row()))
            return true;
        const StagedRows::Edit *edit = editAt(index.row());
        return edit && clashes(index.row(), index.column(), *edit);
    }
    default: // roles of Qt's that this model has nothing for
        return {};
    }
}

QVariant GridModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const d1::Column &column = m_table.columns[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole) {
        QString text = fromUtf8(column.name);
        for (std::size_t i = 0; i < m_view.sort.size(); ++i) {
            if (m_view.sort[i].column != column.name)
                continue;
            text += m_view.sort[i].order == d1::Sort::Order::Ascending ? u" ↑"_s : u" ↓"_s;
            if (m_view.sort.size() > 1)
                text += QString::number(i + 1);
        }
        return text;
    }
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (holdsNumbers(column) ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::ToolTipRole) {
        QStringList words{fromUtf8(column.name), fromUtf8(column.type)};
        if (column.primaryKey)
            words << tr("primary key");
        if (column.notNull)
            words << u"NOT NULL"_s;
        if (column.generated)
            words << tr("generated");
        if (column.defaultSql)
            words << u"DEFAULT "_s + fromUtf8(*column.defaultSql);
        words.removeAll(QString());
        return words.join(u" · "_s) + u'\n' + tr("Click to sort; with Shift by several columns");
    }
    return {};
}

Qt::ItemFlags GridModel::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (!index.isValid() || !isEditable() || m_table.columns[static_cast<std::size_t>(index.column())].generated)
        return flags;
    const bool there = index.row() >= known() || !keyOf(index.row()).empty();
    if (there && stateOf(editAt(index.row())) != RowState::Deleted)
        flags |= Qt::ItemIsEditable;
    return flags;
}

} // namespace cleat::ui
