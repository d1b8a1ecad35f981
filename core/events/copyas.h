// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/requestrecord.h"

#include <string>

namespace cleat::events {

/// Whether the values of fields that tell who somebody is (masking.h) are left masked in what is given away.
enum class Masks { Kept, Lifted };

struct CopyTarget {
    std::string base; ///< "http://localhost:8788"
    Masks masks = Masks::Kept;
};

/// A request as a command or code that sends it again, for any bytes in it: quoted for POSIX shells (asCurl, asWget), or as a JavaScript expression (asFetch).
/// Fields that belong to one connection, Content-Length, and a Host that is the base's are left out. A body of which only the beginning was kept is told in a comment. Any thread.
std::string asCurl(const RequestRecord &record, const CopyTarget &target);
std::string asFetch(const RequestRecord &record, const CopyTarget &target);
std::string asWget(const RequestRecord &record, const CopyTarget &target);

} // namespace cleat::events
