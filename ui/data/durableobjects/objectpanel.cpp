// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/durableobjects/objectpanel.h"

#include "ui/data/d1/ask.h"
#include "ui/data/durableobjects/alarmpage.h"
#include "ui/data/durableobjects/objectmodel.h"
#include "ui/data/durableobjects/objectsql.h"
#include "ui/data/durableobjects/sendpage.h"
#include "ui/data/durableobjects/socketspage.h"
#include "ui/data/durableobjects/storagepage.h"
#include "ui/data/expirytext.h"
#include "ui/widgets/counted.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QStackedWidget>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::durableobjects::ObjectRow;
using session::ObjectDesk;

namespace {

enum Tab { StorageTab, SqlTab, AlarmTab, SocketsTab, SendTab };

} // namespace

ObjectPanel::ObjectPanel(const session::DataResource &resource, ObjectDesk &desk, QWidget *parent)
    : QWidget(parent), m_resource(resource), m_desk(desk), m_pages(new QStackedWidget), m_message(new ToneLabel({}, Tone::Muted)), m_title(new ElideLabel(Qt::ElideMiddle)),
      m_facts(new ToneLabel({}, Tone::Muted)), m_evict(new QAction(icon("rotate-cw"_L1), tr("Take out of memory"), this)), m_copy(new QAction(icon("copy"_L1), tr("Copy the id"), this)),
      m_remove(new QAction(icon("trash-2"_L1), tr("Delete the object…"), this)), m_tabs(new FlatTabs), m_storage(new StoragePage(desk)), m_sqlPage(new QStackedWidget),
      m_alarm(new AlarmPage(desk)), m_sockets(new SocketsPage(desk)), m_send(new SendPage(desk))
{
    m_tabs->addTab(m_storage, tr("Storage"));
    m_tabs->addTab(m_sqlPage, tr("SQL"));
    m_tabs->addTab(m_alarm, tr("Alarm"));
    m_tabs->addTab(m_sockets, tr("WebSockets"));
    m_tabs->addTab(m_send, tr("Send"));
    m_tabs->setAccessibleName(tr("Object"));
    auto *object = new QWidget;
    auto *column = new QVBoxLayout(object);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(m_tabs, 1);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_message->setMargin(16);
    m_pages->addWidget(m_message);
    m_pages->addWidget(object);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_pages);
    setMinimumWidth(260);

    connect(m_tabs, &QTabWidget::currentChanged, this, &ObjectPanel::showTab);
    connect(m_storage, &StoragePage::changed, this, &ObjectPanel::instanceIs);
    connect(m_storage, &StoragePage::failed, this, &ObjectPanel::failed);
    connect(m_alarm, &AlarmPage::changed, this, &ObjectPanel::instanceIs);
    connect(m_alarm, &AlarmPage::failed, this, &ObjectPanel::failed);
    connect(m_evict, &QAction::triggered, this, &ObjectPanel::evict);
    connect(m_remove, &QAction::triggered, this, &ObjectPanel::removeWanted);
    connect(m_copy, &QAction::triggered, this, [this] {
        if (m_row)
            QGuiApplication::clipboard()->setText(fromUtf8(m_row->id));
    });
    showMessage({});
}

ObjectPanel::~ObjectPanel() = default;

QWidget *ObjectPanel::makeHead()
{
    m_title->setFont(headingFont());
    m_facts->setWordWrap(true);
    m_evict->setToolTip(tr("Take the instance out of memory: the next call makes a new one, which reads its storage anew. WebSockets that hibernate stay"));
    auto *head = new QWidget;
    auto *first = new QHBoxLayout;
    first->setSpacing(2);
    first->addWidget(m_title, 1);
    for (QAction *action : {m_evict, m_copy, m_remove})
        first->addWidget(toolButton(action, ButtonLook::IconOnly));
    auto *column = new QVBoxLayout(head);
    column->setContentsMargins(10, 4, 6, 4);
    column->setSpacing(1);
    column->addLayout(first);
    column->addWidget(m_facts);
    return head;
}

session::ObjectPlace ObjectPanel::place() const
{
    return m_row ? session::ObjectPlace{m_resource.id, m_row->id, m_row->name} : session::ObjectPlace{m_resource.id, {}, {}};
}

void ObjectPanel::showMessage(const QString &message)
{
    m_row.reset();
    m_live.reset();
    delete std::exchange(m_sql, nullptr);
    m_storage->setObject(place(), {});
    m_message->setText(message);
    m_pages->setCurrentIndex(0);
}

void ObjectPanel::setObject(const ObjectRow &row)
{
    const bool other = !m_row || m_row->id != row.id;
    const bool fileCame = !other && m_row->hasFile != row.hasFile;
    m_row = row;
    if (other || fileCame)
        delete std::exchange(m_sql, nullptr);
    if (other)
        m_live.reset();
    m_storage->setObject(place(), m_resource.file / (row.id + ".sqlite"));
    m_alarm->setObject(place(), row.alarmMs);
    m_sockets->setObject(place());
    m_send->setObject(place());
    m_title->setText(objectTitle(row));
    m_tabs->setTabText(SqlTab, row.tables > 0 ? tr("SQL (%1)").arg(row.tables) : tr("SQL"));
    m_tabs->setTabText(AlarmTab, row.alarmMs ? tr("Alarm (1)") : tr("Alarm"));
    m_pages->setCurrentIndex(1);
    showFacts();
    if (other || fileCame)
        showTab();
}

void ObjectPanel::setLive(const session::LiveObject *live)
{
    m_live = live ? std::optional(*live) : std::nullopt;
    const std::size_t sockets = live ? live->webSockets : 0;
    m_sockets->setCount(sockets);
    m_tabs->setTabText(SocketsTab, sockets > 0 ? tr("WebSockets (%L1)").arg(sockets) : tr("WebSockets"));
    showFacts();
}

void ObjectPanel::showFacts()
{
    if (!m_row)
        return;
    QStringList facts{liveText(m_live ? &*m_live : nullptr)};
    if (m_live && m_live->webSockets > 0)
        facts << counted(m_live->webSockets, tr("%1 WebSocket"), tr("%1 WebSockets"));
    if (m_row->hasFile)
        facts << formatBytes(m_row->bytes) << tr("written %1").arg(relativeTime(m_row->changedMs));
    else
        facts << tr("nothing stored yet");
    if (!m_row->problem.empty())
        facts << fromUtf8(m_row->problem);
    m_facts->setText(facts.join(u" · "_s));
    m_facts->setTone(m_row->problem.empty() ? Tone::Muted : Tone::Danger);
    m_title->setToolTip(fromUtf8(m_row->id));
    m_evict->setEnabled(m_live && m_live->state != session::LiveObject::State::Hibernating);
}

/// The grid of tables takes threads and a connection, so it is there only once somebody looks.
void ObjectPanel::showTab()
{
    if (!m_row || m_tabs->currentIndex() != SqlTab || m_sql)
        return;
    session::DataResource database;
    database.kind = session::DataResource::Kind::D1;
    database.id = m_row->id;
    database.title = m_row->name.value_or(m_row->id);
    database.state = m_resource.state;
    database.file = m_resource.file / (m_row->id + ".sqlite");
    database.exists = m_row->hasFile;
    m_sql = new ObjectSql(database);
    connect(m_sql, &ObjectSql::failed, this, &ObjectPanel::failed);
    // Past the instance, which may hold what it has read. It fails only when its Worker has stopped, and then there is none.
    connect(m_sql, &ObjectSql::wrote, this, [this] {
        m_desk.evict(place(), this, [this](base::Result<ObjectDesk::Instance> &&done) { instanceIs(done.value_or(ObjectDesk::Instance::Gone)); });
    });
    m_sqlPage->addWidget(m_sql);
    m_sqlPage->setCurrentWidget(m_sql);
}

void ObjectPanel::poll()
{
    if (!m_row)
        return;
    if (m_tabs->currentIndex() == StorageTab)
        m_storage->poll();
    else if (m_tabs->currentIndex() == SqlTab && m_sql)
        m_sql->poll();
    else if (m_tabs->currentIndex() == AlarmTab)
        m_alarm->refresh();
    else if (m_tabs->currentIndex() == SocketsTab)
        m_sockets->poll();
    showFacts(); // ages go on
}

void ObjectPanel::refresh()
{
    m_alarm->refresh();
    m_send->refresh();
}

bool ObjectPanel::isEdited() const
{
    return m_sql && m_sql->isEdited();
}

void ObjectPanel::evict()
{
    m_desk.evict(place(), this, [this](base::Result<ObjectDesk::Instance> &&done) {
        if (!done)
            Q_EMIT failed(formatError(done.error()));
        else if (*done == ObjectDesk::Instance::Busy)
            Q_EMIT told(tr("The object has something to do, so it stays in memory. Try again when that is over."));
        Q_EMIT changed();
    });
}

void ObjectPanel::instanceIs(ObjectDesk::Instance instance)
{
    if (instance == ObjectDesk::Instance::Busy)
        Q_EMIT told(tr("It is stored. But the object has something to do, and goes on with what its code has read before; take it out of memory when that is over."));
    Q_EMIT changed();
}

QByteArray ObjectPanel::splitterState() const
{
    return m_storage->splitterState();
}

} // namespace cleat::ui
