// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/fieldstable.h"

#include "ui/requests/detail/secretmarks.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTextLayout>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

class FieldDelegate final : public QStyledItemDelegate
{
public:
    FieldDelegate(const FieldsModel &model, QObject *parent) : QStyledItemDelegate(parent), m_model(model), m_font(monospaceFont()) {}

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const FieldsModel::Field &field = m_model.fields()[static_cast<std::size_t>(index.row())];
        const bool selected = option.state & QStyle::State_Selected;
        const QRect rect = option.rect.adjusted(cellMargin, 0, -cellMargin, 0);
        const QColor muted = selected ? option.palette.color(QPalette::HighlightedText) : colors(option.palette).muted;
        painter->save();
        painter->setClipRect(option.rect);
        if (selected)
            painter->fillRect(option.rect, option.palette.brush(QPalette::Active, QPalette::Highlight));
        const QColor ink = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
        if (index.column() == FieldsModel::Name) {
            painter->setPen(ink);
            painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, option.fontMetrics.elidedText(field.name, Qt::ElideRight, rect.width()));
        } else if (m_model.isMasked(index.row())) {
            painter->setPen(muted);
            painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft, FieldsModel::mask());
            icon("eye"_L1, Tone::Muted).paint(painter, QRect(rect.left() + option.fontMetrics.horizontalAdvance(FieldsModel::mask()) + 8, rect.center().y() - 6, 14, 14), Qt::AlignCenter,
                selected ? QIcon::Selected : QIcon::Normal);
        } else {
            paintValue(*painter, option, rect, field, ink, muted, selected);
        }
        painter->restore();
    }

private:
    void paintValue(QPainter &painter, const QStyleOptionViewItem &option, const QRect &rect, const FieldsModel::Field &field, const QColor &ink, const QColor &muted, bool selected) const
    {
        const QFontMetrics metrics(m_font);
        // What is cut off for length is so long that nobody sees its end anyway.
        const QString text = metrics.elidedText(field.value.left(4000).simplified(), Qt::ElideRight, rect.width());
        QTextLayout layout(text, m_font);
        if (!selected)
            layout.setFormats(secretFormats(text, option.palette));
        layout.beginLayout();
        QTextLine line = layout.createLine();
        line.setLineWidth(1e6);
        layout.endLayout();
        painter.setPen(ink);
        layout.draw(&painter, QPointF(rect.left(), rect.center().y() - line.height() / 2 + 1));
        if (field.note.isEmpty())
            return;
        const int left = static_cast<int>(line.naturalTextWidth()) + 14;
        if (left + 20 >= rect.width())
            return;
        painter.setPen(muted);
        painter.drawText(rect.adjusted(left, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
            option.fontMetrics.elidedText(field.note, Qt::ElideRight, rect.width() - left));
    }

    const FieldsModel &m_model;
    const QFont m_font;
};

void setClipboard(const QString &text)
{
    QApplication::clipboard()->setText(text);
}

} // namespace

FieldsTable::FieldsTable(const QString &name, const QString &empty, QWidget *parent)
    : QWidget(parent), m_model(new FieldsModel(this)), m_view(new QTableView), m_empty(new ToneLabel(empty, Tone::Muted)), m_show(new QToolButton)
{
    setUpTable(*m_view, 7);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setModel(m_model);
    m_view->setItemDelegate(new FieldDelegate(*m_model, m_view));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setAccessibleName(name);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->horizontalHeader()->setStretchLastSection(true);
    m_view->installEventFilter(this);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_show->setAutoRaise(true);
    m_show->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_show->setObjectName(u"showMasked"_s);

    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_view, 1);
    all->addWidget(m_empty, 1);
    all->addWidget(m_show, 0, Qt::AlignLeft);
    connect(m_view, &QTableView::doubleClicked, this, [this](const QModelIndex &index) { toggle(index.row()); });
    connect(m_view, &QTableView::customContextMenuRequested, this, &FieldsTable::showMenu);
    connect(m_show, &QToolButton::clicked, this, [this] { m_model->setAllShown(m_model->anyMasked() ? FieldsModel::Shown::Plain : FieldsModel::Shown::Masked); });
    connect(m_model, &QAbstractItemModel::dataChanged, this, &FieldsTable::refresh);
    refresh();
}

void FieldsTable::setFields(std::vector<FieldsModel::Field> fields)
{
    if (fields == m_model->fields())
        return;
    m_model->setFields(std::move(fields));
    refresh();
    fitNames();
}

void FieldsTable::fitNames()
{
    int widest = fontMetrics().averageCharWidth() * 8;
    for (const FieldsModel::Field &field : m_model->fields())
        widest = std::max(widest, fontMetrics().horizontalAdvance(field.name.left(200)) + 2 * cellMargin + 4);
    m_view->horizontalHeader()->resizeSection(FieldsModel::Name, std::min(widest, std::max(80, width() * 2 / 5)));
}

void FieldsTable::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitNames();
}

void FieldsTable::refresh()
{
    const bool any = m_model->rowCount() > 0;
    m_view->setVisible(any);
    m_empty->setVisible(!any);
    m_show->setVisible(m_model->anySecret());
    const bool masked = m_model->anyMasked();
    m_show->setText(masked ? tr("Show masked values") : tr("Mask values"));
    m_show->setIcon(icon(masked ? "eye"_L1 : "eye-off"_L1, Tone::Muted));
}

void FieldsTable::toggle(int row)
{
    if (row >= 0 && row < m_model->rowCount() && m_model->fields()[static_cast<std::size_t>(row)].seen == FieldsModel::Field::Seen::WhenAsked)
        m_model->setShown(row, m_model->isMasked(row) ? FieldsModel::Shown::Plain : FieldsModel::Shown::Masked);
}

QString FieldsTable::copiedText() const
{
    QModelIndexList rows = m_view->selectionModel()->selectedRows();
    std::ranges::sort(rows, {}, &QModelIndex::row);
    QStringList lines;
    const auto add = [&](int row) { lines << m_model->fields()[static_cast<std::size_t>(row)].name + u": "_s + m_model->valueText(row); };
    for (const QModelIndex &index : rows)
        add(index.row());
    for (int row = 0; rows.isEmpty() && row < m_model->rowCount(); ++row)
        add(row);
    return lines.join(u'\n');
}

void FieldsTable::showMenu(const QPoint &point)
{
    const int row = m_view->rowAt(point.y());
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (row >= 0) {
        if (m_model->fields()[static_cast<std::size_t>(row)].seen == FieldsModel::Field::Seen::WhenAsked)
            menu->addAction(m_model->isMasked(row) ? tr("Show value") : tr("Mask value"), this, [this, row] { toggle(row); });
        else
            menu->addAction(tr("Copy value"), this, [this, row] { setClipboard(m_model->valueText(row)); });
        if (m_model->fields()[static_cast<std::size_t>(row)].seen == FieldsModel::Field::Seen::WhenAsked && !m_model->isMasked(row))
            menu->addAction(tr("Copy value"), this, [this, row] { setClipboard(m_model->valueText(row)); });
        menu->addAction(tr("Copy name"), this, [this, row] { setClipboard(m_model->fields()[static_cast<std::size_t>(row)].name); });
    }
    menu->addAction(tr("Copy as text"), this, [this] { setClipboard(copiedText()); });
    menu->popup(m_view->viewport()->mapToGlobal(point));
}

bool FieldsTable::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view && event->type() == QEvent::KeyPress) {
        auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Copy)) {
            setClipboard(copiedText());
            return true;
        }
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            toggle(m_view->currentIndex().row());
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace cleat::ui
