// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/vectorize/vectorizetypes.h"

#include <span>
#include <string>
#include <string_view>

namespace cleat::bindings::vectorize {

// Vectorize, "Limits". Errors have the code "vectorize.N" when the product is known to answer with the number N, and its words; else "vectorize.input" and ours.

inline constexpr std::uint32_t maxDimensions = 1536;
inline constexpr std::size_t maxIdBytes = 64;
inline constexpr std::size_t maxNamespaceBytes = 64;
inline constexpr std::size_t maxMetadataBytes = 10 * 1024; ///< as compact JSON
inline constexpr std::size_t maxNameBytes = 64; ///< of an index
inline constexpr std::size_t maxBatchVectors = 1000; ///< of one call of a Worker
inline constexpr std::size_t maxFileBatchVectors = 5000; ///< of the HTTP API, and so of wrangler
inline constexpr std::size_t maxMetadataIndexes = 10;
inline constexpr std::size_t maxIndexedBytes = 64; ///< of a string in a metadata index
inline constexpr std::size_t maxFilterBytes = 2048; ///< less than that, as compact JSON
inline constexpr std::size_t maxKeyLength = 512; ///< of a filter's key
inline constexpr std::size_t maxGetIds = 20;
inline constexpr std::size_t maxDeleteIds = 100;
inline constexpr std::uint32_t maxTopK = 100;
inline constexpr std::uint32_t maxTopKWithContents = 50; ///< with values or all metadata
inline constexpr std::uint32_t maxTopKV1 = 20;

base::Result<void> checkName(std::string_view name);
base::Result<void> checkConfig(const IndexConfig &config);
enum class Write { Insert, Upsert };
/// Size, ids, namespaces, dimensions, numbers, metadata.
base::Result<void> checkVectors(Write write, std::span<const Vector> vectors, std::uint32_t dimensions, std::size_t most);
/// `most`: maxGetIds or maxDeleteIds
base::Result<void> checkIds(std::span<const std::string> ids, std::size_t most);
base::Result<void> checkQueryVector(std::span<const float> values, std::uint32_t dimensions);
/// The number of matches that are asked for.
base::Result<std::uint32_t> checkedTopK(const QueryOptions &options, Version version);
base::Result<void> checkProperty(std::string_view property);

} // namespace cleat::bindings::vectorize
