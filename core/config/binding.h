// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::config {

/// The kinds of binding that a Pages file may hold, variables aside.
enum class Kind : std::uint8_t {
    KvNamespace,
    R2Bucket,
    D1Database,
    DurableObject,
    Vectorize,
    Hyperdrive,
    Service,
    Queue, ///< a producer
    AnalyticsEngine,
    MtlsCertificate,
    Ai,
    Browser,
    VersionMetadata,
};

/// A named value of the file: a field of a binding, or a variable of `vars`. Text when it is a string there; else its value as JSON text.
struct Field {
    enum class Kind : std::uint8_t { Text, Json };
    std::string name;
    Kind kind = Kind::Text;
    std::string value;
    bool operator==(const Field &) const = default;
};
using Variable = Field;

/// One binding as the file spells it: its name in `env`, and every other field in file order, also those that Pages does not know.
struct Binding {
    Kind kind = Kind::KvNamespace;
    std::string name;
    std::vector<Field> fields;
    bool operator==(const Binding &) const = default;

    /// nullptr when there is no such field.
    const Field *find(std::string_view field) const;
    /// The field's text or JSON text; empty when there is no such field.
    std::string value(std::string_view field) const;
    /// Gives the field a text, in its place or as the last one; an empty text removes it.
    void set(std::string_view field, std::string_view text);
    void setJson(std::string_view field, std::string_view json);
    void remove(std::string_view field);
};

/// What names the local data of a KV namespace (preview_id, else id), an R2 bucket (preview_bucket_name, else bucket_name), a D1 database
/// (preview_database_id, else database_id), a queue or an Analytics Engine dataset; the binding's name when there is none. nullopt for kinds without data of that sort.
std::optional<std::string> localId(const Binding &binding);

} // namespace cleat::config
