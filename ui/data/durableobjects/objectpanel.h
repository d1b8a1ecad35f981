// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/durableobjects/objectlist.h"
#include "core/session/dataresources.h"
#include "core/session/objectdesk.h"

#include <QWidget>

#include <optional>

class QAction;
class QStackedWidget;

namespace cleat::ui {

class AlarmPage;
class ElideLabel;
class FlatTabs;
class ObjectSql;
class SendPage;
class SocketsPage;
class StoragePage;
class ToneLabel;

/// One Durable Object: its storage, SQL tables, alarm and WebSockets, and calls of it by hand. GUI thread.
class ObjectPanel final : public QWidget
{
    Q_OBJECT
public:
    /// `resource`: the namespace. `desk` is borrowed.
    ObjectPanel(const session::DataResource &resource, session::ObjectDesk &desk, QWidget *parent = nullptr);
    ~ObjectPanel() override;

    void setObject(const data::durableobjects::ObjectRow &row);
    /// Of the one that is shown; nullptr: it is not in memory.
    void setLive(const session::LiveObject *live);
    /// None, but this sentence.
    void showMessage(const QString &message);
    /// Looks whether somebody changed what is to be seen. Quick.
    void poll();
    /// What runs is another.
    void refresh();
    bool isEdited() const;
    const std::optional<data::durableobjects::ObjectRow> &shown() const { return m_row; }
    QByteArray splitterState() const;

Q_SIGNALS:
    /// Something was changed by hand.
    void changed();
    void removeWanted();
    void failed(const QString &why);
    /// Something to know.
    void told(const QString &what);

private:
    QWidget *makeHead();
    void showTab();
    void showFacts();
    void evict();
    void instanceIs(session::ObjectDesk::Instance instance);
    session::ObjectPlace place() const;

    const session::DataResource m_resource;
    session::ObjectDesk &m_desk;
    std::optional<data::durableobjects::ObjectRow> m_row;
    std::optional<session::LiveObject> m_live;
    QStackedWidget *m_pages;
    ToneLabel *m_message;
    ElideLabel *m_title;
    ToneLabel *m_facts;
    QAction *m_evict;
    QAction *m_copy;
    QAction *m_remove;
    FlatTabs *m_tabs;
    StoragePage *m_storage;
    QStackedWidget *m_sqlPage;
    ObjectSql *m_sql = nullptr; ///< made when its tab is looked at
    AlarmPage *m_alarm;
    SocketsPage *m_sockets;
    SendPage *m_send;
};

} // namespace cleat::ui
