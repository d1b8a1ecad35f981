// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/objectdesk.h"

#include <QWidget>

#include <vector>

class QTableWidget;

namespace cleat::ui {

class ToneLabel;

/// The WebSockets that one Durable Object has given to acceptWebSocket(). GUI thread.
class SocketsPage final : public QWidget
{
    Q_OBJECT
public:
    /// `desk` is borrowed.
    explicit SocketsPage(session::ObjectDesk &desk, QWidget *parent = nullptr);

    void setObject(const session::ObjectPlace &place);
    /// How many the object has, as far as is known.
    void setCount(std::size_t count);
    /// Asks for them, unless an answer is on its way.
    void poll();

private:
    void show(std::vector<session::ObjectSocket> &&sockets);

    session::ObjectDesk &m_desk;
    session::ObjectPlace m_place;
    std::size_t m_count = 0;
    std::vector<session::ObjectSocket> m_shown;
    ToneLabel *m_note;
    QTableWidget *m_table;
    bool m_asking = false;
};

} // namespace cleat::ui
