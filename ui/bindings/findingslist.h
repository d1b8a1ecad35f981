// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/wranglerconfig.h"

#include <QWidget>

#include <span>

class QListWidget;

namespace cleat::ui {

class ToneLabel;

/// What is wrong or doubtful in the Wrangler file, a line each. Hidden while there is nothing.
class FindingsList final : public QWidget
{
    Q_OBJECT
public:
    explicit FindingsList(QWidget *parent = nullptr);
    void setFindings(std::span<const config::Finding> findings);

Q_SIGNALS:
    /// A finding was clicked, or Enter pressed on it. From 1; 0: not of a line.
    void lineChosen(int line);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void fit();
    ToneLabel *m_title;
    QListWidget *m_list;
};

} // namespace cleat::ui
