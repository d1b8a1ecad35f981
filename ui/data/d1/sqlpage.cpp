// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/sqlpage.h"

#include "core/data/d1/sqlscript.h"
#include "ui/data/d1/ask.h"
#include "ui/data/d1/resultsview.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QSettings>
#include <QSplitter>
#include <QTimer>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;

namespace {

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

} // namespace

SqlPage::SqlPage(D1Desk &desk, QWidget *parent)
    : QWidget(parent),
      m_desk(desk),
      m_history(desk.file()),
      m_editor(new SqlEditor(SqlEditor::Access::Editable)),
      m_results(new ResultsView),
      m_splitter(new QSplitter(Qt::Vertical)),
      m_problem(new MessageBar(MessageBar::Closing::ByUser)),
      m_elapsed(new ElideLabel),
      m_tick(new QTimer(this))
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
    m_run = make(tr("Run"), "play"_L1, Tone::Success, QKeySequence(Qt::CTRL | Qt::Key_Return), u"runStatement"_s, [this] { run(m_editor->currentPart()); });
    m_run->setToolTip(tr("Run the statement under the cursor, or what is selected (%1)").arg(m_run->shortcut().toString(QKeySequence::NativeText)));
    m_runAll = make(tr("Run all"), "zap"_L1, Tone::Normal, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Return), u"runAll"_s, [this] {
        run({m_editor->bytes(), 0});
    });
    m_explain = make(tr("Explain"), "waypoints"_L1, Tone::Normal, QKeySequence(Qt::CTRL | Qt::Key_E), u"explain"_s, &SqlPage::explain);
    m_cancel = make(tr("Cancel"), "x"_L1, Tone::Danger, QKeySequence(Qt::Key_Escape), u"cancelQuery"_s, &SqlPage::cancel);
    m_showHistory = make(tr("History"), "rotate-ccw"_L1, Tone::Normal, QKeySequence(Qt::CTRL | Qt::Key_H), u"history"_s, [this] {
        auto *dialog = new HistoryDialog(m_history.entries(), this);
        connect(dialog, &HistoryDialog::chosen, this, &SqlPage::append);
        dialog->open();
    });
    m_elapsed->setTone(Tone::Muted);
    m_tick->setInterval(100);
    connect(m_tick, &QTimer::timeout, this,
        [this] { m_elapsed->setText(tr("Running, %1").arg(formatDuration(static_cast<std::uint32_t>(m_clock.elapsed() * 1000)))); });
    m_editor->setAccessibleName(tr("SQL"));
    m_editor->setObjectName(u"sqlEditor"_s);
    m_editor->setText(QSettings().value(u"data/d1/editor/"_s + settingsName(desk.file())).toString());
    m_results->showMessage(tr("Ctrl+Enter runs the statement under the cursor."));
    setFocusProxy(m_editor);

    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(6, 3, 6, 3);
    bar->setSpacing(2);
    bar->addWidget(toolButton(m_run, ButtonLook::WithText));
    bar->addWidget(toolButton(m_runAll, ButtonLook::WithText));
    bar->addWidget(toolButton(m_explain, ButtonLook::WithText));
    bar->addWidget(toolButton(m_cancel, ButtonLook::WithText));
    bar->addWidget(m_elapsed, 1);
    bar->addWidget(toolButton(m_showHistory, ButtonLook::IconOnly));
    m_splitter->addWidget(m_editor);
    m_splitter->addWidget(m_results);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 3);
    if (!m_splitter->restoreState(QSettings().value(u"data/d1/sqlSplitter"_s).toByteArray()))
        m_splitter->setSizes({200, 300});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(m_problem);
    column->addWidget(m_splitter, 1);

    connect(m_editor, &SqlEditor::escapePressed, this, &SqlPage::cancel);
    connect(m_results, &ResultsView::exportWanted, this, &SqlPage::exportWanted);
    connect(&desk, &D1Desk::schemaRead, this, [this] { m_editor->setSchema(m_desk.schema()); });
    m_editor->setSchema(desk.schema());
    setRunning(0);
}

SqlPage::~SqlPage()
{
    if (m_ticket)
        m_desk.consoleThread().cancel(m_ticket);
}

void SqlPage::saveState(QSettings &settings) const
{
    constexpr qsizetype longest = 200'000;
    settings.setValue(u"data/d1/editor/"_s + settingsName(m_desk.file()), m_editor->text().left(longest));
    settings.setValue(u"data/d1/sqlSplitter"_s, m_splitter->saveState());
}

void SqlPage::append(const QString &sql)
{
    m_editor->append(sql);
}

void SqlPage::run(Part part)
{
    if (m_ticket || m_preparing)
        return;
    m_problem->hide();
    m_editor->clearError();
    const std::vector<d1::ScriptStatement> statements = d1::splitScript(viewOf(part.sql));
    if (statements.empty()) {
        m_results->showMessage(tr("There is no statement to run. Write one above."));
        return;
    }
    m_history.add(QString::fromUtf8(part.sql));
    QStringList dangers;
    for (const d1::ScriptStatement &statement : statements) {
        const QByteArray sql = part.sql.mid(static_cast<qsizetype>(statement.begin), static_cast<qsizetype>(statement.length));
        const d1::Effect effect = d1::effectOf(viewOf(sql));
        if (effect == d1::Effect::DeletesAll || effect == d1::Effect::Drops)
            dangers << oneLine(QString::fromUtf8(sql).simplified(), 120);
    }
    if (dangers.isEmpty()) {
        execute(part);
        return;
    }
    const QString what = dangers.size() <= 5 ? dangers.join(u'\n') : dangers.mid(0, 5).join(u'\n') + u'\n' + tr("and %1 more").arg(dangers.size() - 5);
    ask(this, tr("This changes every row of a table, or drops something. Run it?"), what + u"\n\n"_s + tr("A snapshot is taken first."), tr("Run"),
        [this, part, what] {
            m_preparing = true;
            setRunning(0);
            connect(
                &m_desk, &D1Desk::failed, this,
                [this] {
                    m_preparing = false;
                    setRunning(m_ticket);
                },
                Qt::SingleShotConnection);
            m_desk.snapshotThen(tr("before %1").arg(oneLine(what, 60)), this, [this, part] {
                m_preparing = false;
                execute(part);
            });
        });
}

void SqlPage::execute(const Part &part)
{
    m_clock.start();
    setRunning(m_desk.consoleThread().run(
        this,
        [file = m_desk.file(), sql = part.sql.toStdString()](std::stop_token stop) {
            data::Control control;
            control.stop = std::move(stop);
            return d1::Console(file).run(sql, {}, control);
        },
        [this, part](base::Result<std::vector<d1::StatementResult>> &&results) { take(part, std::move(results)); }));
}

void SqlPage::take(const Part &part, base::Result<std::vector<d1::StatementResult>> &&results)
{
    const qint64 took = m_clock.elapsed();
    setRunning(0);
    if (!results) {
        m_results->showMessage({});
        m_problem->setMessage(MessageBar::Kind::Error, formatError(results.error()));
        m_problem->show();
        return;
    }
    m_elapsed->setText(
        results->size() > 1 ? tr("%1 statements, %2").arg(results->size()).arg(formatDuration(static_cast<std::uint32_t>(took * 1000))) : QString());
    bool wrote = false;
    for (const d1::StatementResult &result : *results) {
        const std::string_view sql =
            viewOf(part.sql).substr(std::min(result.statement.begin, static_cast<std::size_t>(part.sql.size())), result.statement.length);
        wrote = wrote || d1::effectOf(sql) != d1::Effect::Reads;
    }
    if (!results->empty() && !results->back().error.empty() && results->back().errorAt) {
        const qsizetype place = part.begin + static_cast<qsizetype>(*results->back().errorAt);
        if (m_editor->bytes().mid(part.begin, part.sql.size()) == part.sql) // unless it was edited meanwhile
            m_editor->showError(place, fromUtf8(results->back().error));
    }
    m_results->showResults(part.sql, std::move(*results));
    if (wrote) {
        m_desk.readSchema();
        Q_EMIT m_desk.wrote();
    }
}

void SqlPage::explain()
{
    const Part part = m_editor->currentPart();
    if (part.sql.isEmpty() || m_ticket)
        return;
    m_problem->hide();
    m_editor->clearError();
    setRunning(m_desk.consoleThread().run(
        this, [file = m_desk.file(), sql = part.sql.toStdString()](std::stop_token) { return d1::Console(file).explain(sql); },
        [this, part](base::Result<std::vector<d1::PlanRow>> &&rows) {
            setRunning(0);
            if (rows) {
                m_results->showPlan(QString::fromUtf8(part.sql), *rows);
            } else {
                m_problem->setMessage(MessageBar::Kind::Error, formatError(rows.error()));
                m_problem->show();
            }
        }));
}

void SqlPage::cancel()
{
    if (m_ticket)
        m_desk.consoleThread().stop(m_ticket);
}

void SqlPage::setRunning(session::DataThread::Ticket ticket)
{
    const bool before = m_ticket;
    m_ticket = ticket;
    const bool busy = m_ticket || m_preparing;
    m_run->setEnabled(!busy);
    m_runAll->setEnabled(!busy);
    m_explain->setEnabled(!busy);
    m_cancel->setEnabled(m_ticket != 0);
    if (m_ticket) {
        m_tick->start();
    } else {
        m_tick->stop();
        m_elapsed->setText(m_preparing ? tr("Taking a snapshot…") : QString());
    }
    if (before != (m_ticket != 0))
        Q_EMIT busyChanged(m_ticket != 0);
}

} // namespace cleat::ui
