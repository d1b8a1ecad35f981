// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/recording.h"
#include "ui/requests/pooljob.h"

#include <QElapsedTimer>
#include <QHash>
#include <QStringList>

#include <memory>

namespace cleat::ui {

/// Values for the filter line to offer: what the latest requests had. Looked for away from the GUI thread, when asked to, and only among so many. GUI thread.
class SeenWords final
{
public:
    explicit SeenWords(std::shared_ptr<const events::Recording> recording);
    /// Cheap when it has just done so.
    void lookAround();
    /// Of a key like "path:"; of "header." the names. Most used first, or sorted.
    QStringList of(const QString &key) const { return m_words.value(key); }

private:
    const std::shared_ptr<const events::Recording> m_recording;
    QHash<QString, QStringList> m_words;
    std::uint64_t m_revision = 0;
    QElapsedTimer m_since;
    PoolJob m_job;
};

} // namespace cleat::ui
