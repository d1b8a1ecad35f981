// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/again/fieldseditor.h"

#include "core/events/masking.h"
#include "ui/widgets/text.h"

#include <QCompleter>
#include <QFontDatabase>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QScopedValueRollback>
#include <QStyledItemDelegate>

#include <set>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

enum Column { Name, Value };

const QStringList &usualNames()
{
    static const QStringList names = {u"Accept"_s, u"Accept-Encoding"_s, u"Accept-Language"_s, u"Authorization"_s, u"Cache-Control"_s, u"Content-Encoding"_s, u"Content-Type"_s,
        u"Cookie"_s, u"Host"_s, u"If-Match"_s, u"If-Modified-Since"_s, u"If-None-Match"_s, u"If-Unmodified-Since"_s, u"Origin"_s, u"Range"_s, u"Referer"_s,
        u"User-Agent"_s, u"X-Forwarded-For"_s, u"X-Requested-With"_s};
    return names;
}

class Delegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        auto *edit = new QLineEdit(parent);
        edit->setFrame(false);
        edit->setAccessibleName(index.column() == Name ? FieldsEditor::tr("Header name") : FieldsEditor::tr("Header value"));
        if (index.column() == Name) {
            auto *completer = new QCompleter(usualNames(), edit);
            completer->setCaseSensitivity(Qt::CaseInsensitive);
            edit->setCompleter(completer);
        }
        return edit;
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (index.column() == Value && !option->text.isEmpty() && events::isSensitiveField(toUtf8(index.siblingAtColumn(Name).data().toString())))
            option->text = QString(8, QChar(0x2022));
    }
};

} // namespace

FieldsEditor::FieldsEditor(QWidget *parent) : QTableWidget(0, 2, parent)
{
    setHorizontalHeaderLabels({tr("Header"), tr("Value")});
    setAccessibleName(tr("Request headers"));
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setItemDelegate(new Delegate(this));
    setSelectionBehavior(SelectRows);
    setEditTriggers(DoubleClicked | EditKeyPressed | AnyKeyPressed | SelectedClicked);
    setTabKeyNavigation(false);
    setShowGrid(false);
    setAlternatingRowColors(true);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->resizeSection(Name, 180);
    connect(this, &QTableWidget::itemChanged, this, [this] {
        if (m_filling)
            return;
        keepEmptyRow();
        Q_EMIT edited();
    });
    keepEmptyRow();
}

void FieldsEditor::addRow(const QString &name, const QString &value)
{
    const QScopedValueRollback filling(m_filling, true);
    const int row = rowCount();
    insertRow(row);
    setItem(row, Name, new QTableWidgetItem(name));
    setItem(row, Value, new QTableWidgetItem(value));
}

void FieldsEditor::keepEmptyRow()
{
    const int last = rowCount() - 1;
    if (last < 0 || !item(last, Name)->text().isEmpty() || !item(last, Value)->text().isEmpty())
        addRow({}, {});
}

void FieldsEditor::setFields(const Fields &fields)
{
    setRowCount(0);
    for (const auto &[name, value] : fields)
        addRow(fromUtf8(name), fromUtf8(value));
    keepEmptyRow();
    Q_EMIT edited();
}

FieldsEditor::Fields FieldsEditor::fields() const
{
    Fields result;
    for (int row = 0; row < rowCount(); ++row) {
        const QString name = item(row, Name)->text().trimmed();
        const QString value = item(row, Value)->text();
        if (!name.isEmpty() || !value.isEmpty())
            result.emplace_back(toUtf8(name), toUtf8(value));
    }
    return result;
}

void FieldsEditor::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Delete && event->key() != Qt::Key_Backspace) {
        QTableWidget::keyPressEvent(event);
        return;
    }
    std::set<int, std::greater<>> rows;
    for (const QModelIndex &index : selectedIndexes())
        rows.insert(index.row());
    for (const int row : rows)
        removeRow(row);
    keepEmptyRow();
    Q_EMIT edited();
}

} // namespace cleat::ui
