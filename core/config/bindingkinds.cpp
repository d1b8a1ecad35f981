// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/bindingkinds.h"

#include <algorithm>
#include <array>

namespace cleat::config {

namespace {

using Type = BindingField::Type;

constexpr BindingField required(std::string_view name)
{
    return {name, Type::Text, true};
}

constexpr std::array kvFields{required("binding"), BindingField{"id"}, BindingField{"preview_id"}, BindingField{"remote", Type::Truth}};
constexpr std::array r2Fields{required("binding"), BindingField{"bucket_name"}, BindingField{"preview_bucket_name"}, BindingField{"jurisdiction"},
                              BindingField{"remote", Type::Truth}};
constexpr std::array d1Fields{required("binding"), BindingField{"database_id"}, BindingField{"database_name"}, BindingField{"preview_database_id"},
                              BindingField{"migrations_dir"}, BindingField{"migrations_table"}, BindingField{"remote", Type::Truth}};
constexpr std::array objectFields{required("name"), required("class_name"), required("script_name"), BindingField{"environment"}};
constexpr std::array vectorizeFields{required("binding"), required("index_name"), BindingField{"remote", Type::Truth}};
constexpr std::array hyperdriveFields{required("binding"), required("id"), BindingField{"localConnectionString"}};
constexpr std::array serviceFields{required("binding"), required("service"), BindingField{"environment"}, BindingField{"entrypoint"},
                                   BindingField{"props", Type::Any}, BindingField{"remote", Type::Truth}};
constexpr std::array producerFields{required("binding"), BindingField{"queue"}, BindingField{"delivery_delay", Type::Number}, BindingField{"remote", Type::Truth}};
constexpr std::array analyticsFields{required("binding"), BindingField{"dataset"}};
constexpr std::array singleFields{required("binding"), BindingField{"remote", Type::Truth}};
constexpr std::array versionFields{required("binding")};
constexpr std::array certificateFields{required("binding"), required("certificate_id"), BindingField{"remote", Type::Truth}};

constexpr std::array kinds{
    BindingKind{Kind::KvNamespace, "kv_namespaces", "", BindingKind::Form::List, "binding", "a KV namespace", "id", kvFields},
    BindingKind{Kind::DurableObject, "durable_objects", "bindings", BindingKind::Form::List, "name", "a Durable Object", "class_name", objectFields},
    BindingKind{Kind::R2Bucket, "r2_buckets", "", BindingKind::Form::List, "binding", "an R2 bucket", "bucket_name", r2Fields},
    BindingKind{Kind::D1Database, "d1_databases", "", BindingKind::Form::List, "binding", "a D1 database", "database_id", d1Fields},
    BindingKind{Kind::Vectorize, "vectorize", "", BindingKind::Form::List, "binding", "a Vectorize index", "index_name", vectorizeFields},
    BindingKind{Kind::Ai, "ai", "", BindingKind::Form::Single, "binding", "Workers AI", "", singleFields},
    BindingKind{Kind::Service, "services", "", BindingKind::Form::List, "binding", "a service", "service", serviceFields},
    BindingKind{Kind::Queue, "queues", "producers", BindingKind::Form::List, "binding", "a queue", "queue", producerFields},
    BindingKind{Kind::Hyperdrive, "hyperdrive", "", BindingKind::Form::List, "binding", "a Hyperdrive configuration", "id", hyperdriveFields},
    BindingKind{Kind::AnalyticsEngine, "analytics_engine_datasets", "", BindingKind::Form::List, "binding", "an Analytics Engine dataset", "dataset",
                analyticsFields},
    BindingKind{Kind::Browser, "browser", "", BindingKind::Form::Single, "binding", "Browser Rendering", "", singleFields},
    BindingKind{Kind::MtlsCertificate, "mtls_certificates", "", BindingKind::Form::List, "binding", "an mTLS certificate", "certificate_id", certificateFields},
    BindingKind{Kind::VersionMetadata, "version_metadata", "", BindingKind::Form::Single, "binding", "the version metadata", "", versionFields},
};

constexpr std::array<std::string_view, 7> everywhere{"compatibility_date", "compatibility_flags", "limits", "placement", "no_bundle", "upload_source_maps", "vars"};
constexpr std::array<std::string_view, 6> topLevelOnly{"pages_build_output_dir", "send_metrics", "dev", "name", "env", "$schema"};

/// Keys that a Worker's file may hold and a Pages file may not.
constexpr std::array<std::string_view, 46> unsupported{
    "main", "account_id", "build", "keep_vars", "define", "routes", "route", "triggers", "assets", "alias", "minify", "migrations", "tail_consumers",
    "streaming_tail_consumers", "workflows", "send_email", "images", "observability", "logpush", "site", "workers_dev", "preview_urls", "zone_id", "usage_model", "rules",
    "find_additional_modules", "preserve_file_names", "base_dir", "text_blobs", "data_blobs", "wasm_modules", "unsafe", "cloudchamber", "containers", "pipelines",
    "secrets_store_secrets", "dispatch_namespaces", "logfwdr", "first_party_worker", "node_compat", "jsx_factory", "jsx_fragment", "tsconfig", "legacy_env",
    "unsafe_hello_world", "media"};

bool isIn(std::span<const std::string_view> list, std::string_view key)
{
    return std::ranges::find(list, key) != list.end();
}

} // namespace

std::span<const BindingKind> bindingKinds()
{
    return kinds;
}

const BindingKind &bindingKind(Kind kind)
{
    return *std::ranges::find(kinds, kind, &BindingKind::kind);
}

KeyUse keyUse(std::string_view key)
{
    if (isIn(everywhere, key) || std::ranges::find(kinds, key, &BindingKind::key) != kinds.end())
        return KeyUse::Everywhere;
    if (isIn(topLevelOnly, key))
        return KeyUse::TopLevelOnly;
    if (isIn(unsupported, key))
        return KeyUse::Unsupported;
    return KeyUse::Unknown;
}

} // namespace cleat::config
