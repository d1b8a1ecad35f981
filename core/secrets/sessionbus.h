// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <string>

namespace cleat::secrets {

/// The address of the user's session bus, on which somebody listens: DBUS_SESSION_BUS_ADDRESS, else the bus of XDG_RUNTIME_DIR (D-Bus specification, "Well-known
/// Message Bus Instances"). Never starts one, as the libraries would. Code secrets.unavailable. Any thread.
base::Result<std::string> sessionBusAddress();

} // namespace cleat::secrets
