// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace cleat::app {

/// While it lives, the terminal at standard input gives each key at once and does not show it; Ctrl-C, Ctrl-Z and Ctrl-\ stay what they are. The terminal is as it was while the
/// program is stopped (Ctrl-Z), and after it has ended in any way but SIGKILL. One object at a time.
class RawTerminal final
{
public:
    RawTerminal();
    ~RawTerminal();
    RawTerminal(const RawTerminal &) = delete;
    RawTerminal &operator=(const RawTerminal &) = delete;

    /// Whether standard input and output are a terminal, and this program is in its foreground.
    static bool possible();
};

} // namespace cleat::app
