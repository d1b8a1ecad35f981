// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/functions/functionspane.h"

#include "core/session/session.h"
#include "ui/functions/routesmodel.h"
#include "ui/functions/routetraffic.h"
#include "ui/functions/trypath.h"
#include "ui/widgets/counted.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/sourceopener.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QFocusEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QTextBrowser>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int narrowBelow = 720; ///< width

} // namespace

FunctionsPane::FunctionsPane(session::Session &session, RouteTraffic &traffic, QWidget *parent)
    : QWidget(parent), m_session(session), m_traffic(traffic), m_model(new RoutesModel(traffic, this)), m_sorted(new QSortFilterProxyModel(this)),
      m_opener(new SourceOpener(session.options().project, this)), m_filter(new QLineEdit), m_counts(new ToneLabel({}, Tone::Muted)),
      m_trouble(new MessageBar(MessageBar::Closing::ByUser)), m_pages(new QStackedWidget),
      m_empty(new EmptyState("route"_L1, tr("No Functions"), {})), m_table(new QTableView), m_splitter(new QSplitter(Qt::Vertical)), m_tabs(new FlatTabs), m_try(new TryPath),
      m_rules(new QTextBrowser)
{
    setUpTable();
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_table);
    m_pages->setMinimumHeight(80);
    m_rules->setFrameShape(QFrame::NoFrame);
    m_rules->setAccessibleName(tr("Rules of _routes.json"));
    m_rules->document()->setDocumentMargin(10);
    m_rules->viewport()->setAutoFillBackground(false);
    m_tabs->addTab(m_try, tr("Try it"));
    m_tabs->addTab(m_rules, tr("_routes.json"));
    m_tabs->setMinimumHeight(120);
    m_splitter->addWidget(m_pages);
    m_splitter->addWidget(m_tabs);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(5);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeToolbar());
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(m_trouble);
    column->addWidget(m_splitter, 1);
    setFocusPolicy(Qt::StrongFocus); // its shortcuts work while there is nothing in it, too

    connect(m_opener, &SourceOpener::failed, this, &FunctionsPane::tell);
    connect(m_try, &TryPath::sourceAsked, this, &FunctionsPane::open);
    connect(m_try, &TryPath::rowFound, this, &FunctionsPane::showRow);
    connect(&m_session, &session::Session::routesChanged, this, &FunctionsPane::refreshRoutes);
    connect(&m_session, &session::Session::buildChanged, this, &FunctionsPane::refreshPages);
    connect(&m_session, &session::Session::stateChanged, this, &FunctionsPane::refreshPages);
    const QSettings settings;
    m_splitter->setSizes({420, 260});
    m_splitter->restoreState(settings.value(u"functions/splitter"_s).toByteArray());
    refreshRoutes();
}

FunctionsPane::~FunctionsPane() = default;

QWidget *FunctionsPane::makeToolbar()
{
    m_filter->setPlaceholderText(tr("Filter by path, file or method"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(icon("search"_L1, Tone::Muted), QLineEdit::LeadingPosition);
    m_filter->setMinimumWidth(140);
    m_filter->setMaximumWidth(420);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_sorted->setFilterFixedString(text.trimmed());
        refreshPages();
    });
    auto *find = new QShortcut(QKeySequence::Find, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, this, [this] {
        m_filter->setFocus(Qt::ShortcutFocusReason);
        m_filter->selectAll();
    });
    auto *reset = new QToolButton;
    reset->setIcon(icon("rotate-ccw"_L1));
    reset->setText(tr("Count anew"));
    reset->setToolTip(tr("Set hits, errors and durations back to nothing"));
    reset->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    reset->setAutoRaise(true);
    connect(reset, &QToolButton::clicked, this, [this] {
        m_traffic.clear();
        refreshPages();
    });
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 5, 8, 5);
    row->setSpacing(4);
    row->addWidget(m_filter, 1);
    row->addWidget(reset);
    row->addStretch(0);
    row->addWidget(m_counts);
    return bar;
}

void FunctionsPane::setUpTable()
{
    ui::setUpTable(*m_table, 6);
    m_sorted->setSourceModel(m_model);
    m_sorted->setFilterKeyColumn(-1);
    m_sorted->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_table->setModel(m_sorted);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Routes"));
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    QHeaderView *header = m_table->horizontalHeader();
    const auto room = [this](const QString &sample) { return m_table->fontMetrics().horizontalAdvance(sample) + 2 * cellMargin + 4; };
    header->resizeSection(RoutesModel::Order, room(u"000"_s));
    header->resizeSection(RoutesModel::Method, room(u"OPTIONS"_s));
    header->resizeSection(RoutesModel::File, room(u"functions/api/tasks/index.ts"_s));
    header->resizeSection(RoutesModel::Middlewares, room(u"_middleware.ts"_s));
    header->resizeSection(RoutesModel::Hits, room(u"000,000"_s));
    header->resizeSection(RoutesModel::Errors, room(u"Errors"_s));
    header->resizeSection(RoutesModel::Median, room(u"000.0 ms"_s));
    header->resizeSection(RoutesModel::Slow, room(u"000.0 ms"_s));
    header->setSectionResizeMode(RoutesModel::Path, QHeaderView::Stretch);
    header->setMinimumSectionSize(34);
    connect(m_table, &QWidget::customContextMenuRequested, this, &FunctionsPane::showMenu);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) {
        open({m_model->row(m_sorted->mapToSource(index).row()).handler.file, 0, 0});
    });
}

void FunctionsPane::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    if (m_table->isVisible())
        m_table->setFocus(event->reason());
}

/// A small window shows what there is room for.
void FunctionsPane::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool narrow = width() < narrowBelow;
    m_table->setColumnHidden(RoutesModel::Middlewares, narrow);
    m_table->setColumnHidden(RoutesModel::Median, narrow);
    m_table->setColumnHidden(RoutesModel::Order, narrow);
    m_table->horizontalHeader()->resizeSection(RoutesModel::File, m_table->fontMetrics().horizontalAdvance(narrow ? u"functions/tasks/[id].ts"_s : u"functions/api/tasks/index.ts"_s) + 2 * cellMargin);
}

void FunctionsPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_traffic.drain();
}

void FunctionsPane::refreshRoutes()
{
    const int selected = selectedSource();
    const std::string file = selected < 0 ? std::string() : m_model->row(selected).handler.file;
    const std::string name = selected < 0 ? std::string() : m_model->row(selected).handler.exportName;
    m_model->setRoutes(m_session.routes());
    m_try->setRoutes(m_session.routes());
    for (int row = 0; selected >= 0 && row < m_model->rowCount(); ++row) {
        if (m_model->row(row).handler == session::RouteHandler{file, name})
            m_table->setCurrentIndex(m_sorted->mapFromSource(m_model->index(row, 0)));
    }
    refreshRules();
    refreshPages();
}

void FunctionsPane::refreshRules()
{
    const session::RouteTable *routes = m_model->routes();
    const Colors &c = colors(palette());
    QString text;
    if (!routes || !routes->rules()) {
        text = tr("<p>There is no _routes.json beside the assets, so every path is offered to the Functions first.</p>"
                  "<p style=\"color:%1\">With one, static files can be kept from counting as requests of Functions: "
                  "<tt>{ \"version\": 1, \"include\": [\"/api/*\"], \"exclude\": [] }</tt></p>").arg(c.muted.name());
    } else if (const auto &error = routes->rules()->error) {
        text = u"<p style=\"color:%1\">%2</p><p>%3</p>"_s.arg(c.danger.name(), formatError(*error).toHtmlEscaped(), tr("It is not in force: every path is offered to the Functions first."));
    } else {
        const auto list = [](const std::vector<std::string> &rules) {
            QStringList shown;
            for (const std::string &rule : rules)
                shown << u"<tt>%1</tt>"_s.arg(fromUtf8(rule).toHtmlEscaped());
            return shown.join(u"<br>"_s);
        };
        text = u"<table cellpadding=\"4\"><tr><td><b>%1</b></td><td><b>%2</b></td></tr><tr><td>%3</td><td>%4</td></tr></table><p style=\"color:%5\">%6</p>"_s.arg(
            tr("Straight to the assets (exclude)"), tr("To the Functions (include)"), routes->rules()->exclude.empty() ? tr("none") : list(routes->rules()->exclude),
            list(routes->rules()->include), c.muted.name(), tr("A rule of exclude wins. What no rule takes goes to the assets."));
    }
    m_rules->setHtml(text);
}

void FunctionsPane::refreshPages()
{
    const int all = m_model->rowCount();
    const int shown = m_sorted->rowCount();
    const QString count = shown == all ? counted(static_cast<std::uint64_t>(all), tr("%1 route"), tr("%1 routes")) : tr("%L1 of %L2").arg(shown).arg(all);
    const bool stale = m_session.buildError() && all > 0;
    m_counts->setText(stale ? tr("%1 of the last good build").arg(count) : count);
    m_counts->setTone(stale ? Tone::Warning : Tone::Muted);
    m_counts->setToolTip(m_traffic.missed() > 0 ? tr("Some requests were let go before they could be counted.") : QString());
    m_pages->setCurrentIndex(all > 0 ? 1 : 0);
    if (hasFocus() && m_table->isVisible())
        m_table->setFocus();
    if (all > 0)
        return;
    switch (m_session.state()) {
    case session::State::Running:
        m_empty->setSentence(tr("The project has no code. Make a file functions/hello.ts with: export const onRequest = () => new Response(\"Hello\"); it answers /hello at once."));
        break;
    case session::State::Starting:
        m_empty->setSentence(tr("The project is starting."));
        break;
    case session::State::Stopped:
    case session::State::Failed:
        m_empty->setSentence(tr("Start the project (F5) to build its Functions; their routes show here."));
        break;
    }
}

int FunctionsPane::selectedSource() const
{
    const int row = selectedRow(*m_table);
    return row < 0 ? -1 : m_sorted->mapToSource(m_sorted->index(row, 0)).row();
}

/// Selects the row that a tried path found.
void FunctionsPane::showRow(int row)
{
    if (row < 0) {
        m_table->clearSelection();
        return;
    }
    const QModelIndex index = m_sorted->mapFromSource(m_model->index(row, 0));
    m_table->selectRow(index.row());
    m_table->scrollTo(index);
}

void FunctionsPane::tryRow(int row)
{
    const session::RouteRow &route = m_model->row(row);
    m_tabs->setCurrentWidget(m_try);
    m_try->tryThis(route.method.empty() ? u"GET"_s : fromUtf8(route.method), fromUtf8(route.path));
    m_try->setFocus();
}

void FunctionsPane::showMenu(const QPoint &point)
{
    const QModelIndex index = m_table->indexAt(point);
    if (!index.isValid())
        return;
    const int row = m_sorted->mapToSource(index).row();
    const session::RouteRow route = m_model->row(row);
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu->addAction(icon("external-link"_L1), tr("Open in editor")), &QAction::triggered, this, [this, file = route.handler.file] { open({file, 0, 0}); });
    for (const session::RouteHandler &handler : route.chain)
        connect(menu->addAction(tr("Open %1").arg(fromUtf8(handler.file))), &QAction::triggered, this, [this, file = handler.file] { open({file, 0, 0}); });
    menu->addSeparator();
    connect(menu->addAction(icon("signpost"_L1), tr("Try it")), &QAction::triggered, this, [this, row] { tryRow(row); });
    connect(menu->addAction(icon("copy"_L1), tr("Copy the path")), &QAction::triggered, this,
        [path = fromUtf8(route.path)] { QGuiApplication::clipboard()->setText(path); });
    menu->popup(m_table->viewport()->mapToGlobal(point));
}

void FunctionsPane::open(const base::Place &place)
{
    m_opener->open(place);
}

void FunctionsPane::tell(const QString &sentence)
{
    m_trouble->setMessage(MessageBar::Kind::Warning, sentence);
    m_trouble->show();
}

void FunctionsPane::saveState(QSettings &settings) const
{
    settings.setValue(u"functions/splitter"_s, m_splitter->saveState());
}

} // namespace cleat::ui
