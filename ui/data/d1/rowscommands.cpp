// SPDX-License-Identifier: GPL-3.0-or-later
// The part of RowsPage that edits and commits.
#include "ui/data/d1/cellvalue.h"
#include "ui/data/d1/filterrow.h"
#include "ui/data/d1/gridmodel.h"
#include "ui/data/d1/gridview.h"
#include "ui/data/d1/rowspage.h"
#include "ui/data/d1/valuedialog.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QLineEdit>
#include <QMenu>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;

namespace {

constexpr qint64 mostEdited = 5'000; ///< rows: what is surely at hand

/// How a message of core's names the row of a change.
QString rowWords(const d1::RowChange &change)
{
    QStringList key;
    for (const d1::Value &value : change.key)
        key << fromUtf8(d1::literal(value));
    return u"row "_s + key.join(u", "_s) + u" of "_s + fromUtf8(change.table) + u' ';
}

} // namespace

void RowsPage::makeActions()
{
    const auto make = [this](const QString &text, QLatin1StringView picture, const QKeySequence &keys, const QString &name, auto slot) {
        auto *action = new QAction(text, this);
        if (!picture.isEmpty())
            action->setIcon(icon(picture));
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        action->setObjectName(name);
        QString tip = text;
        tip.remove(u'&');
        action->setToolTip(keys.isEmpty() ? tip : tr("%1 (%2)").arg(tip, keys.toString(QKeySequence::NativeText)));
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
        return action;
    };
    m_add = make(tr("&Add row"), "plus"_L1, QKeySequence(Qt::CTRL | Qt::Key_I), u"addRow"_s, &RowsPage::addRow);
    m_duplicate = make(tr("&Duplicate rows"), "copy"_L1, QKeySequence(Qt::CTRL | Qt::Key_D), u"duplicateRows"_s, &RowsPage::duplicateRows);
    m_delete = make(tr("Dele&te rows"), "trash-2"_L1, QKeySequence(Qt::Key_Delete), u"deleteRows"_s, &RowsPage::deleteRows);
    m_null = make(tr("Set &NULL"), ""_L1, QKeySequence(Qt::CTRL | Qt::Key_0), u"setNull"_s, &RowsPage::setNull);
    m_open = make(tr("&Open value…"), "square"_L1, QKeySequence(Qt::SHIFT | Qt::Key_Return), u"openValue"_s, [this] { openValue(m_view->currentIndex()); });
    m_follow = make(tr("&Go to the row it refers to"), "arrow-right"_L1, QKeySequence(Qt::CTRL | Qt::Key_Return), u"follow"_s, &RowsPage::follow);
    m_copy = make(tr("&Copy"), "copy"_L1, QKeySequence::Copy, u"copyTsv"_s, [this] { copy(CopyAs::Tsv); });
    m_copyInsert = make(tr("Copy rows as &INSERT"), ""_L1, {}, u"copyInsert"_s, [this] { copy(CopyAs::Insert); });
    m_copyJson = make(tr("Copy rows as &JSON"), ""_L1, {}, u"copyJson"_s, [this] { copy(CopyAs::Json); });
    m_paste = make(tr("&Paste"), "clipboard-paste"_L1, QKeySequence::Paste, u"paste"_s, &RowsPage::paste);
    m_undo = make(tr("&Undo edit"), "undo-2"_L1, QKeySequence::Undo, u"undoEdit"_s, [this] { m_model->undo(); });
    m_redo = make(tr("&Redo edit"), "redo-2"_L1, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), u"redoEdit"_s, [this] { m_model->redo(); });
    m_commit = make(tr("Co&mmit"), "check"_L1, QKeySequence(Qt::CTRL | Qt::Key_S), u"commit"_s, &RowsPage::commit);
    m_discard = make(tr("Di&scard"), "x"_L1, {}, u"discard"_s, [this] {
        m_problem->hide();
        m_model->discard();
    });
    m_find = make(tr("&Filter"), "search"_L1, QKeySequence::Find, u"filterRows"_s,
        [this] { m_filters->focusField(m_view->currentIndex().isValid() ? m_view->currentIndex().column() : 0); });
    m_clearFilters = make(tr("Show &all rows"), "list-x"_L1, {}, u"clearFilters"_s, [this] {
        m_filters->clear();
        m_where->clear();
        m_sort.clear();
        applyView();
    });
    m_export = make(tr("&Export…"), "download"_L1, {}, u"exportTable"_s, [this] { Q_EMIT exportWanted(tableName()); });
}

void RowsPage::updateActions()
{
    const bool open = !tableName().isEmpty();
    const bool editable = m_model->isEditable() && !m_committing;
    const QModelIndex current = m_view->currentIndex();
    const bool any = editable && current.isValid();
    m_add->setEnabled(editable);
    m_paste->setEnabled(editable);
    m_duplicate->setEnabled(any);
    m_delete->setEnabled(any);
    m_null->setEnabled(any);
    m_open->setEnabled(current.isValid());
    m_follow->setEnabled(foreignKeyAt(current));
    for (QAction *action : {m_copy, m_copyInsert, m_copyJson})
        action->setEnabled(current.isValid());
    m_undo->setEnabled(m_model->staged().canUndo() && !m_committing);
    m_redo->setEnabled(m_model->staged().canRedo() && !m_committing);
    m_commit->setEnabled(isEdited() && !m_committing);
    m_discard->setEnabled(isEdited() && !m_committing);
    m_find->setEnabled(open);
    m_export->setEnabled(open);
    m_clearFilters->setEnabled(open && (!m_model->view().filters.empty() || !m_model->view().where.empty() || !m_sort.empty()));
}

/// The whole of a value that was cut comes from the file first.
void RowsPage::openValue(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    const d1::Column column = m_model->table().columns[static_cast<std::size_t>(index.column())];
    const auto access = m_model->flags(index) & Qt::ItemIsEditable ? ValueDialog::Access::Editable : ValueDialog::Access::ReadOnly;
    const bool cut = m_model->cutBytes(index) > 0;
    const d1::RowKey key = m_model->keyOf(index.row());
    const auto show = [this, column, access, key, cut, place = QPersistentModelIndex(index)](d1::Value value) {
        auto *dialog = new ValueDialog(column, std::move(value), access, this);
        connect(dialog, &QDialog::accepted, this, [this, dialog, place, key, cut] {
            if (place.isValid() && m_model->keyOf(place.row()) == key) // the row may have moved meanwhile
                m_model->setCells({{place.row(), place.column(), dialog->value(), cut ? std::optional(dialog->before()) : std::nullopt}});
            else
                showProblem(tr("The row has moved or gone while its value was open, so the value was not taken. Please edit it again."));
        });
        dialog->open();
    };
    if (!cut) {
        show(m_model->value(index).value_or(d1::Value()));
        return;
    }
    if (key.empty()) {
        showProblem(tr("This view has no keys, so the whole of a long value cannot be found."));
        return;
    }
    m_desk.rowsThread().run(
        this,
        [reader = m_desk.reader(), table = m_model->table().name, key, name = column.name](std::stop_token) { return reader->rows().value(table, key, name); },
        [this, show](base::Result<d1::Value> &&value) {
            if (value)
                show(std::move(*value));
            else
                showProblem(formatError(value.error()));
        });
}

void RowsPage::setNull()
{
    if (!selectionIsAtHand())
        return;
    std::vector<GridModel::Cell> cells;
    for (const QModelIndex &index : m_view->selectedCells())
        cells.push_back({index.row(), index.column(), std::monostate(), std::nullopt});
    m_model->setCells(cells);
}

void RowsPage::addRow()
{
    const int row = m_model->addRows({{}});
    int column = 0;
    const auto &columns = m_model->table().columns;
    while (static_cast<std::size_t>(column) + 1 < columns.size()
        && (columns[static_cast<std::size_t>(column)].primaryKey || columns[static_cast<std::size_t>(column)].generated))
        ++column; // the key often comes by itself
    m_view->goTo(m_model->index(row, column));
    m_view->setFocus();
}

void RowsPage::duplicateRows()
{
    if (!selectionIsAtHand())
        return;
    std::vector<std::map<int, d1::Value>> copies;
    const auto &columns = m_model->table().columns;
    bool cut = false;
    for (const int row : m_view->selectedRows()) {
        std::map<int, d1::Value> values;
        for (int column = 0; column < m_model->columnCount(); ++column) {
            const QModelIndex index = m_model->index(row, column);
            cut = cut || m_model->cutBytes(index) > 0;
            if (columns[static_cast<std::size_t>(column)].primaryKey)
                continue; // a copy has a key of its own
            if (auto value = m_model->value(index))
                values[column] = std::move(*value);
        }
        copies.push_back(std::move(values));
    }
    if (cut) {
        showProblem(tr(
            "These rows have long values of which only the beginning is here. Open such a value and copy it by hand, or use INSERT … SELECT in the SQL tab."));
        return;
    }
    if (!copies.empty())
        m_view->goTo(m_model->index(m_model->addRows(copies), m_view->currentIndex().column()));
}

void RowsPage::deleteRows()
{
    if (selectionIsAtHand())
        m_model->deleteRows(m_view->selectedRows());
}

void RowsPage::commit()
{
    if (!isEdited() || m_committing)
        return;
    m_view->setFocus(); // ends an edit in a cell
    m_problem->hide();
    std::vector<StagedRows::Slot> slots;
    std::vector<d1::RowChange> changes = m_model->changes(&slots);
    m_committing = true;
    updateActions();
    m_desk.workThread().run(
        this, [file = m_desk.file(), changes](std::stop_token) { return d1::commitChanges(file, changes); },
        [this, changes, slots](base::Result<void> &&result) {
            m_committing = false;
            if (result) {
                m_model->discard();
                m_desk.readSchema();
                Q_EMIT m_desk.wrote();
            } else {
                commitFailed(result.error(), changes, slots);
            }
            updateActions();
        });
}

/// Shows the row as well as the message.
void RowsPage::commitFailed(const base::Error &error, const std::vector<d1::RowChange> &changes, const std::vector<StagedRows::Slot> &slots)
{
    const QString message = formatError(error);
    std::optional<StagedRows::Slot> slot;
    const auto inserts = std::ranges::count(changes, d1::RowChange::Kind::Insert, &d1::RowChange::kind);
    for (std::size_t i = 0; i < changes.size() && !slot; ++i) { // the message names the change
        if (changes.size() == 1
            || (changes[i].kind == d1::RowChange::Kind::Insert ? inserts == 1 && message.contains("the new row of"_L1)
                                                               : message.contains(rowWords(changes[i]))))
            slot = slots[i];
    }
    showProblem(message);
    const int row = m_model->setTrouble(slot, message);
    if (row >= 0)
        m_view->goTo(m_model->index(row, std::max(0, m_view->currentIndex().column())));
    m_desk.readSchema(); // shows what is there now
}

const d1::ForeignKey *RowsPage::foreignKeyAt(const QModelIndex &index) const
{
    if (!index.isValid())
        return nullptr;
    const std::string &name = m_model->table().columns[static_cast<std::size_t>(index.column())].name;
    for (const d1::ForeignKey &key : m_model->table().foreignKeys) {
        if (std::ranges::find(key.columns, name) != key.columns.end())
            return &key;
    }
    return nullptr;
}

void RowsPage::follow()
{
    const QModelIndex index = m_view->currentIndex();
    const d1::ForeignKey *key = foreignKeyAt(index);
    const auto value = m_model->value(index);
    const d1::Table *target = key ? m_desk.schema().find(key->table) : nullptr;
    if (!target || !value || std::holds_alternative<std::monostate>(*value)) {
        if (key && !target)
            showProblem(tr("The table %1 is not there.").arg(fromUtf8(key->table)));
        return;
    }
    const std::string &name = m_model->table().columns[static_cast<std::size_t>(index.column())].name;
    const auto place = static_cast<std::size_t>(std::ranges::find(key->columns, name) - key->columns.begin());
    std::string column = place < key->targets.size() ? key->targets[place] : std::string();
    for (const d1::Column &candidate : target->columns) {
        if (column.empty() && candidate.primaryKey == static_cast<int>(place) + 1)
            column = candidate.name;
    }
    showRow(fromUtf8(target->name), fromUtf8(column), u"="_s + editText(*value));
}

/// Edits of rows that are not here would lose what they replace.
bool RowsPage::selectionIsAtHand()
{
    const qint64 count = m_view->selectedRowCount();
    if (count <= mostEdited && std::ranges::all_of(m_view->selectedRows(), [this](int row) { return m_model->isAtHand(row); }))
        return true;
    showProblem(
        tr("So many rows (%1) cannot be edited by hand. Select fewer, or write an UPDATE or DELETE statement in the SQL tab.").arg(locale().toString(count)));
    return false;
}

void RowsPage::showMenu(const QPoint &place)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions({m_open, m_null, m_follow});
    menu->addSeparator();
    menu->addActions({m_copy, m_copyInsert, m_copyJson, m_paste});
    menu->addSeparator();
    menu->addActions({m_add, m_duplicate, m_delete});
    menu->popup(m_view->viewport()->mapToGlobal(place));
}

} // namespace cleat::ui
