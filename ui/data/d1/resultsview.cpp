// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/resultsview.h"

#include "ui/data/d1/ask.h"
#include "ui/data/d1/gridview.h"
#include "ui/data/d1/resultgrid.h"
#include "ui/data/d1/resultmodel.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QHash>
#include <QLocale>
#include <QMenu>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeWidget>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;

namespace {

constexpr std::size_t mostTabs = 50;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::ResultsView)
};

QString durationText(std::int64_t us)
{
    return formatDuration(static_cast<std::uint32_t>(std::clamp<std::int64_t>(us, 0, UINT32_MAX)));
}

QString summaryOf(const d1::StatementResult &result)
{
    const QLocale locale;
    QStringList parts;
    const auto number = [&](auto value) { return locale.toString(static_cast<qlonglong>(value)); };
    if (!result.columns.empty()) {
        parts << (result.more             ? Words::tr("first %1 rows").arg(number(result.rows.size()))
                : result.rows.size() == 1 ? Words::tr("1 row")
                                          : Words::tr("%1 rows").arg(number(result.rows.size())));
    } else if (result.error.empty()) {
        parts << (result.changes == 1 ? Words::tr("1 row changed") : Words::tr("%1 rows changed").arg(number(result.changes)));
    }
    parts << durationText(result.durationUs);
    if (result.error.empty())
        parts << Words::tr("%1 read, %2 written").arg(number(result.rowsRead), number(result.rowsWritten));
    return parts.join(u" · "_s);
}

GridView *gridFor(ResultModel *model, QWidget *parent)
{
    return makeResultGrid(
        model,
        [model](const QModelIndex &index) {
            const d1::Value *value = model->value(index);
            return value ? std::optional(*value) : std::nullopt;
        },
        parent);
}

} // namespace

ResultsView::ResultsView(QWidget *parent) : QWidget(parent), m_stack(new QStackedWidget), m_message(nullptr), m_tabs(new FlatTabs)
{
    auto *message = new ToneLabel({}, Tone::Muted);
    message->setAlignment(Qt::AlignCenter);
    message->setWordWrap(true);
    m_message = message;
    m_tabs->setAccessibleName(tr("Results"));
    m_tabs->tabBar()->setUsesScrollButtons(true);
    m_stack->addWidget(m_message);
    m_stack->addWidget(m_tabs);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
}

int ResultsView::count() const
{
    return m_stack->currentWidget() == m_tabs ? m_tabs->count() : 0;
}

void ResultsView::showMessage(const QString &text)
{
    m_message->setText(text);
    m_stack->setCurrentWidget(m_message);
}

void ResultsView::focusResult()
{
    if (QWidget *page = m_tabs->currentWidget()) {
        if (auto *view = page->findChild<QAbstractItemView *>())
            view->setFocus();
    }
}

QWidget *ResultsView::pageOf(d1::StatementResult &&result, const QString &statement)
{
    auto *page = new QWidget;
    auto *summary = new ElideLabel;
    summary->setObjectName(u"resultSummary"_s);
    summary->setText(summaryOf(result));
    summary->setTone(Tone::Muted);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 2, 4, 2);
    row->addWidget(summary, 1);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 1, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    if (!result.error.empty()) {
        auto *bar = new MessageBar(MessageBar::Closing::ByOwner);
        const bool stopped = QString::fromStdString(result.error).contains("SQLITE_INTERRUPT"_L1);
        bar->setMessage(stopped ? MessageBar::Kind::Info : MessageBar::Kind::Error,
            stopped ? tr("Cancelled after %1.").arg(durationText(result.durationUs)) : fromUtf8(result.error));
        bar->setDetail(statement.left(4000));
        bar->show();
        column->addWidget(bar);
    }
    if (!result.columns.empty()) {
        auto *save = new QAction(icon("download"_L1), tr("&Export this query…"), page);
        connect(save, &QAction::triggered, this, [this, statement] { Q_EMIT exportWanted(statement); });
        row->addWidget(toolButton(save, ButtonLook::IconOnly));
        column->addWidget(gridFor(new ResultModel(std::move(result.columns), std::move(result.rows), nullptr), page), 1);
    } else {
        column->addStretch(1);
    }
    return page;
}

void ResultsView::showResults(const QByteArray &script, std::vector<d1::StatementResult> &&results)
{
    while (m_tabs->count() > 0)
        delete m_tabs->widget(0);
    const std::size_t skipped = results.size() > mostTabs ? results.size() - mostTabs : 0; // of a dump with thousands of statements the last ones
    int best = -1;
    for (std::size_t i = skipped; i < results.size(); ++i) {
        const QString statement =
            QString::fromUtf8(script.mid(static_cast<qsizetype>(results[i].statement.begin), static_cast<qsizetype>(results[i].statement.length)));
        const bool telling = !results[i].columns.empty() || !results[i].error.empty();
        const bool failed = !results[i].error.empty();
        const int tab = m_tabs->addTab(
            pageOf(std::move(results[i]), statement), failed ? tr("%1: error").arg(i + 1) : u"%1: %2"_s.arg(i + 1).arg(oneLine(statement.simplified(), 22)));
        m_tabs->setTabToolTip(tab, statement.left(1000));
        if (telling)
            best = tab;
    }
    if (m_tabs->count() == 0) {
        showMessage(tr("There was nothing to run."));
        return;
    }
    m_tabs->setCurrentIndex(best >= 0 ? best : m_tabs->count() - 1);
    m_stack->setCurrentWidget(m_tabs);
}

void ResultsView::showPlan(const QString &statement, const std::vector<d1::PlanRow> &rows)
{
    while (m_tabs->count() > 0)
        delete m_tabs->widget(0);
    auto *tree = new QTreeWidget;
    tree->setHeaderHidden(true);
    tree->setFrameShape(QFrame::NoFrame);
    tree->setAccessibleName(tr("Query plan"));
    tree->setObjectName(u"plan"_s);
    QHash<int, QTreeWidgetItem *> items;
    for (const d1::PlanRow &row : rows) {
        QTreeWidgetItem *parent = items.value(row.parent, nullptr);
        auto *item = parent ? new QTreeWidgetItem(parent) : new QTreeWidgetItem(tree);
        const QString detail = fromUtf8(row.detail);
        item->setText(0, detail);
        const bool scans = detail.startsWith("SCAN"_L1) && !detail.contains("INDEX"_L1);
        item->setIcon(0,
            scans                                ? icon("triangle-alert"_L1, Tone::Warning)
                : detail.startsWith("SEARCH"_L1) ? icon("zap"_L1, Tone::Success)
                                                 : icon("arrow-right"_L1, Tone::Muted));
        if (scans)
            item->setToolTip(0, tr("Reads every row. An index on the columns that WHERE compares would help a large table."));
        items.insert(row.id, item);
    }
    tree->expandAll();
    const int tab = m_tabs->addTab(tree, tr("Plan"));
    m_tabs->setTabToolTip(tab, statement.left(1000));
    m_stack->setCurrentWidget(m_tabs);
}

} // namespace cleat::ui
