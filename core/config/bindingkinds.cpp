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
    BindingKind{"kv_namespaces", "", BindingKind::Form::List, "binding", "a KV namespace", kvFields},
    BindingKind{"r2_buckets", "", BindingKind::Form::List, "binding", "an R2 bucket", r2Fields},
    BindingKind{"d1_databases", "", BindingKind::Form::List, "binding", "a D1 database", d1Fields},
    BindingKind{"durable_objects", "bindings", BindingKind::Form::List, "name", "a Durable Object", objectFields},
    BindingKind{"vectorize", "", BindingKind::Form::List, "binding", "a Vectorize index", vectorizeFields},
    BindingKind{"hyperdrive", "", BindingKind::Form::List, "binding", "a Hyperdrive configuration", hyperdriveFields},
    BindingKind{"services", "", BindingKind::Form::List, "binding", "a service", serviceFields},
    BindingKind{"queues", "producers", BindingKind::Form::List, "binding", "a queue", producerFields},
    BindingKind{"analytics_engine_datasets", "", BindingKind::Form::List, "binding", "an Analytics Engine dataset", analyticsFields},
    BindingKind{"mtls_certificates", "", BindingKind::Form::List, "binding", "an mTLS certificate", certificateFields},
    BindingKind{"ai", "", BindingKind::Form::Single, "binding", "Workers AI", singleFields},
    BindingKind{"browser", "", BindingKind::Form::Single, "binding", "Browser Rendering", singleFields},
    BindingKind{"version_metadata", "", BindingKind::Form::Single, "binding", "the version metadata", versionFields},
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
