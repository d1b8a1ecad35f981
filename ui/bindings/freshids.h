// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

/// New ids and names, as Cloudflare makes them, for resources that exist only locally yet. Any thread.
namespace cleat::ui {

/// 32 hexadecimal digits: of a KV namespace.
std::string freshId();
/// Version 4: of a D1 database.
std::string freshUuid();
/// Lower-case words with hyphens, of a variable's name: TODO_LIST and todoList become todo-list. Valid as the name of a bucket (3 to 63 characters,
/// letters, digits and hyphens, beginning and ending with a letter or a digit); `fallback` takes the place of a name with nothing usable in it.
std::string slug(std::string_view variable, std::string_view fallback);

} // namespace cleat::ui
