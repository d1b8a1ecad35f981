// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/filterrow.h"

#include "ui/data/d1/cellvalue.h"
#include "ui/widgets/text.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTimer>

namespace cleat::ui {

namespace {

constexpr int delayMs = 300;

} // namespace

FilterRow::FilterRow(QHeaderView *header, QWidget *parent) : QWidget(parent), m_header(header), m_area(new QWidget(this)), m_delay(new QTimer(this))
{
    m_delay->setSingleShot(true);
    m_delay->setInterval(delayMs);
    connect(m_delay, &QTimer::timeout, this, &FilterRow::changed);
    connect(header, &QHeaderView::sectionResized, this, &FilterRow::place);
    connect(header, &QHeaderView::sectionMoved, this, &FilterRow::place);
    connect(header, &QHeaderView::sectionCountChanged, this, &FilterRow::place);
    header->installEventFilter(this);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize FilterRow::sizeHint() const
{
    return {100, fontMetrics().height() + 10};
}

void FilterRow::setColumns(const std::vector<data::d1::Column> &columns)
{
    m_delay->stop();
    std::vector<std::string> names;
    for (const data::d1::Column &column : columns)
        names.push_back(column.name);
    if (names == m_names)
        return;
    m_names = std::move(names);
    for (QLineEdit *field : m_fields)
        delete field;
    m_fields.clear();
    for (const std::string &name : m_names) {
        auto *field = new QLineEdit(m_area);
        field->setPlaceholderText(m_fields.empty() ? tr("Filter") : QString());
        field->setToolTip(tr("Rows where %1 contains this text. Also: >5, <=5, =x, !=x, ^begins, null, !null").arg(fromUtf8(name)));
        field->setAccessibleName(tr("Filter of %1").arg(fromUtf8(name)));
        field->setObjectName(QStringLiteral("filter:") + fromUtf8(name));
        field->installEventFilter(this);
        connect(field, &QLineEdit::textEdited, m_delay, qOverload<>(&QTimer::start));
        connect(field, &QLineEdit::returnPressed, this, [this] {
            m_delay->stop();
            Q_EMIT changed();
        });
        field->show();
        m_fields.push_back(field);
    }
    place();
}

std::vector<data::d1::Filter> FilterRow::filters() const
{
    std::vector<data::d1::Filter> filters;
    for (std::size_t i = 0; i < m_fields.size(); ++i) {
        if (auto filter = filterOf(fromUtf8(m_names[i]), m_fields[i]->text()))
            filters.push_back(std::move(*filter));
    }
    return filters;
}

void FilterRow::setText(int column, const QString &text)
{
    if (column >= 0 && static_cast<std::size_t>(column) < m_fields.size())
        m_fields[static_cast<std::size_t>(column)]->setText(text);
}

void FilterRow::clear()
{
    m_delay->stop();
    for (QLineEdit *field : m_fields)
        field->clear();
}

void FilterRow::focusField(int column)
{
    if (!m_fields.empty())
        m_fields[static_cast<std::size_t>(std::clamp(column, 0, static_cast<int>(m_fields.size()) - 1))]->setFocus(Qt::ShortcutFocusReason);
}

void FilterRow::place()
{
    const int left = m_header->mapTo(m_header->window(), QPoint()).x() - mapTo(window(), QPoint()).x();
    m_area->setGeometry(left, 0, m_header->width(), height());
    for (int i = 0; i < static_cast<int>(m_fields.size()); ++i) {
        QLineEdit *field = m_fields[static_cast<std::size_t>(i)];
        if (i >= m_header->count() || m_header->isSectionHidden(i)) {
            field->hide();
            continue;
        }
        field->setGeometry(m_header->sectionViewportPosition(i) + 1, 2, std::max(8, m_header->sectionSize(i) - 2), height() - 4);
        field->show();
    }
}

void FilterRow::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    place();
}

bool FilterRow::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_header) {
        if (event->type() == QEvent::Resize || event->type() == QEvent::Move || event->type() == QEvent::Show || event->type() == QEvent::Paint)
            place();
    } else if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Escape) {
            Q_EMIT left();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace cleat::ui
