// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bindings/entrydraft.h"

#include <QString>

namespace cleat::ui {

enum class Language { JavaScript, TypeScript };

/// A Pages Function that uses the entry, after the examples of Cloudflare's guide to bindings; ready to be saved as a file below functions/. An entry without a name
/// is called as the guide calls it.
QString usageSnippet(const EntryDraft &draft, Language language);

} // namespace cleat::ui
