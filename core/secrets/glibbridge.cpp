// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/glibbridge.h"

#include <QAbstractEventDispatcher>
#include <QLibrary>

namespace cleat::secrets {

namespace {

// Of GLib and GIO, by name: their headers are not needed for these.
using BusGet = void *(*)(int type, void *cancellable, void **error);
using SetExitOnClose = void (*)(void *connection, int exit);
using IsClosed = int (*)(void *connection);
using Disconnect = void (*)();
using Iterate = int (*)(void *context, int mayBlock);
constexpr int sessionBus = 2; // G_BUS_TYPE_SESSION

template <typename Function>
Function symbol(const char *library, const char *name)
{
    return reinterpret_cast<Function>(QLibrary::resolve(QString::fromLatin1(library), 0, name));
}

} // namespace

GlibBridge::GlibBridge()
{
    m_pump.setInterval(10);
    m_pump.callOnTimeout(&m_pump, [iterate = symbol<Iterate>("glib-2.0", "g_main_context_iteration")] {
        while (iterate && iterate(nullptr, 0)) { }
    });
}

base::Result<void> GlibBridge::open()
{
    const auto busGet = symbol<BusGet>("gio-2.0", "g_bus_get_sync");
    const auto setExitOnClose = symbol<SetExitOnClose>("gio-2.0", "g_dbus_connection_set_exit_on_close");
    const auto isClosed = symbol<IsClosed>("gio-2.0", "g_dbus_connection_is_closed");
    QLibrary secret(QStringLiteral("secret-1"), 0);
    const auto disconnect = symbol<Disconnect>("secret-1", "secret_service_disconnect");
    if (!secret.load() || !disconnect || !busGet || !setExitOnClose || !isClosed)
        return base::fail("secrets.unavailable", "The keychain cannot be reached without the library libsecret-1.so.0. Install it (on Debian, the package libsecret-1-0), then start Cleat "
                                                 "again.");
    void *bus = busGet(sessionBus, nullptr, nullptr); // one for the whole process, and libsecret's too
    if (!bus)
        return base::fail("secrets.unavailable", "The session bus, through which keychains are reached, refuses a second connection. Start Cleat again.");
    if (isClosed(bus))
        return base::fail("secrets.unavailable", "The session bus that Cleat was started in has ended. To use the keychain, start Cleat again.");
    setExitOnClose(bus, 0);
    disconnect(); // libsecret keeps its session with a keychain that has ended since
    return {};
}

void GlibBridge::begin()
{
    if (++m_running == 1 && !QAbstractEventDispatcher::instance()->inherits("QEventDispatcherGlib"))
        m_pump.start();
}

void GlibBridge::end()
{
    if (--m_running == 0)
        m_pump.stop();
}

} // namespace cleat::secrets
