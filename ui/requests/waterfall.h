// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>
#include <QStyledItemDelegate>
#include <QTableView>

namespace cleat::ui {

class CallsModel;

/// A table of binding calls, each with a bar to scale over the time of its request; the header of the bars is the time scale.
class Waterfall final : public QTableView
{
    Q_OBJECT
public:
    explicit Waterfall(CallsModel &model, QWidget *parent = nullptr);

Q_SIGNALS:
    /// -1: none.
    void currentCallChanged(int row);

protected:
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    void makeRoomForNames();
};

} // namespace cleat::ui
