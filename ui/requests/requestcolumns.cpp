// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestcolumns.h"

#include "ui/widgets/text.h"

#include <QCoreApplication>
#include <QDateTime>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using events::Recording;
using events::RequestKind;
using events::RequestState;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::RequestColumns)
};

QString kindText(const events::RequestEvent &request)
{
    switch (request.kind) {
    case RequestKind::Http:
        break;
    case RequestKind::Queue:
        return Words::tr("Queue");
    case RequestKind::Cron:
        return Words::tr("Cron");
    case RequestKind::Alarm:
        return Words::tr("Alarm");
    case RequestKind::Manual:
        return Words::tr("By hand");
    }
    switch (request.answer) {
    case events::Answer::Code:
        return Words::tr("Function");
    case events::Answer::Asset:
        return Words::tr("Asset");
    case events::Answer::Refused:
        return Words::tr("Refused");
    }
    return {};
}

QString number(std::uint64_t count)
{
    return count ? QString::number(count) : QString();
}

} // namespace

QString columnTitle(RequestColumn column)
{
    switch (column) {
    case RequestColumn::Time:
        return Words::tr("Time");
    case RequestColumn::Method:
        return Words::tr("Method");
    case RequestColumn::Path:
        return Words::tr("Path");
    case RequestColumn::Status:
        return Words::tr("Status");
    case RequestColumn::Duration:
        return Words::tr("Duration");
    case RequestColumn::Size:
        return Words::tr("Size");
    case RequestColumn::Calls:
        return Words::tr("Calls");
    case RequestColumn::Started:
        return Words::tr("Started");
    case RequestColumn::Host:
        return Words::tr("Host");
    case RequestColumn::Kind:
        return Words::tr("Kind");
    case RequestColumn::Handler:
        return Words::tr("Handler");
    case RequestColumn::Environment:
        return Words::tr("Environment");
    case RequestColumn::RequestSize:
        return Words::tr("Request size");
    case RequestColumn::Errors:
        return Words::tr("Errors");
    case RequestColumn::Id:
        return Words::tr("Id");
    }
    return {};
}

bool isNumber(RequestColumn column)
{
    switch (column) {
    case RequestColumn::Duration:
    case RequestColumn::Size:
    case RequestColumn::Calls:
    case RequestColumn::RequestSize:
    case RequestColumn::Errors:
    case RequestColumn::Id:
        return true;
    case RequestColumn::Time:
    case RequestColumn::Method:
    case RequestColumn::Path:
    case RequestColumn::Status:
    case RequestColumn::Started:
    case RequestColumn::Host:
    case RequestColumn::Kind:
    case RequestColumn::Handler:
    case RequestColumn::Environment:
        return false;
    }
    return false;
}

bool isShownAtFirst(RequestColumn column)
{
    return column <= RequestColumn::Calls;
}

std::optional<Recording::Key> sortKey(RequestColumn column)
{
    using Key = Recording::Key;
    switch (column) {
    case RequestColumn::Method:
        return Key::Method;
    case RequestColumn::Path:
        return Key::Path;
    case RequestColumn::Status:
        return Key::Status;
    case RequestColumn::Duration:
        return Key::Duration;
    case RequestColumn::Size:
        return Key::ResponseSize;
    case RequestColumn::Calls:
        return Key::Calls;
    case RequestColumn::Started:
        return Key::Time;
    case RequestColumn::Kind:
        return Key::Kind;
    case RequestColumn::Handler:
        return Key::Handler;
    case RequestColumn::RequestSize:
        return Key::RequestSize;
    case RequestColumn::Errors:
        return Key::Error;
    case RequestColumn::Time:
    case RequestColumn::Host:
    case RequestColumn::Environment:
    case RequestColumn::Id:
        return std::nullopt;
    }
    return std::nullopt;
}

bool isSortable(RequestColumn column)
{
    return column == RequestColumn::Time || column == RequestColumn::Id || sortKey(column);
}

QString statusText(const events::RequestEvent &request)
{
    if (request.status || request.kind == RequestKind::Http)
        return request.status ? QString::number(request.status) : QString();
    return request.state == RequestState::Running ? QString() : request.error.empty() ? Words::tr("ok") : Words::tr("failed");
}

QString columnText(RequestColumn column, const Recording::Row &row, const QString &host)
{
    const events::RequestEvent &request = row.request;
    switch (column) {
    case RequestColumn::Time:
        return formatTime(request.startUs);
    case RequestColumn::Method:
        return fromUtf8(request.method);
    case RequestColumn::Path:
        return fromUtf8(request.target);
    case RequestColumn::Status:
        return statusText(request);
    case RequestColumn::Duration:
        return request.state == RequestState::Running ? Words::tr("running") : formatDuration(request.durationUs);
    case RequestColumn::Size:
        return request.state == RequestState::Running && request.responseBytes == 0 ? QString() : formatBytes(request.responseBytes);
    case RequestColumn::Calls:
        return number(row.calls);
    case RequestColumn::Started:
        return QDateTime::fromMSecsSinceEpoch(request.startUs / 1000).toString(u"yyyy-MM-dd HH:mm:ss.zzz"_s);
    case RequestColumn::Host:
        return host;
    case RequestColumn::Kind:
        return kindText(request);
    case RequestColumn::Handler:
        return fromUtf8(request.handler);
    case RequestColumn::Environment:
        return fromUtf8(request.environment);
    case RequestColumn::RequestSize:
        return request.requestBytes ? formatBytes(request.requestBytes) : QString();
    case RequestColumn::Errors:
        return number(row.exceptions + (row.exceptions == 0 && !request.error.empty() ? 1 : 0));
    case RequestColumn::Id:
        return QString::number(request.id);
    }
    return {};
}

} // namespace cleat::ui
