// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/terminal.h"

#include <charconv>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cleat::app {

ColourUse colourUse(int descriptor, Colour wanted)
{
    if (wanted != Colour::Auto)
        return wanted == Colour::Always ? ColourUse::Yes : ColourUse::No;
    if (const char *force = std::getenv("FORCE_COLOR"); force && *force) {
        const std::string_view value = force;
        return value == "0" || value == "false" ? ColourUse::No : ColourUse::Yes;
    }
    if (const char *no = std::getenv("NO_COLOR"); no && *no)
        return ColourUse::No;
    const char *term = std::getenv("TERM");
    return ::isatty(descriptor) != 0 && (!term || std::string_view(term) != "dumb") ? ColourUse::Yes : ColourUse::No;
}

int terminalColumns(int descriptor, int otherwise)
{
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    int columns = 0;
    if (const char *text = std::getenv("COLUMNS")) {
        const std::string_view value = text;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), columns);
        if (error == std::errc() && end == value.data() + value.size() && columns > 0)
            return columns;
    }
    return otherwise;
}

} // namespace cleat::app
