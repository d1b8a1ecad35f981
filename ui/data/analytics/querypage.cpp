// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/analytics/querypage.h"

#include "ui/data/analytics/answermodel.h"
#include "ui/data/analytics/chartview.h"
#include "ui/data/d1/ask.h"
#include "ui/data/d1/gridview.h"
#include "ui/data/d1/resultgrid.h"
#include "ui/data/progressstrip.h"
#include "ui/widgets/counted.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QComboBox>
#include <QFileDialog>
#include <QSettings>
#include <QSplitter>
#include <QTimer>
#include <QToolButton>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::analytics::Answer;

namespace {

constexpr std::size_t mostResultBytes = 64U << 20;
constexpr qsizetype longestKept = 200'000; ///< of the editor's text

bool isPlainName(const QString &name)
{
    return !name.isEmpty() && !name.at(0).isDigit() && std::ranges::all_of(name, [](QChar c) { return c == u'_' || (c.unicode() < 128 && c.isLetterOrNumber()); });
}

QString quotedName(const std::string &name)
{
    const QString text = fromUtf8(name);
    return isPlainName(text) ? text : u"\"%1\""_s.arg(QString(text).replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s));
}

/// To begin with: what everybody asks first.
QString firstQuery(const std::string &dataset)
{
    return u"SELECT toStartOfInterval(timestamp, INTERVAL '1' MINUTE) AS minute, sum(_sample_interval) AS points\n"
           "FROM %1\nGROUP BY minute\nORDER BY minute\n"_s.arg(quotedName(dataset));
}

/// The byte of a text at a line and a column, both from 1.
qsizetype placeOf(const QByteArray &text, const base::Place &place)
{
    qsizetype at = 0;
    for (int line = 1; line < place.line && at >= 0; ++line)
        at = text.indexOf('\n', at) + 1;
    return at + std::max(place.column - 1, 0);
}

data::d1::Schema schemaOf(const Answer &tables)
{
    data::d1::Schema schema;
    for (const auto &row : tables.rows) {
        const auto *name = row.empty() ? nullptr : std::get_if<std::string>(&row.front());
        if (!name)
            continue;
        data::d1::Table &table = schema.tables.emplace_back();
        table.name = *name;
        const auto add = [&](std::string column, std::string type) {
            data::d1::Column &made = table.columns.emplace_back();
            made.name = std::move(column);
            made.type = std::move(type);
        };
        add("timestamp", "DateTime");
        add("index1", "String");
        for (int i = 1; i <= 20; ++i)
            add("blob" + std::to_string(i), "String");
        for (int i = 1; i <= 20; ++i)
            add("double" + std::to_string(i), "Float64");
        add("_sample_interval", "UInt32");
        add("dataset", "String");
    }
    return schema;
}

} // namespace

QueryPage::QueryPage(const session::DataResource &dataset, QWidget *parent)
    : QWidget(parent), m_dataset(dataset), m_history(dataset.file), m_editor(new SqlEditor(SqlEditor::Access::Editable, nullptr, Dialect::Analytics)), m_results(nullptr),
      m_tabs(new FlatTabs), m_hint(new ToneLabel(tr("Ctrl+Enter runs the query."), Tone::Muted)), m_tablePage(new QWidget), m_chart(new ChartView), m_kind(new QComboBox),
      m_splitter(new QSplitter(Qt::Vertical)), m_problem(new MessageBar(MessageBar::Closing::ByUser)), m_strip(new ProgressStrip), m_elapsed(new ElideLabel), m_tick(new QTimer(this))
{
    makeActions();
    m_results = makeResults();
    m_elapsed->setTone(Tone::Muted);
    m_elapsed->setObjectName(u"querySummary"_s);
    m_tick->setInterval(100);
    connect(m_tick, &QTimer::timeout, this, [this] { m_elapsed->setText(tr("Running, %1").arg(formatDuration(static_cast<std::uint32_t>(m_clock.elapsed() * 1000)))); });
    m_editor->setAccessibleName(tr("SQL"));
    m_editor->setObjectName(u"analyticsSql"_s);
    const QString kept = QSettings().value(u"data/analytics/editor/"_s + settingsName(dataset.file)).toString();
    m_editor->setText(kept.isEmpty() ? firstQuery(dataset.id) : kept);
    setFocusProxy(m_editor);

    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(6, 3, 6, 3);
    bar->setSpacing(2);
    bar->addWidget(toolButton(m_run, ButtonLook::WithText));
    bar->addWidget(toolButton(m_cancel, ButtonLook::WithText));
    bar->addWidget(m_elapsed, 1);
    bar->addWidget(toolButton(m_saveCsv, ButtonLook::IconOnly));
    bar->addWidget(toolButton(m_savePicture, ButtonLook::IconOnly));
    bar->addWidget(toolButton(m_showHistory, ButtonLook::IconOnly));
    m_splitter->addWidget(m_editor);
    m_splitter->addWidget(m_results);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 4);
    if (!m_splitter->restoreState(QSettings().value(u"data/analytics/splitter"_s).toByteArray()))
        m_splitter->setSizes({150, 350});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(m_problem);
    column->addWidget(m_splitter, 1);
    column->addWidget(m_strip);

    connect(m_editor, &SqlEditor::escapePressed, this, &QueryPage::cancel);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &QueryPage::showChart);
    connect(m_tabs, &QTabWidget::currentChanged, this, &QueryPage::refreshActions);
    connect(m_strip, &ProgressStrip::runningChanged, this, [this] { Q_EMIT busyChanged(m_strip->isRunning() || isRunning()); });
    readSchema();
    setRunning(0);
}

QueryPage::~QueryPage()
{
    m_thread.cancel(m_ticket);
}

void QueryPage::makeActions()
{
    const auto make = [this](const QString &text, QLatin1StringView picture, Tone tone, const QKeySequence &keys, const QString &name, auto slot) {
        auto *action = new QAction(icon(picture, tone), text, this);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        action->setObjectName(name);
        action->setToolTip(keys.isEmpty() ? text : tr("%1 (%2)").arg(text, keys.toString(QKeySequence::NativeText)));
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
        return action;
    };
    m_run = make(tr("Run"), "play"_L1, Tone::Success, QKeySequence(Qt::CTRL | Qt::Key_Return), u"runQuery"_s, &QueryPage::run);
    m_run->setToolTip(tr("Run the query under the cursor, or what is selected (%1)").arg(m_run->shortcut().toString(QKeySequence::NativeText)));
    m_cancel = make(tr("Cancel"), "x"_L1, Tone::Danger, QKeySequence(Qt::Key_Escape), u"cancelQuery"_s, &QueryPage::cancel);
    m_showHistory = make(tr("History"), "rotate-ccw"_L1, Tone::Normal, QKeySequence(Qt::CTRL | Qt::Key_H), u"history"_s, [this] {
        auto *dialog = new HistoryDialog(m_history.entries(), this);
        connect(dialog, &HistoryDialog::chosen, m_editor, &SqlEditor::append);
        dialog->open();
    });
    m_saveCsv = make(tr("Save as CSV…"), "download"_L1, Tone::Normal, {}, u"saveCsv"_s,
        [this] { chooseFile(tr("Save the result as"), fromUtf8(m_dataset.id) + u".csv"_s, tr("Comma-separated values (*.csv)"), &QueryPage::saveCsv); });
    m_savePicture = make(tr("Save the chart as a picture…"), "save"_L1, Tone::Normal, {}, u"savePicture"_s,
        [this] { chooseFile(tr("Save the chart as"), fromUtf8(m_dataset.id) + u".png"_s, tr("PNG pictures (*.png)"), &QueryPage::savePicture); });
}

QWidget *QueryPage::makeResults()
{
    m_hint->setAlignment(Qt::AlignCenter);
    m_kind->addItems({tr("Lines"), tr("Bars")});
    m_kind->setAccessibleName(tr("Kind of chart"));
    m_kind->setCurrentIndex(QSettings().value(u"data/analytics/chart"_s).toInt() == 1 ? 1 : 0);
    auto *tableColumn = new QVBoxLayout(m_tablePage);
    tableColumn->setContentsMargins(0, 1, 0, 0);
    tableColumn->addWidget(m_hint);
    auto *chartPage = new QWidget;
    auto *chartColumn = new QVBoxLayout(chartPage);
    chartColumn->setContentsMargins(0, 0, 0, 0);
    chartColumn->setSpacing(0);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 4, 8, 2);
    row->addWidget(m_kind);
    row->addStretch(1);
    chartColumn->addLayout(row);
    chartColumn->addWidget(m_chart, 1);
    m_tabs->setAccessibleName(tr("Result"));
    m_tabs->addTab(m_tablePage, tr("Table"));
    m_tabs->addTab(chartPage, tr("Chart"));
    ChartData nothing;
    nothing.trouble = tr("Run a query, and its result is drawn here.");
    m_chart->setData(std::move(nothing), ChartKind::Lines);
    return m_tabs;
}

void QueryPage::saveState(QSettings &settings) const
{
    settings.setValue(u"data/analytics/editor/"_s + settingsName(m_dataset.file), m_editor->text().left(longestKept));
    settings.setValue(u"data/analytics/splitter"_s, m_splitter->saveState());
    settings.setValue(u"data/analytics/chart"_s, m_kind->currentIndex());
}

/// The names that the editor offers.
void QueryPage::readSchema()
{
    m_thread.run(
        this, [state = m_dataset.state](std::stop_token) { return data::analytics::runQuery(state, "SHOW TABLES"); },
        [this](base::Result<Answer> &&tables) {
            if (tables)
                m_editor->setSchema(schemaOf(*tables));
        });
}

void QueryPage::run()
{
    if (isRunning())
        return;
    m_problem->hide();
    m_editor->clearError();
    const SqlEditor::Part part = m_editor->currentPart();
    if (part.sql.trimmed().isEmpty()) {
        m_elapsed->setText(tr("There is no query to run. Write one below."));
        return;
    }
    m_history.add(QString::fromUtf8(part.sql));
    m_clock.start();
    setRunning(m_thread.run(
        this,
        [state = m_dataset.state, sql = part.sql.toStdString()](std::stop_token stop) -> base::Result<Outcome> {
            data::Control control;
            control.stop = std::move(stop);
            data::analytics::QueryLimits limits;
            limits.bytes = mostResultBytes;
            auto answer = data::analytics::runQuery(state, sql, limits, control);
            if (!answer)
                return std::unexpected(std::move(answer.error()));
            Outcome outcome;
            outcome.lines = chartData(*answer, ChartKind::Lines);
            outcome.bars = chartData(*answer, ChartKind::Bars);
            outcome.answer = std::make_shared<const Answer>(std::move(*answer));
            return outcome;
        },
        [this, part](base::Result<Outcome> &&outcome) { take(part, std::move(outcome)); }));
}

void QueryPage::take(const SqlEditor::Part &part, base::Result<Outcome> &&outcome)
{
    const auto took = formatDuration(static_cast<std::uint32_t>(m_clock.elapsed() * 1000));
    setRunning(0);
    if (outcome) {
        m_elapsed->setText(u"%1 · %2"_s.arg(counted(outcome->answer->rows.size(), tr("%1 row"), tr("%1 rows")), took));
        show(std::move(*outcome));
        return;
    }
    const base::Error &error = outcome.error();
    if (error.code == "data.cancelled") {
        m_elapsed->setText(tr("Cancelled after %1").arg(took));
        return;
    }
    const bool placed = error.place.line > 0 && m_editor->bytes().mid(part.begin, part.sql.size()) == part.sql; // unless it was edited meanwhile
    if (placed)
        m_editor->showError(part.begin + placeOf(part.sql, error.place), fromUtf8(error.message));
    m_elapsed->setText(placed ? tr("The query has a mistake in line %1.").arg(m_editor->bytes().left(part.begin).count('\n') + error.place.line) : QString());
    if (!placed)
        tell(error);
}

void QueryPage::show(Outcome &&outcome)
{
    m_outcome = std::move(outcome);
    delete m_table;
    m_hint->hide();
    auto *model = new AnswerModel(m_outcome.answer);
    m_table = makeResultGrid(model, [model](const QModelIndex &index) { return model->value(index); }, m_tablePage);
    m_tablePage->layout()->addWidget(m_table);
    showChart();
}

void QueryPage::showChart()
{
    if (m_outcome.answer) {
        const ChartKind kind = m_kind->currentIndex() == 1 ? ChartKind::Bars : ChartKind::Lines;
        m_chart->setData(kind == ChartKind::Bars ? m_outcome.bars : m_outcome.lines, kind);
    }
    refreshActions();
}

void QueryPage::cancel()
{
    if (isRunning())
        m_thread.stop(m_ticket);
}

void QueryPage::setRunning(session::DataThread::Ticket ticket)
{
    const bool before = isRunning();
    m_ticket = ticket;
    if (isRunning()) {
        m_tick->start();
    } else {
        m_tick->stop();
        m_elapsed->setText({});
    }
    refreshActions();
    if (before != isRunning())
        Q_EMIT busyChanged(isRunning() || m_strip->isRunning());
}

void QueryPage::refreshActions()
{
    m_run->setEnabled(!isRunning());
    m_cancel->setEnabled(isRunning());
    m_saveCsv->setEnabled(m_outcome.answer != nullptr && !m_strip->isRunning());
    m_savePicture->setEnabled(!m_chart->isEmpty() && m_tabs->currentIndex() == 1);
}

// ---- into files

void QueryPage::chooseFile(const QString &title, const QString &name, const QString &filter, void (QueryPage::*then)(const QString &path))
{
    auto *dialog = new QFileDialog(this, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(filter);
    dialog->setDefaultSuffix(name.section(u'.', -1));
    dialog->selectFile(QString(name).replace(u'/', u'_'));
    connect(dialog, &QFileDialog::fileSelected, this, then);
    dialog->open();
}

void QueryPage::saveCsv(const QString &path)
{
    m_problem->hide();
    m_strip->run(
        tr("Writing %1").arg(path), ProgressStrip::Unit::Count,
        [answer = m_outcome.answer, file = toPath(path)](const data::Control &control) { return data::analytics::writeCsv(*answer, file, control); },
        [this, path](base::Result<void> &&written) {
            refreshActions();
            if (written)
                m_elapsed->setText(tr("Saved %1").arg(path));
            else if (written.error().code != "data.cancelled")
                tell(written.error());
        });
    refreshActions();
}

void QueryPage::savePicture(const QString &path)
{
    m_problem->hide();
    if (const auto written = m_chart->savePicture(toPath(path)); !written)
        tell(written.error());
    else
        m_elapsed->setText(tr("Saved %1").arg(path));
}

void QueryPage::tell(const base::Error &error)
{
    m_problem->setMessage(MessageBar::Kind::Error, formatError(error));
    m_problem->show();
}

} // namespace cleat::ui
