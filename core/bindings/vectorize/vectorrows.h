// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/vectorize/vectorfilter.h"
#include "core/bindings/vectorize/vectorizetypes.h"
#include "core/storage/statement.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::bindings::vectorize {

// How the rows of an index's file are written and read.

/// Steps a statement, if it could be made.
base::Result<storage::Statement::Step> run(base::Result<storage::Statement> &statement);

/// float32, as the machine has them.
std::string_view bytesOf(std::span<const float> values);
std::vector<float> valuesIn(std::string_view bytes);

/// What the metadata indexes keep of metadata: a JSON object by their numbers; empty: nothing.
std::string indexedText(const std::string &metadata, std::span<const MetadataIndex> indexes);
/// The values in it, one for each of the indexes.
std::vector<FilterValue> indexedValues(std::string_view indexed, std::span<const MetadataIndex> indexes);
/// The same as metadata again: properties with dots are nested. JSON.
std::string indexedMetadata(std::string_view indexed, std::span<const MetadataIndex> indexes);

} // namespace cleat::bindings::vectorize
