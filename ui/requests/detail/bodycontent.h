// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/content/decode.h"
#include "core/data/content/multipart.h"
#include "ui/values/valueview.h"

#include <QString>
#include <QStringList>

#include <memory>

namespace cleat::ui {

/// A body as it was recorded.
struct RecordedBody {
    std::shared_ptr<const std::string> bytes; ///< its beginning, as it went over the wire; never nullptr
    std::uint64_t wholeSize = 0; ///< of the whole; less than the bytes: they are all there is
    data::content::Head head; ///< of its message
    QString name; ///< proposed for saving
    bool isCut() const { return wholeSize > bytes->size(); }
};

/// The same, ready to be looked at.
struct BodyContent {
    enum class Shape { Plain, Form, Multipart, Events };
    Shape shape = Shape::Plain;
    ValueBytes bytes; ///< decoded; text as UTF-8
    ValueHint hint;
    std::vector<data::content::NamedValue> form;
    data::content::Multipart multipart;
    std::vector<data::content::ServerEvent> events;
    QStringList notes; ///< what there is to know before one believes it: cut off, damaged
    QString facts; ///< "application/json · 1.2 kB · gzip, 345 B sent"
};

/// Takes its time: any thread.
BodyContent prepareBody(const RecordedBody &body);

/// Text of that charset as UTF-8; nullopt: it is that already, or no charset that is known.
std::optional<std::string> toUtf8From(std::string_view bytes, std::string_view charset);

} // namespace cleat::ui
