// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/events/copyas.h"
#include "core/events/requestrecord.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::events {

struct HarOptions {
    std::string base; ///< of URLs of requests without a Host field: "http://localhost:8788"
    std::string version; ///< Cleat's own
    Masks masks = Masks::Kept;
    /// Undoes a Content-Encoding ("gzip", "br"), for bodies that came whole: HAR holds them as text. A body that it fails for, and all of them without it, are written as they were sent, and `_cleat` says so.
    std::function<base::Result<std::string>(std::string_view encoding, std::string_view bytes)> decode;
};

/// Writes HTTP Archive 1.2 (the W3C web performance group's draft, as browsers read it), whole or not at all. `next` gives one record after the other, nullopt at the end; it may stop the work with an error.
/// What HAR has no place for (spans, console lines, exceptions, kind, handler) is in `_cleat` of each entry. A file that is new is for its owner alone when masks are lifted. Codes: har.write, and what `next` fails with.
base::Result<void> writeHar(
    const std::filesystem::path &file, const std::function<base::Result<std::optional<RequestRecord>>()> &next, const HarOptions &options);

/// Reads such a file, of browsers too, all of it or nothing. Ids are not meant for a recording; masked values stay masked, and bodies that were decoded come without their Content-Encoding.
/// Up to 512 MiB and a million entries. Codes: har.read, har.format (with line and column, or the entry), har.size.
base::Result<std::vector<RequestRecord>> readHar(const std::filesystem::path &file);

} // namespace cleat::events
