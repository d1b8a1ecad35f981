// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/replay.h"

#include <QDialog>
#include <QPointer>
#include <QUrl>

class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace cleat::ui {

class ToneLabel;

/// Sends one request as often as is asked for, some at once, and tells what the answers came to. GUI thread.
class RepeatDialog final : public QDialog
{
    Q_OBJECT
public:
    RepeatDialog(session::ReplayRequest request, const QUrl &server, QWidget *parent = nullptr);

private:
    void begin();
    void show(const session::ReplaySummary &summary);
    void refresh();

    const session::ReplayRequest m_request;
    const QUrl m_server;
    QSpinBox *m_times;
    QSpinBox *m_atOnce;
    QProgressBar *m_bar;
    ToneLabel *m_result;
    QPushButton *m_send;
    QPushButton *m_cancel;
    QPointer<session::RepeatedReplay> m_running;
};

} // namespace cleat::ui
