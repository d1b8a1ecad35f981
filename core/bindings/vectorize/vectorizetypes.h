// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::bindings::vectorize {

enum class Metric : std::uint8_t { Cosine, Euclidean, DotProduct };
/// "cosine", "euclidean", "dot-product"
std::string_view metricName(Metric metric);
std::optional<Metric> metricNamed(std::string_view name);

/// The interface that an index has for code: V1 is the older one, which tells the ids that it wrote.
enum class Version : std::uint8_t { V1 = 1, V2 = 2 };

/// What an index is made with; it never changes.
struct IndexConfig {
    std::string name;
    std::uint32_t dimensions = 0;
    Metric metric = Metric::Cosine;
    std::string description;
    Version version = Version::V2;
    std::int64_t createdMs = 0; ///< wall clock
    std::int64_t modifiedMs = 0;
    bool operator==(const IndexConfig &) const = default;
};

struct Vector {
    std::string id;
    std::vector<float> values;
    std::optional<std::string> nameSpace;
    std::optional<std::string> metadata; ///< the text of a JSON object
    bool operator==(const Vector &) const = default;
};

enum class PropertyType : std::uint8_t { String, Number, Boolean };
/// "string", "number", "boolean"
std::string_view propertyTypeName(PropertyType type);
std::optional<PropertyType> propertyTypeNamed(std::string_view name);

/// A property of the metadata that queries of a V2 index may filter by. `number` is new for each that is made.
struct MetadataIndex {
    std::int64_t number = 0;
    std::string property; ///< with dots for nesting
    PropertyType type = PropertyType::String;
    bool operator==(const MetadataIndex &) const = default;
};

enum class ReturnMetadata : std::uint8_t { None, Indexed, All };
enum class ReturnValues : std::uint8_t { No, Yes };

struct QueryOptions {
    double topK = 5; ///< as code gave it: not yet checked
    ReturnValues returnValues = ReturnValues::No;
    ReturnMetadata returnMetadata = ReturnMetadata::None;
    std::optional<std::string> nameSpace;
    std::string filter; ///< the text of a JSON object; empty: none
};

struct Match {
    std::string id;
    double score = 0;
    std::vector<float> values; ///< empty unless asked for
    std::optional<std::string> nameSpace;
    std::optional<std::string> metadata; ///< JSON
    bool operator==(const Match &) const = default;
};

struct Matches {
    std::vector<Match> matches; ///< the nearest first
    /// Properties that the filter names and no metadata index has, so that no vector has a value there.
    std::vector<std::string> unindexed;
};

/// What a change gave.
struct Mutation {
    std::string id; ///< a UUID
    std::vector<std::string> ids; ///< what was written or removed
};

struct Description {
    std::uint64_t vectors = 0;
    IndexConfig config;
    std::string incarnation; ///< a UUID that it was given when it was made
    std::string mutation; ///< the last one; empty: none yet
    std::int64_t mutationMs = 0;
};

/// A time since 1970, as JavaScript's toISOString() writes it.
std::string isoTime(std::int64_t milliseconds);

} // namespace cleat::bindings::vectorize
