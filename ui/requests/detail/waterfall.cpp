// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/waterfall.h"

#include "ui/requests/detail/waterfallpaint.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QHelpEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr double shortest = 2; ///< microseconds that may fill the whole width
constexpr double zoomStep = 1.25;
constexpr int barSteps = 1'000'000; ///< of the scroll bar

} // namespace

std::vector<Phase> phasesOf(const events::RequestEvent &request, std::uint32_t nowUs)
{
    std::vector<Phase> phases;
    std::uint32_t at = 0;
    const auto until = [&phases, &at](Phase::Kind kind, std::uint32_t to) {
        if (to > at) {
            phases.push_back({kind, at, to});
            at = to;
        }
    };
    const bool running = request.state == events::RequestState::Running;
    const std::uint32_t end = running ? std::max(nowUs, request.durationUs) : request.durationUs;
    // Of what was never reached there is no end yet: it lasts as long as the request.
    if (request.handedUs) {
        until(Phase::Kind::Received, request.handedUs);
        until(Phase::Kind::Queued, request.beganUs ? request.beganUs : end);
    }
    if (!request.handedUs || request.beganUs)
        until(request.handedUs || request.answer == events::Answer::Code ? Phase::Kind::Code : Phase::Kind::Received, request.answeredUs ? request.answeredUs : end);
    if (request.answeredUs)
        until(Phase::Kind::Body, end);
    return phases;
}

QString phaseTitle(Phase::Kind kind)
{
    switch (kind) {
    case Phase::Kind::Received:
        return Waterfall::tr("Received");
    case Phase::Kind::Queued:
        return Waterfall::tr("Waiting");
    case Phase::Kind::Code:
        return Waterfall::tr("Code");
    case Phase::Kind::Body:
        return Waterfall::tr("Body");
    }
    return {};
}

Waterfall::Waterfall(SpanModel &model, QWidget *parent) : QTreeView(parent), m_model(model), m_timeBar(new QScrollBar(Qt::Horizontal, this))
{
    setHeader(makeTimeHeader(*this));
    setModel(&model);
    setItemDelegate(makeBarDelegate(*this));
    setUniformRowHeights(true);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setExpandsOnDoubleClick(false);
    setIndentation(14);
    setIconSize({14, 14});
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    setTabKeyNavigation(false);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    setAccessibleName(tr("What the request did, by time"));
    m_timeBar->hide();
    m_timeBar->setAccessibleName(tr("Visible time"));
    header()->setStretchLastSection(true);
    header()->resizeSection(SpanModel::Name, fontMetrics().averageCharWidth() * 26);
    connect(header(), &QHeaderView::sectionResized, viewport(), qOverload<>(&QWidget::update));
    connect(m_timeBar, &QScrollBar::valueChanged, this, [this](int value) {
        TimeWindow window = m_window;
        window.from = value * window.whole / barSteps;
        setWindow(window);
    });
    connect(this, &QTreeView::collapsed, this, [this](const QModelIndex &index) {
        if (const auto key = m_model.key(index); key && !m_restoring)
            m_folded.insert(*key);
    });
    connect(this, &QTreeView::expanded, this, [this](const QModelIndex &index) {
        if (const auto key = m_model.key(index); key && !m_restoring)
            m_folded.erase(*key);
    });
    connect(this, &QTreeView::activated, this, [this](const QModelIndex &index) {
        if (index.isValid())
            Q_EMIT sourceWanted(static_cast<int>(index.internalId()));
    });
}

void Waterfall::setRecord(const events::RequestRecord &record, Keep keep)
{
    const std::optional<std::uint64_t> current = keep == Keep::Place ? m_model.key(currentIndex()) : std::nullopt;
    const int scrolled = keep == Keep::Place ? verticalScrollBar()->value() : 0;
    const bool wasWhole = keep == Keep::Nothing || m_window.span >= m_window.whole;
    if (keep == Keep::Nothing) {
        m_folded.clear();
        m_namesFitted = false;
    }
    m_restoring = true;
    if (m_model.setCalls(record.calls) || keep == Keep::Nothing) {
        fold();
        const QModelIndex again = current ? m_model.indexOfKey(*current) : QModelIndex();
        setCurrentIndex(again.isValid() ? again : m_model.index(0, 0));
        verticalScrollBar()->setValue(scrolled);
        makeRoomForNames();
    }
    m_restoring = false;

    const events::RequestEvent &request = record.request;
    const double end = static_cast<double>(std::max<std::uint64_t>({m_model.tree().endUs, request.durationUs, request.answeredUs, 1}));
    m_phases = phasesOf(request, static_cast<std::uint32_t>(std::min<double>(end, 4e9)));
    m_answeredUs = request.answeredUs ? std::optional(request.answeredUs) : std::nullopt;
    m_finishedUs = request.state == events::RequestState::Running ? std::nullopt : std::optional(request.durationUs);
    setWindow(wasWhole ? TimeWindow{0, end, end} : TimeWindow{m_window.from, m_window.span, end});
    repaintTime();
}

/// As they were before the model was made anew: unfolded, but for those that the user folded.
void Waterfall::fold()
{
    expandAll();
    if (m_folded.empty())
        return;
    for (std::size_t i = 0; i < m_model.calls().size(); ++i) {
        if (m_folded.contains(spanKey(m_model.calls(), i)))
            collapse(m_model.indexOf(i));
    }
}

void Waterfall::makeRoomForNames()
{
    if (m_namesFitted || m_model.calls().empty())
        return;
    m_namesFitted = true;
    int widest = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(m_model.calls().size(), 200); ++i) {
        const QModelIndex index = m_model.indexOf(i);
        const int left = (m_model.node(index)->depth + 1) * indentation() + iconSize().width() + 3 * cellMargin;
        widest = std::max(widest, left + fontMetrics().horizontalAdvance(index.data().toString()));
    }
    header()->resizeSection(SpanModel::Name, std::clamp(widest, fontMetrics().averageCharWidth() * 16, std::max(120, width() * 2 / 5)));
}

double Waterfall::xOf(double us) const
{
    const double left = header()->sectionViewportPosition(SpanModel::Bar) + cellMargin;
    const double width = std::max(1, header()->sectionSize(SpanModel::Bar) - 2 * cellMargin);
    return left + (us - m_window.from) / m_window.span * width;
}

double Waterfall::timeAt(double x) const
{
    const double left = header()->sectionViewportPosition(SpanModel::Bar) + cellMargin;
    const double width = std::max(1, header()->sectionSize(SpanModel::Bar) - 2 * cellMargin);
    return m_window.from + (x - left) / width * m_window.span;
}

double Waterfall::tickStep() const
{
    const int room = header()->sectionSize(SpanModel::Bar) - 2 * cellMargin;
    const double raw = m_window.span / std::max(1, room / 80);
    const double power = std::pow(10.0, std::floor(std::log10(std::max(raw, 1e-3))));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (power * factor >= raw)
            return std::max(power * factor, 1.0);
    }
    return std::max(power * 10, 1.0);
}

void Waterfall::setWindow(TimeWindow window)
{
    window.span = std::clamp(window.span, std::min(shortest, window.whole), window.whole);
    window.from = std::clamp(window.from, 0.0, window.whole - window.span);
    if (window == m_window)
        return;
    m_window = window;
    refreshTimeBar();
    repaintTime();
}

void Waterfall::refreshTimeBar()
{
    const QSignalBlocker quiet(m_timeBar);
    const int page = static_cast<int>(m_window.span / m_window.whole * barSteps);
    m_timeBar->setRange(0, barSteps - page);
    m_timeBar->setPageStep(page);
    m_timeBar->setSingleStep(std::max(1, page / 20));
    m_timeBar->setValue(static_cast<int>(m_window.from / m_window.whole * barSteps));
    m_timeBar->setVisible(m_window.span < m_window.whole);
}

void Waterfall::zoom(double factor, double us)
{
    TimeWindow window = m_window;
    window.span = std::clamp(window.span * factor, std::min(shortest, window.whole), window.whole);
    window.from = us - (us - m_window.from) * (window.span / m_window.span);
    setWindow(window);
}

void Waterfall::showAll()
{
    setWindow({0, m_window.whole, m_window.whole});
}

void Waterfall::repaintTime()
{
    viewport()->update();
    header()->viewport()->update();
}

void Waterfall::setCursorUs(std::optional<double> us)
{
    if (us == m_cursorUs)
        return;
    m_cursorUs = us;
    repaintTime();
}

void Waterfall::paintEvent(QPaintEvent *event)
{
    QTreeView::paintEvent(event);
    QPainter painter(viewport());
    paintMoments(painter, *this, viewport()->rect());
}

void Waterfall::drawBranches(QPainter *painter, const QRect &rect, const QModelIndex &index) const
{
    paintBranch(*painter, *this, rect, index);
}

void Waterfall::drawRow(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    // In one piece from edge to edge, also behind the branches.
    if (selectionModel()->isSelected(index))
        painter->fillRect(option.rect, palette().color(hasFocus() ? QPalette::Active : QPalette::Inactive, QPalette::Highlight));
    QTreeView::drawRow(painter, option, index);
}

void Waterfall::keyPressEvent(QKeyEvent *event)
{
    const QModelIndex current = currentIndex();
    const events::CallEvent *call = m_model.call(current);
    const double middle = m_window.from + m_window.span / 2;
    // Towards the selected span while it is to be seen.
    const double selected = call ? call->startUs + call->durationUs / 2.0 : middle;
    const double around = selected >= m_window.from && selected <= m_window.from + m_window.span ? selected : middle;
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoom(1 / zoomStep / zoomStep, around);
        return;
    case Qt::Key_Minus:
        zoom(zoomStep * zoomStep, around);
        return;
    case Qt::Key_0:
        showAll();
        return;
    case Qt::Key_Left: // the view's own takes two for a span without others in it
        if (m_model.hasChildren(current) && isExpanded(current))
            collapse(current);
        else if (current.parent().isValid())
            setCurrentIndex(current.parent());
        return;
    case Qt::Key_Right:
        if (!isExpanded(current))
            expand(current);
        else if (m_model.hasChildren(current))
            setCurrentIndex(m_model.index(0, 0, current));
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (call)
            Q_EMIT sourceWanted(static_cast<int>(current.internalId()));
        return;
    default:
        QTreeView::keyPressEvent(event);
    }
}

void Waterfall::wheelEvent(QWheelEvent *event)
{
    const QPoint by = event->angleDelta();
    if (event->modifiers() & Qt::ControlModifier) {
        zoom(std::pow(zoomStep, -by.y() / 120.0), std::clamp(timeAt(event->position().x()), m_window.from, m_window.from + m_window.span));
        setCursorUs(timeAt(event->position().x()));
        event->accept();
        return;
    }
    const int across = by.x() ? by.x() : event->modifiers() & Qt::ShiftModifier ? by.y() : 0;
    if (across && m_window.span < m_window.whole) {
        setWindow({m_window.from - across / 120.0 * m_window.span / 10, m_window.span, m_window.whole});
        event->accept();
        return;
    }
    QTreeView::wheelEvent(event);
}

bool Waterfall::viewportEvent(QEvent *event)
{
    switch (event->type()) {
    case QEvent::MouseMove: {
        const double x = static_cast<QMouseEvent *>(event)->position().x();
        const double us = timeAt(x);
        const bool inside = x >= header()->sectionViewportPosition(SpanModel::Bar) && us >= 0 && us <= m_window.whole;
        setCursorUs(inside ? std::optional(us) : std::nullopt);
        break;
    }
    case QEvent::Leave:
        setCursorUs(std::nullopt);
        break;
    default:
        break;
    }
    return QTreeView::viewportEvent(event);
}

void Waterfall::resizeEvent(QResizeEvent *event)
{
    QTreeView::resizeEvent(event);
    if (event->oldSize().width() == width())
        return;
    m_namesFitted = false;
    makeRoomForNames();
}

void Waterfall::changeEvent(QEvent *event)
{
    QTreeView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_timeBar)
        repaintTime();
}

void Waterfall::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTreeView::currentChanged(current, previous);
    Q_EMIT currentCallChanged(current.isValid() ? static_cast<int>(current.internalId()) : -1);
}

} // namespace cleat::ui
