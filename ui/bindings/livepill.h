// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/wranglerconfig.h"

#include <QWidget>

class QPushButton;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class Dot;
class ElideLabel;

/// Whether the running server has the bindings that are shown, since when, and if not, why; with a button that makes the set that is shown run.
class LivePill final : public QWidget
{
    Q_OBJECT
public:
    /// `session` is borrowed.
    explicit LivePill(session::Session &session, QWidget *parent = nullptr);
    /// The set that is shown.
    void setScope(config::Scope scope);

private:
    void refresh();
    QString staleReason() const;

    session::Session &m_session;
    config::Scope m_scope = config::Scope::Production;
    Dot *m_dot;
    ElideLabel *m_text;
    QPushButton *m_run;
};

} // namespace cleat::ui
