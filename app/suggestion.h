// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace cleat::app {

/// The one of `known` that was most likely meant by `typed`: few letters are wrong, missing, too many or swapped, or it begins with what was typed. Empty when none is near.
std::string_view nearest(std::string_view typed, std::span<const std::string_view> known);

} // namespace cleat::app
