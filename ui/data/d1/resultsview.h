// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/console.h"

#include <QWidget>

class QLabel;
class QStackedWidget;

namespace cleat::ui {

class FlatTabs;

/// What a run of SQL gave: a tab for each statement. GUI thread.
class ResultsView final : public QWidget
{
    Q_OBJECT
public:
    explicit ResultsView(QWidget *parent = nullptr);
    /// `script` is what was run. The last result, or the error, comes to the front.
    void showResults(const QByteArray &script, std::vector<data::d1::StatementResult> &&results);
    void showPlan(const QString &statement, const std::vector<data::d1::PlanRow> &rows);
    void showMessage(const QString &text);
    int count() const;
    void focusResult();

Q_SIGNALS:
    void exportWanted(const QString &query);

private:
    QWidget *pageOf(data::d1::StatementResult &&result, const QString &statement);

    QStackedWidget *m_stack;
    QLabel *m_message;
    FlatTabs *m_tabs;
};

} // namespace cleat::ui
