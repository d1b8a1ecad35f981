// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/queues/messagelist.h"
#include "core/session/triggers.h"

#include <QWidget>

#include <array>
#include <optional>

class QToolButton;

namespace cleat::ui {

class ElideLabel;

/// How many messages of which state a queue holds, each a button that shows those alone, and who consumes it. GUI thread.
class QueueHead final : public QWidget
{
    Q_OBJECT
public:
    explicit QueueHead(QWidget *parent = nullptr);

    void setCounts(const data::queues::Counts &counts);
    /// nullopt: nothing of the project names the queue.
    void setStatus(const std::optional<session::QueueStatus> &status, data::queues::Delivery delivery);
    data::queues::Shown shown() const { return m_shown; }

Q_SIGNALS:
    void shownChanged(data::queues::Shown shown);

private:
    struct Filter {
        data::queues::Shown shown;
        QToolButton *button;
    };
    data::queues::Shown m_shown = data::queues::Shown::All;
    std::array<Filter, 5> m_filters;
    ElideLabel *m_consumer;
};

/// Who consumes a queue and how, as a sentence.
QString consumerText(const std::optional<session::QueueStatus> &status, data::queues::Delivery delivery);

} // namespace cleat::ui
