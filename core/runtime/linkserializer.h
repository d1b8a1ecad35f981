// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/js.h"

#include <memory>
#include <optional>
#include <string>

namespace cleat::runtime {

/// What goes over a link: a head, which the runtime's own code makes of plain values, and a value of user code's. In the value a host object of
/// linkPlaceholder() stands for what cannot be copied; the other side puts something of its own in its place.

/// An object that stands for number `index` of the things that the head tells of.
v8::MaybeLocal<v8::Object> linkPlaceholder(Js js, std::uint32_t index);

/// `value` may be empty. Nothing: an exception of user code's is pending, or `refused` says what cannot be cloned.
std::optional<std::string> writeLinkMessage(Js js, v8::Local<v8::Value> head, v8::MaybeLocal<v8::Value> value, std::string &refused);

/// Reads one message: the head first, then, once, the value. To be used within one handle scope.
class LinkReader final
{
public:
    LinkReader(Js js, const std::string &bytes);
    ~LinkReader();
    LinkReader(const LinkReader &) = delete;
    LinkReader &operator=(const LinkReader &) = delete;

    v8::MaybeLocal<v8::Value> head(Js js);
    /// `hosts`: what the placeholders stand for, by their numbers.
    v8::MaybeLocal<v8::Value> value(Js js, v8::Local<v8::Array> hosts);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::runtime
