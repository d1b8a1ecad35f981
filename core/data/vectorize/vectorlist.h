// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/vectorize/vectorindex.h"
#include "core/data/control.h"
#include "core/data/statefile.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cleat::data::vectorize {

using bindings::vectorize::Description;
using bindings::vectorize::IndexConfig;
using bindings::vectorize::Match;
using bindings::vectorize::Matches;
using bindings::vectorize::Metric;
using bindings::vectorize::QueryOptions;
using bindings::vectorize::ReturnMetadata;
using bindings::vectorize::Vector;

inline constexpr std::uint32_t mostDimensions = bindings::vectorize::maxDimensions;
inline constexpr std::uint32_t mostMatches = bindings::vectorize::maxTopKWithContents;
inline constexpr std::uint32_t mostMatchesV1 = bindings::vectorize::maxTopKV1;
/// Of the metadata of VectorList::rows(), in bytes.
inline constexpr std::size_t shownMetadataBytes = 300;

/// A vector in a list: without its numbers.
struct VectorRow {
    std::string id;
    std::optional<std::string> nameSpace;
    std::optional<std::string> metadata; ///< the beginning of its JSON
    std::uint64_t metadataBytes = 0; ///< of all of it
    bool operator==(const VectorRow &) const = default;
};

/// Which vectors are listed: those whose id begins with this.
struct Shown {
    std::string prefix;
    bool operator==(const Shown &) const = default;
};

/// The vectors of one index, looked at and changed by hand while code does the same. Belongs to one thread. Errors: core/storage/failure.h, those of VectorIndex.
class VectorList final
{
public:
    /// The index need not be there.
    VectorList(const std::filesystem::path &state, const std::string &name);

    struct Look {
        std::optional<Description> index; ///< nullopt: there is none
        std::vector<bindings::vectorize::MetadataIndex> metadataIndexes;
        bool changed = false; ///< since the last look; the first says true
    };
    base::Result<Look> look();

    base::Result<std::uint64_t> count(const Shown &shown);
    /// By number, in the order of the ids.
    base::Result<std::vector<VectorRow>> rows(const Shown &shown, std::uint64_t first, std::size_t count);
    /// nullopt: it is not there any more.
    base::Result<std::optional<Vector>> vector(const std::string &id);
    /// Gives how many of them were there. Cancelled, those before stay deleted.
    base::Result<std::uint64_t> remove(std::span<const std::string> ids, const Control &control = {});
    /// At most so many vectors, evenly over all ids.
    base::Result<std::vector<Vector>> sample(std::size_t most, const Control &control = {});

private:
    StateFile m_file;
    bindings::vectorize::VectorIndex m_index;
};

/// An empty index; codes vectorize.name, vectorize.dimensions, vectorize.exists. Any thread.
base::Result<IndexConfig> createIndex(const std::filesystem::path &state, const std::string &name, std::uint32_t dimensions, Metric metric);
/// With all that it holds. Code vectorize.missing. Any thread.
base::Result<void> deleteIndex(const std::filesystem::path &state, const std::string &name);
/// The numbers of a JSON list; code data.format. Any thread.
base::Result<std::vector<float>> numbersOf(std::string_view json);
/// The list that numbersOf() reads. Any thread.
std::string numbersText(std::span<const float> values);

} // namespace cleat::data::vectorize
