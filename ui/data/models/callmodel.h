// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/modelcalls.h"

#include <QAbstractTableModel>

#include <deque>

namespace cleat::ui {

/// The calls of models, the newest first. GUI thread.
class CallModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Time, Model, Prompt, Tokens, Took, ColumnCount };

    /// `log` is borrowed.
    explicit CallModel(const session::ModelCallLog &log, QObject *parent = nullptr);

    /// Takes in what is new, and lets go of what the log has let go. Cheap when nothing is.
    void update();
    /// In short (ModelCallLog::Parts::Brief); nullptr: no such row.
    const session::ModelCall *call(int row) const;
    /// -1: it is not there.
    int rowOf(session::ModelCall::Id id) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const session::ModelCall &call, Column column) const;

    const session::ModelCallLog &m_log;
    std::deque<session::ModelCall> m_calls;
};

/// "12 + 57": tokens of the prompt and of the answer; empty when nothing is known of them.
QString tokensText(const session::ModelCall &call);

} // namespace cleat::ui
