// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/findingslist.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QListWidget>
#include <QTimer>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostShown = 200;

} // namespace

FindingsList::FindingsList(QWidget *parent) : QWidget(parent), m_title(new ToneLabel), m_list(new QListWidget)
{
    m_title->setFont(headingFont());
    m_list->setAccessibleName(tr("Findings"));
    m_list->setWordWrap(true);
    m_list->setIconSize({16, 16});
    m_list->setResizeMode(QListView::Adjust);
    m_list->setToolTip(tr("Click to go to the line in the file"));
    // Enter and a double click activate; a click has gone there before.
    connect(m_list, &QListWidget::itemClicked, this, [this](const QListWidgetItem *item) { Q_EMIT lineChosen(item->data(Qt::UserRole).toInt()); });
    connect(m_list, &QListWidget::itemActivated, this, [this](const QListWidgetItem *item) { Q_EMIT lineChosen(item->data(Qt::UserRole).toInt()); });
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(10, 0, 10, 8);
    column->setSpacing(4);
    column->addWidget(m_title);
    column->addWidget(m_list);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    hide();
}

void FindingsList::setFindings(std::span<const config::Finding> findings)
{
    m_list->clear();
    for (const config::Finding &finding : findings.first(std::min<std::size_t>(findings.size(), mostShown))) {
        const bool error = finding.severity == config::Finding::Severity::Error;
        const QString place = formatPlace(finding.place);
        const QString message = fromUtf8(finding.message);
        auto *item = new QListWidgetItem(icon(error ? "circle-alert"_L1 : "triangle-alert"_L1, error ? Tone::Danger : Tone::Warning),
            place.isEmpty() ? message : u"%1: %2"_s.arg(place, message), m_list);
        item->setData(Qt::UserRole, finding.place.line);
        item->setData(Qt::AccessibleTextRole, (error ? tr("Error: %1") : tr("Warning: %1")).arg(item->text()));
    }
    if (findings.size() > mostShown) {
        auto *item = new QListWidgetItem(tr("%1 more").arg(findings.size() - mostShown), m_list);
        item->setData(Qt::UserRole, findings[mostShown].place.line);
    }
    m_title->setText(tr("Findings (%1)").arg(findings.size()));
    setVisible(!findings.empty());
    fit();
}

void FindingsList::fit()
{
    // Long ones wrap; more than a few lines scroll.
    if (m_list->count() == 0)
        return;
    m_list->doItemsLayout();
    const int height = m_list->visualItemRect(m_list->item(m_list->count() - 1)).bottom() + 1 - m_list->visualItemRect(m_list->item(0)).top();
    const int line = fontMetrics().height() + 4;
    const int most = window()->height() < 520 ? 2 : 5;
    m_list->setFixedHeight(std::clamp(height, line, most * line) + 2 * m_list->frameWidth());
}

void FindingsList::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    // Its rows take their width from the layout, which has its turn first.
    QTimer::singleShot(0, this, &FindingsList::fit);
}

} // namespace cleat::ui
