// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/queues/messagemodel.h"

#include "core/base/bytes.h"
#include "ui/data/expirytext.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QGuiApplication>
#include <QPalette>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::queues::ContentType;
using data::queues::Message;
using data::queues::MessageState;
using data::queues::Shown;

QString stateText(const Message &message)
{
    switch (message.state) {
    case MessageState::Waiting:
        break;
    case MessageState::InFlight:
        return MessageModel::tr("In flight");
    case MessageState::Dead:
        return MessageModel::tr("Dead");
    }
    return expired(message.dueMs) ? MessageModel::tr("Waiting") : MessageModel::tr("Delayed");
}

QString contentTypeText(ContentType type)
{
    switch (type) {
    case ContentType::Json:
        return MessageModel::tr("JSON");
    case ContentType::Text:
        return MessageModel::tr("Text");
    case ContentType::Bytes:
        return MessageModel::tr("Bytes");
    case ContentType::V8:
        break;
    }
    return MessageModel::tr("V8 value");
}

QString bodyLine(const Message &message)
{
    const bool whole = message.body.size() >= message.bytes;
    if (message.type == ContentType::V8) {
        const auto text = whole ? data::queues::readableBody(message.type, message.body) : std::nullopt;
        return text ? oneLine(fromUtf8(*text).simplified(), 300) : MessageModel::tr("V8 value of %1").arg(formatBytes(message.bytes));
    }
    if (message.type == ContentType::Bytes && !base::isUtf8(message.body)) {
        constexpr std::size_t shown = 24;
        const std::string_view begin = std::string_view(message.body).substr(0, shown);
        return QString::fromLatin1(QByteArray(begin.data(), static_cast<qsizetype>(begin.size())).toHex(' ')) + (message.bytes > shown ? u" …"_s : QString());
    }
    QString text = oneLine(fromUtf8(message.body), 300);
    if (!whole) {
        while (text.endsWith(QChar::ReplacementCharacter)) // a character that was cut
            text.chop(1);
        text += u'…';
    }
    return text;
}

MessageModel::MessageModel(session::DataThread &thread, const std::shared_ptr<data::queues::MessageList> &list, QObject *parent)
    : PagedModel(thread,
        {[list](Shown shown, std::stop_token) { return list->count(shown); },
            [list](Shown shown, std::uint64_t first, std::size_t count, std::stop_token) { return list->rows(shown, first, count); },
            [](const Message &a, const Message &b) { return a.place == b.place; }},
        parent)
{
}

int MessageModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant MessageModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const auto column = static_cast<Column>(index.column());
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (column == Size || column == Attempts ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::BackgroundRole && role != Qt::ForegroundRole && role != Qt::FontRole)
        return {};
    const Message *found = row(index.row());
    if (!found)
        return {};
    if (role == Qt::FontRole)
        return column == Body || column == Id ? QVariant(monospaceFont()) : QVariant();
    const Colors &c = colors(QGuiApplication::palette());
    if (role == Qt::BackgroundRole)
        return isMarked(index.row()) ? QVariant(c.addedBack) : QVariant();
    if (role == Qt::ForegroundRole) {
        if (column == State && found->state == MessageState::Dead)
            return c.danger;
        if (column == State && found->state == MessageState::InFlight)
            return c.accent;
        return column == Id || (column == State && !expired(found->dueMs)) ? QVariant(c.muted) : QVariant();
    }
    const bool tip = role == Qt::ToolTipRole;
    switch (column) {
    case Body:
        return tip ? bodyLine(*found).toHtmlEscaped() : bodyLine(*found);
    case State:
        if (!tip)
            return stateText(*found);
        return found->state == MessageState::Dead ? tr("All its attempts failed, and there is no dead-letter queue. Retry delivers it again.") : QString();
    case Attempts:
        return tip ? tr("Deliveries that failed") : QString::number(found->attempts);
    case Sent:
        return tip ? absoluteTime(found->sentMs) : relativeTime(found->sentMs);
    case Due:
        if (found->state != MessageState::Waiting)
            return {};
        if (tip)
            return absoluteTime(found->dueMs);
        return expired(found->dueMs) ? tr("now") : relativeTime(found->dueMs);
    case Size:
        return formatBytes(found->bytes);
    case Id:
        return fromUtf8(found->id);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant MessageModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (section == Size || section == Attempts ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Body:
        return tr("Message");
    case State:
        return tr("State");
    case Attempts:
        return tr("Attempts");
    case Sent:
        return tr("Sent");
    case Due:
        return tr("Visible");
    case Size:
        return tr("Size");
    case Id:
        return tr("Id");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace cleat::ui
