// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/vectorize/vectorizetypes.h"
#include "core/data/control.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cleat::data::vectorize {

/// Where a vector is in the plane.
struct Spot {
    std::string id;
    std::optional<std::string> nameSpace;
    double x = 0;
    double y = 0;
    bool operator==(const Spot &) const = default;
};

struct Projection {
    std::vector<Spot> spots; ///< one for each vector, in their order
    double share = 0; ///< of the variance that the two axes show, 0 to 1
};

/// Vectors in the plane in which they differ most: their two principal components. Of an index with cosine only directions count, so each has the length 1 first. All vectors have the
/// same number of values. The same vectors give the same picture. Code data.cancelled. Any thread.
base::Result<Projection> project(std::span<const bindings::vectorize::Vector> vectors, bindings::vectorize::Metric metric, const Control &control = {});

} // namespace cleat::data::vectorize
