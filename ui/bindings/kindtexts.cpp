// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/kindtexts.h"

#include "core/config/bindingkinds.h"
#include "ui/widgets/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Kind;
using Level = FieldText::Level;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::KindTexts)
};

constexpr std::array order{Kind::KvNamespace, Kind::DurableObject, Kind::R2Bucket, Kind::D1Database, Kind::Vectorize, Kind::Ai, Kind::Service, Kind::Queue,
                           Kind::Hyperdrive, Kind::AnalyticsEngine, Kind::Browser, Kind::MtlsCertificate, Kind::VersionMetadata};

FieldText kvField(std::string_view field)
{
    if (field == "id")
        return {Words::tr("KV namespace"), Words::tr("id of the namespace"),
                Words::tr("The id from the dashboard, for deployments. It also names the local data; without one, the variable's name does."), Level::Basic, Fresh::Id};
    return {Words::tr("Preview id"), Words::tr("same as above"), Words::tr("Names the local data in place of the id, so that development has data of its own."),
            Level::Advanced, Fresh::Id};
}

FieldText r2Field(std::string_view field)
{
    if (field == "bucket_name")
        return {Words::tr("R2 bucket"), u"my-bucket"_s, Words::tr("The bucket's name. It also names the local data; without one, the variable's name does."), Level::Basic,
                Fresh::Slug};
    if (field == "preview_bucket_name")
        return {Words::tr("Preview bucket"), Words::tr("same as above"), Words::tr("Names the local data in place of the bucket's name."), Level::Advanced, Fresh::None};
    return {Words::tr("Jurisdiction"), u"eu"_s, Words::tr("Where the bucket's data must stay, if it was made so: eu or fedramp."), Level::Advanced, Fresh::None};
}

FieldText d1Field(std::string_view field)
{
    if (field == "database_id")
        return {Words::tr("D1 database"), Words::tr("id of the database"),
                Words::tr("The id from the dashboard, for deployments. It also names the local data; without one, the variable's name does."), Level::Basic, Fresh::Uuid};
    if (field == "database_name")
        return {Words::tr("Database name"), u"northwind"_s, Words::tr("What wrangler's commands call it, such as wrangler d1 migrations apply."), Level::Basic, Fresh::None};
    if (field == "preview_database_id")
        return {Words::tr("Preview database id"), Words::tr("same as above"), Words::tr("Names the local data in place of the id."), Level::Advanced, Fresh::Uuid};
    if (field == "migrations_dir")
        return {Words::tr("Migrations folder"), u"migrations"_s, Words::tr("Where the .sql files of migrations lie, from the Wrangler file."), Level::Advanced, Fresh::None};
    return {Words::tr("Migrations table"), u"d1_migrations"_s, Words::tr("The table that notes which migrations were applied."), Level::Advanced, Fresh::None};
}

FieldText objectField(std::string_view field)
{
    if (field == "class_name")
        return {Words::tr("Durable Object namespace"), u"DurableObjectExample"_s, Words::tr("The class that the Worker exports."), Level::Basic, Fresh::None};
    if (field == "script_name")
        return {Words::tr("Worker"), u"do-worker"_s, Words::tr("The Worker that exports the class. Pages cannot hold it itself."), Level::Basic, Fresh::None};
    return {Words::tr("Environment"), u"production"_s, Words::tr("Of that Worker, if it has environments."), Level::Advanced, Fresh::None};
}

FieldText serviceField(std::string_view field)
{
    if (field == "service")
        return {Words::tr("Service"), u"my-worker"_s, Words::tr("The name of the Worker to call."), Level::Basic, Fresh::None};
    if (field == "environment")
        return {Words::tr("Environment"), u"production"_s, Words::tr("Of that Worker, if it has environments."), Level::Advanced, Fresh::None};
    if (field == "entrypoint")
        return {Words::tr("Entrypoint"), u"AdminEntrypoint"_s, Words::tr("A named entrypoint of that Worker; without one, its default export is called."), Level::Advanced,
                Fresh::None};
    return {Words::tr("Props"), u"{\"role\": \"reader\"}"_s, Words::tr("A JSON object that the Worker finds in ctx.props."), Level::Advanced, Fresh::None};
}

FieldText hyperdriveField(std::string_view field)
{
    if (field == "id")
        return {Words::tr("Hyperdrive configuration"), Words::tr("id of the configuration"), Words::tr("The id from the dashboard, for deployments."), Level::Basic,
                Fresh::None};
    return {Words::tr("Local connection string"), u"postgres://user@localhost:5432/db"_s,
            Words::tr("The database that a local run connects to. Without it, the environment variable CLOUDFLARE_HYPERDRIVE_\u200bLOCAL_CONNECTION_\u200bSTRING_<name> says it. "
                      "Everyone who can read the file can read a password in it."),
            Level::Basic, Fresh::None};
}

FieldText queueField(std::string_view field)
{
    if (field == "queue")
        return {Words::tr("Queue"), u"my-queue"_s, Words::tr("The queue's name. It also names the local data; without one, the variable's name does."), Level::Basic,
                Fresh::Slug};
    return {Words::tr("Delivery delay"), u"0"_s, Words::tr("Seconds. Deprecated: Cloudflare takes the delay of the queue itself."), Level::Advanced, Fresh::None};
}

} // namespace

std::span<const Kind> kindsInOrder()
{
    return order;
}

QString kindDescription(Kind kind)
{
    switch (kind) {
    case Kind::KvNamespace:
        return Words::tr("Keys with values, read globally");
    case Kind::DurableObject:
        return Words::tr("Objects with their own state");
    case Kind::R2Bucket:
        return Words::tr("Files and other large objects");
    case Kind::D1Database:
        return Words::tr("An SQL database on SQLite");
    case Kind::Vectorize:
        return Words::tr("Vectors, found by likeness");
    case Kind::Ai:
        return Words::tr("Machine learning models to run");
    case Kind::Service:
        return Words::tr("Another Worker to call");
    case Kind::Queue:
        return Words::tr("Messages to send to a consumer");
    case Kind::Hyperdrive:
        return Words::tr("Your own Postgres or MySQL");
    case Kind::AnalyticsEngine:
        return Words::tr("Data points, to query later");
    case Kind::Browser:
        return Words::tr("A headless browser to control");
    case Kind::MtlsCertificate:
        return Words::tr("A client certificate for fetch");
    case Kind::VersionMetadata:
        return Words::tr("Id and tag of the deployed version");
    }
    return {};
}

QString exampleName(Kind kind)
{
    switch (kind) {
    case Kind::KvNamespace:
        return u"TODO_LIST"_s;
    case Kind::DurableObject:
        return u"DURABLE_OBJECT"_s;
    case Kind::R2Bucket:
        return u"BUCKET"_s;
    case Kind::D1Database:
        return u"NORTHWIND_DB"_s;
    case Kind::Vectorize:
        return u"VECTORIZE_INDEX"_s;
    case Kind::Ai:
        return u"AI"_s;
    case Kind::Service:
        return u"SERVICE"_s;
    case Kind::Queue:
        return u"MY_QUEUE"_s;
    case Kind::Hyperdrive:
        return u"HYPERDRIVE"_s;
    case Kind::AnalyticsEngine:
        return u"ANALYTICS_ENGINE"_s;
    case Kind::Browser:
        return u"BROWSER"_s;
    case Kind::MtlsCertificate:
        return u"MY_CERTIFICATE"_s;
    case Kind::VersionMetadata:
        return u"CF_VERSION_METADATA"_s;
    }
    return {};
}

QStringList kindSearchWords(Kind kind)
{
    switch (kind) {
    case Kind::KvNamespace:
        return {u"key-value"_s, u"key value"_s, u"redis"_s, u"cache"_s, u"store"_s};
    case Kind::DurableObject:
        return {u"do"_s, u"actor"_s, u"websocket"_s, u"state"_s, u"class"_s};
    case Kind::R2Bucket:
        return {u"s3"_s, u"blob"_s, u"object storage"_s, u"files"_s, u"upload"_s, u"images"_s};
    case Kind::D1Database:
        return {u"sql"_s, u"sqlite"_s, u"table"_s};
    case Kind::Vectorize:
        return {u"embedding"_s, u"vector database"_s, u"rag"_s, u"similarity"_s, u"search"_s};
    case Kind::Ai:
        return {u"llm"_s, u"model"_s, u"inference"_s, u"llama"_s, u"gpu"_s, u"machine learning"_s};
    case Kind::Service:
        return {u"worker"_s, u"rpc"_s, u"fetcher"_s, u"entrypoint"_s, u"microservice"_s};
    case Kind::Queue:
        return {u"message"_s, u"producer"_s, u"job"_s, u"background"_s, u"sqs"_s};
    case Kind::Hyperdrive:
        return {u"postgres"_s, u"postgresql"_s, u"mysql"_s, u"database"_s, u"sql"_s, u"pool"_s};
    case Kind::AnalyticsEngine:
        return {u"metrics"_s, u"events"_s, u"statistics"_s, u"time series"_s, u"dataset"_s};
    case Kind::Browser:
        return {u"puppeteer"_s, u"playwright"_s, u"chrome"_s, u"screenshot"_s, u"pdf"_s, u"headless"_s};
    case Kind::MtlsCertificate:
        return {u"tls"_s, u"client certificate"_s, u"x509"_s};
    case Kind::VersionMetadata:
        return {u"deployment"_s, u"release"_s, u"tag"_s};
    }
    return {};
}

FieldText fieldText(Kind kind, std::string_view field)
{
    if (field == "remote")
        return {Words::tr("Remote"), {}, Words::tr("wrangler then uses the deployed resource in a local run, too. Cleat always stays local."), Level::Advanced, Fresh::None};
    if (field == config::bindingKind(kind).nameField)
        return {Words::tr("Variable name"), exampleName(kind), {}, Level::Basic, Fresh::None};
    const auto known = std::ranges::find(config::bindingKind(kind).fields, field, &config::BindingField::name);
    if (known == config::bindingKind(kind).fields.end())
        return {fromUtf8(field), {}, {}, Level::Advanced, Fresh::None};
    switch (kind) {
    case Kind::KvNamespace:
        return kvField(field);
    case Kind::R2Bucket:
        return r2Field(field);
    case Kind::D1Database:
        return d1Field(field);
    case Kind::DurableObject:
        return objectField(field);
    case Kind::Service:
        return serviceField(field);
    case Kind::Hyperdrive:
        return hyperdriveField(field);
    case Kind::Queue:
        return queueField(field);
    case Kind::Vectorize:
        return {Words::tr("Vectorize index"), u"my-index"_s, Words::tr("The index's name."), Level::Basic, Fresh::Slug};
    case Kind::AnalyticsEngine:
        return {Words::tr("Dataset"), u"my_dataset"_s, Words::tr("The dataset's name: any you like. It exists from the first data point on. Without one, the variable's name is used."),
                Level::Basic, Fresh::Slug};
    case Kind::MtlsCertificate:
        return {Words::tr("Certificate"), Words::tr("id of the certificate"), Words::tr("The id that wrangler mtls-certificate list shows."), Level::Basic, Fresh::None};
    case Kind::Ai:
    case Kind::Browser:
    case Kind::VersionMetadata:
        break;
    }
    return {fromUtf8(field), {}, {}, Level::Advanced, Fresh::None};
}

std::vector<std::string_view> formFields(Kind kind)
{
    const config::BindingKind &description = config::bindingKind(kind);
    std::vector<std::string_view> names;
    for (const config::BindingField &field : description.fields) {
        if (field.name != description.nameField)
            names.push_back(field.name);
    }
    std::ranges::stable_sort(names, {}, [kind](std::string_view name) { return fieldText(kind, name).level; });
    if (const auto lead = std::ranges::find(names, description.resourceField); lead != names.end())
        std::rotate(names.begin(), lead, std::next(lead));
    return names;
}

} // namespace cleat::ui
