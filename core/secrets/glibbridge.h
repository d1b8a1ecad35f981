// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QTimer>

namespace cleat::secrets {

/// QtKeychain reaches the keychain through libsecret, and that through GLib, which brings two habits that a program with a server cannot have: GLib ends the
/// process when the session bus goes away, and its answers come only where an event loop of GLib runs. Main thread.
class GlibBridge final
{
public:
    GlibBridge();
    GlibBridge(const GlibBridge &) = delete;
    GlibBridge &operator=(const GlibBridge &) = delete;

    /// Before each use of QtKeychain, on a session bus that answers. Code secrets.unavailable: libsecret is not installed, or the bus is
    /// another one than at the first call.
    base::Result<void> open();

    /// Between them, GLib's events are dispatched even where Qt's event loop is not GLib's.
    void begin();
    void end();

private:
    QTimer m_pump;
    int m_running = 0;
};

} // namespace cleat::secrets
