// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/legacytext.h"

namespace cleat::runtime {

/// ISO-2022-JP (Encoding standard, section 12.2). `mode` is what is kept between two pieces; 0 at the start, and again after the last one.
std::optional<std::u16string> decodeIso2022Jp(std::string_view bytes, Piece piece, OnError onError, unsigned &mode);

} // namespace cleat::runtime
