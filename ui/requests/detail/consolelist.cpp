// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/consolelist.h"

#include "ui/requests/detail/secretmarks.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTextLayout>
#include <QTreeWidget>

#include <nlohmann/json.hpp>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using Json = nlohmann::ordered_json;

namespace {

enum Column { Time, Text, Where, ColumnCount };
constexpr std::size_t mostMembers = 1000; ///< of one object
constexpr int jsonRole = Qt::UserRole;

Tone levelTone(events::Level level)
{
    switch (level) {
    case events::Level::Debug:
        return Tone::Muted;
    case events::Level::Log:
        return Tone::Normal;
    case events::Level::Info:
        return Tone::Accent;
    case events::Level::Warn:
        return Tone::Warning;
    case events::Level::Error:
        return Tone::Danger;
    }
    return Tone::Normal;
}

QString dumped(const Json &value)
{
    return fromUtf8(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

/// Text with line breaks as it is, and secrets as chips.
class LineDelegate final : public QStyledItemDelegate
{
public:
    explicit LineDelegate(QObject *parent) : QStyledItemDelegate(parent) {}

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        if (index.column() != Text || option.state & QStyle::State_Selected || !index.data().toString().contains("[secret "_L1)) {
            QStyleOptionViewItem plain = option;
            plain.state &= ~QStyle::State_HasFocus;
            QStyledItemDelegate::paint(painter, plain, index);
            return;
        }
        QStyleOptionViewItem opt = option;
        initStyleOption(&opt, index);
        opt.text.clear();
        opt.state &= ~QStyle::State_HasFocus;
        opt.widget->style()->drawControl(QStyle::CE_ItemViewItem, &opt, painter, opt.widget);
        QRect rect = opt.widget->style()->subElementRect(QStyle::SE_ItemViewItemText, &opt, opt.widget).adjusted(2, 0, 0, 0);
        QString text = index.data().toString();
        text.replace(u'\n', QChar::LineSeparator);
        QTextLayout layout(text, opt.font);
        layout.setFormats(secretFormats(text, opt.palette));
        double height = 0;
        layout.beginLayout();
        for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
            line.setLineWidth(1e6);
            line.setPosition({0, height});
            height += line.height();
        }
        layout.endLayout();
        painter->save();
        painter->setClipRect(rect);
        const QVariant ink = index.data(Qt::ForegroundRole);
        painter->setPen(ink.isValid() ? ink.value<QBrush>().color() : opt.palette.color(QPalette::Text));
        layout.draw(painter, QPointF(rect.left(), rect.center().y() - height / 2 + 1));
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QSize size = QStyledItemDelegate::sizeHint(option, index);
        size.setHeight(size.height() + 3);
        return size;
    }
};

} // namespace

ConsoleList::ConsoleList(QWidget *parent) : QWidget(parent), m_view(new QTreeWidget), m_pages(new QStackedWidget)
{
    m_view->setColumnCount(ColumnCount);
    m_view->setHeader(new FlatHeader(m_view));
    m_view->setHeaderLabels({tr("After"), tr("Line"), tr("Where")});
    m_view->setItemDelegate(new LineDelegate(m_view));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setIndentation(14);
    m_view->setAllColumnsShowFocus(true);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setAccessibleName(tr("Console lines"));
    m_view->setTabKeyNavigation(false);
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(Text, QHeaderView::Stretch);
    m_view->header()->resizeSection(Time, fontMetrics().averageCharWidth() * 13);
    m_view->header()->resizeSection(Where, fontMetrics().averageCharWidth() * 22);
    m_view->installEventFilter(this);
    m_pages->setMinimumSize(100, 60);
    m_pages->addWidget(new EmptyState("info"_L1, tr("No console lines"), tr("This request wrote nothing to the console.")));
    m_pages->addWidget(m_view);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_pages);
    connect(m_view, &QTreeWidget::itemExpanded, this, &ConsoleList::unfold);
    connect(m_view, &QTreeWidget::itemClicked, this, [this](QTreeWidgetItem *item, int column) {
        if (column == Where)
            openPlace(item);
    });
}

void ConsoleList::setLines(const std::vector<events::ConsoleEvent> &lines, std::int64_t startUs)
{
    const bool grows = startUs == m_startUs && lines.size() >= m_lines.size() && std::equal(m_lines.begin(), m_lines.end(), lines.begin());
    if (!grows) {
        m_view->clear();
        m_lines.clear();
    }
    m_startUs = startUs;
    QList<QTreeWidgetItem *> items;
    for (std::size_t i = m_lines.size(); i < lines.size(); ++i)
        items.append(makeItem(lines[i]));
    m_lines = lines;
    m_view->addTopLevelItems(items);
    m_pages->setCurrentIndex(lines.empty() ? 0 : 1);
}

QTreeWidgetItem *ConsoleList::makeItem(const events::ConsoleEvent &line) const
{
    auto *item = new QTreeWidgetItem;
    const std::int64_t after = std::clamp<std::int64_t>(line.timeUs - m_startUs, 0, 4'000'000'000);
    item->setText(Time, formatDuration(static_cast<std::uint32_t>(after)));
    item->setToolTip(Time, formatTime(line.timeUs));
    item->setText(Text, fromUtf8(line.text));
    item->setText(Where, formatPlace(line.place));
    if (line.place.line)
        item->setToolTip(Where, tr("Open %1 in the editor").arg(formatPlace(line.place)));
    if (!line.values.empty() && Json::accept(line.values)) {
        item->setData(Text, jsonRole, QByteArray::fromStdString(line.values));
        item->setChildIndicatorPolicy(QTreeWidgetItem::ShowIndicator);
    }
    color(*item, line.level);
    return item;
}

void ConsoleList::color(QTreeWidgetItem &item, events::Level level) const
{
    const Tone tone = levelTone(level);
    item.setForeground(Time, colors(palette()).muted);
    item.setForeground(Where, colors(palette()).accent);
    if (tone == Tone::Normal)
        item.setData(Text, Qt::ForegroundRole, {});
    else
        item.setForeground(Text, toneColor(palette(), tone));
    const bool loud = level == events::Level::Warn || level == events::Level::Error;
    item.setIcon(Text, loud ? icon(level == events::Level::Warn ? "triangle-alert"_L1 : "circle-alert"_L1, tone) : QIcon());
}

void ConsoleList::unfold(QTreeWidgetItem *item)
{
    const QByteArray json = item->data(Text, jsonRole).toByteArray();
    if (json.isEmpty() || item->childCount() > 0)
        return;
    const Json value = Json::parse(json.toStdString(), nullptr, false);
    const auto add = [item](const QString &name, const Json &member) {
        auto *child = new QTreeWidgetItem(item);
        const QString shown = member.is_string() ? fromUtf8(member.get<std::string>()) : oneLine(dumped(member), 300);
        child->setText(Text, name.isEmpty() ? shown : name + u": "_s + shown);
        child->setFirstColumnSpanned(false);
        if (member.is_structured() && !member.empty()) {
            child->setData(Text, jsonRole, dumped(member).toUtf8());
            child->setChildIndicatorPolicy(QTreeWidgetItem::ShowIndicator);
        }
    };
    // A line of one object shows its members at once.
    const bool line = !item->parent();
    const Json &shown = line && value.is_array() && value.size() == 1 && value[0].is_structured() ? value[0] : value;
    std::size_t count = 0;
    for (const auto &[key, member] : shown.items()) {
        if (++count > mostMembers) {
            auto *rest = new QTreeWidgetItem(item);
            rest->setText(Text, tr("… %1 more").arg(shown.size() - mostMembers));
            break;
        }
        add(line && &shown == &value ? QString() : fromUtf8(key), member);
    }
}

void ConsoleList::openPlace(QTreeWidgetItem *item)
{
    const int row = item && !item->parent() ? m_view->indexOfTopLevelItem(item) : -1;
    if (row >= 0 && row < static_cast<int>(m_lines.size()) && !m_lines[static_cast<std::size_t>(row)].place.file.empty())
        Q_EMIT sourceAsked(m_lines[static_cast<std::size_t>(row)].place);
}

void ConsoleList::copy()
{
    QStringList lines;
    for (const QModelIndex &index : m_view->selectionModel()->selectedRows(Text))
        lines << index.data().toString();
    if (!lines.isEmpty())
        QApplication::clipboard()->setText(lines.join(u'\n'));
}

bool ConsoleList::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view && event->type() == QEvent::KeyPress) {
        auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Copy)) {
            copy();
            return true;
        }
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            openPlace(m_view->currentItem());
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void ConsoleList::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange)
        return;
    for (int row = 0; row < m_view->topLevelItemCount(); ++row)
        color(*m_view->topLevelItem(row), m_lines[static_cast<std::size_t>(row)].level);
}

} // namespace cleat::ui
