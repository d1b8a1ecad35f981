// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/spanpanel.h"

#include "core/session/datathread.h"
#include "ui/requests/detail/jsonpeek.h"
#include "ui/requests/detail/spanfacts.h"
#include "ui/requests/detail/spanlook.h"
#include "ui/requests/detail/sqlview.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QTabWidget>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int wideEnough = 520; ///< for arguments and result beside each other

QWidget *framed(QWidget *widget, QWidget *title)
{
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(title);
    column->addWidget(widget, 1);
    return box;
}

/// The tree of a plan, as SQLite's shell draws it.
QString planText(const std::vector<data::d1::PlanRow> &rows)
{
    QString text;
    std::map<int, int> depths;
    for (const data::d1::PlanRow &row : rows) {
        const auto parent = depths.find(row.parent);
        const int depth = parent == depths.end() ? 0 : parent->second + 1;
        depths[row.id] = depth;
        text += QString(depth * 3, u' ') + u"└─ "_s + fromUtf8(row.detail) + u'\n';
    }
    return text;
}

} // namespace

SpanPanel::SpanPanel(QWidget *parent)
    : QWidget(parent), m_icon(new QLabel), m_title(new ElideLabel), m_facts(new ElideLabel), m_splitter(new QSplitter(Qt::Horizontal)), m_left(new FlatTabs), m_sql(new SqlView),
      m_arguments(new JsonPeek(tr("Arguments"))), m_plan(makeCodeView()), m_resultTitle(new ToneLabel({}, Tone::Muted)), m_result(new JsonPeek(tr("Result")))
{
    for (QWidget *page : {static_cast<QWidget *>(m_sql), static_cast<QWidget *>(m_arguments), static_cast<QWidget *>(m_plan)}) { // tabs that come and go
        page->setParent(this);
        page->hide();
    }
    m_plan->setFrameShape(QFrame::NoFrame);
    m_plan->setAccessibleName(tr("Query plan"));
    m_plan->setObjectName(u"plan"_s);
    m_left->setDocumentMode(true);
    m_resultTitle->setMargin(7);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_left);
    m_splitter->addWidget(framed(m_result, m_resultTitle));
    m_splitter->setSizes({500, 500});
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(makeHead());
    all->addWidget(new Rule(Qt::Horizontal));
    all->addWidget(m_splitter, 1);
    setSpan(nullptr, 0);
}

SpanPanel::~SpanPanel() = default;

QToolButton *SpanPanel::makeTool(QLatin1StringView iconName, const QString &text)
{
    auto *button = new QToolButton;
    button->setIcon(icon(iconName, Tone::Muted));
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

QWidget *SpanPanel::makeHead()
{
    m_title->setObjectName(u"spanTitle"_s);
    QFont strong = font();
    strong.setBold(true);
    m_title->setFont(strong);
    m_facts->setTone(Tone::Muted);
    m_place = makeTool("file-code"_L1, tr("Open in editor"));
    m_place->setObjectName(u"openPlace"_s);
    m_data = makeTool("database"_L1, tr("Show in Data"));
    m_data->setObjectName(u"showData"_s);
    m_explain = makeTool("waypoints"_L1, tr("Explain: how the local database would find the rows"));
    m_explain->setObjectName(u"explainSql"_s);
    m_provider = makeTool("settings"_L1, tr("Choose who answers for Workers AI"));
    m_provider->setObjectName(u"chooseProvider"_s);
    m_provider->setText(tr("Choose a provider…"));
    m_provider->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_copy = makeTool("copy"_L1, tr("Copy all of this call"));
    m_copy->setObjectName(u"copySpan"_s);
    connect(m_place, &QToolButton::clicked, this, [this] {
        if (m_call)
            Q_EMIT sourceAsked(m_call->place);
    });
    connect(m_data, &QToolButton::clicked, this, [this] {
        if (m_call)
            Q_EMIT dataAsked(fromUtf8(m_call->kind), fromUtf8(m_call->binding), dataTarget(*m_call));
    });
    connect(m_provider, &QToolButton::clicked, this, &SpanPanel::aiSettingsAsked);
    connect(m_explain, &QToolButton::clicked, this, &SpanPanel::explain);
    connect(m_copy, &QToolButton::clicked, this, [this] {
        if (m_call)
            QApplication::clipboard()->setText(spanText(*m_call));
    });
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(m_title);
    words->addWidget(m_facts);
    auto *head = new QWidget;
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(10, 5, 6, 5);
    row->setSpacing(6);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    for (QToolButton *button : {m_provider, m_explain, m_data, m_place, m_copy})
        row->addWidget(button, 0, Qt::AlignTop);
    return head;
}

void SpanPanel::setServices(DetailServices services)
{
    m_services = std::move(services);
}

void SpanPanel::setTabs(bool sql)
{
    // Tabs that have nothing to say are not there.
    if (m_left->count() > 0 && (m_left->widget(0) == m_sql) == sql)
        return;
    m_left->clear();
    if (sql) {
        m_left->addTab(m_sql, tr("SQL"));
        m_left->addTab(m_plan, tr("Plan"));
        m_sql->show();
    }
    m_left->addTab(m_arguments, tr("Arguments"));
    m_left->setCurrentIndex(0);
}

void SpanPanel::setSpan(const events::CallEvent *call, std::uint32_t selfUs)
{
    setVisible(call);
    if (!call) {
        m_call.reset();
        return;
    }
    if (m_call == *call)
        return;
    const bool other = !m_call || m_call->arguments != call->arguments || m_call->kind != call->kind || m_call->binding != call->binding;
    m_call = *call;
    m_icon->setPixmap(icon(spanIcon(call->kind), call->error.empty() ? Tone::Muted : Tone::Danger).pixmap(QSize(16, 16), devicePixelRatioF()));
    m_title->setText(spanLabel(*call));
    QStringList facts = spanFacts(*call);
    QString took = tr("%1 after the start, took %2").arg(formatDuration(call->startUs), formatDuration(call->durationUs));
    if (selfUs != call->durationUs)
        took += tr(" (%1 in itself)").arg(formatDuration(selfUs));
    facts.insert(call->kind == "fetch" ? 1 : 0, took);
    m_facts->setText(facts.join(u"  ·  "_s));
    const QString place = formatPlace(call->place);
    m_place->setVisible(!place.isEmpty());
    m_place->setToolTip(tr("Open %1 in the editor").arg(place));
    m_place->setAccessibleName(m_place->toolTip());
    m_data->setVisible(isData(*call));
    m_provider->setVisible(call->kind == "ai" && !call->error.empty());
    const std::vector<CalledSql> statements = sqlOf(*call);
    setTabs(!statements.empty());
    m_sql->setSql(sqlText(statements));
    m_explain->setVisible(!statements.empty() && m_services.database);
    if (other)
        m_plan->setPlainText(tr("Explain says how the local database would find the rows of this statement."));
    if (call->arguments.empty() || call->arguments == "[]")
        m_arguments->setNote(tr("No arguments."), JsonPeek::Note::Quiet);
    else
        m_arguments->setJson(call->arguments);
    if (!call->error.empty()) {
        m_resultTitle->setText(tr("Failed"));
        m_resultTitle->setTone(Tone::Danger);
        m_result->setNote(fromUtf8(call->error), JsonPeek::Note::Error);
        return;
    }
    m_resultTitle->setText(call->bytes ? tr("Result, %1").arg(formatBytes(call->bytes)) : tr("Result"));
    m_resultTitle->setTone(Tone::Muted);
    if (call->result.empty())
        m_result->setNote(tr("No result."), JsonPeek::Note::Quiet);
    else
        m_result->setJson(call->result);
}

void SpanPanel::explain()
{
    if (!m_call || !m_services.database)
        return;
    const std::vector<CalledSql> statements = sqlOf(*m_call);
    m_left->setCurrentWidget(m_plan);
    const auto file = m_services.database(fromUtf8(m_call->binding));
    if (!file) {
        m_plan->setPlainText(tr("There is no local database for the binding %1 any more.").arg(fromUtf8(m_call->binding)));
        return;
    }
    if (std::ranges::any_of(statements, [](const CalledSql &one) { return !one.whole; })) {
        m_plan->setPlainText(tr("The statement is too long: only its beginning was recorded, and that cannot be explained."));
        return;
    }
    m_plan->setPlainText(tr("Asking the database…"));
    if (!m_thread)
        m_thread = std::make_unique<session::DataThread>();
    m_thread->run(
        this,
        [file = *file, statements](const std::stop_token &stop) {
            Explained explained;
            // A console would make the file; there is nothing to explain in one that is not there.
            std::error_code error;
            if (!std::filesystem::exists(file, error)) {
                explained.plans.push_back(base::fail("data.missing", "The local database is not there. It is made by the first query that runs."));
                return explained;
            }
            data::d1::Console console(file);
            for (const CalledSql &statement : statements) {
                if (stop.stop_requested())
                    break;
                explained.plans.push_back(console.explain(statement.sql));
            }
            return explained;
        },
        [this, statements](const Explained &explained) {
            if (m_call && sqlOf(*m_call) == statements) // else another span is shown by now
                showPlan(explained);
        });
}

void SpanPanel::showPlan(const Explained &explained)
{
    QStringList parts;
    for (const auto &plan : explained.plans)
        parts << (!plan ? formatError(plan.error()) : plan->empty() ? tr("SQLite has no plan for this statement: it reads no tables.") : planText(*plan));
    m_plan->setPlainText(parts.join(u'\n').trimmed());
}

void SpanPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_splitter->setOrientation(width() >= wideEnough ? Qt::Horizontal : Qt::Vertical);
}

} // namespace cleat::ui
