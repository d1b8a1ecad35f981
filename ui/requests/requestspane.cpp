// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestspane.h"

#include "core/session/session.h"
#include "ui/requests/filterline.h"
#include "ui/requests/requestdetailview.h"
#include "ui/requests/requestsdelegate.h"
#include "ui/requests/requestsmodel.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int drainEveryMs = 33;
constexpr int drainBudgetMs = 8; ///< a long backlog is taken in over several ticks
constexpr int sideBySideFrom = 940; ///< width from which the detail stands at the right

QString splitterKey(Qt::Orientation orientation)
{
    return orientation == Qt::Horizontal ? u"requests/splitterWide"_s : u"requests/splitterNarrow"_s;
}

QToolButton *buttonFor(QAction *action)
{
    auto *button = new QToolButton;
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

RequestsPane::RequestsPane(session::Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_model(new RequestsModel(this)), m_filter(new FilterLine([&session] {
        QStringList names;
        for (const auto &entry : session.config().config().effective(session.options().scope).bindings)
            names << fromUtf8(entry.value.name);
        return names;
    })), m_pause(new QAction(tr("Pause"), this)),
      m_follow(new QAction(tr("Follow"), this)), m_counts(new ToneLabel({}, Tone::Muted)), m_tablePages(new QStackedWidget),
      m_empty(new EmptyState("activity"_L1, tr("No requests yet"), {})), m_openLink(new QLabel), m_table(new QTableView), m_splitter(new QSplitter(Qt::Horizontal)),
      m_detail(new RequestDetailView)
{
    setUpTable();
    m_openLink->setAlignment(Qt::AlignHCenter);
    m_openLink->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_openLink->setOpenExternalLinks(true);
    m_empty->addRow(m_openLink);
    m_tablePages->addWidget(m_empty);
    m_tablePages->addWidget(m_table);
    m_tablePages->setMinimumSize(240, 90);
    m_detail->setMinimumSize(300, 150);
    m_splitter->addWidget(m_tablePages);
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(5);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeToolbar());
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(m_splitter, 1);

    setFocusProxy(m_table);
    setUpFollowing();
    m_timer.setInterval(drainEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &RequestsPane::drain);
    connect(&m_session, &session::Session::stateChanged, this, &RequestsPane::showEmptyText);
    showEmptyText();
    restoreState();
}

QWidget *RequestsPane::makeToolbar()
{
    m_filter->setMinimumWidth(140);
    m_filter->setMaximumWidth(520);
    connect(m_filter, &FilterLine::queryChanged, this, [this](const events::RequestQuery &query) {
        m_model->setFilter(query);
        showCounts();
        showEmptyText();
        if (m_follow->isChecked())
            m_table->scrollToBottom();
    });
    auto *find = new QShortcut(QKeySequence::Find, this);
    connect(find, &QShortcut::activated, this, [this] {
        m_filter->setFocus(Qt::ShortcutFocusReason);
        m_filter->selectAll();
    });

    m_pause->setCheckable(true);
    m_pause->setIcon(icon("pause"_L1));
    m_pause->setShortcut(QKeySequence(u"Ctrl+P"_s));
    m_pause->setToolTip(tr("Take in no new requests until it is pressed again (Ctrl+P)"));
    m_follow->setCheckable(true);
    m_follow->setChecked(true);
    m_follow->setIcon(icon("arrow-down-to-line"_L1));
    m_follow->setShortcut(QKeySequence(u"Ctrl+End"_s));
    m_follow->setToolTip(tr("Keep the newest request in sight (Ctrl+End)"));
    auto *clearAction = new QAction(icon("list-x"_L1), tr("Clear"), this);
    clearAction->setShortcut(QKeySequence(u"Ctrl+L"_s));
    clearAction->setToolTip(tr("Empty the table (Ctrl+L)"));
    connect(clearAction, &QAction::triggered, this, &RequestsPane::clear);
    for (QAction *action : {m_pause, m_follow, clearAction})
        addAction(action);

    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 5, 8, 5);
    row->setSpacing(4);
    row->addWidget(m_filter, 1);
    row->addWidget(buttonFor(m_pause));
    row->addWidget(buttonFor(m_follow));
    row->addWidget(buttonFor(clearAction));
    row->addStretch(0);
    row->addWidget(m_counts);
    return bar;
}

void RequestsPane::setUpTable()
{
    ui::setUpTable(*m_table, 5);
    m_table->setModel(m_model);
    m_table->setItemDelegate(new RequestsDelegate(*m_model, m_table));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    m_table->setAccessibleName(tr("Requests"));
    QHeaderView *header = m_table->horizontalHeader();
    const auto room = [this](const QString &sample) { return m_table->fontMetrics().horizontalAdvance(sample) + 2 * cellMargin + 4; };
    header->resizeSection(RequestsModel::Time, room(u"00:00:00.000"_s));
    header->resizeSection(RequestsModel::Method, room(u"OPTIONS"_s));
    header->resizeSection(RequestsModel::Status, room(u"Status"_s));
    header->resizeSection(RequestsModel::Duration, room(u"000.0 ms  "_s));
    header->resizeSection(RequestsModel::Size, room(u"000.0 kB"_s));
    header->resizeSection(RequestsModel::Calls, room(u"00000"_s));
    header->setSectionResizeMode(RequestsModel::Path, QHeaderView::Stretch);
}

void RequestsPane::setUpFollowing()
{
    QScrollBar *bar = m_table->verticalScrollBar();
    connect(m_follow, &QAction::toggled, this, [this](bool on) {
        if (!on)
            return;
        m_table->clearSelection();
        m_table->setCurrentIndex({});
        m_table->scrollToBottom();
    });
    connect(bar, &QScrollBar::valueChanged, this, [this, bar](int value) {
        if (m_moving)
            return;
        if (value < bar->maximum())
            m_follow->setChecked(false);
        else if (selectedRow(*m_table) < 0)
            m_follow->setChecked(true);
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (m_moving)
            return;
        const events::RequestEvent *request = m_model->request(selectedRow(*m_table));
        if (request)
            m_follow->setChecked(false);
        m_selected = request ? request->id : 0;
        m_selectedRevision = 0;
        showSelected();
    });
    m_table->installEventFilter(this);
    auto *escape = new QShortcut(QKeySequence(Qt::Key_Escape), m_table, nullptr, nullptr, Qt::WidgetShortcut);
    connect(escape, &QShortcut::activated, this, [this] { m_follow->setChecked(true); });
}

bool RequestsPane::eventFilter(QObject *watched, QEvent *event)
{
    // With nothing selected, the arrow keys begin at the newest request, not at the top of a long table.
    if (event->type() == QEvent::KeyPress && selectedRow(*m_table) < 0 && m_model->rowCount() > 0) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down) {
            m_table->setCurrentIndex(m_model->index(m_model->rowCount() - 1, 0));
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void RequestsPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_timer.start();
    drain();
}

void RequestsPane::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_timer.stop();
}

void RequestsPane::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const Qt::Orientation wanted = width() >= sideBySideFrom ? Qt::Horizontal : Qt::Vertical;
    if (m_splitter->orientation() != wanted) {
        m_splitter->setOrientation(wanted);
        const int whole = wanted == Qt::Horizontal ? m_splitter->width() : m_splitter->height();
        m_splitter->setSizes({whole * 55 / 100, whole * 45 / 100});
        m_splitter->restoreState(QSettings().value(splitterKey(wanted)).toByteArray());
    }
}

void RequestsPane::drain()
{
    if (m_pause->isChecked() || window()->isMinimized())
        return;
    if (m_waiting.empty()) {
        events::EventLog::Drained drained = m_session.events().after(m_cursor);
        m_cursor = drained.next;
        m_waiting.assign(std::make_move_iterator(drained.batches.begin()), std::make_move_iterator(drained.batches.end()));
    }
    if (m_waiting.empty())
        return;

    // What is in sight must not move when the oldest rows go.
    QScrollBar *bar = m_table->verticalScrollBar();
    const int top = m_table->rowAt(0);
    const events::RequestEvent *topRequest = m_follow->isChecked() ? nullptr : m_model->request(top);
    const events::RequestId topId = topRequest ? topRequest->id : 0;
    int removedAbove = 0;
    {
        const QScopedValueRollback moving(m_moving, true);
        const auto watch = connect(m_model, &QAbstractItemModel::rowsAboutToBeRemoved, this,
                                   [&removedAbove, top](const QModelIndex &, int first, int last) {
                                       if (first <= top)
                                           removedAbove += last - first + 1;
                                   });
        QElapsedTimer spent;
        spent.start();
        std::vector<std::shared_ptr<const events::Batch>> part;
        do {
            part.clear();
            std::size_t events = 0;
            while (!m_waiting.empty() && events < 4000) {
                events += m_waiting.front()->size();
                part.push_back(std::move(m_waiting.front()));
                m_waiting.pop_front();
            }
            m_model->take(part);
        } while (!m_waiting.empty() && spent.elapsed() < drainBudgetMs);
        disconnect(watch);
        if (m_follow->isChecked())
            m_table->scrollToBottom();
        else if (topId != 0 && removedAbove > 0)
            bar->setValue(std::max(0, top - removedAbove));
    }
    const events::RequestEvent *selected = m_model->request(selectedRow(*m_table));
    if ((selected ? selected->id : 0) != m_selected) { // it was let go, and the view selected a neighbour of its own choice
        m_table->clearSelection();
        m_table->selectionModel()->clearCurrentIndex();
        m_selected = 0;
        showSelected();
    }
    if (m_model->total() > 0 && m_tablePages->currentIndex() == 0)
        showEmptyText();
    showCounts();
    if (m_selected != 0)
        showSelected();
}

void RequestsPane::clear()
{
    m_waiting.clear();
    m_cursor = m_session.events().after(m_cursor).next;
    m_model->clear();
    m_selected = 0;
    m_follow->setChecked(true);
    showSelected();
    showCounts();
    showEmptyText();
}

void RequestsPane::showSelected()
{
    const events::RequestEvent *request = m_selected ? m_model->find(m_selected) : nullptr;
    if (!request) {
        m_selected = 0;
        m_selectedRevision = 0;
        m_detail->clear();
        return;
    }
    const std::uint32_t revision = m_model->revision(m_selected);
    if (revision == m_selectedRevision)
        return;
    m_selectedRevision = revision;
    m_detail->setRequest(*request, *m_model->detail(m_selected), m_session.url());
}

void RequestsPane::showCounts()
{
    const QLocale locale;
    const auto total = static_cast<qulonglong>(m_model->total());
    const int shown = m_model->rowCount();
    QString text = m_filter->text().trimmed().isEmpty() ? total == 1 ? tr("1 request") : tr("%L1 requests").arg(total) : tr("%L1 of %L2").arg(shown).arg(total);
    m_counts->setText(text);
    m_counts->setToolTip(m_model->dropped() ? tr("%L1 older ones were let go to bound the memory in use.").arg(m_model->dropped()) : QString());
}

void RequestsPane::showEmptyText()
{
    m_tablePages->setCurrentIndex(m_model->total() > 0 ? 1 : 0);
    m_detail->setVisible(m_model->total() > 0);
    if (m_model->total() > 0)
        return;
    m_openLink->setVisible(m_session.state() == session::State::Running);
    switch (m_session.state()) {
    case session::State::Running: {
        const QString url = m_session.url().toString().toHtmlEscaped();
        m_empty->setSentence(tr("Open the project in a browser (Ctrl+B); each request shows here as it happens."));
        m_openLink->setText(u"<a href=\"%1\">%1</a>"_s.arg(url));
        break;
    }
    case session::State::Starting:
        m_empty->setSentence(tr("The project is starting."));
        break;
    case session::State::Stopped:
    case session::State::Failed:
        m_empty->setSentence(tr("Start the project (F5), then open it in a browser (Ctrl+B); each request shows here as it happens."));
        break;
    }
}

void RequestsPane::saveState(QSettings &settings) const
{
    settings.setValue(splitterKey(m_splitter->orientation()), m_splitter->saveState());
    settings.setValue(u"requests/header"_s, m_table->horizontalHeader()->saveState());
    m_detail->saveState(settings);
}

void RequestsPane::restoreState()
{
    const QSettings settings;
    m_splitter->setSizes({640, 480});
    m_splitter->restoreState(settings.value(splitterKey(Qt::Horizontal)).toByteArray());
    m_table->horizontalHeader()->restoreState(settings.value(u"requests/header"_s).toByteArray());
    m_detail->restoreState(settings);
}

} // namespace cleat::ui
