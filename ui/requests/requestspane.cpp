// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestspane.h"

#include "core/session/recorder.h"
#include "core/session/session.h"
#include "ui/requests/filterline.h"
#include "ui/requests/pathgroupsmodel.h"
#include "ui/requests/pathgroupstable.h"
#include "ui/requests/requestdetailview.h"
#include "ui/requests/requestsmodel.h"
#include "ui/requests/requeststable.h"
#include "ui/requests/savedfiltersbutton.h"
#include "ui/requests/trafficstrip.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int sideBySideFrom = 940; ///< width from which the detail stands at the right
constexpr int wordsFrom = 880; ///< width from which buttons have words
constexpr int stripFrom = 330; ///< height from which there is room for the strip
constexpr std::size_t mostForActions = 10'000;
constexpr int saidForMs = 10'000;

QString splitterKey(Qt::Orientation orientation)
{
    return orientation == Qt::Horizontal ? u"requests/splitterWide"_s : u"requests/splitterNarrow"_s;
}

QAction *toggle(QObject *parent, QLatin1StringView iconName, const QString &text, const QKeySequence &keys, const QString &toolTip)
{
    auto *action = new QAction(icon(iconName), text, parent);
    action->setCheckable(true);
    action->setShortcut(keys);
    action->setToolTip(toolTip);
    return action;
}

} // namespace

RequestsPane::RequestsPane(session::Session &session, QWidget *parent) : RequestsPane(session, session.recorder().recording(), parent) {}

RequestsPane::RequestsPane(session::Session &session, std::shared_ptr<const events::Recording> recording, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_recording(std::move(recording)),
      m_live(m_recording == session.recorder().recording()),
      m_model(new RequestsModel(m_recording, this)),
      m_groups(new PathGroupsModel(m_recording, this)),
      m_seen(m_recording),
      m_filter(new FilterLine([this](const QString &key) {
          m_seen.lookAround();
          QStringList words = m_seen.of(key);
          if (key == "binding:"_L1) {
              for (const auto &entry : m_session.config().config().effective(m_session.options().scope).bindings)
                  words.prepend(fromUtf8(entry.value.name));
          }
          return words;
      })),
      m_group(toggle(this, "layers"_L1, tr("By path"), QKeySequence(u"Ctrl+G"_s), tr("One row for each method and path (Ctrl+G)"))),
      m_pause(toggle(this, "pause"_L1, tr("Pause"), QKeySequence(u"Ctrl+P"_s), tr("Take in no new requests until it is pressed again (Ctrl+P)"))),
      m_follow(toggle(this, "arrow-down-to-line"_L1, tr("Follow"), QKeySequence(u"Ctrl+End"_s), tr("Keep the newest request in sight (End)"))),
      m_dock(new QAction(icon("panel-bottom"_L1), tr("Dock"), this)),
      m_find(new QShortcut(QKeySequence::Find, this)),
      m_counts(new ToneLabel({}, Tone::Muted)),
      m_trouble(new ToneLabel({}, Tone::Danger)),
      m_said(new ToneLabel),
      m_timeChip(new QToolButton),
      m_strip(new TrafficStrip(m_recording)),
      m_stripRule(new Rule(Qt::Horizontal)),
      m_pages(new QStackedWidget),
      m_openLink(new QLabel),
      m_table(new RequestsTable(*m_model)),
      m_paths(new PathGroupsTable(*m_groups)),
      m_splitter(new QSplitter(Qt::Horizontal)),
      m_detail(new RequestDetailView)
{
    makeEmptyStates();
    m_pages->addWidget(m_table);
    m_pages->addWidget(m_paths);
    m_pages->setMinimumSize(240, 90);
    m_detail->setMinimumSize(260, 120);
    connect(m_detail, &RequestDetailView::requestAsked, this, [this](events::RequestId id) {
        if (const auto sequence = m_recording->find(id))
            select(*sequence);
    });
    m_splitter->addWidget(m_pages);
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setMinimumSize(240, 100); // whichever way it stands: else turning it changed the room that it was turned for
    m_splitter->setHandleWidth(5);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeToolbar());
    column->addWidget(makeNotes());
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(m_strip);
    column->addWidget(m_stripRule);
    column->addWidget(m_splitter, 1);
    setFocusProxy(m_filter);

    setUpTable();
    connect(m_find, &QShortcut::activated, this, &RequestsPane::focusFilter);
    connect(&m_session.recorder(), &session::Recorder::changed, this, [this] {
        if (isVisible())
            refresh();
    });
    connect(&m_session, &session::Session::stateChanged, this, &RequestsPane::showState);
    connect(m_strip, &TrafficStrip::chosenChanged, this, [this] {
        m_criteria.time = m_strip->chosen();
        setCriteria();
    });
    setPlace(Place::Alone);
    restoreState();
    showState();
}

RequestsPane::~RequestsPane()
{
    m_table->disconnect(this); // its selection goes before the rest of this
}

// ---- making it

QToolButton *RequestsPane::addButton(QAction *action)
{
    auto *button = new QToolButton;
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    if (action->menu())
        button->setPopupMode(QToolButton::InstantPopup);
    addAction(action);
    m_buttons.push_back(button);
    return button;
}

QWidget *RequestsPane::makeToolbar()
{
    m_filter->setMinimumWidth(120);
    m_filter->setMaximumWidth(560);
    connect(m_filter, &FilterLine::queryChanged, this, [this](const events::RequestQuery &query) {
        m_criteria.query = query;
        setCriteria();
    });
    connect(m_filter, &FilterLine::troubleChanged, this, &RequestsPane::showNotes);
    connect(m_filter, &FilterLine::begun, this, [this] { m_seen.lookAround(); });
    connect(m_filter, &FilterLine::left, this, [this] { setFocus(Qt::OtherFocusReason); });
    auto *clearAction = new QAction(icon("list-x"_L1), tr("Clear"), this);
    clearAction->setShortcut(QKeySequence(u"Ctrl+L"_s));
    clearAction->setToolTip(tr("Forget all requests (Ctrl+L)"));
    connect(clearAction, &QAction::triggered, this, &RequestsPane::clear);
    connect(m_group, &QAction::toggled, this, [this](bool on) {
        m_groups->setActivity(on ? PathGroupsModel::Activity::Active : PathGroupsModel::Activity::Idle);
        showState();
        setFocus(Qt::OtherFocusReason);
    });
    connect(m_pause, &QAction::toggled, this, [this](bool on) {
        m_model->setIntake(on ? RequestsModel::Intake::Paused : RequestsModel::Intake::Live);
        refresh();
    });
    connect(m_follow, &QAction::triggered, this, [this](bool on) { m_table->setFollowing(on ? RequestsTable::Following::On : RequestsTable::Following::Off); });
    connect(m_dock, &QAction::triggered, this, &RequestsPane::placeAsked);

    auto *bar = new QWidget;
    m_bar = new QHBoxLayout(bar);
    m_bar->setContentsMargins(8, 5, 8, 5);
    m_bar->setSpacing(3);
    m_bar->addWidget(m_filter, 1);
    m_bar->addWidget(new SavedFiltersButton(*m_filter, fromPath(m_session.options().project)));
    m_bar->addWidget(addButton(m_group));
    if (m_live) {
        for (QAction *action : {m_pause, m_follow, clearAction})
            m_bar->addWidget(addButton(action));
    }
    m_bar->addStretch(0);
    m_bar->addWidget(m_counts);
    if (m_live)
        m_bar->addWidget(addButton(m_dock));
    return bar;
}

/// Below the toolbar, when there is something to say: what is wrong with the filter; the chosen stretch of time.
QWidget *RequestsPane::makeNotes()
{
    m_timeChip->setIcon(icon("x"_L1));
    m_timeChip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_timeChip->setFocusPolicy(Qt::TabFocus);
    m_timeChip->setToolTip(tr("Only requests that began in this time. Press to show all again."));
    connect(m_timeChip, &QToolButton::clicked, this, [this] {
        m_strip->setChosen(std::nullopt);
        m_criteria.time.reset();
        setCriteria();
    });
    m_trouble->setAccessibleName(tr("What is wrong with the filter"));
    m_trouble->setWordWrap(true);
    m_notes = new QWidget;
    auto *row = new QHBoxLayout(m_notes);
    row->setContentsMargins(9, 0, 9, 5);
    row->addWidget(m_timeChip);
    row->addWidget(m_trouble, 1);
    row->addWidget(m_said, 1);
    row->addStretch(0);
    m_notes->hide();
    m_said->setAccessibleName(tr("What was done"));
    m_said->setWordWrap(true);
    m_said->hide();
    m_saidFor.setSingleShot(true);
    m_saidFor.setInterval(saidForMs);
    connect(&m_saidFor, &QTimer::timeout, this, [this] {
        m_said->clear();
        showNotes();
    });
    return m_notes;
}

void RequestsPane::makeEmptyStates()
{
    m_empty = new EmptyState("activity"_L1, tr("No requests yet"), {});
    m_openLink->setAlignment(Qt::AlignHCenter);
    m_openLink->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_openLink->setOpenExternalLinks(true);
    m_empty->addRow(m_openLink);

    const auto centred = [](QWidget *widget) {
        auto *row = new QWidget;
        auto *layout = new QHBoxLayout(row);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->addStretch(1);
        layout->addWidget(widget);
        layout->addStretch(1);
        return row;
    };
    m_noMatch = new EmptyState("search"_L1, tr("No request fits"), {});
    auto *clearButton = new QPushButton(tr("Clear filter"));
    connect(clearButton, &QPushButton::clicked, this, &RequestsPane::clearFilter);
    m_noMatch->addRow(centred(clearButton));

    m_paused = new EmptyState("pause"_L1, tr("Paused"), tr("New requests are recorded, and shown when you go on (Ctrl+P)."));
    auto *resume = new QPushButton(tr("Go on"));
    connect(resume, &QPushButton::clicked, m_pause, [this] { m_pause->setChecked(false); });
    m_paused->addRow(centred(resume));
    for (QWidget *page : {m_empty, m_noMatch, m_paused})
        m_pages->addWidget(page);
}

void RequestsPane::setUpTable()
{
    connect(m_table, &RequestsTable::followingChanged, this, [this] {
        m_follow->setChecked(m_table->following() == RequestsTable::Following::On && m_table->canFollow());
        m_follow->setEnabled(m_table->canFollow());
        m_follow->setToolTip(m_table->canFollow() ? tr("Keep the newest request in sight (End)") : tr("Sort by time to follow the newest request"));
    });
    m_follow->setChecked(true);
    connect(m_table, &RequestsTable::selectedChanged, this, &RequestsPane::showSelected);
    connect(m_table, &RequestsTable::filterAsked, this, &RequestsPane::focusFilter);
    connect(m_table, &RequestsTable::menuAsked, this, &RequestsPane::showMenu);
    connect(m_model, &RequestsModel::replaced, this, &RequestsPane::showState);
    connect(m_model, &RequestsModel::searchingChanged, this, &RequestsPane::showState);
    connect(m_model, &QAbstractItemModel::rowsInserted, this, &RequestsPane::showState);
    connect(m_model, &QAbstractItemModel::rowsRemoved, this, &RequestsPane::showState);
    connect(m_groups, &PathGroupsModel::replaced, this, &RequestsPane::showState);
    connect(m_paths, &PathGroupsTable::opened, this, [this](const QString &method, const QString &path) {
        addTerm(FilterLine::term(u"method:"_s, method));
        addTerm(FilterLine::term(u"path:"_s, path));
        m_group->setChecked(false);
    });
}

void RequestsPane::setActions(ActionsFor forRows, const QList<QAction *> &general)
{
    m_actionsFor = std::move(forRows);
    int place = m_bar->indexOf(m_counts) - 1; // before the room that is left
    for (QAction *action : general)
        m_bar->insertWidget(place++, addButton(action));
    fitWidth();
    setPlace(m_place); // their keys too
}

void RequestsPane::setPlace(Place place)
{
    m_place = place;
    // Beside another pane, keys are the ones of where the focus is.
    const Qt::ShortcutContext context = place == Place::Alone ? Qt::WindowShortcut : Qt::WidgetWithChildrenShortcut;
    m_find->setContext(context);
    for (QAction *action : actions())
        action->setShortcutContext(context);
    fitHeight();
    switch (place) {
    case Place::Alone:
        m_dock->setText(tr("Dock"));
        m_dock->setToolTip(tr("Show it at the bottom, under the other panes (Ctrl+J)"));
        break;
    case Place::Docked:
        m_dock->setText(tr("Undock"));
        m_dock->setToolTip(tr("Show it at the bottom no longer (Ctrl+J)"));
        break;
    }
}

// ---- what it shows

void RequestsPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

void RequestsPane::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitWidth();
    fitHeight();
}

void RequestsPane::fitHeight()
{
    const bool shown = height() >= stripFrom && m_model->total() > 0;
    m_strip->setVisible(shown);
    m_stripRule->setVisible(shown);
    const Qt::Orientation wanted = width() >= sideBySideFrom || m_place == Place::Docked ? Qt::Horizontal : Qt::Vertical;
    if (m_splitter->orientation() != wanted) {
        m_splitter->setOrientation(wanted);
        const int whole = wanted == Qt::Horizontal ? m_splitter->width() : m_splitter->height();
        m_splitter->setSizes({whole * 55 / 100, whole * 45 / 100});
        m_splitter->restoreState(QSettings().value(splitterKey(wanted)).toByteArray());
    }
}

void RequestsPane::fitWidth()
{
    const Qt::ToolButtonStyle style = width() >= wordsFrom ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly;
    for (QToolButton *button : m_buttons)
        button->setToolButtonStyle(button->icon().isNull() ? Qt::ToolButtonTextOnly : button->defaultAction() == m_dock ? Qt::ToolButtonIconOnly : style);
}

void RequestsPane::refresh()
{
    m_model->refresh();
    if (!m_pause->isChecked()) {
        m_groups->refresh();
        m_strip->refresh();
    }
    showState();
    showSelected();
}

void RequestsPane::clear()
{
    m_session.recorder().clear();
    m_strip->setChosen(std::nullopt);
    m_criteria.time.reset();
    setCriteria();
    m_table->setFollowing(RequestsTable::Following::On);
    refresh();
}

void RequestsPane::setCriteria()
{
    m_model->setCriteria(m_criteria);
    m_groups->setCriteria(m_criteria);
    showNotes();
    showState();
}

void RequestsPane::setFilter(const QString &line)
{
    m_filter->use(line);
}

void RequestsPane::clearFilter()
{
    m_strip->setChosen(std::nullopt);
    m_criteria.time.reset();
    m_filter->use({});
    setCriteria();
    setFocus(Qt::OtherFocusReason);
}

void RequestsPane::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void RequestsPane::addTerm(const QString &term)
{
    const QString line = m_filter->text().trimmed();
    const bool there = (u' ' + line + u' ').contains(u' ' + term + u' ');
    m_filter->use(there ? line : line.isEmpty() ? term : line + u' ' + term);
}

void RequestsPane::select(Sequence sequence)
{
    m_group->setChecked(false);
    m_table->select(sequence);
}

void RequestsPane::showSelected()
{
    if (const Sequence selected = m_table->selected())
        m_detail->setRecord(m_recording, selected, m_session.url());
    else
        m_detail->clear();
}

void RequestsPane::showState()
{
    showCounts();
    showPage();
}

void RequestsPane::showCounts()
{
    const QLocale locale;
    const std::uint64_t total = m_model->total();
    const bool filtered = !m_criteria.all();
    QString text;
    if (m_group->isChecked())
        text = m_groups->rowCount() == 1 ? tr("1 path") : tr("%1 paths").arg(locale.toString(m_groups->rowCount()));
    else if (m_model->isSearching())
        text = tr("… of %1").arg(locale.toString(static_cast<qulonglong>(total)));
    else if (filtered)
        text = tr("%1 of %2").arg(locale.toString(m_model->rowCount()), locale.toString(static_cast<qulonglong>(total)));
    else
        text = total == 1 ? tr("1 request") : tr("%1 requests").arg(locale.toString(static_cast<qulonglong>(total)));
    if (text != m_counts->text())
        m_counts->setText(text);
    const auto dropped = static_cast<qulonglong>(m_recording->dropped());
    m_counts->setToolTip(dropped ? tr("%1 older ones were let go to bound the memory in use.").arg(locale.toString(dropped)) : QString());
}

void RequestsPane::showPage()
{
    const bool any = m_model->total() > 0;
    QWidget *page = m_table;
    if (!any)
        page = m_pause->isChecked() ? m_paused : m_empty;
    else if (!m_criteria.all() && !m_model->isSearching() && m_model->rowCount() == 0)
        page = m_noMatch;
    else if (m_group->isChecked())
        page = m_paths;
    const bool hadFocus = m_pages->currentWidget() && m_pages->currentWidget()->hasFocus();
    if (m_pages->currentWidget() != page) {
        m_pages->setCurrentWidget(page);
        setFocusProxy(page == m_table || page == m_paths ? page : m_filter);
        if (hadFocus)
            setFocus(Qt::OtherFocusReason);
    }
    m_detail->setVisible(any && page == m_table);
    if (m_strip->isHidden() == any)
        fitHeight();
    if (page == m_noMatch)
        m_noMatch->setSentence(m_criteria.time ? tr("None of the requests in the chosen time fits the filter.")
                                               : tr("None of the requests fits the filter. New ones show here when they do."));
    if (page != m_empty)
        return;
    m_openLink->setVisible(m_session.state() == session::State::Running);
    if (!m_live) {
        m_openLink->hide();
        m_empty->setSentence(tr("There is no request in this file."));
        return;
    }
    switch (m_session.state()) {
    case session::State::Running:
        m_empty->setSentence(tr("Open the project in a browser (Ctrl+B); each request shows here as it happens."));
        m_openLink->setText(u"<a href=\"%1\">%1</a>"_s.arg(m_session.url().toString().toHtmlEscaped()));
        break;
    case session::State::Starting:
        m_empty->setSentence(tr("The project is starting."));
        break;
    case session::State::Stopped:
    case session::State::Failed:
        m_empty->setSentence(tr("Start the project (F5), then open it in a browser (Ctrl+B); each request shows here as it happens."));
        break;
    }
}

void RequestsPane::say(const QString &sentence, Said how)
{
    m_said->setText(sentence);
    m_said->setTone(how == Said::Failed ? Tone::Danger : Tone::Muted);
    m_saidFor.start();
    showNotes();
}

std::vector<RequestsPane::Sequence> RequestsPane::selected() const
{
    return m_table->selectedOnes(mostForActions);
}

void RequestsPane::showNotes()
{
    m_trouble->setText(m_filter->trouble());
    m_trouble->setVisible(!m_filter->trouble().isEmpty());
    m_timeChip->setVisible(m_criteria.time.has_value());
    if (m_criteria.time)
        m_timeChip->setText(tr("%1 to %2").arg(formatTime(m_criteria.time->fromUs), formatTime(m_criteria.time->toUs)));
    m_said->setVisible(!m_said->text().isEmpty());
    m_notes->setVisible(m_criteria.time || !m_filter->trouble().isEmpty() || !m_said->text().isEmpty());
}

void RequestsPane::showMenu(const QPoint &global)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const Sequence one = m_table->selected();
    const auto row = one ? m_recording->row(one) : std::nullopt;
    if (row) {
        if (m_actionsFor) {
            menu->addActions(m_actionsFor(m_recording, m_table->selectedOnes(mostForActions)));
            menu->addSeparator();
        }
        const events::RequestEvent &request = row->request;
        const QString path = fromUtf8(request.target).section(u'?', 0, 0);
        const auto filterBy = [&](const QString &text, const QString &term) {
            connect(menu->addAction(text), &QAction::triggered, this, [this, term] { addTerm(term); });
        };
        connect(menu->addAction(icon("copy"_L1), tr("Copy path")), &QAction::triggered, m_table, &RequestsTable::copy);
        menu->actions().constLast()->setEnabled(m_table->selectedOnes(2).size() == 1);
        connect(menu->addAction(tr("Copy rows")), &QAction::triggered, m_table, &RequestsTable::copyRows);
        menu->addSeparator();
        filterBy(tr("Only this path"), FilterLine::term(u"path:"_s, path));
        filterBy(tr("Without this path"), u'-' + FilterLine::term(u"path:"_s, path));
        filterBy(tr("Only %1").arg(fromUtf8(request.method)), FilterLine::term(u"method:"_s, fromUtf8(request.method)));
        if (request.status)
            filterBy(tr("Only status %1").arg(request.status), u"status:%1"_s.arg(request.status));
        menu->addSeparator();
    }
    menu->addMenu(m_table->columnsMenu());
    menu->popup(global);
}

void RequestsPane::saveState(QSettings &settings) const
{
    settings.setValue(splitterKey(m_splitter->orientation()), m_splitter->saveState());
    m_table->saveState(settings);
    m_paths->saveState(settings);
    m_detail->saveState(settings);
}

void RequestsPane::restoreState()
{
    const QSettings settings;
    m_splitter->setSizes({640, 480});
    m_splitter->restoreState(settings.value(splitterKey(Qt::Horizontal)).toByteArray());
    m_table->restoreState(settings);
    m_paths->restoreState(settings);
    m_detail->restoreState(settings);
}

} // namespace cleat::ui
