// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/consolepane.h"

#include "core/base/file.h"
#include "core/events/eventjson.h"
#include "core/session/session.h"
#include "ui/console/consolemodel.h"
#include "ui/console/consoleview.h"
#include "ui/widgets/counted.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/sourceopener.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QFocusEvent>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using events::Level;

namespace {

constexpr int drainEveryMs = 33;
constexpr int budgetMs = 8; ///< of each tick
constexpr int filterDelayMs = 120;

QToolButton *iconButton(QAction *action)
{
    auto *button = new QToolButton;
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text());
    return button;
}

} // namespace

ConsolePane::ConsolePane(session::Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_model(new ConsoleModel(this)), m_view(new ConsoleView(*m_model)), m_opener(new SourceOpener(session.options().project, this)),
      m_bar(new MessageBar(MessageBar::Closing::ByUser)), m_filter(new QLineEdit), m_trouble(m_filter->addAction(icon("circle-alert"_L1, Tone::Danger), QLineEdit::TrailingPosition)),
      m_pause(new QAction(icon("pause"_L1), tr("Pause"), this)), m_follow(new QAction(icon("arrow-down-to-line"_L1), tr("Follow"), this)),
      m_clear(new QAction(icon("list-x"_L1), tr("Clear"), this)), m_wrap(new QAction(tr("Wrap long lines"), this)), m_equals(new QAction(tr("Count equal lines"), this)),
      m_clearOnRebuild(new QAction(tr("Clear on rebuild"), this)), m_copy(new QAction(icon("copy"_L1), tr("Copy"), this)), m_copyJson(new QAction(tr("Copy as JSON"), this)),
      m_copyAll(new QAction(tr("Copy all"), this)), m_save(new QAction(icon("save"_L1), tr("Save to a file…"), this)), m_counts(new ToneLabel({}, Tone::Muted)),
      m_pages(new QStackedWidget), m_empty(new EmptyState("square-terminal"_L1, tr("Nothing in the console yet"), {}))
{
    m_view->setAccessibleName(tr("Console"));
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_view);
    auto *nothing = new EmptyState("search"_L1, tr("No line fits"), tr("The filter and the levels let no line through."));
    auto *all = new QPushButton(tr("Show all lines"));
    nothing->addRow(all);
    connect(all, &QPushButton::clicked, this, [this] {
        m_filter->clear();
        for (QToolButton *button : m_levels)
            button->setChecked(true);
        applyFilter();
    });
    m_pages->addWidget(nothing);

    setUpActions();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeToolbar());
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(m_bar);
    column->addWidget(m_pages, 1);
    setFocusPolicy(Qt::StrongFocus); // its shortcuts work while there is nothing in it, too
    setUpFollowing();

    connect(m_view, &ConsoleView::requestAsked, this, &ConsolePane::requestAsked);
    connect(m_view, &ConsoleView::sourceAsked, m_opener, &SourceOpener::open);
    connect(m_opener, &SourceOpener::failed, this, &ConsolePane::tell);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_view, &QWidget::customContextMenuRequested, this, &ConsolePane::showMenu);
    connect(&m_session, &session::Session::stateChanged, this, &ConsolePane::showEmptyText);
    connect(&m_session, &session::Session::liveChanged, this, &ConsolePane::clearOnRebuild);
    m_model->setRequestLookup([&recorder = m_session.recorder()](events::RequestId id) {
        const auto recording = recorder.recording();
        const auto sequence = recording->find(id);
        const auto row = sequence ? recording->row(*sequence) : std::nullopt;
        return row ? ConsoleModel::labelOf(row->request) : QString();
    });
    connect(&m_session.recorder(), &session::Recorder::changed, this, [this] {
        if (isVisible() && m_model->takeLabelsMissed()) // it may know them by now
            m_view->viewport()->update();
    });
    m_timer.setInterval(drainEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &ConsolePane::drain);
    restoreState();
    showCounts();
    showEmptyText();
}

ConsolePane::~ConsolePane() = default;

QToolButton *ConsolePane::levelButton(Level level, const QString &name, QLatin1StringView iconName)
{
    constexpr std::array tones{Tone::Muted, Tone::Normal, Tone::Accent, Tone::Warning, Tone::Danger};
    auto *button = new QToolButton;
    button->setIcon(icon(iconName, tones.at(static_cast<std::size_t>(level))));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setCheckable(true);
    button->setChecked(true);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(name);
    button->setToolTip(tr("Show lines of the level \"%1\"").arg(levelName(level)));
    connect(button, &QToolButton::toggled, this, &ConsolePane::applyLevels);
    m_levels.at(static_cast<std::size_t>(level)) = button;
    return button;
}

void ConsolePane::setUpActions()
{
    m_pause->setCheckable(true);
    m_pause->setShortcut(QKeySequence(u"Ctrl+P"_s));
    m_pause->setToolTip(tr("Take in no new lines until it is pressed again (Ctrl+P)"));
    m_follow->setCheckable(true);
    m_follow->setChecked(true);
    m_follow->setShortcut(QKeySequence(u"Ctrl+End"_s));
    m_follow->setToolTip(tr("Keep the newest line in sight (Ctrl+End)"));
    m_clear->setShortcut(QKeySequence(u"Ctrl+L"_s));
    m_clear->setToolTip(tr("Empty the console (Ctrl+L)"));
    m_copy->setShortcut(QKeySequence::Copy);
    m_save->setShortcut(QKeySequence::Save);
    for (QAction *option : {m_wrap, m_equals, m_clearOnRebuild})
        option->setCheckable(true);
    for (QAction *action : {m_pause, m_follow, m_clear, m_copy, m_save, m_copyJson, m_copyAll}) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
    }
    connect(m_clear, &QAction::triggered, this, &ConsolePane::clear);
    connect(m_wrap, &QAction::toggled, this, [this](bool on) { m_view->setWrap(on ? ConsolePaint::Wrap::Yes : ConsolePaint::Wrap::No); });
    connect(m_equals, &QAction::toggled, this, [this](bool on) {
        m_model->setEquals(on ? ConsoleModel::Equals::Together : ConsoleModel::Equals::Apart);
        refill();
    });
    connect(m_copy, &QAction::triggered, this, [this] { copyText(m_view->wantedRows()); });
    connect(m_copyJson, &QAction::triggered, this, [this] { copyJson(m_view->wantedRows()); });
    connect(m_copyAll, &QAction::triggered, this, [this] { copyText(allRows()); });
    connect(m_save, &QAction::triggered, this, &ConsolePane::askWhereToSave);
}

QWidget *ConsolePane::makeToolbar()
{
    m_filter->setPlaceholderText(tr("Filter: words -not level:warn,error /regex/ file:users.ts"));
    m_filter->setToolTip(tr("<p>All terms must fit; <b>-</b> in front of one turns it round.</p><p>words, \"two words\", /regular expression/, <b>level:</b>warn,error "
                            "<b>kind:</b>exception,notice <b>file:</b>users.ts <b>request:</b>12 (Ctrl+F)</p>"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(icon("search"_L1, Tone::Muted), QLineEdit::LeadingPosition);
    m_filter->setMinimumWidth(110);
    m_filter->setMaximumWidth(460);
    m_trouble->setVisible(false);
    m_filterDelay.setSingleShot(true);
    m_filterDelay.setInterval(filterDelayMs);
    connect(&m_filterDelay, &QTimer::timeout, this, &ConsolePane::applyFilter);
    connect(m_filter, &QLineEdit::textChanged, &m_filterDelay, qOverload<>(&QTimer::start));
    auto *find = new QShortcut(QKeySequence::Find, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, this, [this] {
        m_filter->setFocus(Qt::ShortcutFocusReason);
        m_filter->selectAll();
    });

    auto *menu = new QMenu(this);
    menu->addActions({m_wrap, m_equals, m_clearOnRebuild});
    menu->addSeparator();
    menu->addActions({m_copyAll, m_save});
    auto *more = new QToolButton;
    more->setIcon(icon("ellipsis"_L1));
    more->setAccessibleName(tr("More"));
    more->setToolTip(tr("Wrapping, equal lines, copying and saving"));
    more->setAutoRaise(true);
    more->setMenu(menu);
    more->setPopupMode(QToolButton::InstantPopup);
    more->setStyleSheet(u"QToolButton::menu-indicator { image: none; }"_s);

    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 5, 8, 5);
    row->setSpacing(2);
    row->addWidget(m_filter, 1);
    row->addSpacing(4);
    row->addWidget(levelButton(Level::Debug, tr("Debug"), "bug"_L1));
    row->addWidget(levelButton(Level::Log, tr("Log"), "message-square-text"_L1));
    row->addWidget(levelButton(Level::Info, tr("Info"), "info"_L1));
    row->addWidget(levelButton(Level::Warn, tr("Warnings"), "triangle-alert"_L1));
    row->addWidget(levelButton(Level::Error, tr("Errors"), "circle-alert"_L1));
    row->addSpacing(4);
    row->addWidget(new Rule(Qt::Vertical));
    row->addSpacing(4);
    for (QAction *action : {m_pause, m_follow, m_clear})
        row->addWidget(iconButton(action));
    row->addWidget(more);
    row->addStretch(0);
    row->addSpacing(6);
    row->addWidget(m_counts);
    return bar;
}

void ConsolePane::setUpFollowing()
{
    QScrollBar *bar = m_view->verticalScrollBar();
    connect(m_follow, &QAction::toggled, this, [this](bool on) {
        if (!on)
            return;
        const QScopedValueRollback moving(m_moving, true);
        m_view->clearSelection();
        m_view->setCurrentIndex({});
        m_view->scrollToBottom();
    });
    connect(bar, &QScrollBar::valueChanged, this, [this, bar](int value) {
        if (!m_moving)
            m_follow->setChecked(value >= bar->maximum() && m_view->selectionModel()->selection().isEmpty());
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this](const QItemSelection &selected) {
        if (!m_moving && !selected.isEmpty())
            m_follow->setChecked(false);
    });
    connect(m_view, &ConsoleView::escaped, this, [this] { m_follow->setChecked(true); });
}

void ConsolePane::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    if (m_view->isVisible())
        m_view->setFocus(event->reason());
}

void ConsolePane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_timer.start();
    drain();
}

void ConsolePane::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_timer.stop();
}

void ConsolePane::drain()
{
    if (window()->isMinimized())
        return;
    QElapsedTimer spent;
    spent.start();
    if (!m_pause->isChecked()) {
        if (m_waiting.empty()) {
            events::EventLog::Drained drained = m_session.events().after(m_cursor);
            m_cursor = drained.next;
            m_waiting.assign(std::make_move_iterator(drained.batches.begin()), std::make_move_iterator(drained.batches.end()));
        }
        const QScopedValueRollback moving(m_moving, true);
        std::vector<std::shared_ptr<const events::Batch>> part;
        while (!m_waiting.empty() && spent.elapsed() < budgetMs) {
            part.clear();
            std::size_t events = 0;
            while (!m_waiting.empty() && events < 4000) {
                events += m_waiting.front()->size();
                part.push_back(std::move(m_waiting.front()));
                m_waiting.pop_front();
            }
            m_model->take(part);
        }
    }
    refill();
}

/// Looks through what has not been looked through, for a while.
void ConsolePane::refill()
{
    bool more = false;
    {
        const QScopedValueRollback moving(m_moving, true);
        more = m_model->step(budgetMs);
        if (m_follow->isChecked())
            m_view->scrollToBottom();
    }
    showCounts();
    if (!more || m_model->rowCount() > 0) // else something may be found yet
        showEmptyText();
}

void ConsolePane::clear()
{
    m_waiting.clear();
    m_cursor = m_session.events().after(m_cursor).next;
    m_model->clear();
    m_follow->setChecked(true);
    showCounts();
    showEmptyText();
}

void ConsolePane::clearOnRebuild()
{
    if (m_clearOnRebuild->isChecked() && m_session.live() == session::Session::Live::Applying)
        clear();
}

void ConsolePane::applyFilter()
{
    m_filterDelay.stop();
    ConsoleFilter filter = ConsoleFilter::parse(m_filter->text());
    m_trouble->setVisible(!filter.trouble().isEmpty());
    m_trouble->setToolTip(filter.trouble());
    if (!filter.trouble().isEmpty())
        return; // the last one stays in force
    m_model->setFilter(std::move(filter));
    refill();
}

void ConsolePane::applyLevels()
{
    unsigned levels = 0;
    for (std::size_t i = 0; i < m_levels.size(); ++i)
        levels |= m_levels[i] && m_levels[i]->isChecked() ? 1U << i : 0;
    m_model->setLevels(levels);
    refill();
}

void ConsolePane::showCounts()
{
    for (std::size_t i = 0; i < m_levels.size(); ++i) {
        const std::size_t count = m_model->count(static_cast<Level>(i));
        m_levels[i]->setText(count < 1000 ? QString::number(count) : count < 100'000 ? tr("%1k").arg(count / 1000) : u"99k+"_s);
    }
    const auto all = static_cast<qulonglong>(m_model->lines());
    const auto shown = static_cast<qulonglong>(m_model->shown());
    m_counts->setText(shown == all ? counted(all, tr("%1 line"), tr("%1 lines")) : tr("%L1 of %L2").arg(shown).arg(all));
    m_counts->setToolTip(m_model->dropped() ? tr("%L1 older ones were let go to bound the memory in use.").arg(m_model->dropped()) : QString());
}

void ConsolePane::showEmptyText()
{
    const int page = m_model->lines() == 0 ? 0 : m_model->rowCount() == 0 ? 2 : 1;
    m_pages->setCurrentIndex(page);
    if (hasFocus() && m_view->isVisible())
        m_view->setFocus();
    if (page != 0)
        return;
    switch (m_session.state()) {
    case session::State::Running:
        m_empty->setSentence(tr("What your code writes with console.log shows here as it happens, with exceptions and what Cleat has to say. Open the project in a browser (Ctrl+B)."));
        break;
    case session::State::Starting:
        m_empty->setSentence(tr("The project is starting."));
        break;
    case session::State::Stopped:
    case session::State::Failed:
        m_empty->setSentence(tr("Start the project (F5); what your code writes with console.log shows here as it happens."));
        break;
    }
}

void ConsolePane::showMenu(const QPoint &point)
{
    const QModelIndex index = m_view->indexAt(point);
    QMenu *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions({m_copy, m_copyJson, m_copyAll, m_save});
    if (index.isValid()) {
        const ConsoleLine line = m_model->line(index.row());
        menu->addSeparator();
        if (line.place.line > 0)
            connect(menu->addAction(icon("external-link"_L1), tr("Open in editor")), &QAction::triggered, this, [this, place = line.place] { m_opener->open(place); });
        if (line.request != 0) {
            connect(menu->addAction(tr("Show the request")), &QAction::triggered, this, [this, id = line.request] { Q_EMIT requestAsked(id); });
            connect(menu->addAction(tr("Only the lines of this request")), &QAction::triggered, this, [this, id = line.request] {
                m_filter->setText(u"request:%1"_s.arg(id));
                applyFilter();
            });
        }
    }
    menu->popup(m_view->viewport()->mapToGlobal(point));
}

// ---- copying and saving

QList<int> ConsolePane::allRows() const
{
    QList<int> rows;
    for (int row = 0; row < m_model->rowCount(); ++row)
        rows << row;
    return rows;
}

void ConsolePane::copyText(const QList<int> &rows)
{
    QStringList texts;
    for (const int row : rows)
        texts << m_model->index(row).data().toString();
    QGuiApplication::clipboard()->setText(texts.join(u'\n'));
}

/// A line of JSON for each line; items of unfolded ones are part of those.
void ConsolePane::copyJson(const QList<int> &rows)
{
    QString text;
    std::uint64_t last = 0;
    for (const int row : rows) {
        if (m_model->number(row) == std::exchange(last, m_model->number(row)))
            continue;
        text += fromUtf8(events::toJson(m_model->line(row).event())) + u'\n';
    }
    QGuiApplication::clipboard()->setText(text);
}

base::Result<void> ConsolePane::saveTo(const std::filesystem::path &file) const
{
    std::string text;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (!m_model->item(row))
            text += toUtf8(m_model->line(row).asText()) + '\n';
    }
    return base::writeFileAtomically(file, text);
}

void ConsolePane::askWhereToSave()
{
    auto *dialog = new QFileDialog(this, tr("Save the console"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Text (*.log *.txt)"), tr("All files (*)")});
    dialog->selectFile(u"console.log"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        if (const auto saved = saveTo(toPath(file)); !saved)
            tell(formatError(saved.error()));
    });
    dialog->open();
}

void ConsolePane::tell(const QString &sentence)
{
    m_bar->setMessage(MessageBar::Kind::Warning, sentence);
    m_bar->show();
}

// ---- what is remembered

void ConsolePane::saveState(QSettings &settings) const
{
    settings.setValue(u"console/wrap"_s, m_wrap->isChecked());
    settings.setValue(u"console/equals"_s, m_equals->isChecked());
    settings.setValue(u"console/clearOnRebuild"_s, m_clearOnRebuild->isChecked());
}

void ConsolePane::restoreState()
{
    const QSettings settings;
    m_wrap->setChecked(settings.value(u"console/wrap"_s, true).toBool());
    m_equals->setChecked(settings.value(u"console/equals"_s, false).toBool());
    m_clearOnRebuild->setChecked(settings.value(u"console/clearOnRebuild"_s, false).toBool());
}

} // namespace cleat::ui
