// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/recording.h"
#include "ui/requests/pooljob.h"

#include <QHash>
#include <QString>
#include <QTimer>

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace cleat::ui {

/// The value of the Host field of a head, lines "Name: value\r\n"; empty when there is none.
std::string_view hostOf(std::string_view head);

/// The hosts that requests asked for, looked up where they are to be seen: what went over the wire is large, so that it is read away from the GUI thread. GUI thread.
class HostNames final
{
public:
    /// `arrived` is called when texts are there that were not.
    explicit HostNames(std::function<void()> arrived);
    void setRecording(std::shared_ptr<const events::Recording> recording);

    /// Empty while it is not known; it is then looked for.
    QString of(events::Recording::Sequence sequence);

private:
    struct Known {
        QString host;
        std::uint32_t revision = 0; ///< of the row, when it was looked at
    };
    void lookUp();

    const std::function<void()> m_arrived;
    std::shared_ptr<const events::Recording> m_recording;
    QHash<events::Recording::Sequence, Known> m_known;
    std::vector<events::Recording::Sequence> m_asked;
    QTimer m_soon;
    PoolJob m_job;
};

} // namespace cleat::ui
