// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/durableobjects/socketspage.h"

#include "ui/data/expirytext.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QTableWidget>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::ObjectSocket;

namespace {

enum Column { State, Tags, Attachment, Answered, ColumnCount };

} // namespace

SocketsPage::SocketsPage(session::ObjectDesk &desk, QWidget *parent) : QWidget(parent), m_desk(desk), m_note(new ToneLabel({}, Tone::Muted)), m_table(new QTableWidget(0, ColumnCount))
{
    m_table->setHorizontalHeaderLabels({tr("State"), tr("Tags"), tr("Attachment"), tr("Answered by itself")});
    setUpTable(*m_table, 5);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("WebSockets"));
    const auto room = [this](const QString &sample) { return m_table->fontMetrics().horizontalAdvance(sample) + 2 * cellMargin + 8; };
    m_table->horizontalHeader()->resizeSection(State, room(tr("Closing")));
    m_table->horizontalHeader()->resizeSection(Tags, room(u"room-1, ada@example"_s));
    m_table->horizontalHeader()->setSectionResizeMode(Attachment, QHeaderView::Stretch);
    m_table->horizontalHeader()->resizeSection(Answered, room(tr("Answered by itself")));
    m_note->setWordWrap(true);
    m_note->setMargin(10);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_note);
    column->addWidget(m_table, 1);
    show({});
}

void SocketsPage::setObject(const session::ObjectPlace &place)
{
    if (m_place == place)
        return;
    m_place = place;
    m_count = 0;
    show({});
}

void SocketsPage::setCount(std::size_t count)
{
    m_count = count;
    if (count == 0 && !m_shown.empty())
        show({});
}

void SocketsPage::poll()
{
    if (m_asking || m_count == 0)
        return;
    m_asking = true;
    m_desk.webSockets(m_place, this, [this, place = m_place](base::Result<std::vector<ObjectSocket>> &&found) {
        m_asking = false;
        if (place == m_place)
            show(found ? std::move(*found) : std::vector<ObjectSocket>()); // else its Worker has just stopped
    });
}

void SocketsPage::show(std::vector<ObjectSocket> &&sockets)
{
    const bool more = m_count > sockets.size() && !sockets.empty();
    m_note->setVisible(sockets.empty() || more);
    m_table->setVisible(!sockets.empty());
    m_note->setText(more ? tr("The first %L1 of %L2.").arg(sockets.size()).arg(m_count)
                         : tr("No WebSocket: the object has given none to ctx.acceptWebSocket(), or they are closed. Those that it accepts itself, with accept(), do not show here."));
    if (sockets == m_shown)
        return;
    m_shown = std::move(sockets);
    m_table->setRowCount(static_cast<int>(m_shown.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const ObjectSocket &socket = m_shown[static_cast<std::size_t>(row)];
        QStringList tags;
        for (const std::string &tag : socket.tags)
            tags << fromUtf8(tag);
        const auto set = [&](int column, const QString &text, bool mono = false) {
            auto *item = new QTableWidgetItem(oneLine(text, 500));
            item->setToolTip(text.toHtmlEscaped());
            if (mono)
                item->setFont(monospaceFont());
            m_table->setItem(row, column, item);
        };
        set(State, socket.isClosing ? tr("Closing") : tr("Open"));
        set(Tags, tags.join(u", "_s));
        set(Attachment, fromUtf8(socket.attachment), true);
        set(Answered, socket.answeredMs > 0 ? relativeTime(socket.answeredMs) : QString());
    }
}

} // namespace cleat::ui
