// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/windows.h"

#include "app/unixsignals.h"
#include "core/secrets/systemkeychain.h"
#include "core/session/session.h"
#include "ui/shell/application.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>

#include <cstdio>
#include <filesystem>

namespace cleat::app {

namespace {

/// Qt would end the process with an abort where there is no display.
bool hasDisplay()
{
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") || qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
}

} // namespace

int runWindows(int argc, char **argv)
{
    if (!hasDisplay()) {
        std::fputs("cleat: there is no display to open a window on. To serve a project without one: cleat dev\n", stderr);
        return 1;
    }
    QApplication::setApplicationName(QStringLiteral("Cleat"));
    QApplication::setOrganizationName(QStringLiteral("Cleat"));
    QApplication::setDesktopFileName(QStringLiteral("dev.cleat.Cleat"));
    QApplication::setApplicationVersion(QStringLiteral(CLEAT_VERSION));
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() > 2 || (arguments.size() == 2 && arguments.at(1).startsWith(u'-'))) {
        std::fprintf(stderr, "cleat: unknown argument %s. Try cleat --help.\n", qPrintable(arguments.at(arguments.size() > 2 ? 2 : 1)));
        return 2;
    }
    ui::setupTheme(application);
    secrets::SystemKeychain keychain;
    ui::Application windows([&keychain](const std::filesystem::path &folder) {
        session::Options options;
        options.project = folder;
        return std::make_unique<session::Session>(std::move(options), keychain);
    });
    const UnixSignals signals_([&windows](int) { windows.quit(); });
    if (arguments.size() == 2)
        windows.openProject(QDir::cleanPath(QFileInfo(arguments.at(1)).absoluteFilePath()).toStdString());
    else
        windows.showWelcome();
    return QApplication::exec();
}

} // namespace cleat::app
