// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/objectdesk.h"

#include <QWidget>

#include <optional>

class QDateTimeEdit;
class QPushButton;

namespace cleat::ui {

class ToneLabel;

/// The alarm of one Durable Object: when it rings; to be run now, set or removed. GUI thread.
class AlarmPage final : public QWidget
{
    Q_OBJECT
public:
    /// `desk` is borrowed.
    explicit AlarmPage(session::ObjectDesk &desk, QWidget *parent = nullptr);

    /// `alarmMs`: since the Unix epoch; nullopt: there is none.
    void setObject(const session::ObjectPlace &place, std::optional<std::int64_t> alarmMs);
    /// What runs is another, and time goes on.
    void refresh();

Q_SIGNALS:
    /// Something was changed by hand.
    void changed(session::ObjectDesk::Instance instance);
    void failed(const QString &why);

private:
    void set(std::optional<std::int64_t> ms);
    void runNow();

    session::ObjectDesk &m_desk;
    session::ObjectPlace m_place;
    std::optional<std::int64_t> m_alarmMs;
    ToneLabel *m_when;
    ToneLabel *m_note;
    QPushButton *m_run;
    QPushButton *m_remove;
    QDateTimeEdit *m_at;
    QPushButton *m_set;
};

} // namespace cleat::ui
