// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/livepill.h"

#include "core/session/session.h"
#include "ui/bindings/entrydraft.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QPushButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using Live = session::Session::Live;

LivePill::LivePill(session::Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_dot(new Dot), m_text(new ElideLabel), m_run(new QPushButton)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 2, 8, 2);
    row->setSpacing(6);
    row->addStretch(1);
    row->addWidget(m_dot);
    row->addWidget(m_text);
    row->addWidget(m_run);
    connect(m_run, &QPushButton::clicked, this, [this] { m_session.setScope(m_scope); });
    connect(&m_session, &session::Session::liveChanged, this, &LivePill::refresh);
    connect(&m_session, &session::Session::stateChanged, this, &LivePill::refresh);
    connect(&m_session, &session::Session::buildChanged, this, &LivePill::refresh);
    connect(&m_session.config(), &session::ConfigStore::changed, this, &LivePill::refresh);
    refresh();
}

void LivePill::setScope(config::Scope scope)
{
    m_scope = scope;
    refresh();
}

QString LivePill::staleReason() const
{
    if (m_session.config().status() == session::ConfigStore::Status::Broken)
        return formatPlacedError(m_session.config().error());
    if (const auto error = m_session.buildError())
        return formatPlacedError(*error);
    return tr("the code does not load");
}

void LivePill::refresh()
{
    const config::Scope running = m_session.options().scope;
    const bool other = running != m_scope;
    QString text;
    QString tip;
    Tone tone = Tone::Muted;
    switch (m_session.live()) {
    case Live::Off:
        text = tr("Not running");
        tip = tr("Once the project runs, changes here take effect at once.");
        break;
    case Live::Applying:
        text = tr("Applying…");
        tip = tr("Requests are answered with the bindings of before until the new ones are in use.");
        tone = Tone::Warning;
        break;
    case Live::Current:
        text = tr("In use since %1").arg(formatTime(m_session.liveSince()).left(8));
        tip = tr("The running server has these bindings.");
        tone = Tone::Success;
        break;
    case Live::Stale:
        text = tr("The server still uses the earlier bindings: %1").arg(oneLine(staleReason()));
        tip = text;
        tone = Tone::Warning;
        break;
    }
    const bool runsAnother = other && m_session.live() != Live::Off;
    const bool sameEntries = running == config::Scope::TopLevel && !m_session.config().config().set(m_scope).present;
    if (runsAnother && m_session.live() == Live::Current && sameEntries) {
        tip = tr("The top level runs, and %1 has no table of its own in the file: the bindings are the same. Secrets and .dev.vars files may be others.").arg(scopeName(m_scope));
    } else if (runsAnother && m_session.live() == Live::Current) {
        text = tr("%1 runs, not %2").arg(scopeName(running), scopeName(m_scope));
        tip = tr("The running server has the bindings and variables of another set: %1.").arg(scopeName(running));
        tone = Tone::Muted;
    }
    m_dot->setTone(tone);
    m_text->setText(text);
    m_text->setTone(tone == Tone::Success ? Tone::Normal : tone);
    m_text->setToolTip(tip.toHtmlEscaped());
    m_run->setText(tr("Run %1").arg(scopeName(m_scope)));
    m_run->setToolTip(tr("Let the server run with the bindings and variables that are shown here"));
    m_run->setVisible(runsAnother);
    updateGeometry();
}

} // namespace cleat::ui
