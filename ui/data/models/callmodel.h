// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/ai/calllog.h"

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
    explicit CallModel(const bindings::ai::CallLog &log, QObject *parent = nullptr);

    /// Takes in what is new, and lets go of what the log has let go. Cheap when nothing is.
    void update();
    /// In short (CallLog::Parts::Brief); nullptr: no such row.
    const bindings::ai::ModelCall *call(int row) const;
    /// -1: it is not there.
    int rowOf(bindings::ai::ModelCall::Id id) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const bindings::ai::ModelCall &call, Column column) const;

    const bindings::ai::CallLog &m_log;
    std::deque<bindings::ai::ModelCall> m_calls;
};

/// "12 + 57": tokens of the prompt and of the answer; empty when nothing is known of them.
QString tokensText(const bindings::ai::ModelCall &call);

} // namespace cleat::ui
