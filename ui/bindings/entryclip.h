// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "ui/bindings/entryedits.h"

#include <QByteArray>
#include <QLatin1StringView>

#include <memory>
#include <span>
#include <string>
#include <vector>

class QMimeData;

/// Entries on the clipboard and under the mouse, also between projects and windows. Never secrets. GUI thread.
namespace cleat::ui {

constexpr QLatin1StringView clipMimeType("application/x-cleat-bindings+json");

struct EntryClip {
    std::string project; ///< the folder from which they come; empty: from elsewhere
    std::vector<PlacedEntry> entries;
    bool operator==(const EntryClip &) const = default;

    std::vector<Entry> values() const;
};

/// In Cleat's own type and, for other programs, as they would stand at the top level of a Wrangler file of that form.
std::unique_ptr<QMimeData> mimeOf(const EntryClip &clip, config::Form form);
/// Own type, or text that may be a piece of a Wrangler file; cheap, to decide whether Paste is on.
bool mayHoldClip(const QMimeData &data);
/// Codes: clip.broken, clip.empty. Text is read as TOML, then as JSON with comments, with the entries of whatever set.
base::Result<EntryClip> clipOf(const QMimeData &data);

QByteArray clipToJson(const EntryClip &clip);
base::Result<EntryClip> clipFromJson(const QByteArray &json);
std::string clipToText(std::span<const Entry> entries, config::Form form);
base::Result<EntryClip> clipFromText(std::string_view text);

} // namespace cleat::ui
