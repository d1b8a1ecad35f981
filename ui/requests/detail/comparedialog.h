// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/requestrecord.h"
#include "ui/requests/detail/comparison.h"
#include "ui/values/background.h"

#include <QDialog>

class QCheckBox;
class QTabWidget;
class QTreeWidget;

namespace cleat::ui {

class DiffView;

/// Two requests side by side: what they have in common is dim, or left out. GUI thread.
class CompareDialog final : public QDialog
{
    Q_OBJECT
public:
    CompareDialog(events::RequestRecord left, events::RequestRecord right, QWidget *parent = nullptr);
    ~CompareDialog() override;

    QTreeWidget &rows() { return *m_rows; }
    QTabWidget &tabs() { return *m_tabs; }
    QCheckBox &onlyDifferences() { return *m_only; }
    bool isReading() const { return m_requestBodies.isRunning() || m_responseBodies.isRunning(); }

protected:
    void changeEvent(QEvent *event) override;

private:
    void fill(const Comparison &comparison);
    void color();
    void hideSame();
    void compareBodies(int tab, BackgroundWork &work, DiffView &view);

    const events::RequestRecord m_left;
    const events::RequestRecord m_right;
    QTabWidget *m_tabs;
    QTreeWidget *m_rows;
    QCheckBox *m_only;
    DiffView *m_requestBody;
    DiffView *m_responseBody;
    BackgroundWork m_requestBodies;
    BackgroundWork m_responseBodies;
};

} // namespace cleat::ui
