// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <memory>
#include <string>
#include <string_view>

namespace cleat::runtime {

/// Undoes the content coding of a body that comes in pieces. For one thread at a time.
class ContentDecoder
{
public:
    virtual ~ContentDecoder() = default;
    /// What can be decoded so far of the bytes given so far. What follows the coded data's end is dropped. Fails with fetch.encoding.
    virtual base::Result<std::string> decode(std::string_view bytes) = 0;
    /// The bytes have come to their end: whether the coded data has, too.
    virtual bool isComplete() const = 0;

    /// For a Content-Encoding: gzip or br, as the Workers runtime undoes them; nullptr for everything else.
    static std::unique_ptr<ContentDecoder> create(std::string_view coding);
};

} // namespace cleat::runtime
