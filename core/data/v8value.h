// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cleat::data {

/// What V8's serializer wrote (its formats 9 to 15: v8/src/objects/value-serializer.cc tells the tags), as text: JSON when it is a value that JSON has, else as JavaScript would write it
/// (new Date("..."), new Map([...]), 5n); what a value holds twice, or itself, is the second time a comment. nullopt when it is not such a value, holds an object of the host's, is nested
/// more than 100 deep or would be more than 4 MiB of text. Any thread.
std::optional<std::string> readV8Value(std::string_view bytes);

} // namespace cleat::data
