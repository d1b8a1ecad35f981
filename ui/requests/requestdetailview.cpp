// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestdetailview.h"

#include "ui/requests/detail/consolelist.h"
#include "ui/requests/detail/exceptionsview.h"
#include "ui/requests/detail/messageview.h"
#include "ui/requests/detail/spanmodel.h"
#include "ui/requests/detail/spanpanel.h"
#include "ui/requests/detail/waterfall.h"
#include "ui/requests/requestcolumns.h"
#include "ui/requests/requestsdelegate.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QMenu>
#include <QScrollBar>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int costShare = 5; ///< one that takes long to show is shown less often: for a fifth of the time at most

} // namespace

RequestDetailView::RequestDetailView(QWidget *parent)
    : QWidget(parent), m_pages(new QStackedWidget),
      m_nothing(new EmptyState("activity"_L1, tr("No request selected"), tr("Select a row to see what the request did: its calls, headers and bodies, console lines and exceptions."))),
      m_status(new ToneLabel), m_url(new ElideLabel(Qt::ElideMiddle)), m_facts(new ElideLabel), m_error(new ToneLabel({}, Tone::Danger)), m_causeButton(new QToolButton), m_secretsButton(new QToolButton),
      m_tabs(new FlatTabs), m_spans(new SpanModel(this)), m_waterfall(new Waterfall(*m_spans)), m_waterfallSplitter(new QSplitter(Qt::Vertical)), m_span(new SpanPanel),
      m_requestHalf(new MessageView(MessageView::Half::Request)), m_responseHalf(new MessageView(MessageView::Half::Response)), m_console(new ConsoleList), m_exceptions(new ExceptionsView)
{
    m_tabs->addTab(makeWaterfall(), tr("Waterfall"));
    m_tabs->addTab(m_requestHalf, tr("Request"));
    m_tabs->addTab(m_responseHalf, tr("Response"));
    m_tabs->addTab(m_console, tr("Console"));
    m_tabs->addTab(m_exceptions, tr("Exceptions"));
    m_tabs->setUsesScrollButtons(true);

    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(m_tabs, 1);
    m_nothing->setMinimumSize(100, 60);
    m_pages->addWidget(m_nothing);
    m_pages->addWidget(page);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_pages);

    m_later.setSingleShot(true);
    connect(&m_later, &QTimer::timeout, this, &RequestDetailView::load);
    connect(m_tabs, &QTabWidget::currentChanged, this, &RequestDetailView::fillTab);
    connect(m_waterfall, &Waterfall::currentCallChanged, this, &RequestDetailView::showSpan);
    connect(m_waterfall, &Waterfall::sourceWanted, this, &RequestDetailView::openSpan);
    connect(m_span, &SpanPanel::sourceAsked, this, &RequestDetailView::sourceAsked);
    connect(m_span, &SpanPanel::dataAsked, this, &RequestDetailView::dataAsked);
    connect(m_span, &SpanPanel::aiSettingsAsked, this, &RequestDetailView::aiSettingsAsked);
    connect(m_console, &ConsoleList::sourceAsked, this, &RequestDetailView::sourceAsked);
    connect(m_exceptions, &ExceptionsView::sourceAsked, this, &RequestDetailView::sourceAsked);
}

RequestDetailView::~RequestDetailView() = default;

QWidget *RequestDetailView::makeHead()
{
    QFont strong = m_status->font();
    strong.setBold(true);
    m_status->setFont(strong);
    m_url->setFont(monospaceFont());
    m_error->setWordWrap(true);
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts->setTone(Tone::Muted);
    m_secretsButton->setIcon(icon("lock"_L1, Tone::Warning));
    m_secretsButton->setToolTip(tr("Secrets in this request: show their values here until another request is shown"));
    m_secretsButton->setAccessibleName(tr("Secrets in this request"));
    m_secretsButton->setObjectName(u"secrets"_s);
    m_secretsButton->setAutoRaise(true);
    m_secretsButton->setPopupMode(QToolButton::InstantPopup);
    m_causeButton->setObjectName(u"cause"_s);
    m_causeButton->setAutoRaise(true);
    connect(m_causeButton, &QToolButton::clicked, this, [this] { Q_EMIT requestAsked(m_shown.request.cause); });
    auto *menu = new QMenu(m_secretsButton);
    connect(menu, &QMenu::aboutToShow, this, &RequestDetailView::fillSecretsMenu);
    m_secretsButton->setMenu(menu);
    auto *first = new QHBoxLayout;
    first->setSpacing(8);
    first->addWidget(m_status);
    first->addWidget(m_url, 1);
    first->addWidget(m_causeButton);
    first->addWidget(m_secretsButton);
    auto *head = new QWidget;
    auto *column = new QVBoxLayout(head);
    column->setContentsMargins(10, 8, 10, 4);
    column->setSpacing(3);
    column->addLayout(first);
    column->addWidget(m_facts);
    column->addWidget(m_error);
    return head;
}

QWidget *RequestDetailView::makeWaterfall()
{
    auto *above = new QWidget;
    auto *column = new QVBoxLayout(above);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_waterfall, 1);
    column->addWidget(m_waterfall->timeBar());
    m_waterfallSplitter->addWidget(above);
    m_waterfallSplitter->addWidget(m_span);
    m_waterfallSplitter->setChildrenCollapsible(false);
    m_waterfallSplitter->setSizes({500, 500});
    m_waterfallSplitter->setStretchFactor(0, 1);
    m_waterfallSplitter->setStretchFactor(1, 1);
    return m_waterfallSplitter;
}

void RequestDetailView::setServices(DetailServices services)
{
    m_services = std::move(services);
    m_span->setServices(m_services);
}

void RequestDetailView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    // Below the table it is wide and low: then what a call did stands beside the waterfall.
    m_waterfallSplitter->setOrientation(width() >= 520 && width() > height() * 5 / 4 ? Qt::Horizontal : Qt::Vertical);
}

void RequestDetailView::clear()
{
    m_recording.reset();
    m_sequence = 0;
    m_revision.reset();
    m_record.reset();
    m_unmasked.clear();
    m_later.stop();
    m_nothing->setSentence(tr("Select a row to see what the request did: its calls, headers and bodies, console lines and exceptions."));
    m_pages->setCurrentIndex(0);
}

void RequestDetailView::setRecord(std::shared_ptr<const events::Recording> recording, events::Recording::Sequence sequence, const QUrl &base)
{
    m_base = base;
    const bool same = recording == m_recording && sequence == m_sequence;
    if (!same) {
        m_recording = std::move(recording);
        m_sequence = sequence;
        m_revision.reset();
        m_record.reset();
        m_later.stop();
        load();
        return;
    }
    if (!m_recording || m_recording->revisionOf(m_sequence) == m_revision)
        return;
    const qint64 pause = m_loadCost * costShare - (m_sinceLoad.isValid() ? m_sinceLoad.elapsed() : m_loadCost * costShare);
    if (pause <= 0)
        load();
    else if (!m_later.isActive())
        m_later.start(static_cast<int>(pause));
}

void RequestDetailView::load()
{
    if (!m_recording)
        return;
    QElapsedTimer clock;
    clock.start();
    // Asked first: what changes in between is seen the next time.
    m_revision = m_recording->revisionOf(m_sequence);
    auto record = m_recording->record(m_sequence);
    if (record)
        showRecord(std::move(*record), m_record ? Which::Same : Which::Other);
    else
        showGone();
    m_loadCost = clock.elapsed();
    m_sinceLoad.start();
}

void RequestDetailView::showGone()
{
    if (m_record) // it stays to be seen; there is nothing new of it
        return;
    m_nothing->setSentence(tr("This request is not held any more: it had to make room for newer ones."));
    m_pages->setCurrentIndex(0);
}

void RequestDetailView::showRecord(events::RequestRecord record, Which which)
{
    if (which == Which::Other) {
        m_unmasked.clear();
        m_otherRecord = true;
    }
    m_record = std::move(record);
    m_secrets = secretNames(*m_record);
    refresh();
    m_pages->setCurrentIndex(1);
}

void RequestDetailView::refresh()
{
    m_shown = withSecrets(*m_record, m_unmasked);
    m_stale.fill(true);
    showHead();
    showTabTitles();
    fillTab(m_tabs->currentIndex());
}

void RequestDetailView::showHead()
{
    const events::RequestEvent &request = m_shown.request;
    QString address;
    if (request.kind == events::RequestKind::Http)
        address = m_base.toString(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::StripTrailingSlash);
    address += fromUtf8(request.target);
    m_url->setText(fromUtf8(request.method) + u' ' + address);
    m_status->setText(request.status == 0 && request.state == events::RequestState::Running ? u"…"_s : statusText(request));
    m_status->setTone(statusTone(request));
    QStringList facts;
    switch (request.state) {
    case events::RequestState::Running:
        facts << tr("running");
        break;
    case events::RequestState::Finished:
        facts << formatDuration(request.durationUs);
        break;
    case events::RequestState::Abandoned:
        facts << (request.error.empty() ? tr("the client left after %1") : tr("broken off after %1")).arg(formatDuration(request.durationUs));
        break;
    }
    if (request.kind == events::RequestKind::Http)
        facts << formatBytes(request.responseBytes);
    if (request.requestBytes)
        facts << tr("%1 received").arg(formatBytes(request.requestBytes));
    switch (request.answer) {
    case events::Answer::Code:
        facts << (request.handler.empty() ? tr("code") : fromUtf8(request.handler));
        break;
    case events::Answer::Asset:
        facts << (request.handler.empty() ? tr("static file") : tr("static file %1").arg(fromUtf8(request.handler)));
        break;
    case events::Answer::Refused:
        facts << tr("refused");
        break;
    }
    if (!request.environment.empty())
        facts << fromUtf8(request.environment);
    facts << formatTime(request.startUs);
    m_facts->setText(facts.join(u"  ·  "_s));
    m_error->setText(oneLine(fromUtf8(request.error), 500));
    m_error->setVisible(!request.error.empty());
    m_causeButton->setVisible(request.cause != 0);
    if (request.cause != 0) {
        const bool held = m_recording && m_recording->find(request.cause).has_value();
        m_causeButton->setText(tr("Sent by request %1").arg(request.cause));
        m_causeButton->setEnabled(held);
        m_causeButton->setToolTip(held ? tr("Show the request whose code sent this") : tr("The request whose code sent this is not held any more"));
    }
    m_secretsButton->setVisible(!m_secrets.isEmpty() && m_services.secret);
    m_secretsButton->setIcon(icon(m_unmasked.empty() ? "lock"_L1 : "eye"_L1, Tone::Warning));
}

void RequestDetailView::showTabTitles()
{
    const std::array<std::pair<QString, std::size_t>, TabCount> titles = {{{tr("Waterfall"), m_shown.calls.size()}, {tr("Request"), 0}, {tr("Response"), 0}, {tr("Console"), m_shown.console.size()},
        {tr("Exceptions"), m_shown.exceptions.size()}}};
    for (int tab = 0; tab < TabCount; ++tab) {
        const auto &[title, count] = titles[static_cast<std::size_t>(tab)];
        const QString text = count ? u"%1 (%2)"_s.arg(title).arg(count) : title;
        if (m_tabs->tabText(tab) != text)
            m_tabs->setTabText(tab, text);
    }
}

void RequestDetailView::fillTab(int tab)
{
    if (!m_record || tab < 0 || !std::exchange(m_stale[static_cast<std::size_t>(tab)], false))
        return;
    switch (static_cast<Tab>(tab)) {
    case WaterfallTab:
        m_waterfall->setRecord(m_shown, std::exchange(m_otherRecord, false) ? Waterfall::Keep::Nothing : Waterfall::Keep::Place);
        showSpan(m_waterfall->currentIndex().isValid() ? static_cast<int>(m_waterfall->currentIndex().internalId()) : -1);
        break;
    case RequestTab:
        m_requestHalf->setRecord(m_shown);
        break;
    case ResponseTab:
        m_responseHalf->setRecord(m_shown);
        break;
    case ConsoleTab:
        m_console->setLines(m_shown.console, m_shown.request.startUs);
        break;
    case ExceptionsTab:
        m_exceptions->setExceptions(m_shown.exceptions);
        break;
    case TabCount:
        break;
    }
}

void RequestDetailView::showSpan(int call)
{
    const QModelIndex index = call < 0 ? QModelIndex() : m_spans->indexOf(static_cast<std::size_t>(call));
    const SpanTree::Node *node = m_spans->node(index);
    m_span->setSpan(m_spans->call(index), node ? node->selfUs : 0);
}

void RequestDetailView::openSpan(int call)
{
    const events::CallEvent *one = m_spans->call(m_spans->indexOf(static_cast<std::size_t>(call)));
    if (one && !one->place.file.empty())
        Q_EMIT sourceAsked(one->place);
}

void RequestDetailView::fillSecretsMenu()
{
    QMenu *menu = m_secretsButton->menu();
    menu->clear();
    for (const QString &name : m_secrets) {
        const bool shown = m_unmasked.contains(toUtf8(name));
        QAction *action = menu->addAction(shown ? tr("Mask %1").arg(name) : tr("Unmask %1").arg(name));
        const std::optional<QString> value = m_services.secret(name);
        if (!value) {
            action->setText(tr("%1: its value is not known any more").arg(name));
            action->setEnabled(false);
        }
        connect(action, &QAction::triggered, this, [this, name, shown] {
            if (shown) {
                m_unmasked.erase(toUtf8(name));
            } else if (const std::optional<QString> asked = m_services.secret(name)) {
                m_unmasked[toUtf8(name)] = toUtf8(*asked);
            }
            refresh();
        });
    }
}

void RequestDetailView::saveState(QSettings &settings) const
{
    settings.setValue(u"requests/detail/tab"_s, m_tabs->currentIndex());
    settings.setValue(u"requests/detail/waterfall"_s, m_waterfallSplitter->saveState());
    settings.setValue(u"requests/detail/span"_s, m_span->splitter()->saveState());
    settings.setValue(u"requests/detail/request"_s, m_requestHalf->splitter().saveState());
    settings.setValue(u"requests/detail/response"_s, m_responseHalf->splitter().saveState());
}

void RequestDetailView::restoreState(const QSettings &settings)
{
    m_tabs->setCurrentIndex(std::clamp(settings.value(u"requests/detail/tab"_s, 0).toInt(), 0, TabCount - 1));
    m_waterfallSplitter->restoreState(settings.value(u"requests/detail/waterfall"_s).toByteArray());
    m_span->splitter()->restoreState(settings.value(u"requests/detail/span"_s).toByteArray());
    m_requestHalf->splitter().restoreState(settings.value(u"requests/detail/request"_s).toByteArray());
    m_responseHalf->splitter().restoreState(settings.value(u"requests/detail/response"_s).toByteArray());
}

} // namespace cleat::ui
