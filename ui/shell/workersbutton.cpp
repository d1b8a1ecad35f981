// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/workersbutton.h"

#include "core/session/session.h"
#include "ui/bindings/workerpicker.h"
#include "ui/data/expirytext.h"
#include "ui/data/locationbar.h"
#include "ui/shell/debuggerdialog.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"

#include <QDateTime>
#include <QMenu>
#include <QPainter>
#include <QPixmap>

#include <algorithm>
#include <array>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::State;

namespace {

/// From the best to the worst.
constexpr std::array tones{Tone::Success, Tone::Muted, Tone::Warning, Tone::Danger};

Tone worse(Tone a, Tone b)
{
    return std::ranges::find(tones, a) < std::ranges::find(tones, b) ? b : a;
}

QIcon dot(const QPalette &palette, Tone tone, qreal ratio)
{
    constexpr int side = 16;
    QPixmap pixmap(QSize(side, side) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(toneColor(palette, tone));
    painter.drawEllipse(QRectF(4, 4, 8, 8));
    return pixmap;
}

/// In a menu, where "&" and a tab mean something.
QString menuText(QString text)
{
    return text.replace(u'&', u"&&"_s).replace(u'\t', u' ');
}

} // namespace

WorkerLook workerLook(const session::WorkerStatus &worker)
{
    const QString why = worker.error ? formatPlacedError(*worker.error) : QString();
    switch (worker.state) {
    case State::Stopped:
        return {WorkersButton::tr("Stopped"), Tone::Muted, {}};
    case State::Starting:
        return {WorkersButton::tr("Building…"), Tone::Warning, {}};
    case State::Failed:
        if (worker.building)
            return {WorkersButton::tr("Building…"), Tone::Warning, why};
        return {worker.error && worker.error->code == "session.worker-name" ? WorkersButton::tr("Its name is taken") : WorkersButton::tr("Failed"), Tone::Danger, why};
    case State::Running:
        break;
    }
    if (worker.building)
        return {WorkersButton::tr("Building…"), Tone::Warning, why};
    if (worker.error)
        return {WorkersButton::tr("Build failed, the last good code runs"), Tone::Warning, why};
    return {WorkersButton::tr("Running"), Tone::Success, {}};
}

WorkerLook projectLook(session::Session &session)
{
    const auto error = session.buildError();
    switch (session.state()) {
    case State::Stopped:
        return {WorkersButton::tr("Stopped"), Tone::Muted, {}};
    case State::Starting:
        return {WorkersButton::tr("Building…"), Tone::Warning, {}};
    case State::Failed:
        return {WorkersButton::tr("Failed"), Tone::Danger, formatPlacedError(session.failure())};
    case State::Running:
        break;
    }
    if (session.debugger().paused()) {
        const QString place = pausedPlace(session.debugger());
        return {place.isEmpty() ? WorkersButton::tr("Paused in the debugger") : WorkersButton::tr("Paused at %1").arg(place), Tone::Warning, {}};
    }
    if (error)
        return {WorkersButton::tr("Build failed, the last good code runs"), Tone::Warning, formatPlacedError(*error)};
    return {WorkersButton::tr("Running"), Tone::Success, {}};
}

QString cronText(const session::CronStatus &cron)
{
    const QString pattern = fromUtf8(cron.pattern);
    if (cron.error)
        return WorkersButton::tr("%1 — no schedule").arg(pattern);
    return cron.nextMs ? u"%1 — %2"_s.arg(pattern, relativeTime(*cron.nextMs)) : WorkersButton::tr("%1 — never").arg(pattern);
}

WorkersButton::WorkersButton(session::Session &session, QWidget *parent)
    : QToolButton(parent), m_session(session), m_menu(new QMenu(this)), m_picker(new WorkerPicker(session, this))
{
    setAutoRaise(true);
    setFocusPolicy(Qt::TabFocus);
    setPopupMode(InstantPopup);
    setMenu(m_menu);
    m_menu->setToolTipsVisible(true);
    connect(m_menu, &QMenu::aboutToShow, this, &WorkersButton::fillMenu);
    connect(m_picker, &WorkerPicker::added, this, &WorkersButton::added);
    connect(m_picker, &WorkerPicker::failed, this, &WorkersButton::failed);
    connect(&m_session, &session::Session::workersChanged, this, &WorkersButton::refresh);
    connect(&m_session, &session::Session::stateChanged, this, &WorkersButton::refresh);
    connect(&m_session, &session::Session::buildChanged, this, &WorkersButton::refresh);
    connect(&m_session.debugger(), &session::Debugger::changed, this, &WorkersButton::refresh);
    refresh();
}

void WorkersButton::refresh()
{
    const auto workers = m_session.workers();
    const WorkerLook own = projectLook(m_session);
    Tone worst = own.tone;
    QStringList lines{tr("%1: %2").arg(m_session.projectName(), own.text)};
    for (const session::WorkerStatus &worker : workers) {
        const WorkerLook look = workerLook(worker);
        worst = worse(worst, look.tone);
        lines << tr("%1: %2").arg(fromUtf8(worker.name), look.text);
    }
    if (workers.empty())
        lines << tr("Workers that service bindings, queues or schedules need run beside the project. Add them here.");
    const bool wrong = worst == Tone::Danger || worst == Tone::Warning;
    setIcon(ui::icon("layers"_L1, !workers.empty() && wrong ? worst : Tone::Normal));
    setText(workers.empty() ? tr("Workers") : workers.size() == 1 ? tr("1 Worker") : tr("%1 Workers").arg(workers.size()));
    setAccessibleName(tr("Workers"));
    setAccessibleDescription(lines.join(u'\n'));
    setToolTip(lines.join(u'\n').toHtmlEscaped().replace(u'\n', u"<br>"_s));
}

void WorkersButton::fillMenu()
{
    qDeleteAll(m_menu->findChildren<QMenu *>(Qt::FindDirectChildrenOnly));
    m_menu->clear();
    const WorkerLook own = projectLook(m_session);
    QMenu *project = m_menu->addMenu(dot(palette(), own.tone, devicePixelRatioF()), menuText(m_session.projectName()) + u'\t' + own.text);
    project->menuAction()->setToolTip(own.why.toHtmlEscaped());
    project->addAction(ui::icon("rotate-cw"_L1), tr("Restart all"), this, [this] { m_session.restart(); })->setEnabled(m_session.state() == State::Running);
    project->addAction(ui::icon("folder-open"_L1), tr("Open its folder"), this, [this] { revealInFileManager(m_session.options().project); });
    for (const session::WorkerStatus &worker : m_session.workers())
        addWorkerMenu(worker);
    m_menu->addSeparator();
    m_menu->addAction(ui::icon("plus"_L1), tr("Add a Worker…"), this, [this] { m_picker->pick(WorkerPicker::By::Folder); })->setToolTip(tr("Choose the folder with its Wrangler file"));
    m_menu->addAction(ui::icon("file-plus"_L1), tr("Add by its Wrangler file…"), this, [this] { m_picker->pick(WorkerPicker::By::WranglerFile); });
}

void WorkersButton::addWorkerMenu(const session::WorkerStatus &worker)
{
    const WorkerLook look = workerLook(worker);
    QMenu *menu = m_menu->addMenu(dot(palette(), look.tone, devicePixelRatioF()), menuText(fromUtf8(worker.name)) + u'\t' + look.text);
    menu->setToolTipsVisible(true);
    menu->menuAction()->setToolTip(fromPath(worker.file).toHtmlEscaped());
    if (!look.why.isEmpty()) {
        QAction *why = menu->addAction(ui::icon("circle-alert"_L1, look.tone), menuText(oneLine(look.why, 90)));
        why->setToolTip(look.why.toHtmlEscaped().replace(u'\n', u"<br>"_s));
        const base::Place place = worker.error->place;
        connect(why, &QAction::triggered, this, [this, worker, place] { Q_EMIT placeAsked(place.file.empty() ? base::Place{worker.file.string()} : place); });
        menu->addSeparator();
    }
    addCrons(*menu, worker);
    QAction *restart = menu->addAction(ui::icon("rotate-cw"_L1), tr("Restart"), this, [this, file = worker.file] { m_session.restartWorker(file); });
    restart->setEnabled(m_session.state() == State::Running);
    menu->addAction(ui::icon("file-code"_L1), tr("Open its Wrangler file"), this, [this, file = worker.file] { Q_EMIT placeAsked({file.string()}); });
    menu->addAction(ui::icon("folder-open"_L1), tr("Open its folder"), this, [file = worker.file] { revealInFileManager(file.parent_path()); });
    menu->addSeparator();
    QAction *remove = menu->addAction(ui::icon("trash-2"_L1), tr("Remove"), this, [this, file = worker.file] {
        if (const auto removed = m_session.removeWorker(file); !removed)
            Q_EMIT failed(formatError(removed.error()));
    });
    remove->setToolTip(tr("It does not run beside this project any more. Its files stay."));
}

void WorkersButton::addCrons(QMenu &menu, const session::WorkerStatus &worker)
{
    bool any = false;
    for (const session::CronStatus &cron : m_session.crons()) {
        if (cron.worker != worker.name)
            continue;
        if (!any)
            menu.addSection(tr("Schedules"));
        any = true;
        QAction *run = menu.addAction(ui::icon("play"_L1), tr("Run now: %1").arg(menuText(cronText(cron))));
        if (cron.error)
            run->setToolTip(formatPlacedError(*cron.error).toHtmlEscaped());
        else if (cron.nextMs)
            run->setToolTip(tr("In production it would run at %1. Here schedules run by hand.").arg(absoluteTime(*cron.nextMs)));
        run->setEnabled(cron.runs && !cron.error);
        connect(run, &QAction::triggered, this, [this, cron] {
            if (const auto request = m_session.runCron(cron.worker, cron.pattern))
                Q_EMIT cronRan(*request);
            else
                Q_EMIT failed(formatError(request.error()));
        });
    }
    if (any)
        menu.addSeparator();
}

} // namespace cleat::ui
