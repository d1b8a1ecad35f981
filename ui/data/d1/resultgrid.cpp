// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/resultgrid.h"

#include "core/data/d1/schema.h"
#include "ui/data/d1/gridclip.h"
#include "ui/data/d1/griddelegate.h"
#include "ui/data/d1/gridview.h"
#include "ui/data/d1/valuedialog.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QHeaderView>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::ResultGrid)
};

CellBlock blockOf(const GridView &view, const CellValue &value)
{
    CellBlock block;
    const QAbstractItemModel &model = *view.model();
    const std::vector<int> columns = view.selectedColumns();
    for (const int column : columns)
        block.columns << model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    for (const int row : view.selectedRows()) {
        auto &values = block.rows.emplace_back();
        for (const int column : columns)
            values.push_back(value(model.index(row, column)));
    }
    return block;
}

void fitColumns(GridView &view)
{
    const QAbstractItemModel &model = *view.model();
    const int least = view.fontMetrics().averageCharWidth() * 8;
    const int most = view.fontMetrics().averageCharWidth() * 40;
    for (int column = 0; column < model.columnCount(); ++column) {
        int wanted = view.header()->sectionSizeHint(column) + 12;
        for (int row = 0; row < std::min(model.rowCount(), 60); ++row)
            wanted = std::max(wanted, view.fontMetrics().horizontalAdvance(model.index(row, column).data().toString()) + 20);
        view.header()->resizeSection(column, std::clamp(wanted, least, most));
    }
}

} // namespace

GridView *makeResultGrid(QAbstractTableModel *model, CellValue value, QWidget *parent)
{
    auto *view = new GridView(parent);
    model->setParent(view);
    view->setModel(model);
    view->setItemDelegate(new GridDelegate(view));
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setAccessibleName(Words::tr("Rows of the result"));
    view->setPlaceholder(Words::tr("No rows."));
    view->setContextMenuPolicy(Qt::ActionsContextMenu);
    fitColumns(*view);
    const auto add = [&](const QString &text, const QKeySequence &keys, auto slot) {
        auto *action = new QAction(text, view);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetShortcut);
        QObject::connect(action, &QAction::triggered, view, slot);
        view->addAction(action);
    };
    add(Words::tr("&Copy"), QKeySequence::Copy, [view, value] { QGuiApplication::clipboard()->setText(tsvOf(blockOf(*view, value))); });
    add(Words::tr("Copy as &INSERT"), {}, [view, value] { QGuiApplication::clipboard()->setText(insertsOf(blockOf(*view, value), u"table_name"_s)); });
    add(Words::tr("Copy as &JSON"), {}, [view, value] { QGuiApplication::clipboard()->setText(jsonOf(blockOf(*view, value))); });
    const auto open = [view, value](const QModelIndex &index) {
        const auto found = value(index);
        if (!found)
            return;
        d1::Column column;
        column.name = toUtf8(view->model()->headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString());
        (new ValueDialog(column, *found, ValueDialog::Access::ReadOnly, view))->open();
    };
    add(Words::tr("&Open value…"), QKeySequence(Qt::SHIFT | Qt::Key_Return), [view, open] { open(view->currentIndex()); });
    QObject::connect(view, &QAbstractItemView::doubleClicked, view, open);
    return view;
}

} // namespace cleat::ui
