// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/requests/pathgroupsmodel.h"
#include "ui/widgets/rowview.h"

class QSettings;

namespace cleat::ui {

/// The table of paths; keeps its selected one when they are counted anew. GUI thread.
class PathGroupsTable final : public RowView
{
    Q_OBJECT
public:
    explicit PathGroupsTable(PathGroupsModel &model, QWidget *parent = nullptr);
    void saveState(QSettings &settings) const;
    void restoreState(const QSettings &settings);

Q_SIGNALS:
    /// Its requests are wanted: a double click, or Return.
    void opened(const QString &method, const QString &path);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void open(int row);
    void fitPath();
    void copy() const;

    PathGroupsModel &m_model;
    std::string m_keptMethod;
    std::string m_keptPath;
};

} // namespace cleat::ui
