// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/kindlook.h"

#include "core/config/bindingkinds.h"
#include "ui/widgets/text.h"

#include <QCoreApplication>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Kind;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::KindLook)
};

} // namespace

QLatin1StringView kindIcon(Kind kind)
{
    switch (kind) {
    case Kind::KvNamespace:
        return "key-round"_L1;
    case Kind::R2Bucket:
        return "archive"_L1;
    case Kind::D1Database:
        return "database"_L1;
    case Kind::DurableObject:
        return "box"_L1;
    case Kind::Vectorize:
        return "waypoints"_L1;
    case Kind::Hyperdrive:
        return "zap"_L1;
    case Kind::Service:
        return "network"_L1;
    case Kind::Queue:
        return "inbox"_L1;
    case Kind::AnalyticsEngine:
        return "chart-column"_L1;
    case Kind::MtlsCertificate:
        return "file-badge"_L1;
    case Kind::Ai:
        return "sparkles"_L1;
    case Kind::Browser:
        return "globe"_L1;
    case Kind::VersionMetadata:
        return "tag"_L1;
    }
    return "plug"_L1;
}

QString kindTitle(Kind kind)
{
    switch (kind) {
    case Kind::KvNamespace:
        return Words::tr("KV namespace");
    case Kind::R2Bucket:
        return Words::tr("R2 bucket");
    case Kind::D1Database:
        return Words::tr("D1 database");
    case Kind::DurableObject:
        return Words::tr("Durable Object");
    case Kind::Vectorize:
        return Words::tr("Vectorize index");
    case Kind::Hyperdrive:
        return Words::tr("Hyperdrive");
    case Kind::Service:
        return Words::tr("Service binding");
    case Kind::Queue:
        return Words::tr("Queue");
    case Kind::AnalyticsEngine:
        return Words::tr("Analytics Engine");
    case Kind::MtlsCertificate:
        return Words::tr("mTLS certificate");
    case Kind::Ai:
        return Words::tr("Workers AI");
    case Kind::Browser:
        return Words::tr("Browser Rendering");
    case Kind::VersionMetadata:
        return Words::tr("Version metadata");
    }
    return {};
}

QString resourceText(const config::Binding &binding)
{
    const auto value = [&binding](std::string_view field) { return fromUtf8(binding.value(field)); };
    QStringList parts;
    const auto add = [&parts](const QString &text) {
        if (!text.isEmpty())
            parts << text;
    };
    switch (binding.kind) {
    case Kind::KvNamespace:
        add(value("id"));
        if (binding.find("preview_id"))
            add(Words::tr("preview: %1").arg(value("preview_id")));
        break;
    case Kind::R2Bucket:
        add(value("bucket_name"));
        if (binding.find("preview_bucket_name"))
            add(Words::tr("preview: %1").arg(value("preview_bucket_name")));
        break;
    case Kind::D1Database:
        add(value("database_name"));
        add(value("database_id"));
        if (binding.find("preview_database_id"))
            add(Words::tr("preview: %1").arg(value("preview_database_id")));
        break;
    case Kind::DurableObject:
        if (binding.find("script_name"))
            add(Words::tr("%1 of %2").arg(value("class_name"), value("script_name")));
        else
            add(value("class_name"));
        break;
    case Kind::Service:
        add(value("service") + (binding.find("entrypoint") ? u"#"_s + value("entrypoint") : QString()));
        if (binding.find("environment"))
            add(Words::tr("environment: %1").arg(value("environment")));
        break;
    case Kind::Vectorize:
    case Kind::Hyperdrive:
    case Kind::Queue:
    case Kind::AnalyticsEngine:
    case Kind::MtlsCertificate:
    case Kind::Ai:
    case Kind::Browser:
    case Kind::VersionMetadata:
        if (const std::string_view field = config::bindingKind(binding.kind).resourceField; !field.empty())
            add(value(field));
        break;
    }
    if (binding.value("remote") == "true")
        add(Words::tr("remote"));
    return parts.join(u", "_s);
}

} // namespace cleat::ui
