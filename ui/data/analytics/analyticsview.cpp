// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/analytics/analyticsview.h"

#include "ui/data/analytics/querypage.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/counted.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/rowview.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::analytics::Point;
using data::analytics::PointList;

AnalyticsView::AnalyticsView(const session::DataResource &resource, QWidget *parent)
    : DataView(resource, parent), m_list(std::make_shared<PointList>(resource.file)), m_model(std::make_unique<PointModel>(m_thread, m_list)), m_table(new RowView),
      m_newer(new QPushButton), m_bar(new MessageBar(MessageBar::Closing::ByUser)), m_points(makePoints()), m_query(new QueryPage(resource)), m_tabs(new FlatTabs),
      m_pages(new QStackedWidget)
{
    m_tabs->setAccessibleName(tr("Views of the dataset"));
    m_tabs->addTab(m_points, tr("Points"));
    m_tabs->addTab(m_query, tr("SQL"));
    m_tabs->setCurrentIndex(QSettings().value(u"data/analytics/tab"_s).toInt() == 1 ? 1 : 0);
    m_pages->addWidget(makeEmpty());
    m_pages->addWidget(m_tabs);
    if (resource.exists)
        m_pages->setCurrentWidget(m_tabs);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_pages, 1);
    setFocusProxy(m_table);
    connect(m_model.get(), &PointModel::failed, this, &AnalyticsView::showError);
    connect(m_query, &QueryPage::busyChanged, this, &DataView::busyChanged);
    look(PointList::Newer::Show);
}

AnalyticsView::~AnalyticsView()
{
    m_table->setModel(nullptr);
    m_model.reset();
    m_thread.keep(std::move(m_list));
}

QWidget *AnalyticsView::makePoints()
{
    m_table->setModel(m_model.get());
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Points"));
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    auto *copy = new QAction(tr("&Copy as JSON"), m_table);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &AnalyticsView::copySelected);
    m_table->addAction(copy);
    QHeaderView *header = m_table->header();
    const auto room = [this](const QString &sample) { return m_table->fontMetrics().horizontalAdvance(sample) + 2 * cellMargin + 8; };
    for (int column = 0; column < PointModel::ColumnCount; ++column) {
        const bool blob = column >= PointModel::Index && column < PointModel::FirstDouble;
        header->resizeSection(column, column == PointModel::Time ? room(u"2026-11-28 00:00:00.000"_s) : blob ? room(u"/some/path/there"_s) : room(u"1234567.89"_s));
        header->setSectionHidden(column, column >= PointModel::FirstBlob && column < PointModel::Sampled);
    }
    header->resizeSection(PointModel::Sampled, room(u"_sample_interval"_s));
    m_newer->setFlat(true);
    m_newer->hide();
    connect(m_newer, &QPushButton::clicked, this, &AnalyticsView::showNewest);
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_newer);
    column->addWidget(m_table, 1);
    return page;
}

QWidget *AnalyticsView::makeEmpty()
{
    auto *empty = new EmptyState("chart-column"_L1, tr("No point was written yet"), tr("A Function writes one like this. It is here at once, with all that came before it."));
    auto *snippet = new CodeSnippet;
    const QString name = resource().uses.empty() ? u"DATASET"_s : fromUtf8(resource().uses.front().binding);
    snippet->setCode(u"context.env.%1.writeDataPoint({\n  blobs: [\"/checkout\", \"DE\"],\n  doubles: [12.5],\n  indexes: [\"customer-1\"],\n});\n"_s.arg(name));
    empty->addRow(snippet);
    return empty;
}

void AnalyticsView::poll()
{
    if (m_pages->currentWidget() == m_tabs && m_tabs->currentWidget() != m_points)
        return; // what is hidden needs nothing
    // Who reads older points is not to lose the place.
    look(m_table->firstRow() <= 0 ? PointList::Newer::Show : PointList::Newer::KeepBack);
}

void AnalyticsView::look(PointList::Newer newer)
{
    if (m_looking)
        return;
    m_looking = true;
    m_thread.run(
        this, [list = m_list, newer](std::stop_token) { return list->look(newer); },
        [this](base::Result<PointList::Look> &&found) {
            m_looking = false;
            if (found)
                looked(*found);
            else
                showError(found.error());
        });
}

void AnalyticsView::looked(const PointList::Look &look)
{
    const std::uint64_t all = look.shown + look.newer;
    Q_EMIT summaryChanged(counted(all, tr("%1 point"), tr("%1 points")));
    if (all > 0)
        m_pages->setCurrentWidget(m_tabs);
    m_newer->setVisible(look.newer > 0);
    m_newer->setText(counted(look.newer, tr("%1 newer point"), tr("%1 newer points")));
    if (!look.changed)
        return;
    for (std::size_t i = 0; i < data::analytics::blobColumns; ++i) {
        if (look.blobs[i])
            m_table->header()->setSectionHidden(PointModel::FirstBlob + static_cast<int>(i), false);
    }
    for (std::size_t i = 0; i < data::analytics::doubleColumns; ++i) {
        if (look.doubles[i])
            m_table->header()->setSectionHidden(PointModel::FirstDouble + static_cast<int>(i), false);
    }
    m_model->setQuery({}); // the first time
    m_model->refresh(m_table->firstRow(), m_table->lastRow());
}

void AnalyticsView::showNewest()
{
    m_table->scrollToTop();
    look(PointList::Newer::Show);
}

void AnalyticsView::copySelected()
{
    m_model->read(m_table->selectionModel()->selection(), this, [this](base::Result<std::vector<Point>> &&points) {
        if (!points) {
            showError(points.error());
            return;
        }
        QStringList lines;
        for (const Point &point : *points)
            lines << pointJson(point);
        QGuiApplication::clipboard()->setText(lines.join(u'\n'));
    });
}

void AnalyticsView::showError(const base::Error &error)
{
    m_bar->setMessage(MessageBar::Kind::Error, formatError(error));
    m_bar->show();
}

void AnalyticsView::saveState(QSettings &settings) const
{
    settings.setValue(u"data/analytics/tab"_s, m_tabs->currentIndex());
    m_query->saveState(settings);
}

DataView *makeAnalyticsView(const session::DataResource &resource, QWidget *parent)
{
    return new AnalyticsView(resource, parent);
}

} // namespace cleat::ui
