// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>
#include <QString>

#include <cstdint>

namespace cleat::ui {

/// "1 key", "12,345 keys": one of the two texts, with the number in place of its %1. Any thread.
inline QString counted(std::uint64_t count, const QString &one, const QString &many)
{
    return (count == 1 ? one : many).arg(QLocale().toString(static_cast<qulonglong>(count)));
}

} // namespace cleat::ui
