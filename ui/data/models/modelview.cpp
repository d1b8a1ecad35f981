// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/models/modelview.h"

#include "core/session/session.h"
#include "ui/data/questions.h"
#include "ui/values/valueview.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/counted.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/jsonedit.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/rowview.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::ModelCall;

namespace {

constexpr const char *firstModel = "@cf/meta/llama-3.1-8b-instruct";
constexpr const char *firstInputs = "{\n  \"prompt\": \"What is a cleat?\"\n}";

} // namespace

ModelView::ModelView(session::DataResource resource, session::Session &session, QWidget *parent)
    : DataView(std::move(resource), parent), m_session(session), m_model(session.modelCalls()), m_bar(new MessageBar(MessageBar::Closing::ByUser)), m_pages(new QStackedWidget),
      m_table(new RowView), m_splitter(new QSplitter(Qt::Horizontal)), m_title(new ElideLabel), m_facts(new ToneLabel({}, Tone::Muted)), m_tabs(new FlatTabs), m_answer(new ValueView),
      m_whole(new ValueView), m_form(nullptr), m_binding(new QComboBox), m_name(new QLineEdit), m_inputs(new JsonEdit), m_status(new ToneLabel({}, Tone::Muted)),
      m_ask(new QPushButton(tr("Ask"))), m_new(new QPushButton(tr("Ask…"))), m_keep(new QPushButton(tr("Keep as recording"))), m_clear(new QPushButton(tr("Clear")))
{
    setUpTable();
    m_form = makeForm();
    auto *left = new QWidget;
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->setSpacing(0);
    leftColumn->addWidget(m_table, 1);
    left->setMinimumWidth(220);
    m_pages->addWidget(makeEmpty());
    m_pages->addWidget(left);
    m_splitter->addWidget(m_pages);
    m_splitter->addWidget(makeDetail());
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(5);
    m_splitter->setSizes({560, 440});
    m_splitter->restoreState(QSettings().value(u"data/models/splitter"_s).toByteArray());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(makeTools());
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(m_splitter, 1);
    setFocusProxy(m_table);
    m_name->setText(QString::fromLatin1(firstModel));
    m_inputs->setText(QString::fromLatin1(firstInputs));
    m_filled = m_inputs->text();
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ModelView::showCurrent);
    connect(m_name, &QLineEdit::textChanged, this, &ModelView::refreshActions);
    connect(m_inputs, &JsonEdit::textChanged, this, &ModelView::refreshActions);
    connect(m_ask, &QPushButton::clicked, this, &ModelView::ask);
    connect(m_name, &QLineEdit::returnPressed, this, &ModelView::ask);
    connect(m_new, &QPushButton::clicked, this, &ModelView::openForm);
    connect(m_keep, &QPushButton::clicked, this, &ModelView::keep);
    connect(m_clear, &QPushButton::clicked, this, &ModelView::clear);
    connect(&m_session, &session::Session::stateChanged, this, &ModelView::refreshActions);
    connect(&m_session, &session::Session::workersChanged, this, &ModelView::refreshActions);
    for (const int key : {Qt::Key_Return, Qt::Key_Enter})
        connect(new QShortcut(QKeySequence(Qt::CTRL | key), m_form, nullptr, nullptr, Qt::WidgetWithChildrenShortcut), &QShortcut::activated, this, &ModelView::ask);
    fillBindings();
    poll();
    showCurrent();
}

ModelView::~ModelView()
{
    m_table->setModel(nullptr);
}

void ModelView::setUpTable()
{
    m_table->setModel(&m_model);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Calls"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    QHeaderView *header = m_table->header();
    header->setStretchLastSection(false);
    const auto room = [this](const QString &sample) { return m_table->fontMetrics().horizontalAdvance(sample) + 2 * cellMargin + 8; };
    header->resizeSection(CallModel::Time, room(u"00:00:00.000"_s));
    header->resizeSection(CallModel::Model, room(u"@cf/meta/llama-3.1-8b"_s));
    header->setSectionResizeMode(CallModel::Prompt, QHeaderView::Stretch);
    header->resizeSection(CallModel::Tokens, room(u"0,000 + 0,000"_s));
    header->resizeSection(CallModel::Took, room(u"000.0 ms"_s));
}

QWidget *ModelView::makeEmpty()
{
    auto *empty = new EmptyState("sparkles"_L1, tr("No model was asked yet"), tr("A Function asks one like this, or you do, with the form beside:"));
    auto *snippet = new CodeSnippet;
    const QString name = resource().uses.empty() ? u"AI"_s : fromUtf8(resource().uses.front().binding);
    snippet->setCode(u"const answer = await context.env.%1.run(\n  \"%2\",\n  { prompt: \"What is a cleat?\" },\n);"_s.arg(name, QString::fromLatin1(firstModel)));
    empty->addRow(snippet);
    return empty;
}

QWidget *ModelView::makeTools()
{
    auto *row = new QWidget;
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(8, 5, 8, 5);
    auto *provider = new QPushButton(tr("Provider…"));
    provider->setToolTip(tr("Choose who answers for Workers AI"));
    m_new->setToolTip(tr("Ask a model by hand"));
    m_keep->setToolTip(tr("Keep this answer in the project's folder of recordings, from where it is given without any provider"));
    m_clear->setToolTip(tr("Empty the list"));
    for (QPushButton *button : {m_new, m_keep, m_clear, provider})
        button->setAutoDefault(false);
    line->addWidget(m_new);
    line->addWidget(m_keep);
    line->addWidget(m_clear);
    line->addStretch(1);
    line->addWidget(provider);
    connect(provider, &QPushButton::clicked, this, &DataView::aiSettingsAsked);
    return row;
}

QWidget *ModelView::makeDetail()
{
    QFont strong = font();
    strong.setBold(true);
    m_title->setFont(strong);
    m_facts->setWordWrap(true);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_tabs->setAccessibleName(tr("Parts of the call"));
    m_tabs->addTab(m_answer, tr("Answer"));
    m_tabs->addTab(m_whole, tr("Raw"));
    m_tabs->addTab(m_form, tr("Ask"));
    auto *words = new QVBoxLayout;
    words->setContentsMargins(8, 6, 8, 4);
    words->setSpacing(1);
    words->addWidget(m_title);
    words->addWidget(m_facts);
    auto *detail = new QWidget;
    auto *column = new QVBoxLayout(detail);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(words);
    column->addWidget(m_tabs, 1);
    detail->setMinimumWidth(220);
    return detail;
}

QWidget *ModelView::makeForm()
{
    m_binding->setAccessibleName(tr("Binding"));
    m_name->setAccessibleName(tr("Model"));
    m_name->setPlaceholderText(tr("Name of the model"));
    m_inputs->setFieldName(tr("Inputs"));
    m_inputs->setVisibleLines(6);
    m_status->setWordWrap(true);
    m_ask->setAutoDefault(false);
    m_ask->setToolTip(tr("Ask (Ctrl+Enter)"));
    auto *form = new QWidget;
    auto *line = new QHBoxLayout;
    line->addWidget(m_name, 1);
    line->addWidget(m_binding);
    auto *last = new QHBoxLayout;
    last->addWidget(m_status, 1);
    last->addWidget(m_ask);
    auto *column = new QVBoxLayout(form);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(6);
    column->addLayout(line);
    column->addWidget(m_inputs, 1);
    column->addLayout(last);
    return form;
}

/// Each way to a model: a binding of the project, or of a Worker beside it. The data are the Worker's name and the binding's.
void ModelView::fillBindings()
{
    const QString project = m_session.projectName();
    for (const session::DataResource::Use &use : resource().uses) {
        const QString worker = use.worker.empty() ? project : fromUtf8(use.worker);
        const QString name = fromUtf8(use.binding);
        m_binding->addItem(use.worker.empty() ? name : tr("%1 of %2").arg(name, worker), QStringList{worker, name});
    }
    m_binding->setVisible(m_binding->count() > 1);
}

// ---- the list

void ModelView::poll()
{
    m_model.update();
    m_pages->setCurrentIndex(m_model.rowCount() == 0 ? 0 : 1);
    Q_EMIT summaryChanged(counted(static_cast<std::uint64_t>(m_model.rowCount()), tr("%1 call"), tr("%1 calls")));
    if (m_awaited != 0) {
        for (int row = 0; row < m_model.rowCount(); ++row) {
            if (m_model.call(row)->request != m_awaited)
                continue;
            m_awaited = 0;
            m_table->selectionModel()->setCurrentIndex(m_model.index(row, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
            m_tabs->setCurrentWidget(m_answer);
            break;
        }
    }
    refreshActions();
}

void ModelView::clear()
{
    askFirst(this, tr("Empty the list of calls? Recordings stay."), tr("Clear"), [this] {
        m_session.modelCalls().clear();
        m_shown.reset();
        poll();
        showCurrent();
    });
}

// ---- the one that is chosen

void ModelView::showCurrent()
{
    const ModelCall *row = m_model.call(m_table->currentIndex().row());
    const auto call = row ? m_session.modelCalls().find(row->id) : std::nullopt;
    if (call) {
        showCall(*call);
        return;
    }
    if (m_shown) // it has left the list: the detail goes on to show it
        return;
    m_title->setText(tr("Ask a model"));
    m_facts->setText(tr("What it answers comes into the list."));
    m_answer->setMessage(tr("Choose a call to see its answer."));
    m_whole->setMessage(tr("Choose a call to see its answer."));
    m_tabs->setCurrentWidget(m_form);
    refreshActions();
}

void ModelView::showCall(const ModelCall &call)
{
    const bool edited = isEdited();
    m_shown = call;
    m_title->setText(fromUtf8(call.model));
    QStringList facts{formatTime(call.startUs), formatDuration(call.tookUs)};
    if (const QString tokens = tokensText(call); !tokens.isEmpty())
        facts << tr("%1 tokens").arg(tokens);
    if (!call.options.empty())
        facts << fromUtf8(call.options);
    if (!call.error.empty())
        facts.prepend(tr("Failed"));
    m_facts->setTone(call.error.empty() ? Tone::Muted : Tone::Danger);
    m_facts->setText(facts.join(u" · "_s));
    ValueHint hint;
    hint.name = u"answer"_s;
    if (!call.error.empty()) {
        hint.name = u"error"_s;
        hint.contentType = u"text/plain"_s;
        m_answer->setValue(std::make_shared<const std::string>(call.error), hint);
        m_whole->setMessage(tr("There is no answer. Requests has the call's row."));
    } else if (call.answer.empty()) {
        const QString why = call.isCut ? tr("The answer is too long to be kept here.") : tr("The answer is empty.");
        m_answer->setMessage(why);
        m_whole->setMessage(why);
    } else if (call.form == session::ModelAnswerForm::Bytes) {
        hint.contentType = fromUtf8(call.contentType);
        m_answer->setValue(std::make_shared<const std::string>(call.answer), hint);
        m_whole->setMessage(tr("The answer is no JSON."));
    } else {
        hint.contentType = u"text/plain"_s;
        m_answer->setValue(std::make_shared<const std::string>(session::answerText(call.form, call.answer)), hint);
        hint.contentType = u"application/json"_s;
        m_whole->setValue(std::make_shared<const std::string>(call.answer), hint);
    }
    if (!edited) {
        m_name->setText(fromUtf8(call.model));
        const QString pretty = prettyJson(call.inputs);
        m_inputs->setText(pretty.isEmpty() ? fromUtf8(call.inputs) : pretty);
        m_filled = m_inputs->text();
        for (int i = 0; i < m_binding->count(); ++i) {
            if (m_binding->itemData(i).toStringList() == QStringList{fromUtf8(call.worker), fromUtf8(call.binding)})
                m_binding->setCurrentIndex(i);
        }
    }
    if (m_tabs->currentWidget() == m_form && !edited)
        m_tabs->setCurrentWidget(m_answer);
    refreshActions();
}

bool ModelView::isEdited() const
{
    return m_inputs->text() != m_filled;
}

void ModelView::refreshActions()
{
    const bool runs = m_session.state() == session::State::Running;
    const bool asks = m_awaited != 0;
    m_ask->setEnabled(runs && !asks && m_binding->count() > 0 && !m_name->text().trimmed().isEmpty() && !m_inputs->problem());
    m_keep->setEnabled(m_shown && m_shown->error.empty() && !m_shown->answer.empty());
    m_clear->setEnabled(m_model.rowCount() > 0);
    m_status->setText(asks               ? tr("Waiting for the answer…")
            : !runs                      ? tr("The project does not run. Start it to ask a model.")
            : m_binding->count() == 0    ? tr("No binding of the project reaches a model. Add a Workers AI binding first.")
                                         : QString());
}

// ---- by hand

void ModelView::openForm()
{
    m_tabs->setCurrentWidget(m_form);
    m_inputs->setFocus();
}

void ModelView::ask()
{
    if (!m_ask->isEnabled())
        return;
    const QStringList binding = m_binding->currentData().toStringList();
    const auto row = m_session.askModel(toUtf8(binding.value(0)), toUtf8(binding.value(1)), toUtf8(m_name->text().trimmed()), toUtf8(m_inputs->text()));
    if (!row) {
        fail(row.error());
        return;
    }
    m_filled = m_inputs->text();
    m_awaited = *row;
    refreshActions();
}

void ModelView::keep()
{
    const auto file = m_session.keepModelCall(*m_shown);
    if (!file) {
        fail(file.error());
        if (file.error().code == "session.ai")
            connect(m_bar->addButton(tr("Settings…")), &QPushButton::clicked, this, &DataView::aiSettingsAsked);
        return;
    }
    m_bar->setMessage(MessageBar::Kind::Info, tr("Kept in %1").arg(fromPath(*file)));
    m_bar->show();
}

void ModelView::fail(const base::Error &error)
{
    m_bar->setMessage(MessageBar::Kind::Error, formatError(error));
    m_bar->show();
}

/// Side by side, or one above the other where there is little room.
void ModelView::resizeEvent(QResizeEvent *event)
{
    DataView::resizeEvent(event);
    const Qt::Orientation wanted = width() > 860 ? Qt::Horizontal : Qt::Vertical;
    if (m_splitter->orientation() != wanted) {
        m_splitter->setOrientation(wanted);
        m_splitter->setSizes(wanted == Qt::Horizontal ? QList{560, 440} : QList{220, 380});
    }
    m_table->header()->setSectionHidden(CallModel::Tokens, m_pages->width() < 520);
}

void ModelView::saveState(QSettings &settings) const
{
    settings.setValue(u"data/models/splitter"_s, m_splitter->saveState());
}

DataView *makeModelView(const session::DataResource &resource, session::Session &session, QWidget *parent)
{
    return new ModelView(resource, session, parent);
}

} // namespace cleat::ui
