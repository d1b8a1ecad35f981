// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/resourcelook.h"

#include "ui/widgets/text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::DataResource;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::ResourceLook)
};

constexpr std::size_t fileNameLength = 64; ///< of a database that no binding names: hexadecimal digits

QString scopeText(config::Scope scope)
{
    switch (scope) {
    case config::Scope::TopLevel:
        return Words::tr("the top level");
    case config::Scope::Preview:
        return Words::tr("Preview");
    case config::Scope::Production:
        return Words::tr("Production");
    }
    return {};
}

} // namespace

QLatin1StringView resourceIcon(DataResource::Kind kind)
{
    switch (kind) {
    case DataResource::Kind::Kv:
        return "key-round"_L1;
    case DataResource::Kind::R2:
        return "archive"_L1;
    case DataResource::Kind::D1:
        return "database"_L1;
    case DataResource::Kind::Queue:
        return "inbox"_L1;
    case DataResource::Kind::Objects:
        return "box"_L1;
    case DataResource::Kind::Analytics:
        return "chart-column"_L1;
    case DataResource::Kind::Vectorize:
        return "waypoints"_L1;
    case DataResource::Kind::Models:
        return "sparkles"_L1;
    case DataResource::Kind::Cache:
        break;
    }
    return "zap"_L1;
}

QString resourceGroup(DataResource::Kind kind)
{
    switch (kind) {
    case DataResource::Kind::Kv:
        return Words::tr("KV namespaces");
    case DataResource::Kind::R2:
        return Words::tr("R2 buckets");
    case DataResource::Kind::D1:
        return Words::tr("D1 databases");
    case DataResource::Kind::Queue:
        return Words::tr("Queues");
    case DataResource::Kind::Objects:
        return Words::tr("Durable Objects");
    case DataResource::Kind::Analytics:
        return Words::tr("Analytics datasets");
    case DataResource::Kind::Vectorize:
        return Words::tr("Vectorize indexes");
    case DataResource::Kind::Models:
        return Words::tr("Workers AI");
    case DataResource::Kind::Cache:
        break;
    }
    return Words::tr("Caches");
}

QString resourceTitle(const DataResource &resource)
{
    QString title = fromUtf8(resource.title);
    if (resource.kind == DataResource::Kind::Cache) {
        const QLatin1StringView named("named:");
        return title.startsWith(named) ? title.mid(named.size()) : Words::tr("Default cache");
    }
    if (resource.kind == DataResource::Kind::Models)
        return Words::tr("Models");
    if (resource.kind == DataResource::Kind::D1 && resource.uses.empty() && resource.title.size() == fileNameLength)
        title = title.left(12) + u'…';
    return title;
}

QString usesText(const DataResource &resource)
{
    if (resource.kind == DataResource::Kind::Cache)
        return resource.id == "default" ? Words::tr("caches.default") : Words::tr("caches.open(\"%1\")").arg(resourceTitle(resource));
    if (resource.uses.empty())
        return resource.kind == DataResource::Kind::Queue ? Words::tr("No binding of the project sends to it") : Words::tr("No binding uses it");
    QStringList parts;
    for (const DataResource::Use &use : resource.uses) {
        QStringList scopes;
        for (const config::Scope scope : use.scopes)
            scopes << scopeText(scope);
        const QString name = fromUtf8(use.binding);
        if (!use.worker.empty()) {
            parts << Words::tr("%1 of the Worker %2").arg(name, fromUtf8(use.worker));
            continue;
        }
        parts << (scopes.isEmpty() ? Words::tr("%1 by a flag").arg(name) : Words::tr("%1 in %2").arg(name, QLocale().createSeparatedList(scopes)));
    }
    return parts.join(u", "_s);
}

} // namespace cleat::ui
