// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/vectorize/vectorindex.h"
#include "core/data/control.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace cleat::data::vectorize {

// Wrangler's format for vectors ("wrangler vectorize insert --file"): a line of JSON for each, {"id", "values", "namespace"?, "metadata"?}. Any thread.

/// A vector of one line; the values are checked when they are written. Code data.format, without a place.
base::Result<bindings::vectorize::Vector> vectorOf(std::string_view line);
/// The line of a vector, without its end.
std::string lineOf(const bindings::vectorize::Vector &vector);

/// A batch that was written: how many lines it had, and what it gave.
using Batch = std::function<base::Result<void>(std::size_t lines, const bindings::vectorize::Mutation &mutation)>;
/// Writes the vectors of a file, so many at a time. A batch is written as a whole or not at all; those before one that fails stay. Empty lines are left out. Gives how
/// many lines were written. Errors: file.*, data.format and those of VectorIndex, each with the line; data.cancelled; those of `told`, which may be empty.
base::Result<std::uint64_t> importVectors(bindings::vectorize::VectorIndex &index, const std::filesystem::path &file, bindings::vectorize::Write kind, std::size_t batch, const Batch &told,
    const Control &control);

/// Writes all vectors of an index, as a file that importVectors and wrangler take. The file is there whole or, failed or cancelled, as it was before.
base::Result<std::uint64_t> exportVectors(bindings::vectorize::VectorIndex &index, const std::filesystem::path &file, const Control &control);

} // namespace cleat::data::vectorize
