// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

class QComboBox;
class QScrollArea;
class QSpinBox;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class AiForm;
class JsonEdit;
class MessageBar;
class ToneLabel;

/// What is chosen for this project on this machine: the plan whose limits a run keeps, request.cf, how much of requests is kept, who answers for Workers AI. Takes effect at once; what is wrong is said beside
/// it and is not kept. GUI thread.
class SettingsPane final : public QWidget
{
    Q_OBJECT
public:
    explicit SettingsPane(session::Session &session, QWidget *parent = nullptr);
    /// Brings the part on Workers AI into view, with the focus on its provider.
    void showAi();
    /// Keeps what was typed last.
    ~SettingsPane() override;

protected:
    void focusInEvent(QFocusEvent *event) override;

private:
    QWidget *makePlan();
    QWidget *makeCf();
    QWidget *makeRequests();
    QWidget *makeHyperdrive();
    QWidget *makeAnalytics();
    QWidget *makeAi();
    void refresh();
    void keep();
    void refreshPlanHint();
    void refreshTrouble();

    session::Session &m_session;
    MessageBar *m_trouble;
    QComboBox *m_plan;
    ToneLabel *m_planHint;
    JsonEdit *m_cf;
    ToneLabel *m_cfState;
    QSpinBox *m_memory; ///< MiB
    QComboBox *m_body;
    QSpinBox *m_points; ///< ProjectSettings::analyticsPerSecond
    QSpinBox *m_answers; ///< ProjectSettings::hyperdriveSeconds
    QSpinBox *m_stale; ///< ProjectSettings::hyperdriveStaleSeconds
    AiForm *m_ai;
    QScrollArea *m_area;
    QTimer m_typed; ///< until what is typed is kept
    bool m_showing = false;
};

} // namespace cleat::ui
