// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/vectorize/vectorizetypes.h"

#include <cstddef>

namespace cleat::bindings::vectorize {

// The arithmetic of a search, by the widest vectors that the processor has (AVX-512, AVX2, else what the compiler takes for granted). Pure; any thread.

float dotProduct(const float *a, const float *b, std::size_t count);
float squaredDistance(const float *a, const float *b, std::size_t count);

/// Gives a vector the length 1 for cosine, so that its product with another is all that is left to do; one of zeros stays. Leaves it alone for the others.
void prepare(Metric metric, float *values, std::size_t count);

/// Of prepared vectors; smaller is nearer: 1 - cosine, the squared distance, the negative dot product.
float distanceOf(Metric metric, const float *a, const float *b, std::size_t count);

/// The score that code sees, of a distance (Vectorize, "Distance metrics"): with the nine digits that a float has.
double scoreOf(Metric metric, float distance);

} // namespace cleat::bindings::vectorize
