// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/datathread.h"
#include "ui/data/dataview.h"
#include "ui/data/queues/messagemodel.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class QAction;
class QSplitter;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class ElideLabel;
class MessageBar;
class QueueHead;
class RowView;
class ToneLabel;
class ValueView;
class WorkerPicker;

/// One queue: what waits, is in flight, delayed or dead; to be looked at, sent, delivered, retried, deleted, purged, paused. GUI thread.
class QueueView final : public DataView
{
    Q_OBJECT
public:
    /// `session` is borrowed.
    QueueView(session::DataResource resource, session::Session &session, QWidget *parent = nullptr);
    ~QueueView() override;

    void poll() override;
    /// By its id.
    void showItem(const QString &key) override;
    void saveState(QSettings &settings) const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    using Places = std::vector<std::int64_t>;

    void makeActions();
    QWidget *makeTools();
    QWidget *makeDetail();
    void setUpTable();
    void looked(const data::queues::MessageList::Look &look);
    void refreshStatus();
    void refreshActions();
    void rowsChanged();
    void selected();
    void showCurrent();
    void showMessage(const data::queues::Message &message);
    void showFacts(const data::queues::Message &message);
    void withSelected(std::function<void(const Places &places)> then);
    void openSend();
    void deliver();
    void retrySelected();
    void removeSelected();
    void purge();
    void togglePause();
    void copySelected();
    /// Runs it on the thread, tells what fails, and shows what has become of the queue.
    template <typename Work>
    void change(Work work);
    void changed();
    void showError(const base::Error &error);

    session::Session &m_session;
    session::DataThread m_thread; ///< before what uses it
    std::shared_ptr<data::queues::MessageList> m_list; ///< used on m_thread alone
    std::unique_ptr<MessageModel> m_model;
    QueueHead *m_head;
    RowView *m_table;
    MessageBar *m_bar;
    MessageBar *m_consumerBar;
    ElideLabel *m_id;
    ToneLabel *m_facts;
    ValueView *m_body;
    QSplitter *m_splitter;
    WorkerPicker *m_picker;
    QAction *m_send;
    QAction *m_deliver;
    QAction *m_retry;
    QAction *m_remove;
    QAction *m_copy;
    QAction *m_purge;
    QAction *m_pause;
    data::queues::Counts m_counts;
    std::optional<data::queues::Message> m_shown; ///< at the right
    std::int64_t m_wanted = 0; ///< the message that is being read for the right; 0: none
    Places m_selected; ///< what was selected by hand, which rows that come and go do not change
    bool m_selectedKnown = true; ///< false: there are very many
    bool m_following = false; ///< the current row is moved after its message
    session::DataThread::Ticket m_loading = 0;
    bool m_looking = false;
};

DataView *makeQueueView(const session::DataResource &resource, session::Session &session, QWidget *parent);

} // namespace cleat::ui
