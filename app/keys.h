// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/rawterminal.h"

#include <QObject>
#include <QSocketNotifier>

#include <string>

namespace cleat::app {

/// Single keys at the terminal of standard input. Main thread.
class Keys final : public QObject
{
    Q_OBJECT
public:
    explicit Keys(QObject *parent = nullptr);
    ~Keys() override;

Q_SIGNALS:
    /// A letter, in lower case, or another printable character.
    void pressed(char key);

private:
    void read();

    RawTerminal m_terminal;
    QSocketNotifier m_notifier;
};

/// Opens an address in the user's browser: $BROWSER, else xdg-open. False when there is none to be opened: no such program, or no display.
bool openBrowser(const std::string &address);

} // namespace cleat::app
