// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "ui/widgets/theme.h"

#include <QToolButton>

#include <cstdint>

class QMenu;

namespace cleat::session {
class Session;
struct CronStatus;
struct WorkerStatus;
}

namespace cleat::ui {

class WorkerPicker;

/// What a Worker does now, in words and a tone.
struct WorkerLook {
    QString text; ///< "Running"
    Tone tone = Tone::Normal;
    QString why; ///< a whole sentence, where there is one
};
WorkerLook workerLook(const session::WorkerStatus &worker);
/// The project's own code.
WorkerLook projectLook(session::Session &session);
/// When it would run in production, and what runs it here: "*/5 * * * * — in 3 min".
QString cronText(const session::CronStatus &cron);

/// How many Workers run, in the tone of the one that fares worst; its menu has each with its state and what can be done with it, and adds more. GUI thread.
class WorkersButton final : public QToolButton
{
    Q_OBJECT
public:
    explicit WorkersButton(session::Session &session, QWidget *parent = nullptr);

Q_SIGNALS:
    void placeAsked(const base::Place &place);
    void added(const QString &name);
    /// A schedule was run by hand: the number of its row in the log.
    void cronRan(std::uint64_t request);
    /// A whole sentence.
    void failed(const QString &why);

private:
    void refresh();
    void fillMenu();
    void addWorkerMenu(const session::WorkerStatus &worker);
    void addCrons(QMenu &menu, const session::WorkerStatus &worker);

    session::Session &m_session;
    QMenu *m_menu;
    WorkerPicker *m_picker;
};

} // namespace cleat::ui
