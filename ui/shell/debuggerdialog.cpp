// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/debuggerdialog.h"

#include "core/session/session.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::Debugger;

QString pausedPlace(const Debugger &debugger)
{
    const auto place = debugger.paused();
    return place && place->line > 0 ? u"%1:%2"_s.arg(fromUtf8(place->file)).arg(place->line) : QString();
}

DebuggerDialog::DebuggerDialog(session::Session &session, QWidget *parent)
    : QDialog(parent), m_session(session), m_pages(new QStackedWidget), m_dot(new Dot), m_state(new ToneLabel), m_resume(new QPushButton(tr("&Resume"))),
      m_offText(new ToneLabel)
{
    setWindowTitle(tr("Debugger"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_pages->addWidget(makeOnPage());
    m_pages->addWidget(makeOffPage());

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    m_switch = buttons->addButton(tr("Turn &off"), QDialogButtonBox::ActionRole);
    m_switch->setAutoDefault(false);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(12);
    column->addWidget(m_pages, 1);
    column->addWidget(buttons);

    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_switch, &QPushButton::clicked, this, [this] { m_session.debugger().isOn() ? m_session.debugger().turnOff() : turnOn(); });
    connect(m_resume, &QPushButton::clicked, this, [this] { m_session.debugger().resume(); });
    connect(&m_session.debugger(), &Debugger::changed, this, &DebuggerDialog::refresh);
    connect(&m_session, &session::Session::stateChanged, this, &DebuggerDialog::refresh);
    turnOn();
    refresh();
    resize(560, sizeHint().height());
}

QLineEdit *DebuggerDialog::addAddress(QFormLayout &form, const QString &label, const QString &copyName)
{
    auto *field = new QLineEdit;
    field->setReadOnly(true);
    field->setFont(monospaceFont());
    auto *copy = new QToolButton;
    copy->setIcon(icon("copy"_L1, Tone::Muted));
    copy->setToolTip(copyName);
    copy->setAccessibleName(copyName);
    copy->setAutoRaise(true);
    connect(copy, &QToolButton::clicked, this, [field, copy] {
        QGuiApplication::clipboard()->setText(field->text());
        copy->setIcon(icon("check"_L1, Tone::Success));
        QTimer::singleShot(1500, copy, [copy] { copy->setIcon(icon("copy"_L1, Tone::Muted)); });
    });
    auto *row = new QHBoxLayout;
    row->setSpacing(4);
    row->addWidget(field, 1);
    row->addWidget(copy);
    auto *name = new QLabel(label);
    name->setBuddy(field);
    form.addRow(name, row);
    return field;
}

QWidget *DebuggerDialog::makeOnPage()
{
    auto *page = new QWidget;
    m_state->setWordWrap(true);
    m_resume->setIcon(icon("play"_L1));
    m_resume->setAutoDefault(false);
    auto *state = new QHBoxLayout;
    state->setSpacing(8);
    state->addWidget(m_dot);
    state->addWidget(m_state, 1);
    state->addWidget(m_resume);

    auto *addresses = new QFormLayout;
    addresses->setHorizontalSpacing(10);
    addresses->setVerticalSpacing(8);
    m_devTools = addAddress(*addresses, tr("&Chrome, Edge:"), tr("Copy the address for Chrome"));
    m_devTools->setToolTip(tr("Paste it into the browser's address bar."));
    m_socket = addAddress(*addresses, tr("&WebSocket:"), tr("Copy the address of the WebSocket"));

    auto *heading = new ToneLabel(tr("VS Code: add this to \"configurations\" in .vscode/launch.json"));
    heading->setWordWrap(true);
    m_launch = new CodeSnippet;
    m_launch->setAccessibleName(tr("Configuration for VS Code"));
    auto *note = new ToneLabel(tr("Breakpoints go into your own TypeScript and JavaScript. Whoever has the address can run code as you; only programs on this machine can reach it."), Tone::Muted);
    note->setWordWrap(true);

    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    column->addLayout(state);
    column->addLayout(addresses);
    column->addWidget(heading);
    column->addWidget(m_launch, 1);
    column->addWidget(note);
    return page;
}

QWidget *DebuggerDialog::makeOffPage()
{
    auto *page = new QWidget;
    m_offText->setWordWrap(true);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_offText);
    column->addStretch(1);
    return page;
}

/// At the port where debuggers look by themselves, or else at any.
void DebuggerDialog::turnOn()
{
    Debugger &debugger = m_session.debugger();
    base::Result<void> on = debugger.turnOn(Debugger::usualPort, m_session.projectName());
    if (!on && on.error().code == "inspector.port-in-use")
        on = debugger.turnOn(0, m_session.projectName());
    m_offText->setTone(on ? Tone::Normal : Tone::Danger);
    m_offText->setText(on ? tr("No debugger can attach. Turned off, it costs nothing.") : formatError(on.error()));
}

void DebuggerDialog::refresh()
{
    const Debugger &debugger = m_session.debugger();
    m_pages->setCurrentIndex(debugger.isOn() ? 0 : 1);
    m_switch->setText(debugger.isOn() ? tr("Turn &off") : tr("Turn &on"));
    const bool paused = debugger.paused().has_value();
    m_resume->setVisible(paused);
    const QString place = pausedPlace(debugger);
    QString state;
    if (paused)
        state = place.isEmpty() ? tr("Paused") : tr("Paused at %1").arg(place);
    else if (m_session.state() != session::State::Running)
        state = tr("The project does not run. Debuggers can attach once it does.");
    else if (debugger.attached() == 0)
        state = tr("No debugger is attached.");
    else if (debugger.attached() == 1)
        state = tr("One debugger is attached.");
    else
        state = tr("%1 debuggers are attached.").arg(debugger.attached());
    m_state->setText(state);
    m_dot->setTone(paused ? Tone::Warning : debugger.attached() > 0 ? Tone::Success : Tone::Muted);
    for (const auto &[field, address] : {std::pair(m_devTools, debugger.devToolsAddress()), std::pair(m_socket, debugger.address())}) {
        if (field->text() != address) {
            field->setText(address);
            field->setCursorPosition(0);
        }
    }
    m_launch->setCode(debugger.launchConfiguration());
}

} // namespace cleat::ui
