// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/jsontree.h"

#include "ui/widgets/emptystate.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLocale>
#include <QStackedWidget>
#include <QTreeView>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostExpanded = 2000;

} // namespace

JsonTree::JsonTree(QWidget *parent)
    : QWidget(parent), m_model(new JsonModel(this)), m_view(new QTreeView), m_pages(new QStackedWidget),
      m_trouble(new EmptyState("braces"_L1, tr("This is not JSON"), {}))
{
    auto *header = new FlatHeader(m_view);
    m_view->setHeader(header);
    m_view->setModel(m_model);
    m_view->setUniformRowHeights(true);
    m_view->setFont(monospaceFont());
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setAlternatingRowColors(true);
    m_view->setTextElideMode(Qt::ElideRight);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setAllColumnsShowFocus(true);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setAccessibleName(tr("Value as a JSON tree"));
    m_view->setIndentation(16);
    m_view->setAnimated(false);
    header->setStretchLastSection(true);
    header->resizeSection(JsonModel::Key, 180);
    m_view->installEventFilter(this);

    auto *show = new QPushButton(tr("Show the place in the text"));
    show->setAutoDefault(false);
    auto *row = new QWidget;
    auto *across = new QHBoxLayout(row);
    across->setContentsMargins(0, 4, 0, 0);
    across->addStretch(1);
    across->addWidget(show);
    across->addStretch(1);
    m_trouble->addRow(row);
    m_pages->addWidget(m_view);
    m_pages->addWidget(m_trouble);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pages);
    setFocusProxy(m_view);

    connect(m_view, &QWidget::customContextMenuRequested, this, &JsonTree::showMenu);
    connect(show, &QPushButton::clicked, this, [this] {
        if (const auto &index = m_model->jsonIndex(); index && index->problem())
            Q_EMIT placeWanted(index->problem()->offset);
    });
}

JsonTree::~JsonTree() = default;

void JsonTree::setBytes(ValueBytes bytes)
{
    m_bytes = std::move(bytes);
    m_found = {};
    m_hit = 0;
    m_searching.drop();
    m_pages->setCurrentWidget(m_view);
    m_model->setIndex(nullptr);
    m_reading.drop();
    if (!m_bytes)
        return;
    if (m_bytes->size() <= 64 * 1024) {
        take(JsonIndex::build(m_bytes));
        return;
    }
    m_reading.start([bytes = m_bytes](std::stop_token stop) { return JsonIndex::build(bytes, stop); },
        [this](std::shared_ptr<const JsonIndex> &&index) { take(std::move(index)); });
}

void JsonTree::take(std::shared_ptr<const JsonIndex> index)
{
    const std::optional<JsonIndex::Problem> problem = index->problem();
    m_model->setIndex(std::move(index));
    if (problem) {
        m_trouble->setSentence(problem->tooMany ? problem->message : tr("Line %L1, column %L2: %3").arg(problem->line).arg(problem->column).arg(problem->message));
        m_pages->setCurrentWidget(m_trouble);
    }
    if (!m_wish.text.isEmpty())
        find(std::exchange(m_wish, {}));
    Q_EMIT read();
}

void JsonTree::copy()
{
    const auto &index = m_model->jsonIndex();
    if (!index || index->count() == 0) {
        if (m_bytes)
            QGuiApplication::clipboard()->setText(QString::fromUtf8(m_bytes->data(), static_cast<qsizetype>(m_bytes->size())));
        return;
    }
    const auto node = m_model->node(m_view->currentIndex());
    QGuiApplication::clipboard()->setText(m_model->valueText(node.value_or(0)));
}

void JsonTree::copyPath()
{
    if (const auto node = m_model->node(m_view->currentIndex()))
        QGuiApplication::clipboard()->setText(m_model->jsonIndex()->path(*node));
}

void JsonTree::expandAll()
{
    std::vector<QModelIndex> open;
    int rows = m_model->rowCount();
    std::vector<QModelIndex> level = {QModelIndex()};
    while (!level.empty() && rows < mostExpanded) {
        std::vector<QModelIndex> below;
        for (const QModelIndex &above : level) {
            const int count = m_model->rowCount(above);
            for (int row = 0; row < count && rows < mostExpanded; ++row) {
                const QModelIndex index = m_model->index(row, 0, above);
                const int more = m_model->rowCount(index);
                if (more == 0 || rows + more > mostExpanded)
                    continue;
                rows += more;
                open.push_back(index);
                below.push_back(index);
            }
        }
        level = std::move(below);
    }
    // From the inside out: what is not to be seen yet costs nothing to unfold.
    for (auto index = open.rbegin(); index != open.rend(); ++index)
        m_view->expand(*index);
}

void JsonTree::collapseAll()
{
    m_view->collapseAll();
}

bool JsonTree::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy)) {
        copy();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void JsonTree::showMenu(const QPoint &point)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto node = m_model->node(m_view->indexAt(point));
    if (node) {
        menu->addAction(tr("&Copy value"), QKeySequence::Copy, this, &JsonTree::copy);
        if (!m_model->jsonIndex()->rawKey(*node).empty()) {
            menu->addAction(tr("Copy &key"), this, [this, node] { QGuiApplication::clipboard()->setText(jsonText(m_model->jsonIndex()->rawKey(*node))); });
        }
        menu->addAction(tr("Copy &path"), this, &JsonTree::copyPath);
        menu->addSeparator();
    }
    menu->addAction(tr("&Unfold all"), this, &JsonTree::expandAll);
    menu->addAction(tr("&Fold all"), this, &JsonTree::collapseAll);
    menu->popup(m_view->viewport()->mapToGlobal(point));
}

void JsonTree::find(const FindWish &wish)
{
    if (wish == m_wish)
        return;
    m_wish = wish;
    m_found = {};
    m_hit = 0;
    m_searching.drop();
    const auto index = m_model->jsonIndex();
    if (!wish.text.isEmpty() && index && index->count() > 0) {
        m_searching.start([index, wish](std::stop_token stop) { return index->find(wish, stop); },
            [this](JsonIndex::Hits &&found) {
                m_found = std::move(found);
                if (!m_found.nodes.empty()) {
                    const JsonIndex::Node current = m_model->node(m_view->currentIndex()).value_or(0);
                    const auto next = std::ranges::lower_bound(m_found.nodes, current);
                    showHit(next == m_found.nodes.end() ? 0 : static_cast<std::size_t>(next - m_found.nodes.begin()));
                }
                tellFind();
            });
    }
    tellFind();
}

void JsonTree::findStep(Step step)
{
    const std::size_t count = m_found.nodes.size();
    if (count == 0)
        return;
    showHit(step == Step::Next ? m_hit % count : (m_hit + count - 2) % count);
    tellFind();
}

void JsonTree::showHit(std::size_t number)
{
    m_hit = number + 1;
    const QModelIndex index = m_model->indexOf(m_found.nodes[number]);
    m_view->setCurrentIndex(index);
    m_view->scrollTo(index);
}

void JsonTree::tellFind()
{
    if (findStateChanged)
        findStateChanged({m_hit, m_found.nodes.size(), m_searching.isRunning() || m_reading.isRunning(), m_found.hasMore, {}});
}

} // namespace cleat::ui
