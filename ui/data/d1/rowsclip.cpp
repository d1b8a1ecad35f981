// SPDX-License-Identifier: GPL-3.0-or-later
// The part of RowsPage that copies and pastes.
#include "ui/data/d1/cellvalue.h"
#include "ui/data/d1/gridclip.h"
#include "ui/data/d1/gridmodel.h"
#include "ui/data/d1/gridview.h"
#include "ui/data/d1/rowspage.h"
#include "ui/widgets/text.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLocale>

namespace cleat::ui {

namespace d1 = data::d1;

namespace {

constexpr qint64 mostCopied = 100'000; ///< rows

} // namespace

/// From the current cell to the right and down; what is beyond the last row becomes new rows.
void RowsPage::paste()
{
    std::vector<QStringList> rows = parseTsv(QGuiApplication::clipboard()->text());
    if (rows.empty())
        return;
    const QModelIndex current = m_view->currentIndex();
    const int left = current.isValid() ? current.column() : 0;
    const int top = current.isValid() ? current.row() : m_model->rowCount();
    const auto &columns = m_model->table().columns;
    if (!selectionIsAtHand())
        return;
    const QModelIndexList selected = m_view->selectedCells();
    std::vector<GridModel::Cell> cells;
    if (rows.size() == 1 && rows.front().size() == 1 && selected.size() > 1) { // one value into all that is selected
        for (const QModelIndex &index : selected)
            cells.push_back({index.row(), index.column(), valueOf(rows.front().front(), columns[static_cast<std::size_t>(index.column())], {}), std::nullopt});
    } else {
        std::vector<std::map<int, d1::Value>> added;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const int row = top + static_cast<int>(i);
            std::map<int, d1::Value> values;
            for (qsizetype j = 0; j < rows[i].size() && left + j < m_model->columnCount(); ++j) {
                const int column = left + static_cast<int>(j);
                d1::Value value = valueOf(rows[i].at(j), columns[static_cast<std::size_t>(column)], {});
                if (row < m_model->rowCount())
                    cells.push_back({row, column, std::move(value), std::nullopt});
                else
                    values[column] = std::move(value);
            }
            if (row >= m_model->rowCount())
                added.push_back(std::move(values));
        }
        if (!added.empty())
            m_model->addRows(added);
    }
    if (!cells.empty() && m_model->setCells(cells) < static_cast<int>(cells.size()))
        showProblem(tr("Some cells could not be changed: they are computed, or their rows are to be deleted."));
}

/// Rows that are not at hand are read for it.
void RowsPage::copy(CopyAs how)
{
    if (m_view->selectedRowCount() > mostCopied) {
        showProblem(tr("More than %1 rows are too many for the clipboard. Export the table instead.").arg(locale().toString(mostCopied)));
        return;
    }
    const std::vector<int> rows = m_view->selectedRows();
    std::vector<int> columns = m_view->selectedColumns();
    if (rows.empty())
        return;
    if (how != CopyAs::Tsv && columns.size() == 1) { // whole rows are meant
        columns.clear();
        for (int column = 0; column < m_model->columnCount(); ++column)
            columns.push_back(column);
    }
    CellBlock block;
    for (const int column : columns)
        block.columns << fromUtf8(m_model->table().columns[static_cast<std::size_t>(column)].name);
    if (std::ranges::all_of(rows, [this](int row) { return m_model->isAtHand(row); })) {
        bool cut = false;
        for (const int row : rows) {
            auto &values = block.rows.emplace_back();
            for (const int column : columns) {
                values.push_back(m_model->value(m_model->index(row, column)));
                cut = cut || m_model->cutBytes(m_model->index(row, column)) > 0;
            }
        }
        put(block, how);
        if (cut)
            showProblem(tr("Of long values only the beginning was copied. Open such a value, or export the table, to have the whole."));
        return;
    }
    const auto first = static_cast<std::uint64_t>(rows.front());
    const auto span = static_cast<std::size_t>(rows.back() - rows.front() + 1);
    if (static_cast<qint64>(span) > mostCopied) {
        showProblem(tr("The selected rows lie too far apart to be copied together."));
        return;
    }
    m_desk.rowsThread().run(
        this,
        [reader = m_desk.reader(), view = m_model->view(), first, span](
            std::stop_token stop) { return reader->rows().rows(view, first, span, std::move(stop)); },
        [this, rows, columns, block, first, how](base::Result<std::vector<d1::Row>> &&read) mutable {
            if (!read) {
                showProblem(formatError(read.error()));
                return;
            }
            for (const int row : rows) {
                const auto place = static_cast<std::size_t>(row) - first;
                if (place >= read->size())
                    break;
                auto &values = block.rows.emplace_back();
                for (const int column : columns)
                    values.emplace_back((*read)[place].values[static_cast<std::size_t>(column)]);
            }
            put(block, how);
        });
}

void RowsPage::put(const CellBlock &block, CopyAs how)
{
    switch (how) {
    case CopyAs::Tsv:
        QGuiApplication::clipboard()->setText(tsvOf(block));
        break;
    case CopyAs::Insert:
        QGuiApplication::clipboard()->setText(insertsOf(block, tableName()));
        break;
    case CopyAs::Json:
        QGuiApplication::clipboard()->setText(jsonOf(block));
        break;
    }
}

} // namespace cleat::ui
