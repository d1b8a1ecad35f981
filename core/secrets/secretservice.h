// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QMap>
#include <QObject>
#include <QString>

#include <functional>

class QDBusConnection;

namespace cleat::secrets {

/// What QtKeychain cannot tell of the Secret Service (freedesktop.org, "Secret Storage Specification"): whether one runs, and whether an entry is there though
/// locked. gnome-keyring and KWallet are such services. Main thread; answers come later, and not at all once the object is gone.
class SecretService final
{
public:
    /// Whether one runs; starts one where the session bus knows how. Code secrets.unavailable.
    void ready(std::function<void(base::Result<void>)> answer);

    struct Entries {
        qsizetype open = 0;
        qsizetype locked = 0;
    };
    /// How many entries have these attributes. Unlocks nothing and asks the user nothing. Codes: secrets.unavailable, secrets.failed.
    void find(const QMap<QString, QString> &attributes, std::function<void(base::Result<Entries>)> answer);

private:
    base::Result<QDBusConnection> connection() const;

    QObject m_context;
};

} // namespace cleat::secrets
