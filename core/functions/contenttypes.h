// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace cleat::functions {

/// The Content-Type of a file by its extension, as Pages sends it: with "; charset=utf-8" for text; application/octet-stream when nothing is known.
/// Any thread.
std::string_view contentTypeOf(std::string_view fileName);

} // namespace cleat::functions
