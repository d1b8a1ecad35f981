// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/values/valueview.h"

#include <QString>

#include <string_view>

namespace cleat::ui {

/// What a value seems to be, told from its first 64 KiB, its content type and its name.
struct ValueKind {
    enum class Nature { Empty, Text, Json, Picture, Binary };
    Nature nature = Nature::Empty;
    QString name; ///< for people: "JSON", "PNG", "Text", "Gzip"; translated
    QString ending; ///< a file's: "json"; empty: none is usual
    /// The form that fits best.
    ValueForm form() const;
    bool operator==(const ValueKind &) const = default;
};

ValueKind valueKind(std::string_view bytes, const ValueHint &hint);

} // namespace cleat::ui
