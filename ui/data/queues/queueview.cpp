// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/queues/queueview.h"

#include "core/session/session.h"
#include "ui/bindings/workerpicker.h"
#include "ui/data/expirytext.h"
#include "ui/data/questions.h"
#include "ui/data/queues/queuehead.h"
#include "ui/data/queues/senddialog.h"
#include "ui/data/rowarrival.h"
#include "ui/values/valueview.h"
#include "ui/widgets/counted.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/rowview.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSettings>
#include <QSplitter>
#include <QToolButton>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::queues::ContentType;
using data::queues::Delivery;
using data::queues::Message;
using data::queues::MessageList;
using data::queues::MessageState;
using data::queues::Shown;
using session::QueueStatus;

namespace {

constexpr int mostNoted = 2000; ///< selected messages that are noted as they are selected

std::optional<QueueStatus> statusOf(session::Session &session, const std::string &queue)
{
    const auto all = session.queues();
    const auto found = std::ranges::find(all, queue, &QueueStatus::name);
    return found == all.end() ? std::nullopt : std::optional(*found);
}

QToolButton *buttonFor(QAction *action)
{
    auto *button = new QToolButton;
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

QueueView::QueueView(session::DataResource resource, session::Session &session, QWidget *parent)
    : DataView(std::move(resource), parent), m_session(session), m_list(std::make_shared<MessageList>(this->resource().state, this->resource().id)),
      m_model(std::make_unique<MessageModel>(m_thread, m_list)), m_head(new QueueHead), m_table(new RowView), m_bar(new MessageBar(MessageBar::Closing::ByUser)),
      m_consumerBar(new MessageBar(MessageBar::Closing::ByOwner)), m_id(new ElideLabel(Qt::ElideMiddle)), m_facts(new ToneLabel({}, Tone::Muted)), m_body(new ValueView),
      m_splitter(new QSplitter(Qt::Horizontal)), m_picker(new WorkerPicker(session, this)), m_send(new QAction(icon("plus"_L1), tr("Send…"), this)),
      m_deliver(new QAction(icon("play"_L1), tr("Deliver now"), this)), m_retry(new QAction(icon("rotate-ccw"_L1), tr("Retry"), this)),
      m_remove(new QAction(icon("trash-2"_L1), tr("Delete"), this)), m_copy(new QAction(icon("copy"_L1), tr("Copy the id"), this)),
      m_purge(new QAction(icon("list-x"_L1), tr("Purge…"), this)), m_pause(new QAction(icon("pause"_L1), tr("Pause"), this))
{
    makeActions();
    setUpTable();
    auto *left = new QWidget;
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->setSpacing(0);
    leftColumn->addWidget(m_table, 1);
    left->setMinimumWidth(220);
    m_splitter->addWidget(left);
    m_splitter->addWidget(makeDetail());
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(5);
    m_splitter->setSizes({600, 400});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_consumerBar);
    column->addWidget(m_head);
    column->addWidget(makeTools());
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(m_splitter, 1);
    setFocusProxy(m_table);

    connect(m_head, &QueueHead::shownChanged, this, [this](Shown shown) { m_model->setQuery(shown); });
    connect(m_model.get(), &MessageModel::failed, this, &QueueView::showError);
    connect(m_model.get(), &MessageModel::counted, this, &QueueView::refreshActions);
    connect(m_model.get(), &QAbstractItemModel::dataChanged, this, &QueueView::rowsChanged);
    connect(m_model.get(), &QAbstractItemModel::rowsRemoved, this, &QueueView::rowsChanged);
    connect(m_model.get(), &QAbstractItemModel::modelReset, this, &QueueView::selected);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &QueueView::selected);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &QueueView::showCurrent);
    showOnArrival(*m_table, [this](int row) { return m_model->row(row) != nullptr; }, [this] { showCurrent(); });
    connect(&m_session, &session::Session::workersChanged, this, &QueueView::refreshStatus);
    connect(&m_session, &session::Session::stateChanged, this, &QueueView::refreshStatus);
    connect(m_picker, &WorkerPicker::added, this, &QueueView::refreshStatus);
    connect(m_picker, &WorkerPicker::failed, this, [this](const QString &why) {
        m_bar->setMessage(MessageBar::Kind::Error, why);
        m_bar->show();
    });
    m_splitter->restoreState(QSettings().value(u"data/queue/splitter"_s).toByteArray());
    m_model->setQuery(m_head->shown());
    refreshStatus();
    refreshActions();
    showCurrent();
    poll();
}

QueueView::~QueueView()
{
    m_table->setModel(nullptr);
    m_model.reset();
    m_thread.keep(std::move(m_list));
}

void QueueView::makeActions()
{
    m_remove->setShortcut(QKeySequence::Delete);
    m_copy->setShortcut(QKeySequence::Copy);
    for (QAction *action : {m_remove, m_copy})
        action->setShortcutContext(Qt::WidgetShortcut); // the table's
    m_send->setToolTip(tr("Send a message to this queue, as a Worker would"));
    m_deliver->setToolTip(tr("Give what waits to the consumer now, without waiting for a full batch"));
    m_retry->setToolTip(tr("Make the selected messages visible now: delayed ones, and dead ones with their attempts forgotten"));
    m_remove->setToolTip(tr("Delete the selected messages (Del); those in flight stay"));
    m_purge->setToolTip(tr("Delete all messages that are not in flight"));
    connect(m_send, &QAction::triggered, this, &QueueView::openSend);
    connect(m_deliver, &QAction::triggered, this, &QueueView::deliver);
    connect(m_retry, &QAction::triggered, this, &QueueView::retrySelected);
    connect(m_remove, &QAction::triggered, this, &QueueView::removeSelected);
    connect(m_purge, &QAction::triggered, this, &QueueView::purge);
    connect(m_pause, &QAction::triggered, this, &QueueView::togglePause);
    connect(m_copy, &QAction::triggered, this, &QueueView::copySelected);
}

void QueueView::setUpTable()
{
    m_table->setModel(m_model.get());
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Messages"));
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_table->addActions({m_retry, m_copy, m_remove});
    QHeaderView *header = m_table->header();
    header->setStretchLastSection(false);
    const auto room = [this](const QString &sample) { return m_table->fontMetrics().horizontalAdvance(sample) + 2 * cellMargin + 8; };
    header->setSectionResizeMode(MessageModel::Body, QHeaderView::Stretch);
    header->resizeSection(MessageModel::State, room(u"In flight "_s));
    header->resizeSection(MessageModel::Attempts, room(u"Attempts"_s));
    header->resizeSection(MessageModel::Sent, room(u"000 min ago"_s));
    header->resizeSection(MessageModel::Due, room(u"in 000 min"_s));
    header->resizeSection(MessageModel::Size, room(u"000.0 kB"_s));
    header->resizeSection(MessageModel::Id, room(u"0123456789"_s));
}

QWidget *QueueView::makeTools()
{
    auto *tools = new QWidget;
    auto *row = new QHBoxLayout(tools);
    row->setContentsMargins(8, 2, 8, 5);
    row->setSpacing(2);
    for (QAction *action : {m_send, m_deliver, m_pause}) {
        QToolButton *button = buttonFor(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        row->addWidget(button);
    }
    row->addStretch(1);
    for (QAction *action : {m_retry, m_remove, m_purge})
        row->addWidget(buttonFor(action));
    return tools;
}

QWidget *QueueView::makeDetail()
{
    auto *detail = new QWidget;
    auto *head = new QVBoxLayout;
    head->setContentsMargins(10, 6, 10, 6);
    head->setSpacing(1);
    head->addWidget(m_id);
    m_facts->setWordWrap(true);
    head->addWidget(m_facts);
    auto *column = new QVBoxLayout(detail);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(m_body, 1);
    detail->setMinimumWidth(200);
    return detail;
}

// ---- what there is

void QueueView::poll()
{
    if (m_looking)
        return;
    m_looking = true;
    m_thread.run(
        this, [list = m_list](std::stop_token) { return list->look(); },
        [this](base::Result<MessageList::Look> &&found) {
            m_looking = false;
            if (!found)
                showError(found.error());
            else
                looked(*found);
        });
}

void QueueView::looked(const MessageList::Look &look)
{
    const bool paused = m_counts.paused;
    m_counts = look.counts;
    m_head->setCounts(m_counts);
    Q_EMIT summaryChanged(counted(m_counts.total(), tr("%1 message"), tr("%1 messages")));
    if (look.changed)
        m_model->refresh(m_table->firstRow(), m_table->lastRow());
    else
        m_table->viewport()->update(); // ages go on
    if (paused != m_counts.paused)
        refreshStatus();
    refreshActions();
    if (m_shown)
        showFacts(*m_shown);
}

void QueueView::refreshStatus()
{
    const auto status = statusOf(m_session, resource().id);
    m_head->setStatus(status, m_counts.paused ? Delivery::Paused : Delivery::Running);
    m_pause->setText(m_counts.paused ? tr("Resume") : tr("Pause"));
    m_pause->setIcon(icon(m_counts.paused ? "play"_L1 : "pause"_L1, m_counts.paused ? Tone::Warning : Tone::Normal));
    m_pause->setToolTip(m_counts.paused ? tr("Deliver messages again") : tr("Deliver nothing until it is resumed; what is sent waits"));
    const bool alone = !status || status->delivery == QueueStatus::Delivery::NoConsumer;
    if (alone && !m_consumerBar->isVisibleTo(this)) {
        m_consumerBar->setMessage(MessageBar::Kind::Info, tr("No Worker beside the project consumes this queue. What is sent waits on disk until one does."));
        connect(m_consumerBar->addButton(tr("Add a Worker…")), &QPushButton::clicked, this, [this] { m_picker->pick(WorkerPicker::By::Folder); });
    }
    m_consumerBar->setVisible(alone);
    m_table->setPlaceholder(alone ? tr("The queue is empty. A Function that calls env.NAME.send(message) fills it, and so does Send.")
                                  : tr("Nothing is in the queue: what was sent has been delivered."));
    refreshActions();
}

void QueueView::refreshActions()
{
    const auto status = statusOf(m_session, resource().id);
    const bool runs = status && status->delivery == QueueStatus::Delivery::Running;
    const bool some = m_table->selectionModel()->hasSelection();
    m_retry->setEnabled(some);
    m_remove->setEnabled(some);
    m_copy->setEnabled(some);
    m_purge->setEnabled(m_counts.total() > m_counts.inFlight);
    m_deliver->setEnabled(runs && !m_counts.paused && m_counts.waiting > 0);
    m_pause->setEnabled(m_counts.paused || (status && status->delivery != QueueStatus::Delivery::NoConsumer));
}

/// Rows came, went or were fetched anew: the current row follows its message, and what was selected stays selected only where it is.
void QueueView::rowsChanged()
{
    if (m_following || !m_table->selectionModel()->hasSelection())
        return;
    const QScopedValueRollback following(m_following, true);
    const QModelIndex current = m_table->currentIndex();
    const std::int64_t place = m_wanted != 0 ? m_wanted : m_shown ? m_shown->place : 0;
    const Message *row = current.isValid() ? m_model->row(current.row()) : nullptr;
    if (place == 0 || (row && row->place == place))
        return;
    if (current.isValid() && !row)
        return; // on its way
    for (int i = m_table->firstRow(); i <= m_table->lastRow(); ++i) {
        const Message *other = m_model->row(i);
        if (other && other->place == place) {
            m_table->selectionModel()->setCurrentIndex(m_model->index(i, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
            m_selected = {place};
            m_selectedKnown = true;
            return;
        }
    }
    m_table->selectionModel()->clear(); // the detail goes on to show it
    m_selected.clear();
    m_selectedKnown = true;
    refreshActions();
}

/// Notes which messages are meant, because by the time that something is done with them other ones may be in their rows.
void QueueView::selected()
{
    refreshActions();
    if (m_following)
        return;
    const QItemSelection selection = m_table->selectionModel()->selection();
    int count = 0;
    for (const QItemSelectionRange &range : selection)
        count += range.height();
    m_selected.clear();
    m_selectedKnown = count <= mostNoted;
    if (!m_selectedKnown || count == 0)
        return;
    m_model->read(selection, this, [this](base::Result<std::vector<Message>> &&rows) {
        if (!rows) {
            showError(rows.error());
            return;
        }
        m_selected.clear();
        for (const Message &row : *rows)
            m_selected.push_back(row.place);
    });
}

void QueueView::withSelected(std::function<void(const Places &places)> then)
{
    if (m_selectedKnown) {
        if (!m_selected.empty())
            then(m_selected);
        return;
    }
    m_model->read(m_table->selectionModel()->selection(), this, [this, then = std::move(then)](base::Result<std::vector<Message>> &&rows) {
        if (!rows) {
            showError(rows.error());
            return;
        }
        Places places;
        for (const Message &row : *rows)
            places.push_back(row.place);
        then(places);
    });
}

// ---- the one that is chosen

void QueueView::showCurrent()
{
    if (m_following)
        return;
    m_thread.cancel(m_loading);
    m_wanted = 0;
    const QModelIndex current = m_table->currentIndex();
    const Message *row = current.isValid() ? m_model->row(current.row()) : nullptr;
    if (!row) {
        m_shown.reset();
        m_id->setText({});
        m_facts->setText({});
        m_body->setMessage(m_model->rowCount() > 0 ? tr("Choose a message to see its body.") : QString());
        return;
    }
    m_wanted = row->place;
    m_loading = m_thread.run(
        this, [list = m_list, place = row->place](std::stop_token) { return list->message(place); },
        [this](base::Result<std::optional<Message>> &&found) {
            m_wanted = 0;
            if (!found || !*found) {
                m_shown.reset();
                m_facts->setText({});
                m_body->setMessage(found ? tr("The message is gone: it was delivered or deleted.") : formatError(found.error()));
                return;
            }
            showMessage(**found);
        });
    m_thread.hurry(m_loading);
}

void QueueView::showMessage(const Message &message)
{
    m_shown = message;
    m_id->setText(fromUtf8(message.id));
    showFacts(message);
    ValueHint hint;
    hint.name = fromUtf8(message.id);
    hint.group = u"queue/"_s + fromUtf8(resource().id);
    if (message.type == ContentType::Json)
        hint.contentType = u"application/json"_s;
    else if (message.type == ContentType::Text)
        hint.contentType = u"text/plain"_s;
    const auto readable = message.type == ContentType::V8 ? data::queues::readableBody(message.type, message.body) : std::nullopt;
    m_body->setValue(std::make_shared<const std::string>(readable ? *readable : message.body), hint);
}

void QueueView::showFacts(const Message &message)
{
    QStringList facts{contentTypeText(message.type), formatBytes(message.bytes), stateText(message)};
    if (message.attempts > 0)
        facts << counted(static_cast<std::uint64_t>(message.attempts), tr("%1 failed attempt"), tr("%1 failed attempts"));
    facts << tr("sent %1").arg(relativeTime(message.sentMs));
    if (message.state == MessageState::Waiting && !expired(message.dueMs))
        facts << tr("visible %1").arg(relativeTime(message.dueMs));
    m_facts->setText(facts.join(u" · "_s));
    m_facts->setToolTip(tr("Sent at %1").arg(absoluteTime(message.sentMs)));
}

void QueueView::showItem(const QString &key)
{
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const Message *message = m_model->row(row);
        if (message && fromUtf8(message->id) == key) {
            m_table->setCurrentIndex(m_model->index(row, 0));
            return;
        }
    }
}

// ---- changes

template <typename Work>
void QueueView::change(Work work)
{
    m_thread.run(this, [list = m_list, work = std::move(work)](std::stop_token) { return work(*list); }, [this](auto &&done) {
        if (!done)
            showError(done.error());
        changed();
    });
}

void QueueView::changed()
{
    m_session.queuesTouched();
    m_model->refresh(m_table->firstRow(), m_table->lastRow());
    poll();
}

void QueueView::openSend()
{
    auto *dialog = new SendDialog(fromUtf8(resource().title), window());
    connect(dialog, &SendDialog::sent, this, [this](ContentType type, const std::string &body, std::int64_t delay) {
        change([type, body, delay](MessageList &list) { return list.send(type, body, delay); });
    });
    dialog->open();
}

void QueueView::deliver()
{
    m_session.deliverQueue(resource().id);
}

void QueueView::retrySelected()
{
    withSelected([this](const Places &places) {
        change([places](MessageList &list) { return list.release(places); });
    });
}

void QueueView::removeSelected()
{
    withSelected([this](const Places &places) {
        const QString question = places.size() == 1 ? tr("Delete this message? No consumer gets it then.") : tr("Delete %L1 messages? No consumer gets them then.").arg(places.size());
        askFirst(this, question, tr("Delete"), [this, places] {
            m_table->selectionModel()->clear();
            change([places](MessageList &list) { return list.remove(places); });
        });
    });
}

void QueueView::purge()
{
    const std::uint64_t count = m_counts.total() - m_counts.inFlight;
    askFirst(this, counted(count, tr("Delete the %1 message of %2 that is not in flight?"), tr("Delete all %1 messages of %2 that are not in flight?")).arg(fromUtf8(resource().id)), tr("Purge"), [this] {
        m_table->selectionModel()->clear();
        change([](MessageList &list) { return list.purge(); });
    });
}

void QueueView::togglePause()
{
    change([delivery = m_counts.paused ? Delivery::Running : Delivery::Paused](MessageList &list) { return list.setDelivery(delivery); });
}

void QueueView::copySelected()
{
    m_model->read(m_table->selectionModel()->selection(), this, [this](base::Result<std::vector<Message>> &&rows) {
        if (!rows) {
            showError(rows.error());
            return;
        }
        QStringList ids;
        for (const Message &row : *rows)
            ids << fromUtf8(row.id);
        QGuiApplication::clipboard()->setText(ids.join(u'\n'));
    });
}

void QueueView::showError(const base::Error &error)
{
    m_bar->setMessage(MessageBar::Kind::Error, formatError(error));
    m_bar->show();
}

/// Side by side, or one above the other where there is little room; what is needed least is left out then.
void QueueView::resizeEvent(QResizeEvent *event)
{
    DataView::resizeEvent(event);
    const Qt::Orientation wanted = width() > 860 ? Qt::Horizontal : Qt::Vertical;
    if (m_splitter->orientation() != wanted) {
        m_splitter->setOrientation(wanted);
        m_splitter->setSizes({600, 400});
    }
    const bool narrow = width() < 900;
    for (const int column : {MessageModel::Size, MessageModel::Id})
        m_table->header()->setSectionHidden(column, narrow);
    for (const int column : {MessageModel::Attempts, MessageModel::Due})
        m_table->header()->setSectionHidden(column, width() < 560); // the line above the body tells them
}

void QueueView::saveState(QSettings &settings) const
{
    settings.setValue(u"data/queue/splitter"_s, m_splitter->saveState());
}

DataView *makeQueueView(const session::DataResource &resource, session::Session &session, QWidget *parent)
{
    return new QueueView(resource, session, parent);
}

} // namespace cleat::ui
