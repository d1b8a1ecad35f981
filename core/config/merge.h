// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/linemerge.h"
#include "core/config/document.h"

#include <optional>
#include <string>
#include <string_view>

/// What becomes of a Wrangler file that two sides have changed since `base`. Any thread.
namespace cleat::config {

/// The meaning with both sides' changes in it. Tables are merged member by member; lists whose entries are all tables with a "binding" (or all with a "name") of
/// their own, entry by entry; everything else is one piece. What both changed alike is no clash. An entry that one side removed and the other changed is one.
/// Entries that both sides put in at one place: theirs come first. nullopt when the sides clash, unless mine is preferred: then mine counts where they do.
std::optional<Tree> mergeTrees(const Tree &base, const Tree &mine, const Tree &theirs, base::OnClash onClash = base::OnClash::Fail);

/// The text with both sides' changes in it. When all three can be read, it means what mergeTrees() makes of them; else it is merged by its lines alone.
/// nullopt when the sides clash, by line or by meaning.
std::optional<std::string> mergeTexts(std::string_view base, std::string_view mine, std::string_view theirs, Form form);

} // namespace cleat::config
